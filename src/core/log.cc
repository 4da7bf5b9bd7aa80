// The text form of log lines.
#include "core/log.h"

#include "core/text.h"

namespace fwd {
namespace {

void append_value(std::string& out, std::string_view value) {
  const auto plain = [](char c) {
    return c > ' ' && c < 0x7F && c != '"' && c != '\\' && c != '=';
  };
  bool quote = value.empty();
  for (const char c : value) quote = quote || !plain(c);
  if (!quote) {
    out += value;
    return;
  }
  out += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < ' ' || c == 0x7F) {
      out += "\\x" + to_hex(std::string_view(&c, 1));
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace

std::string log_line(std::string_view name, const std::vector<LogField>& fields) {
  std::string out(name);
  for (const LogField& field : fields) {
    out += ' ';
    out += field.key;
    out += '=';
    append_value(out, field.value);
  }
  return out;
}

void MemoryLog::event(std::string_view name, const std::vector<LogField>& fields, LogLevel) {
  lines_.push_back(log_line(name, fields));
}

}  // namespace fwd
