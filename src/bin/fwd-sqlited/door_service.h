#ifndef FWD_BIN_FWD_SQLITED_DOOR_SERVICE_H
#define FWD_BIN_FWD_SQLITED_DOOR_SERVICE_H

// Serves the door: who calls is told by the kernel, what he may ask by his role.

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "door/door.h"
#include "net/workers.h"
#include "rpc/authority.h"
#include "rpc/server.h"
#include "service/daemon/daemon.h"

namespace fwd::sqlited {

// One broken daemon must not fill the log: only the first warnings of a kind about
// it in every minute are written, the next minute's first says how many were not.
class Complaints {
 public:
  // Nothing: say nothing.  Else how many were left out before this one.
  std::optional<std::uint64_t> take(Instant now);

 private:
  Instant minute_{};
  std::uint64_t said_ = 0, left_out_ = 0;
};

class DoorService final : public daemon::Service {
 public:
  explicit DoorService(daemon::Daemon& daemon);

  Task<Outcome<void>> start() override;
  Task<void> serve(std::unique_ptr<net::SocketStream> stream, std::string role) override;
  void reload() override;
  Task<void> finish() override;

 private:
  Outcome<void> read_roles();
  void warn(std::string_view event, std::optional<rpc::Role> role, std::vector<LogField> fields);

  daemon::Daemon& daemon_;
  net::Workers workers_;
  rpc::RoleTable roles_;
  std::array<std::size_t, rpc::kRoleCount + 1> connections_{};  // by role
  // By event and role, 0 for strangers.
  std::map<std::pair<std::string, std::size_t>, Complaints> complaints_;
  std::unique_ptr<door::Door> door_;
  std::unique_ptr<rpc::DoorServer> server_;
};

}  // namespace fwd::sqlited

#endif
