#ifndef FWD_CORE_LINE_READER_H
#define FWD_CORE_LINE_READER_H

// A read buffer over a Stream for protocols of lines and counted octets.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/outcome.h"
#include "core/stream.h"
#include "core/task.h"

namespace fwd {

// How a line came.  Only kWhole may be obeyed.
enum class LineEnd {
  kWhole,       // ended by CRLF, with neither CR nor LF inside
  kBareLf,      // an LF without CR, or a CR without LF, stood in it or ended it
  kTooLong,     // more octets than the limit; the rest was read and dropped
  kEndOfInput,  // the peer closed; text holds what came after the last line
};

struct Line {
  std::string text;  // without its line end
  LineEnd end = LineEnd::kWhole;
};

class LineReader {
 public:
  // Keeps references; both must outlive it.  `idle` is how long the peer may
  // be silent in one read: kTimeout after that.
  LineReader(Stream& stream, Clock& clock, std::chrono::milliseconds idle);

  void set_idle(std::chrono::milliseconds idle) { idle_ = idle; }
  // What comes may be secret: it is wiped when it was taken.
  void set_secret(bool secret) { secret_ = secret; }

  // Reads one line, at most `limit` octets without CRLF.  A line is ended by
  // LF (with or without CR), so that a peer that sends bare LF is answered
  // rather than waited for.  Cancelling loses nothing.
  Task<Outcome<Line>> read_line(std::size_t limit);

  // Reads between 1 and `most` octets; an empty string means end of input.
  Task<Outcome<std::string>> read_some(std::size_t most);

  // What has come and was not taken yet.
  std::string_view buffered() const { return std::string_view(buffer_).substr(taken_); }
  void take(std::size_t octets);
  // Waits until buffered() has grown; false means end of input.
  Task<Outcome<bool>> fill();

  // Drops what has come (STARTTLS).
  void discard();

 private:
  Stream& stream_;
  Clock& clock_;
  std::chrono::milliseconds idle_;
  std::string buffer_;        // freed when empty: an idle session costs nothing
  std::size_t taken_ = 0;     // octets of buffer_ already given out
  std::size_t searched_ = 0;  // octets of buffer_ known to hold no LF
  std::size_t dropped_ = 0;   // octets of an over-long line dropped so far
  bool end_of_input_ = false;
  bool secret_ = false;
};

}  // namespace fwd

#endif
