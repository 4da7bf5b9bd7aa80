#ifndef FWD_SERVICE_DAEMON_LOG_SINK_H
#define FWD_SERVICE_DAEMON_LOG_SINK_H

// Where a daemon's events go: to the journal as fields, or to standard error
// as lines.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/log.h"

namespace fwd::daemon {

enum class LogForm { kAuto, kJournal, kText };

class LogSink final : public Log {
 public:
  // `program`: "fwd-imapd".  kAuto asks whether standard error is the journal.
  LogSink(std::string program, LogForm form, const Clock& clock);

  using Log::event;
  void event(std::string_view name, const std::vector<LogField>& fields, LogLevel level) override;

  // Events less weighty than `level` are dropped.
  void set_level(LogLevel level) { level_ = level; }

 private:
  std::string program_;
  bool to_journal_;
  const Clock& clock_;
  LogLevel level_ = LogLevel::kInfo;
};

// "error" … "debug"; kInfo for any other word.
LogLevel log_level(std::string_view word);

// The journal's fields of one event: MESSAGE, PRIORITY, SYSLOG_IDENTIFIER,
// FWD_EVENT, and FWD_<KEY> for each field.
std::vector<std::string> journal_fields(std::string_view program, std::string_view name,
                                        const std::vector<LogField>& fields, LogLevel level);

// "2026-01-01T00:00:00.000Z fwd-imapd notice daemon.ready …\n"
std::string text_line(std::string_view program, std::string_view name,
                      const std::vector<LogField>& fields, LogLevel level, WallTime when);

}  // namespace fwd::daemon

#endif
