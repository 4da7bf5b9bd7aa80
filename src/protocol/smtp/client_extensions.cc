// Reads the answer to EHLO.
#include "protocol/smtp/client_extensions.h"

#include <algorithm>

#include "core/text.h"

namespace fwd::smtp {
namespace {

constexpr std::size_t kMostMechanisms = 32;

void read_auth(const std::vector<std::string_view>& words, Extensions& into) {
  for (std::size_t i = 1; i < words.size() && into.auth.size() < kMostMechanisms; ++i)
    if (!words[i].empty() && !into.offers_auth(words[i])) into.auth.push_back(to_upper(words[i]));
}

// limits-param = limit-name "=" limit-value (RFC 9422 §3)
void read_limits(const std::vector<std::string_view>& words, Extensions& into) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::size_t equals = words[i].find('=');
    if (equals == std::string_view::npos) continue;
    const auto value = parse_number(words[i].substr(equals + 1)).value_or(0);
    const std::string_view name = words[i].substr(0, equals);
    if (same_word(name, "MAILMAX")) into.mail_max = value;
    if (same_word(name, "RCPTMAX")) into.rcpt_max = value;
  }
}

// ehlo-line = ehlo-keyword *( SP ehlo-param )
void read_line(std::string_view line, Extensions& into) {
  const auto words = split(line, ' ');
  if (words.empty()) return;
  const std::string_view keyword = words[0];
  if (same_word(keyword, "PIPELINING")) into.pipelining = true;
  if (same_word(keyword, "8BITMIME")) into.eight_bit = true;
  if (same_word(keyword, "BINARYMIME")) into.binary = true;
  if (same_word(keyword, "CHUNKING")) into.chunking = true;
  if (same_word(keyword, "SMTPUTF8")) into.smtp_utf8 = true;
  if (same_word(keyword, "DSN")) into.dsn = true;
  if (same_word(keyword, "REQUIRETLS")) into.require_tls = true;
  if (same_word(keyword, "ENHANCEDSTATUSCODES")) into.enhanced_codes = true;
  if (same_word(keyword, "STARTTLS")) into.start_tls = true;
  if (same_word(keyword, "AUTH")) read_auth(words, into);
  if (same_word(keyword, "LIMITS")) read_limits(words, into);
  if (same_word(keyword, "SIZE")) {
    into.size = true;
    if (words.size() > 1) into.size_limit = parse_number(words[1]).value_or(0);
  }
}

}  // namespace

bool Extensions::offers_auth(std::string_view mechanism) const {
  return std::any_of(auth.begin(), auth.end(),
                     [&](const auto& known) { return same_word(known, mechanism); });
}

Extensions parse_extensions(std::string_view text) {
  Extensions found;
  found.extended = true;
  const auto lines = split(text, '\n');
  for (std::size_t i = 1; i < lines.size(); ++i) read_line(trim(lines[i]), found);
  return found;
}

}  // namespace fwd::smtp
