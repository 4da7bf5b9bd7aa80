// The verbs of Journal, on the door's side.
#include "rpc/serving.h"
#include "rpc/wire.h"
#include "rpc/wire_journal.h"

namespace fwd::rpc {
namespace {

Task<Outcome<Parcel>> write(Serving& serving, Parcel request) {
  wire::JournalEntry in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.journal->write(from_wire(in));
  const Outcome<void> done = co_await asking;
  co_return nothing(done);
}

Task<Outcome<Parcel>> read_entries(Serving& serving, Parcel request) {
  wire::JournalQuery in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.journal->read(from_wire(in));
  const Outcome<std::vector<model::JournalEntry>> entries = co_await asking;
  if (!entries.ok()) co_return entries.failure();
  wire::JournalEntries out;
  for (const model::JournalEntry& entry : entries.value()) to_wire(entry, *out.add_entries());
  co_return pack(out);
}

Task<Outcome<Parcel>> forget_before(Serving& serving, Parcel request) {
  wire::ForgetBefore in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.journal->forget_before(in.time_ms());
  const Outcome<std::uint64_t> removed = co_await asking;
  if (!removed.ok()) co_return removed.failure();
  wire::Removed out;
  out.set_count(removed.value());
  co_return pack(out);
}

}  // namespace

Answer find_journal_answer(Verb verb) {
  switch (verb) {
    case Verb::kJournalWrite:
      return write;
    case Verb::kJournalRead:
      return read_entries;
    case Verb::kJournalForgetBefore:
      return forget_before;
    default:
      return nullptr;
  }
}

}  // namespace fwd::rpc
