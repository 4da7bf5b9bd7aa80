// The verbs of Submission, on the door's side.
#include <wire/submission.pb.h>

#include <utility>

#include "core/wipe.h"
#include "rpc/serving.h"
#include "rpc/wire_logins.h"
#include "rpc/wire_outbound.h"

namespace fwd::rpc {
namespace {

Parcel logged_in(const model::Sender& sender, const std::string& server_final) {
  wire::LoggedInSender out;
  out.set_alias_id(sender.alias_id);
  out.set_domain_id(sender.domain_id);
  out.set_user_id(sender.user_id);
  out.set_address(sender.address);
  out.set_is_whole_domain(sender.is_whole_domain);
  out.set_is_local_program(sender.is_local_program);
  out.set_server_final(server_final);
  return pack(out);
}

Outcome<Parcel> keep_session(Serving& serving,
                             const Outcome<std::shared_ptr<model::SenderSession>>& session) {
  if (!session.ok()) return session.failure();
  serving.keep(session.value());
  return logged_in(session.value()->sender(), std::string());
}

Task<Outcome<Parcel>> log_in_to_send(Serving& serving, Parcel request) {
  wire::LogIn in;
  const WipeAtEnd sent(request.head), wiped(*in.mutable_password());
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.submission->log_in_to_send(from_wire(*in.mutable_context()),
                                                            std::move(*in.mutable_address()),
                                                            std::move(*in.mutable_password()));
  const Outcome<std::shared_ptr<model::SenderSession>> session = co_await asking;
  co_return keep_session(serving, session);
}

Task<Outcome<Parcel>> begin_scram_to_send(Serving& serving, Parcel request) {
  wire::BeginScram in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.submission->begin_scram_to_send(
      from_wire(*in.mutable_context()), std::move(*in.mutable_client_first()), in.offered_plus());
  Outcome<std::unique_ptr<model::SenderScram>> begun = co_await asking;
  if (!begun.ok()) co_return begun.failure();
  wire::ScramBegun out;
  out.set_server_first(begun.value()->server_first());
  serving.keep(std::move(begun).value());
  co_return pack(out);
}

Task<Outcome<Parcel>> finish_scram_to_send(Serving& serving, Parcel request) {
  wire::FinishScram in;
  const WipeAtEnd sent(request.head), wiped(*in.mutable_client_final());
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.sender_scram->finish(std::move(*in.mutable_client_final()),
                                             std::move(*in.mutable_binding_data()));
  const Outcome<model::SenderScram::Verdict> verdict = co_await asking;
  if (!verdict.ok()) co_return verdict.failure();
  serving.keep(verdict.value().session);
  co_return logged_in(verdict.value().session->sender(), verdict.value().server_final);
}

Task<Outcome<Parcel>> let_local_send(Serving& serving, Parcel request) {
  wire::LetLocalSend in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.submission->let_local_send(
      from_wire(*in.mutable_context()), in.uid(), std::move(*in.mutable_user()));
  const Outcome<std::shared_ptr<model::SenderSession>> session = co_await asking;
  co_return keep_session(serving, session);
}

Task<Outcome<Parcel>> submit(Serving& serving, Parcel request) {
  wire::NewOutbound in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  Pieces pieces(request.pieces);
  Outcome<model::NewOutbound> message = from_wire(in, pieces);
  if (!message.ok()) co_return message.failure();
  if (!pieces.all_taken()) co_return bad_wire("pieces that nobody announced");
  auto asking = serving.sender->submit(std::move(message).value());
  const Outcome<model::Submitted> submitted = co_await asking;
  if (!submitted.ok()) co_return submitted.failure();
  wire::Submitted out;
  out.set_id(submitted.value().id);
  out.set_is_repeat(submitted.value().is_repeat);
  co_return pack(out);
}

}  // namespace

Answer find_submission_answer(Verb verb) {
  switch (verb) {
    case Verb::kLogInToSend:
      return log_in_to_send;
    case Verb::kBeginScramToSend:
      return begin_scram_to_send;
    case Verb::kFinishScramToSend:
      return finish_scram_to_send;
    case Verb::kLetLocalSend:
      return let_local_send;
    case Verb::kSubmit:
      return submit;
    default:
      return nullptr;
  }
}

}  // namespace fwd::rpc
