// The rows of mailboxes and credentials.
#include "storage/directory/directory_file.h"
#include "storage/directory/record_rows.h"

namespace fwd::directory {
namespace {

constexpr std::size_t kMostCredentials = 100;  // of one alias
constexpr std::size_t kMostOctets = 64 * 1024;

Outcome<void> check_rows(const std::vector<crypto::StoredCredential>& credentials) {
  if (credentials.size() > kMostCredentials)
    return Failure{Fault::kOverLimit, "an alias has too many credentials", ""};
  for (const crypto::StoredCredential& row : credentials)
    if (encode_credential(row).size() > kMostOctets)
      return Failure{Fault::kOverLimit, "a credential is too long", ""};
  return {};
}

Failure no_mailbox() { return Failure{Fault::kNotFound, "the alias has no mailbox", ""}; }

Outcome<void> insert(sqlcipher::Database& database, const std::string& alias_id,
                     const crypto::StoredCredential& row) {
  sqlcipher::Statement statement =
      database.prepare("INSERT INTO credentials (alias_id, kind, document) VALUES (?1, ?2, ?3)");
  statement.bind(1, std::string_view(alias_id));
  statement.bind(2, static_cast<std::int64_t>(row.kind));
  const std::string document = encode_credential(row);
  statement.bind(3, std::string_view(document));
  return statement.run();
}

}  // namespace

Outcome<bool> DirectoryFile::has_mailbox(const std::string& alias_id) {
  const auto found =
      find_integer(*database_, "SELECT 1 FROM mailboxes WHERE alias_id = ?1", {alias_id});
  if (!found.ok()) return found.failure();
  return found.value().has_value();
}

Outcome<void> DirectoryFile::write_credentials(
    const std::string& alias_id, const std::vector<crypto::StoredCredential>& credentials) {
  Outcome<void> done = run(*database_, "DELETE FROM credentials WHERE alias_id = ?1", {alias_id});
  for (const crypto::StoredCredential& row : credentials)
    if (done.ok()) done = insert(*database_, alias_id, row);
  return done;
}

Outcome<void> DirectoryFile::make_mailbox(const std::string& alias_id,
                                          const std::string& inbox_public,
                                          const std::vector<crypto::StoredCredential>& credentials,
                                          bool start_over, model::Date now) {
  const Outcome<void> checked = check_rows(credentials);
  if (!checked.ok()) return checked;
  const Outcome<void> done = database_->transaction([&]() -> Outcome<void> {
    const auto alias = find_text(*database_, "SELECT id FROM aliases WHERE id = ?1", {alias_id});
    if (!alias.ok()) return alias.failure();
    if (!alias.value()) return Failure{Fault::kNotFound, "there is no such alias", ""};
    const Outcome<bool> there = has_mailbox(alias_id);
    if (!there.ok()) return there.failure();
    if (there.value() && !start_over) return Failure{Fault::kExists, "the alias has a mailbox", ""};
    sqlcipher::Statement statement = database_->prepare(
        "INSERT OR REPLACE INTO mailboxes (alias_id, inbox_public, created, last_login)"
        " VALUES (?1, ?2, ?3, 0)");
    statement.bind(1, std::string_view(alias_id));
    statement.bind_blob(2, inbox_public);
    statement.bind(3, now.ms / 1000);
    Outcome<void> written = statement.run();
    if (!written.ok()) return written;
    return write_credentials(alias_id, credentials);
  });
  if (done.ok()) index_.set_has_mailbox(alias_id, true);
  return done;
}

Outcome<void> DirectoryFile::remove_mailbox(const std::string& alias_id) {
  const Outcome<void> done = database_->transaction([&]() -> Outcome<void> {
    Outcome<void> removed =
        run(*database_, "DELETE FROM credentials WHERE alias_id = ?1", {alias_id});
    if (removed.ok())
      removed = run(*database_, "DELETE FROM mailboxes WHERE alias_id = ?1", {alias_id});
    if (removed.ok() && database_->changes() == 0) return no_mailbox();
    return removed;
  });
  if (done.ok()) index_.set_has_mailbox(alias_id, false);
  return done;
}

Outcome<void> DirectoryFile::replace_credentials(
    const std::string& alias_id, const std::vector<crypto::StoredCredential>& credentials) {
  const Outcome<void> checked = check_rows(credentials);
  if (!checked.ok()) return checked;
  return database_->transaction([&]() -> Outcome<void> {
    const Outcome<bool> there = has_mailbox(alias_id);
    if (!there.ok()) return there.failure();
    if (!there.value()) return no_mailbox();
    return write_credentials(alias_id, credentials);
  });
}

Outcome<std::int64_t> DirectoryFile::append_credential(const std::string& alias_id,
                                                       const crypto::StoredCredential& credential) {
  std::int64_t id = 0;
  const Outcome<void> checked = check_rows({credential});
  if (!checked.ok()) return checked.failure();
  const Outcome<void> done = database_->transaction([&]() -> Outcome<void> {
    const Outcome<bool> there = has_mailbox(alias_id);
    if (!there.ok()) return there.failure();
    if (!there.value()) return no_mailbox();
    const auto count = find_integer(
        *database_, "SELECT COUNT(*) FROM credentials WHERE alias_id = ?1", {alias_id});
    if (!count.ok()) return count.failure();
    if (count.value().value_or(0) >= static_cast<std::int64_t>(kMostCredentials))
      return Failure{Fault::kOverLimit, "an alias has too many credentials", ""};
    Outcome<void> inserted = insert(*database_, alias_id, credential);
    if (inserted.ok()) id = database_->last_insert_id();
    return inserted;
  });
  if (!done.ok()) return done.failure();
  return id;
}

Outcome<void> DirectoryFile::remove_credential(const std::string& alias_id, std::int64_t id) {
  sqlcipher::Statement statement =
      database_->prepare("DELETE FROM credentials WHERE alias_id = ?1 AND id = ?2");
  statement.bind(1, std::string_view(alias_id)).bind(2, id);
  const Outcome<void> done = statement.run();
  if (!done.ok()) return done;
  if (database_->changes() == 0)
    return Failure{Fault::kNotFound, "there is no such credential", ""};
  return {};
}

Outcome<void> DirectoryFile::note_login(const std::string& alias_id, std::int64_t unix_seconds) {
  sqlcipher::Statement statement = database_->prepare(
      "UPDATE mailboxes SET last_login = ?2 WHERE alias_id = ?1 AND last_login < ?2");
  statement.bind(1, std::string_view(alias_id)).bind(2, unix_seconds);
  return statement.run();
}

Outcome<void> DirectoryFile::note_used(const std::string& alias_id, std::uint64_t octets) {
  sqlcipher::Statement statement =
      database_->prepare("UPDATE mailboxes SET used = ?2 WHERE alias_id = ?1");
  statement.bind(1, std::string_view(alias_id)).bind(2, static_cast<std::int64_t>(octets));
  return statement.run();
}

Outcome<std::optional<std::uint64_t>> DirectoryFile::noted_used(const std::string& alias_id) {
  const auto found =
      find_integer(*database_, "SELECT used FROM mailboxes WHERE alias_id = ?1", {alias_id});
  if (!found.ok()) return found.failure();
  if (!found.value() || *found.value() < 0) return std::optional<std::uint64_t>();
  return std::optional<std::uint64_t>(static_cast<std::uint64_t>(*found.value()));
}

Outcome<void> DirectoryFile::fill_login(LoginRecord& login) {
  sqlcipher::Statement mailbox = database_->prepare(
      "SELECT inbox_public, created, last_login FROM mailboxes WHERE alias_id = ?1");
  mailbox.bind(1, std::string_view(login.alias_id));
  const Outcome<bool> found = mailbox.step();
  if (!found.ok()) return found.failure();
  if (!found.value()) return {};
  login.mailbox = {true, mailbox.text(0), mailbox.integer(1), mailbox.integer(2)};
  sqlcipher::Statement rows =
      database_->prepare("SELECT id, document FROM credentials WHERE alias_id = ?1 ORDER BY id");
  rows.bind(1, std::string_view(login.alias_id));
  for (;;) {
    const Outcome<bool> row = rows.step();
    if (!row.ok()) return row.failure();
    if (!row.value()) return {};
    Outcome<crypto::StoredCredential> credential = decode_credential(rows.text(1));
    if (!credential.ok()) return credential.failure();
    login.credential_ids.push_back(rows.integer(0));
    login.credentials.push_back(std::move(credential).value());
  }
}

namespace {

constexpr std::string_view kLogin =
    "SELECT a.id, a.domain_id, a.name, d.name, a.is_enabled, a.has_imap, a.user_id,"
    " CASE WHEN a.quota > 0 THEN a.quota ELSE d.quota END"
    " FROM aliases a JOIN domains d ON d.id = a.domain_id WHERE ";

}  // namespace

Outcome<std::optional<LoginRecord>> DirectoryFile::find_login(const std::string& address) {
  const auto key = address_key(address);
  if (!key || model::is_catch_all(key->local)) return std::optional<LoginRecord>();
  const auto id = find_text(*database_,
                            "SELECT a.id FROM aliases a JOIN domains d ON d.id = a.domain_id"
                            " WHERE d.name_key = ?1 AND a.name_key = ?2",
                            {key->domain, key->local});
  if (!id.ok()) return id.failure();
  if (!id.value() || model::is_pattern(key->local)) return std::optional<LoginRecord>();
  Outcome<LoginRecord> login = get_login(*id.value());
  if (!login.ok()) return login.failure();
  return std::optional<LoginRecord>(std::move(login).value());
}

Outcome<LoginRecord> DirectoryFile::get_login(const std::string& alias_id) {
  sqlcipher::Statement row = database_->prepare(std::string(kLogin) + "a.id = ?1");
  row.bind(1, std::string_view(alias_id));
  const Outcome<bool> found = row.step();
  if (!found.ok()) return found.failure();
  if (!found.value()) return Failure{Fault::kNotFound, "there is no such alias", ""};
  LoginRecord login;
  login.alias_id = row.text(0);
  login.domain_id = row.text(1);
  login.address = row.text(2) + '@' + row.text(3);
  login.user_id = row.text(6);
  const RoutedUser owner = index_.user(login.user_id);
  login.may_send = row.integer(4) != 0 && !owner.shut;
  login.may_login = login.may_send && row.integer(5) != 0;
  login.quota = static_cast<std::uint64_t>(row.integer(7));
  if (login.quota == 0) login.quota = owner.quota;
  if (login.quota == 0) login.quota = default_quota_;
  const Outcome<void> filled = fill_login(login);
  if (!filled.ok()) return filled.failure();
  return login;
}

}  // namespace fwd::directory
