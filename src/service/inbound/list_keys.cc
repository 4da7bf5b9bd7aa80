// From what is known of a sender to list values and back.
#include "service/inbound/list_keys.h"

#include <algorithm>

#include "core/text.h"
#include "format/ip_network.h"

namespace fwd::service {
namespace {

constexpr unsigned kWhole = 100;
constexpr unsigned kPerLabel = 20;
constexpr unsigned kTopLevel = 400;
constexpr std::size_t kMostLabels = 10;  // of a name that are looked at, from the right
constexpr std::size_t kMostSigners = 4;

class Keys {
 public:
  void add(std::string value, unsigned exactness, bool may_allow, std::string_view what) {
    for (ListKey& key : keys_) {
      if (key.value != value) continue;
      // One value of two meanings: the more exact one, and the right of either.
      if (exactness < key.exactness) key.exactness = exactness, key.what = what;
      key.may_allow = key.may_allow || may_allow;
      return;
    }
    keys_.push_back({std::move(value), exactness, may_allow, what});
  }

  // `exactness` of the name itself; then those above it, and the top.
  void add_domain(std::string_view name, unsigned exactness, bool may_allow,
                  std::string_view what) {
    std::vector<std::string_view> labels = split(name, '.');
    if (labels.size() < 2 || name.starts_with('[')) return;
    const std::size_t first = labels.size() > kMostLabels ? labels.size() - kMostLabels : 0;
    for (std::size_t i = first; i + 1 < labels.size(); ++i) {
      const std::string_view above =
          name.substr(static_cast<std::size_t>(labels[i].data() - name.data()));
      const auto levels = static_cast<unsigned>(i);
      add(std::string(above), levels == 0 ? exactness : kWhole + kPerLabel * std::min(levels, 14U),
          may_allow, what);
    }
    add("*." + std::string(labels.back()), kTopLevel, may_allow, what);
  }

  void add_peer(const std::string& ip) {
    const auto address = format::parse_ip(ip);
    if (!address) return;
    add(address->text(), 0, true, "peer");
    const unsigned least = address->is_v6 ? 16 : 8;
    const unsigned step = address->is_v6 ? 1 : 4;
    for (unsigned prefix = address->bits() - 1; prefix >= least; --prefix)
      add(address->around(prefix).text(), kWhole + (address->bits() - prefix) * step, true, "peer");
  }

  void add_address(const std::optional<format::Address>& address, bool is_proven,
                   std::string_view what) {
    if (!address) return;
    format::Address lower = *address;
    lower.local = to_lower(lower.local);
    add(lower.text(), 0, is_proven, what);
    if (lower.user() != lower.local) {
      lower.local = std::string(lower.user());
      add(lower.text(), 0, is_proven, what);
    }
    add_domain(lower.domain, kWhole, is_proven, what);
  }

  std::vector<ListKey> take() {
    std::stable_sort(keys_.begin(), keys_.end(),
                     [](const ListKey& a, const ListKey& b) { return a.exactness < b.exactness; });
    if (keys_.size() > model::kMostListedAsked) keys_.resize(model::kMostListedAsked);
    return std::move(keys_);
  }

 private:
  std::vector<ListKey> keys_;
};

// By what was learned, or by the operator's entries.
ListDecision decide(const std::vector<ListKey>& keys,
                    const std::vector<model::ListedSender>& entries, bool is_learned) {
  ListDecision decision;
  unsigned exactness = 0;
  for (const ListKey& key : keys) {
    if (decision.standing != Standing::kUnlisted && key.exactness > exactness) break;
    for (const model::ListedSender& entry : entries) {
      if (entry.value != key.value || entry.is_learned != is_learned) continue;
      const bool allows = entry.kind == model::ListKind::kAllow;
      if (allows && !key.may_allow) continue;
      // Found already, and only an allowance can change it.
      if (decision.standing != Standing::kUnlisted && !allows) continue;
      if (decision.standing == Standing::kAllowed) continue;
      decision = {allows ? Standing::kAllowed : Standing::kDenied, entry.value, key.what,
                  entry.reason, entry.is_learned};
      exactness = key.exactness;
    }
  }
  return decision;
}

}  // namespace

std::vector<ListKey> list_keys(const SenderFacts& facts) {
  Keys keys;
  keys.add_peer(facts.ip);
  keys.add_domain(facts.host, 0, true, "host");
  keys.add_address(facts.sender, facts.sender_is_proven, "sender");
  keys.add_address(facts.author, facts.author_is_proven, "author");
  const std::size_t signers = std::min(facts.signing_domains.size(), kMostSigners);
  for (std::size_t i = 0; i < signers; ++i)
    keys.add_domain(facts.signing_domains[i], kWhole, true, "signer");
  return keys.take();
}

std::vector<std::string> key_values(const std::vector<ListKey>& keys) {
  std::vector<std::string> values;
  values.reserve(keys.size());
  for (const ListKey& key : keys) values.push_back(key.value);
  return values;
}

ListDecision decide_lists(const std::vector<ListKey>& keys,
                          const std::vector<model::ListedSender>& entries,
                          const SenderFacts& facts) {
  ListDecision decision = decide(keys, entries, false);
  if (decision.standing != Standing::kUnlisted) return decision;
  if (facts.is_neighbour) return {Standing::kAllowed, "", "peer", "a trusted network", false};
  return decide(keys, entries, true);
}

Finding list_finding(const ListDecision& decision) {
  Finding finding{"lists", "none", "", 0};
  if (decision.standing == Standing::kUnlisted) return finding;
  finding.result = decision.standing == Standing::kAllowed ? "allowed" : "denied";
  finding.why = std::string(decision.what);
  if (!decision.value.empty()) finding.why += " " + decision.value;
  if (!decision.reason.empty()) finding.why += ": " + decision.reason;
  return finding;
}

smtp::Reply list_refusal(const ListDecision& decision, Moment moment) {
  // The reason is for the operator; the sender learns what of him it is about.
  const std::string about =
      decision.what == "peer" || decision.what == "host" ? "Your host" : "This sender";
  if (decision.is_learned)
    return {moment == Moment::kGreeting ? 421 : 450, "4.7.1",
            about + " is not accepted for now, as spam or viruses came from it; try again later",
            moment == Moment::kGreeting};
  return {moment == Moment::kGreeting ? 554 : 550, "5.7.1", about + " is not accepted here",
          moment == Moment::kGreeting};
}

}  // namespace fwd::service
