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
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    // U+0080 to U+009F are controls, too: terminals obey U+009B as they do ESC [.
    const bool c1 =
        c == '\xC2' && i + 1 < value.size() && static_cast<unsigned char>(value[i + 1]) < 0xA0;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c1) {
      out += "\\xc2\\x" + to_hex(value.substr(++i, 1));
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
