// Who sends: alias, domain and user of one who has logged in to send.
#include <algorithm>

#include "storage/directory/directory_file.h"

namespace fwd::directory {
namespace {

// A record that is not there is nothing, and no failure.
template <typename T>
Outcome<std::optional<T>> if_there(Outcome<T> record) {
  if (record.ok()) return std::optional<T>(std::move(record).value());
  if (record.failure().fault == Fault::kNotFound) return std::optional<T>();
  return record.failure();
}

std::string first_admin(const model::Domain& domain) {
  const auto admin = std::find_if(domain.members.begin(), domain.members.end(),
                                  [](const model::Member& one) { return one.group == "admin"; });
  return admin == domain.members.end() ? "" : admin->user;
}

bool runs_the_system(const model::User& user) {
  return user.group == "admin" && !user.is_banned && !user.is_removed;
}

}  // namespace

Outcome<SenderRecord> DirectoryFile::get_sender(const std::string& alias_id,
                                                const std::string& domain,
                                                const std::string& user_id) {
  SenderRecord sender;
  if (!alias_id.empty()) {
    auto login = if_there(get_login(alias_id));
    if (!login.ok()) return login.failure();
    sender.login = std::move(login.value());
    auto alias = if_there(get_alias(alias_id));
    if (!alias.ok()) return alias.failure();
    sender.alias = std::move(alias.value());
  }
  auto found = if_there(get_domain(domain));
  if (!found.ok()) return found.failure();
  sender.domain = std::move(found.value());
  std::string owner = user_id;
  if (owner.empty() && sender.alias) owner = sender.alias->user;
  if (owner.empty() && sender.domain) owner = first_admin(*sender.domain);
  if (!owner.empty()) {
    auto user = if_there(get_user(owner));
    if (!user.ok()) return user.failure();
    sender.user = std::move(user.value());
    if (sender.user) sender.is_unlimited = runs_the_system(*sender.user);
  }
  if (!sender.domain) return sender;
  for (const model::Member& member : sender.domain->members) {
    if (sender.is_unlimited || member.group != "admin") continue;
    const auto user = if_there(get_user(member.user));
    if (!user.ok()) return user.failure();
    sender.is_unlimited = user.value() && runs_the_system(*user.value());
  }
  return sender;
}

}  // namespace fwd::directory
