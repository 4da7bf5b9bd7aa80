// Passwords with which one may send as any address of a domain.
#include <utility>

#include "crypto/password.h"
#include "crypto/random.h"
#include "crypto/scram.h"
#include "door/directory_keeper.h"

namespace fwd::door {
namespace {

constexpr std::size_t kMostPasswords = 10;
constexpr int kTries = 5;

bool was_changed(const Outcome<model::Domain>& stored) {
  return !stored.ok() && stored.failure().fault == Fault::kWrongState;
}

// All of a domain have one salt, so that one exchange serves all of them.
std::string scram_of(std::string_view password, const std::vector<model::Token>& others) {
  std::string salt;
  for (const model::Token& other : others)
    if (const auto verifier = crypto::read_scram_verifier(other.scram)) salt = verifier->salt;
  if (salt.empty()) salt = crypto::random_octets(crypto::kScramSaltSize);
  return crypto::write_scram_verifier(
      crypto::make_scram_keys(password, salt, crypto::kScramIterations).verifier);
}

}  // namespace

Task<Outcome<model::NewDomainPassword>> DirectoryKeeper::add_domain_password(
    std::string domain_id, std::string user_id, std::string description) {
  model::NewDomainPassword made;
  made.password = crypto::make_generated_password();
  model::Token token;
  token.id = made.id = crypto::object_id(stores_.clock.wall());
  token.user = user_id;
  token.description = description;
  token.hash = crypto::hash_generated_password(made.password);
  token.created_at = {unix_milliseconds(stores_.clock.wall())};
  if (!user_id.empty()) {
    const auto user = co_await stores_.directory.get_user(user_id);
    if (!user.ok()) co_return user.failure();
    token.user = user.value().id;
  }
  for (int tried = 0;; ++tried) {
    auto domain = co_await stores_.directory.get_domain(domain_id);
    if (!domain.ok()) co_return domain.failure();
    if (domain.value().tokens.size() >= kMostPasswords)
      co_return Failure{
          Fault::kOverLimit,
          "a domain has at most " + std::to_string(kMostPasswords) + " passwords; remove one", ""};
    made.address = "*@" + domain.value().name;
    token.scram = scram_of(made.password, domain.value().tokens);
    domain.value().tokens.push_back(token);
    auto stored = co_await stores_.directory.put_domain(std::move(domain.value()));
    if (stored.ok()) co_return made;
    if (!was_changed(stored) || tried == kTries) co_return stored.failure();
  }
}

Task<Outcome<std::vector<model::Token>>> DirectoryKeeper::list_domain_passwords(
    std::string domain_id) {
  auto domain = co_await stores_.directory.get_domain(std::move(domain_id));
  if (!domain.ok()) co_return domain.failure();
  for (model::Token& token : domain.value().tokens) {
    token.hash.clear();
    token.scram.clear();
  }
  co_return std::move(domain.value().tokens);
}

Task<Outcome<std::string>> DirectoryKeeper::seal_txt_value(std::string domain_id,
                                                           std::string value) {
  auto domain = co_await stores_.directory.get_domain(std::move(domain_id));
  if (!domain.ok()) co_return domain.failure();
  co_return txt_.seal(directory::domain_key(domain.value().name), value);
}

Task<Outcome<void>> DirectoryKeeper::remove_domain_password(std::string domain_id,
                                                            std::string token_id) {
  for (int tried = 0;; ++tried) {
    auto domain = co_await stores_.directory.get_domain(domain_id);
    if (!domain.ok()) co_return domain.failure();
    const std::size_t removed = std::erase_if(
        domain.value().tokens, [&](const model::Token& one) { return one.id == token_id; });
    if (removed == 0) co_return Failure{Fault::kNotFound, "the domain has no such password", ""};
    const auto stored = co_await stores_.directory.put_domain(std::move(domain.value()));
    if (stored.ok()) co_return Outcome<void>();
    if (!was_changed(stored) || tried == kTries) co_return stored.failure();
  }
}

}  // namespace fwd::door
