#ifndef FWD_STORAGE_DIRECTORY_EXPANSION_H
#define FWD_STORAGE_DIRECTORY_EXPANSION_H

// What an expression's alias names, with what matched put in.

#include <optional>
#include <string>

#include "format/alias_pattern.h"

namespace fwd::directory {

// Nothing when `local` does not match, or when what the sender wrote would make
// something else of `target` than its owner did: a host or a URL of an address.
std::optional<std::string> expand_target(const format::AliasPattern& pattern,
                                         const std::string& local, const std::string& target);

}  // namespace fwd::directory

#endif
