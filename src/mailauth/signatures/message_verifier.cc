// The waiting part of verifying: keys from the DNS, and work on other threads.
#include "mailauth/signatures/message_verifier.h"

#include <utility>

#include "mailauth/signatures/arc_verify.h"
#include "mailauth/signatures/dkim_verify.h"
#include "mailauth/signatures/key_ring.h"
#include "net/workers.h"

namespace fwd::mailauth {
namespace {

Task<void> run_on(net::Workers& workers, std::uint64_t key, std::function<void()> job) {
  auto told = [job = std::move(job)] {
    job();
    return true;
  };
  auto running = workers.run(key, std::move(told));
  co_await running;
}

// Of a chain: whose keys are wanted, and what is done with them.
struct Stage {
  std::vector<const Signature*> (*wanted_of)(const ArcCase& chain);
  void (*verify)(const MessageView& message, ArcCase& chain);
};
constexpr Stage kStages[] = {{newest_signatures, verify_newest}, {older_signatures, verify_older}};

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

std::shared_ptr<KeyRing> MessageVerifier::make_ring() const {
  return std::make_shared<KeyRing>(resolver_, limits_.keys, kKeysAtOnce);
}

Task<std::vector<DkimResult>> MessageVerifier::verify_dkim(
    std::shared_ptr<const MessageView> message, std::int64_t unix_time,
    std::shared_ptr<KeyRing> ring) const {
  if (!ring) ring = make_ring();
  auto cases = std::make_shared<std::vector<DkimCase>>(open_cases(*message, unix_time, limits_));
  std::vector<const Signature*> wanted;
  for (const DkimCase& one : *cases)
    if (one.is_open()) wanted.push_back(&one.signature);
  auto fetching = ring->fetch(std::move(wanted));
  co_await fetching;
  bool has_open = false;
  for (DkimCase& one : *cases) {
    if (!one.is_open()) continue;
    one.key = ring->key_of(one.signature);
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
                                            std::int64_t unix_time,
                                            std::shared_ptr<KeyRing> ring) const {
  if (!ring) ring = make_ring();
  auto chain = std::make_shared<ArcCase>(open_chain(*message, unix_time, limits_));
  // What it rests on is asked for first, the others only when that holds.
  for (const Stage& stage : kStages) {
    if (!chain->is_open) break;
    auto fetching = ring->fetch(stage.wanted_of(*chain));
    co_await fetching;
    for (ArcSet& set : chain->sets) {
      set.seal_key = ring->key_of(set.seal);
      set.message_key = ring->key_of(set.message);
    }
    std::function<void()> job = [message, chain, verify = stage.verify] {
      verify(*message, *chain);
    };
    auto working = blocking_(std::move(job));
    co_await working;
  }
  co_return std::move(chain->result);
}

}  // namespace fwd::mailauth
