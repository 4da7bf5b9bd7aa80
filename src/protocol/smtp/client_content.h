#ifndef FWD_PROTOCOL_SMTP_CLIENT_CONTENT_H
#define FWD_PROTOCOL_SMTP_CLIENT_CONTENT_H

// Where the content of a message on its way out comes from, and how its octets
// go to the wire.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/outcome.h"
#include "core/task.h"

namespace fwd::smtp {

// Gives a message slice by slice, so that nobody holds the whole of it.
class ContentSource {
 public:
  virtual ~ContentSource() = default;
  // Octets of the whole.
  virtual std::uint64_t size() const = 0;
  // At most `most` octets from `offset`, at least one before the end.
  virtual Task<Outcome<std::string>> read(std::uint64_t offset, std::uint64_t most) = 0;
};

// Follows text on its way out: a CR or LF that is not a CRLF is a fault, as it
// would let content pass for commands at servers that take either for a line's
// end (RFC 5321 §2.3.8).
class LineEndGuard {
 public:
  // False once a bare CR or LF was met.
  bool pass(std::string_view octets);
  // False when the text ends in a bare CR.
  bool finish() const { return good_ && !cr_; }
  bool at_line_start() const { return line_start_; }

 private:
  bool good_ = true;
  bool cr_ = false;
  bool line_start_ = true;
};

// Doubles dots at the beginning of lines (RFC 5321 §4.5.2).
class DotStuffer {
 public:
  // `octets` as they go to the wire; nothing once a bare CR or LF was met.
  Outcome<std::string> stuff(std::string_view octets);
  // What ends the content: CRLF when its last line has none, and the dot.
  Outcome<std::string> finish() const;

 private:
  LineEndGuard guard_;
  bool line_start_ = true;
};

}  // namespace fwd::smtp

#endif
