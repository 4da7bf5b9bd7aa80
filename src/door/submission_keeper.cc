// Who sends: by an alias's password, a domain's, or as a program of this machine.
#include "door/submission_keeper.h"

#include <algorithm>
#include <utility>

#include "crypto/password.h"
#include "format/address.h"
#include "storage/directory/routes.h"

namespace fwd::door {
namespace {

class SessionAt final : public model::SenderSession {
 public:
  SessionAt(SubmissionKeeper& keeper, model::Sender sender, SendingGrant grant)
      : keeper_(keeper), sender_(std::move(sender)), grant_(std::move(grant)) {}

  const model::Sender& sender() const override { return sender_; }
  Task<Outcome<model::Submitted>> submit(model::NewOutbound message) override {
    return keeper_.submit(sender_, grant_, std::move(message));
  }

 private:
  SubmissionKeeper& keeper_;
  const model::Sender sender_;
  const SendingGrant grant_;
};

class Scram final : public model::SenderScram {
 public:
  Scram(SubmissionKeeper& keeper, std::unique_ptr<ScramProof> proof)
      : keeper_(keeper), proof_(std::move(proof)) {}

  const std::string& server_first() const override { return proof_->server_first(); }
  Task<Outcome<Verdict>> finish(std::string client_final, std::string binding_data) override {
    auto proven = co_await proof_->finish(std::move(client_final), std::move(binding_data));
    if (!proven.ok()) co_return proven.failure();
    Verdict verdict;
    verdict.server_final = std::move(proven.value().server_final);
    if (proven.value().proven) {
      verdict.session = keeper_.session_of(*proven.value().proven);
      co_return verdict;
    }
    auto session = co_await keeper_.session_of_domain(std::move(*proven.value().domain));
    if (!session.ok()) co_return session.failure();
    verdict.session = std::move(session.value());
    co_return verdict;
  }

 private:
  SubmissionKeeper& keeper_;
  std::unique_ptr<ScramProof> proof_;
};

}  // namespace

// The mailbox's keys go with `proven`: who sends has no use for them.
std::shared_ptr<model::SenderSession> SubmissionKeeper::session_of(const Proven& proven) {
  model::Sender sender;
  sender.alias_id = proven.record.alias_id;
  sender.domain_id = proven.record.domain_id;
  sender.user_id = proven.record.user_id;
  sender.address = proven.record.address;
  SendingGrant grant;
  grant.credential = proven.credential;
  return std::make_shared<SessionAt>(*this, std::move(sender), std::move(grant));
}

Task<Outcome<std::shared_ptr<model::SenderSession>>> SubmissionKeeper::session_of_domain(
    ProvenDomain proven) {
  auto record = co_await stores_.directory.get_sender("", proven.id, proven.token.user);
  if (!record.ok()) co_return record.failure();
  model::Sender sender;
  sender.domain_id = std::move(proven.id);
  sender.user_id = record.value().user ? record.value().user->id : "";
  sender.address = "*@" + proven.name;
  sender.is_whole_domain = true;
  SendingGrant grant;
  grant.token = std::move(proven.token);
  co_return std::shared_ptr<model::SenderSession>(
      std::make_shared<SessionAt>(*this, std::move(sender), std::move(grant)));
}

Task<Outcome<std::optional<SubmissionKeeper::Session>>> SubmissionKeeper::try_domain_password(
    std::string address, std::shared_ptr<crypto::Secret> password) {
  const auto key = directory::address_key(address);
  if (!key || password->size() > stores_.login.password_octets) co_return std::optional<Session>();
  auto domain = co_await stores_.directory.get_domain(key->domain);
  if (!domain.ok() && domain.failure().fault == Fault::kNotFound)
    co_return std::optional<Session>();
  if (!domain.ok()) co_return domain.failure();
  for (const model::Token& token : domain.value().tokens) {
    if (!crypto::matches_generated_password(token.hash, password->view())) continue;
    ProvenDomain proven{domain.value().id, domain.value().name, token};
    auto granted = co_await session_of_domain(std::move(proven));
    if (!granted.ok()) co_return granted.failure();
    co_return std::optional<Session>(std::move(granted.value()));
  }
  co_return std::optional<Session>();
}

Task<Outcome<std::shared_ptr<model::SenderSession>>> SubmissionKeeper::log_in_to_send(
    model::LoginContext context, std::string address, std::string password) {
  const Instant began = stores_.clock.now();
  auto secret = std::make_shared<crypto::Secret>(crypto::Secret::take(password));
  auto turn = co_await proof_.take_turn(context.peer_ip);
  if (!turn.ok()) co_return turn.failure();
  // First what costs next to nothing to look at.
  auto granted = co_await try_domain_password(address, secret);
  if (!granted.ok()) co_return granted.failure();
  if (granted.value()) co_return std::move(*granted.value());
  auto proven = co_await proof_.try_password(std::move(address), secret, LoginUse::kSend);
  if (!proven.ok()) co_return proven.failure();
  if (!proven.value())
    co_return co_await proof_.refuse(context.peer_ip, std::move(turn.value()), began);
  co_return session_of(*proven.value());
}

Task<Outcome<std::unique_ptr<model::SenderScram>>> SubmissionKeeper::begin_scram_to_send(
    model::LoginContext context, std::string client_first, bool offered_plus) {
  auto proof = co_await proof_.begin_scram(std::move(context), std::move(client_first),
                                           offered_plus, LoginUse::kSend);
  if (!proof.ok()) co_return proof.failure();
  co_return std::unique_ptr<model::SenderScram>(
      std::make_unique<Scram>(*this, std::move(proof.value())));
}

Task<Outcome<std::shared_ptr<model::SenderSession>>> SubmissionKeeper::let_local_send(
    model::LoginContext, std::uint32_t uid, std::string user) {
  const std::string address = user + '@' + limits_.host;
  if (!format::parse_mailbox(address, format::AddressCharset::kUtf8).ok())
    co_return Failure{Fault::kDenied, "this user's name makes no address",
                      "no address: " + address};
  model::Sender sender;
  sender.address = address;
  sender.is_local_program = true;
  SendingGrant grant;
  grant.is_trusted =
      uid == 0 || std::find(limits_.trusted_users.begin(), limits_.trusted_users.end(), user) !=
                      limits_.trusted_users.end();
  co_return std::shared_ptr<model::SenderSession>(
      std::make_shared<SessionAt>(*this, std::move(sender), std::move(grant)));
}

}  // namespace fwd::door
