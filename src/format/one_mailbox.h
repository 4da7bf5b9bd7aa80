#ifndef FWD_FORMAT_ONE_MAILBOX_H
#define FWD_FORMAT_ONE_MAILBOX_H

// A header field that must name exactly one mailbox (RFC 5322 §3.4), read so
// strictly that no two programs can see two different ones in it.

#include <optional>
#include <string>
#include <string_view>

namespace fwd::format {

struct OneMailbox {
  std::string phrase;   // what stands before "<", as written; "" without brackets
  std::string comment;  // the last comment's text, "Cron Daemon"
  std::string address;  // spaces and comments taken out; the domain may be missing
};

// mailbox = name-addr / addr-spec; name-addr = [display-name] angle-addr
// `value` may be folded.  Nothing for lists, groups, routes, and for anything
// that is not quite that.
std::optional<OneMailbox> read_one_mailbox(std::string_view value);

}  // namespace fwd::format

#endif
