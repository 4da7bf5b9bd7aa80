#ifndef FWD_PROTOCOL_SMTP_CONTENT_H
#define FWD_PROTOCOL_SMTP_CONTENT_H

// The content of one message as it comes in: collected within bounds, looked
// at line by line, dots unstuffed.  Pure: octets in, octets and a verdict out.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/smtp/budget.h"

namespace fwd::smtp {

// Collects content in memory up to `limit` octets and within the budget;
// beyond either it lets go of all it holds and only counts.
class ContentBuffer {
 public:
  // `declared`: what MAIL's SIZE said, or 0; only a hint for how to grow.
  ContentBuffer(Budget& budget, std::uint64_t limit, std::uint64_t declared)
      : share_(budget, [this] { lose(); }), limit_(limit), declared_(declared) {}

  void append(std::string_view octets);
  // Keeps nothing from now on (the message will be refused anyway).
  void drop();

  std::uint64_t seen() const { return seen_; }  // octets that came, kept or not
  bool over_limit() const { return seen_ > limit_; }
  bool out_of_memory() const { return out_of_memory_; }
  // The content; its octets stay charged to the budget until this is destroyed.
  std::string take();

 private:
  bool make_room(std::size_t octets);
  void lose();

  Budget::Share share_;
  std::uint64_t limit_;
  std::uint64_t declared_;
  std::uint64_t seen_ = 0;
  std::string data_;
  bool keeping_ = true;
  bool out_of_memory_ = false;
};

// What text must not hold (RFC 5321 §2.3.8, §4.5.2; RFC 5322 §2.2).
enum class ContentFault : std::uint8_t { kNone, kBareLf, kBareCr, kNul, kLongLine };

// Follows the lines of a text that comes in pieces.  A line ends with CRLF and
// with nothing else: a bare CR or LF is a fault, never an end.
class TextScanner {
 public:
  explicit TextScanner(std::size_t line_limit) : line_limit_(line_limit) {}

  // Looks at `in` from `at` up to and with the next CRLF; gives the place
  // behind it, or in.size().
  std::size_t scan_line(std::string_view in, std::size_t at);
  // Looks for NULs in what was scanned.
  void scan_octets(std::string_view in);
  // The text is over: a CR that waits for its LF is a bare one.
  void finish();
  // The octet before the next one to scan was a CR that is content.
  void after_cr() { cr_ = true; }

  bool at_line_start() const { return line_start_; }
  ContentFault fault() const { return fault_; }  // the first one met

 private:
  void note(ContentFault fault) {
    if (fault_ == ContentFault::kNone) fault_ = fault;
  }
  void add_octets(std::size_t octets) {
    line_octets_ += octets;
    if (line_octets_ > line_limit_) note(ContentFault::kLongLine);
  }

  std::size_t line_limit_;
  std::size_t line_octets_ = 0;
  bool line_start_ = true;  // at the very beginning, or behind a CRLF
  bool cr_ = false;         // behind a CR whose next octet has not come
  ContentFault fault_ = ContentFault::kNone;
};

// Undoes the dots of DATA (RFC 5321 §4.5.2) and finds its end: a "." alone on
// a line between two CRLFs, and nothing that merely looks like it.
class DotReader {
 public:
  explicit DotReader(std::size_t line_limit) : scanner_(line_limit) {}

  // Eats octets of `in`, never beyond the end of the content, and gives how
  // many: all of them unless done().
  std::size_t feed(std::string_view in, ContentBuffer& out);
  bool done() const { return held_ == Held::kEnd; }
  ContentFault fault() const { return scanner_.fault(); }

 private:
  // What of CRLF "." CR LF was seen and is held back.
  enum class Held : std::uint8_t { kNothing, kDot, kDotCr, kEnd };

  TextScanner scanner_;
  Held held_ = Held::kNothing;
};

}  // namespace fwd::smtp

#endif
