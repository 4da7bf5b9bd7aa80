#ifndef FWD_BIN_SENDMAIL_PASS_THROUGH_H
#define FWD_BIN_SENDMAIL_PASS_THROUGH_H

// -bs: the program speaks SMTP itself, on our standard input and output.

#include <string>

namespace fwd::sendmail {

// Carries octets both ways until the server closes.  Gives a status of
// sysexits(3): ReplyWatch's, or why nothing could be carried.
int pass_through(const std::string& socket);

}  // namespace fwd::sendmail

#endif
