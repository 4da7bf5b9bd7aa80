// Making a mailbox with its first password, and changing a password by
// rewrapping: the mailbox itself is never encrypted anew.
#include <utility>

#include "core/wipe.h"
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
  auto job = [bundle, made, address = std::move(address), chosen = std::move(chosen)]() mutable {
    const WipeAtEnd wiped(chosen);
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
  const bool start_over = change.start_over;
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
  auto ready = co_await check_leftovers(login, start_over);
  if (ready.ok()) ready = co_await prepare_mailbox(login.alias_id, bundle);
  if (!ready.ok()) co_return ready.failure();
  const auto newest = co_await stores_.spool.newest(login.alias_id);
  if (!newest.ok()) co_return newest.failure();
  std::vector<crypto::StoredCredential> credentials{std::move(credential.value()),
                                                    std::move(recovery.value())};
  // The commit that decides: before it all is as it was, after it the new mailbox
  // takes the place of the old one, if need be at the next start.
  auto known = co_await stores_.directory.make_mailbox(
      login.alias_id, crypto::inbox_public_of(bundle->inbox_secret), std::move(credentials),
      login.mailbox.exists, newest.value());
  if (!known.ok()) {
    const auto undone = co_await intentions_.settle(login.alias_id);
    static_cast<void>(undone.ok());  // else the next start does it
    co_return known.failure();
  }
  directory::Intention decided{login.alias_id, directory::IntentionKind::kReplace, newest.value(),
                               0};
  auto placed = co_await intentions_.carry_out(std::move(decided));
  if (!placed.ok()) co_return placed.failure();
  co_return *made;
}

Task<Outcome<void>> DirectoryKeeper::prepare_mailbox(std::string alias_id,
                                                     std::shared_ptr<crypto::Bundle> bundle) {
  auto intended = co_await stores_.directory.intend_to_prepare(alias_id);
  if (!intended.ok()) co_return intended;
  auto created = co_await stores_.mailboxes.create_next(alias_id, bundle->mailbox_key.clone());
  if (created.ok()) co_return created;
  const auto undone = co_await intentions_.settle(alias_id);
  static_cast<void>(undone.ok());  // else the next start does it
  co_return created;
}

// What an earlier change left unfinished is finished.  A file or mail that the
// directory knows nothing of may be worth something to who has a copy of the
// directory: it goes only when somebody says so.
Task<Outcome<void>> DirectoryKeeper::check_leftovers(const directory::LoginRecord& login,
                                                     bool start_over) {
  auto settled = co_await intentions_.settle(login.alias_id);
  if (!settled.ok() || login.mailbox.exists || start_over) co_return settled;
  const auto file = co_await stores_.mailboxes.file_octets(login.alias_id);
  if (!file.ok() && file.failure().fault != Fault::kNotFound) co_return file.failure();
  const auto newest = co_await stores_.spool.newest(login.alias_id);
  if (!newest.ok()) co_return newest.failure();
  if (!file.ok() && newest.value() == 0) co_return Outcome<void>{};
  co_return Failure{Fault::kWrongState,
                    "there is a mailbox file or mail for this alias that the directory does not "
                    "know: put the directory back that does, or start over, which deletes it",
                    ""};
}

Task<Outcome<model::NewCredential>> DirectoryKeeper::change_password(directory::LoginRecord login,
                                                                     model::PasswordChange change) {
  const Instant began = stores_.clock.now();
  const std::string guesser = change.peer_ip.empty() ? Guesses::at_alias(login.alias_id)
                                                     : Guesses::at_address(change.peer_ip);
  auto turn = co_await guesses_.take_turn(guesser);
  if (!turn.ok()) co_return turn.failure();
  auto made = std::make_shared<model::NewCredential>();
  made->address = login.address;
  auto job = [stored = login.credentials, password = std::move(change.current_password),
              code = std::move(change.recovery_code)]() mutable {
    const WipeAtEnd used_password(password), used_code(code);
    return open_with(stored, password, code);
  };
  auto opened =
      co_await stores_.stretchers.run(mailbox::worker_key(login.alias_id), std::move(job));
  if (!opened.ok() && opened.failure().fault == Fault::kBadLogin)
    co_return co_await guesses_.refuse(guesser, std::move(turn.value()), began, opened.failure());
  if (!opened.ok()) co_return opened.failure();
  turn.value().reset();
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
