// Forwarding in memory.
#include "support/memory_forwarding.h"

#include <algorithm>

#include "core/first_of.h"

namespace fwd::test {
namespace {

using model::RecipientState;

Task<void> wait_for(Event& event) { co_await event.wait(); }

std::string key_of(const model::Destination& to) {
  return to.address + '|' + to.host + '|' + std::to_string(to.port);
}

}  // namespace

std::optional<MemoryForwarding::Word> MemoryForwarding::word_of(const std::string& address) const {
  const auto at = words_.find(address);
  return at == words_.end() ? std::optional<Word>(Word{}) : at->second;
}

void MemoryForwarding::try_now(model::Forwarded& forwarded) {
  for (model::ForwardedTo& to : forwarded.destinations) {
    if (to.is_repeat || to.state != RecipientState::kWaiting) continue;
    const auto word = word_of(to.destination.address);
    if (!word) continue;
    to.state = word->state;
    ++to.attempts;
    to.last.time = unix_milliseconds(clock_.wall());
    to.last.code = word->code;
    to.last.status = word->status;
    to.last.response = word->response;
    to.last.from_remote = true;
  }
}

void MemoryForwarding::say(const std::string& address, std::optional<Word> word) {
  words_[address] = std::move(word);
  for (auto& [id, one] : kept) try_now(one.forwarded);
  changed_.pulse();
}

Task<Outcome<model::Forwarded>> MemoryForwarding::forward(model::NewForward forward) {
  if (trouble) co_return *trouble;
  for (const model::Destination& to : forward.destinations)
    if (const auto at = untaken.find(to.address); at != untaken.end()) co_return at->second;
  if (!forward.spends.empty()) {
    const auto credit = credits.find(forward.spends);
    if (credit == credits.end() || credit->second == 0)
      co_return Failure{Fault::kDenied, "nothing may come to this return path", ""};
    --credit->second;
  }
  model::Forwarded forwarded;
  const std::string id = forward.message.id.empty() ? "forward-" + std::to_string(order.size() + 1)
                                                    : forward.message.id;
  for (const model::Destination& destination : forward.destinations) {
    model::ForwardedTo to;
    to.destination = destination;
    const auto print = std::pair(forward.print, key_of(destination));
    const auto known = forward.print.empty() ? prints_.end() : prints_.find(print);
    if (known != prints_.end()) {
      const auto& [other, index] = known->second;
      const model::ForwardedTo earlier = kept.at(other).forwarded.destinations.at(index);
      to.is_repeat = earlier.state != RecipientState::kFailed;
      if (to.is_repeat) {
        to.state = earlier.state;
        to.attempts = earlier.attempts;
        to.last = earlier.last;
      }
    }
    if (!to.is_repeat && !forward.print.empty())
      prints_[print] = {id, forwarded.destinations.size()};
    forwarded.destinations.push_back(std::move(to));
  }
  const bool is_new = std::any_of(forwarded.destinations.begin(), forwarded.destinations.end(),
                                  [](const auto& to) { return !to.is_repeat; });
  if (!is_new) co_return forwarded;
  forwarded.id = id;
  order.push_back(id);
  kept[id] = Kept{std::move(forward), forwarded, std::nullopt};
  co_return forwarded;
}

Task<Outcome<model::Forwarded>> MemoryForwarding::await_forward(std::string id,
                                                                std::chrono::milliseconds wait) {
  ++awaited;
  if (trouble) co_return *trouble;
  if (await_trouble) co_return *await_trouble;
  const Instant deadline = clock_.now() + wait;
  for (;;) {
    const auto at = kept.find(id);
    if (at == kept.end()) co_return Failure{Fault::kNotFound, "there is no such message", ""};
    try_now(at->second.forwarded);
    const auto& all = at->second.forwarded.destinations;
    const bool is_tried = std::none_of(all.begin(), all.end(), [](const auto& to) {
      return to.state == RecipientState::kWaiting && to.attempts == 0;
    });
    if (is_tried || clock_.now() >= deadline) co_return at->second.forwarded;
    auto told = wait_for(changed_);
    auto pause = clock_.sleep_until(deadline);
    co_await first_of(std::move(told), std::move(pause));
  }
}

Task<Outcome<void>> MemoryForwarding::settle_forward(std::string id, model::SettleForward how) {
  if (trouble) co_return *trouble;
  if (settle_trouble) co_return *settle_trouble;
  const auto at = kept.find(id);
  if (at == kept.end()) co_return Failure{Fault::kNotFound, "there is no such message", ""};
  if (at->second.settled) co_return Outcome<void>{};
  at->second.settled = how;
  if (how == model::SettleForward::kKeep) co_return Outcome<void>{};
  if (!at->second.forward.spends.empty()) ++credits[at->second.forward.spends];
  for (model::ForwardedTo& to : at->second.forwarded.destinations)
    if (!to.is_repeat && to.state == RecipientState::kWaiting) to.state = RecipientState::kFailed;
  co_return Outcome<void>{};
}

Task<Outcome<model::WentOn>> MemoryForwarding::find_forwarded(model::CameBack back) {
  if (trouble) co_return *trouble;
  asked.push_back(back);
  const auto at = went_on.find(back.return_path);
  if (at != went_on.end()) co_return at->second;
  model::WentOn own;
  own.is_own = true;
  co_return own;
}

Task<Outcome<model::Vacation>> MemoryForwarding::get_vacation(std::string alias_id) {
  if (trouble) co_return *trouble;
  const auto at = vacations.find(alias_id);
  if (at == vacations.end()) co_return Failure{Fault::kNotFound, "nobody is away", ""};
  co_return at->second;
}

Task<Outcome<void>> MemoryForwarding::confirm_recipient(std::string address) {
  if (trouble) co_return *trouble;
  confirmed.push_back(std::move(address));
  co_return Outcome<void>{};
}

Task<Outcome<std::string>> MemoryForwarding::send_reply(model::NewReply reply) {
  if (trouble) co_return *trouble;
  if (reply_trouble) co_return *reply_trouble;
  const std::string id =
      reply.message.id.empty() ? "reply-" + std::to_string(replies.size() + 1) : reply.message.id;
  reply.message.id = id;
  replies.push_back(std::move(reply));
  co_return id;
}

}  // namespace fwd::test
