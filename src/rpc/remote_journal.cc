// Journal, kept by asking the door.
#include "rpc/remote_journal.h"

#include "rpc/wire.h"
#include "rpc/wire_journal.h"

namespace fwd::rpc {

Task<Outcome<void>> RemoteJournal::write(model::JournalEntry entry) {
  wire::JournalEntry request;
  to_wire(entry, request);
  auto asking = door_.ask(Verb::kJournalWrite, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  co_return nothing(answer);
}

Task<Outcome<std::vector<model::JournalEntry>>> RemoteJournal::read(model::JournalQuery query) {
  wire::JournalQuery request;
  to_wire(query, request);
  auto asking = door_.ask(Verb::kJournalRead, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::JournalEntries out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  std::vector<model::JournalEntry> entries;
  for (wire::JournalEntry& entry : *out.mutable_entries()) entries.push_back(from_wire(entry));
  co_return entries;
}

Task<Outcome<std::uint64_t>> RemoteJournal::forget_before(std::int64_t time_ms) {
  wire::ForgetBefore request;
  request.set_time_ms(time_ms);
  auto asking = door_.ask(Verb::kJournalForgetBefore, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::Removed out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  co_return std::uint64_t{out.count()};
}

}  // namespace fwd::rpc
