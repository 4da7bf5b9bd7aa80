// Feeding octets to a door over stores in memory.
#include "support/feed_door.h"

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "core/clock.h"
#include "core/memory_pipe.h"
#include "core/ready.h"
#include "core/task_group.h"
#include "rpc/frame.h"
#include "rpc/parcel.h"
#include "rpc/server.h"
#include "rpc/verbs.h"
#include "support/memory_journal.h"
#include "support/memory_mailbox.h"
#include "support/memory_state.h"

namespace fwd::test {
namespace {

std::string greeting_and_login() {
  std::string octets;
  rpc::put_frame(octets, rpc::FrameKind::kHello, 0, {std::string_view("\x08\x01", 2)});
  rpc::Parcel login;
  login.head = "\x12\x12hello@example.test\x1a\x06secret";
  rpc::RequestHeader header;
  header.verb = static_cast<std::uint16_t>(rpc::Verb::kLogIn);
  header.object = 1;
  rpc::put_frame(octets, rpc::FrameKind::kRequest, 0xffffffff,
                 {header.encode(), login.encode_sizes(), login.head});
  return octets;
}

Task<void> serve(rpc::DoorServer& server, std::unique_ptr<Stream> stream, rpc::Role role) {
  auto serving = server.serve(std::move(stream), role);
  (void)co_await serving;
}

Task<void> say(Stream& stream, std::string octets) {
  auto writing = stream.write(octets);
  (void)co_await writing;
}

Task<void> listen(Stream& stream) {
  char octets[4096];
  for (;;) {
    auto reading = stream.read_some(octets);
    const Outcome<std::size_t> n = co_await reading;
    if (!n.ok() || n.value() == 0) co_return;
  }
}

// What a caller sends must never show a bug.
void fail(const std::string&, const std::string&) { std::abort(); }

}  // namespace

void feed_door(std::string_view octets, rpc::Role role, bool logged_in, std::size_t most_per_read) {
  HandClock clock;
  MemoryStore store(clock, "0123456789abcdef01234567", "hello@example.test");
  for (const char* message : {"Subject: a\r\n\r\nhello\r\n", "From: b@c\r\n\r\n"})
    store.deliver("INBOX", message);
  MemoryLogins logins;
  logins.add("hello@example.test", "secret", store);
  MemoryState state(clock);
  MemoryJournal journal(clock);
  rpc::DoorServer server(
      rpc::Promises{&logins, nullptr, nullptr, [&state](rpc::Role) { return &state; }, &journal},
      rpc::ServerEvents{{}, fail});
  MemoryPipeOptions pipe;
  pipe.most_per_read = most_per_read;
  auto [server_end, client_end] = make_memory_pipe(std::move(pipe));
  TaskGroup group(fail);
  group.spawn("serve", serve(server, std::move(server_end), role));
  group.spawn("listen", listen(*client_end));
  group.spawn("say", say(*client_end,
                         (logged_in ? greeting_and_login() : std::string()) + std::string(octets)));
  run_ready();
  client_end->close();
  run_ready();
  group.cancel_all();
  run_ready();
}

}  // namespace fwd::test
