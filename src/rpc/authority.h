#ifndef FWD_RPC_AUTHORITY_H
#define FWD_RPC_AUTHORITY_H

// Authority: what a caller may do is his role times what his connection has
// logged in to.  The role comes from the uid the kernel names (SO_PEERCRED),
// never from anything the caller says.

#include <sys/types.h>

#include <functional>
#include <map>
#include <optional>
#include <string_view>

#include "rpc/role.h"
#include "rpc/verbs.h"

namespace fwd::rpc {

// Which uid has which role.  root (0) is always the operator.  A uid that is
// not in the table is refused at the door.
class RoleTable {
 public:
  RoleTable();
  // Asks `find_uid` for the uid of each role's user; users that do not exist
  // are left out.
  static RoleTable of_users(
      const std::function<std::optional<uid_t>(std::string_view user)>& find_uid);
  // False, and nothing is changed, when the uid has a role already.
  bool add(uid_t uid, Role role);
  std::optional<Role> find(uid_t uid) const;

 private:
  std::map<uid_t, Role> roles_;
};

// Whether the role may use the verb at all.
inline bool may_use(Role role, const VerbRow& row) { return row.roles.has(role); }

}  // namespace fwd::rpc

#endif
