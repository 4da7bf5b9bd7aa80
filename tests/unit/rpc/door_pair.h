#ifndef FWD_TESTS_UNIT_RPC_DOOR_PAIR_H
#define FWD_TESTS_UNIT_RPC_DOOR_PAIR_H

// A client and a server of the door's language joined in memory, over small
// stores; and a stream that can be slow or be cut.

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/memory_pipe.h"
#include "core/ready.h"
#include "core/task_group.h"
#include "rpc/client.h"
#include "rpc/server.h"
#include "small_sending.h"
#include "small_stores.h"
#include "support/memory_forwarding.h"
#include "support/memory_journal.h"
#include "support/memory_sender_lists.h"
#include "support/memory_state.h"

namespace fwd::test {

// A task begun by a test, and what it gave.
template <typename T>
class Running {
 public:
  explicit Running(Task<T> work) : task_(keep(std::move(work), value_)) {
    task_.start(std::noop_coroutine());
    run_ready();
  }
  bool done() const { return value_.has_value(); }
  T& value() { return value_.value(); }
  void cancel() {
    task_.reset();
    run_ready();
  }

 private:
  static Task<void> keep(Task<T> work, std::optional<T>& into) {
    T value = co_await work;
    into.emplace(std::move(value));
  }
  std::optional<T> value_;
  Task<void> task_;
};

// What `work` gives; it must end without anything from outside.
template <typename T>
T finish(Task<T> work) {
  Running<T> running(std::move(work));
  return std::move(running.value());
}

// Passes on to another stream, at most `most_per_read` octets a read, and is
// cut after `octets` were read.
class CutStream final : public Stream {
 public:
  CutStream(std::unique_ptr<Stream> inner, std::size_t most_per_read, std::size_t octets = SIZE_MAX)
      : inner_(std::move(inner)), most_(most_per_read), left_(octets) {}
  Task<Outcome<std::size_t>> read_some(std::span<char> into) override {
    if (left_ == 0) {
      inner_->close();
      co_return Failure{Fault::kClosed, "", "cut by the test"};
    }
    auto reading = inner_->read_some(into.first(std::min({into.size(), most_, left_})));
    Outcome<std::size_t> n = co_await reading;
    if (n.ok()) left_ -= n.value();
    co_return n;
  }
  Task<Outcome<void>> write(std::string_view data) override {
    ++writes;
    auto writing = inner_->write(data);
    Outcome<void> done = co_await writing;
    co_return done;
  }
  Task<Outcome<void>> start_tls() override { return inner_->start_tls(); }
  bool may_start_tls() const override { return false; }
  const TlsState& tls() const override { return inner_->tls(); }
  const PeerAddress& peer() const override { return inner_->peer(); }
  const PeerAddress& local() const override { return inner_->local(); }
  void close() override { inner_->close(); }

  int writes = 0;

 private:
  std::unique_ptr<Stream> inner_;
  std::size_t most_;
  std::size_t left_;
};

struct PairOptions {
  rpc::Role role = rpc::Role::kImapd;
  std::size_t most_per_read = SIZE_MAX;
  std::size_t capacity = 64 * 1024;
  std::size_t cut_client_after = SIZE_MAX;  // octets the client reads
  std::size_t cut_server_after = SIZE_MAX;  // octets the server reads
  rpc::Limits limits;
};

struct DoorPair {
  explicit DoorPair(PairOptions given = {}) : options(given) {
    run_ready();
    client = std::make_unique<rpc::DoorClient>(open(), options.limits);
    run_ready();
  }
  ~DoorPair() {
    client.reset();
    run_ready();
  }

  // Another connection to the same server; gives the caller's end.
  std::unique_ptr<Stream> open() {
    MemoryPipeOptions pipe;
    pipe.capacity = options.capacity;
    auto [server_end, client_end] = make_memory_pipe(std::move(pipe));
    group.spawn("serve", serve(*this, std::make_unique<CutStream>(std::move(server_end),
                                                                  options.most_per_read,
                                                                  options.cut_server_after)));
    auto stream = std::make_unique<CutStream>(std::move(client_end), options.most_per_read,
                                              options.cut_client_after);
    client_stream = stream.get();
    return stream;
  }

  // Logs in through `client`.
  std::shared_ptr<model::Mailbox> log_in() {
    Outcome<model::LoggedIn> login = finish(
        client->logins().log_in({"imap", "192.0.2.1", "s1"}, "hello@example.test", "secret"));
    return login.ok() ? login.value().mailbox : nullptr;
  }

  static Task<void> serve(DoorPair& pair, std::unique_ptr<Stream> stream) {
    auto serving = pair.server.serve(std::move(stream), pair.options.role);
    Outcome<void> end = co_await serving;
    pair.ended.push_back(std::move(end));
  }

  PairOptions options;
  HandClock clock;
  SmallLogins logins;
  SmallDeliveries deliveries;
  SmallDirectory directory;
  SmallSubmission submission;
  SmallQueue queue;
  MemoryForwarding forwarding{clock};
  // One for each role.
  struct States {
    explicit States(Clock& turned) : clock(turned) {}
    MemoryState& operator[](rpc::Role role) { return all.try_emplace(role, clock).first->second; }
    Clock& clock;
    std::map<rpc::Role, MemoryState> all;
  } states{clock};
  std::optional<rpc::Role> stateless;  // the one for whom nobody keeps state
  MemoryJournal journal{clock};
  MemorySenderLists sender_lists{clock};
  std::vector<std::string> denied, bugs;
  std::vector<Outcome<void>> ended;  // connections, as the server saw it
  rpc::DoorServer server{
      rpc::Promises{&logins, &deliveries, &directory,
                    [this](rpc::Role role) { return role == stateless ? nullptr : &states[role]; },
                    &journal, &submission, &queue, &forwarding, &sender_lists},
      rpc::ServerEvents{[this](rpc::Role role, const std::string& verb) {
                          denied.push_back(std::string(rpc::role_name(role)) + " " + verb);
                        },
                        [this](const std::string& verb, const std::string& what) {
                          bugs.push_back(verb + ": " + what);
                        }},
      options.limits};
  TaskGroup group{[this](const std::string& name, const std::string& what) {
    bugs.push_back(name + ": " + what);
  }};
  CutStream* client_stream = nullptr;  // of the latest open()
  std::unique_ptr<rpc::DoorClient> client;
};

}  // namespace fwd::test

#endif
