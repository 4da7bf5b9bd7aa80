#ifndef FWD_BIN_SENDMAIL_MESSAGE_H
#define FWD_BIN_SENDMAIL_MESSAGE_H

// A message as programs write it to sendmail, made into one that SMTP takes.
// Pure.

#include <string>
#include <string_view>

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

bool has_from(std::string_view message);
// "From: "Full Name" <joe>\r\n", for a message without one.
std::string from_line(std::string_view full_name, std::string_view address);

}  // namespace fwd::sendmail

#endif
