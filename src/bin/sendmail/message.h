#ifndef FWD_BIN_SENDMAIL_MESSAGE_H
#define FWD_BIN_SENDMAIL_MESSAGE_H

// A message as programs write it to sendmail, made into one that SMTP takes.
// Pure.

#include <string>
#include <string_view>
#include <vector>

namespace fwd::sendmail {

// Follows a message line by line, as it comes in.
class MessageText {
 public:
  explicit MessageText(bool dots_are_text) : dots_are_text_(dots_are_text) {}

  // `octets` as they were read.  False: a dot alone on a line has ended it.
  bool add(std::string_view octets);
  // The message with CRLF at each line's end: CR, LF and CRLF all end one, NULs
  // are left out, a line "From …" at the top is dropped, and where the header
  // ends without an empty line one is put in.
  std::string finish();

 private:
  void end_line();

  bool dots_are_text_;
  bool ended_ = false;
  bool after_cr_ = false;
  bool in_header_ = true;
  bool is_first_ = true;
  std::string line_;
  std::string text_;
};

// All addresses of To, Cc and Bcc, or of their Resent- forms when there are
// any (RFC 5322 §3.6.6): for -t.
std::vector<std::string> header_recipients(std::string_view message);

// The addresses in one argument: "joe@example.test", "Joe <joe>", "joe, root".
std::vector<std::string> listed_addresses(std::string_view argument);

bool has_from(std::string_view message);
// "From: "Full Name" <joe>\r\n", for a message without one.
std::string from_line(std::string_view full_name, std::string_view address);

}  // namespace fwd::sendmail

#endif
