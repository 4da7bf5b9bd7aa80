// Reads replies of remote servers.
#include "protocol/smtp/client_reply.h"

#include "core/text.h"

namespace fwd::smtp {
namespace {

constexpr std::size_t kMostWords = 1000;

// Reply-code = %x32-35 %x30-35 %x30-39; the second digit is taken as it comes,
// for there are servers that say 571.
int reply_code(std::string_view line) {
  if (line.size() < 3 || line[0] < '2' || line[0] > '5' || !is_digit(line[1]) || !is_digit(line[2]))
    return 0;
  return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

// Octets of the UTF-8 character that `text` begins with; 0 when it is none or
// a control (C0, DEL, C1).
std::size_t printable_character(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) return first >= 0x20 && first != 0x7f ? 1 : 0;
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (text.size() < size || !is_utf8(text.substr(0, size))) return 0;
  const bool is_c1 = first == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0;
  return is_c1 ? 0 : size;
}

}  // namespace

std::string clean_words(std::string_view text, std::size_t most) {
  std::string out;
  while (!text.empty()) {
    const bool is_break = text.front() == '\n' || text.front() == '\t';
    const std::size_t size = printable_character(text);
    const std::string_view piece = is_break ? " " : size == 0 ? "?" : text.substr(0, size);
    if (out.size() + piece.size() > most) break;
    out += piece;
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return out;
}

std::string RemoteReply::line() const {
  std::string out = std::to_string(code);
  if (!enhanced.empty()) out += " " + enhanced;
  if (!text.empty()) out += " " + text;
  return clean_words(out, kMostWords);
}

// status-code = class "." subject "." detail, subject and detail 1*3DIGIT (RFC 3463 §2)
std::string take_enhanced_code(std::string_view& text, int code) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const auto parts = split(text.substr(0, end), '.');
  if (parts.size() != 3 || parts[0].size() != 1 || parts[0][0] - '0' != code / 100) return {};
  for (const std::string_view part : {parts[1], parts[2]})
    if (part.empty() || part.size() > 3 || !parse_number(part)) return {};
  const std::string found(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return found;
}

void ReplyReader::add_text(std::string_view text) {
  if (lines_ == 1) {
    reply_.enhanced = take_enhanced_code(text, reply_.code);
  } else {
    reply_.text += '\n';
    if (!reply_.enhanced.empty() && text.starts_with(reply_.enhanced))
      take_enhanced_code(text, reply_.code);
  }
  reply_.text += clean_words(text, limits_.line);
}

// Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
ReplyReader::State ReplyReader::add(std::string_view line) {
  if (lines_ == 0) {
    reply_ = {};
    octets_ = 0;
  }
  octets_ += line.size();
  if (++lines_ > limits_.lines || octets_ > limits_.octets || line.size() > limits_.line)
    return State::kTooMuch;
  const int code = reply_code(line);
  if (code == 0 || (lines_ > 1 && code != reply_.code)) return State::kBroken;
  const char mark = line.size() > 3 ? line[3] : ' ';
  if (mark != ' ' && mark != '-') return State::kBroken;
  reply_.code = code;
  add_text(line.size() > 4 ? line.substr(4) : std::string_view());
  if (mark == '-') return State::kMore;
  lines_ = 0;
  return State::kWhole;
}

}  // namespace fwd::smtp
