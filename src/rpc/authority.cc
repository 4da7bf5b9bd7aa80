// Who is who at the door.
#include "rpc/authority.h"

namespace fwd::rpc {

RoleTable::RoleTable() { roles_.emplace(0, Role::kOperator); }

RoleTable RoleTable::of_users(
    const std::function<std::optional<uid_t>(std::string_view user)>& find_uid) {
  RoleTable table;
  for (const Role role : all_roles()) {
    if (role == Role::kOperator) continue;
    const std::optional<uid_t> uid = find_uid(user_name(role));
    // A daemon that runs as root gains no second role by it.
    if (uid && *uid != 0) table.add(*uid, role);
  }
  return table;
}

bool RoleTable::add(uid_t uid, Role role) { return roles_.emplace(uid, role).second; }

std::optional<Role> RoleTable::find(uid_t uid) const {
  const auto at = roles_.find(uid);
  if (at == roles_.end()) return std::nullopt;
  return at->second;
}

}  // namespace fwd::rpc
