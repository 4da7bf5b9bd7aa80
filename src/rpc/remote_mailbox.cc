// A Mailbox, kept by asking the door.
#include "rpc/remote_mailbox.h"

#include <utility>

#include "rpc/wire.h"

namespace fwd::rpc {
namespace {

// A login ends with its connection.
Failure of_login(const Link& link, Failure failure) {
  if (!link.connected() && failure.fault == Fault::kUnavailable) failure.fault = Fault::kClosed;
  return failure;
}

Outcome<std::vector<model::MessageRow>> read_batch(Parcel batch, model::MessageRow*) {
  wire::Rows in;
  const Outcome<void> read = unpack(batch, in);
  if (!read.ok()) return read.failure();
  Pieces pieces(batch.pieces);
  std::vector<model::MessageRow> rows;
  rows.reserve(static_cast<std::size_t>(in.rows_size()));
  for (wire::Row& one : *in.mutable_rows()) {
    Outcome<model::MessageRow> row = from_wire(one, pieces);
    if (!row.ok()) return row.failure();
    rows.push_back(std::move(row).value());
  }
  return rows;
}

Outcome<std::vector<format::PackedChunk>> read_batch(Parcel batch, format::PackedChunk*) {
  wire::Chunks in;
  const Outcome<void> read = unpack(batch, in);
  if (!read.ok()) return read.failure();
  Pieces pieces(batch.pieces);
  std::vector<format::PackedChunk> chunks;
  chunks.reserve(static_cast<std::size_t>(in.chunks_size()));
  for (const wire::Chunk& one : in.chunks()) {
    Outcome<format::PackedChunk> chunk = from_wire(one, pieces);
    if (!chunk.ok()) return chunk.failure();
    chunks.push_back(std::move(chunk).value());
  }
  return chunks;
}

template <typename T>
class RemoteBatches final : public model::Batches<T> {
 public:
  RemoteBatches(std::shared_ptr<Link> link, Verb verb, std::uint32_t object, Parcel request)
      : link_(link), stream_(std::move(link), verb, object, std::move(request)) {}

  Task<Outcome<std::vector<T>>> next() override {
    if (ended_) co_return std::vector<T>{};
    auto waiting = stream_.next();
    Outcome<std::optional<Parcel>> batch = co_await waiting;
    if (!batch.ok()) co_return of_login(*link_, batch.failure());
    if (!batch.value()) {
      ended_ = true;
      co_return std::vector<T>{};
    }
    co_return read_batch(std::move(*batch.value()), static_cast<T*>(nullptr));
  }

 private:
  std::shared_ptr<Link> link_;
  LinkStream stream_;
  bool ended_ = false;
};

Parcel naming(std::string path) {
  wire::Path request;
  request.set_path(std::move(path));
  return pack(request);
}

Parcel copying(model::FolderId from, const model::UidSet& uids, std::string to_path) {
  wire::CopyMessages request;
  request.set_from(from);
  to_wire(uids, *request.mutable_uids());
  request.set_to_path(std::move(to_path));
  return pack(request);
}

}  // namespace

Task<Outcome<Parcel>> RemoteMailbox::ask(Verb verb, Parcel request) {
  auto asking = object_->link()->ask(verb, object_->number(), std::move(request));
  Outcome<Parcel> answer = co_await asking;
  if (!answer.ok()) co_return of_login(*object_->link(), answer.failure());
  co_return answer;
}

Task<Outcome<void>> RemoteMailbox::ask_for_nothing(Verb verb, Parcel request) {
  auto asking = ask(verb, std::move(request));
  const Outcome<Parcel> answer = co_await asking;
  co_return nothing(answer);
}

Task<Outcome<model::Folder>> RemoteMailbox::ask_for_folder(Verb verb, Parcel request) {
  auto asking = ask(verb, std::move(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::Folder out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  co_return from_wire(out);
}

Task<Outcome<model::CopyResult>> RemoteMailbox::ask_for_copy(Verb verb, Parcel request) {
  auto asking = ask(verb, std::move(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::Copied out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  co_return from_wire(out);
}

Task<Outcome<std::vector<model::Folder>>> RemoteMailbox::list_folders() {
  auto asking = ask(Verb::kListFolders, Parcel{});
  const Outcome<Parcel> answer = co_await asking;
  wire::Folders out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  std::vector<model::Folder> folders;
  for (wire::Folder& one : *out.mutable_folders()) {
    Outcome<model::Folder> folder = from_wire(one);
    if (!folder.ok()) co_return folder.failure();
    folders.push_back(std::move(folder).value());
  }
  co_return folders;
}

Task<Outcome<model::Folder>> RemoteMailbox::get_folder(std::string path) {
  return ask_for_folder(Verb::kGetFolder, naming(std::move(path)));
}

Task<Outcome<model::Folder>> RemoteMailbox::create_folder(std::string path,
                                                          model::SpecialUse special_use) {
  wire::CreateFolder request;
  request.set_path(std::move(path));
  request.set_special_use(static_cast<std::uint32_t>(special_use));
  return ask_for_folder(Verb::kCreateFolder, pack(request));
}

Task<Outcome<void>> RemoteMailbox::delete_folder(std::string path) {
  return ask_for_nothing(Verb::kDeleteFolder, naming(std::move(path)));
}

Task<Outcome<void>> RemoteMailbox::rename_folder(std::string from, std::string to) {
  wire::RenameFolder request;
  request.set_from(std::move(from));
  request.set_to(std::move(to));
  return ask_for_nothing(Verb::kRenameFolder, pack(request));
}

Task<Outcome<void>> RemoteMailbox::subscribe(std::string path, bool subscribed) {
  wire::Subscribe request;
  request.set_path(std::move(path));
  request.set_subscribed(subscribed);
  return ask_for_nothing(Verb::kSubscribe, pack(request));
}

Task<Outcome<model::OpenFolder>> RemoteMailbox::open_folder(model::FolderId folder,
                                                            bool claim_recent) {
  wire::OpenFolder request;
  request.set_folder(folder);
  request.set_claim_recent(claim_recent);
  auto asking = ask(Verb::kOpenFolder, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::OpenedFolder out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  co_return from_wire(out);
}

Task<Outcome<model::Changes>> RemoteMailbox::changes_since(model::FolderId folder,
                                                           model::ModSeq since, model::UidSet known,
                                                           bool claim_recent) {
  wire::ChangesSince request;
  request.set_folder(folder);
  request.set_since(since);
  to_wire(known, *request.mutable_known());
  request.set_claim_recent(claim_recent);
  auto asking = ask(Verb::kChangesSince, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::Changes out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  co_return from_wire(out);
}

std::unique_ptr<model::Batches<model::MessageRow>> RemoteMailbox::fetch(
    model::FolderId folder, model::UidSet uids, std::uint32_t columns,
    model::ModSeq changed_since) {
  wire::Fetch request;
  request.set_folder(folder);
  to_wire(uids, *request.mutable_uids());
  request.set_columns(columns);
  request.set_changed_since(changed_since);
  return std::make_unique<RemoteBatches<model::MessageRow>>(object_->link(), Verb::kFetch,
                                                            object_->number(), pack(request));
}

std::unique_ptr<model::Batches<format::PackedChunk>> RemoteMailbox::read_content(
    model::FolderId folder, model::Uid uid, std::uint64_t offset, std::uint64_t length) {
  wire::ReadContent request;
  request.set_folder(folder);
  request.set_uid(uid);
  request.set_offset(offset);
  request.set_length(length);
  return std::make_unique<RemoteBatches<format::PackedChunk>>(object_->link(), Verb::kReadContent,
                                                              object_->number(), pack(request));
}

Task<Outcome<model::StoreResult>> RemoteMailbox::store_flags(model::FolderId folder,
                                                             model::UidSet uids,
                                                             model::FlagChange change,
                                                             model::Flags flags,
                                                             model::ModSeq unchanged_since) {
  wire::StoreFlags request;
  request.set_folder(folder);
  to_wire(uids, *request.mutable_uids());
  request.set_change(static_cast<std::uint32_t>(change));
  to_wire(flags, *request.mutable_flags());
  request.set_unchanged_since(unchanged_since);
  auto asking = ask(Verb::kStoreFlags, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::Stored out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  co_return from_wire(out);
}

Task<Outcome<model::UidSet>> RemoteMailbox::expunge(model::FolderId folder, model::UidSet uids) {
  wire::Expunge request;
  request.set_folder(folder);
  to_wire(uids, *request.mutable_uids());
  auto asking = ask(Verb::kExpunge, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::UidSet out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  co_return from_wire(out);
}

Task<Outcome<model::CopyResult>> RemoteMailbox::append(std::string path,
                                                       std::vector<model::NewMessage> messages) {
  wire::Append request;
  Parcel parcel;
  request.set_path(std::move(path));
  for (model::NewMessage& message : messages) {
    wire::NewMessage& one = *request.add_messages();
    to_wire(message.flags, *one.mutable_flags());
    if (message.internal_date) one.set_internal_date(*message.internal_date);
    to_wire(std::move(message.message), *one.mutable_message(), parcel.pieces);
  }
  request.SerializeToString(&parcel.head);
  return ask_for_copy(Verb::kAppend, std::move(parcel));
}

Task<Outcome<model::CopyResult>> RemoteMailbox::copy(model::FolderId from, model::UidSet uids,
                                                     std::string to_path) {
  return ask_for_copy(Verb::kCopy, copying(from, uids, std::move(to_path)));
}

Task<Outcome<model::CopyResult>> RemoteMailbox::move(model::FolderId from, model::UidSet uids,
                                                     std::string to_path) {
  return ask_for_copy(Verb::kMove, copying(from, uids, std::move(to_path)));
}

Task<Outcome<model::Quota>> RemoteMailbox::quota() {
  auto asking = ask(Verb::kQuota, Parcel{});
  const Outcome<Parcel> answer = co_await asking;
  wire::Quota out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  co_return model::Quota{out.used(), out.limit()};
}

Task<Outcome<void>> RemoteMailbox::sync_notices() {
  // The door answers behind the notices, on the same stream.
  return ask_for_nothing(Verb::kSyncNotices, Parcel{});
}

}  // namespace fwd::rpc
