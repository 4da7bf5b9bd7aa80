// Counting wrong passwords.
#include "door/guesses.h"

#include <algorithm>
#include <utility>

#include "net/socket_address.h"

namespace fwd::door {
namespace {

constexpr std::size_t kSweep = 1000;

Failure too_many(const std::string& guesser) {
  return {Fault::kBusy, "too many wrong passwords; try again later",
          guesser + " has reached the limit"};
}

}  // namespace

std::string Guesses::at_address(const std::string& peer_ip) {
  if (peer_ip.empty()) return "";
  PeerAddress peer;
  peer.ip = peer_ip;
  return "login.failures:" + net::counting_key(peer);
}

std::string Guesses::at_alias(const std::string& alias_id) { return "login.failures:" + alias_id; }

Task<Outcome<void>> Guesses::check(std::string guesser) {
  if (guesser.empty()) co_return Outcome<void>{};
  auto count = co_await stores_.state.add(guesser, 0, stores_.login.failures_window);
  if (!count.ok()) co_return count.failure();
  if (count.value().value < stores_.login.failures_per_address) co_return Outcome<void>{};
  co_return too_many(guesser);
}

Task<Outcome<Guesses::Turn>> Guesses::take_turn(std::string guesser) {
  if (guesser.empty()) co_return Turn();
  if (checked_.size() >= kSweep)
    std::erase_if(checked_, [](const auto& entry) { return entry.second.expired(); });
  auto checked = checked_[guesser].lock();
  if (checked == nullptr) {
    checked = std::make_shared<Checked>();
    checked_[guesser] = checked;
  }
  const std::uint64_t most = std::max<std::uint64_t>(1, stores_.login.failures_per_address);
  for (;;) {
    auto count = co_await stores_.state.add(guesser, 0, stores_.login.failures_window);
    if (!count.ok()) co_return count.failure();
    if (count.value().value >= most) co_return too_many(guesser);
    if (count.value().value + checked->under_way < most) break;
    co_await checked->ended.wait();
  }
  ++checked->under_way;
  Turn turn(checked.get(), [checked](void*) {
    --checked->under_way;
    checked->ended.pulse();
  });
  co_return turn;
}

Task<Failure> Guesses::refuse(std::string guesser, Turn turn, Instant began, Failure answer) {
  if (!guesser.empty()) {
    const auto counted =
        co_await stores_.state.add(std::move(guesser), 1, stores_.login.failures_window);
    if (!counted.ok()) co_return counted.failure();
  }
  turn.reset();
  co_await stores_.clock.sleep_until(began + stores_.login.failure_delay);
  co_return answer;
}

}  // namespace fwd::door
