// Carrying out intentions.
#include "door/intentions.h"

#include <utility>

namespace fwd::door {

using directory::Intention;
using directory::IntentionKind;

// Once the next file has taken its place nothing is left to do: what is in the
// spool by then may be sealed to the new key, whatever its number.
Task<Outcome<void>> Intentions::replace(Intention intention) {
  const auto next = co_await stores_.mailboxes.has_next(intention.alias_id);
  if (!next.ok()) co_return next.failure();
  if (!next.value()) co_return Outcome<void>{};
  auto waiting = co_await stores_.spool.remove(intention.alias_id, intention.spool_up_to);
  if (!waiting.ok()) co_return waiting;
  co_return co_await stores_.mailboxes.put_next(intention.alias_id);
}

Task<Outcome<void>> Intentions::carry_out(Intention intention) {
  const std::string alias_id = intention.alias_id;
  Outcome<void> done;
  if (intention.kind == IntentionKind::kPrepare) {
    done = co_await stores_.mailboxes.remove_next(alias_id);
  } else {
    const bool remove = intention.kind == IntentionKind::kRemove;
    mailboxes_.note_change();
    mailboxes_.forget(alias_id);
    stores_.mailboxes.log_out_all(alias_id,
                                  remove ? "Alias was removed" : "Mailbox was begun anew");
    if (remove) {
      done = co_await stores_.spool.remove(alias_id);
      if (done.ok()) done = co_await stores_.mailboxes.remove(alias_id);
    } else {
      done = co_await replace(std::move(intention));
    }
    mailboxes_.forget(alias_id);
  }
  if (!done.ok()) co_return done;
  // One that stays finds nothing to do the next time.
  const auto forgotten = co_await stores_.directory.forget_intention(alias_id);
  static_cast<void>(forgotten.ok());
  co_return done;
}

Task<Outcome<void>> Intentions::settle(std::string alias_id) {
  auto all = co_await stores_.directory.list_intentions();
  if (!all.ok()) co_return all.failure();
  for (Intention& one : all.value())
    if (one.alias_id == alias_id) co_return co_await carry_out(std::move(one));
  co_return Outcome<void>{};
}

Task<Outcome<void>> Intentions::carry_out_all() {
  auto all = co_await stores_.directory.list_intentions();
  if (!all.ok()) co_return all.failure();
  for (const Intention& one : all.value()) {
    const Gates::Pass changing = mailboxes_.gates().begin_change(one.alias_id);
    if (changing == nullptr) continue;
    const Gates::Pass shut = co_await mailboxes_.gates().shut(one.alias_id);
    // Read again: who had begun a change before us may have finished it.
    const auto done = co_await settle(one.alias_id);
    if (stores_.events.on_finished) stores_.events.on_finished(one, done);
  }
  co_return Outcome<void>{};
}

}  // namespace fwd::door
