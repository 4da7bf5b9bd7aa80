// Records, and what changing them means for mailboxes and sessions.
#include "door/directory_keeper.h"

#include <map>
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
  model::Domain whole = webhooks_.with_key(std::move(filled.value()));
  co_return co_await stores_.directory.put_domain(std::move(whole));
}

Task<Outcome<model::Alias>> DirectoryKeeper::put_alias(model::Alias alias) {
  return run_to_end(stores_.tasks, "put alias", store_alias(std::move(alias)));
}

Task<Outcome<model::Alias>> DirectoryKeeper::store_alias(model::Alias alias) {
  // An answer that was stored since the caller read it is not lost: the directory then
  // refuses the alias, as it does whatever is older than its own.
  auto settle = [](model::Alias& one, const model::Alias*, const model::Domain& domain) {
    RecipientVerification::settle(one, domain);
    return Outcome<void>{};
  };
  auto storing = stores_.directory.put_alias(std::move(alias), settle);
  auto stored = co_await std::move(storing);
  if (!stored.ok()) co_return stored;
  mailboxes_.note_change();
  if (!stored.value().is_enabled || !stored.value().has_imap)
    stores_.mailboxes.log_out_all(stored.value().id, "Alias was disabled");
  if (!stored.value().pending_recipients.empty())
    stores_.tasks.spawn("ask recipients", verification_.ask(stored.value()));
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
  std::map<std::string, Gates::Pass> changing;
  for (const model::Alias& alias : aliases) {
    Gates::Pass pass = mailboxes_.gates().begin_change(alias.id);
    if (pass == nullptr) co_return being_changed();
    changing.emplace(alias.id, std::move(pass));
  }
  auto removed = co_await stores_.directory.remove_domain(std::move(id), with_contents);
  if (!removed.ok()) co_return removed.failure();
  Outcome<void> all;
  for (const std::string& alias_id : removed.value()) {
    mailboxes_.note_change();
    stores_.mailboxes.log_out_all(alias_id, "Alias was removed");
    // One made meanwhile by somebody who is still at it goes with the next start.
    if (!changing.contains(alias_id))
      changing.emplace(alias_id, mailboxes_.gates().begin_change(alias_id));
    if (changing[alias_id] == nullptr) continue;
    auto gone = co_await remove_rest(alias_id);
    if (!gone.ok()) all = gone;
  }
  co_return all;
}

Task<Outcome<void>> DirectoryKeeper::remove_alias(std::string id) {
  return run_to_end(stores_.tasks, "remove alias", remove_alias_whole(std::move(id)));
}

Task<Outcome<void>> DirectoryKeeper::remove_alias_whole(std::string id) {
  const Gates::Pass changing = mailboxes_.gates().begin_change(id);
  if (changing == nullptr) co_return being_changed();
  // First the record: once it is gone nothing can be delivered or opened.  With it
  // comes the intention to remove what is left.
  auto removed = co_await stores_.directory.remove_alias(id);
  if (!removed.ok()) co_return removed;
  co_return co_await remove_rest(std::move(id));
}

Task<Outcome<void>> DirectoryKeeper::remove_rest(std::string alias_id) {
  const Gates::Pass shut = co_await mailboxes_.gates().shut(alias_id);
  directory::Intention intention;
  intention.alias_id = std::move(alias_id);
  co_return co_await intentions_.carry_out(std::move(intention));
}

}  // namespace fwd::door
