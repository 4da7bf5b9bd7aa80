// Forwarding, kept by asking the door.
#include "rpc/remote_forwarding.h"

#include <algorithm>
#include <utility>

#include "rpc/limits.h"
#include "rpc/wire_forwarding.h"

namespace fwd::rpc {
namespace {

Outcome<model::Forwarded> forwarded_of(const Outcome<Parcel>& answer) {
  wire::Forwarded out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) return read.failure();
  return from_wire(out);
}

}  // namespace

Task<Outcome<model::Forwarded>> RemoteForwarding::forward(model::NewForward forward) {
  wire::NewForward request;
  Parcel parcel;
  to_wire(std::move(forward), request, parcel.pieces);
  request.SerializeToString(&parcel.head);
  auto asking = door_.ask(Verb::kForward, std::move(parcel));
  const Outcome<Parcel> answer = co_await asking;
  co_return forwarded_of(answer);
}

Task<Outcome<model::Forwarded>> RemoteForwarding::await_forward(std::string id,
                                                                std::chrono::milliseconds wait) {
  wait = std::clamp(wait, {}, kMostForwardWait);
  wire::AwaitForward request;
  request.set_id(std::move(id));
  request.set_wait_ms(static_cast<std::uint32_t>(wait.count()));
  auto asking = door_.ask(Verb::kAwaitForward, pack(request), wait);
  const Outcome<Parcel> answer = co_await asking;
  co_return forwarded_of(answer);
}

Task<Outcome<void>> RemoteForwarding::settle_forward(std::string id, model::SettleForward how) {
  wire::SettleForward request;
  request.set_id(std::move(id));
  request.set_how(static_cast<std::uint32_t>(how));
  auto asking = door_.ask(Verb::kSettleForward, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  co_return nothing(answer);
}

Task<Outcome<model::WentOn>> RemoteForwarding::find_forwarded(model::CameBack back) {
  wire::CameBack request;
  to_wire(std::move(back), request);
  auto asking = door_.ask(Verb::kFindForwarded, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::WentOn out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  co_return from_wire(out);
}

Task<Outcome<model::Vacation>> RemoteForwarding::get_vacation(std::string alias_id) {
  wire::VacationOf request;
  request.set_alias_id(std::move(alias_id));
  auto asking = door_.ask(Verb::kGetVacation, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::Vacation out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  model::Vacation vacation;
  vacation.address = std::move(*out.mutable_address());
  vacation.subject = std::move(*out.mutable_subject());
  vacation.message = std::move(*out.mutable_message());
  co_return vacation;
}

Task<Outcome<std::string>> RemoteForwarding::send_reply(model::NewReply reply) {
  wire::NewReply request;
  Parcel parcel;
  to_wire(std::move(reply.message), *request.mutable_message(), parcel.pieces);
  request.set_alias_id(std::move(reply.alias_id));
  request.set_domain_id(std::move(reply.domain_id));
  request.SerializeToString(&parcel.head);
  auto asking = door_.ask(Verb::kSendReply, std::move(parcel));
  const Outcome<Parcel> answer = co_await asking;
  wire::ReplyQueued out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  co_return std::move(*out.mutable_id());
}

Task<Outcome<void>> RemoteForwarding::confirm_recipient(std::string address) {
  wire::ConfirmingAddress request;
  request.set_address(std::move(address));
  auto asking = door_.ask(Verb::kConfirmRecipient, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  co_return nothing(answer);
}

}  // namespace fwd::rpc
