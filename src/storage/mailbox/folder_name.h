#ifndef FWD_STORAGE_MAILBOX_FOLDER_NAME_H
#define FWD_STORAGE_MAILBOX_FOLDER_NAME_H

// Rules for the paths of folders: UTF-8, levels separated by '/', none of them
// empty, no control characters; a first level INBOX in any case is "INBOX".

#include <string>
#include <string_view>

#include "core/outcome.h"
#include "storage/mailbox/limits.h"

namespace fwd::mailbox {

// The path as it is stored: composed (NFC), INBOX in capitals.  kBadInput,
// kOverLimit (too long or too deep).
Outcome<std::string> normal_path(std::string_view path, const Limits& limits);

// True when `path` lies below `above`.
bool is_below(std::string_view path, std::string_view above);

}  // namespace fwd::mailbox

#endif
