// Parses ESMTP parameters.
#include "protocol/smtp/parameters.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "core/text.h"
#include "model/date.h"

namespace fwd::smtp {
namespace {

constexpr std::size_t kEnvelopeIdLimit = 100;  // RFC 3461 §4.4
constexpr std::size_t kOriginalLimit = 500;    // RFC 3461 §4.2
constexpr std::size_t kAuthLimit = 500;        // RFC 4954 §5

Reply broken() { return {501, "5.5.4", "Bad parameter"}; }
Reply unknown() { return {555, "5.5.4", "Parameter not known"}; }

// esmtp-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
bool is_keyword(std::string_view text) {
  return !text.empty() && is_alnum(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_alnum(c) || c == '-'; });
}

// size-value = 1*20DIGIT; what does not fit 64 bits is too big for anybody.
bool parse_size(std::string_view value, MailParameters& into) {
  if (into.size || value.empty() || value.size() > 20) return false;
  if (!std::all_of(value.begin(), value.end(), is_digit)) return false;
  into.size = parse_number(value).value_or(UINT64_MAX);
  return true;
}

bool parse_body(std::string_view value, MailParameters& into) {
  if (same_word(value, "7BIT"))
    into.body = Body::k7Bit;
  else if (same_word(value, "8BITMIME"))
    into.body = Body::k8BitMime;
  else if (same_word(value, "BINARYMIME"))
    into.body = Body::kBinaryMime;
  else
    return false;
  return true;
}

bool parse_utf8(std::string_view value, MailParameters& into) {
  return value.empty() && !std::exchange(into.smtp_utf8, true);
}

bool parse_require_tls(std::string_view value, MailParameters& into) {
  return value.empty() && !std::exchange(into.require_tls, true);
}

// ret-value = "FULL" / "HDRS"
bool parse_ret(std::string_view value, MailParameters& into) {
  if (into.returns != model::ReturnContent::kUnsaid) return false;
  if (!same_word(value, "FULL") && !same_word(value, "HDRS")) return false;
  into.returns =
      same_word(value, "FULL") ? model::ReturnContent::kFull : model::ReturnContent::kHeaders;
  return true;
}

bool parse_envelope_id(std::string_view value, MailParameters& into) {
  if (into.envelope_id || value.empty() || value.size() > kEnvelopeIdLimit) return false;
  into.envelope_id = decode_xtext(value);
  return into.envelope_id.has_value();
}

// "AUTH=" xtext, of "<>" or a mailbox.
bool parse_auth(std::string_view value, MailParameters& into) {
  if (std::exchange(into.auth, true) || value.size() > kAuthLimit) return false;
  const auto who = decode_xtext(value);
  if (!who) return false;
  return *who == "<>" || format::parse_mailbox(*who, format::AddressCharset::kAscii).ok();
}

// future-release-integer = %x31-39 *8DIGIT
bool parse_hold_for(std::string_view value, MailParameters& into) {
  if (into.hold_for || into.hold_until || value.empty() || value.size() > 9) return false;
  if (value.front() == '0') return false;
  into.hold_for = parse_number(value);
  return into.hold_for.has_value();
}

// date-time of RFC 3339 §5.6
bool parse_hold_until(std::string_view value, MailParameters& into) {
  if (into.hold_for || into.hold_until || value.find_first_of("Tt") != 10) return false;
  const auto date = model::parse_date(value);
  if (date) into.hold_until = date->ms / 1000;
  return date.has_value();
}

// One row a keyword.  `offered` null: always taken.  A value is empty for none.
struct MailKeyword {
  std::string_view name;
  bool OfferedParameters::*offered;
  bool (*parse)(std::string_view value, MailParameters& into);
};

constexpr MailKeyword kMailKeywords[] = {
    {"SIZE", nullptr, parse_size},                                       // RFC 1870 §3
    {"BODY", nullptr, parse_body},                                       // RFC 6152 §3
    {"SMTPUTF8", nullptr, parse_utf8},                                   // RFC 6531 §3.4
    {"AUTH", &OfferedParameters::auth, parse_auth},                      // RFC 4954 §5
    {"RET", &OfferedParameters::dsn, parse_ret},                         // RFC 3461 §4.3
    {"ENVID", &OfferedParameters::dsn, parse_envelope_id},               // RFC 3461 §4.4
    {"REQUIRETLS", &OfferedParameters::require_tls, parse_require_tls},  // RFC 8689 §2
    {"HOLDFOR", &OfferedParameters::hold, parse_hold_for},               // RFC 4865 §4
    {"HOLDUNTIL", &OfferedParameters::hold, parse_hold_until},           // RFC 4865 §4
};

struct Parameter {
  std::string_view keyword, value;
};

// esmtp-param = esmtp-keyword ["=" esmtp-value]
std::optional<Parameter> cut_parameter(std::string_view text) {
  const auto equals = text.find('=');
  const bool valued = equals != text.npos;
  const Parameter cut{text.substr(0, equals), valued ? text.substr(equals + 1) : ""};
  if (!is_keyword(cut.keyword) || (valued && cut.value.empty())) return std::nullopt;
  return cut;
}

// notify-esmtp-value = "NEVER" / 1#notify-list-element
// notify-list-element = "SUCCESS" / "FAILURE" / "DELAY"
std::optional<std::uint8_t> parse_notify(std::string_view value) {
  if (same_word(value, "NEVER")) return model::kNotifyNever;
  unsigned all = 0;
  for (const auto word : split(value, ',')) {
    unsigned one = 0;
    if (same_word(word, "SUCCESS")) one = model::kNotifySuccess;
    if (same_word(word, "FAILURE")) one = model::kNotifyFailure;
    if (same_word(word, "DELAY")) one = model::kNotifyDelay;
    if (one == 0 || (all & one) != 0) return std::nullopt;
    all |= one;
  }
  if (all == 0) return std::nullopt;
  return static_cast<std::uint8_t>(all);
}

bool is_atext(char c) {
  return is_alnum(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

// utf-8-addr-xtext, utf-8-addr-unitext (RFC 6533 §3); kept as it is written.
bool is_utf8_address(std::string_view text, bool utf8) {
  if (!utf8 && !is_ascii(text)) return false;
  if (!is_utf8(text)) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c <= ' ' || c == 0x7F || c == '+' || c == '=') return false;
    if (c == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0) return false;  // C1 controls
    if (c != '\\') continue;
    const auto close = text.find('}', i);
    if (text.substr(i, 3) != "\\x{" || close == text.npos || close < i + 5 || close > i + 9)
      return false;
    const auto hex = text.substr(i + 3, close - i - 3);
    if (!std::all_of(hex.begin(), hex.end(),
                     [](char h) { return is_digit(h) || (h >= 'A' && h <= 'F'); }))
      return false;
  }
  return true;
}

// original-recipient-address = addr-type ";" xtext
std::optional<std::string> parse_original(std::string_view value, bool utf8) {
  const auto semicolon = value.find(';');
  if (value.size() > kOriginalLimit || semicolon == value.npos || semicolon == 0)
    return std::nullopt;
  const auto type = value.substr(0, semicolon);
  const auto rest = value.substr(semicolon + 1);
  if (rest.empty() || !std::all_of(type.begin(), type.end(), is_atext)) return std::nullopt;
  const std::string head = to_lower(type) + ";";
  if (same_word(type, "utf-8"))
    return is_utf8_address(rest, utf8) ? std::optional(head + std::string(rest)) : std::nullopt;
  const auto decoded = decode_xtext(rest);
  if (!decoded) return std::nullopt;
  return head + *decoded;
}

}  // namespace

// xtext = *( xchar / hexchar )
// xchar = any ASCII CHAR between "!" (33) and "~" (126) inclusive, except for "+" and "="
// hexchar = "+", immediately followed by two upper case hexadecimal digits
std::optional<std::string> decode_xtext(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+') {
      const auto hex = text.substr(i + 1, 2);
      if (hex.size() != 2 || hex != to_upper(hex)) return std::nullopt;
      const auto octet = from_hex(hex);
      if (!octet) return std::nullopt;
      c = octet->front();
      if (c < ' ' || c > '~') return std::nullopt;
      i += 2;
    } else if (c < '!' || c > '~' || c == '=') {
      return std::nullopt;
    }
    out += c;
  }
  return out;
}

// Mail-parameters = esmtp-param *(SP esmtp-param)
std::optional<Reply> parse_mail_parameters(std::string_view text, const OfferedParameters& offered,
                                           MailParameters& into) {
  if (text.empty()) return std::nullopt;
  if (text.front() != ' ') return broken();
  if (!offered.extended) return unknown();
  std::vector<const MailKeyword*> seen;
  for (const auto word : split(text.substr(1), ' ')) {
    const auto parameter = cut_parameter(word);
    if (!parameter) return broken();
    const auto* keyword =
        std::find_if(std::begin(kMailKeywords), std::end(kMailKeywords),
                     [&](const MailKeyword& k) { return same_word(k.name, parameter->keyword); });
    if (keyword == std::end(kMailKeywords)) return unknown();
    if (keyword->offered != nullptr && !(offered.*keyword->offered)) return unknown();
    if (std::find(seen.begin(), seen.end(), keyword) != seen.end()) return broken();
    seen.push_back(keyword);
    if (!keyword->parse(parameter->value, into)) return broken();
  }
  return std::nullopt;
}

// Rcpt-parameters = esmtp-param *(SP esmtp-param)
std::optional<Reply> parse_rcpt_parameters(std::string_view text, bool dsn, bool utf8,
                                           RcptParameters& into) {
  if (text.empty()) return std::nullopt;
  if (text.front() != ' ') return broken();
  for (const auto word : split(text.substr(1), ' ')) {
    const auto parameter = cut_parameter(word);
    if (!parameter) return broken();
    if (dsn && same_word(parameter->keyword, "NOTIFY")) {
      const auto notify = parse_notify(parameter->value);
      if (!notify || into.notify != model::kNotifyUnsaid) return broken();
      into.notify = *notify;
    } else if (dsn && same_word(parameter->keyword, "ORCPT")) {
      if (into.original) return broken();
      into.original = parse_original(parameter->value, utf8);
      if (!into.original) return broken();
    } else {
      return unknown();
    }
  }
  return std::nullopt;
}

}  // namespace fwd::smtp
