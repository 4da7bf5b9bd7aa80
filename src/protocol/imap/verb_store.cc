// STORE and UID STORE: changes flags.
#include <utility>

#include "core/text.h"
#include "protocol/imap/session.h"

namespace fwd::imap {
namespace {

struct Wanted {
  model::UidSet uids;
  model::FlagChange change = model::FlagChange::kReplace;
  bool silent = false;
  model::Flags flags;
  model::ModSeq unchanged_since = UINT64_MAX;
};

// "(" "UNCHANGEDSINCE" SP mod-sequence-valzer ")" (RFC 7162 §7)
bool parse_modifier(Parser& in, Wanted& out) {
  return in.expect('(') && (in.word("UNCHANGEDSINCE") || in.fail("Unknown modifier")) &&
         in.space() && in.number64(out.unchanged_since) && in.expect(')') && in.space();
}

// store-att-flags = (["+" / "-"] "FLAGS" [".SILENT"]) SP (flag-list / (flag *(SP flag)))
bool parse_flags(Parser& in, Wanted& out) {
  if (in.take('+')) {
    out.change = model::FlagChange::kAdd;
  } else if (in.take('-')) {
    out.change = model::FlagChange::kRemove;
  }
  std::string name;
  if (!in.atom(name)) return false;
  out.silent = same_word(name, "FLAGS.SILENT");
  if (!out.silent && !same_word(name, "FLAGS")) return in.fail("Expected FLAGS");
  if (!in.space()) return false;
  return (in.peek() == '(' ? in.flag_list(out.flags) : in.flags_bare(out.flags)) && in.end();
}

bool parse_store(Command& command, const SelectedFolder& folder, Wanted& out) {
  Parser& in = command.arguments;
  SequenceSet set;
  if (!in.space() || !in.sequence_set(set) || !in.space()) return false;
  if (in.peek() == '(' && !parse_modifier(in, out)) return false;
  if (!parse_flags(in, out)) return false;
  return folder.resolve(set, command.by_uid, out.uids) || in.fail("There is no such message");
}

Task<bool> tell_changed(Session& session, const std::vector<model::Changes::Message>& changed,
                        const Wanted& wanted, bool by_uid) {
  SelectedFolder& folder = session.selected();
  const bool conditional = wanted.unchanged_since != UINT64_MAX;
  for (const model::Changes::Message& message : changed) {
    const std::uint32_t number = folder.sequence_of(message.uid);
    if (number == 0) continue;
    if (!wanted.silent) {
      session.tell_flags(number, message, by_uid);
    } else if (conditional || session.enabled().condstore) {
      // RFC 7162 §3.1.3: .SILENT hides the flags, not the new modseq.
      Writer& out = session.out();
      out.raw("* " + std::to_string(number) + " FETCH (");
      if (by_uid || session.enabled().qresync) out.raw("UID " + std::to_string(message.uid) + ' ');
      out.raw("MODSEQ (" + std::to_string(session.tellable(message.modseq)) + "))");
      out.end();
    }
    if (!co_await session.out().flush_if_full()) co_return false;
  }
  co_return true;
}

// The numbers the client used: sequence numbers or UIDs.
std::string modified_code(const SelectedFolder& folder, const model::UidSet& failed, bool by_uid) {
  if (by_uid) return "MODIFIED " + failed.text();
  model::UidSet numbers;
  std::uint32_t number = 0;
  for (const model::Uid uid : folder.uids()) {
    ++number;
    if (failed.contains(uid)) numbers.add(number);
  }
  return "MODIFIED " + numbers.text();
}

}  // namespace

// RFC 9051 §6.4.6, RFC 7162 §3.1.3
Task<Reply> verb_store(Session& session, Command& command) {
  Wanted wanted;
  SelectedFolder& folder = session.selected();
  if (!parse_store(command, folder, wanted)) co_return Reply::bad(command.arguments.error());
  if (folder.read_only()) co_return Reply::no("The mailbox was opened read-only", "NOPERM");
  if (wanted.unchanged_since != UINT64_MAX) session.enable_condstore();
  if (wanted.uids.empty()) co_return Reply::ok("STORE completed");
  // What others changed is told first, so that .SILENT hides only our own.
  if (!co_await session.hear_notices() || !co_await session.tell_news(command.by_uid))
    co_return Reply::nothing();
  if (wanted.change != model::FlagChange::kRemove && folder.learn_keywords(wanted.flags.keywords))
    session.tell_keywords();
  auto storing = session.mailbox().store_flags(folder.id(), wanted.uids, wanted.change,
                                               wanted.flags, wanted.unchanged_since);
  const auto stored = co_await storing;
  if (!stored.ok()) co_return session.failed(stored.failure(), "store");
  const model::StoreResult& result = stored.value();
  auto learning = session.own_change(result.changed, command.by_uid);
  if (!co_await learning) co_return Reply::nothing();
  auto telling = tell_changed(session, result.changed, wanted, command.by_uid);
  if (!co_await telling) co_return Reply::nothing();
  auto catching_up = session.tell_learnt(command.by_uid);
  if (!co_await catching_up) co_return Reply::nothing();
  if (!result.failed.empty())
    co_return Reply::ok("Some had changed meanwhile",
                        modified_code(folder, result.failed, command.by_uid));
  // RFC 5530 §3: of those that another session expunged nothing can be said.
  std::uint64_t wanted_count = 0;
  if (!command.by_uid) {
    for (const model::Uid uid : folder.uids()) wanted_count += wanted.uids.contains(uid) ? 1 : 0;
    if (wanted_count > result.changed.size())
      co_return Reply::no("Some of the messages are gone", "EXPUNGEISSUED");
  }
  co_return Reply::ok("STORE completed");
}

}  // namespace fwd::imap
