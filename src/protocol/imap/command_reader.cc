// Reads a command with its literals.
#include "protocol/imap/command_reader.h"

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace fwd::imap {
namespace {

constexpr std::size_t kKeptHead = 256;  // of an over-long line: its tag stands there
constexpr std::size_t kKeptTail = 64;   // a literal mark may stand there

Task<void> wait_for(Event& event) { co_await event.wait(); }

// The tag of a command, or "*" when it has none.
std::string tag_of(std::string_view text, const Limits& limits) {
  Parser parser(text, limits, false);
  std::string tag;
  if (!parser.tag(tag) || parser.peek() != ' ' || tag.size() > 128) return "*";
  return tag;
}

bool is_append(std::string_view text) {
  const std::size_t space = text.find(' ');
  return space != std::string_view::npos && starts_with_word(text.substr(space + 1), "APPEND ");
}

}  // namespace

void CommandReader::refuse(ReadCommand& command, Reply refusal) {
  if (command.kind == ReadCommand::Kind::kRefused) return;
  command.kind = ReadCommand::Kind::kRefused;
  command.refusal = std::move(refusal);
  wipe(command.text);
  std::string().swap(command.text);
}

// Waits for more input; what was gathered to be said goes out before.
Task<bool> CommandReader::more(ReadCommand& command) {
  if (!co_await out_.flush()) {
    command.kind = ReadCommand::Kind::kGone;
    co_return false;
  }
  auto reading = lines_.fill();
  auto stopping = wait_for(stop_);
  const auto won = co_await first_of(std::move(reading), std::move(stopping));
  if (won.index() == 1) {
    command.kind = ReadCommand::Kind::kStopped;
    co_return false;
  }
  const Outcome<bool>& filled = std::get<0>(won);
  if (filled.ok() && filled.value()) co_return true;
  const bool silent = !filled.ok() && filled.failure().fault == Fault::kTimeout;
  command.kind = silent ? ReadCommand::Kind::kSilent : ReadCommand::Kind::kGone;
  co_return false;
}

Task<bool> CommandReader::read_raw(std::size_t limit, RawLine& line, ReadCommand& command) {
  std::size_t searched = 0;
  for (;;) {
    const std::string_view have = lines_.buffered();
    const std::size_t lf = have.find('\n', searched);
    const std::size_t size = lf == std::string_view::npos ? have.size() : lf;
    if (line.too_long || size > limit + 1) {
      if (!line.too_long) line.text.assign(have.substr(0, kKeptHead));
      line.too_long = true;
      line.text += have.substr(size - std::min(size, kKeptTail), std::min(size, kKeptTail));
      // Only the newest end of the line matters.
      if (line.text.size() > kKeptHead + kKeptTail)
        line.text.erase(kKeptHead, line.text.size() - kKeptHead - kKeptTail);
    } else if (lf != std::string_view::npos) {
      line.text.assign(have.substr(0, lf));
    }
    if (lf != std::string_view::npos) break;
    searched = line.too_long ? 0 : have.size();
    if (line.too_long) lines_.take(have.size());
    if (!co_await more(command)) co_return false;
  }
  lines_.take(lines_.buffered().find('\n') + 1);
  line.bare = line.text.empty() || line.text.back() != '\r';
  if (!line.bare) line.text.pop_back();
  line.bare = line.bare || (!line.too_long && line.text.find('\r') != std::string::npos);
  co_return true;
}

Task<bool> CommandReader::read_octets(std::uint64_t octets, ReadCommand& command, bool keep) {
  while (octets > 0) {
    const std::string_view have = lines_.buffered();
    const std::size_t n = static_cast<std::size_t>(std::min<std::uint64_t>(octets, have.size()));
    if (keep) command.text += have.substr(0, n);
    if (n > 0) lines_.take(n);
    octets -= n;
    if (octets > 0 && !co_await more(command)) co_return false;
  }
  co_return true;
}

CommandReader::Bounds CommandReader::bounds_for(const ReadCommand& command, bool logged_in) const {
  if (!logged_in)
    return {limits_.line_before_login, limits_.literal_before_login,
            limits_.line_before_login + 2 * limits_.literal_before_login,
            limits_.literal_before_login};
  if (is_append(command.text))
    return {limits_.line, limits_.append, limits_.append_total + limits_.command, UINT64_MAX};
  return {limits_.line, limits_.literal, limits_.command, UINT64_MAX};
}

// A command that was refused while its literals still come: reads and drops
// them to the end of the command.
Task<bool> CommandReader::drop_rest(LiteralMark mark, ReadCommand& command) {
  for (std::size_t n = 0; n < limits_.discard_literals; ++n) {
    if (mark.synchronising) co_return true;  // it is never asked for
    if (mark.octets > limits_.discard) break;
    if (!co_await read_octets(mark.octets, command, false)) co_return false;
    RawLine line;
    if (!co_await read_raw(limits_.line, line, command)) co_return false;
    bool waits = true;
    if (!find_literal_mark(line.text, mark) && (!is_broken_mark(line.text, waits) || waits))
      co_return true;
    if (!waits) break;
  }
  command.refusal = Reply::bye("That is too large", "TOOBIG");
  co_return true;
}

Task<bool> CommandReader::read_literal(LiteralMark mark, Bounds bounds, MemoryShare& memory,
                                       LiteralGate& gate, ReadCommand& command) {
  const bool append = is_append(command.text);
  if (mark.octets > bounds.literal || command.text.size() + mark.octets > bounds.command) {
    refuse(command, append ? Reply::no("The message is too large", "TOOBIG")
                           : Reply::bad("A literal is too large", "TOOBIG"));
  } else if (!mark.synchronising && mark.octets > bounds.unasked) {
    refuse(command, Reply::bad("A literal of that size must wait to be asked for", "TOOBIG"));
  } else if (append) {
    auto asking = gate.refuses(command.text, mark);
    std::optional<Reply> refusal = co_await asking;
    if (refusal) refuse(command, std::move(*refusal));
  }
  if (command.kind != ReadCommand::Kind::kRefused && mark.octets > limits_.literal &&
      !memory.take(mark.octets * 2))
    refuse(command, Reply::no("Too many large messages at once, try again", "UNAVAILABLE"));
  if (command.kind == ReadCommand::Kind::kRefused) co_return co_await drop_rest(mark, command);
  if (mark.synchronising) {
    out_.raw("+ Go on");
    out_.end();
  }
  command.text += "\r\n";
  command.text.reserve(command.text.size() + static_cast<std::size_t>(mark.octets) + 64);
  co_return co_await read_octets(mark.octets, command, true);
}

void CommandReader::check_line(const RawLine& line, bool goes_on, ReadCommand& command) {
  bool waits = false;
  if (!goes_on && is_broken_mark(line.text, waits)) {
    // Octets follow unasked, and nobody can say how many.
    refuse(command, waits ? Reply::bad("A literal's size is not a number")
                          : Reply::bye("A literal's size is not a number"));
  } else if (line.too_long) {
    refuse(command, Reply::bad("The command line is too long", "TOOBIG"));
  } else if (line.bare) {
    refuse(command, Reply::bad("Lines end with CRLF"));
  }
}

Task<ReadCommand> CommandReader::read(bool logged_in, MemoryShare& memory, LiteralGate& gate) {
  ReadCommand command;
  for (bool first = true;; first = false) {
    RawLine line;
    if (!co_await read_raw(bounds_for(command, logged_in).line, line, command)) co_return command;
    if (first) command.tag = tag_of(line.text, limits_);
    LiteralMark mark;
    const bool goes_on = find_literal_mark(line.text, mark);
    check_line(line, goes_on, command);
    if (command.kind != ReadCommand::Kind::kRefused) command.text += line.text;
    const Bounds bounds = bounds_for(command, logged_in);
    if (command.kind != ReadCommand::Kind::kRefused && command.text.size() > bounds.command)
      refuse(command, Reply::bad("The command is too large", "TOOBIG"));
    if (command.kind == ReadCommand::Kind::kRefused) {
      if (goes_on && !co_await drop_rest(mark, command)) co_return command;
      co_return command;
    }
    if (!goes_on) break;
    auto reading = read_literal(mark, bounds, memory, gate, command);
    if (!co_await reading) co_return command;
    if (command.kind == ReadCommand::Kind::kRefused) co_return command;
  }
  command.kind = ReadCommand::Kind::kWhole;
  co_return command;
}

Task<ReadCommand> CommandReader::read_answer(std::size_t limit) {
  ReadCommand command;
  RawLine line;
  if (!co_await read_raw(limit, line, command)) co_return command;
  if (line.too_long || line.bare) {
    refuse(command, line.too_long ? Reply::bad("The line is too long", "TOOBIG")
                                  : Reply::bad("Lines end with CRLF"));
    co_return command;
  }
  command.kind = ReadCommand::Kind::kWhole;
  command.text = std::move(line.text);
  co_return command;
}

}  // namespace fwd::imap
