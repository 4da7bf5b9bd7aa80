#ifndef FWD_BIN_FWD_MXD_MX_SERVICE_H
#define FWD_BIN_FWD_MXD_MX_SERVICE_H

// One SMTP session a connection, with the inbound policy, over the door.

#include <functional>
#include <memory>
#include <string>

#include "mailauth/dmarc/organisational_domain.h"
#include "mailauth/signatures/message_verifier.h"
#include "net/unbound_resolver.h"
#include "net/workers.h"
#include "protocol/smtp/session.h"
#include "rpc/client.h"
#include "scan/scanners.h"
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
  // The resolver and what stands on it.
  Outcome<void> make_network();
  // Those of today's options; who is being asked answers still.
  Outcome<void> make_scanners();
  service::ScanBy scan_by() const;
  service::InboundContext context();

  daemon::Daemon& daemon_;
  net::Workers workers_;
  rpc::DoorPool door_;
  daemon::WorkerPacker packer_;
  smtp::Budget budget_;
  smtp::Limits limits_;  // sessions keep a copy of their day's
  service::InboundOptions inbound_options_;
  service::Protection protection_;
  mailauth::SuffixList suffixes_;
  std::string host_;
  std::function<std::string()> new_id_;
  // Made by start(), in this order.
  std::unique_ptr<net::UnboundResolver> resolver_;
  std::unique_ptr<mailauth::MessageVerifier> verifier_;
  std::shared_ptr<scan::Scanners> scanners_;
  std::unique_ptr<service::InboundPolicy> policy_;
};

}  // namespace fwd::mxd

#endif
