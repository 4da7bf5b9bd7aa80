// What an operator may know, and do, of mailboxes without their passwords.
#include <utility>

#include "door/directory_keeper.h"
#include "door/run_to_end.h"

namespace fwd::door {

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
  stat.set_aside = waiting.value().aside;
  co_return stat;
}

Task<Outcome<std::vector<model::Directory::WaitingMail>>> DirectoryKeeper::waiting_mail(
    std::string alias_id, std::int64_t after_entry) {
  const auto login = co_await stores_.directory.get_login(alias_id);
  if (!login.ok()) co_return login.failure();
  auto listed = co_await stores_.spool.list(std::move(alias_id), after_entry, kWaitingPage);
  if (!listed.ok()) co_return listed.failure();
  std::vector<WaitingMail> out;
  for (spool::Listed& one : listed.value())
    out.push_back({one.id, std::move(one.delivery_id), one.stored, one.octets, one.is_aside,
                   one.aside_since, std::move(one.why)});
  co_return out;
}

Task<Outcome<std::uint64_t>> DirectoryKeeper::retry_waiting(std::string alias_id) {
  return run_to_end(stores_.tasks, "retry waiting", bring_back(std::move(alias_id)));
}

Task<Outcome<std::uint64_t>> DirectoryKeeper::bring_back(std::string alias_id) {
  const auto login = co_await stores_.directory.get_login(alias_id);
  if (!login.ok()) co_return login.failure();
  co_return co_await mailboxes_.bring_back(std::move(alias_id));
}

}  // namespace fwd::door
