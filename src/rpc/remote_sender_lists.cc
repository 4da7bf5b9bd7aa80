// SenderLists, kept by asking the door.
#include "rpc/remote_sender_lists.h"

#include <utility>

#include "rpc/wire_sender_lists.h"

namespace fwd::rpc {

Task<Outcome<std::vector<model::ListedSender>>> RemoteSenderLists::find_listed(
    std::vector<std::string> values) {
  wire::FindListed request;
  for (std::string& value : values) request.add_values(std::move(value));
  auto asking = door_.ask(Verb::kFindListed, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  co_return unpack_entries(answer);
}

Task<Outcome<model::ListedSender>> RemoteSenderLists::put_listed(model::ListedSender entry) {
  wire::ListedSender request;
  to_wire(entry, request);
  auto asking = door_.ask(Verb::kPutListed, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::ListedSender out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  co_return from_wire(out);
}

Task<Outcome<void>> RemoteSenderLists::remove_listed(model::ListKind kind, std::string value) {
  wire::RemoveListed request;
  request.set_kind(static_cast<std::uint32_t>(kind));
  request.set_value(std::move(value));
  auto asking = door_.ask(Verb::kRemoveListed, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  co_return nothing(answer);
}

Task<Outcome<std::vector<model::ListedSender>>> RemoteSenderLists::list_listed(model::ListKind kind,
                                                                               std::string after) {
  wire::ListListed request;
  request.set_kind(static_cast<std::uint32_t>(kind));
  request.set_after(std::move(after));
  auto asking = door_.ask(Verb::kListListed, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  co_return unpack_entries(answer);
}

}  // namespace fwd::rpc
