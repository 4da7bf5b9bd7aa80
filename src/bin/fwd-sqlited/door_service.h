#ifndef FWD_BIN_FWD_SQLITED_DOOR_SERVICE_H
#define FWD_BIN_FWD_SQLITED_DOOR_SERVICE_H

// Serves the door: who calls is told by the kernel, what he may ask by his role.

#include <memory>
#include <string>

#include "door/door.h"
#include "net/workers.h"
#include "rpc/authority.h"
#include "rpc/server.h"
#include "service/daemon/daemon.h"

namespace fwd::sqlited {

class DoorService final : public daemon::Service {
 public:
  explicit DoorService(daemon::Daemon& daemon);

  Task<Outcome<void>> start() override;
  Task<void> serve(std::unique_ptr<net::SocketStream> stream, std::string role) override;
  void reload() override;
  Task<void> finish() override;

 private:
  Outcome<void> read_roles();

  daemon::Daemon& daemon_;
  net::Workers workers_;
  rpc::RoleTable roles_;
  std::unique_ptr<door::Door> door_;
  std::unique_ptr<rpc::DoorServer> server_;
};

}  // namespace fwd::sqlited

#endif
