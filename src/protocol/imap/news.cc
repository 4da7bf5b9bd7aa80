// What the client hears without asking: new mail, changed flags, expunges.
#include <algorithm>
#include <utility>

#include "protocol/imap/session.h"

namespace fwd::imap {

bool Session::take_notice(const Outcome<model::Notice>& notice) {
  if (!notice.ok()) {
    const Reply reply = failed(notice.failure(), "notice");
    say_bye(reply.text, "UNAVAILABLE", "mailbox-closed");
    return false;
  }
  const model::Notice& news = notice.value();
  if (news.kind == model::NoticeKind::kLoggedOut) {
    say_bye(news.text.empty() ? "Logged out" : news.text, "", "logged-out");
    return false;
  }
  if (news.kind == model::NoticeKind::kFolderChanged && selected_ && selected_->id() == news.folder)
    selected_->dirty = true;
  return true;
}

Task<bool> Session::hear_notices() {
  while (login_ && login_->mailbox->has_notice()) {
    auto noticing = login_->mailbox->next_notice();
    const auto notice = co_await noticing;
    if (!take_notice(notice)) co_return false;
  }
  co_return true;
}

Task<std::optional<Reply>> Session::await_notices() {
  if (!selected_) co_return std::nullopt;
  auto syncing = login_->mailbox->sync_notices();
  const auto synced = co_await syncing;
  if (!synced.ok()) co_return failed(synced.failure(), "notices");
  co_return std::nullopt;
}

void Session::tell_gone() {
  if (!selected_->has_gone()) return;
  const SelectedFolder::Gone gone = selected_->take_gone();
  if (enabled_.qresync) {  // RFC 7162 §3.2.10.2
    out_.untagged("VANISHED " + gone.uids.text());
    return;
  }
  for (const std::uint32_t number : gone.numbers)
    out_.untagged(std::to_string(number) + " EXPUNGE");
}

void Session::tell_flags(std::uint32_t number, const model::Changes::Message& message,
                         bool with_uid) {
  out_.raw("* " + std::to_string(number) + " FETCH (");
  // RFC 7162 §3.2.4: with QRESYNC every unasked FETCH names the UID.
  if (with_uid || enabled_.qresync || enabled_.rev2)
    out_.raw("UID " + std::to_string(message.uid) + " ");
  if (enabled_.condstore) out_.raw("MODSEQ (" + std::to_string(tellable(message.modseq)) + ") ");
  out_.raw("FLAGS ");
  out_.flags(message.flags, !enabled_.rev2 && selected_->is_recent(message.uid));
  out_.raw(")");
  out_.end();
}

void Session::tell_keywords() {
  const auto list = [&] {
    out_.raw("(\\Answered \\Flagged \\Deleted \\Seen \\Draft");
    for (const std::string& keyword : selected_->keywords()) out_.raw(' ' + keyword);
  };
  out_.raw("* FLAGS ");
  list();
  out_.raw(")");
  out_.end();
  if (selected_->read_only()) {
    out_.untagged("OK [PERMANENTFLAGS ()] Read-only");
    return;
  }
  out_.raw("* OK [PERMANENTFLAGS ");
  list();
  out_.raw(" \\*)] Kept, and new keywords too");
  out_.end();
}

// RFC 7162 §3.2.5: a client resynchronises from the highest modseq it saw, so
// none is told above that of an expunge it has not heard of.
model::ModSeq Session::tellable(model::ModSeq modseq) const {
  return enabled_.qresync ? std::min(modseq, selected_->modseq()) : modseq;
}

Task<bool> Session::learn_news(bool expunges_allowed) {
  if (!selected_->dirty) co_return true;
  const model::FolderId folder = selected_->id();
  auto asking = login_->mailbox->changes_since(folder, selected_->modseq(), model::UidSet(),
                                               !selected_->read_only());
  auto changes = co_await asking;
  if (!changes.ok()) {
    if (changes.failure().fault == Fault::kNotFound) {
      say_bye("The selected mailbox was deleted", "NONEXISTENT", "folder-deleted");
    } else {
      const Reply reply = failed(changes.failure(), "changes");
      say_bye(reply.text, reply.code, "fault");
    }
    co_return false;
  }
  if (enabled_.qresync && !expunges_allowed && !selected_->lost_in(changes.value()).empty()) {
    selected_->hold(changes.value());
  } else {
    selected_->apply(std::move(changes).value());
  }
  co_return true;
}

Task<bool> Session::tell_learnt(bool expunges_allowed) {
  const SelectedFolder::News news = selected_->take_news();
  // Before flags, because those raise the modseq from which a client
  // resynchronises; before EXISTS, so that it never counts what is about to go.
  if (expunges_allowed) tell_gone();
  if (news.keywords) tell_keywords();
  for (const model::Changes::Message& message : news.changed) {
    const std::uint32_t number = selected_->sequence_of(message.uid);
    if (number != 0) tell_flags(number, message, false);
    if (!co_await out_.flush_if_full()) co_return false;
  }
  if (news.exists) {
    out_.untagged(std::to_string(selected_->count()) + " EXISTS");
    if (!enabled_.rev2) out_.untagged(std::to_string(selected_->recent_count()) + " RECENT");
  }
  co_return true;
}

Task<bool> Session::tell_news(bool expunges_allowed) {
  auto learning = learn_news(expunges_allowed);
  const bool learnt = co_await learning;
  if (!learnt) co_return false;
  auto telling = tell_learnt(expunges_allowed);
  co_return co_await telling;
}

Task<bool> Session::own_change(const std::vector<model::Changes::Message>& changed,
                               bool expunges_allowed) {
  for (const model::Changes::Message& message : changed)
    if (selected_->sequence_of(message.uid) != 0) selected_->told(message.uid, message.modseq);
  if (!enabled_.qresync || changed.empty()) co_return true;
  selected_->dirty = true;
  auto learning = learn_news(expunges_allowed);
  const bool learnt = co_await learning;
  if (learnt && expunges_allowed) tell_gone();
  co_return learnt;
}

}  // namespace fwd::imap
