// forwardemail queue …: what is there, and what is done to it.
#include "service/operator/commands.h"
#include "service/operator/queue_words.h"
#include "service/operator/record_words.h"

namespace fwd::service {
namespace {

using model::QueueAction;

Failure wrong(std::string text) { return {Fault::kBadInput, std::move(text), ""}; }

std::vector<model::OutboundState> states_of(bool final) {
  std::vector<model::OutboundState> states;
  for (const auto state : {model::OutboundState::kPending, model::OutboundState::kQueued,
                           model::OutboundState::kDeferred, model::OutboundState::kSent,
                           model::OutboundState::kPartiallySent, model::OutboundState::kBounced,
                           model::OutboundState::kRejected})
    if (final || !model::is_final(state)) states.push_back(state);
  return states;
}

std::int64_t now_of(const Desk& desk) { return unix_milliseconds(desk.clock.wall()); }

std::string what_was_done(QueueAction action) {
  switch (action) {
    case QueueAction::kHold:
      return "held";
    case QueueAction::kRelease:
      return "released";
    case QueueAction::kRetry:
      return "to be tried now";
    case QueueAction::kRemove:
      return "removed";
    case QueueAction::kBounce:
      return "given up";
  }
  return "";
}

std::string event_of(QueueAction action) {
  switch (action) {
    case QueueAction::kHold:
      return "queue.held";
    case QueueAction::kRelease:
      return "queue.released";
    case QueueAction::kRetry:
      return "queue.retried";
    case QueueAction::kRemove:
      return "queue.removed";
    case QueueAction::kBounce:
      return "queue.given-up";
  }
  return "";
}

// So that `forwardemail log` tells of it.  What was done stays done when the
// journal takes nothing.
Task<void> note(Desk& desk, QueueAction action, const model::QueueFilter& filter,
                std::uint64_t count) {
  model::JournalEntry entry;
  entry.event = event_of(action);
  entry.message_id = filter.id;
  entry.domain_id = filter.domain_id;
  entry.fields["by"] = "operator";
  if (filter.id.empty()) entry.fields["messages"] = std::to_string(count);
  if (!filter.sender.empty()) entry.fields["sender"] = filter.sender;
  if (!filter.destination.empty()) entry.fields["destination"] = filter.destination;
  auto writing = desk.journal.write(std::move(entry));
  (void)co_await writing;
}

Task<Outcome<std::uint64_t>> act_by_id(Desk& desk, const std::vector<std::string>& ids,
                                       QueueAction action) {
  std::uint64_t done = 0;
  for (const std::string& id : ids) {
    model::QueueFilter filter;
    filter.id = id;
    auto acting = desk.queue.act_on_outbound(filter, action);
    const Outcome<std::uint64_t> count = co_await acting;
    if (!count.ok()) co_return count.failure();
    if (count.value() == 0)
      co_return Failure{Fault::kNotFound,
                        "no message " + id + " waits in the queue" +
                            (done == 0 ? "" : "; those named before it are done"),
                        ""};
    auto noting = note(desk, action, filter, 1);
    co_await noting;
    done += count.value();
  }
  co_return done;
}

Task<Outcome<std::uint64_t>> act_by_filter(Desk& desk, const Call& call, QueueAction action) {
  auto reading = read_filter(desk, call);
  Outcome<model::QueueFilter> filter = co_await reading;
  if (!filter.ok()) co_return filter.failure();
  if (call.has("all") && filter.value().states.empty()) filter.value().states = states_of(false);
  auto acting = desk.queue.act_on_outbound(filter.value(), action);
  const Outcome<std::uint64_t> count = co_await acting;
  if (!count.ok()) co_return count.failure();
  if (count.value() > 0) {
    auto noting = note(desk, action, filter.value(), count.value());
    co_await noting;
  }
  co_return count;
}

Task<Outcome<void>> act(Desk& desk, Call call, QueueAction action) {
  if (call.words.empty() == call.options.empty())
    co_return wrong(
        "say which: messages by their ids, or by --domain, --sender, --destination, --state "
        "or --all");
  auto acting =
      call.words.empty() ? act_by_filter(desk, call, action) : act_by_id(desk, call.words, action);
  const Outcome<std::uint64_t> count = co_await acting;
  if (!count.ok()) co_return count.failure();
  if (call.json) {
    format::Json object;
    object.set("messages", number_json(count.value()));
    print_json(desk, object);
  } else {
    desk.print(std::to_string(count.value()) + (count.value() == 1 ? " message " : " messages ") +
               what_was_done(action) + "\n");
  }
  co_return Outcome<void>{};
}

}  // namespace

Task<Outcome<void>> queue_list(Desk& desk, Call call) {
  auto reading = read_filter(desk, call);
  Outcome<model::QueueFilter> filter = co_await reading;
  if (!filter.ok()) co_return filter.failure();
  if (call.has("all") && filter.value().states.empty()) filter.value().states = states_of(true);
  auto listing = desk.queue.list_outbound(std::move(filter).value());
  const Outcome<std::vector<model::Outbound>> messages = co_await listing;
  if (!messages.ok()) co_return messages.failure();
  if (!call.json) {
    desk.print(outbound_table(messages.value(), now_of(desk)));
    co_return Outcome<void>{};
  }
  format::Json::Array list;
  for (const model::Outbound& message : messages.value()) list.push_back(outbound_json(message));
  print_json(desk, format::Json(std::move(list)));
  co_return Outcome<void>{};
}

Task<Outcome<void>> queue_show(Desk& desk, Call call) {
  model::QueueFilter filter;
  filter.id = call.words[0];
  filter.states = states_of(true);
  filter.limit = 1;
  auto listing = desk.queue.list_outbound(std::move(filter));
  const Outcome<std::vector<model::Outbound>> messages = co_await listing;
  if (!messages.ok()) co_return messages.failure();
  if (messages.value().empty())
    co_return Failure{Fault::kNotFound, "no message " + call.words[0] + " is in the queue", ""};
  const model::Outbound& message = messages.value()[0];
  if (call.json) {
    print_json(desk, outbound_json(message));
  } else {
    desk.print(outbound_text(message, now_of(desk)));
  }
  co_return Outcome<void>{};
}

Task<Outcome<void>> queue_hold(Desk& desk, Call call) {
  return act(desk, std::move(call), QueueAction::kHold);
}

Task<Outcome<void>> queue_release(Desk& desk, Call call) {
  return act(desk, std::move(call), QueueAction::kRelease);
}

Task<Outcome<void>> queue_retry(Desk& desk, Call call) {
  return act(desk, std::move(call), QueueAction::kRetry);
}

Task<Outcome<void>> queue_remove(Desk& desk, Call call) {
  return act(desk, std::move(call), QueueAction::kRemove);
}

Task<Outcome<void>> queue_bounce(Desk& desk, Call call) {
  return act(desk, std::move(call), QueueAction::kBounce);
}

Task<Outcome<void>> queue_stat(Desk& desk, Call call) {
  auto asking = desk.queue.queue_stat();
  const Outcome<model::QueueStat> stat = co_await asking;
  if (!stat.ok()) co_return stat.failure();
  if (call.json) {
    print_json(desk, stat_json(stat.value()));
  } else {
    desk.print(stat_text(stat.value(), now_of(desk)));
  }
  co_return Outcome<void>{};
}

}  // namespace fwd::service
