// Reads from the file the aliases that may decide about an address.
#include "storage/directory/file_routes.h"

#include <utility>

namespace fwd::directory {

const std::string_view kRouteColumns =
    "SELECT a.domain_id, a.id, a.name, a.user_id, a.is_enabled, a.error_code, a.has_imap, a.quota,"
    " a.locals, m.alias_id IS NOT NULL, a.name_key, a.rowid"
    " FROM aliases a LEFT JOIN mailboxes m ON m.alias_id = a.id";

RoutedAlias read_route(sqlcipher::Statement& row) {
  RoutedAlias route;
  route.id = row.text(1);
  route.name = row.text(2);
  route.user = row.text(3);
  route.enabled = row.integer(4) != 0;
  route.error_code = static_cast<std::uint16_t>(row.integer(5));
  route.has_imap = row.integer(6) != 0;
  route.quota = static_cast<std::uint64_t>(row.integer(7));
  route.leads = read_leads(row.text(8));
  route.has_mailbox = row.integer(9) != 0;
  route.key = row.text(10);
  route.number = row.integer(11);
  return route;
}

const RoutedDomain* FileRoutes::find(const std::string& domain, const std::string& local) {
  auto found = domains_.find(domain);
  if (found == domains_.end()) {
    auto facts = index_.facts(domain);
    if (!facts) return nullptr;
    found = domains_.emplace(domain, RoutedDomain{}).first;
    found->second.facts = std::move(*facts);
    if (done_.ok() && found->second.facts.has_regex) {
      sqlcipher::Statement patterns =
          database_.prepare(std::string(kRouteColumns) +
                            " WHERE a.domain_id = ?1 AND a.name_key >= '/' AND a.name_key < '0'");
      patterns.bind(1, std::string_view(found->second.facts.id));
      done_ = read_rows(found->second, patterns);
    }
  }
  if (done_.ok()) done_ = read_candidates(found->second, local);
  return done_.ok() ? &found->second : nullptr;
}

// Who is there already stays: pointers to it may be held.
Outcome<void> FileRoutes::read_rows(RoutedDomain& into, sqlcipher::Statement& rows) {
  for (;;) {
    const Outcome<bool> row = rows.step();
    if (!row.ok()) return row.failure();
    if (!row.value()) return {};
    RoutedAlias route = read_route(rows);
    if (into.find(route.key) != nullptr) continue;
    users_[route.user] = index_.user(route.user);
    compile_pattern(route);
    into.put(std::move(route));
  }
}

Outcome<void> FileRoutes::read_named(RoutedDomain& into, const std::string& key) {
  if (model::is_pattern(key) || into.exact.contains(key)) return {};
  sqlcipher::Statement one =
      database_.prepare(std::string(kRouteColumns) + " WHERE a.domain_id = ?1 AND a.name_key = ?2");
  one.bind(1, std::string_view(into.facts.id)).bind(2, std::string_view(key));
  return read_rows(into, one);
}

Outcome<void> FileRoutes::read_candidates(RoutedDomain& into, const std::string& local) {
  Outcome<void> done = read_named(into, local);
  if (done.ok()) done = read_named(into, "*");
  if (!done.ok() || !is_reserved(local)) return done;
  done = read_named(into, into.facts.postmaster);
  if (!done.ok()) return done;
  // A few, as owners may be banned.
  sqlcipher::Statement first = database_.prepare(
      std::string(kRouteColumns) +
      " WHERE a.domain_id = ?1 AND a.is_enabled AND a.has_imap AND m.alias_id IS NOT NULL"
      " ORDER BY a.rowid LIMIT 10");
  first.bind(1, std::string_view(into.facts.id));
  return read_rows(into, first);
}

}  // namespace fwd::directory
