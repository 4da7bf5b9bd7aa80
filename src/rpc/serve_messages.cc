// The verbs of Mailbox that are about what is in a folder, on the door's side.
#include <algorithm>

#include "rpc/limits.h"
#include "rpc/serving.h"
#include "rpc/wire.h"

namespace fwd::rpc {
namespace {

// Gathers what a stream gives into batches that are never much larger than
// kBatchOctets, whatever the keeper's own batches are.
template <typename List>
class Gathering {
 public:
  template <typename Value, typename Field>
  void add(Value value, Field& field) {
    to_wire(std::move(value), field, parcel_.pieces);
    octets_ += field.ByteSizeLong();
    for (; counted_ < parcel_.pieces.size(); ++counted_) octets_ += parcel_.pieces[counted_].size();
  }
  List& list() { return list_; }
  bool full() const { return octets_ >= kBatchOctets; }
  bool empty() const { return octets_ == 0; }
  Parcel take() {
    list_.SerializeToString(&parcel_.head);
    list_.Clear();
    octets_ = 0;
    counted_ = 0;
    return std::exchange(parcel_, Parcel{});
  }

 private:
  List list_;
  Parcel parcel_;
  std::size_t octets_ = 0;
  std::size_t counted_ = 0;  // pieces whose octets are in octets_
};

Task<Outcome<Parcel>> open_folder(Serving& serving, Parcel request) {
  wire::OpenFolder in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.mailbox->open_folder(in.folder(), in.claim_recent());
  const Outcome<model::OpenFolder> opened = co_await asking;
  if (!opened.ok()) co_return opened.failure();
  wire::OpenedFolder out;
  to_wire(opened.value(), out);
  co_return pack(out);
}

Task<Outcome<Parcel>> changes_since(Serving& serving, Parcel request) {
  wire::ChangesSince in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  Outcome<model::UidSet> known = from_wire(in.known());
  if (!known.ok()) co_return known.failure();
  auto asking = serving.mailbox->changes_since(in.folder(), in.since(), std::move(known).value(),
                                               in.claim_recent());
  const Outcome<model::Changes> changes = co_await asking;
  if (!changes.ok()) co_return changes.failure();
  wire::Changes out;
  to_wire(changes.value(), out);
  co_return pack(out);
}

Task<Outcome<Parcel>> fetch(Serving& serving, Parcel request) {
  wire::Fetch in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  Outcome<model::UidSet> uids = from_wire(in.uids());
  if (!uids.ok()) co_return uids.failure();
  const model::Uid highest = uids.value().empty() ? 0 : uids.value().highest();
  const auto rows = serving.mailbox->fetch(in.folder(), std::move(uids).value(), in.columns(),
                                           in.changed_since());
  Gathering<wire::Rows> gathering;
  model::Uid last = 0;
  // Past the highest UID asked for nothing can come: so a fetch of one message
  // is one question to the keeper, and one frame to the caller.
  while (last < highest) {
    auto asking = rows->next();
    Outcome<std::vector<model::MessageRow>> batch = co_await asking;
    if (!batch.ok()) co_return batch.failure();
    if (batch.value().empty()) break;
    last = std::max(last, batch.value().back().uid);
    for (model::MessageRow& row : batch.value()) {
      if (gathering.full()) {
        auto sending = serving.send_batch(gathering.take());
        co_await sending;
      }
      gathering.add(std::move(row), *gathering.list().add_rows());
    }
    if (last < highest) {
      auto sending = serving.send_batch(gathering.take());
      co_await sending;
    }
  }
  co_return gathering.empty() ? Parcel{} : gathering.take();
}

Task<Outcome<Parcel>> read_content(Serving& serving, Parcel request) {
  wire::ReadContent in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  const auto chunks =
      serving.mailbox->read_content(in.folder(), in.uid(), in.offset(), in.length());
  const std::uint64_t end =
      in.length() > UINT64_MAX - in.offset() ? UINT64_MAX : in.offset() + in.length();
  Gathering<wire::Chunks> gathering;
  std::uint64_t reached = 0;
  while (reached < end) {
    auto asking = chunks->next();
    Outcome<std::vector<format::PackedChunk>> batch = co_await asking;
    if (!batch.ok()) co_return batch.failure();
    if (batch.value().empty()) break;
    reached = batch.value().back().offset + batch.value().back().raw_size;
    for (format::PackedChunk& chunk : batch.value()) {
      if (gathering.full()) {
        auto sending = serving.send_batch(gathering.take());
        co_await sending;
      }
      gathering.add(std::move(chunk), *gathering.list().add_chunks());
    }
    if (reached < end) {
      auto sending = serving.send_batch(gathering.take());
      co_await sending;
    }
  }
  co_return gathering.empty() ? Parcel{} : gathering.take();
}

Task<Outcome<Parcel>> store_flags(Serving& serving, Parcel request) {
  wire::StoreFlags in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  Outcome<model::UidSet> uids = from_wire(in.uids());
  if (!uids.ok()) co_return uids.failure();
  if (in.change() < static_cast<std::uint32_t>(model::FlagChange::kReplace) ||
      in.change() > static_cast<std::uint32_t>(model::FlagChange::kRemove))
    co_return bad_wire("a change of flags of no known kind");
  auto asking = serving.mailbox->store_flags(in.folder(), std::move(uids).value(),
                                             static_cast<model::FlagChange>(in.change()),
                                             from_wire(*in.mutable_flags()), in.unchanged_since());
  const Outcome<model::StoreResult> result = co_await asking;
  if (!result.ok()) co_return result.failure();
  wire::Stored out;
  to_wire(result.value(), out);
  co_return pack(out);
}

Task<Outcome<Parcel>> expunge(Serving& serving, Parcel request) {
  wire::Expunge in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  Outcome<model::UidSet> uids = from_wire(in.uids());
  if (!uids.ok()) co_return uids.failure();
  auto asking = serving.mailbox->expunge(in.folder(), std::move(uids).value());
  const Outcome<model::UidSet> removed = co_await asking;
  if (!removed.ok()) co_return removed.failure();
  wire::UidSet out;
  to_wire(removed.value(), out);
  co_return pack(out);
}

Outcome<Parcel> copied(const Outcome<model::CopyResult>& result) {
  if (!result.ok()) return result.failure();
  wire::Copied out;
  to_wire(result.value(), out);
  return pack(out);
}

Task<Outcome<Parcel>> append(Serving& serving, Parcel request) {
  wire::Append in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  Pieces pieces(request.pieces);
  std::vector<model::NewMessage> messages;
  for (wire::NewMessage& one : *in.mutable_messages()) {
    Outcome<format::PackedMessage> message = from_wire(*one.mutable_message(), pieces);
    if (!message.ok()) co_return message.failure();
    model::NewMessage added;
    added.flags = from_wire(*one.mutable_flags());
    if (one.has_internal_date()) added.internal_date = one.internal_date();
    added.message = std::move(message).value();
    messages.push_back(std::move(added));
  }
  if (!pieces.all_taken()) co_return bad_wire("pieces that nobody announced");
  auto asking = serving.mailbox->append(in.path(), std::move(messages));
  const Outcome<model::CopyResult> result = co_await asking;
  co_return copied(result);
}

Task<Outcome<Parcel>> copy(Serving& serving, Parcel request) {
  wire::CopyMessages in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  Outcome<model::UidSet> uids = from_wire(in.uids());
  if (!uids.ok()) co_return uids.failure();
  auto asking = serving.mailbox->copy(in.from(), std::move(uids).value(), in.to_path());
  const Outcome<model::CopyResult> result = co_await asking;
  co_return copied(result);
}

Task<Outcome<Parcel>> move(Serving& serving, Parcel request) {
  wire::CopyMessages in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  Outcome<model::UidSet> uids = from_wire(in.uids());
  if (!uids.ok()) co_return uids.failure();
  auto asking = serving.mailbox->move(in.from(), std::move(uids).value(), in.to_path());
  const Outcome<model::CopyResult> result = co_await asking;
  co_return copied(result);
}

}  // namespace

Answer find_message_answer(Verb verb) {
  switch (verb) {
    case Verb::kOpenFolder:
      return open_folder;
    case Verb::kChangesSince:
      return changes_since;
    case Verb::kFetch:
      return fetch;
    case Verb::kReadContent:
      return read_content;
    case Verb::kStoreFlags:
      return store_flags;
    case Verb::kExpunge:
      return expunge;
    case Verb::kAppend:
      return append;
    case Verb::kCopy:
      return copy;
    case Verb::kMove:
      return move;
    default:
      return nullptr;
  }
}

}  // namespace fwd::rpc
