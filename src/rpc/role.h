#ifndef FWD_RPC_ROLE_H
#define FWD_RPC_ROLE_H

// Who may stand at the door.

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace fwd::rpc {

enum class Role : std::uint8_t {
  kMxd = 1,
  kSmtpd = 2,
  kImapd = 3,
  kPop3d = 4,
  kDavd = 5,
  kWebd = 6,
  kBree = 7,
  kSmtpBree = 8,
  kSqliteBree = 9,
  kOperator = 10,
};

inline constexpr std::size_t kRoleCount = 10;

// All of them, in order.
std::span<const Role> all_roles();
// "mxd", "smtp-bree", "operator": for logs and the hello.
std::string_view role_name(Role role);
// The system user that has the role: "_fwd-mxd"; "root" is the operator.
std::string_view user_name(Role role);

class RoleSet {
 public:
  constexpr RoleSet() = default;
  constexpr RoleSet(std::initializer_list<Role> roles) {
    for (const Role role : roles) bits_ |= bit(role);
  }
  constexpr bool has(Role role) const { return (bits_ & bit(role)) != 0; }

 private:
  static constexpr std::uint32_t bit(Role role) { return 1U << static_cast<unsigned>(role); }
  std::uint32_t bits_ = 0;
};

}  // namespace fwd::rpc

#endif
