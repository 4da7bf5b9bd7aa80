// SPF: whether a host may send for a domain.
#include "mailauth/spf/spf.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/text.h"
#include "format/domain_name.h"
#include "mailauth/spf/ip_octets.h"
#include "mailauth/spf/spf_evaluator.h"

namespace fwd::mailauth {
namespace {

// More than any SMTP command has.
constexpr std::size_t kMostOctets = 2048;

bool is_domain_octet(char c) { return is_alnum(c) || c == '-' || c == '_'; }

// RFC 7208 §4.3: a name of more than one label, in A-labels, lower case.
std::optional<std::string> checked_domain(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  std::string domain = to_lower(text);
  if (!is_ascii(text)) {
    Outcome<std::string> ascii = format::domain_to_ascii(text);
    if (!ascii.ok()) return std::nullopt;
    domain = std::move(ascii).value();
  }
  if (domain.size() > 253) return std::nullopt;
  const std::vector<std::string_view> labels = split(domain, '.');
  for (const std::string_view label : labels) {
    if (label.empty() || label.size() > 63) return std::nullopt;
    if (!std::all_of(label.begin(), label.end(), is_domain_octet)) return std::nullopt;
  }
  // No top-level domain is a number: that was an address.
  if (labels.size() < 2 || std::all_of(labels.back().begin(), labels.back().end(), is_digit))
    return std::nullopt;
  return domain;
}

std::string shown(std::string_view text) {
  std::string visible(text.substr(0, 255));
  for (char& c : visible)
    if (c <= ' ' || c > '~') c = '?';
  return visible;
}

}  // namespace

std::string_view spf_word(SpfVerdict verdict) {
  switch (verdict) {
    case SpfVerdict::kNone:
      return "none";
    case SpfVerdict::kNeutral:
      return "neutral";
    case SpfVerdict::kPass:
      return "pass";
    case SpfVerdict::kFail:
      return "fail";
    case SpfVerdict::kSoftFail:
      return "softfail";
    case SpfVerdict::kTempError:
      return "temperror";
    case SpfVerdict::kPermError:
      break;
  }
  return "permerror";
}

Task<SpfResult> check_spf(net::Resolver& resolver, SpfQuestion question, SpfLimits limits) {
  SpfResult result;
  result.by_helo = question.sender.empty();
  // RFC 7208 §2.4: the null path is postmaster at the HELO name; §4.3: so is a
  // sender without a local part at its domain.
  const std::size_t at = question.sender.rfind('@');
  const std::string text = result.by_helo            ? question.helo
                           : at == std::string::npos ? question.sender
                                                     : question.sender.substr(at + 1);
  SpfMacroValues values;
  values.local = at == std::string::npos || at == 0 ? "postmaster" : question.sender.substr(0, at);
  values.ip = ip_octets(question.ip);
  values.helo = std::move(question.helo);
  values.host = question.host.empty() ? "unknown" : std::move(question.host);
  values.unix_time = question.unix_time;
  result.domain = shown(text);
  const std::optional<std::string> domain = checked_domain(text);
  if (!domain || values.local.size() > kMostOctets || values.helo.size() > kMostOctets) {
    result.problem = result.domain + " is no domain that could have an SPF record";
    co_return result;
  }
  result.domain = *domain;
  values.sender_domain = *domain;
  if (values.ip.empty()) {
    result.problem = "the client has no IP address";
    co_return result;
  }
  SpfEvaluator evaluator(resolver, std::move(values), limits);
  auto checking = evaluator.check_host(*domain);
  result.verdict = co_await checking;
  result.lookups = evaluator.lookups();
  result.mechanism = evaluator.mechanism();
  const bool is_undecided = result.verdict == SpfVerdict::kNone ||
                            result.verdict == SpfVerdict::kTempError ||
                            result.verdict == SpfVerdict::kPermError;
  if (is_undecided) result.problem = evaluator.problem();
  if (result.verdict != SpfVerdict::kFail) co_return result;
  auto explaining = evaluator.explain();
  result.explanation = co_await explaining;
  co_return result;
}

}  // namespace fwd::mailauth
