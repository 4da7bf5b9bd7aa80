// Which messages of the queue a command means.
#include <algorithm>

#include "core/text.h"
#include "service/operator/queue_words.h"

namespace fwd::service {
namespace {

constexpr std::uint64_t kMostMessages = 100'000;

Failure wrong(std::string text) { return {Fault::kBadInput, std::move(text), ""}; }

std::string all_states() {
  std::string names;
  for (auto state = model::OutboundState::kPending; state <= model::OutboundState::kRejected;
       state = static_cast<model::OutboundState>(static_cast<int>(state) + 1))
    names += (names.empty() ? "" : ", ") + std::string(model::outbound_state_name(state));
  return names;
}

Outcome<std::vector<model::OutboundState>> read_states(const std::string& words) {
  std::vector<model::OutboundState> states;
  for (const std::string_view word : split(words, ',')) {
    bool known = false;
    for (auto state = model::OutboundState::kPending; state <= model::OutboundState::kRejected;
         state = static_cast<model::OutboundState>(static_cast<int>(state) + 1)) {
      if (model::outbound_state_name(state) != trim(word)) continue;
      known = true;
      if (std::find(states.begin(), states.end(), state) == states.end()) states.push_back(state);
    }
    if (!known) return wrong("there is no state '" + std::string(word) + "': " + all_states());
  }
  return states;
}

Outcome<void> read_plain(const Call& call, model::QueueFilter& filter) {
  filter.sender = call.option("sender");
  filter.destination = call.option("destination");
  for (const char* option : {"domain", "sender", "destination", "state"})
    if (call.has(option) && call.option(option).empty())
      return wrong("--" + std::string(option) + " wants a value");
  if (call.has("state")) {
    auto states = read_states(call.option("state"));
    if (!states.ok()) return states.failure();
    filter.states = std::move(states.value());
  }
  if (call.has("limit")) {
    const auto limit = parse_number(call.option("limit"));
    if (!limit || *limit == 0 || *limit > kMostMessages)
      return wrong("--limit wants a number from 1 to " + std::to_string(kMostMessages));
    filter.limit = static_cast<std::uint32_t>(*limit);
  }
  return {};
}

}  // namespace

Task<Outcome<model::QueueFilter>> read_filter(Desk& desk, const Call& call) {
  model::QueueFilter filter;
  const Outcome<void> read = read_plain(call, filter);
  if (!read.ok()) co_return read.failure();
  if (call.has("domain")) {
    auto domain = co_await desk.directory.get_domain(call.option("domain"));
    if (!domain.ok()) co_return domain.failure();
    filter.domain_id = domain.value().id;
  }
  co_return filter;
}

}  // namespace fwd::service
