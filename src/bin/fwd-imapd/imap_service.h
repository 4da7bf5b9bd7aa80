#ifndef FWD_BIN_FWD_IMAPD_IMAP_SERVICE_H
#define FWD_BIN_FWD_IMAPD_IMAP_SERVICE_H

// One IMAP session a connection, over the door.

#include <memory>
#include <string>

#include "net/workers.h"
#include "protocol/imap/session.h"
#include "rpc/client.h"
#include "service/daemon/daemon.h"
#include "service/daemon/worker_packer.h"
#include "service/learning/rspamd_learner.h"

namespace fwd::imapd {

// Octets of messages that all sessions together hold in memory.
class AppendBudget final : public imap::MemoryBudget {
 public:
  explicit AppendBudget(std::uint64_t octets) : left_(octets) {}
  bool take(std::uint64_t octets) override;
  void give_back(std::uint64_t octets) override { left_ += octets; }

 private:
  std::uint64_t left_;
};

class ImapService final : public daemon::Service {
 public:
  explicit ImapService(daemon::Daemon& daemon);

  Task<Outcome<void>> start() override;
  Task<void> serve(std::unique_ptr<net::SocketStream> stream, std::string role) override;
  std::string refusal(const std::string& role) override;
  void reload() override;
  Task<void> finish() override;

 private:
  imap::Limits limits() const;

  daemon::Daemon& daemon_;
  rpc::DoorPool door_;
  AppendBudget budget_;
  net::Workers workers_;
  daemon::WorkerPacker packer_;
  learning::RspamdLearner learner_;
};

}  // namespace fwd::imapd

#endif
