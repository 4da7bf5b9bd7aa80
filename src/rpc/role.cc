// The names of roles and of the users who have them.
#include "rpc/role.h"

#include <array>

namespace fwd::rpc {
namespace {

constexpr std::array<Role, kRoleCount> kAll = {
    Role::kMxd,  Role::kSmtpd, Role::kImapd,    Role::kPop3d,      Role::kDavd,
    Role::kWebd, Role::kBree,  Role::kSmtpBree, Role::kSqliteBree, Role::kOperator,
};

}  // namespace

std::span<const Role> all_roles() { return kAll; }

std::string_view user_name(Role role) {
  switch (role) {
    case Role::kMxd:
      return "_fwd-mxd";
    case Role::kSmtpd:
      return "_fwd-smtpd";
    case Role::kImapd:
      return "_fwd-imapd";
    case Role::kPop3d:
      return "_fwd-pop3d";
    case Role::kDavd:
      return "_fwd-davd";
    case Role::kWebd:
      return "_fwd-webd";
    case Role::kBree:
      return "_fwd-bree";
    case Role::kSmtpBree:
      return "_fwd-smtp-bree";
    case Role::kSqliteBree:
      return "_fwd-sqlite-bree";
    case Role::kOperator:
      return "root";
  }
  return "";
}

std::string_view role_name(Role role) {
  if (role == Role::kOperator) return "operator";
  std::string_view name = user_name(role);
  name.remove_prefix(name.find('-') + 1);
  return name;
}

}  // namespace fwd::rpc
