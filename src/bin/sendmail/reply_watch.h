#ifndef FWD_BIN_SENDMAIL_REPLY_WATCH_H
#define FWD_BIN_SENDMAIL_REPLY_WATCH_H

// Reads along in what a server says to somebody else, to tell how it ended.
// Pure.

#include <string>
#include <string_view>

namespace fwd::sendmail {

class ReplyWatch {
 public:
  // Octets as they come.
  void add(std::string_view octets);
  // Once the server has closed, of sysexits(3): EX_OK, or what it said in place
  // of a greeting, and EX_TEMPFAIL when it said nothing or left with 421
  // (RFC 5321 §3.8).  What it said between is for the client to know.
  int status() const;
  bool said_goodbye() const { return last_ == "221"; }

 private:
  std::string line_;   // the first octets of the line being read
  std::string first_;  // the first line's code
  std::string last_;   // the last whole line's code
};

}  // namespace fwd::sendmail

#endif
