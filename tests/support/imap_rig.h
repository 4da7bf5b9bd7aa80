#ifndef FWD_TESTS_SUPPORT_IMAP_RIG_H
#define FWD_TESTS_SUPPORT_IMAP_RIG_H

// An IMAP server in memory: real sessions over a keeper in memory, and hands
// that type at the other end of each pipe.

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "core/event.h"
#include "core/log.h"
#include "core/memory_pipe.h"
#include "core/task_group.h"
#include "protocol/imap/session.h"
#include "support/memory_mailbox.h"

namespace fwd::test {

// Messages that tests speak of by name: "plain", "multi", "nested", "binary",
// "utf8", "big" (200,000 octets).
std::string message_named(std::string_view name);

class FixedBudget final : public imap::MemoryBudget {
 public:
  explicit FixedBudget(std::uint64_t octets) : left_(octets) {}
  bool take(std::uint64_t octets) override {
    if (octets > left_) return false;
    left_ -= octets;
    return true;
  }
  void give_back(std::uint64_t octets) override { left_ += octets; }
  std::uint64_t left() const { return left_; }

 private:
  std::uint64_t left_;
};

class CountingPacker final : public format::MessagePacker {
 public:
  Task<Outcome<format::PackedMessage>> pack(std::string message) override;
  int packed = 0;
};

class ImapRig {
 public:
  static constexpr std::size_t kMost = 3;  // sessions at once

  ImapRig();
  ~ImapRig();

  // Settings; change them before connect().
  imap::Limits limits;
  MemoryPipeOptions pipe;

  HandClock clock;
  MemoryLog log;
  MemoryStore store{clock, "0123456789abcdef01234567", "hello@example.test"};
  MemoryLogins logins;
  FixedBudget budget{1ULL << 30};
  CountingPacker packer;
  Event stop;
  imap::FilingObserver* filing_observer = nullptr;
  std::string bug;  // of an exception that left a session

  void connect(std::size_t who);
  bool connected(std::size_t who) const { return peers_[who].client != nullptr; }
  void send(std::size_t who, std::string octets);
  // What the server has said and nobody has taken yet.
  std::string& said(std::size_t who) { return peers_[who].said; }
  std::string take(std::size_t who);
  bool closed(std::size_t who) const { return peers_[who].closed; }
  void hang_up(std::size_t who) { peers_[who].client->close(); }
  // Sends a line with CRLF and gives all that is said to it.
  std::string ask(std::size_t who, std::string_view line);
  // Connects and logs in; what was said is dropped.
  void log_in(std::size_t who);

 private:
  struct Peer {
    std::unique_ptr<Stream> server, client;
    std::unique_ptr<imap::Session> session;
    std::string said;
    bool closed = false;
  };
  static Task<void> listen(Peer& peer);
  static Task<void> type(Stream& stream, std::string octets);

  std::array<Peer, kMost> peers_;
  TaskGroup group_;
};

}  // namespace fwd::test

#endif
