#ifndef FWD_PROTOCOL_IMAP_COMMAND_READER_H
#define FWD_PROTOCOL_IMAP_COMMAND_READER_H

// Reads a command: its line and its literals, asking for those that wait to be
// asked for (RFC 9051 §4.3, RFC 7888 §4).  Whatever is too large is refused and,
// when the peer sends it all the same, read and dropped, so that the
// conversation stays in step.

#include <optional>
#include <string>
#include <string_view>

#include "core/event.h"
#include "core/line_reader.h"
#include "core/wipe.h"
#include "protocol/imap/limits.h"
#include "protocol/imap/parser.h"
#include "protocol/imap/reply.h"
#include "protocol/imap/writer.h"

namespace fwd::imap {

struct ReadCommand {
  enum class Kind {
    kWhole,    // `text` is a command with its literals in place, see parser.h
    kRefused,  // answer `refusal` to `tag` and go on (or end, when it is a BYE)
    kGone,     // the peer closed or broke
    kSilent,   // the peer said nothing for too long
    kStopped,  // the daemon stops
  };
  Kind kind = Kind::kGone;
  std::string text;
  std::string tag = "*";
  Reply refusal;
};

// Is asked before a literal is let in.
class LiteralGate {
 public:
  virtual ~LiteralGate() = default;
  // `text`: the command so far, with the literal's mark at its end; valid until
  // this has answered.  A reply refuses literal and command.
  virtual Task<std::optional<Reply>> refuses(std::string_view text, const LiteralMark& mark) = 0;
};

class CommandReader {
 public:
  // Keeps references.
  CommandReader(LineReader& lines, Writer& out, Event& stop, const Limits& limits)
      : lines_(lines), out_(out), stop_(stop), limits_(limits) {}

  // `logged_in`: the wider limits hold, and APPEND may bring messages, for which
  // `memory` is asked, and `gate`.
  Task<ReadCommand> read(bool logged_in, MemoryShare& memory, LiteralGate& gate);
  // One line that is not a command (AUTHENTICATE, IDLE), without CRLF.
  Task<ReadCommand> read_answer(std::size_t limit);
  bool has_input() const { return !lines_.buffered().empty(); }

 private:
  struct Bounds {
    std::size_t line;
    std::uint64_t literal;
    std::uint64_t command;
    std::uint64_t unasked;  // the largest literal that may come without being asked for
  };
  struct RawLine {
    RawLine() = default;
    RawLine(const RawLine&) = delete;
    RawLine& operator=(const RawLine&) = delete;
    ~RawLine() { wipe(text); }  // it may have been a password
    std::string text;           // when too long: its first and last octets
    bool too_long = false;
    bool bare = false;  // not ended by CRLF
  };

  Bounds bounds_for(const ReadCommand& command, bool logged_in) const;
  Task<bool> more(ReadCommand& command);
  Task<bool> read_raw(std::size_t limit, RawLine& line, ReadCommand& command);
  Task<bool> read_octets(std::uint64_t octets, ReadCommand& command, bool keep);
  Task<bool> read_literal(LiteralMark mark, Bounds bounds, MemoryShare& memory, LiteralGate& gate,
                          ReadCommand& command);
  static void check_line(const RawLine& line, bool goes_on, ReadCommand& command);
  Task<bool> drop_rest(LiteralMark mark, ReadCommand& command);
  static void refuse(ReadCommand& command, Reply refusal);

  LineReader& lines_;
  Writer& out_;
  Event& stop_;
  const Limits& limits_;
};

}  // namespace fwd::imap

#endif
