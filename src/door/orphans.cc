// Finding files, mail and mailboxes that have lost one another.  Nothing is
// removed here but what somebody asks for by name.
#include <algorithm>
#include <utility>

#include "door/directory_keeper.h"
#include "door/run_to_end.h"
#include "storage/mailbox/identity.h"

namespace fwd::door {

using Orphan = model::Directory::Orphan;
using OrphanKind = model::Directory::OrphanKind;
using Orphans = std::vector<Orphan>;

Task<Outcome<DirectoryKeeper::Owner>> DirectoryKeeper::find_owner(std::string alias_id) {
  const auto login = co_await stores_.directory.get_login(std::move(alias_id));
  if (login.ok()) co_return Owner{login.value().address, login.value().mailbox.exists};
  if (login.failure().fault == Fault::kNotFound) co_return Owner{};
  co_return login.failure();
}

// Each of the next three looks at all, then again at what seems to be amiss
// while nobody may change it.

Task<Outcome<void>> DirectoryKeeper::add_file_orphans(Orphans& into, const Looked& looked) {
  for (const mailbox::FoundFile& file : looked.files) {
    if (into.size() >= kMostOrphans) break;
    if (looked.unfinished.contains(file.alias_id)) continue;
    if (file.is_mailbox && looked.known.contains(file.alias_id)) continue;
    Orphan orphan{OrphanKind::kFile, file.alias_id, "", file.path, 0, file.octets};
    if (!file.alias_id.empty()) {
      const Gates::Pass mine = mailboxes_.gates().begin_change(file.alias_id);
      if (mine == nullptr) continue;
      auto owner = co_await find_owner(file.alias_id);
      if (!owner.ok()) co_return owner.failure();
      if (file.is_mailbox && owner.value().has_mailbox) continue;
      const auto there = co_await stores_.mailboxes.is_there(file.path);
      if (!there.ok()) co_return there.failure();
      if (!there.value()) continue;
      orphan.address = std::move(owner.value().address);
    }
    into.push_back(std::move(orphan));
  }
  co_return Outcome<void>{};
}

Task<Outcome<void>> DirectoryKeeper::add_mail_orphans(Orphans& into, const Looked& looked) {
  const auto waiting = co_await stores_.spool.all_stats();
  if (!waiting.ok()) co_return waiting.failure();
  for (const auto& [alias_id, stats] : waiting.value()) {
    if (into.size() >= kMostOrphans) break;
    if (looked.known.contains(alias_id) || looked.unfinished.contains(alias_id)) continue;
    const Gates::Pass mine = mailboxes_.gates().begin_change(alias_id);
    if (mine == nullptr) continue;
    auto owner = co_await find_owner(alias_id);
    if (!owner.ok()) co_return owner.failure();
    const auto today = co_await stores_.spool.stats(alias_id);
    if (!today.ok()) co_return today.failure();
    if (owner.value().has_mailbox || today.value().entries == 0) continue;
    into.push_back({OrphanKind::kMail, alias_id, std::move(owner.value().address), "",
                    today.value().entries, today.value().octets});
  }
  co_return Outcome<void>{};
}

Task<Outcome<void>> DirectoryKeeper::add_missing(Orphans& into, const Looked& looked) {
  std::set<std::string> there;
  for (const mailbox::FoundFile& file : looked.files)
    if (file.is_mailbox) there.insert(file.alias_id);
  for (const std::string& alias_id : looked.known) {
    if (into.size() >= kMostOrphans) break;
    if (there.contains(alias_id) || looked.unfinished.contains(alias_id)) continue;
    const Gates::Pass mine = mailboxes_.gates().begin_change(alias_id);
    if (mine == nullptr) continue;
    const auto file = co_await stores_.mailboxes.file_octets(alias_id);
    if (file.ok()) continue;
    if (file.failure().fault != Fault::kNotFound) co_return file.failure();
    auto owner = co_await find_owner(alias_id);
    if (!owner.ok()) co_return owner.failure();
    if (!owner.value().has_mailbox) continue;
    into.push_back({OrphanKind::kMissing, alias_id, std::move(owner.value().address), "", 0, 0});
  }
  co_return Outcome<void>{};
}

Task<Outcome<Orphans>> DirectoryKeeper::look_for_orphans() {
  auto finished = co_await intentions_.carry_out_all();
  if (!finished.ok()) co_return finished.failure();
  auto left = co_await stores_.directory.list_intentions();
  if (!left.ok()) co_return left.failure();
  Orphans found;
  Looked looked;
  for (const directory::Intention& one : left.value()) {
    looked.unfinished.insert(one.alias_id);
    if (found.size() >= kMostOrphans) continue;
    auto owner = co_await find_owner(one.alias_id);
    if (!owner.ok()) co_return owner.failure();
    found.push_back(
        {OrphanKind::kUnfinished, one.alias_id, std::move(owner.value().address), "", 0, 0});
  }
  auto files = co_await stores_.mailboxes.find_files();
  if (!files.ok()) co_return files.failure();
  looked.files = std::move(files.value());
  auto listed = co_await stores_.directory.list_mailboxes();
  if (!listed.ok()) co_return listed.failure();
  looked.known.insert(listed.value().begin(), listed.value().end());
  auto done = co_await add_file_orphans(found, looked);
  if (done.ok()) done = co_await add_mail_orphans(found, looked);
  if (done.ok()) done = co_await add_missing(found, looked);
  if (!done.ok()) co_return done.failure();
  co_return found;
}

Task<Outcome<Orphans>> DirectoryKeeper::find_orphans() {
  return run_to_end(stores_.tasks, "find orphans", look_for_orphans());
}

Task<Outcome<void>> DirectoryKeeper::discard_orphan(std::string alias_id) {
  return run_to_end(stores_.tasks, "discard orphan", discard(std::move(alias_id)));
}

Task<Outcome<void>> DirectoryKeeper::discard(std::string alias_id) {
  if (!mailbox::is_alias_id(alias_id))
    co_return Failure{Fault::kBadInput, "an alias's id is 4 to 64 hex digits, lower case", ""};
  const Gates::Pass changing = mailboxes_.gates().begin_change(alias_id);
  if (changing == nullptr) co_return being_changed();
  const auto files = co_await stores_.mailboxes.find_files();
  if (!files.ok()) co_return files.failure();
  const bool has_file =
      std::any_of(files.value().begin(), files.value().end(),
                  [&](const mailbox::FoundFile& file) { return file.alias_id == alias_id; });
  const auto newest = co_await stores_.spool.newest(alias_id);
  if (!newest.ok()) co_return newest.failure();
  if (!has_file && newest.value() == 0)
    co_return Failure{Fault::kNotFound, "nothing is left of an alias of this id", ""};
  auto intended = co_await stores_.directory.intend_to_remove(alias_id);
  if (!intended.ok()) co_return intended;
  co_return co_await remove_rest(std::move(alias_id));
}

}  // namespace fwd::door
