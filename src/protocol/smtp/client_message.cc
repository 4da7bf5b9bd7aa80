// Writes the commands of an envelope and says who cannot take a message.
#include "protocol/smtp/client_message.h"

#include "core/text.h"
#include "format/address.h"

namespace fwd::smtp {
namespace {

constexpr std::size_t kMostEnvelopeId = 100;  // RFC 3461 §4.4
constexpr std::size_t kMostOriginal = 500;    // RFC 3461 §4.2

RemoteReply refusal(int code, std::string status, std::string text) {
  return {code, std::move(status), std::move(text)};
}

Outcome<format::Address> read_address(const std::string& text) {
  return format::parse_mailbox(text, format::AddressCharset::kUtf8);
}

bool needs_utf8(const std::string& address) {
  const auto read = read_address(address);
  return read.ok() && read.value().needs_utf8();
}

// Hexadecimal of a code point for utf-8-addr-xtext (RFC 6533 §3): "\x{E9}".
std::string embedded_char(std::uint32_t point) {
  std::string digits;
  for (; point != 0; point >>= 4) digits.insert(digits.begin(), "0123456789ABCDEF"[point & 15]);
  return "\\x{" + digits + "}";
}

// The first code point of valid UTF-8, taken off it.
std::uint32_t take_point(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  std::uint32_t point = size == 1 ? first : first & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i)
    point = (point << 6) | (static_cast<unsigned char>(text[i]) & 0x3fU);
  text.remove_prefix(size);
  return point;
}

// utf-8-addr-xtext (RFC 6533 §3), which needs no SMTPUTF8 to travel.
std::string to_utf8_xtext(std::string_view address) {
  std::string out;
  while (!address.empty()) {
    const std::uint32_t point = take_point(address);
    const bool plain =
        point > 0x20 && point < 0x7f && point != '+' && point != '=' && point != '\\';
    if (plain)
      out += static_cast<char>(point);
    else
      out += embedded_char(point);
  }
  return out;
}

// original-recipient-address = addr-type ";" xtext (RFC 3461 §4.2); "" for what is not one.
std::string original_parameter(const std::string& original) {
  const std::size_t semicolon = original.find(';');
  if (semicolon == 0 || semicolon == std::string::npos) return {};
  const std::string type = original.substr(0, semicolon);
  for (const char c : type)
    if (!is_alnum(c) && c != '-') return {};
  const std::string_view address = std::string_view(original).substr(semicolon + 1);
  if (!is_utf8(address)) return {};
  const bool is_utf8_type = same_word(type, "utf-8") || !is_ascii(address);
  std::string value =
      is_utf8_type ? "utf-8;" + to_utf8_xtext(address) : type + ";" + to_xtext(address);
  return value.size() > kMostOriginal ? std::string() : " ORCPT=" + value;
}

// "NOTIFY=SUCCESS,FAILURE" (RFC 3461 §4.1)
std::string notify_parameter(std::uint8_t notify) {
  if (notify == model::kNotifyUnsaid) return {};
  if ((notify & model::kNotifyNever) != 0) return " NOTIFY=NEVER";
  std::vector<std::string> words;
  if ((notify & model::kNotifySuccess) != 0) words.emplace_back("SUCCESS");
  if ((notify & model::kNotifyFailure) != 0) words.emplace_back("FAILURE");
  if ((notify & model::kNotifyDelay) != 0) words.emplace_back("DELAY");
  return " NOTIFY=" + join(words, ",");
}

std::string dsn_parameters(const ClientMessage& message) {
  std::string out;
  if (message.returns == model::ReturnContent::kFull) out += " RET=FULL";
  if (message.returns == model::ReturnContent::kHeaders) out += " RET=HDRS";
  const std::string id = to_xtext(message.envelope_id);
  if (!id.empty() && id.size() <= kMostEnvelopeId) out += " ENVID=" + id;
  return out;
}

}  // namespace

std::string to_xtext(std::string_view octets) {
  std::string out;
  for (const char c : octets) {
    if (c > ' ' && c <= '~' && c != '+' && c != '=') {
      out += c;
    } else {
      const auto octet = static_cast<unsigned char>(c);
      out += '+';
      out += "0123456789ABCDEF"[octet >> 4];
      out += "0123456789ABCDEF"[octet & 15];
    }
  }
  return out;
}

std::optional<RemoteReply> cannot_take(const Extensions& offered, const ClientMessage& message) {
  if (message.require_tls && !offered.require_tls)
    return refusal(550, "5.7.30",
                   "The message demands REQUIRETLS, which this server does not offer");
  if (offered.size_limit > 0 && message.content->size() > offered.size_limit)
    return refusal(552, "5.3.4",
                   "The message has " + std::to_string(message.content->size()) +
                       " octets, this server takes at most " + std::to_string(offered.size_limit));
  if ((message.has_utf8_header || needs_utf8(message.sender)) && !offered.smtp_utf8)
    return refusal(
        550, "5.6.7",
        "The message has a header or sender beyond ASCII, and this server offers no SMTPUTF8");
  if (message.body == model::BodyKind::kBinaryMime && !(offered.binary && offered.chunking))
    return refusal(554, "5.6.1", "The message is binary, and this server offers no BINARYMIME");
  if (message.body == model::BodyKind::k8BitMime && !offered.eight_bit)
    return refusal(554, "5.6.3", "The message has 8-bit text, and this server offers no 8BITMIME");
  return std::nullopt;
}

std::optional<RemoteReply> cannot_take(const Extensions& offered,
                                       const ClientRecipient& recipient) {
  if (offered.smtp_utf8 || !needs_utf8(recipient.address)) return std::nullopt;
  return refusal(550, "5.6.7", "The address goes beyond ASCII, and this server offers no SMTPUTF8");
}

// mail = "MAIL FROM:" Reverse-path [SP Mail-parameters] CRLF (RFC 5321 §4.1.1.2)
Outcome<std::string> mail_command(const Extensions& offered, const ClientMessage& message) {
  std::string out = "MAIL FROM:<";
  bool says_utf8 = message.has_utf8_header;
  if (!message.sender.empty()) {
    const auto sender = read_address(message.sender);
    if (!sender.ok()) return sender.failure();
    out += sender.value().text();
    says_utf8 = says_utf8 || sender.value().needs_utf8();
  }
  for (const ClientRecipient& recipient : message.recipients)
    says_utf8 = says_utf8 || needs_utf8(recipient.address);
  out += '>';
  if (offered.size) out += " SIZE=" + std::to_string(message.content->size());
  if (message.body == model::BodyKind::k8BitMime && offered.eight_bit) out += " BODY=8BITMIME";
  if (message.body == model::BodyKind::kBinaryMime) out += " BODY=BINARYMIME";
  if (says_utf8 && offered.smtp_utf8) out += " SMTPUTF8";
  if (offered.dsn) out += dsn_parameters(message);
  if (message.require_tls) out += " REQUIRETLS";
  return out;
}

// rcpt = "RCPT TO:" Forward-path [SP Rcpt-parameters] CRLF (RFC 5321 §4.1.1.3)
Outcome<std::string> rcpt_command(const Extensions& offered, const ClientRecipient& recipient) {
  const auto address = read_address(recipient.address);
  if (!address.ok()) return address.failure();
  std::string out = "RCPT TO:<" + address.value().text() + ">";
  if (offered.dsn)
    out += notify_parameter(recipient.notify) + original_parameter(recipient.original);
  return out;
}

}  // namespace fwd::smtp
