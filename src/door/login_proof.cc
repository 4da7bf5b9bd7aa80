// Checking passwords and SCRAM proofs.
#include "door/login_proof.h"

#include <algorithm>
#include <utility>

#include "crypto/seal.h"
#include "net/socket_address.h"
#include "storage/directory/routes.h"
#include "storage/mailbox/identity.h"

namespace fwd::door {
namespace {

constexpr std::size_t kSweepGuesses = 1000;

// An IPv6 host has a whole /64 to guess from.
std::string failures_key(const std::string& peer_ip) {
  PeerAddress peer;
  peer.ip = peer_ip;
  return "login.failures:" + net::counting_key(peer);
}

// However a name is spelled, and with any +tag, its decoy is the same, as the
// salt of an alias is.
std::string decoy_name(const std::string& username) {
  const auto key = directory::address_key(username);
  return key ? key->local + '@' + key->domain : username;
}

Failure too_many(const std::string& peer_ip) {
  return {Fault::kBusy, "too many wrong passwords from your address; try again later",
          "wrong passwords from " + peer_ip + " have reached the limit"};
}

bool may_enter(const directory::LoginRecord& record, LoginUse use) {
  return record.mailbox.exists && (use == LoginUse::kSend ? record.may_send : record.may_login);
}

bool may_enter(const std::optional<directory::LoginRecord>& record, LoginUse use) {
  return record && may_enter(*record, use);
}

}  // namespace

LoginProof::LoginProof(Stores& stores, OpenMailboxes& mailboxes)
    : stores_(stores),
      mailboxes_(mailboxes),
      decoy_key_(crypto::subkey(*stores.server_key, "scram decoy")) {}

Task<Outcome<void>> LoginProof::check_address(std::string peer_ip) {
  if (peer_ip.empty()) co_return Outcome<void>{};
  std::string key = failures_key(peer_ip);
  auto count = co_await stores_.state.add(std::move(key), 0, stores_.login.failures_window);
  if (!count.ok()) co_return count.failure();
  if (count.value().value < stores_.login.failures_per_address) co_return Outcome<void>{};
  co_return too_many(peer_ip);
}

Task<Outcome<LoginProof::Turn>> LoginProof::take_turn(std::string peer_ip) {
  if (peer_ip.empty()) co_return Turn();
  const std::string key = failures_key(peer_ip);
  if (guesses_.size() >= kSweepGuesses)
    std::erase_if(guesses_, [](const auto& entry) { return entry.second.expired(); });
  auto guesses = guesses_[key].lock();
  if (guesses == nullptr) {
    guesses = std::make_shared<Guesses>();
    guesses_[key] = guesses;
  }
  const std::uint64_t most = std::max<std::uint64_t>(1, stores_.login.failures_per_address);
  for (;;) {
    auto count = co_await stores_.state.add(key, 0, stores_.login.failures_window);
    if (!count.ok()) co_return count.failure();
    if (count.value().value >= most) co_return too_many(peer_ip);
    if (count.value().value + guesses->under_way < most) break;
    co_await guesses->ended.wait();
  }
  ++guesses->under_way;
  Turn turn(guesses.get(), [guesses](void*) {
    --guesses->under_way;
    guesses->ended.pulse();
  });
  co_return turn;
}

Task<Failure> LoginProof::refuse(std::string peer_ip, Turn turn, Instant began) {
  if (!peer_ip.empty()) {
    std::string key = failures_key(peer_ip);
    const auto counted =
        co_await stores_.state.add(std::move(key), 1, stores_.login.failures_window);
    if (!counted.ok()) co_return counted.failure();
  }
  turn.reset();
  co_await stores_.clock.sleep_until(began + stores_.login.failure_delay);
  co_return Failure{Fault::kBadLogin, "wrong name or password", ""};
}

Task<Outcome<std::optional<directory::LoginRecord>>> LoginProof::find(std::string address) {
  auto record = co_await stores_.directory.find_login(std::move(address));
  // A name that is no address is an unknown name.
  if (!record.ok() && record.failure().fault == Fault::kBadInput)
    co_return std::optional<directory::LoginRecord>();
  co_return record;
}

bool LoginProof::holds(const directory::LoginRecord& record,
                       const crypto::StoredCredential& credential, LoginUse use) {
  const auto same = [&](const crypto::StoredCredential& one) {
    return one.salt == credential.salt && one.sealed_plain == credential.sealed_plain;
  };
  return may_enter(record, use) &&
         std::any_of(record.credentials.begin(), record.credentials.end(), same);
}

Task<Outcome<bool>> LoginProof::still_holds(std::string alias_id,
                                            crypto::StoredCredential credential, LoginUse use) {
  auto record = co_await stores_.directory.get_login(std::move(alias_id));
  if (!record.ok() && record.failure().fault == Fault::kNotFound) co_return false;
  if (!record.ok()) co_return record.failure();
  co_return holds(record.value(), credential, use);
}

Task<Outcome<std::optional<Proven>>> LoginProof::try_password(
    std::string address, std::shared_ptr<crypto::Secret> password, LoginUse use) {
  const std::uint64_t changes = mailboxes_.changes();
  auto record = co_await find(std::move(address));
  if (!record.ok()) co_return record.failure();
  const bool may = may_enter(record.value(), use);
  std::vector<crypto::StoredCredential> credentials;
  if (may) credentials = record.value()->credentials;
  const std::uint64_t key = mailbox::worker_key(may ? record.value()->alias_id : "0000");
  const bool too_long = password->size() > stores_.login.password_octets;
  auto job = [credentials = std::move(credentials), password,
              too_long]() -> Outcome<crypto::OpenedBy> {
    return crypto::open_any(credentials, too_long ? std::string_view() : password->view());
  };
  auto opened = co_await stores_.stretchers.run(key, std::move(job));
  if (!opened.ok() && opened.failure().fault != Fault::kBadLogin) co_return opened.failure();
  if (!opened.ok() || !may) co_return std::optional<Proven>();
  crypto::StoredCredential used = record.value()->credentials[opened.value().which];
  co_return std::optional<Proven>(Proven{
      std::move(*record.value()), std::move(opened.value().bundle), std::move(used), changes});
}

ScramProof::ScramProof(LoginProof& proof, model::LoginContext context, crypto::ScramServer server,
                       std::optional<directory::LoginRecord> record,
                       std::vector<crypto::StoredCredential> credentials, std::uint64_t changes)
    : proof_(proof),
      context_(std::move(context)),
      server_(std::move(server)),
      record_(std::move(record)),
      credentials_(std::move(credentials)),
      changes_(changes) {}

Task<Outcome<ScramProof::Verdict>> ScramProof::finish(std::string client_final,
                                                      std::string binding_data) {
  const Instant began = proof_.now();
  auto turn = co_await proof_.take_turn(context_.peer_ip);
  if (!turn.ok()) co_return turn.failure();
  auto proven = server_.finish(client_final, binding_data);
  const bool wrong = !proven.ok() && proven.failure().fault == Fault::kBadLogin;
  if (!proven.ok() && !wrong) co_return proven.failure();
  if (wrong || !record_)
    co_return co_await proof_.refuse(context_.peer_ip, std::move(turn.value()), began);
  turn.value().reset();
  const crypto::StoredCredential& credential = credentials_[proven.value().which];
  auto bundle = crypto::open_scram(credential, proven.value().client_key);
  if (!bundle.ok()) co_return bundle.failure();
  co_return Verdict{proven.value().server_final,
                    Proven{std::move(*record_), std::move(bundle.value()), credential, changes_}};
}

Task<Outcome<std::unique_ptr<ScramProof>>> LoginProof::begin_scram(model::LoginContext context,
                                                                   std::string client_first,
                                                                   bool offered_plus,
                                                                   LoginUse use) {
  auto allowed = co_await check_address(context.peer_ip);
  if (!allowed.ok()) co_return allowed.failure();
  auto first = crypto::parse_client_first(client_first, offered_plus);
  if (!first.ok()) co_return first.failure();
  const std::uint64_t changes = mailboxes_.changes();
  auto record = co_await find(first.value().username);
  if (!record.ok()) co_return record.failure();
  std::vector<crypto::StoredCredential> credentials;
  std::vector<crypto::ScramVerifier> verifiers;
  if (may_enter(record.value(), use)) {
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
  co_return std::unique_ptr<ScramProof>(new ScramProof(*this, std::move(context), std::move(server),
                                                       std::move(record.value()),
                                                       std::move(credentials), changes));
}

}  // namespace fwd::door
