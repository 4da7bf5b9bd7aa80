// Checking who logs in.
#include "door/login_keeper.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "crypto/scram.h"
#include "crypto/seal.h"
#include "storage/directory/routes.h"
#include "storage/mailbox/identity.h"

namespace fwd::door {
namespace {

// However a name is spelled, and with any +tag, its decoy is the same, as the
// salt of an alias is.
std::string decoy_name(const std::string& username) {
  const auto key = directory::address_key(username);
  return key ? key->local + '@' + key->domain : username;
}

Failure wrong_login() { return {Fault::kBadLogin, "wrong name or password", ""}; }

bool may_enter(const std::optional<directory::LoginRecord>& record) {
  return record && record->may_login && record->mailbox.exists;
}

}  // namespace

LoginKeeper::LoginKeeper(Stores& stores, OpenMailboxes& mailboxes, Guesses& guesses)
    : stores_(stores),
      mailboxes_(mailboxes),
      guesses_(guesses),
      decoy_key_(crypto::subkey(*stores.server_key, "scram decoy")) {}

Task<Outcome<std::optional<directory::LoginRecord>>> LoginKeeper::find(std::string address) {
  auto record = co_await stores_.directory.find_login(std::move(address));
  // A name that is no address is an unknown name.
  if (!record.ok() && record.failure().fault == Fault::kBadInput)
    co_return std::optional<directory::LoginRecord>();
  co_return record;
}

Task<Outcome<bool>> LoginKeeper::still_holds(std::string alias_id,
                                             crypto::StoredCredential credential) {
  auto record = co_await stores_.directory.get_login(std::move(alias_id));
  if (!record.ok() && record.failure().fault == Fault::kNotFound) co_return false;
  if (!record.ok()) co_return record.failure();
  const auto same = [&](const crypto::StoredCredential& one) {
    return one.salt == credential.salt && one.sealed_plain == credential.sealed_plain;
  };
  const auto& today = record.value();
  co_return today.may_login&& today.mailbox.exists&& std::any_of(today.credentials.begin(),
                                                                 today.credentials.end(), same);
}

Task<Outcome<model::LoggedIn>> LoginKeeper::open(directory::LoginRecord record,
                                                 crypto::Bundle bundle,
                                                 crypto::StoredCredential credential,
                                                 std::uint64_t changes) {
  auto mailbox = co_await mailboxes_.open(record.alias_id, std::move(bundle), record.quota);
  if (mailboxes_.changes() != changes) {
    const auto holds = co_await still_holds(record.alias_id, std::move(credential));
    if (!holds.ok()) co_return holds.failure();
    if (!holds.value()) co_return wrong_login();
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
  const std::string guesser = Guesses::at_address(context.peer_ip);
  auto turn = co_await guesses_.take_turn(guesser);
  if (!turn.ok()) co_return turn.failure();
  const std::uint64_t changes = mailboxes_.changes();
  auto record = co_await find(std::move(address));
  if (!record.ok()) co_return record.failure();
  const bool may = may_enter(record.value());
  std::vector<crypto::StoredCredential> credentials;
  if (may) credentials = record.value()->credentials;
  const std::uint64_t key = mailbox::worker_key(may ? record.value()->alias_id : "0000");
  const bool too_long = secret->size() > stores_.login.password_octets;
  auto job = [credentials = std::move(credentials), secret,
              too_long]() -> Outcome<crypto::OpenedBy> {
    return crypto::open_any(credentials, too_long ? std::string_view() : secret->view());
  };
  auto opened = co_await stores_.stretchers.run(key, std::move(job));
  if (!opened.ok() && opened.failure().fault != Fault::kBadLogin) co_return opened.failure();
  if (!opened.ok() || !may)
    co_return co_await guesses_.refuse(guesser, std::move(turn.value()), began, wrong_login());
  turn.value().reset();
  crypto::StoredCredential used = record.value()->credentials[opened.value().which];
  co_return co_await open(std::move(*record.value()), std::move(opened.value().bundle),
                          std::move(used), changes);
}

// One SCRAM exchange, for a name that exists or for one that does not.
class ScramLogin final : public model::ScramExchange {
 public:
  ScramLogin(LoginKeeper& keeper, model::LoginContext context, crypto::ScramServer server,
             std::optional<directory::LoginRecord> record,
             std::vector<crypto::StoredCredential> credentials, std::uint64_t changes)
      : keeper_(keeper),
        context_(std::move(context)),
        server_(std::move(server)),
        record_(std::move(record)),
        credentials_(std::move(credentials)),
        changes_(changes) {}

  const std::string& server_first() const override { return server_.server_first(); }

  Task<Outcome<Verdict>> finish(std::string client_final, std::string binding_data) override {
    const Instant began = keeper_.stores_.clock.now();
    const std::string guesser = Guesses::at_address(context_.peer_ip);
    auto turn = co_await keeper_.guesses_.take_turn(guesser);
    if (!turn.ok()) co_return turn.failure();
    auto proven = server_.finish(client_final, binding_data);
    const bool wrong = !proven.ok() && proven.failure().fault == Fault::kBadLogin;
    if (!proven.ok() && !wrong) co_return proven.failure();
    if (wrong || !may_enter(record_))
      co_return co_await keeper_.guesses_.refuse(guesser, std::move(turn.value()), began,
                                                 wrong_login());
    turn.value().reset();
    const crypto::StoredCredential& credential = credentials_[proven.value().which];
    auto bundle = crypto::open_scram(credential, proven.value().client_key);
    if (!bundle.ok()) co_return bundle.failure();
    auto login =
        co_await keeper_.open(std::move(*record_), std::move(bundle.value()), credential, changes_);
    if (!login.ok()) co_return login.failure();
    co_return Verdict{proven.value().server_final, std::move(login.value())};
  }

 private:
  LoginKeeper& keeper_;
  model::LoginContext context_;
  crypto::ScramServer server_;
  std::optional<directory::LoginRecord> record_;
  std::vector<crypto::StoredCredential> credentials_;  // those the verifiers stand for
  std::uint64_t changes_;                              // seen when they were read
};

Task<Outcome<std::unique_ptr<model::ScramExchange>>> LoginKeeper::begin_scram(
    model::LoginContext context, std::string client_first, bool offered_plus) {
  auto allowed = co_await guesses_.check(Guesses::at_address(context.peer_ip));
  if (!allowed.ok()) co_return allowed.failure();
  auto first = crypto::parse_client_first(client_first, offered_plus);
  if (!first.ok()) co_return first.failure();
  const std::uint64_t changes = mailboxes_.changes();
  auto record = co_await find(first.value().username);
  if (!record.ok()) co_return record.failure();
  std::vector<crypto::StoredCredential> credentials;
  std::vector<crypto::ScramVerifier> verifiers;
  if (may_enter(record.value())) {
    for (const crypto::StoredCredential& credential : record.value()->credentials) {
      if (!credential.has_scram()) continue;
      verifiers.push_back(credential.scram());
      credentials.push_back(credential);
    }
  }
  if (verifiers.empty()) {
    verifiers.push_back(crypto::scram_decoy(decoy_key_, decoy_name(first.value().username)));
    record.value().reset();
  }
  crypto::ScramServer server(std::move(first.value()), std::move(verifiers));
  co_return std::unique_ptr<model::ScramExchange>(
      std::make_unique<ScramLogin>(*this, std::move(context), std::move(server),
                                   std::move(record.value()), std::move(credentials), changes));
}

}  // namespace fwd::door
