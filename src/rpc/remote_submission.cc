// Submission, kept by asking the door.
#include "rpc/remote_submission.h"

#include <wire/submission.pb.h>

#include <utility>

#include "core/wipe.h"
#include "rpc/wire_logins.h"
#include "rpc/wire_outbound.h"

namespace fwd::rpc {
namespace {

class RemoteSender final : public model::SenderSession {
 public:
  RemoteSender(std::unique_ptr<LinkObject> object, wire::LoggedInSender& in)
      : object_(std::move(object)) {
    sender_.alias_id = std::move(*in.mutable_alias_id());
    sender_.domain_id = std::move(*in.mutable_domain_id());
    sender_.user_id = std::move(*in.mutable_user_id());
    sender_.address = std::move(*in.mutable_address());
    sender_.is_whole_domain = in.is_whole_domain();
    sender_.is_local_program = in.is_local_program();
  }

  const model::Sender& sender() const override { return sender_; }

  Task<Outcome<model::Submitted>> submit(model::NewOutbound message) override {
    wire::NewOutbound request;
    Parcel parcel;
    to_wire(std::move(message), request, parcel.pieces);
    request.SerializeToString(&parcel.head);
    auto asking = object_->link()->ask(Verb::kSubmit, object_->number(), std::move(parcel));
    const Outcome<Parcel> answer = co_await asking;
    if (!answer.ok() && !object_->link()->connected() &&
        answer.failure().fault == Fault::kUnavailable) {
      Failure failure = answer.failure();
      failure.fault = Fault::kClosed;  // a login ends with its connection
      co_return failure;
    }
    wire::Submitted out;
    const Outcome<void> read = unpack(answer, out);
    if (!read.ok()) co_return read.failure();
    co_return model::Submitted{std::move(*out.mutable_id()), out.is_repeat()};
  }

 private:
  std::unique_ptr<LinkObject> object_;
  model::Sender sender_;
};

class RemoteSenderScram final : public model::SenderScram {
 public:
  RemoteSenderScram(std::unique_ptr<LinkObject> object, std::string server_first)
      : object_(std::move(object)), server_first_(std::move(server_first)) {}

  const std::string& server_first() const override { return server_first_; }

  Task<Outcome<Verdict>> finish(std::string client_final, std::string binding_data) override {
    if (object_ == nullptr) co_return Failure{Fault::kWrongState, "", "finished already"};
    wire::FinishScram request;
    request.set_client_final(std::move(client_final));
    request.set_binding_data(std::move(binding_data));
    const WipeAtEnd wiped(*request.mutable_client_final());
    // One try: the exchange is over at the door, too.
    std::unique_ptr<LinkObject> object = std::move(object_);
    auto asking =
        object->link()->ask(Verb::kFinishScramToSend, object->number(), pack_secret(request));
    const Outcome<Parcel> answer = co_await asking;
    wire::LoggedInSender out;
    const Outcome<void> read = unpack(answer, out);
    if (!read.ok()) co_return read.failure();
    Verdict verdict;
    verdict.server_final = std::move(*out.mutable_server_final());
    verdict.session = std::make_shared<RemoteSender>(std::move(object), out);
    co_return verdict;
  }

 private:
  std::unique_ptr<LinkObject> object_;  // until finish()
  std::string server_first_;
};

}  // namespace

Task<Outcome<std::shared_ptr<model::SenderSession>>> RemoteSubmission::log_in(Verb verb,
                                                                              Parcel request) {
  auto linking = door_.link_for_login();
  Outcome<std::shared_ptr<Link>> link = co_await linking;
  if (!link.ok()) co_return link.failure();
  auto object = std::make_unique<LinkObject>(std::move(link).value());
  auto asking = object->link()->ask(verb, object->number(), std::move(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::LoggedInSender out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  std::shared_ptr<model::SenderSession> session =
      std::make_shared<RemoteSender>(std::move(object), out);
  co_return session;
}

Task<Outcome<std::shared_ptr<model::SenderSession>>> RemoteSubmission::log_in_to_send(
    model::LoginContext context, std::string address, std::string password) {
  wire::LogIn request;
  to_wire(std::move(context), *request.mutable_context());
  request.set_address(std::move(address));
  request.set_password(std::move(password));
  const WipeAtEnd wiped(password), carried(*request.mutable_password());
  auto asking = log_in(Verb::kLogInToSend, pack_secret(request));
  co_return co_await asking;
}

Task<Outcome<std::unique_ptr<model::SenderScram>>> RemoteSubmission::begin_scram_to_send(
    model::LoginContext context, std::string client_first, bool offered_plus) {
  auto linking = door_.link_for_login();
  Outcome<std::shared_ptr<Link>> link = co_await linking;
  if (!link.ok()) co_return link.failure();
  auto object = std::make_unique<LinkObject>(std::move(link).value());
  wire::BeginScram request;
  to_wire(std::move(context), *request.mutable_context());
  request.set_client_first(std::move(client_first));
  request.set_offered_plus(offered_plus);
  auto asking = object->link()->ask(Verb::kBeginScramToSend, object->number(), pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::ScramBegun out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  std::unique_ptr<model::SenderScram> begun = std::make_unique<RemoteSenderScram>(
      std::move(object), std::move(*out.mutable_server_first()));
  co_return begun;
}

Task<Outcome<std::shared_ptr<model::SenderSession>>> RemoteSubmission::let_local_send(
    model::LoginContext context, std::uint32_t uid, std::string user) {
  wire::LetLocalSend request;
  to_wire(std::move(context), *request.mutable_context());
  request.set_uid(uid);
  request.set_user(std::move(user));
  return log_in(Verb::kLetLocalSend, pack(request));
}

}  // namespace fwd::rpc
