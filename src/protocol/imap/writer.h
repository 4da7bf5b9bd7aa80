#ifndef FWD_PROTOCOL_IMAP_WRITER_H
#define FWD_PROTOCOL_IMAP_WRITER_H

// The one place that knows how answers look on the wire: CRLF, quoting,
// literals, names of mailboxes.  Gathers answers in one buffer and writes it
// out when it is full or when the session is about to wait.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/event.h"
#include "core/stream.h"
#include "core/task.h"
#include "model/flags.h"
#include "protocol/imap/limits.h"
#include "protocol/imap/reply.h"

namespace fwd::imap {

class Writer {
 public:
  // Keeps references.  A peer that takes nothing for limits.write_wait, or
  // after `stop` was set, is given up.
  Writer(Stream& stream, Clock& clock, Event& stop, const Limits& limits)
      : stream_(stream), clock_(clock), stop_(stop), limits_(limits) {}

  // Names in UTF-8 and UTF-8 in quoted strings (RFC 9051 §5.1, RFC 6855 §3).
  void set_utf8(bool utf8) { utf8_ = utf8; }
  bool utf8() const { return utf8_; }

  void raw(std::string_view text) { buffer_ += text; }
  void number(std::uint64_t value) { buffer_ += std::to_string(value); }
  void string(std::string_view text);     // quoted where that is possible, else a literal
  void nstring(const std::string* text);  // NIL for nullptr
  void literal(std::string_view text);
  void literal_begin(std::uint64_t octets, bool binary = false);  // the octets follow by raw()
  void mailbox(std::string_view path);
  void flags(const model::Flags& flags, bool recent);  // with parentheses
  void date_time(std::int64_t seconds);                // with quotes, in UTC
  void end() { buffer_ += "\r\n"; }
  void untagged(std::string_view text);  // "* text" and CRLF
  void reply(std::string_view tag, const Reply& reply);

  // A place to go back to: what was added since is dropped.  rollback() gives
  // false when some of it is on the wire already.
  struct Mark {
    std::uint64_t written = 0;
    std::size_t size = 0;
  };
  Mark mark() const { return {written_, buffer_.size()}; }
  bool rollback(const Mark& mark);

  // Both give false once the connection is gone.
  Task<bool> flush();
  Task<bool> flush_if_full();
  bool broken() const { return broken_; }
  // Nothing more may be said: a wrong count of octets is on the wire.
  void break_off() { broken_ = true; }
  std::uint64_t octets() const { return written_; }

 private:
  Stream& stream_;
  Clock& clock_;
  Event& stop_;
  const Limits& limits_;
  std::string buffer_;         // freed by every flush
  std::uint64_t written_ = 0;  // octets of the whole session
  bool utf8_ = false;
  bool broken_ = false;
};

// "2,4:7,9" of numbers in the order given (RFC 4315 §3: the nth of one set
// belongs to the nth of the other).
class NumberRuns {
 public:
  void add(std::uint32_t number);
  std::string text();

 private:
  void end_run();
  std::string done_;
  std::uint32_t first_ = 0, last_ = 0;  // the run under way; 0: none
};

}  // namespace fwd::imap

#endif
