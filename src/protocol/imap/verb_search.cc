// SEARCH and UID SEARCH: which messages match.
#include <algorithm>
#include <utility>

#include "model/search_program.h"
#include "protocol/imap/search_program.h"
#include "protocol/imap/session.h"

namespace fwd::imap {
namespace {

struct Hits {
  model::UidSet uids;
  model::UidSet shown;  // as the answer numbers them
  std::uint64_t count = 0;
  model::Uid first = 0, last = 0;
  model::ModSeq first_modseq = 0, last_modseq = 0, highest_modseq = 0;
  bool corrupt = false;
};

void note(Hits& hits, const model::MessageRow& row, std::uint32_t number, bool by_uid) {
  hits.uids.add(row.uid);
  hits.shown.add(by_uid ? row.uid : number);
  if (hits.count++ == 0) {
    hits.first = row.uid;
    hits.first_modseq = row.modseq;
  }
  hits.last = row.uid;
  hits.last_modseq = row.modseq;
  hits.highest_modseq = std::max(hits.highest_modseq, row.modseq);
}

// Looks at one row; a damaged one does not match, and is told of once.
void look(Session& session, const SearchProgram& program, const model::MessageRow& row, bool by_uid,
          Hits& hits) {
  const SelectedFolder& folder = session.selected();
  model::SearchSubject subject;
  subject.row = &row;
  subject.sequence = folder.sequence_of(row.uid);
  subject.recent = folder.is_recent(row.uid);
  subject.now = unix_seconds(session.clock().wall());
  if (subject.sequence == 0) return;
  const auto match = model::matches(program.key, subject);
  if (!match.ok()) {
    if (!std::exchange(hits.corrupt, true)) session.failed(match.failure(), "search");
    return;
  }
  if (match.value()) note(hits, row, subject.sequence, by_uid);
}

Task<Outcome<void>> find(Session& session, const SearchProgram& program, bool by_uid, Hits& hits) {
  SelectedFolder& folder = session.selected();
  const model::UidSet wanted = candidates(program.key, folder.known());
  std::uint32_t columns = model::columns_needed(program.key);
  if (program.asks_modseq) columns |= model::kColModSeq;
  if (wanted.empty()) co_return Outcome<void>{};
  if (columns == 0) {  // nothing but numbers: the session knows them
    for (const model::Uid uid : folder.uids()) {
      model::MessageRow row;
      row.uid = uid;
      if (wanted.contains(uid) && !folder.is_gone(uid)) look(session, program, row, by_uid, hits);
      co_await session.give_turn();
    }
    co_return Outcome<void>{};
  }
  const auto rows = session.mailbox().fetch(folder.id(), wanted, columns, 0);
  for (;;) {
    auto fetching = rows->next();
    const auto batch = co_await fetching;
    if (!batch.ok()) co_return batch.failure();
    if (batch.value().empty()) co_return Outcome<void>{};
    for (const model::MessageRow& row : batch.value()) {
      look(session, program, row, by_uid, hits);
      co_await session.give_turn();
    }
  }
}

// esearch-response = "ESEARCH" [search-correlator] [SP "UID"] *(SP search-return-data)
void tell_esearch(Session& session, const std::string& tag, const SearchProgram& program,
                  bool by_uid, const Hits& hits) {
  Writer& out = session.out();
  out.raw("* ESEARCH (TAG ");
  out.string(tag);
  out.raw(by_uid ? ") UID" : ")");
  const auto tell = [&](const char* name, std::uint64_t number) {
    out.raw(name);
    out.number(number);
  };
  if (hits.count > 0) {
    if (program.min) tell(" MIN ", hits.shown.lowest());
    if (program.max) tell(" MAX ", hits.shown.highest());
    if (program.all) out.raw(" ALL " + hits.shown.text());
  }
  if (program.count) tell(" COUNT ", hits.count);
  if (program.asks_modseq && hits.count > 0) {
    // RFC 4731 §3.2: of what is returned, when only MIN or MAX are.
    model::ModSeq modseq = hits.highest_modseq;
    if (!program.all && !program.count && (program.min || program.max))
      modseq = std::max(program.min ? hits.first_modseq : 0, program.max ? hits.last_modseq : 0);
    tell(" MODSEQ ", session.tellable(modseq));
  }
  out.end();
}

// mailbox-data =/ "SEARCH" *(SP nz-number) [SP "(MODSEQ" SP mod-sequence ")"]
Task<bool> tell_search(Session& session, const SearchProgram& program, const Hits& hits) {
  Writer& out = session.out();
  out.raw("* SEARCH");
  for (const model::UidRange& range : hits.shown.ranges()) {
    for (std::uint64_t number = range.first; number <= range.last; ++number) {
      out.raw(" ");
      out.number(number);
      if (!co_await out.flush_if_full()) co_return false;
    }
  }
  if (program.asks_modseq && hits.count > 0)
    out.raw(" (MODSEQ " + std::to_string(session.tellable(hits.highest_modseq)) + ")");
  out.end();
  co_return true;
}

// RFC 9051 §6.4.4.1: with MIN and MAX only, only those are kept.
void save(SelectedFolder& folder, const SearchProgram& program, Hits& hits) {
  if ((program.min || program.max) && !program.all && !program.count) {
    model::UidSet kept;
    if (hits.count > 0 && program.min) kept.add(hits.first);
    if (hits.count > 0 && program.max) kept.add(hits.last);
    folder.save(std::move(kept));
  } else {
    folder.save(std::move(hits.uids));
  }
}

}  // namespace

// RFC 9051 §6.4.4
Task<Reply> verb_search(Session& session, Command& command) {
  SearchProgram program;
  SelectedFolder& folder = session.selected();
  if (!parse_search(command.arguments, folder, program))
    co_return Reply::bad(command.arguments.error());
  if (program.save) folder.save({});  // what stays when the search fails
  if (program.bad_charset)
    co_return Reply::no("Only these charsets are searched", "BADCHARSET (UTF-8 US-ASCII)");
  if (program.asks_modseq) session.enable_condstore();
  Hits hits;
  auto finding = find(session, program, command.by_uid, hits);
  const auto found = co_await finding;
  if (!found.ok()) co_return session.failed(found.failure(), "search");
  if (program.returns || session.enabled().rev2) {
    if (!program.returns) program.all = true;
    // RFC 5182 §2.1: SAVE alone says nothing.
    if (program.min || program.max || program.all || program.count)
      tell_esearch(session, command.tag, program, command.by_uid, hits);
  } else {
    auto telling = tell_search(session, program, hits);
    if (!co_await telling) co_return Reply::nothing();
  }
  if (program.save) save(folder, program, hits);
  co_return Reply::ok("SEARCH completed");
}

}  // namespace fwd::imap
