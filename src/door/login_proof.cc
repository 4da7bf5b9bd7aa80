// Checking passwords and SCRAM proofs.
#include "door/login_proof.h"

#include <algorithm>
#include <utility>

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

bool may_enter(const directory::LoginRecord& record, LoginUse use) {
  return record.mailbox.exists && (use == LoginUse::kSend ? record.may_send : record.may_login);
}

bool may_enter(const std::optional<directory::LoginRecord>& record, LoginUse use) {
  return record && may_enter(*record, use);
}

}  // namespace

LoginProof::LoginProof(Stores& stores, OpenMailboxes& mailboxes, Guesses& guesses)
    : stores_(stores),
      mailboxes_(mailboxes),
      guesses_(guesses),
      decoy_key_(crypto::subkey(*stores.server_key, "scram decoy")) {}

Task<Outcome<Guesses::Turn>> LoginProof::take_turn(std::string peer_ip) {
  return guesses_.take_turn(Guesses::at_address(peer_ip));
}

Task<Failure> LoginProof::refuse(std::string peer_ip, Guesses::Turn turn, Instant began) {
  return guesses_.refuse(Guesses::at_address(peer_ip), std::move(turn), began,
                         Failure{Fault::kBadLogin, "wrong name or password", ""});
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
                       Holder holder)
    : proof_(proof),
      context_(std::move(context)),
      server_(std::move(server)),
      holder_(std::move(holder)) {}

Task<Outcome<ScramProof::Verdict>> ScramProof::finish(std::string client_final,
                                                      std::string binding_data) {
  const Instant began = proof_.now();
  auto turn = co_await proof_.take_turn(context_.peer_ip);
  if (!turn.ok()) co_return turn.failure();
  auto proven = server_.finish(client_final, binding_data);
  const bool wrong = !proven.ok() && proven.failure().fault == Fault::kBadLogin;
  if (!proven.ok() && !wrong) co_return proven.failure();
  const bool is_decoy = !holder_.record && holder_.domain.empty();
  if (wrong || is_decoy)
    co_return co_await proof_.refuse(context_.peer_ip, std::move(turn.value()), began);
  turn.value().reset();
  const std::size_t which = proven.value().which;
  Verdict verdict;
  verdict.server_final = std::move(proven.value().server_final);
  if (!holder_.record) {
    verdict.domain = std::move(holder_.domain[which]);
    co_return verdict;
  }
  const crypto::StoredCredential& credential = holder_.credentials[which];
  auto bundle = crypto::open_scram(credential, proven.value().client_key);
  if (!bundle.ok()) co_return bundle.failure();
  verdict.proven =
      Proven{std::move(*holder_.record), std::move(bundle.value()), credential, holder_.changes};
  co_return verdict;
}

Task<Outcome<ScramProof::Holder>> LoginProof::find_alias(std::string username, LoginUse use) {
  ScramProof::Holder holder;
  holder.changes = mailboxes_.changes();
  auto record = co_await find(std::move(username));
  if (!record.ok()) co_return record.failure();
  if (!may_enter(record.value(), use)) co_return holder;
  for (const crypto::StoredCredential& credential : record.value()->credentials) {
    if (!credential.has_scram()) continue;
    holder.verifiers.push_back(credential.scram());
    holder.credentials.push_back(credential);
  }
  if (!holder.verifiers.empty()) holder.record = std::move(record.value());
  co_return holder;
}

Task<Outcome<ScramProof::Holder>> LoginProof::find_domain(std::string username) {
  ScramProof::Holder holder;
  const auto key = directory::address_key(username);
  if (!key) co_return holder;
  auto domain = co_await stores_.directory.get_domain(key->domain);
  if (!domain.ok() && domain.failure().fault == Fault::kNotFound) co_return holder;
  if (!domain.ok()) co_return domain.failure();
  for (const model::Token& token : domain.value().tokens) {
    auto verifier = crypto::read_scram_verifier(token.scram);
    if (!verifier) continue;
    holder.verifiers.push_back(std::move(*verifier));
    holder.domain.push_back({domain.value().id, domain.value().name, token});
  }
  co_return holder;
}

Task<Outcome<std::unique_ptr<ScramProof>>> LoginProof::begin_scram(model::LoginContext context,
                                                                   std::string client_first,
                                                                   bool offered_plus,
                                                                   LoginUse use) {
  auto allowed = co_await guesses_.check(Guesses::at_address(context.peer_ip));
  if (!allowed.ok()) co_return allowed.failure();
  auto first = crypto::parse_client_first(client_first, offered_plus);
  if (!first.ok()) co_return first.failure();
  const std::string& name = first.value().username;
  const bool is_domain = use == LoginUse::kSend && name.starts_with("*@");
  auto finding = is_domain ? find_domain(name) : find_alias(name, use);
  auto holder = co_await std::move(finding);
  if (!holder.ok()) co_return holder.failure();
  std::vector<crypto::ScramVerifier> verifiers = std::move(holder.value().verifiers);
  if (verifiers.empty()) verifiers.push_back(crypto::scram_decoy(decoy_key_, decoy_name(name)));
  crypto::ScramServer server(std::move(first.value()), std::move(verifiers));
  co_return std::unique_ptr<ScramProof>(
      new ScramProof(*this, std::move(context), std::move(server), std::move(holder.value())));
}

}  // namespace fwd::door
