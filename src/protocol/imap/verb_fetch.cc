// FETCH and UID FETCH: messages, or what is known of them, as a stream.
#include <algorithm>
#include <utility>

#include "protocol/imap/fetch_answer.h"
#include "protocol/imap/fetch_program.h"
#include "protocol/imap/session.h"

namespace fwd::imap {
namespace {

struct Wanted {
  FetchProgram program;
  model::UidSet uids;
  model::UidSet named;  // as the client wrote them, for VANISHED
};

// fetch = "FETCH" SP sequence-set SP fetch-items [SP fetch-modifiers]
bool parse(Command& command, const SelectedFolder& folder, const Enabled& enabled, Wanted& out) {
  Parser& in = command.arguments;
  SequenceSet set;
  if (!in.space() || !in.sequence_set(set) || !in.space() || !parse_fetch(in, out.program))
    return false;
  FetchProgram& program = out.program;
  // RFC 7162 §3.2.6: VANISHED is for those who know UIDs and a modseq.
  if (program.vanished && !(command.by_uid && enabled.qresync && program.changed_since != 0))
    return in.fail("VANISHED needs UID FETCH, QRESYNC and CHANGEDSINCE");
  if (program.changed_since != 0) program.add(FetchKind::kModSeq);
  if (command.by_uid) program.add(FetchKind::kUid);
  if (!folder.resolve(set, command.by_uid, out.uids)) return in.fail("There is no such message");
  for (const model::UidRange& range : set.ranges) {
    // Who says "5:*" knows UIDs up to the highest there ever was: "*" as the
    // highest of today would hide that those above it went.
    const model::Uid low = std::max(range.first, range.last);
    if (range.first != 0 && range.last != 0) {
      out.named.add(range.first, range.last);
    } else {
      out.named.add(low != 0 ? low : folder.highest_uid(), UINT32_MAX);
    }
  }
  return true;
}

// RFC 7162 §3.2.6: what of the named UIDs went since then.
Task<Outcome<void>> tell_vanished(Session& session, const Wanted& wanted) {
  SelectedFolder& folder = session.selected();
  auto asking = session.mailbox().changes_since(folder.id(), wanted.program.changed_since,
                                                wanted.named, false);
  const auto asked = co_await asking;
  if (!asked.ok()) co_return asked.failure();
  const model::Changes& changes = asked.value();
  if (changes.uid_next <= 1) co_return Outcome<void>{};
  const model::UidSet possible = wanted.named.intersect(model::UidSet{{1, changes.uid_next - 1}});
  // Those the client still has in its view are told as news, in their turn.
  const model::UidSet gone = folder.unknown_among(
      changes.expunged_complete ? changes.expunged.intersect(possible) : possible);
  if (!gone.empty()) session.out().untagged("VANISHED (EARLIER) " + gone.text());
  co_return Outcome<void>{};
}

// The messages that were read and not yet seen become \Seen, in one commit.
Task<Outcome<void>> set_seen(Session& session, model::UidSet uids, bool by_uid) {
  SelectedFolder& folder = session.selected();
  if (uids.empty() || folder.read_only()) co_return Outcome<void>{};
  model::Flags seen;
  seen.system = model::kSeen;
  auto storing = session.mailbox().store_flags(folder.id(), std::move(uids),
                                               model::FlagChange::kAdd, seen, UINT64_MAX);
  const auto stored = co_await storing;
  if (!stored.ok()) co_return stored.failure();
  auto learning = session.own_change(stored.value().changed, by_uid);
  if (!co_await learning) co_return Outcome<void>{};  // BYE was said
  for (const model::Changes::Message& message : stored.value().changed) {
    const std::uint32_t number = folder.sequence_of(message.uid);
    if (number == 0) continue;
    session.tell_flags(number, message, by_uid);
    if (!co_await session.out().flush_if_full()) break;
  }
  auto catching_up = session.tell_learnt(by_uid);
  (void)co_await catching_up;
  co_return Outcome<void>{};
}

// How a stream of answers went.
struct Progress {
  std::uint64_t answered = 0;
  bool gone = false;               // a message vanished under way
  std::optional<Failure> failure;  // the first that the client must hear of
  bool broken = false;             // the connection is of no use any more
  model::UidSet unseen;            // read without PEEK and not \Seen before
};

// Answers for one row; a failure takes back what was written of it.
Task<void> answer(Session& session, const Wanted& wanted, const model::MessageRow& row,
                  Progress& progress) {
  const std::uint32_t number = session.selected().sequence_of(row.uid);
  if (number == 0) co_return;  // came later than this client knows
  const Writer::Mark mark = session.out().mark();
  auto writing = write_fetch(session, wanted.program, row, number);
  const auto written = co_await writing;
  if (written.ok()) {
    ++progress.answered;
    if (wanted.program.sets_seen() && !row.flags.has(model::kSeen)) progress.unseen.add(row.uid);
    co_return;
  }
  if (session.out().broken()) {
    progress.broken = true;
  } else if (!session.out().rollback(mark)) {
    // A count of octets is on the wire that cannot be kept any more.
    session.failed(written.failure(), "fetch");
    session.out().break_off();
    session.log_out("fetch-cut");
    progress.broken = true;
  } else if (written.failure().fault == Fault::kNotFound) {
    progress.gone = true;
  } else if (!progress.failure) {
    progress.failure = written.failure();
  }
}

Task<void> answer_all(Session& session, const Wanted& wanted, Progress& progress) {
  const auto rows = session.mailbox().fetch(session.selected().id(), wanted.uids,
                                            wanted.program.columns(), wanted.program.changed_since);
  for (;;) {
    auto fetching = rows->next();
    const auto batch = co_await fetching;
    if (!batch.ok()) {
      progress.failure = batch.failure();
      co_return;
    }
    if (batch.value().empty()) co_return;
    for (const model::MessageRow& row : batch.value()) {
      auto answering = answer(session, wanted, row, progress);
      co_await answering;
      if (progress.broken) co_return;
      if (progress.failure && progress.failure->fault == Fault::kUnavailable) co_return;
      if (!co_await session.out().flush_if_full()) {
        progress.broken = true;
        co_return;
      }
    }
  }
}

}  // namespace

// RFC 9051 §6.4.5
Task<Reply> verb_fetch(Session& session, Command& command) {
  Wanted wanted;
  if (!parse(command, session.selected(), session.enabled(), wanted))
    co_return Reply::bad(command.arguments.error());
  if (wanted.program.has(FetchKind::kModSeq)) session.enable_condstore();
  if (wanted.program.has(FetchKind::kModSeq) && session.enabled().qresync) {
    // So that few rows are newer than what may be told of them.
    auto telling = session.tell_news(command.by_uid);
    if (!co_await telling) co_return Reply::nothing();
  }
  if (wanted.program.vanished) {
    auto telling = tell_vanished(session, wanted);
    const auto told = co_await telling;
    if (!told.ok()) co_return session.failed(told.failure(), "fetch");
  }
  if (wanted.uids.empty()) co_return Reply::ok("FETCH completed");
  Progress progress;
  auto answering = answer_all(session, wanted, progress);
  co_await answering;
  session.counts().fetched += progress.answered;
  if (progress.broken) co_return Reply::nothing();
  auto seeing = set_seen(session, std::move(progress.unseen), command.by_uid);
  const auto seen = co_await seeing;
  if (session.stage() != kSelected) co_return Reply::nothing();
  if (!seen.ok() && !progress.failure) progress.failure = seen.failure();
  if (progress.failure) {
    Reply reply = session.failed(*progress.failure, "fetch");
    if (progress.failure->fault == Fault::kCannot) reply.code = "UNKNOWN-CTE";
    co_return reply;
  }
  if (progress.gone) co_return Reply::ok("Some of the messages are gone", "EXPUNGEISSUED");
  co_return Reply::ok("FETCH completed");
}

}  // namespace fwd::imap
