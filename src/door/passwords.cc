// Making a mailbox with its first password, and changing a password by
// rewrapping: the mailbox itself is never encrypted anew.
#include <utility>

#include "crypto/password.h"
#include "crypto/seal.h"
#include "door/directory_keeper.h"
#include "door/run_to_end.h"
#include "storage/mailbox/identity.h"

namespace fwd::door {
namespace {

Failure wrong(std::string text) { return {Fault::kBadInput, std::move(text), ""}; }

Outcome<crypto::Bundle> open_with(const std::vector<crypto::StoredCredential>& stored,
                                  const std::string& password, const std::string& recovery_code) {
  if (!password.empty()) {
    auto opened = crypto::open_any(stored, password);
    if (!opened.ok()) return opened.failure();
    return std::move(opened.value().bundle);
  }
  for (const crypto::StoredCredential& credential : stored) {
    if (credential.kind != crypto::CredentialKind::kRecovery) continue;
    auto bundle = crypto::open_plain(credential, recovery_code);
    if (bundle.ok() || bundle.failure().fault != Fault::kBadLogin) return bundle;
  }
  return Failure{Fault::kBadLogin, "the recovery code is wrong", ""};
}

}  // namespace

Task<Outcome<model::NewCredential>> DirectoryKeeper::set_alias_password(
    std::string alias_id, model::PasswordChange change) {
  return run_to_end(stores_.tasks, "set password",
                    set_password(std::move(alias_id), std::move(change)));
}

Task<Outcome<model::NewCredential>> DirectoryKeeper::set_password(std::string alias_id,
                                                                  model::PasswordChange change) {
  // Two at once would leave the credentials of one and the file of the other.
  const Gates::Pass changing = mailboxes_.gates().begin_change(alias_id);
  if (changing == nullptr) co_return being_changed();
  auto login = co_await stores_.directory.get_login(std::move(alias_id));
  if (!login.ok()) co_return login.failure();
  const int ways = int{!change.current_password.empty()} + int{!change.recovery_code.empty()} +
                   int{change.start_over};
  if (ways > 1)
    co_return wrong("give the current password, the recovery code, or start over: one of them");
  if (change.new_password.size() > stores_.login.password_octets)
    co_return wrong("a password has at most " + std::to_string(stores_.login.password_octets) +
                    " octets");
  if (!login.value().mailbox.exists || change.start_over)
    co_return co_await make_mailbox(std::move(login.value()), std::move(change));
  if (ways == 0)
    co_return Failure{Fault::kWrongState,
                      "the alias has a password: give the current one or the recovery code to keep "
                      "its mailbox, or start over with an empty one",
                      ""};
  co_return co_await change_password(std::move(login.value()), std::move(change));
}

Task<Outcome<crypto::StoredCredential>> DirectoryKeeper::make_credential(
    std::shared_ptr<crypto::Bundle> bundle, std::string address, std::string chosen,
    std::string description, std::shared_ptr<model::NewCredential> made) {
  const std::int64_t now = unix_seconds(stores_.clock.wall());
  if (chosen.empty()) made->password = crypto::make_generated_password();
  const std::string alias_key = address;
  auto job = [bundle, made, address = std::move(address), chosen = std::move(chosen)] {
    return chosen.empty() ? crypto::make_generated(made->password, *bundle)
                          : crypto::make_chosen(chosen, *bundle, std::vector<std::string>{address});
  };
  auto credential =
      co_await stores_.stretchers.run(std::hash<std::string>{}(alias_key), std::move(job));
  if (!credential.ok()) co_return credential;
  credential.value().description = std::move(description);
  credential.value().created_at = now;
  co_return credential;
}

Task<Outcome<model::NewCredential>> DirectoryKeeper::make_mailbox(directory::LoginRecord login,
                                                                  model::PasswordChange change) {
  auto made = std::make_shared<model::NewCredential>();
  made->address = login.address;
  auto bundle = std::make_shared<crypto::Bundle>(crypto::Bundle::random());
  auto credential = co_await make_credential(bundle, login.address, std::move(change.new_password),
                                             std::move(change.description), made);
  if (!credential.ok()) co_return credential.failure();
  made->recovery_code = crypto::make_recovery_code();
  auto recovery = crypto::make_recovery(made->recovery_code, *bundle);
  if (!recovery.ok()) co_return recovery.failure();
  recovery.value().created_at = credential.value().created_at;

  // From here to the end nothing is sealed to the old key, and nobody logs in.
  const Gates::Pass shut = co_await mailboxes_.gates().shut(login.alias_id);
  // What an earlier start left behind without a credential can be opened by nobody.
  auto cleared = co_await remove_mailbox_files(login.alias_id, "Mailbox was begun anew");
  if (!cleared.ok()) co_return cleared.failure();
  auto created = co_await stores_.mailboxes.create(login.alias_id, bundle->mailbox_key.clone());
  if (!created.ok()) co_return created.failure();
  std::vector<crypto::StoredCredential> credentials{std::move(credential.value()),
                                                    std::move(recovery.value())};
  auto known = co_await stores_.directory.make_mailbox(
      login.alias_id, crypto::inbox_public_of(bundle->inbox_secret), std::move(credentials),
      login.mailbox.exists);
  if (!known.ok()) co_return known.failure();
  mailboxes_.note_change();
  mailboxes_.forget(login.alias_id);
  co_return *made;
}

Task<Outcome<model::NewCredential>> DirectoryKeeper::change_password(directory::LoginRecord login,
                                                                     model::PasswordChange change) {
  auto made = std::make_shared<model::NewCredential>();
  made->address = login.address;
  auto job = [stored = login.credentials, password = std::move(change.current_password),
              code = std::move(change.recovery_code)] { return open_with(stored, password, code); };
  auto opened =
      co_await stores_.stretchers.run(mailbox::worker_key(login.alias_id), std::move(job));
  if (!opened.ok()) co_return opened.failure();
  auto bundle = std::make_shared<crypto::Bundle>(std::move(opened.value()));
  auto credential = co_await make_credential(bundle, login.address, std::move(change.new_password),
                                             std::move(change.description), made);
  if (!credential.ok()) co_return credential.failure();
  // One password at a time, as the reference has it; the recovery code stays.
  std::vector<crypto::StoredCredential> kept{std::move(credential.value())};
  for (const crypto::StoredCredential& old : login.credentials)
    if (old.kind == crypto::CredentialKind::kRecovery) kept.push_back(old);
  auto replaced = co_await stores_.directory.replace_credentials(login.alias_id, std::move(kept));
  if (!replaced.ok()) co_return replaced.failure();
  mailboxes_.note_change();
  stores_.mailboxes.log_out_all(login.alias_id, "Password was changed");
  co_return *made;
}

}  // namespace fwd::door
