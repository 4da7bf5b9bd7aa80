// The verbs of Forwarding, on the door's side.
#include <algorithm>
#include <utility>

#include "rpc/limits.h"
#include "rpc/serving.h"
#include "rpc/wire_forwarding.h"

namespace fwd::rpc {
namespace {

Outcome<Parcel> answer_of(const Outcome<model::Forwarded>& forwarded) {
  if (!forwarded.ok()) return forwarded.failure();
  wire::Forwarded out;
  to_wire(forwarded.value(), out);
  return pack(out);
}

Task<Outcome<Parcel>> forward(Serving& serving, Parcel request) {
  wire::NewForward in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  Pieces pieces(request.pieces);
  Outcome<model::NewForward> forward = from_wire(in, pieces);
  if (!forward.ok()) co_return forward.failure();
  if (!pieces.all_taken()) co_return bad_wire("pieces that nobody announced");
  auto asking = serving.promises.forwarding->forward(std::move(forward).value());
  const Outcome<model::Forwarded> forwarded = co_await asking;
  co_return answer_of(forwarded);
}

Task<Outcome<Parcel>> await_forward(Serving& serving, Parcel request) {
  wire::AwaitForward in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  const auto wait = std::min(std::chrono::milliseconds(in.wait_ms()), kMostForwardWait);
  auto asking = serving.promises.forwarding->await_forward(std::move(*in.mutable_id()), wait);
  const Outcome<model::Forwarded> forwarded = co_await asking;
  co_return answer_of(forwarded);
}

Task<Outcome<Parcel>> settle_forward(Serving& serving, Parcel request) {
  wire::SettleForward in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  const Outcome<model::SettleForward> how = settling_of(in.how());
  if (!how.ok()) co_return how.failure();
  auto asking =
      serving.promises.forwarding->settle_forward(std::move(*in.mutable_id()), how.value());
  const Outcome<void> done = co_await asking;
  co_return nothing(done);
}

Task<Outcome<Parcel>> get_vacation(Serving& serving, Parcel request) {
  wire::VacationOf in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.forwarding->get_vacation(std::move(*in.mutable_alias_id()));
  const Outcome<model::Vacation> vacation = co_await asking;
  if (!vacation.ok()) co_return vacation.failure();
  wire::Vacation out;
  out.set_address(vacation.value().address);
  out.set_subject(vacation.value().subject);
  out.set_message(vacation.value().message);
  co_return pack(out);
}

Task<Outcome<Parcel>> send_reply(Serving& serving, Parcel request) {
  wire::NewReply in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  Pieces pieces(request.pieces);
  Outcome<model::NewOutbound> message = from_wire(*in.mutable_message(), pieces);
  if (!message.ok()) co_return message.failure();
  if (!pieces.all_taken()) co_return bad_wire("pieces that nobody announced");
  model::NewReply reply;
  reply.message = std::move(message).value();
  reply.alias_id = std::move(*in.mutable_alias_id());
  reply.domain_id = std::move(*in.mutable_domain_id());
  auto asking = serving.promises.forwarding->send_reply(std::move(reply));
  Outcome<std::string> id = co_await asking;
  if (!id.ok()) co_return id.failure();
  wire::ReplyQueued out;
  out.set_id(std::move(id).value());
  co_return pack(out);
}

Task<Outcome<Parcel>> confirm_recipient(Serving& serving, Parcel request) {
  wire::ConfirmingAddress in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.forwarding->confirm_recipient(std::move(*in.mutable_address()));
  const Outcome<void> done = co_await asking;
  co_return nothing(done);
}

Task<Outcome<Parcel>> find_forwarded(Serving& serving, Parcel request) {
  wire::CameBack in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  Outcome<model::CameBack> back = from_wire(in);
  if (!back.ok()) co_return back.failure();
  auto asking = serving.promises.forwarding->find_forwarded(std::move(back).value());
  Outcome<model::WentOn> went = co_await asking;
  if (!went.ok()) co_return went.failure();
  wire::WentOn out;
  to_wire(std::move(went).value(), out);
  co_return pack(out);
}

}  // namespace

Answer find_forwarding_answer(Verb verb) {
  switch (verb) {
    case Verb::kForward:
      return forward;
    case Verb::kAwaitForward:
      return await_forward;
    case Verb::kSettleForward:
      return settle_forward;
    case Verb::kGetVacation:
      return get_vacation;
    case Verb::kSendReply:
      return send_reply;
    case Verb::kConfirmRecipient:
      return confirm_recipient;
    case Verb::kFindForwarded:
      return find_forwarded;
    default:
      return nullptr;
  }
}

}  // namespace fwd::rpc
