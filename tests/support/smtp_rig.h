#ifndef FWD_TESTS_SUPPORT_SMTP_RIG_H
#define FWD_TESTS_SUPPORT_SMTP_RIG_H

// A mail exchanger in memory: a real session with the real inbound policy at
// one end of a pipe, and a hand that types at the other.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/event.h"
#include "core/memory_pipe.h"
#include "core/task_group.h"
#include "protocol/smtp/session.h"
#include "service/inbound/policy.h"
#include "support/memory_deliveries.h"
#include "support/memory_forwarding.h"
#include "support/memory_state.h"

namespace fwd::test {

// Keeps messages as they are: chunks that "are not longer" unpacked
// (format/packed_message.h).  Records how often it was asked.
class PlainPacker final : public format::MessagePacker {
 public:
  Task<Outcome<format::PackedMessage>> pack(std::string message) override;
  int packed = 0;
  bool bug = false;  // throws instead
};

class SmtpRig {
 public:
  SmtpRig();
  ~SmtpRig();

  // Settings; change them before connect().
  smtp::Limits limits;
  service::InboundOptions options;
  net::Resolver* resolver = nullptr;
  MemoryPipeOptions pipe;
  std::string host = "mx.example.test";
  std::size_t budget_octets = 64 * 1024 * 1024;

  HandClock clock;
  MemoryLog log;
  MemoryDeliveries deliveries;
  MemoryJournal journal;
  MemoryState state{clock};
  PlainPacker packer;
  MemoryForwarding forwarding{clock};
  Event stop;
  // Another policy than fwd-mxd's.
  std::function<std::unique_ptr<smtp::Policy>()> make_policy;

  // Connects, and reads nothing yet.
  void connect();
  // Begins a session on any stream instead.
  void serve(std::unique_ptr<Stream> stream);
  // Sends octets, all in one or one by one, and lets the session work.
  void send(std::string_view octets, bool one_by_one = false);
  // The next reply that has come: its lines joined with LF; nothing otherwise.
  std::optional<std::string> reply();
  // Forgets older replies; send() with CRLF, then reply() or "nothing".
  std::string ask(std::string_view line);
  // EHLO, MAIL and RCPT for the usual pair, past DATA's 354.
  void begin_data();
  bool closed() const { return closed_; }  // the server has closed
  void hang_up();
  void cancel();  // destroys the session where it stands

  smtp::Budget& budget() { return *budget_; }

 private:
  static Task<void> run(SmtpRig& rig);
  static Task<void> listen(SmtpRig& rig);
  static Task<void> type(SmtpRig& rig, std::string octets);

  int ids_ = 0;
  std::function<std::string()> new_id_;
  std::unique_ptr<smtp::Budget> budget_;
  std::unique_ptr<smtp::Policy> policy_;
  std::unique_ptr<Stream> server_, client_;
  std::unique_ptr<smtp::Session> session_;
  std::string heard_;
  bool closed_ = false;
  std::vector<std::string> bugs_;
  TaskGroup tasks_;
};

}  // namespace fwd::test

#endif
