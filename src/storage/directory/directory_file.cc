// Opens the directory's file, fills the index, and answers for domains that
// the index does not hold.
#include "storage/directory/directory_file.h"

#include "core/text.h"
#include "storage/directory/record_rows.h"
#include "storage/directory/schema.h"

namespace fwd::directory {
namespace {

constexpr std::string_view kRoute =
    "SELECT a.domain_id, a.id, a.name, a.user_id, a.is_enabled, a.error_code, a.has_imap, a.quota,"
    " a.locals, m.alias_id IS NOT NULL, a.name_key"
    " FROM aliases a LEFT JOIN mailboxes m ON m.alias_id = a.id";

}  // namespace

DirectoryFile::DirectoryFile(std::unique_ptr<sqlcipher::Database> database, FileOptions options)
    : database_(std::move(database)),
      default_quota_(options.default_quota),
      index_(options.most_indexed_aliases, options.default_quota) {}

Outcome<std::shared_ptr<DirectoryFile>> DirectoryFile::open(const std::string& path,
                                                            const crypto::SecretKey& key,
                                                            std::string_view salt,
                                                            FileOptions options) {
  sqlcipher::OpenOptions how;
  how.create = true;
  how.cache_pages = options.cache_pages;
  auto database = sqlcipher::Database::open(path, key, salt, how);
  if (!database.ok()) return database.failure();
  std::shared_ptr<DirectoryFile> file(new DirectoryFile(std::move(database).value(), options));
  const Outcome<void> migrated = migrate(*file->database_);
  if (!migrated.ok()) return migrated.failure();
  const Outcome<void> filled = file->fill_index();
  if (!filled.ok()) return filled.failure();
  return file;
}

RoutedAlias DirectoryFile::read_route(sqlcipher::Statement& row) {
  RoutedAlias route;
  route.id = row.text(1);
  route.name = row.text(2);
  route.user = row.text(3);
  route.enabled = row.integer(4) != 0;
  route.error_code = static_cast<std::uint16_t>(row.integer(5));
  route.has_imap = row.integer(6) != 0;
  route.quota = static_cast<std::uint64_t>(row.integer(7));
  const std::string locals = row.text(8);
  for (const std::string_view local : split(locals, '\n'))
    if (!local.empty()) route.locals.emplace_back(local);
  route.has_mailbox = row.integer(9) != 0;
  route.key = row.text(10);
  return route;
}

Outcome<void> DirectoryFile::fill_index() {
  sqlcipher::Statement users = database_->prepare("SELECT id, is_banned, quota FROM users");
  for (;;) {
    const Outcome<bool> row = users.step();
    if (!row.ok()) return row.failure();
    if (!row.value()) break;
    index_.put_user(users.text(0),
                    {users.integer(1) != 0, static_cast<std::uint64_t>(users.integer(2))});
  }
  sqlcipher::Statement domains =
      database_->prepare("SELECT id, name, name_key, has_regex, has_catchall, quota FROM domains");
  for (;;) {
    const Outcome<bool> row = domains.step();
    if (!row.ok()) return row.failure();
    if (!row.value()) break;
    index_.put_domain({domains.text(0), domains.text(1), domains.text(2), domains.integer(3) != 0,
                       domains.integer(4) != 0, static_cast<std::uint64_t>(domains.integer(5))});
  }
  sqlcipher::Statement aliases = database_->prepare(kRoute);
  for (;;) {
    const Outcome<bool> row = aliases.step();
    if (!row.ok()) return row.failure();
    if (!row.value()) return {};
    index_.put_alias(aliases.text(0), read_route(aliases));
  }
}

Outcome<void> DirectoryFile::read_routes(RoutedDomain& into,
                                         const std::vector<std::string>& names) {
  const auto read = [&](sqlcipher::Statement& rows) -> Outcome<void> {
    for (;;) {
      const Outcome<bool> row = rows.step();
      if (!row.ok()) return row.failure();
      if (!row.value()) return {};
      RoutedAlias route = read_route(rows);
      compile_pattern(route);
      into.put(std::move(route));
    }
  };
  for (const std::string& name : names) {
    sqlcipher::Statement one =
        database_->prepare(std::string(kRoute) + " WHERE a.domain_id = ?1 AND a.name_key = ?2");
    one.bind(1, std::string_view(into.facts.id)).bind(2, std::string_view(name));
    const Outcome<void> done = read(one);
    if (!done.ok()) return done;
  }
  if (!into.facts.has_regex || !into.patterns.empty()) return {};
  sqlcipher::Statement patterns = database_->prepare(
      std::string(kRoute) + " WHERE a.domain_id = ?1 AND a.name_key >= '/' AND a.name_key < '0'");
  patterns.bind(1, std::string_view(into.facts.id));
  return read(patterns);
}

Outcome<model::Recipient> DirectoryFile::find_in_file(const DomainFacts& domain,
                                                      const std::string& address) {
  const auto key = address_key(address);
  if (!key) return Failure{Fault::kBadInput, "this is not an address", ""};
  RoutedDomain routes;
  routes.facts = domain;
  Outcome<void> done = read_routes(routes, {key->local, "*"});
  if (!done.ok()) return done.failure();
  RoutedUsers users;
  for (const auto& [name, alias] : routes.exact) users[alias.user] = index_.user(alias.user);
  for (const auto& [name, alias] : routes.patterns) users[alias.user] = index_.user(alias.user);
  if (const RoutedAlias* found = find_alias(routes, users, key->local)) {
    const std::vector<std::string> locals = found->locals;
    done = read_routes(routes, locals);
    if (!done.ok()) return done.failure();
    for (const std::string& local : locals)
      if (const RoutedAlias* alias = routes.find(local))
        users[alias->user] = index_.user(alias->user);
  }
  return resolve(routes, users, key->local, address);
}

Outcome<std::uint64_t> DirectoryFile::quota(const std::string& alias_id) {
  if (const auto held = index_.quota(alias_id)) return *held;
  const Outcome<LoginRecord> login = get_login(alias_id);
  if (!login.ok()) return login.failure();
  return login.value().quota;
}

}  // namespace fwd::directory
