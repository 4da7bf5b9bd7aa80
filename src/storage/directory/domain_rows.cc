// The rows of domains and of their members.
#include <map>

#include "storage/directory/directory_file.h"
#include "storage/directory/record_rows.h"

namespace fwd::directory {

using model::Domain;

namespace {

// A domain keeps its name for life: mail, keys and DNS hang on it.
Outcome<void> check_name(sqlcipher::Database& database, const Domain& domain, bool fresh) {
  const auto taken =
      find_text(database, "SELECT id FROM domains WHERE name_key = ?1", {domain_key(domain.name)});
  if (!taken.ok()) return taken.failure();
  if (fresh && taken.value()) return Failure{Fault::kExists, "a domain with this name exists", ""};
  if (!fresh && (!taken.value() || *taken.value() != domain.id))
    return Failure{Fault::kBadInput, "name cannot be changed", ""};
  return {};
}

// The alias must be there when it is named; it may go later.
Outcome<void> check_postmaster(sqlcipher::Database& database, const Domain& domain) {
  const std::string key = facts_of(domain).postmaster;
  if (key.empty()) return {};
  const auto found = find_text(database,
                               "SELECT id FROM aliases WHERE domain_id = ?1 AND name_key = ?2"
                               " UNION ALL SELECT id FROM domains WHERE id = ?1 AND postmaster = ?2"
                               " LIMIT 1",
                               {domain.id, key});
  if (!found.ok()) return found.failure();
  if (!found.value()) return Failure{Fault::kNotFound, "postmaster names no alias", ""};
  return {};
}

Outcome<void> write(sqlcipher::Database& database, const Domain& domain, bool fresh) {
  sqlcipher::Statement statement = database.prepare(
      fresh ? "INSERT INTO domains (id, name, name_key, updated_at, has_regex, has_catchall,"
              " quota, document, postmaster) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
            : "UPDATE domains SET name = ?2, name_key = ?3, updated_at = ?4, has_regex = ?5,"
              " has_catchall = ?6, quota = ?7, document = ?8, postmaster = ?9 WHERE id = ?1");
  const DomainFacts facts = facts_of(domain);
  statement.bind(1, std::string_view(domain.id));
  statement.bind(2, std::string_view(domain.name));
  statement.bind(3, std::string_view(facts.key));
  statement.bind(4, domain.updated_at.ms);
  statement.bind(5, std::int64_t{facts.has_regex});
  statement.bind(6, std::int64_t{facts.has_catchall});
  statement.bind(7, static_cast<std::int64_t>(facts.quota));
  const std::string document = model::encode_record(domain, true);
  statement.bind(8, std::string_view(document));
  statement.bind(9, std::string_view(facts.postmaster));
  return statement.run();
}

Outcome<Domain> read(const std::optional<std::string>& document) {
  if (!document) return Failure{Fault::kNotFound, "there is no such domain", ""};
  Outcome<Domain> domain = model::decode_domain(*document);
  if (!domain.ok())
    return Failure{Fault::kCorrupt, "a stored domain cannot be read", domain.failure().public_text};
  return domain;
}

constexpr std::size_t kMostSelectorStem = 60;  // a DNS label has at most 63

void fill_codes(Domain& domain) {
  if (domain.verification_record.empty()) domain.verification_record = new_code(10, false);
  if (domain.dkim_key_selector.empty()) domain.dkim_key_selector = "fe-" + new_code(10, true);
  if (domain.dkim_ed25519_key_selector.empty())
    domain.dkim_ed25519_key_selector = domain.dkim_key_selector.size() <= kMostSelectorStem
                                           ? domain.dkim_key_selector + "-ed"
                                           : "fe-" + new_code(10, true);
  domain.alias_count = 0;  // counted when it is read
}

}  // namespace

Outcome<void> DirectoryFile::write_members(const Domain& domain) {
  Outcome<void> done = run(*database_, "DELETE FROM members WHERE domain_id = ?1", {domain.id});
  if (!done.ok()) return done;
  for (const model::Member& member : domain.members) {
    const auto user = find_text(*database_, "SELECT id FROM users WHERE id = ?1", {member.user});
    if (!user.ok()) return user.failure();
    if (!user.value()) return Failure{Fault::kNotFound, "members names no user", member.user};
    done = run(*database_, "INSERT INTO members (domain_id, user_id) VALUES (?1, ?2)",
               {domain.id, member.user});
    if (!done.ok()) return done;
  }
  return {};
}

Outcome<Domain> DirectoryFile::put_domain(Domain domain, model::Date now) {
  model::normalise(domain);
  std::int64_t number = 0;
  const Outcome<void> done = database_->transaction([&]() -> Outcome<void> {
    const auto stamped =
        stamp(*database_, "domains", domain.id, domain.created_at, domain.updated_at, now);
    if (!stamped.ok()) return stamped.failure();
    fill_codes(domain);
    Outcome<void> checked = model::check(domain);
    if (checked.ok()) checked = check_name(*database_, domain, stamped.value().fresh);
    if (checked.ok()) checked = check_postmaster(*database_, domain);
    if (!checked.ok()) return checked;
    Outcome<void> written = write(*database_, domain, stamped.value().fresh);
    if (written.ok()) written = write_members(domain);
    if (!written.ok()) return written;
    const auto row =
        find_integer(*database_, "SELECT rowid FROM domains WHERE id = ?1", {domain.id});
    if (row.ok()) number = row.value().value_or(0);
    return row.ok() ? Outcome<void>() : row.failure();
  });
  if (!done.ok()) return done.failure();
  DomainFacts facts = facts_of(domain);
  facts.number = number;
  index_.put_domain(std::move(facts));
  return get_domain(domain.id);
}

Outcome<Domain> DirectoryFile::get_domain(const std::string& id_or_name) {
  const auto document =
      find_text(*database_,
                "SELECT document FROM domains WHERE id = ?1 UNION ALL SELECT document FROM domains"
                " WHERE name_key = ?2 LIMIT 1",
                {id_or_name, domain_key(id_or_name)});
  if (!document.ok()) return document.failure();
  Outcome<Domain> domain = read(document.value());
  if (!domain.ok()) return domain;
  const auto count = find_integer(*database_, "SELECT COUNT(*) FROM aliases WHERE domain_id = ?1",
                                  {domain.value().id});
  if (!count.ok()) return count.failure();
  domain.value().alias_count = count.value().value_or(0);
  return domain;
}

Outcome<std::vector<Domain>> DirectoryFile::list_domains() {
  std::map<std::string, std::int64_t> counts;
  sqlcipher::Statement counting =
      database_->prepare("SELECT domain_id, COUNT(*) FROM aliases GROUP BY domain_id");
  for (;;) {
    const Outcome<bool> row = counting.step();
    if (!row.ok()) return row.failure();
    if (!row.value()) break;
    counts[counting.text(0)] = counting.integer(1);
  }
  const auto documents = list_texts(*database_, "SELECT document FROM domains ORDER BY name", {});
  if (!documents.ok()) return documents.failure();
  std::vector<Domain> domains;
  for (const std::string& document : documents.value()) {
    Outcome<Domain> domain = read(document);
    if (!domain.ok()) return domain.failure();
    domains.push_back(std::move(domain).value());
    domains.back().alias_count = counts[domains.back().id];
  }
  return domains;
}

Outcome<std::vector<std::string>> DirectoryFile::remove_domain(const std::string& id,
                                                               bool with_contents,
                                                               model::Date now) {
  std::vector<std::string> gone;
  const Outcome<void> done = database_->transaction([&]() -> Outcome<void> {
    auto aliases = list_texts(*database_, "SELECT id FROM aliases WHERE domain_id = ?1", {id});
    if (!aliases.ok()) return aliases.failure();
    gone = std::move(aliases).value();
    if (!gone.empty() && !with_contents)
      return Failure{Fault::kWrongState, "the domain still has aliases", ""};
    for (const std::string& alias : gone) {
      Outcome<void> noted = write_intention({alias, IntentionKind::kRemove, 0, now.ms / 1000});
      if (!noted.ok()) return noted;
    }
    for (const std::string_view sql :
         {"DELETE FROM credentials WHERE alias_id IN (SELECT id FROM aliases WHERE domain_id = ?1)",
          "DELETE FROM mailboxes WHERE alias_id IN (SELECT id FROM aliases WHERE domain_id = ?1)",
          "DELETE FROM aliases WHERE domain_id = ?1", "DELETE FROM members WHERE domain_id = ?1",
          "DELETE FROM domains WHERE id = ?1"}) {
      Outcome<void> removed = run(*database_, sql, {id});
      if (!removed.ok()) return removed;
    }
    if (database_->changes() == 0) return Failure{Fault::kNotFound, "there is no such domain", ""};
    return {};
  });
  if (!done.ok()) return done.failure();
  index_.remove_domain(id);
  return gone;
}

}  // namespace fwd::directory
