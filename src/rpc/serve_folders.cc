// The verbs of Mailbox that are about folders and news, on the door's side.
#include "rpc/serving.h"
#include "rpc/wire.h"

namespace fwd::rpc {
namespace {

Outcome<Parcel> one_folder(const Outcome<model::Folder>& answer) {
  if (!answer.ok()) return answer.failure();
  wire::Folder out;
  to_wire(answer.value(), out);
  return pack(out);
}

Task<Outcome<Parcel>> list_folders(Serving& serving, Parcel request) {
  wire::Nothing in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.mailbox->list_folders();
  const Outcome<std::vector<model::Folder>> folders = co_await asking;
  if (!folders.ok()) co_return folders.failure();
  wire::Folders out;
  for (const model::Folder& folder : folders.value()) to_wire(folder, *out.add_folders());
  co_return pack(out);
}

Task<Outcome<Parcel>> get_folder(Serving& serving, Parcel request) {
  wire::Path in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.mailbox->get_folder(in.path());
  const Outcome<model::Folder> folder = co_await asking;
  co_return one_folder(folder);
}

Task<Outcome<Parcel>> create_folder(Serving& serving, Parcel request) {
  wire::CreateFolder in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  const auto special_use = special_use_of(in.special_use());
  if (!special_use) co_return bad_wire("a special use that does not exist");
  auto asking = serving.mailbox->create_folder(in.path(), *special_use);
  const Outcome<model::Folder> folder = co_await asking;
  co_return one_folder(folder);
}

Task<Outcome<Parcel>> delete_folder(Serving& serving, Parcel request) {
  wire::Path in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.mailbox->delete_folder(in.path());
  const Outcome<void> done = co_await asking;
  co_return nothing(done);
}

Task<Outcome<Parcel>> rename_folder(Serving& serving, Parcel request) {
  wire::RenameFolder in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.mailbox->rename_folder(in.from(), in.to());
  const Outcome<void> done = co_await asking;
  co_return nothing(done);
}

Task<Outcome<Parcel>> subscribe(Serving& serving, Parcel request) {
  wire::Subscribe in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.mailbox->subscribe(in.path(), in.subscribed());
  const Outcome<void> done = co_await asking;
  co_return nothing(done);
}

Task<Outcome<Parcel>> quota(Serving& serving, Parcel request) {
  wire::Nothing in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.mailbox->quota();
  const Outcome<model::Quota> answer = co_await asking;
  if (!answer.ok()) co_return answer.failure();
  wire::Quota out;
  out.set_used(answer.value().used);
  out.set_limit(answer.value().limit);
  co_return pack(out);
}

Task<Outcome<Parcel>> sync_notices(Serving& serving, Parcel request) {
  wire::Nothing in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.mailbox->sync_notices();
  const Outcome<void> done = co_await asking;
  if (!done.ok()) co_return done.failure();
  auto sending = serving.send_notices();
  co_await sending;
  co_return Parcel{};
}

}  // namespace

Answer find_folder_answer(Verb verb) {
  switch (verb) {
    case Verb::kListFolders:
      return list_folders;
    case Verb::kGetFolder:
      return get_folder;
    case Verb::kCreateFolder:
      return create_folder;
    case Verb::kDeleteFolder:
      return delete_folder;
    case Verb::kRenameFolder:
      return rename_folder;
    case Verb::kSubscribe:
      return subscribe;
    case Verb::kQuota:
      return quota;
    case Verb::kSyncNotices:
      return sync_notices;
    default:
      return nullptr;
  }
}

}  // namespace fwd::rpc
