// The verbs of SenderLists, on the door's side.
#include <utility>

#include "rpc/serving.h"
#include "rpc/wire_sender_lists.h"

namespace fwd::rpc {
namespace {

Task<Outcome<Parcel>> find_listed(Serving& serving, Parcel request) {
  wire::FindListed in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  if (static_cast<std::size_t>(in.values_size()) > model::kMostListedAsked)
    co_return bad_wire("more values than may be asked for");
  std::vector<std::string> values;
  for (std::string& value : *in.mutable_values()) values.push_back(std::move(value));
  auto asking = serving.promises.sender_lists->find_listed(std::move(values));
  const Outcome<std::vector<model::ListedSender>> found = co_await asking;
  if (!found.ok()) co_return found.failure();
  co_return pack_entries(found.value());
}

// A daemon that strangers talk to may keep somebody out for a while, and let
// nobody in: not even when it was broken into.
bool may_put(Role role, const model::ListedSender& entry) {
  if (role != Role::kMxd) return true;
  return entry.kind == model::ListKind::kDeny && entry.is_learned && entry.expires != 0;
}

Task<Outcome<Parcel>> put_listed(Serving& serving, Parcel request) {
  wire::ListedSender in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  Outcome<model::ListedSender> entry = from_wire(in);
  if (!entry.ok()) co_return entry.failure();
  if (!may_put(serving.role, entry.value()))
    co_return Failure{Fault::kDenied, "", "this role may only deny, and for a while"};
  auto asking = serving.promises.sender_lists->put_listed(std::move(entry).value());
  const Outcome<model::ListedSender> put = co_await asking;
  if (!put.ok()) co_return put.failure();
  wire::ListedSender out;
  to_wire(put.value(), out);
  co_return pack(out);
}

Task<Outcome<Parcel>> remove_listed(Serving& serving, Parcel request) {
  wire::RemoveListed in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  const Outcome<model::ListKind> kind = list_kind(in.kind());
  if (!kind.ok()) co_return kind.failure();
  auto asking =
      serving.promises.sender_lists->remove_listed(kind.value(), std::move(*in.mutable_value()));
  const Outcome<void> done = co_await asking;
  co_return nothing(done);
}

// It asks whether a host that has no name just now may be let in by its name.
bool may_list(Role role, model::ListKind kind) {
  return role != Role::kMxd || kind == model::ListKind::kAllow;
}

Task<Outcome<Parcel>> list_listed(Serving& serving, Parcel request) {
  wire::ListListed in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  const Outcome<model::ListKind> kind = list_kind(in.kind());
  if (!kind.ok()) co_return kind.failure();
  if (!may_list(serving.role, kind.value()))
    co_return Failure{Fault::kDenied, "", "this role may only list who is let in"};
  auto asking =
      serving.promises.sender_lists->list_listed(kind.value(), std::move(*in.mutable_after()));
  const Outcome<std::vector<model::ListedSender>> found = co_await asking;
  if (!found.ok()) co_return found.failure();
  co_return pack_entries(found.value());
}

}  // namespace

Answer find_sender_list_answer(Verb verb) {
  switch (verb) {
    case Verb::kFindListed:
      return find_listed;
    case Verb::kPutListed:
      return put_listed;
    case Verb::kRemoveListed:
      return remove_listed;
    case Verb::kListListed:
      return list_listed;
    default:
      return nullptr;
  }
}

}  // namespace fwd::rpc
