// SELECT and EXAMINE: opens a folder and tells what is in it.
#include <optional>
#include <utility>

#include "protocol/imap/session.h"

namespace fwd::imap {
namespace {

// What a client that was here before knows (RFC 7162 §3.2.5).
struct Resync {
  std::uint32_t uid_validity = 0;
  model::ModSeq modseq = 0;
  std::optional<model::UidSet> known;
};

struct Wanted {
  std::string path;
  bool condstore = false;
  std::optional<Resync> resync;
};

// "QRESYNC" SP "(" uidvalidity SP mod-sequence [SP known-uids]
//   [SP "(" known-sequence-set SP known-uid-set ")"] ")"
bool parse_resync(Parser& in, Resync& out) {
  if (!in.space() || !in.expect('(') || !in.nz_number(out.uid_validity) || !in.space() ||
      !in.number64(out.modseq))
    return false;
  model::UidSet set;
  bool more = in.take(' ');
  if (more && in.peek() != '(') {
    if (!in.uid_set(set)) return false;
    out.known = std::move(set);
    more = in.take(' ');
  }
  // Our expunge records make the matched sequence numbers needless.
  if (more &&
      !(in.expect('(') && in.uid_set(set) && in.space() && in.uid_set(set) && in.expect(')')))
    return false;
  return in.expect(')');
}

// select = "SELECT" SP mailbox [SP "(" select-param *(SP select-param) ")"]
bool parse_select(Parser& in, bool may_resync, Wanted& out) {
  if (!in.space() || !in.mailbox(out.path)) return false;
  if (in.at_end()) return true;
  if (!in.space() || !in.expect('(')) return false;
  do {
    if (in.word("CONDSTORE")) {
      out.condstore = true;
    } else if (in.word("QRESYNC")) {
      if (!may_resync) return in.fail("ENABLE QRESYNC first");
      if (!parse_resync(in, out.resync.emplace())) return false;
    } else {
      return in.fail("Unknown parameter");
    }
  } while (in.take(' '));
  return in.expect(')') && in.end();
}

void tell_folder(Session& session, const model::OpenFolder& open) {
  Writer& out = session.out();
  const bool rev2 = session.enabled().rev2;
  const model::Folder& folder = open.folder;
  const auto count = [&](const char* before, std::uint64_t number, const char* after) {
    out.untagged(before + std::to_string(number) + after);
  };
  session.tell_keywords();
  count("", session.selected().count(), " EXISTS");
  if (!rev2) {
    count("", open.recent.count(), " RECENT");
    const std::uint32_t unseen = session.selected().sequence_of(open.first_unseen);
    if (unseen != 0) count("OK [UNSEEN ", unseen, "] The first unseen message");
  }
  count("OK [UIDVALIDITY ", folder.uid_validity, "] UIDs are valid");
  count("OK [UIDNEXT ", folder.uid_next, "] The next UID");
  count("OK [HIGHESTMODSEQ ", folder.highest_modseq, "] Highest");
  out.untagged("OK [MAILBOXID (" + folder.object_id + ")] Ok");
  if (!rev2) return;
  out.raw("* LIST () \"/\" ");  // RFC 9051 §6.3.2
  out.mailbox(folder.path);
  out.end();
}

// RFC 7162 §3.2.5.1: what happened while the client was away.
Task<Outcome<void>> tell_resync(Session& session, Resync resync, model::Uid uid_next) {
  SelectedFolder& folder = session.selected();
  if (uid_next <= 1) co_return Outcome<void>{};
  const model::UidSet possible{{1, uid_next - 1}};
  const model::UidSet known = resync.known ? resync.known->intersect(possible) : possible;
  auto asking = session.mailbox().changes_since(folder.id(), resync.modseq, known, false);
  auto asked = co_await asking;
  if (!asked.ok()) co_return asked.failure();
  const model::Changes changes = std::move(asked).value();
  const model::UidSet gone =
      folder.unknown_among(changes.expunged_complete ? changes.expunged.intersect(known) : known);
  if (!gone.empty()) session.out().untagged("VANISHED (EARLIER) " + gone.text());
  for (const model::Changes::Message& message : changes.messages) {
    const std::uint32_t number = folder.sequence_of(message.uid);
    if (number == 0 || !known.contains(message.uid)) continue;
    session.tell_flags(number, message, true);
    if (!co_await session.out().flush_if_full()) break;
  }
  co_return Outcome<void>{};
}

Task<Reply> open(Session& session, Command& command, bool read_only) {
  Wanted wanted;
  if (!parse_select(command.arguments, session.enabled().qresync, wanted))
    co_return Reply::bad(command.arguments.error());
  if (wanted.condstore) session.enable_condstore();
  if (session.has_selected()) {
    session.unselect();
    session.out().untagged("OK [CLOSED] The former mailbox is left");
  }
  auto looking = session.mailbox().get_folder(wanted.path);
  const auto folder = co_await looking;
  if (!folder.ok()) co_return session.failed(folder.failure(), "select");
  if (!folder.value().selectable)
    co_return Reply::no("It holds no messages, only other mailboxes", "NONEXISTENT");
  auto opening = session.mailbox().open_folder(folder.value().id, !read_only);
  auto opened = co_await opening;
  if (!opened.ok()) co_return session.failed(opened.failure(), "select");
  const model::OpenFolder& now = opened.value();
  session.select(now, read_only);
  tell_folder(session, now);
  if (wanted.resync && wanted.resync->uid_validity == now.folder.uid_validity) {
    auto telling = tell_resync(session, std::move(*wanted.resync), now.folder.uid_next);
    const auto told = co_await telling;
    if (!told.ok()) {
      session.unselect();
      co_return session.failed(told.failure(), "select");
    }
  }
  if (read_only) co_return Reply::ok("EXAMINE completed", "READ-ONLY");
  co_return Reply::ok("SELECT completed", "READ-WRITE");
}

}  // namespace

// RFC 9051 §6.3.2
Task<Reply> verb_select(Session& session, Command& command) {
  co_return co_await open(session, command, false);
}

// RFC 9051 §6.3.3
Task<Reply> verb_examine(Session& session, Command& command) {
  co_return co_await open(session, command, true);
}

}  // namespace fwd::imap
