// Opens the directory's file, fills the index, and answers for domains that
// the index does not hold.
#include "storage/directory/directory_file.h"

#include <utility>

#include "storage/directory/file_routes.h"
#include "storage/directory/schema.h"

namespace fwd::directory {
DirectoryFile::DirectoryFile(std::unique_ptr<sqlcipher::Database> database, FileOptions options)
    : database_(std::move(database)),
      options_(std::move(options)),
      index_(options_.most_indexed_aliases, options_.default_quota,
             {options_.mailboxes, options_.txt_prefix}) {}

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
  const Outcome<void> carried = file->carry_leads_over();
  if (!carried.ok()) return carried.failure();
  const Outcome<void> filled = file->fill_index();
  if (!filled.ok()) return filled.failure();
  return file;
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
  sqlcipher::Statement domains = database_->prepare("SELECT document, rowid FROM domains");
  for (;;) {
    const Outcome<bool> row = domains.step();
    if (!row.ok()) return row.failure();
    if (!row.value()) break;
    const Outcome<model::Domain> domain = model::decode_domain(domains.text(0));
    if (!domain.ok())
      return Failure{Fault::kCorrupt, "a stored domain cannot be read",
                     domain.failure().public_text};
    DomainFacts facts = facts_of(domain.value());
    facts.number = domains.integer(1);
    index_.put_domain(std::move(facts));
  }
  sqlcipher::Statement aliases = database_->prepare(kRouteColumns);
  for (;;) {
    const Outcome<bool> row = aliases.step();
    if (!row.ok()) return row.failure();
    if (!row.value()) return {};
    index_.put_alias(aliases.text(0), read_route(aliases));
  }
}

Outcome<model::Recipient> DirectoryFile::find_in_file(const model::RecipientQuestion& question,
                                                      model::Date now) {
  const auto key = address_key(question.address);
  if (!key) return Failure{Fault::kBadInput, "this is not an address", ""};
  FileRoutes routes(*database_, index_);
  const ResolutionOptions options{options_.mailboxes, options_.txt_prefix};
  const TxtAliases txt = read_records(question, options);
  model::Recipient found = resolve(routes, *key, question, txt, now.ms, options);
  if (!routes.done().ok()) return routes.done().failure();
  return found;
}

Outcome<std::uint64_t> DirectoryFile::quota(const std::string& alias_id) {
  if (const auto held = index_.quota(alias_id)) return *held;
  const Outcome<LoginRecord> login = get_login(alias_id);
  if (!login.ok()) return login.failure();
  return login.value().quota;
}

}  // namespace fwd::directory
