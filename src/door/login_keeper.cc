// From a proof to an open mailbox.
#include "door/login_keeper.h"

#include <optional>
#include <utility>

namespace fwd::door {

Task<Outcome<model::LoggedIn>> LoginKeeper::open(Proven proven) {
  const directory::LoginRecord& record = proven.record;
  auto mailbox = co_await mailboxes_.open(record.alias_id, std::move(proven.bundle), record.quota);
  if (mailboxes_.changes() != proven.changes) {
    const auto holds =
        co_await proof_.still_holds(record.alias_id, std::move(proven.credential), LoginUse::kRead);
    if (!holds.ok()) co_return holds.failure();
    if (!holds.value()) co_return Failure{Fault::kBadLogin, "wrong name or password", ""};
  }
  if (!mailbox.ok()) co_return mailbox.failure();
  const auto noted = co_await stores_.directory.note_login(record.alias_id);
  if (!noted.ok()) co_return noted.failure();
  co_return model::LoggedIn{record.alias_id, record.address, std::move(mailbox.value())};
}

Task<Outcome<model::LoggedIn>> LoginKeeper::log_in(model::LoginContext context, std::string address,
                                                   std::string password) {
  const Instant began = stores_.clock.now();
  auto secret = std::make_shared<crypto::Secret>(crypto::Secret::take(password));
  auto turn = co_await proof_.take_turn(context.peer_ip);
  if (!turn.ok()) co_return turn.failure();
  auto proven = co_await proof_.try_password(std::move(address), secret, LoginUse::kRead);
  if (!proven.ok()) co_return proven.failure();
  if (!proven.value())
    co_return co_await proof_.refuse(context.peer_ip, std::move(turn.value()), began);
  turn.value().reset();
  co_return co_await open(std::move(*proven.value()));
}

class ScramLogin final : public model::ScramExchange {
 public:
  ScramLogin(LoginKeeper& keeper, std::unique_ptr<ScramProof> proof)
      : keeper_(keeper), proof_(std::move(proof)) {}

  const std::string& server_first() const override { return proof_->server_first(); }

  Task<Outcome<Verdict>> finish(std::string client_final, std::string binding_data) override {
    auto proven = co_await proof_->finish(std::move(client_final), std::move(binding_data));
    if (!proven.ok()) co_return proven.failure();
    auto login = co_await keeper_.open(std::move(*proven.value().proven));
    if (!login.ok()) co_return login.failure();
    co_return Verdict{std::move(proven.value().server_final), std::move(login.value())};
  }

 private:
  LoginKeeper& keeper_;
  std::unique_ptr<ScramProof> proof_;
};

Task<Outcome<std::unique_ptr<model::ScramExchange>>> LoginKeeper::begin_scram(
    model::LoginContext context, std::string client_first, bool offered_plus) {
  auto proof = co_await proof_.begin_scram(std::move(context), std::move(client_first),
                                           offered_plus, LoginUse::kRead);
  if (!proof.ok()) co_return proof.failure();
  co_return std::unique_ptr<model::ScramExchange>(
      std::make_unique<ScramLogin>(*this, std::move(proof.value())));
}

}  // namespace fwd::door
