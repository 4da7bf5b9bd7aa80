#ifndef FWD_CORE_LOG_H
#define FWD_CORE_LOG_H

// One event, one line, one name.  The name is a row of doc/events.tsv, which
// also gives its level and a sentence for the operator.  Library code does not
// log; daemons, and the sessions they own, do.
//
//   log.event("smtp.session.end", {{"s", id}, {"peer", ip}, {"after", "rcpt"}});
//
// No field may hold a secret, a subject, or content.

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace fwd {

enum class LogLevel { kError = 3, kWarning = 4, kNotice = 5, kInfo = 6, kDebug = 7 };

struct LogField {
  std::string_view key;  // short, lower case: "s", "peer", "message", "fault"
  std::string value;
};

class Log {
 public:
  virtual ~Log() = default;
  virtual void event(std::string_view name, const std::vector<LogField>& fields,
                     LogLevel level) = 0;
  void event(std::string_view name, std::initializer_list<LogField> fields) {
    event(name, std::vector<LogField>(fields), LogLevel::kInfo);
  }
  void warning(std::string_view name, std::initializer_list<LogField> fields) {
    event(name, std::vector<LogField>(fields), LogLevel::kWarning);
  }
  void error(std::string_view name, std::initializer_list<LogField> fields) {
    event(name, std::vector<LogField>(fields), LogLevel::kError);
  }
};

// The text form of one line: values are quoted when they hold a space, a quote
// or a control octet, and control octets are escaped, so that no peer can
// forge a line.
std::string log_line(std::string_view name, const std::vector<LogField>& fields);

// Keeps lines for a test to look at.
class MemoryLog final : public Log {
 public:
  using Log::event;
  void event(std::string_view name, const std::vector<LogField>& fields, LogLevel level) override;
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  std::vector<std::string> lines_;
};

}  // namespace fwd

#endif
