// Opens the directory's file, fills the index, and answers for domains that
// the index does not hold.
#include "storage/directory/directory_file.h"

#include "core/text.h"
#include "format/alias_pattern.h"
#include "storage/directory/record_rows.h"
#include "storage/directory/schema.h"

namespace fwd::directory {
namespace {

constexpr std::string_view kRoute =
    "SELECT a.domain_id, a.id, a.name, a.user_id, a.is_enabled, a.error_code, a.has_imap, a.quota,"
    " a.locals, m.alias_id IS NOT NULL, a.name_key, a.rowid"
    " FROM aliases a LEFT JOIN mailboxes m ON m.alias_id = a.id";

}  // namespace

DirectoryFile::DirectoryFile(std::unique_ptr<sqlcipher::Database> database, FileOptions options)
    : database_(std::move(database)),
      options_(options),
      index_(options.most_indexed_aliases, options.default_quota, options.mailboxes) {}

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
  route.number = row.integer(11);
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
  sqlcipher::Statement domains = database_->prepare(
      "SELECT id, name, name_key, has_regex, has_catchall, quota, postmaster, rowid"
      " FROM domains");
  for (;;) {
    const Outcome<bool> row = domains.step();
    if (!row.ok()) return row.failure();
    if (!row.value()) break;
    index_.put_domain({domains.text(0), domains.integer(7), domains.text(1), domains.text(2),
                       domains.integer(3) != 0, domains.integer(4) != 0,
                       static_cast<std::uint64_t>(domains.integer(5)), domains.text(6)});
  }
  sqlcipher::Statement aliases = database_->prepare(kRoute);
  for (;;) {
    const Outcome<bool> row = aliases.step();
    if (!row.ok()) return row.failure();
    if (!row.value()) return {};
    index_.put_alias(aliases.text(0), read_route(aliases));
  }
}

Outcome<void> DirectoryFile::read_rows(RoutedDomain& into, RoutedUsers& users,
                                       sqlcipher::Statement& rows) {
  for (;;) {
    const Outcome<bool> row = rows.step();
    if (!row.ok()) return row.failure();
    if (!row.value()) return {};
    RoutedAlias route = read_route(rows);
    users[route.user] = index_.user(route.user);
    compile_pattern(route);
    into.put(std::move(route));
  }
}

Outcome<void> DirectoryFile::read_named(RoutedDomain& into, RoutedUsers& users,
                                        const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    if (model::is_pattern(key) || into.exact.contains(key)) continue;
    sqlcipher::Statement one =
        database_->prepare(std::string(kRoute) + " WHERE a.domain_id = ?1 AND a.name_key = ?2");
    one.bind(1, std::string_view(into.facts.id)).bind(2, std::string_view(key));
    const Outcome<void> done = read_rows(into, users, one);
    if (!done.ok()) return done;
  }
  return {};
}

Outcome<void> DirectoryFile::read_candidates(RoutedDomain& into, RoutedUsers& users,
                                             const std::string& local) {
  Outcome<void> done = read_named(into, users, {local, "*"});
  if (done.ok() && into.facts.has_regex) {
    sqlcipher::Statement patterns = database_->prepare(
        std::string(kRoute) + " WHERE a.domain_id = ?1 AND a.name_key >= '/' AND a.name_key < '0'");
    patterns.bind(1, std::string_view(into.facts.id));
    done = read_rows(into, users, patterns);
  }
  if (!done.ok() || !is_reserved(local)) return done;
  done = read_named(into, users, {into.facts.postmaster});
  if (!done.ok()) return done;
  // A few, as owners may be banned.
  sqlcipher::Statement first = database_->prepare(
      std::string(kRoute) +
      " WHERE a.domain_id = ?1 AND a.is_enabled AND a.has_imap AND m.alias_id IS NOT NULL"
      " ORDER BY a.rowid LIMIT 10");
  first.bind(1, std::string_view(into.facts.id));
  return read_rows(into, users, first);
}

Outcome<model::Recipient> DirectoryFile::find_in_file(const DomainFacts& domain,
                                                      const std::string& address) {
  const auto key = address_key(address);
  if (!key) return Failure{Fault::kBadInput, "this is not an address", ""};
  RoutedDomain routes;
  routes.facts = domain;
  RoutedUsers users;
  Outcome<void> done = read_candidates(routes, users, key->local);
  if (!done.ok()) return done.failure();
  // Whom the candidates name decides between them for reserved names only.
  std::vector<std::string> named;
  const auto add = [&](const RoutedAlias& alias) {
    named.insert(named.end(), alias.locals.begin(), alias.locals.end());
  };
  if (!is_reserved(key->local)) {
    if (const RoutedAlias* found = find_alias(routes, users, key->local)) add(*found);
  } else {
    for (const auto& [name, alias] : routes.exact) add(alias);
    for (const auto& [name, alias] : routes.patterns)
      if (alias.pattern && alias.pattern->matches(key->local)) add(alias);
  }
  done = read_named(routes, users, named);
  if (!done.ok()) return done.failure();
  return resolve(routes, users, key->local, address, options_.mailboxes);
}

Outcome<std::uint64_t> DirectoryFile::quota(const std::string& alias_id) {
  if (const auto held = index_.quota(alias_id)) return *held;
  const Outcome<LoginRecord> login = get_login(alias_id);
  if (!login.ok()) return login.failure();
  return login.value().quota;
}

}  // namespace fwd::directory
