// The verbs of Queue, on the door's side.
#include <algorithm>
#include <utility>

#include "rpc/limits.h"
#include "rpc/serving.h"
#include "rpc/wire_queue.h"

namespace fwd::rpc {
namespace {

Task<Outcome<Parcel>> claim(Serving& serving, Parcel request) {
  wire::ClaimQuestion in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.queue->claim(from_wire(in));
  const Outcome<std::vector<model::Claim>> claims = co_await asking;
  if (!claims.ok()) co_return claims.failure();
  wire::Claims out;
  for (const model::Claim& claim : claims.value()) to_wire(claim, *out.add_claims());
  co_return pack(out);
}

Task<Outcome<Parcel>> read_outbound(Serving& serving, Parcel request) {
  wire::ReadOutbound in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  const std::uint64_t most = std::min<std::uint64_t>(in.most(), kMostSlice);
  auto asking =
      serving.promises.queue->read_outbound(std::move(*in.mutable_id()), in.offset(), most);
  Outcome<std::string> content = co_await asking;
  if (!content.ok()) co_return content.failure();
  Parcel reply;
  reply.pieces.push_back(std::move(content).value());
  co_return reply;
}

Task<Outcome<Parcel>> report(Serving& serving, Parcel request) {
  wire::Report in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  Pieces pieces(request.pieces);
  Outcome<model::Report> report = from_wire(in, pieces);
  if (!report.ok()) co_return report.failure();
  auto asking = serving.promises.queue->report(std::move(report).value());
  const Outcome<void> done = co_await asking;
  co_return nothing(done);
}

Task<Outcome<Parcel>> prolong(Serving& serving, Parcel request) {
  wire::Prolong in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  const std::chrono::seconds by = std::min(std::chrono::seconds(in.seconds()), kMostLease);
  auto asking = serving.promises.queue->prolong(in.lease(), by);
  const Outcome<void> done = co_await asking;
  co_return nothing(done);
}

Task<Outcome<Parcel>> signing_keys(Serving& serving, Parcel request) {
  wire::SigningDomain in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.queue->signing_keys(std::move(*in.mutable_domain()));
  const Outcome<std::vector<model::SigningKey>> keys = co_await asking;
  if (!keys.ok()) co_return keys.failure();
  wire::SigningKeys out;
  for (const model::SigningKey& key : keys.value()) to_wire(key, *out.add_keys());
  co_return pack(out);
}

Task<Outcome<Parcel>> bounce_hook(Serving& serving, Parcel request) {
  wire::HookDomain in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.queue->bounce_hook(std::move(*in.mutable_domain_id()));
  const Outcome<model::BounceHook> hook = co_await asking;
  if (!hook.ok()) co_return hook.failure();
  wire::BounceHook out;
  out.set_url(hook.value().url);
  out.set_key(hook.value().key);
  co_return pack(out);
}

Task<Outcome<Parcel>> forward_owners(Serving& serving, Parcel request) {
  wire::ForwardOwnersOf in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.queue->forward_owners(std::move(*in.mutable_domain_id()),
                                                       std::move(*in.mutable_alias_id()));
  const Outcome<model::ForwardOwners> owners = co_await asking;
  if (!owners.ok()) co_return owners.failure();
  wire::ForwardOwners out;
  out.set_alias(owners.value().alias);
  out.set_mailbox(owners.value().mailbox);
  out.set_owner(owners.value().owner);
  for (const std::string& one : owners.value().admins) out.add_admins(one);
  co_return pack(out);
}

Task<Outcome<Parcel>> list_outbound(Serving& serving, Parcel request) {
  wire::QueueFilter in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  Outcome<model::QueueFilter> filter = from_wire(in);
  if (!filter.ok()) co_return filter.failure();
  filter.value().limit = std::min(filter.value().limit, kMostListed);
  auto asking = serving.promises.queue->list_outbound(std::move(filter).value());
  const Outcome<std::vector<model::Outbound>> messages = co_await asking;
  if (!messages.ok()) co_return messages.failure();
  wire::Outbounds out;
  for (const model::Outbound& message : messages.value()) to_wire(message, *out.add_messages());
  co_return pack(out);
}

Task<Outcome<Parcel>> act_on_outbound(Serving& serving, Parcel request) {
  wire::QueueAct in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  Outcome<model::QueueFilter> filter = from_wire(*in.mutable_filter());
  if (!filter.ok()) co_return filter.failure();
  if (in.action() < static_cast<std::uint32_t>(model::QueueAction::kHold) ||
      in.action() > static_cast<std::uint32_t>(model::QueueAction::kBounce))
    co_return bad_wire("an action that does not exist");
  const auto action = static_cast<model::QueueAction>(in.action());
  auto asking = serving.promises.queue->act_on_outbound(std::move(filter).value(), action);
  const Outcome<std::uint64_t> count = co_await asking;
  if (!count.ok()) co_return count.failure();
  wire::ActedOn out;
  out.set_count(count.value());
  co_return pack(out);
}

Task<Outcome<Parcel>> queue_stat(Serving& serving, Parcel) {
  auto asking = serving.promises.queue->queue_stat();
  const Outcome<model::QueueStat> stat = co_await asking;
  if (!stat.ok()) co_return stat.failure();
  wire::QueueStat out;
  to_wire(stat.value(), out);
  co_return pack(out);
}

}  // namespace

Answer find_queue_answer(Verb verb) {
  switch (verb) {
    case Verb::kClaim:
      return claim;
    case Verb::kReadOutbound:
      return read_outbound;
    case Verb::kReport:
      return report;
    case Verb::kProlong:
      return prolong;
    case Verb::kSigningKeys:
      return signing_keys;
    case Verb::kListOutbound:
      return list_outbound;
    case Verb::kActOnOutbound:
      return act_on_outbound;
    case Verb::kQueueStat:
      return queue_stat;
    case Verb::kBounceHook:
      return bounce_hook;
    case Verb::kForwardOwners:
      return forward_owners;
    default:
      return nullptr;
  }
}

}  // namespace fwd::rpc
