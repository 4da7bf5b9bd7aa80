#ifndef FWD_CONFIG_OPTION_TABLE_H
#define FWD_CONFIG_OPTION_TABLE_H

// Every option there is.  One row makes everything: parser, bounds, manual
// page, example file, --show.

#include <span>
#include <string_view>

#include "config/kind.h"

namespace fwd::config {

struct Option {
  std::string_view name;      // "imap.idle-limit"
  std::string_view kind;      // see kind.h
  std::string_view fallback;  // the default, as one would write it
  std::string_view programs;  // who reads it: "imapd mxd"
  std::string_view help;      // one sentence or more
};

// Sorted by name.
std::span<const Option> all_options();

// Null when there is none of that name.
const Option* find_option(std::string_view name);
// The known name that `name` was probably meant to be; "" when none is near.
std::string_view nearest_option(std::string_view name);
bool is_read_by(const Option& option, std::string_view program);

}  // namespace fwd::config

#endif
