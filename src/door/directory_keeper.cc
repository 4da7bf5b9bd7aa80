// Records, and what changing them means for mailboxes and sessions.
#include "door/directory_keeper.h"

#include <utility>

#include "door/run_to_end.h"

namespace fwd::door {

Failure being_changed() {
  return {Fault::kBusy, "somebody else is changing this alias: try again", ""};
}

Task<Outcome<model::User>> DirectoryKeeper::put_user(model::User user) {
  return run_to_end(stores_.tasks, "put user", store_user(std::move(user)));
}

Task<Outcome<model::User>> DirectoryKeeper::store_user(model::User user) {
  auto stored = co_await stores_.directory.put_user(std::move(user));
  if (!stored.ok() || (!stored.value().is_banned && !stored.value().is_removed)) co_return stored;
  mailboxes_.note_change();
  auto aliases = co_await stores_.directory.list_aliases("");
  if (!aliases.ok()) co_return aliases.failure();
  for (const model::Alias& alias : aliases.value())
    if (alias.user == stored.value().id) stores_.mailboxes.log_out_all(alias.id, "User was banned");
  co_return stored;
}

Task<Outcome<model::Domain>> DirectoryKeeper::put_domain(model::Domain domain) {
  if (domain.id.empty()) {
    // No keys for one that is refused anyway.
    const auto known = co_await stores_.directory.get_domain(domain.name);
    if (known.ok()) co_return Failure{Fault::kExists, "a domain with this name exists", ""};
  }
  auto filled = co_await keys_.with_keys(std::move(domain));
  if (!filled.ok()) co_return filled;
  co_return co_await stores_.directory.put_domain(std::move(filled.value()));
}

Task<Outcome<model::Alias>> DirectoryKeeper::put_alias(model::Alias alias) {
  return run_to_end(stores_.tasks, "put alias", store_alias(std::move(alias)));
}

Task<Outcome<model::Alias>> DirectoryKeeper::store_alias(model::Alias alias) {
  auto stored = co_await stores_.directory.put_alias(std::move(alias));
  if (!stored.ok()) co_return stored;
  mailboxes_.note_change();
  if (!stored.value().is_enabled || !stored.value().has_imap)
    stores_.mailboxes.log_out_all(stored.value().id, "Alias was disabled");
  co_return stored;
}

Task<Outcome<model::User>> DirectoryKeeper::get_user(std::string id_or_email) {
  co_return co_await stores_.directory.get_user(std::move(id_or_email));
}

Task<Outcome<model::Domain>> DirectoryKeeper::get_domain(std::string id_or_name) {
  co_return co_await stores_.directory.get_domain(std::move(id_or_name));
}

Task<Outcome<model::Alias>> DirectoryKeeper::get_alias(std::string id_or_address) {
  co_return co_await stores_.directory.get_alias(std::move(id_or_address));
}

Task<Outcome<std::vector<model::User>>> DirectoryKeeper::list_users() {
  co_return co_await stores_.directory.list_users();
}

Task<Outcome<std::vector<model::Domain>>> DirectoryKeeper::list_domains() {
  co_return co_await stores_.directory.list_domains();
}

Task<Outcome<std::vector<model::Alias>>> DirectoryKeeper::list_aliases(std::string domain_id) {
  co_return co_await stores_.directory.list_aliases(std::move(domain_id));
}

Task<Outcome<void>> DirectoryKeeper::remove_user(std::string id) {
  co_return co_await stores_.directory.remove_user(std::move(id));
}

Task<Outcome<void>> DirectoryKeeper::remove_domain(std::string id, bool with_contents) {
  return run_to_end(stores_.tasks, "remove domain",
                    remove_domain_whole(std::move(id), with_contents));
}

Task<Outcome<void>> DirectoryKeeper::remove_domain_whole(std::string id, bool with_contents) {
  std::vector<model::Alias> aliases;
  if (with_contents) {
    auto listed = co_await stores_.directory.list_aliases(id);
    if (!listed.ok()) co_return listed.failure();
    aliases = std::move(listed.value());
  }
  std::vector<Gates::Pass> changing;
  for (const model::Alias& alias : aliases) {
    changing.push_back(mailboxes_.gates().begin_change(alias.id));
    if (changing.back() == nullptr) co_return being_changed();
  }
  auto removed = co_await stores_.directory.remove_domain(std::move(id), with_contents);
  if (!removed.ok()) co_return removed;
  for (const model::Alias& alias : aliases) {
    const Gates::Pass shut = co_await mailboxes_.gates().shut(alias.id);
    auto gone = co_await remove_mailbox_files(alias.id, "Alias was removed");
    if (!gone.ok()) co_return gone;
  }
  co_return Outcome<void>{};
}

Task<Outcome<void>> DirectoryKeeper::remove_alias(std::string id) {
  return run_to_end(stores_.tasks, "remove alias", remove_alias_whole(std::move(id)));
}

Task<Outcome<void>> DirectoryKeeper::remove_alias_whole(std::string id) {
  const Gates::Pass changing = mailboxes_.gates().begin_change(id);
  if (changing == nullptr) co_return being_changed();
  // First the record: once it is gone nothing can be delivered or opened, and
  // a file left behind by a crash is octets without a key.
  auto removed = co_await stores_.directory.remove_alias(id);
  if (!removed.ok()) co_return removed;
  const Gates::Pass shut = co_await mailboxes_.gates().shut(id);
  co_return co_await remove_mailbox_files(std::move(id), "Alias was removed");
}

Task<Outcome<void>> DirectoryKeeper::remove_mailbox_files(std::string alias_id,
                                                          std::string reason) {
  mailboxes_.note_change();
  mailboxes_.forget(alias_id);
  stores_.mailboxes.log_out_all(alias_id, reason);
  auto waiting = co_await stores_.spool.remove(alias_id);
  if (!waiting.ok()) co_return waiting;
  co_return co_await stores_.mailboxes.remove(alias_id);
}

Task<Outcome<std::vector<model::Directory::MailboxStat>>> DirectoryKeeper::mailbox_stats(
    std::string alias_id) {
  std::vector<std::string> ids;
  const bool all = alias_id.empty();
  if (all) {
    auto aliases = co_await stores_.directory.list_aliases("");
    if (!aliases.ok()) co_return aliases.failure();
    for (const model::Alias& alias : aliases.value())
      if (alias.has_imap) ids.push_back(alias.id);
  } else {
    ids.push_back(std::move(alias_id));
  }
  std::vector<MailboxStat> stats;
  for (const std::string& id : ids) {
    auto login = co_await stores_.directory.get_login(id);
    // Removed since it was listed.
    if (!login.ok() && login.failure().fault == Fault::kNotFound && all) continue;
    if (!login.ok()) co_return login.failure();
    auto one = co_await stat(std::move(login.value()));
    if (!one.ok()) co_return one.failure();
    stats.push_back(std::move(one.value()));
  }
  co_return stats;
}

Task<Outcome<model::Directory::MailboxStat>> DirectoryKeeper::stat(directory::LoginRecord login) {
  MailboxStat stat;
  stat.alias_id = login.alias_id;
  stat.address = login.address;
  stat.exists = login.mailbox.exists;
  stat.quota = login.quota;
  stat.last_login = login.mailbox.last_login;
  stat.open = stores_.mailboxes.is_open(login.alias_id);
  if (stat.exists) {
    auto octets = co_await stores_.mailboxes.file_octets(login.alias_id);
    // A lost file shows as one of no octets, and hides no other mailbox's row.
    if (!octets.ok() && octets.failure().fault != Fault::kNotFound) co_return octets.failure();
    if (octets.ok()) stat.file_octets = octets.value();
  }
  auto waiting = co_await stores_.spool.stats(login.alias_id);
  if (!waiting.ok()) co_return waiting.failure();
  stat.waiting = waiting.value().entries;
  stat.waiting_octets = waiting.value().octets;
  co_return stat;
}

}  // namespace fwd::door
