// Parses ESMTP parameters.
#include "protocol/smtp/parameters.h"

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace fwd::smtp {
namespace {

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

}  // namespace

// Mail-parameters = esmtp-param *(SP esmtp-param)
// esmtp-param = esmtp-keyword ["=" esmtp-value]
std::optional<Reply> parse_mail_parameters(std::string_view text, bool extended,
                                           MailParameters& into) {
  if (text.empty()) return std::nullopt;
  if (text.front() != ' ') return broken();
  if (!extended) return unknown();
  bool body_seen = false;
  for (const auto parameter : split(text.substr(1), ' ')) {
    const auto equals = parameter.find('=');
    const auto keyword = parameter.substr(0, equals);
    const bool valued = equals != std::string_view::npos;
    const auto value = valued ? parameter.substr(equals + 1) : std::string_view{};
    if (!is_keyword(keyword) || (valued && value.empty())) return broken();
    if (same_word(keyword, "SIZE")) {
      if (!parse_size(value, into)) return broken();
    } else if (same_word(keyword, "BODY")) {
      if (std::exchange(body_seen, true) || !parse_body(value, into)) return broken();
    } else if (same_word(keyword, "SMTPUTF8")) {
      if (valued || std::exchange(into.smtp_utf8, true)) return broken();
    } else {
      return unknown();
    }
  }
  return std::nullopt;
}

std::optional<Reply> parse_rcpt_parameters(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return text.front() == ' ' ? unknown() : broken();
}

}  // namespace fwd::smtp
