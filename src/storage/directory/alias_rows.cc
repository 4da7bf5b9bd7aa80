// The rows of aliases.
#include "storage/directory/directory_file.h"
#include "storage/directory/record_rows.h"

namespace fwd::directory {

using model::Alias;

namespace {

// What the alias needs of the other records: its domain, its user, its name free.
Outcome<void> check_places(sqlcipher::Database& database, const Alias& alias) {
  if (!alias.user.empty()) {
    const auto user = find_text(database, "SELECT id FROM users WHERE id = ?1", {alias.user});
    if (!user.ok()) return user.failure();
    if (!user.value()) return Failure{Fault::kNotFound, "user names no user", ""};
  }
  const auto before =
      find_text(database, "SELECT domain_id FROM aliases WHERE id = ?1", {alias.id});
  if (!before.ok()) return before.failure();
  if (before.value() && *before.value() != alias.domain)
    return Failure{Fault::kBadInput, "domain cannot be changed", ""};
  const auto taken = find_text(
      database, "SELECT id FROM aliases WHERE domain_id = ?1 AND name_key = ?2 AND id <> ?3",
      {alias.domain, name_key(alias.name), alias.id});
  if (!taken.ok()) return taken.failure();
  if (taken.value())
    return Failure{Fault::kExists, "an alias with this name exists in the domain", ""};
  return {};
}

Outcome<Alias> read(const std::optional<std::string>& document) {
  if (!document) return Failure{Fault::kNotFound, "there is no such alias", ""};
  Outcome<Alias> alias = model::decode_alias(*document);
  if (!alias.ok())
    return Failure{Fault::kCorrupt, "a stored alias cannot be read", alias.failure().public_text};
  return alias;
}

}  // namespace

Outcome<void> DirectoryFile::write_alias(const Alias& alias, const RoutedAlias& route, bool fresh) {
  sqlcipher::Statement statement = database_->prepare(
      fresh ? "INSERT INTO aliases (id, domain_id, name, user_id, updated_at, is_enabled,"
              " error_code, has_imap, quota, locals, document, name_key)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
            : "UPDATE aliases SET domain_id = ?2, name = ?3, user_id = ?4, updated_at = ?5,"
              " is_enabled = ?6, error_code = ?7, has_imap = ?8, quota = ?9, locals = ?10,"
              " document = ?11, name_key = ?12 WHERE id = ?1");
  const std::string locals = write_leads(route.leads.get());
  const std::string document = model::encode_record(alias, true);
  statement.bind(1, std::string_view(alias.id));
  statement.bind(2, std::string_view(alias.domain));
  statement.bind(3, std::string_view(alias.name));
  statement.bind(4, std::string_view(alias.user));
  statement.bind(5, alias.updated_at.ms);
  statement.bind(6, std::int64_t{route.enabled});
  statement.bind(7, std::int64_t{route.error_code});
  statement.bind(8, std::int64_t{route.has_imap});
  statement.bind(9, static_cast<std::int64_t>(route.quota));
  statement.bind(10, std::string_view(locals));
  statement.bind(11, std::string_view(document));
  statement.bind(12, std::string_view(route.key));
  return statement.run();
}

Outcome<void> DirectoryFile::carry_leads_over() {
  return database_->transaction([&]() -> Outcome<void> {
    const auto ids = list_texts(*database_, "SELECT id FROM aliases WHERE locals = '?'", {});
    if (!ids.ok()) return ids.failure();
    for (const std::string& id : ids.value()) {
      const Outcome<Alias> alias = get_alias(id);
      if (!alias.ok()) return alias.failure();
      const auto domain =
          find_text(*database_, "SELECT name FROM domains WHERE id = ?1", {alias.value().domain});
      if (!domain.ok()) return domain.failure();
      const RoutedAlias route = route_of(alias.value(), domain.value().value_or(""));
      Outcome<void> written = run(*database_, "UPDATE aliases SET locals = ?2 WHERE id = ?1",
                                  {id, write_leads(route.leads.get())});
      if (!written.ok()) return written;
    }
    return {};
  });
}

Outcome<Alias> DirectoryFile::put_alias(Alias alias, model::Date now, const JoinAlias& join) {
  model::normalise(alias);
  RoutedAlias route;
  const Outcome<void> done = database_->transaction([&]() -> Outcome<void> {
    const Outcome<model::Domain> domain = get_domain(alias.domain);
    if (!domain.ok()) return domain.failure();
    alias.domain = domain.value().id;
    if (join) {
      const Outcome<Alias> before = get_alias(alias.id);
      if (!before.ok() && before.failure().fault != Fault::kNotFound) return before.failure();
      Outcome<void> joined = join(alias, before.ok() ? &before.value() : nullptr, domain.value());
      if (!joined.ok()) return joined;
    }
    const auto stamped =
        stamp(*database_, "aliases", alias.id, alias.created_at, alias.updated_at, now);
    if (!stamped.ok()) return stamped.failure();
    Outcome<void> checked = model::check(alias);
    if (checked.ok()) checked = model::check_in_domain(alias, domain.value());
    if (checked.ok()) checked = check_places(*database_, alias);
    if (!checked.ok()) return checked;
    route = route_of(alias, domain.value().name);
    const Outcome<bool> mailbox = has_mailbox(alias.id);
    if (!mailbox.ok()) return mailbox.failure();
    route.has_mailbox = mailbox.value();
    Outcome<void> written = write_alias(alias, route, stamped.value().fresh);
    if (!written.ok()) return written;
    const auto row =
        find_integer(*database_, "SELECT rowid FROM aliases WHERE id = ?1", {alias.id});
    if (row.ok()) route.number = row.value().value_or(0);
    return row.ok() ? Outcome<void>() : row.failure();
  });
  if (!done.ok()) return done.failure();
  index_.put_alias(alias.domain, std::move(route));
  return alias;
}

Outcome<Alias> DirectoryFile::get_alias(const std::string& id_or_address) {
  auto document =
      find_text(*database_, "SELECT document FROM aliases WHERE id = ?1", {id_or_address});
  if (!document.ok()) return document.failure();
  if (document.value()) return read(document.value());
  // A name may be an expression, with "@" and "+" in it: not an address_key().
  const auto at = id_or_address.rfind('@');
  if (at == std::string::npos) return read(std::nullopt);
  const std::string name = id_or_address.substr(0, at);
  document = find_text(*database_,
                       "SELECT a.document FROM aliases a JOIN domains d ON d.id = a.domain_id"
                       " WHERE d.name_key = ?1 AND a.name_key = ?2",
                       {domain_key(id_or_address.substr(at + 1)), name_key(name)});
  if (!document.ok()) return document.failure();
  return read(document.value());
}

Outcome<std::vector<Alias>> DirectoryFile::list_aliases(const std::string& domain_id) {
  const auto documents =
      domain_id.empty()
          ? list_texts(*database_,
                       "SELECT a.document FROM aliases a JOIN domains d ON d.id = a.domain_id"
                       " ORDER BY d.name, a.name",
                       {})
          : list_texts(*database_,
                       "SELECT document FROM aliases WHERE domain_id = ?1 ORDER BY name",
                       {domain_id});
  if (!documents.ok()) return documents.failure();
  std::vector<Alias> aliases;
  for (const std::string& document : documents.value()) {
    Outcome<Alias> alias = read(document);
    if (!alias.ok()) return alias.failure();
    aliases.push_back(std::move(alias).value());
  }
  return aliases;
}

Outcome<void> DirectoryFile::remove_alias(const std::string& id, model::Date now) {
  const Outcome<void> done = database_->transaction([&]() -> Outcome<void> {
    for (const std::string_view sql :
         {"DELETE FROM credentials WHERE alias_id = ?1",
          "DELETE FROM mailboxes WHERE alias_id = ?1", "DELETE FROM aliases WHERE id = ?1"}) {
      Outcome<void> removed = run(*database_, sql, {id});
      if (!removed.ok()) return removed;
    }
    if (database_->changes() == 0) return Failure{Fault::kNotFound, "there is no such alias", ""};
    return write_intention({id, IntentionKind::kRemove, 0, now.ms / 1000});
  });
  if (!done.ok()) return done;
  index_.remove_alias(id);
  return {};
}

}  // namespace fwd::directory
