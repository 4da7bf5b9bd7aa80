// Logins, kept by asking the door.
#include "rpc/remote_logins.h"

#include <utility>

#include "rpc/remote_mailbox.h"
#include "rpc/wire.h"
#include "rpc/wire_logins.h"

namespace fwd::rpc {
namespace {

model::LoggedIn logged_in(wire::LoggedIn& in, std::unique_ptr<LinkObject> object) {
  model::LoggedIn login;
  login.alias_id = std::move(*in.mutable_alias_id());
  login.address = std::move(*in.mutable_address());
  login.mailbox = std::make_shared<RemoteMailbox>(std::move(object));
  return login;
}

class RemoteScram final : public model::ScramExchange {
 public:
  RemoteScram(std::unique_ptr<LinkObject> object, std::string server_first)
      : object_(std::move(object)), server_first_(std::move(server_first)) {}

  const std::string& server_first() const override { return server_first_; }

  Task<Outcome<Verdict>> finish(std::string client_final, std::string binding_data) override {
    if (object_ == nullptr) co_return Failure{Fault::kWrongState, "", "finished already"};
    wire::FinishScram request;
    request.set_client_final(std::move(client_final));
    request.set_binding_data(std::move(binding_data));
    // One try: the exchange is over at the door, too.
    std::unique_ptr<LinkObject> object = std::move(object_);
    auto asking = object->link()->ask(Verb::kFinishScram, object->number(), pack(request));
    const Outcome<Parcel> answer = co_await asking;
    wire::LoggedIn out;
    const Outcome<void> read = unpack(answer, out);
    if (!read.ok()) co_return read.failure();
    Verdict verdict;
    verdict.server_final = std::move(*out.mutable_server_final());
    verdict.login = logged_in(out, std::move(object));
    co_return verdict;
  }

 private:
  std::unique_ptr<LinkObject> object_;  // until finish()
  std::string server_first_;
};

}  // namespace

Task<Outcome<model::LoggedIn>> RemoteLogins::log_in(model::LoginContext context,
                                                    std::string address, std::string password) {
  auto linking = door_.link_for_login();
  Outcome<std::shared_ptr<Link>> link = co_await linking;
  if (!link.ok()) co_return link.failure();
  auto object = std::make_unique<LinkObject>(std::move(link).value());
  wire::LogIn request;
  to_wire(std::move(context), *request.mutable_context());
  request.set_address(std::move(address));
  request.set_password(std::move(password));
  auto asking = object->link()->ask(Verb::kLogIn, object->number(), pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::LoggedIn out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  co_return logged_in(out, std::move(object));
}

Task<Outcome<std::unique_ptr<model::ScramExchange>>> RemoteLogins::begin_scram(
    model::LoginContext context, std::string client_first, bool offered_plus) {
  auto linking = door_.link_for_login();
  Outcome<std::shared_ptr<Link>> link = co_await linking;
  if (!link.ok()) co_return link.failure();
  auto object = std::make_unique<LinkObject>(std::move(link).value());
  wire::BeginScram request;
  to_wire(std::move(context), *request.mutable_context());
  request.set_client_first(std::move(client_first));
  request.set_offered_plus(offered_plus);
  auto asking = object->link()->ask(Verb::kBeginScram, object->number(), pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::ScramBegun out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  std::unique_ptr<model::ScramExchange> begun =
      std::make_unique<RemoteScram>(std::move(object), std::move(*out.mutable_server_first()));
  co_return begun;
}

}  // namespace fwd::rpc
