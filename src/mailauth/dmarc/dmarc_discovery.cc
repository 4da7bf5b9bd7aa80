// Finds DMARC records.
#include "mailauth/dmarc/dmarc_discovery.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace fwd::mailauth {
namespace {

constexpr std::size_t kMostQueries = 8;

struct Looked {
  enum class Kind : std::uint8_t { kNone, kOne, kSeveral, kTemporary };
  Kind kind = Kind::kNone;
  DmarcRecord record;
  std::string why;
};

Looked read_answer(const net::DnsAnswer& answer) {
  Looked looked;
  for (const std::string& text : net::texts(answer)) {
    auto record = parse_dmarc_record(text);
    if (!record) continue;
    if (looked.kind == Looked::Kind::kOne) return {Looked::Kind::kSeveral, {}, {}};
    looked.kind = Looked::Kind::kOne;
    looked.record = std::move(*record);
  }
  return looked;
}

Task<Looked> look_up(net::Resolver& resolver, std::string domain) {
  std::string name = "_dmarc." + domain;
  // A name with no room for the prefix has no record.
  if (name.size() > 253) co_return Looked{};
  auto answer = co_await resolver.resolve(std::move(name), net::DnsType::kTxt);
  if (answer.ok()) co_return read_answer(answer.value());
  if (answer.failure().fault == Fault::kBadInput) co_return Looked{};
  co_return Looked{Looked::Kind::kTemporary, {}, answer.failure().private_text};
}

std::string_view parent_of(std::string_view domain) {
  const std::size_t dot = domain.find('.');
  return dot == domain.npos ? std::string_view() : domain.substr(dot + 1);
}

// The names asked for, in their order (RFC 9989 §4.10, steps 3 to 7).
std::vector<std::string> walk_targets(std::string_view domain) {
  std::vector<std::string> targets{std::string(domain)};
  const auto labels = static_cast<std::size_t>(std::count(domain.begin(), domain.end(), '.')) + 1;
  const std::size_t skipped = labels < kMostQueries ? 1 : labels - (kMostQueries - 1);
  for (std::size_t i = 0; i < skipped; ++i) domain = parent_of(domain);
  for (; !domain.empty(); domain = parent_of(domain)) targets.emplace_back(domain);
  return targets;
}

struct Step {
  std::string domain;
  DmarcRecord record;
};

// Where a walk that met these records ends (RFC 9989 §4.10.2).
std::string choose_organisational(const std::string& start, const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    if (step.record.psd == DmarcRecord::Psd::kNo) return step.domain;
    if (step.record.psd == DmarcRecord::Psd::kYes && step.domain != start) {
      std::string_view below = start;
      while (parent_of(below) != step.domain) below = parent_of(below);
      return std::string(below);
    }
  }
  return steps.empty() ? start : steps.back().domain;
}

// Author domain, organisational domain, public suffix domain.
const Step* choose_policy(const std::string& domain, const std::string& organisational,
                          const std::vector<Step>& steps) {
  for (const std::string& wanted : {domain, organisational})
    for (const Step& step : steps)
      if (step.domain == wanted) return &step;
  if (!steps.empty() && steps.back().record.psd == DmarcRecord::Psd::kYes) return &steps.back();
  return nullptr;
}

}  // namespace

Task<DmarcDiscovery> discover_by_list(net::Resolver& resolver, const SuffixList& suffixes,
                                      std::string domain) {
  DmarcDiscovery found;
  found.organisational_domain = suffixes.organisational_domain(domain);
  const std::array<std::string, 3> places{domain, found.organisational_domain,
                                          suffixes.public_suffix(domain)};
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (i > 0 && places[i] == places[i - 1]) continue;
    Looked looked = co_await look_up(resolver, places[i]);
    // Few suffixes say anything, and none must hold up its registrants' mail.
    if (i == 2 && looked.kind == Looked::Kind::kTemporary) continue;
    if (looked.kind == Looked::Kind::kTemporary) {
      found.temporary = true;
      found.problem = std::move(looked.why);
      co_return found;
    }
    if (looked.kind == Looked::Kind::kSeveral) {
      found.problem = "several DMARC records at " + places[i];
      co_return found;
    }
    if (looked.kind == Looked::Kind::kNone) continue;
    // Above what was registered only a suffix that says so speaks for it.
    if (i == 2 && looked.record.psd != DmarcRecord::Psd::kYes) continue;
    found.policy_domain = places[i];
    found.record = std::move(looked.record);
    co_return found;
  }
  co_return found;
}

Task<DmarcDiscovery> discover_by_tree_walk(net::Resolver& resolver, std::string domain) {
  DmarcDiscovery found;
  std::vector<Step> steps;
  for (std::string& target : walk_targets(domain)) {
    Looked looked = co_await look_up(resolver, target);
    if (looked.kind == Looked::Kind::kTemporary) {
      // The author domain's own record is enough to go on with.
      found.problem = std::move(looked.why);
      found.temporary = steps.empty() || steps.front().domain != domain;
      if (!found.temporary) {
        found.policy_domain = domain;
        found.record = std::move(steps.front().record);
      }
      co_return found;
    }
    if (looked.kind == Looked::Kind::kSeveral) found.problem = "several DMARC records at " + target;
    if (looked.kind != Looked::Kind::kOne) continue;
    const bool ends = looked.record.psd != DmarcRecord::Psd::kUnknown;
    steps.push_back({std::move(target), std::move(looked.record)});
    if (ends) break;
  }
  found.organisational_domain = choose_organisational(domain, steps);
  const Step* policy = choose_policy(domain, found.organisational_domain, steps);
  if (policy != nullptr) {
    found.policy_domain = policy->domain;
    found.record = policy->record;
  }
  co_return found;
}

Task<Existence> domain_exists(net::Resolver& resolver, std::string domain, bool revised) {
  for (const net::DnsType type : {net::DnsType::kA, net::DnsType::kAaaa, net::DnsType::kMx}) {
    auto answer = co_await resolver.resolve(domain, type);
    if (!answer.ok()) co_return Existence::kUnknown;
    if (answer.value().kind == net::DnsAnswer::Kind::kNoName) co_return Existence::kNo;
    if (answer.value().kind == net::DnsAnswer::Kind::kFound || revised) co_return Existence::kYes;
  }
  co_return Existence::kNo;
}

}  // namespace fwd::mailauth
