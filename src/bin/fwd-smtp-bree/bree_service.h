#ifndef FWD_BIN_FWD_SMTP_BREE_BREE_SERVICE_H
#define FWD_BIN_FWD_SMTP_BREE_BREE_SERVICE_H

// The delivery worker over the door, the DNS and the network.

#include <memory>
#include <string>
#include <vector>

#include "core/event.h"
#include "mailauth/route/mta_sts.h"
#include "mailauth/route/tls_policy.h"
#include "mailauth/signatures/dkim_sign.h"
#include "net/http_client.h"
#include "net/unbound_resolver.h"
#include "net/workers.h"
#include "rpc/client.h"
#include "service/daemon/daemon.h"
#include "service/daemon/worker_packer.h"
#include "service/delivery/worker.h"

namespace fwd::smtp_bree {

class BreeService final : public daemon::Service {
 public:
  explicit BreeService(daemon::Daemon& daemon);

  Task<Outcome<void>> start() override;
  // It has no sockets: nobody connects.
  Task<void> serve(std::unique_ptr<net::SocketStream> stream, std::string role) override;
  void reload() override;
  Task<void> finish() override;

 private:
  Outcome<void> make_network();
  delivery::DeliveryContext context();
  static Task<void> work(BreeService& service);
  Task<std::vector<std::string>> find_addresses(std::string host);
  Task<std::vector<std::string>> find_host(std::string host);
  Task<Outcome<std::string>> seal(std::shared_ptr<const std::string> message,
                                  mailauth::ArcSeal how);
  Task<Outcome<std::string>> sign(std::shared_ptr<const std::string> message,
                                  std::vector<model::SigningKey> keys, std::int64_t unix_time);
  Task<Outcome<delivery::HttpSaid>> post(delivery::HttpPost post);

  daemon::Daemon& daemon_;
  net::Workers workers_;
  rpc::DoorPool door_;
  daemon::WorkerPacker packer_;
  delivery::SocketDialer dialer_;
  std::shared_ptr<const mailauth::DkimSigner> signer_;
  std::uint64_t next_key_ = 0;  // spreads signatures over the threads
  // Made by start(), in this order.
  std::unique_ptr<net::UnboundResolver> resolver_;
  std::unique_ptr<net::HttpClient> http_;
  std::unique_ptr<mailauth::StsPolicies> sts_;
  std::unique_ptr<mailauth::TlsPolicies> tls_;
  std::unique_ptr<delivery::Worker> worker_;
  bool is_working_ = false;
  Event ended_;
};

// Faults of what the options name: the trust anchor, the smarthost's password.
std::vector<std::string> check_deep(const config::Options& options);

}  // namespace fwd::smtp_bree

#endif
