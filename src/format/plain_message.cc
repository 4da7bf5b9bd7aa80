// Writes plain messages.
#include "format/plain_message.h"

#include "core/text.h"
#include "format/date.h"
#include "format/encoded_words.h"

namespace fwd::format {
namespace {

constexpr std::size_t kMostLine = 78;  // RFC 5322 §2.1.1
constexpr std::size_t kBase64Line = 76;

// Every line end as CRLF, one at the end.
std::string with_crlf(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 64);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    if (c == '\r' || c == '\n')
      out += "\r\n";
    else if (c != '\0')
      out += c;
  }
  if (!out.empty() && !out.ends_with("\r\n")) out += "\r\n";
  return out;
}

bool is_plain(std::string_view text) {
  if (!is_ascii(text)) return false;
  for (const std::string_view line : split(text, '\n'))
    if (line.size() > kMostLine + 1) return false;
  return true;
}

std::string in_lines(const std::string& letters) {
  std::string out;
  for (std::size_t at = 0; at < letters.size(); at += kBase64Line)
    out += letters.substr(at, kBase64Line) + "\r\n";
  return out;
}

}  // namespace

std::string write_plain_message(const PlainMessage& message) {
  const std::string text = with_crlf(message.text);
  const bool plain = is_plain(text);
  std::string out = "Date: " + write_mail_date(message.date) + "\r\n";
  out += "From: <" + message.from + ">\r\n";
  out += "To: <" + message.to + ">\r\n";
  out += "Subject: " + encode_header_text(message.subject) + "\r\n";
  out += "Message-ID: " + message.message_id + "\r\n";
  for (const PlainField& field : message.more) out += field.name + ": " + field.value + "\r\n";
  out += "MIME-Version: 1.0\r\n";
  out += plain ? "Content-Type: text/plain; charset=us-ascii\r\n"
               : "Content-Type: text/plain; charset=utf-8\r\n";
  out += plain ? "Content-Transfer-Encoding: 7bit\r\n\r\n"
               : "Content-Transfer-Encoding: base64\r\n\r\n";
  return out + (plain ? text : in_lines(to_base64(text)));
}

}  // namespace fwd::format
