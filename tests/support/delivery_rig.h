#ifndef FWD_TESTS_SUPPORT_DELIVERY_RIG_H
#define FWD_TESTS_SUPPORT_DELIVERY_RIG_H

// A delivery worker in memory: its queue, its mailboxes, its clock, and a
// network of remotes that follow scripts.

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/event.h"
#include "core/task_group.h"
#include "service/delivery/worker.h"
#include "support/fake_remote.h"
#include "support/memory_deliveries.h"
#include "support/memory_forwarding.h"
#include "support/memory_queue.h"
#include "support/memory_state.h"
#include "unit/net/scripted_resolver.h"

namespace fwd::test {

// Remotes by address, in memory.
class FakeNet final : public delivery::Dialer {
 public:
  explicit FakeNet(Clock& clock);
  FakeRemote& add(const std::string& ip, RemoteScript script = {});
  FakeRemote& at(const std::string& ip) { return *remotes_.at(ip); }
  Task<Outcome<std::unique_ptr<delivery::RemoteStream>>> dial(
      std::string ip, std::uint16_t port, std::chrono::milliseconds limit) override;

  std::vector<std::string> dialled;          // "192.0.2.1:25"
  std::set<std::string> failing_handshakes;  // addresses
  std::set<std::string> stalling;            // addresses that never answer
  std::vector<mailauth::TlsLevel> handshakes;

 private:
  class End;
  Clock& clock_;
  std::map<std::string, std::unique_ptr<FakeRemote>> remotes_;
  TaskGroup serving_;
};

// Policies by host.
class FakeTls final : public mailauth::TlsPolicies {
 public:
  std::map<std::string, mailauth::TlsPolicy> policies;
  std::set<std::string> bad_certificates;  // by server name
  std::vector<mailauth::TlsQuestion> questions;
  Task<mailauth::TlsPolicy> policy_for(mailauth::TlsQuestion question,
                                       const mailauth::MxRoute& route,
                                       const mailauth::MxHost& host) override;
  mailauth::TlsVerdict verify(const net::CertificateChain& chain,
                              const mailauth::TlsPolicy& policy) const override;
};

// Keeps messages as they are.
class RawPacker final : public format::MessagePacker {
 public:
  Task<Outcome<format::PackedMessage>> pack(std::string message) override;
};

class DeliveryRig {
 public:
  DeliveryRig();
  ~DeliveryRig();

  HandClock clock;
  MemoryLog log;
  MemoryQueue queue{clock};
  MemoryDeliveries deliveries;
  MemoryJournal journal;
  MemoryForwarding forwarding{clock};
  MemoryState state{clock};
  RawPacker packer;
  FakeNet net{clock};
  FakeTls tls;
  ScriptedResolver dns;
  delivery::DeliveryOptions options;  // change before start()
  std::map<std::string, mailauth::MxRoute> routes;
  std::map<std::string, std::vector<std::string>> addresses;
  std::vector<delivery::HttpPost> posts;
  Outcome<delivery::HttpSaid> post_answer = delivery::HttpSaid{200, ""};
  std::string signature = "DKIM-Signature: s=x\r\n";
  int signings = 0;
  std::vector<mailauth::ArcSeal> seals;
  std::string sealed = "ARC-Seal: i=1\r\n";

  // `domain` goes to these hosts, one address each, in this order.
  void route(const std::string& domain, std::vector<std::pair<std::string, std::string>> hosts);
  // Queues a message from anna@example.test; gives its id.
  std::string send(std::vector<std::string> to,
                   std::function<void(model::NewOutbound&)> change = nullptr);
  // Queues a message that came from outside for hello@example.test; gives its id.
  std::string forward(std::vector<model::Destination> to, bool in_session = false,
                      std::function<void(model::NewForward&)> change = nullptr);
  void start();
  void stop();
  bool has_ended() const { return ended_; }
  const model::OutboundRecipient& recipient(const std::string& id, std::size_t number = 0) {
    return queue.message(id).recipients.at(number);
  }
  bool logged(const std::string& part) const;
  delivery::Worker& worker() { return *worker_; }

 private:
  static Task<void> run(DeliveryRig& rig);
  static Task<mailauth::MxRoute> find_route(DeliveryRig& rig, std::string domain);
  static Task<std::vector<std::string>> find_addresses(DeliveryRig& rig, std::string host);
  static Task<Outcome<std::string>> sign(DeliveryRig& rig);
  static Task<Outcome<std::string>> seal(DeliveryRig& rig, mailauth::ArcSeal how);
  static Task<Outcome<delivery::HttpSaid>> post(DeliveryRig& rig, delivery::HttpPost post);

  int ids_ = 0;
  Event stopping_;
  bool ended_ = false;
  std::unique_ptr<delivery::Worker> worker_;
  TaskGroup tasks_;
};

}  // namespace fwd::test

#endif
