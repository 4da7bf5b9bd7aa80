// MTA-STS policies: found, fetched, remembered.
#include "mailauth/route/mta_sts.h"

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace fwd::mailauth {
namespace {

using net::DnsAnswer;
using net::DnsType;

constexpr std::int64_t kRetryAfter = 300;          // seconds; RFC 8461 §3.3
constexpr std::int64_t kRefreshAfter = 24 * 3600;  // RFC 8461 §10.2
constexpr std::size_t kLongestDomain = 253;

std::string key_of(const std::string& domain) { return "bree.sts:" + domain; }

}  // namespace

// What State holds for a domain: four lines and the policy's own.
struct StsPolicies::Known {
  std::string id;            // of the policy, or of the one that could not be fetched
  std::int64_t fetched = 0;  // seconds since 1970
  std::int64_t expires = 0;
  std::int64_t next_try = 0;  // after a failed fetch
  std::string failed_id;      // the id it failed for
  std::string trouble;        // its word, told again until then
  std::optional<StsPolicy> policy;

  bool is_alive(std::int64_t now) const { return policy && now < expires; }

  std::string text() const {
    std::vector<std::string> lines{id,
                                   std::to_string(fetched),
                                   std::to_string(expires),
                                   std::to_string(next_try),
                                   failed_id,
                                   trouble};
    if (policy)
      for (std::string& line : sts_lines(*policy)) lines.push_back(std::move(line));
    return join(lines, "\n");
  }

  static Known parse(std::string_view text) {
    constexpr std::size_t kHeadLines = 6;
    std::vector<std::string> head;
    while (head.size() < kHeadLines) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      head.emplace_back(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    const auto number = [&head](std::size_t i) {
      return static_cast<std::int64_t>(parse_number(head[i]).value_or(0));
    };
    Known known;
    known.id = head[0];
    known.fetched = number(1);
    known.expires = number(2);
    known.next_try = number(3);
    known.failed_id = head[4];
    known.trouble = head[5];
    auto policy = parse_sts_policy(text);
    if (policy.ok()) known.policy = std::move(policy).value();
    return known;
  }
};

// While it lives, others who want the same fetch wait for it.
class StsPolicies::Fetching {
 public:
  Fetching(StsPolicies& policies, std::string domain)
      : policies_(policies), domain_(std::move(domain)), done_(std::make_shared<Event>()) {
    policies_.fetching_[domain_] = done_;
  }
  ~Fetching() {
    policies_.fetching_.erase(domain_);
    done_->set();
  }
  Fetching(const Fetching&) = delete;
  Fetching& operator=(const Fetching&) = delete;

 private:
  StsPolicies& policies_;
  std::string domain_;
  std::shared_ptr<Event> done_;
};

StsPolicies::StsPolicies(net::Resolver& resolver, model::State& state, Clock& clock, StsFetch fetch)
    : resolver_(resolver), state_(state), clock_(clock), fetch_(std::move(fetch)) {}

// "Nothing known" is for State alone to say.
Task<Outcome<StsPolicies::Known>> StsPolicies::recall(std::string domain) {
  auto getting = state_.get(key_of(domain));
  const auto got = co_await getting;
  if (!got.ok()) co_return got.failure();
  if (!got.value()) co_return Known{};
  co_return Known::parse(*got.value());
}

Task<void> StsPolicies::keep(std::string domain, Known known) {
  const std::int64_t until = std::max(known.policy ? known.expires : 0, known.next_try);
  const std::int64_t life = std::max<std::int64_t>(1, until - unix_seconds(clock_.wall()));
  // Where State is not to be had we ask again next time.
  auto setting = state_.set(key_of(domain), known.text(), std::chrono::seconds(life));
  [[maybe_unused]] const auto set = co_await setting;
}

Task<StsAnswer> StsPolicies::fetch_new(std::string domain, std::string id, Known old) {
  const Fetching fetching(*this, domain);
  auto getting = fetch_(domain);
  const Outcome<std::string> file = co_await getting;
  const std::int64_t now = unix_seconds(clock_.wall());
  StsAnswer answer;
  Failure failure;
  if (file.ok()) {
    auto policy = parse_sts_policy(file.value());
    if (policy.ok()) {
      Known fresh;
      fresh.id = id;
      fresh.fetched = now;
      fresh.expires = now + policy.value().max_age.count();
      fresh.policy = policy.value();
      answer.policy = std::move(policy).value();
      auto keeping = keep(domain, std::move(fresh));
      co_await keeping;
      co_return answer;
    }
    failure = policy.failure();
  } else {
    failure = file.failure();
  }
  answer.trouble = failure.fault == Fault::kDenied     ? "sts-webpki-invalid"
                   : failure.fault == Fault::kBadInput ? "sts-policy-invalid"
                                                       : "sts-policy-fetch-error";
  answer.reason = failure.private_text;
  if (old.is_alive(now)) {
    answer.policy = old.policy;
  } else {
    old = Known{};
  }
  old.next_try = now + kRetryAfter;
  old.failed_id = id;
  old.trouble = answer.trouble;
  auto keeping = keep(domain, std::move(old));
  co_await keeping;
  co_return answer;
}

Task<Outcome<StsAnswer>> StsPolicies::find(std::string domain) {
  StsAnswer answer;
  if (domain.empty() || domain.size() > kLongestDomain) co_return answer;
  auto asking = resolver_.resolve("_mta-sts." + domain, DnsType::kTxt);
  const Outcome<DnsAnswer> record = co_await asking;
  std::optional<std::string> id;
  if (record.ok()) id = parse_sts_record(net::texts(record.value()));
  for (;;) {
    auto recalling = recall(domain);
    Outcome<Known> recalled = co_await recalling;
    if (!recalled.ok()) co_return recalled.failure();
    Known known = std::move(recalled).value();
    const std::int64_t now = unix_seconds(clock_.wall());
    const bool is_alive = known.is_alive(now);
    if (is_alive) answer.policy = known.policy;
    // RFC 8461 §5.1: without a record, what is known goes on being used.
    if (!id) co_return answer;
    const bool is_fresh = is_alive && known.id == *id && now < known.fetched + kRefreshAfter;
    if (is_fresh) co_return answer;
    if (known.failed_id == *id && now < known.next_try) {
      answer.trouble = known.trouble;
      answer.reason = "the last fetch failed";
      co_return answer;
    }
    const auto under_way = fetching_.find(domain);
    if (under_way == fetching_.end()) {
      auto fetching = fetch_new(domain, *id, std::move(known));
      co_return co_await fetching;
    }
    const std::shared_ptr<Event> done = under_way->second;
    co_await done->wait();
  }
}

}  // namespace fwd::mailauth
