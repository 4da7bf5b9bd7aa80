// Queue, kept by asking the door.
#include "rpc/remote_queue.h"

#include <algorithm>
#include <utility>

#include "rpc/limits.h"
#include "rpc/wire_queue.h"

namespace fwd::rpc {

Task<Outcome<std::vector<model::Claim>>> RemoteQueue::claim(model::ClaimQuestion question) {
  wire::ClaimQuestion request;
  to_wire(question, request);
  const std::chrono::milliseconds wait = std::clamp(question.wait, {}, kMostClaimWait);
  auto asking = door_.ask(Verb::kClaim, pack(request), wait);
  const Outcome<Parcel> answer = co_await asking;
  wire::Claims out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  std::vector<model::Claim> claims;
  for (wire::Claim& one : *out.mutable_claims()) {
    Outcome<model::Claim> claim = from_wire(one);
    if (!claim.ok()) co_return claim.failure();
    claims.push_back(std::move(claim).value());
  }
  co_return claims;
}

Task<Outcome<std::string>> RemoteQueue::read_outbound(std::string id, std::uint64_t offset,
                                                      std::uint64_t most) {
  std::string content;
  for (;;) {
    const std::uint64_t wanted = std::min<std::uint64_t>(most - content.size(), kMostSlice);
    wire::ReadOutbound request;
    request.set_id(id);
    request.set_offset(offset + content.size());
    request.set_most(wanted);
    auto asking = door_.ask(Verb::kReadOutbound, pack(request));
    Outcome<Parcel> answer = co_await asking;
    if (!answer.ok()) co_return answer.failure();
    std::vector<std::string>& pieces = answer.value().pieces;
    if (pieces.size() != 1 || pieces[0].size() > wanted)
      co_return bad_wire("a slice of another size");
    const bool is_last = pieces[0].size() < wanted;
    if (content.empty()) {
      content = std::move(pieces[0]);
    } else {
      content += pieces[0];
    }
    if (is_last || content.size() == most) co_return content;
  }
}

Task<Outcome<void>> RemoteQueue::report(model::Report report) {
  wire::Report request;
  Parcel parcel;
  to_wire(std::move(report), request, parcel.pieces);
  request.SerializeToString(&parcel.head);
  auto asking = door_.ask(Verb::kReport, std::move(parcel));
  const Outcome<Parcel> answer = co_await asking;
  co_return nothing(answer);
}

Task<Outcome<void>> RemoteQueue::prolong(std::uint64_t lease, std::chrono::seconds by) {
  wire::Prolong request;
  request.set_lease(lease);
  request.set_seconds(static_cast<std::uint32_t>(std::clamp(by, {}, kMostLease).count()));
  auto asking = door_.ask(Verb::kProlong, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  co_return nothing(answer);
}

Task<Outcome<std::vector<model::SigningKey>>> RemoteQueue::signing_keys(std::string domain) {
  wire::SigningDomain request;
  request.set_domain(std::move(domain));
  auto asking = door_.ask(Verb::kSigningKeys, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::SigningKeys out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  std::vector<model::SigningKey> keys;
  for (wire::SigningKey& one : *out.mutable_keys()) keys.push_back(from_wire(one));
  co_return keys;
}

Task<Outcome<model::BounceHook>> RemoteQueue::bounce_hook(std::string domain_id) {
  wire::HookDomain request;
  request.set_domain_id(std::move(domain_id));
  auto asking = door_.ask(Verb::kBounceHook, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::BounceHook out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  model::BounceHook hook;
  hook.url = std::move(*out.mutable_url());
  hook.key = std::move(*out.mutable_key());
  co_return hook;
}

Task<Outcome<model::ForwardOwners>> RemoteQueue::forward_owners(std::string domain_id,
                                                                std::string alias_id) {
  wire::ForwardOwnersOf request;
  request.set_domain_id(std::move(domain_id));
  request.set_alias_id(std::move(alias_id));
  auto asking = door_.ask(Verb::kForwardOwners, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::ForwardOwners out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  model::ForwardOwners owners;
  owners.alias = std::move(*out.mutable_alias());
  owners.mailbox = std::move(*out.mutable_mailbox());
  owners.owner = std::move(*out.mutable_owner());
  for (std::string& one : *out.mutable_admins()) owners.admins.push_back(std::move(one));
  co_return owners;
}

Task<Outcome<void>> RemoteQueue::list_page(const model::QueueFilter& filter,
                                           std::vector<model::Outbound>& messages) {
  wire::QueueFilter request;
  to_wire(filter, request);
  auto asking = door_.ask(Verb::kListOutbound, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::Outbounds out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  for (wire::Outbound& one : *out.mutable_messages()) {
    Outcome<model::Outbound> message = from_wire(one);
    if (!message.ok()) co_return message.failure();
    messages.push_back(std::move(message).value());
  }
  co_return Outcome<void>{};
}

Task<Outcome<std::vector<model::Outbound>>> RemoteQueue::list_outbound(model::QueueFilter filter) {
  std::vector<model::Outbound> messages;
  const std::uint32_t wanted = filter.limit;
  while (messages.size() < wanted) {
    const std::size_t had = messages.size();
    filter.limit = std::min(static_cast<std::uint32_t>(wanted - had), kMostListed);
    auto listing = list_page(filter, messages);
    const Outcome<void> listed = co_await listing;
    if (!listed.ok()) co_return listed.failure();
    if (messages.size() - had < filter.limit) break;
    filter.before = messages.back().id;
  }
  co_return messages;
}

Task<Outcome<std::uint64_t>> RemoteQueue::act_on_outbound(model::QueueFilter filter,
                                                          model::QueueAction action) {
  wire::QueueAct request;
  to_wire(filter, *request.mutable_filter());
  request.set_action(static_cast<std::uint32_t>(action));
  auto asking = door_.ask(Verb::kActOnOutbound, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::ActedOn out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  co_return std::uint64_t{out.count()};
}

Task<Outcome<model::QueueStat>> RemoteQueue::queue_stat() {
  auto asking = door_.ask(Verb::kQueueStat, Parcel{});
  const Outcome<Parcel> answer = co_await asking;
  wire::QueueStat out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  co_return from_wire(out);
}

}  // namespace fwd::rpc
