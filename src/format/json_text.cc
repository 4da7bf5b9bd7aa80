// Writes JSON text.
#include "format/json_text.h"

#include "core/text.h"
#include "format/outline.h"

namespace fwd::format {

void JsonText::begin_value() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = true;
}

JsonText& JsonText::open(char bracket) {
  begin_value();
  out_ += bracket;
  needs_comma_ = false;
  return *this;
}

JsonText& JsonText::close(char bracket) {
  out_ += bracket;
  needs_comma_ = true;
  return *this;
}

JsonText& JsonText::name(std::string_view name) {
  begin_value();
  quoted(name);
  out_ += ':';
  needs_comma_ = false;
  return *this;
}

JsonText& JsonText::text(std::string_view value) {
  begin_value();
  if (is_utf8(value))
    quoted(value);
  else
    quoted(to_utf8(value, "utf-8").value_or(""));
  return *this;
}

JsonText& JsonText::number(std::int64_t value) { return plain(std::to_string(value)); }

JsonText& JsonText::plain(std::string_view json) {
  begin_value();
  out_ += json;
  return *this;
}

JsonText& JsonText::octets(std::string_view value) {
  begin_value();
  out_ += '[';
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto octet = static_cast<unsigned char>(value[i]);
    if (i > 0) out_ += ',';
    if (octet >= 100) out_ += static_cast<char>('0' + octet / 100);
    if (octet >= 10) out_ += static_cast<char>('0' + octet / 10 % 10);
    out_ += static_cast<char>('0' + octet % 10);
  }
  out_ += ']';
  return *this;
}

// string = quotation-mark *char quotation-mark (RFC 8259 §7)
void JsonText::quoted(std::string_view value) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out_ += '"';
  for (const char c : value) {
    const auto octet = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out_ += '\\';
      out_ += c;
    } else if (c == '\n' || c == '\r' || c == '\t') {
      out_ += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
    } else if (octet < 0x20) {
      out_ += "\\u00";
      out_ += kHex[octet / 16];
      out_ += kHex[octet % 16];
    } else {
      out_ += c;
    }
  }
  out_ += '"';
}

}  // namespace fwd::format
