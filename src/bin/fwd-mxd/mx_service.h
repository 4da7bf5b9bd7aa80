#ifndef FWD_BIN_FWD_MXD_MX_SERVICE_H
#define FWD_BIN_FWD_MXD_MX_SERVICE_H

// One SMTP session a connection, with the inbound policy, over the door.

#include <functional>
#include <memory>
#include <string>

#include "net/workers.h"
#include "protocol/smtp/session.h"
#include "rpc/client.h"
#include "service/daemon/daemon.h"
#include "service/daemon/worker_packer.h"
#include "service/inbound/policy.h"

namespace fwd::mxd {

class MxService final : public daemon::Service {
 public:
  explicit MxService(daemon::Daemon& daemon);

  Task<Outcome<void>> start() override;
  Task<void> serve(std::unique_ptr<net::SocketStream> stream, std::string role) override;
  std::string refusal(const std::string& role) override;
  void reload() override;
  Task<void> finish() override;

 private:
  void read_options();

  daemon::Daemon& daemon_;
  net::Workers workers_;
  rpc::DoorPool door_;
  daemon::WorkerPacker packer_;
  smtp::Budget budget_;
  smtp::Limits limits_;  // sessions keep a copy of their day's
  service::InboundOptions inbound_options_;
  std::string host_;
  std::function<std::string()> new_id_;
  service::InboundPolicy policy_;
};

}  // namespace fwd::mxd

#endif
