// Where a daemon's events go.
#include "service/daemon/log_sink.h"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <ctime>

#include "core/text.h"
#include "net/service_manager.h"

namespace fwd::daemon {
namespace {

const char* level_name(LogLevel level) {
  switch (level) {
    case LogLevel::kError:
      return "error";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kNotice:
      return "notice";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kDebug:
      return "debug";
  }
  return "info";
}

}  // namespace

LogLevel log_level(std::string_view word) {
  for (const LogLevel level :
       {LogLevel::kError, LogLevel::kWarning, LogLevel::kNotice, LogLevel::kDebug})
    if (word == level_name(level)) return level;
  return LogLevel::kInfo;
}

std::vector<std::string> journal_fields(std::string_view program, std::string_view name,
                                        const std::vector<LogField>& fields, LogLevel level) {
  std::vector<std::string> out;
  out.push_back("MESSAGE=" + log_line(name, fields));
  out.push_back("PRIORITY=" + std::to_string(static_cast<int>(level)));
  out.push_back("SYSLOG_IDENTIFIER=" + std::string(program));
  out.push_back("FWD_EVENT=" + std::string(name));
  for (const LogField& field : fields) {
    std::string key = to_upper(field.key);
    for (char& c : key)
      if (!is_alnum(c)) c = '_';
    out.push_back("FWD_" + key + "=" + field.value);
  }
  return out;
}

std::string text_line(std::string_view program, std::string_view name,
                      const std::vector<LogField>& fields, LogLevel level, WallTime when) {
  const std::int64_t milliseconds = unix_milliseconds(when);
  const std::time_t seconds = static_cast<std::time_t>(milliseconds / 1000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> stamp{};
  const std::size_t length = std::strftime(stamp.data(), stamp.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::array<char, 8> rest{};
  std::snprintf(rest.data(), rest.size(), ".%03dZ", static_cast<int>(milliseconds % 1000));
  return std::string(stamp.data(), length) + rest.data() + " " + std::string(program) + " " +
         level_name(level) + " " + log_line(name, fields) + "\n";
}

LogSink::LogSink(std::string program, LogForm form, const Clock& clock)
    : program_(std::move(program)),
      to_journal_(form == LogForm::kJournal ||
                  (form == LogForm::kAuto && net::stderr_is_journal())),
      clock_(clock) {}

void LogSink::event(std::string_view name, const std::vector<LogField>& fields, LogLevel level) {
  if (level > level_) return;
  if (to_journal_ && net::send_to_journal(journal_fields(program_, name, fields, level))) return;
  const std::string line = text_line(program_, name, fields, level, clock_.wall());
  // One write, so that lines of several processes do not mix.
  [[maybe_unused]] const ssize_t put = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace fwd::daemon
