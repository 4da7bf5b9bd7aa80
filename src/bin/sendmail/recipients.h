#ifndef FWD_BIN_SENDMAIL_RECIPIENTS_H
#define FWD_BIN_SENDMAIL_RECIPIENTS_H

// Whom a message goes to and whom it is from, read so strictly that mail goes
// to those who were written, or to nobody.  Pure.
//
// An address is "joe@example.test", alone or as "Joe <joe@example.test>", or
// the plain name of a local user: letters, digits and . _ - + only, so that no
// program, file or list of a host's alias file can be meant.  Failures are
// kBadInput; the public text quotes what could not be read.

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/outcome.h"

namespace fwd::sendmail {

class Recipients {
 public:
  // The addresses of a list with groups (RFC 5322 §3.4): "joe, root".  An empty
  // list has none.  kOverLimit: more than 10000 in all.
  Outcome<void> add_list(std::string_view list);
  // All addresses of To, Cc and Bcc, or of their Resent- forms when there are
  // any (RFC 5322 §3.6.6): for -t.
  Outcome<void> add_header(std::string_view message);

  // Each once, in the order they came.
  const std::vector<std::string>& all() const { return all_; }

 private:
  Outcome<void> add_fields(std::string_view message, std::string_view prefix);

  std::vector<std::string> all_;
  std::unordered_set<std::string> seen_;
};

// The value of -f: one address, or "" for "", "<>" (RFC 5321 §4.5.5).
Outcome<std::string> read_sender(std::string_view value);

}  // namespace fwd::sendmail

#endif
