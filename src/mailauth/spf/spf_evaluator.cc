// One check of SPF while it runs.
#include "mailauth/spf/spf_evaluator.h"

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace fwd::mailauth {
namespace {

using Kind = SpfMechanism::Kind;
using net::DnsAnswer;
using net::DnsType;

SpfVerdict verdict_of(char qualifier) {
  switch (qualifier) {
    case '-':
      return SpfVerdict::kFail;
    case '~':
      return SpfVerdict::kSoftFail;
    case '?':
      return SpfVerdict::kNeutral;
    default:
      return SpfVerdict::kPass;
  }
}

// `name` is `domain` or below it.
bool is_within(std::string_view name, std::string_view domain) {
  return name == domain || (name.size() > domain.size() && name.ends_with(domain) &&
                            name[name.size() - domain.size() - 1] == '.');
}

bool has_target(Kind kind) {
  return kind != Kind::kAll && kind != Kind::kIp4 && kind != Kind::kIp6;
}

}  // namespace

SpfEvaluator::SpfEvaluator(net::Resolver& resolver, SpfMacroValues values, SpfLimits limits)
    : resolver_(resolver), values_(std::move(values)), limits_(limits) {}

// RFC 7208 §4.4 and §4.5: nothing when there is none; kUnavailable and
// kBadInput (more than one, or too long) have said why in `problem_`.
Task<Outcome<std::optional<std::string>>> SpfEvaluator::find_record(std::string domain) {
  auto asking = resolver_.resolve(domain, DnsType::kTxt);
  const Outcome<DnsAnswer> answer = co_await asking;
  if (!answer.ok()) {
    if (answer.failure().fault == Fault::kBadInput) co_return std::optional<std::string>();
    trouble(answer.failure(), domain);
    co_return Failure{Fault::kUnavailable, "", ""};
  }
  std::vector<std::string> records = net::texts(answer.value());
  std::erase_if(records, [](const std::string& text) { return !is_spf_record(text); });
  if (records.empty()) co_return std::optional<std::string>();
  if (records.size() > 1) {
    permanent(domain + " has more than one SPF record");
    co_return Failure{Fault::kBadInput, "", ""};
  }
  if (records.front().size() > limits_.record) {
    permanent("the SPF record of " + domain + " is too long");
    co_return Failure{Fault::kBadInput, "", ""};
  }
  co_return std::optional<std::string>(std::move(records.front()));
}

Task<SpfVerdict> SpfEvaluator::check_host(std::string domain) {
  auto finding = find_record(domain);
  const Outcome<std::optional<std::string>> text = co_await finding;
  if (!text.ok())
    co_return text.failure().fault == Fault::kBadInput ? SpfVerdict::kPermError
                                                       : SpfVerdict::kTempError;
  if (!text.value()) {
    problem_ = domain + " has no SPF record";
    co_return SpfVerdict::kNone;
  }
  Outcome<SpfRecord> record = parse_spf_record(*text.value());
  if (!record.ok()) {
    permanent("SPF record of " + domain + ": " + record.failure().private_text);
    co_return SpfVerdict::kPermError;
  }
  auto evaluating = evaluate(std::move(domain), std::move(record).value());
  co_return co_await evaluating;
}

// RFC 7208 §4.6.2, §4.6.3 and §4.7
Task<SpfVerdict> SpfEvaluator::evaluate(std::string domain, SpfRecord record) {
  for (const SpfMechanism& mechanism : record.mechanisms) {
    auto matching = match(domain, mechanism);
    const Match matched = co_await matching;
    if (matched == Match::kNo) continue;
    if (matched == Match::kTempError) co_return SpfVerdict::kTempError;
    if (matched == Match::kPermError) co_return SpfVerdict::kPermError;
    if (depth_ == 0) {
      mechanism_ = mechanism.text;
      exp_domain_ = std::move(domain);
      exp_ = std::move(record.exp);
    }
    co_return verdict_of(mechanism.qualifier);
  }
  if (record.redirect) {
    auto following = redirect(std::move(domain), *std::move(record.redirect));
    co_return co_await following;
  }
  if (depth_ == 0) mechanism_ = "default";
  co_return SpfVerdict::kNeutral;
}

// RFC 7208 §6.1
Task<SpfVerdict> SpfEvaluator::redirect(std::string domain, SpfMacroString target) {
  if (is_over_lookups()) co_return SpfVerdict::kPermError;
  auto expanding = expand(domain, target);
  const std::optional<std::string> name = co_await expanding;
  if (!name) {
    // RFC 8616 §4: a term with such a local part does not apply.
    if (uses_non_ascii_local(target)) {
      if (depth_ == 0) mechanism_ = "default";
      co_return SpfVerdict::kNeutral;
    }
    permanent("\"redirect\" of " + domain + " leads to no domain");
    co_return SpfVerdict::kPermError;
  }
  auto checking = check_host(*name);
  const SpfVerdict verdict = co_await checking;
  co_return verdict == SpfVerdict::kNone ? SpfVerdict::kPermError : verdict;
}

Task<SpfEvaluator::Match> SpfEvaluator::match(std::string domain, const SpfMechanism& mechanism) {
  if (mechanism.kind == Kind::kAll) co_return Match::kYes;
  if (!has_target(mechanism.kind)) {
    const std::vector<std::string> network{mechanism.network};
    co_return is_client_in(network, mechanism) ? Match::kYes : Match::kNo;
  }
  if (is_over_lookups()) co_return Match::kPermError;
  std::optional<std::string> name = domain;
  if (mechanism.target) {
    auto expanding = expand(domain, *mechanism.target);
    name = co_await expanding;
  }
  if (!name) {
    const bool is_include = mechanism.kind == Kind::kInclude;
    if (!is_include || uses_non_ascii_local(*mechanism.target)) co_return Match::kNo;
    co_return permanent("\"include\" of " + domain + " leads to no domain");
  }
  Task<Match> matching;
  switch (mechanism.kind) {
    case Kind::kInclude:
      matching = match_include(*name);
      break;
    case Kind::kA:
      matching = match_a(*name, mechanism);
      break;
    case Kind::kMx:
      matching = match_mx(*name, mechanism);
      break;
    case Kind::kPtr:
      matching = match_ptr(*name);
      break;
    default:
      matching = match_exists(*name);
      break;
  }
  co_return co_await matching;
}

// RFC 7208 §5.2
Task<SpfEvaluator::Match> SpfEvaluator::match_include(std::string name) {
  ++depth_;
  auto checking = check_host(std::move(name));
  const SpfVerdict verdict = co_await checking;
  --depth_;
  switch (verdict) {
    case SpfVerdict::kPass:
      co_return Match::kYes;
    case SpfVerdict::kTempError:
      co_return Match::kTempError;
    case SpfVerdict::kPermError:
    case SpfVerdict::kNone:
      co_return Match::kPermError;
    default:
      co_return Match::kNo;
  }
}

// RFC 7208 §5.3
Task<SpfEvaluator::Match> SpfEvaluator::match_a(std::string name, const SpfMechanism& mechanism) {
  auto finding = find_host_octets(resolver_, name, values_.ip);
  const Outcome<HostAddresses> host = co_await finding;
  if (!host.ok()) co_return trouble(host.failure(), name);
  const bool is_in = is_client_in(host.value().octets, mechanism);
  co_return after_answer(host.value().kind, is_in ? Match::kYes : Match::kNo);
}

// RFC 7208 §5.4
Task<SpfEvaluator::Match> SpfEvaluator::match_mx(std::string name, const SpfMechanism& mechanism) {
  auto asking = resolver_.resolve(name, DnsType::kMx);
  const Outcome<DnsAnswer> answer = co_await asking;
  if (!answer.ok()) co_return trouble(answer.failure(), name);
  if (answer.value().rdata.size() > limits_.names)
    co_return permanent(name + " has more MX hosts than may be asked for");
  for (const net::MxRecord& record : net::mx_records(answer.value())) {
    if (record.host.empty()) continue;  // null MX (RFC 7505)
    auto finding = find_host_octets(resolver_, record.host, values_.ip);
    const Outcome<HostAddresses> host = co_await finding;
    if (!host.ok()) {
      const Match failed = trouble(host.failure(), record.host);
      if (failed != Match::kNo) co_return failed;
    } else if (is_client_in(host.value().octets, mechanism)) {
      co_return Match::kYes;
    }
  }
  co_return after_answer(answer.value().kind, Match::kNo);
}

// RFC 7208 §5.5
Task<SpfEvaluator::Match> SpfEvaluator::match_ptr(std::string name) {
  const bool is_first = !validated_names_;
  auto finding = find_validated_names();
  co_await finding;
  const auto fits = [&name](const std::string& one) { return is_within(one, name); };
  const bool is_in = std::any_of(validated_names_->begin(), validated_names_->end(), fits);
  if (!is_first) co_return is_in ? Match::kYes : Match::kNo;
  co_return after_answer(names_kind_, is_in ? Match::kYes : Match::kNo);
}

// RFC 7208 §5.7: A records even for a client with IPv6.
Task<SpfEvaluator::Match> SpfEvaluator::match_exists(std::string name) {
  auto asking = resolver_.resolve(name, DnsType::kA);
  const Outcome<DnsAnswer> answer = co_await asking;
  if (!answer.ok()) co_return trouble(answer.failure(), name);
  const bool is_there = answer.value().kind == DnsAnswer::Kind::kFound;
  co_return after_answer(answer.value().kind, is_there ? Match::kYes : Match::kNo);
}

// Trouble with the DNS makes the client nameless, not the check fail (§5.5).
Task<void> SpfEvaluator::find_validated_names() {
  if (validated_names_) co_return;
  validated_names_.emplace();
  auto asking = resolver_.resolve(reverse_name(values_.ip), DnsType::kPtr);
  const Outcome<DnsAnswer> answer = co_await asking;
  if (!answer.ok()) co_return;
  names_kind_ = answer.value().kind;
  std::vector<std::string> names = net::names(answer.value());
  names.resize(std::min(names.size(), limits_.names));
  for (std::string& name : names) {
    if (name.empty()) continue;
    auto finding = find_host_octets(resolver_, name, values_.ip);
    const Outcome<HostAddresses> host = co_await finding;
    if (!host.ok()) continue;
    const auto& octets = host.value().octets;
    if (std::find(octets.begin(), octets.end(), values_.ip) != octets.end())
      validated_names_->push_back(std::move(name));
  }
}

// RFC 7208 §7.3: "p" is the domain itself, else a name below it, else any.
Task<void> SpfEvaluator::fill_validated(std::string domain, const SpfMacroString& macros) {
  if (!uses_spf_macro(macros, 'p')) co_return;
  auto finding = find_validated_names();
  co_await finding;
  values_.validated = "unknown";
  int best = 0;
  for (const std::string& name : *validated_names_) {
    const int rank = name == domain ? 3 : is_within(name, domain) ? 2 : 1;
    if (rank > best) values_.validated = name;
    best = std::max(best, rank);
  }
}

Task<std::optional<std::string>> SpfEvaluator::expand(std::string domain,
                                                      const SpfMacroString& macros) {
  auto filling = fill_validated(domain, macros);
  co_await filling;
  values_.domain = std::move(domain);
  co_return expand_spf_name(macros, values_);
}

// RFC 7208 §6.2: whatever goes wrong, there is then no explanation.
Task<std::string> SpfEvaluator::explain() {
  if (!exp_) co_return std::string();
  auto expanding = expand(exp_domain_, *exp_);
  const std::optional<std::string> name = co_await expanding;
  if (!name) co_return std::string();
  auto asking = resolver_.resolve(*name, DnsType::kTxt);
  const Outcome<DnsAnswer> answer = co_await asking;
  if (!answer.ok() || answer.value().rdata.size() != 1) co_return std::string();
  const std::vector<std::string> texts = net::texts(answer.value());
  if (texts.size() != 1 || texts.front().size() > limits_.record) co_return std::string();
  const auto macros = parse_spf_macros(texts.front(), SpfMacroPlace::kExplanation);
  if (!macros) co_return std::string();
  auto filling = fill_validated(exp_domain_, *macros);
  co_await filling;
  values_.domain = exp_domain_;
  std::string text = expand_spf_macros(*macros, values_);
  const auto is_printable = [](char c) { return c >= ' ' && c <= '~'; };
  if (!std::all_of(text.begin(), text.end(), is_printable)) co_return std::string();
  text.resize(std::min(text.size(), limits_.explanation));
  co_return text;
}

bool SpfEvaluator::is_client_in(const std::vector<std::string>& octets,
                                const SpfMechanism& mechanism) const {
  const unsigned bits = values_.ip.size() == 4 ? mechanism.ip4_bits : mechanism.ip6_bits;
  return std::any_of(octets.begin(), octets.end(), [this, bits](const std::string& one) {
    return is_same_network(one, values_.ip, bits);
  });
}

// RFC 8616 §4: terms with such macros match nothing.
bool SpfEvaluator::uses_non_ascii_local(const SpfMacroString& macros) const {
  return !is_ascii(values_.local) && (uses_spf_macro(macros, 'l') || uses_spf_macro(macros, 's'));
}

// RFC 7208 §4.6.4: counts one more term that asks.
bool SpfEvaluator::is_over_lookups() {
  if (lookups_ >= limits_.lookups) {
    permanent("more than " + std::to_string(limits_.lookups) + " terms ask the DNS");
    return true;
  }
  ++lookups_;
  return false;
}

// Counts an answer without data.
SpfEvaluator::Match SpfEvaluator::after_answer(DnsAnswer::Kind kind, Match match) {
  if (kind == DnsAnswer::Kind::kFound) return match;
  if (++void_lookups_ > limits_.void_lookups)
    return permanent("more than " + std::to_string(limits_.void_lookups) +
                     " terms ask for what the DNS does not have");
  return match;
}

SpfEvaluator::Match SpfEvaluator::trouble(const Failure& failure, const std::string& name) {
  if (failure.fault == Fault::kBadInput) return Match::kNo;
  problem_ = "the DNS gives no answer for " + name;
  return Match::kTempError;
}

SpfEvaluator::Match SpfEvaluator::permanent(std::string problem) {
  problem_ = std::move(problem);
  return Match::kPermError;
}

}  // namespace fwd::mailauth
