// Makes a program's text a message.
#include "bin/sendmail/message.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "format/header_lines.h"
#include "format/quoted_string.h"

namespace fwd::sendmail {
namespace {

bool is_continuation(std::string_view line) { return line.front() == ' ' || line.front() == '\t'; }

// field-name = 1*ftext, then ":" (RFC 5322 §3.6.8, §4.5)
bool is_field(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == line.npos) return false;
  const auto name = trim(line.substr(0, colon));
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

bool MessageText::add(std::string_view octets) {
  for (const char c : octets) {
    if (ended_) return false;
    if (c == '\n' && after_cr_) {
      after_cr_ = false;
      continue;
    }
    after_cr_ = c == '\r';
    if (c == '\r' || c == '\n')
      end_line();
    else if (c != '\0')
      line_ += c;
  }
  return !ended_;
}

void MessageText::end_line() {
  const std::string line = std::exchange(line_, {});
  if (!dots_are_text_ && line == ".") {
    ended_ = true;
    return;
  }
  const bool first = std::exchange(is_first_, false);
  if (first && line.starts_with("From ")) {
    is_first_ = true;
    return;
  }
  if (in_header_) {
    const bool goes_on = !line.empty() && (is_field(line) || (is_continuation(line) && !first));
    if (!goes_on && !line.empty()) text_ += "\r\n";
    in_header_ = goes_on;
  }
  text_ += line;
  text_ += "\r\n";
}

std::string MessageText::finish() {
  if (!ended_ && !line_.empty()) end_line();
  if (in_header_) text_ += "\r\n";
  ended_ = true;
  return std::move(text_);
}

bool has_from(std::string_view message) { return format::find_field(message, "From").has_value(); }

std::string from_line(std::string_view full_name, std::string_view address) {
  std::string name(full_name);
  std::erase_if(name, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; });
  return "From: " + format::quoted(name) + " <" + std::string(address) + ">\r\n";
}

}  // namespace fwd::sendmail
