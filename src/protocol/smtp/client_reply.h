#ifndef FWD_PROTOCOL_SMTP_CLIENT_REPLY_H
#define FWD_PROTOCOL_SMTP_CLIENT_REPLY_H

// A reply of a remote server as a value, and the reader that makes it of lines
// (RFC 5321 §4.2).  Pure: lines in, a reply out, everything bounded.

#include <cstddef>
#include <string>
#include <string_view>

namespace fwd::smtp {

struct RemoteReply {
  int code = 0;          // 200 to 599; 0: none came
  std::string enhanced;  // "5.1.1" (RFC 2034 §4); empty when the remote gave none that fits
  std::string text;      // lines joined by LF, without the enhanced code; UTF-8, no controls

  bool accepts() const { return code >= 200 && code < 300; }
  bool asks_for_more() const { return code >= 300 && code < 400; }
  bool is_temporary() const { return code >= 400 && code < 500; }
  bool is_permanent() const { return code >= 500 && code < 600; }
  // "550 5.1.1 No such user, ask your friend": at most 1000 octets.
  std::string line() const;
};

// A remote that sends more than this is not talking to us.
struct ReplyLimits {
  std::size_t line = 4096;     // RFC 5321 §4.5.3.1.5 allows 512
  std::size_t lines = 128;     // of one reply
  std::size_t octets = 32768;  // of one reply
};

class ReplyReader {
 public:
  explicit ReplyReader(ReplyLimits limits) : limits_(limits) {}

  enum class State {
    kMore,     // another line belongs to it
    kWhole,    // reply() has it
    kBroken,   // this is no reply: drop the connection
    kTooMuch,  // more lines or octets than the limits allow: likewise
  };
  // `line`: without its line end.  After kWhole the next line begins another.
  State add(std::string_view line);
  const RemoteReply& reply() const { return reply_; }
  const ReplyLimits& limits() const { return limits_; }

 private:
  void add_text(std::string_view text);

  ReplyLimits limits_;
  RemoteReply reply_;
  std::size_t lines_ = 0;  // of the reply under way; 0 between replies
  std::size_t octets_ = 0;
};

// The enhanced code at the beginning of `text` when its class fits `code`;
// takes it and the space behind it off `text`.
std::string take_enhanced_code(std::string_view& text, int code);

// `text` on one line that no terminal obeys: valid UTF-8 without controls, at
// most `most` octets.
std::string clean_words(std::string_view text, std::size_t most);

}  // namespace fwd::smtp

#endif
