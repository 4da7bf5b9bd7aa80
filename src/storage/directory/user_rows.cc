// The rows of users.
#include "core/text.h"
#include "storage/directory/directory_file.h"
#include "storage/directory/record_rows.h"

namespace fwd::directory {

using model::User;

namespace {

Outcome<void> check_unique(sqlcipher::Database& database, const User& user) {
  const auto taken = find_text(database, "SELECT id FROM users WHERE email = ?1 AND id <> ?2",
                               {user.email, user.id});
  if (!taken.ok()) return taken.failure();
  if (taken.value()) return Failure{Fault::kExists, "a user with this email exists", ""};
  return {};
}

Outcome<void> write(sqlcipher::Database& database, const User& user, bool fresh) {
  sqlcipher::Statement statement = database.prepare(
      fresh ? "INSERT INTO users (id, email, updated_at, is_banned, quota, document)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
            : "UPDATE users SET email = ?2, updated_at = ?3, is_banned = ?4, quota = ?5,"
              " document = ?6 WHERE id = ?1");
  const RoutedUser routed = routed_user(user);
  statement.bind(1, std::string_view(user.id));
  statement.bind(2, std::string_view(user.email));
  statement.bind(3, user.updated_at.ms);
  statement.bind(4, std::int64_t{routed.shut});
  statement.bind(5, static_cast<std::int64_t>(routed.quota));
  const std::string document = model::encode_record(user, true);
  statement.bind(6, std::string_view(document));
  return statement.run();
}

Outcome<User> read(const std::optional<std::string>& document) {
  if (!document) return Failure{Fault::kNotFound, "there is no such user", ""};
  Outcome<User> user = model::decode_user(*document);
  if (!user.ok())
    return Failure{Fault::kCorrupt, "a stored user cannot be read", user.failure().public_text};
  return user;
}

}  // namespace

Outcome<User> DirectoryFile::put_user(User user, model::Date now) {
  model::normalise(user);
  const Outcome<void> done = database_->transaction([&]() -> Outcome<void> {
    const auto stamped = stamp(*database_, "users", user.id, user.created_at, user.updated_at, now);
    if (!stamped.ok()) return stamped.failure();
    if (user.api_token.empty()) user.api_token = new_code(24, false);
    Outcome<void> checked = model::check(user);
    if (checked.ok()) checked = check_unique(*database_, user);
    if (!checked.ok()) return checked;
    return write(*database_, user, stamped.value().fresh);
  });
  if (!done.ok()) return done.failure();
  index_.put_user(user.id, routed_user(user));
  return user;
}

Outcome<User> DirectoryFile::get_user(const std::string& id_or_email) {
  const auto document =
      find_text(*database_,
                "SELECT document FROM users WHERE id = ?1 UNION ALL SELECT document FROM users"
                " WHERE email = ?2 LIMIT 1",
                {id_or_email, to_lower(trim(id_or_email))});
  if (!document.ok()) return document.failure();
  return read(document.value());
}

Outcome<std::vector<User>> DirectoryFile::list_users() {
  const auto documents = list_texts(*database_, "SELECT document FROM users ORDER BY email", {});
  if (!documents.ok()) return documents.failure();
  std::vector<User> users;
  for (const std::string& document : documents.value()) {
    Outcome<User> user = read(document);
    if (!user.ok()) return user.failure();
    users.push_back(std::move(user).value());
  }
  return users;
}

Outcome<void> DirectoryFile::remove_user(const std::string& id) {
  const Outcome<void> done = database_->transaction([&]() -> Outcome<void> {
    const auto uses = find_integer(*database_,
                                   "SELECT (SELECT COUNT(*) FROM members WHERE user_id = ?1) +"
                                   " (SELECT COUNT(*) FROM aliases WHERE user_id = ?1)",
                                   {id});
    if (!uses.ok()) return uses.failure();
    if (uses.value().value_or(0) > 0)
      return Failure{Fault::kWrongState, "the user still has domains or aliases", ""};
    Outcome<void> removed = run(*database_, "DELETE FROM users WHERE id = ?1", {id});
    if (!removed.ok()) return removed;
    if (database_->changes() == 0) return Failure{Fault::kNotFound, "there is no such user", ""};
    return {};
  });
  if (!done.ok()) return done;
  index_.remove_user(id);
  return {};
}

}  // namespace fwd::directory
