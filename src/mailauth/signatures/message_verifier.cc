// The waiting part of verifying: keys from the DNS, and work on other threads.
#include "mailauth/signatures/message_verifier.h"

#include <map>
#include <tuple>
#include <utility>

#include "core/all_of.h"
#include "mailauth/signatures/arc_verify.h"
#include "mailauth/signatures/dkim_verify.h"
#include "net/workers.h"

namespace fwd::mailauth {
namespace {

// One message must not take the resolver away from all others.
constexpr std::size_t kMostAtOnce = 8;

// Keys wanted, each once, however many signatures were made with it.
class KeyRing {
 public:
  explicit KeyRing(net::Resolver& resolver) : resolver_(resolver) {}

  void want(const Signature& signature) { keys_.try_emplace(name_of(signature)); }
  Task<void> fetch() {
    for (auto next = keys_.begin(); next != keys_.end();) {
      std::vector<Task<DkimKey>> asking;
      auto end = next;
      for (; end != keys_.end() && asking.size() < kMostAtOnce; ++end) {
        const auto& [domain, selector, algorithm] = end->first;
        asking.push_back(fetch_key(resolver_, domain, selector, algorithm));
      }
      auto all = all_of(std::move(asking));
      std::vector<std::optional<DkimKey>> found = co_await all;
      for (auto& key : found) (next++)->second = std::move(*key);
    }
  }
  const DkimKey& key_of(const Signature& signature) const { return keys_.at(name_of(signature)); }

 private:
  using Name = std::tuple<std::string, std::string, SignatureAlgorithm>;
  static Name name_of(const Signature& signature) {
    return {signature.domain, signature.selector, signature.algorithm};
  }
  net::Resolver& resolver_;
  std::map<Name, DkimKey> keys_;
};

Task<void> run_on(net::Workers& workers, std::uint64_t key, std::function<void()> job) {
  auto told = [job = std::move(job)] {
    job();
    return true;
  };
  auto running = workers.run(key, std::move(told));
  co_await running;
}

}  // namespace

Blocking on_workers(net::Workers& workers) {
  return [&workers, next = std::uint64_t{0}](std::function<void()> job) mutable {
    return run_on(workers, next++, std::move(job));
  };
}

Task<void> run_inline(std::function<void()> job) {
  job();
  co_return;
}

MessageVerifier::MessageVerifier(net::Resolver& resolver, Blocking blocking, AuthLimits limits)
    : resolver_(resolver), blocking_(std::move(blocking)), limits_(limits) {}

Task<std::vector<DkimResult>> MessageVerifier::verify_dkim(
    std::shared_ptr<const MessageView> message, std::int64_t unix_time) const {
  auto cases = std::make_shared<std::vector<DkimCase>>(open_cases(*message, unix_time, limits_));
  KeyRing ring(resolver_);
  for (const DkimCase& one : *cases)
    if (one.is_open()) ring.want(one.signature);
  auto fetching = ring.fetch();
  co_await fetching;
  bool has_open = false;
  for (DkimCase& one : *cases) {
    if (!one.is_open()) continue;
    one.key = ring.key_of(one.signature);
    judge_key(one);
    has_open = has_open || one.is_open();
  }
  if (has_open) {
    std::function<void()> job = [message, cases] { verify_cases(*message, *cases); };
    auto working = blocking_(std::move(job));
    co_await working;
  }
  std::vector<DkimResult> results;
  for (DkimCase& one : *cases) results.push_back(std::move(one.result));
  co_return results;
}

Task<ArcResult> MessageVerifier::verify_arc(std::shared_ptr<const MessageView> message,
                                            std::int64_t unix_time) const {
  auto chain = std::make_shared<ArcCase>(open_chain(*message, unix_time, limits_));
  if (!chain->is_open) co_return std::move(chain->result);
  // RFC 8617 §5.2: without the newest signature nothing else counts.
  ArcSet& newest = chain->sets.back();
  if (newest.message_problem.empty()) {
    KeyRing first(resolver_);
    first.want(newest.message);
    auto asking = first.fetch();
    co_await asking;
    newest.message_key = first.key_of(newest.message);
  }
  if (!newest.message_problem.empty() || newest.message_key.trouble != DkimKey::Trouble::kNone) {
    std::function<void()> failing = [message, chain] { verify_chain(*message, *chain); };
    auto telling = blocking_(std::move(failing));
    co_await telling;
    co_return std::move(chain->result);
  }
  KeyRing ring(resolver_);
  for (const ArcSet& set : chain->sets) {
    ring.want(set.seal);
    if (set.message_problem.empty()) ring.want(set.message);
  }
  auto fetching = ring.fetch();
  co_await fetching;
  for (ArcSet& set : chain->sets) {
    set.seal_key = ring.key_of(set.seal);
    if (set.message_problem.empty()) set.message_key = ring.key_of(set.message);
  }
  std::function<void()> job = [message, chain] { verify_chain(*message, *chain); };
  auto working = blocking_(std::move(job));
  co_await working;
  co_return std::move(chain->result);
}

}  // namespace fwd::mailauth
