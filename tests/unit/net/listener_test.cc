// Listening: roles, limits, polite refusals, sockets handed over by systemd.
#include "net/listener.h"

#include <cppunit/extensions/HelperMacros.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "net/connect.h"
#include "net/socket_address.h"
#include "net_test.h"

namespace fwd::net {
namespace {

std::uint16_t port_of(const std::string& address) {
  return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

// Connects and reads to the end: what a refused peer is told.
Task<void> hear(Loop& loop, std::uint16_t port, std::string& heard) {
  std::string loopback = "127.0.0.1";
  auto stream = co_await connect_tcp(loop, loopback, port, std::chrono::seconds(5));
  CPPUNIT_ASSERT(stream.ok());
  auto reading = read_all(*stream.value(), 100);
  heard = co_await reading;
}

Task<void> wait_for(Event& event) { co_await event.wait(); }

Task<void> connect_one(Loop& loop, std::string path, std::unique_ptr<SocketStream>& into) {
  auto stream = co_await connect_unix(loop, path, std::chrono::seconds(5));
  CPPUNIT_ASSERT(stream.ok());
  into = std::move(stream).value();
}

// Connects as a peer that sends `octets` before it listens, and hears the rest.
Task<void> talk_on(Loop& loop, std::uint16_t port, bool in_tls, std::size_t octets,
                   std::string& heard) {
  std::string loopback = "127.0.0.1";
  auto stream = co_await connect_tcp(loop, loopback, port, std::chrono::seconds(5));
  CPPUNIT_ASSERT(stream.ok());
  if (in_tls) {
    auto shaken = co_await stream.value()->start_tls_client(TlsClientOptions());
    CPPUNIT_ASSERT(shaken.ok());
  }
  const std::string words(octets, 'x');
  auto put = co_await stream.value()->write(words);
  heard = put.ok() ? "" : "cut off";
  if (!put.ok()) co_return;
  auto reading = read_all(*stream.value(), 100);
  heard = co_await reading;
}

Task<void> connect_ip(Loop& loop, std::uint16_t port, std::unique_ptr<SocketStream>& into) {
  std::string loopback = "127.0.0.1";
  auto stream = co_await connect_tcp(loop, loopback, port, std::chrono::seconds(5));
  CPPUNIT_ASSERT(stream.ok());
  into = std::move(stream).value();
}

Task<void> write_until_cut_off(Loop& loop, SocketStream& stream) {
  for (;;) {
    auto put = co_await stream.write("x");
    if (!put.ok()) co_return;
    co_await loop.clock().sleep(std::chrono::milliseconds(1));
  }
}

// Says good-bye to whoever came last, once his first words are there.
Task<void> dismiss(Event& accepted, std::vector<std::unique_ptr<SocketStream>>& open, bool in_tls) {
  co_await accepted.wait();
  SocketStream& stream = *open.back();
  if (in_tls) {
    auto shaken = co_await stream.start_tls();
    CPPUNIT_ASSERT(shaken.ok());
  }
  std::string some(10, ' ');
  auto got = co_await stream.read_some(some);
  CPPUNIT_ASSERT(got.ok() && got.value() > 0);
  auto put = co_await stream.write("good bye");
  CPPUNIT_ASSERT(put.ok());
  stream.close();
}

// Returns when no connection is open any more.
Task<void> wait_empty(Loop& loop, const Listener& listener) {
  while (listener.connections() > 0) co_await loop.clock().sleep(std::chrono::milliseconds(1));
}

// What a child that was handed a socket as descriptor 3 finds: 0 when all is well.
int look_as_child(int socket, const char* names) {
  ::dup2(socket, 3);
  ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
  ::setenv("LISTEN_FDS", "1", 1);
  ::setenv("LISTEN_FDNAMES", names, 1);
  auto sockets = inherited_sockets();
  if (!sockets.ok()) return 2;
  if (sockets.value().size() != 1 || sockets.value()[0].role != "imaps") return 3;
  auto again = inherited_sockets();
  return again.ok() && again.value().empty() ? 0 : 4;
}

int hand_over(int socket, const char* names) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(look_as_child(socket, names));
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

class ListenerTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ListenerTest);
  CPPUNIT_TEST(past_the_limits_a_peer_is_refused_politely);
  CPPUNIT_TEST(a_closed_connection_gives_its_place_back);
  CPPUNIT_TEST(without_descriptors_it_pauses_and_goes_on);
  CPPUNIT_TEST(a_peer_that_talks_on_hears_the_last_word);
  CPPUNIT_TEST(a_peer_that_talks_on_in_tls_hears_the_last_word);
  CPPUNIT_TEST(a_socket_lingers_in_its_place_and_not_for_ever);
  CPPUNIT_TEST(a_peer_that_talks_on_for_ever_is_cut_off);
  CPPUNIT_TEST(a_listener_that_goes_closes_what_lingers);
  CPPUNIT_TEST(handed_over_sockets_have_their_roles);
  CPPUNIT_TEST(a_stale_socket_file_is_replaced_and_a_living_one_is_not);
  CPPUNIT_TEST(bad_specs_are_refused);
  CPPUNIT_TEST(addresses_are_counted_by_ip_or_by_network);
  CPPUNIT_TEST_SUITE_END();

  LoopRunner runner_;
  std::vector<std::unique_ptr<SocketStream>> open_;
  std::vector<std::string> roles_;
  Event accepted_, paused_;
  int refusals_ = 0;
  Refusal last_refusal_ = Refusal::kTooMany;

  ListenerHooks hooks() {
    ListenerHooks made;
    made.accepted = [this](std::unique_ptr<SocketStream> stream, const std::string& role) {
      open_.push_back(std::move(stream));
      roles_.push_back(role);
      accepted_.set();
    };
    made.refused = [this](const std::string&, const PeerAddress&, Refusal why) {
      ++refusals_;
      last_refusal_ = why;
      return std::string("421 4.3.2 too many connections\r\n");
    };
    made.paused = [this](const std::string&) { paused_.set(); };
    return made;
  }

  static std::vector<ListenSocket> sockets(const std::string& spec) {
    auto socket = open_listen_socket(spec);
    CPPUNIT_ASSERT(socket.ok());
    std::vector<ListenSocket> all;
    all.push_back(std::move(socket).value());
    return all;
  }

 public:
  void tearDown() override {
    runner_.tasks().cancel_all();
    open_.clear();
  }

  void past_the_limits_a_peer_is_refused_politely() {
    auto list = sockets("smtp=127.0.0.1:0");
    const std::uint16_t port = port_of(list[0].address);
    Listener listener(runner_.loop(), std::move(list), {2, 1}, nullptr, hooks());
    std::string first, second;
    runner_.spawn(hear(runner_.loop(), port, first));
    runner_.run(hear(runner_.loop(), port, second));
    CPPUNIT_ASSERT_EQUAL(std::string("421 4.3.2 too many connections\r\n"), second);
    CPPUNIT_ASSERT(last_refusal_ == Refusal::kTooManyFromAddress);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, open_.size());
    CPPUNIT_ASSERT_EQUAL(std::string("127.0.0.1"), open_[0]->peer().ip);
    listener.set_limits({1, 0});
    runner_.run(hear(runner_.loop(), port, second));
    CPPUNIT_ASSERT(last_refusal_ == Refusal::kTooMany);
    CPPUNIT_ASSERT_EQUAL(2, refusals_);
    runner_.tasks().cancel_all();
  }

  void a_closed_connection_gives_its_place_back() {
    const TemporaryFolder folder;
    Listener listener(runner_.loop(), sockets("door=" + folder.file("s")), {1, 0}, nullptr,
                      hooks());
    std::unique_ptr<SocketStream> client;
    for (int i = 0; i < 3; ++i) {
      accepted_.clear();
      runner_.run(connect_one(runner_.loop(), folder.file("s"), client));
      runner_.run(wait_for(accepted_));
      CPPUNIT_ASSERT_EQUAL(std::size_t{1}, listener.connections());
      CPPUNIT_ASSERT_EQUAL(std::string("door"), roles_.back());
      open_.back()->close();
      CPPUNIT_ASSERT_EQUAL(std::size_t{0}, listener.connections());
    }
    CPPUNIT_ASSERT_EQUAL(0, refusals_);
  }

  void without_descriptors_it_pauses_and_goes_on() {
    const TemporaryFolder folder;
    Listener listener(runner_.loop(), sockets("door=" + folder.file("s")), {10, 0}, nullptr,
                      hooks());
    std::unique_ptr<SocketStream> client;
    runner_.run(connect_one(runner_.loop(), folder.file("s"), client));
    rlimit old{};
    ::getrlimit(RLIMIT_NOFILE, &old);
    const rlimit none{3, old.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
    runner_.run(wait_for(paused_));
    ::setrlimit(RLIMIT_NOFILE, &old);
    runner_.run(wait_for(accepted_));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, open_.size());
  }

  static constexpr LingerLimits kLong{std::chrono::seconds(50), 1 << 30};
  static constexpr std::size_t kMuch = 32 << 20;  // more than sockets hold

  // What a peer hears who has `octets` to say and is dismissed meanwhile.
  std::string last_word(std::size_t octets, bool in_tls, LingerLimits linger) {
    auto list = sockets("smtp=127.0.0.1:0");
    const std::uint16_t port = port_of(list[0].address);
    const TemporaryFolder folder;
    TlsKeeper keeper;
    if (in_tls) {
      make_certificate(folder, "own");
      keeper.replace(load_certificate(folder, "own"));
    }
    ListenerLimits limits;
    limits.linger = linger;
    Listener listener(runner_.loop(), std::move(list), limits, &keeper, hooks());
    std::string heard;
    runner_.spawn(dismiss(accepted_, open_, in_tls));
    runner_.run(talk_on(runner_.loop(), port, in_tls, octets, heard));
    runner_.run(wait_empty(runner_.loop(), listener));
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, listener.lingering());
    return heard;
  }

  void a_peer_that_talks_on_hears_the_last_word() {
    CPPUNIT_ASSERT_EQUAL(std::string("good bye"), last_word(kMuch, false, kLong));
  }

  void a_peer_that_talks_on_in_tls_hears_the_last_word() {
    CPPUNIT_ASSERT_EQUAL(std::string("good bye"), last_word(kMuch, true, kLong));
  }

  void a_peer_that_talks_on_for_ever_is_cut_off() {
    const LingerLimits few{std::chrono::seconds(50), 1 << 20};
    CPPUNIT_ASSERT_EQUAL(std::string("cut off"), last_word(kMuch, false, few));
    accepted_.clear();
    CPPUNIT_ASSERT_EQUAL(std::string("cut off"), last_word(kMuch, false, LingerLimits{}));
  }

  void a_socket_lingers_in_its_place_and_not_for_ever() {
    auto list = sockets("smtp=127.0.0.1:0");
    const std::uint16_t port = port_of(list[0].address);
    ListenerLimits limits{1, 0};
    limits.linger = {std::chrono::milliseconds(30), 1 << 20};
    Listener listener(runner_.loop(), std::move(list), limits, nullptr, hooks());
    std::string heard;
    for (int i = 0; i < 2; ++i) {
      accepted_.clear();
      // Two peers that never close; the second finds the place free again.
      std::unique_ptr<SocketStream> peer;
      runner_.run(connect_ip(runner_.loop(), port, peer));
      runner_.run(wait_for(accepted_));
      const Instant begun = runner_.loop().clock().now();
      open_.back()->close();
      CPPUNIT_ASSERT_EQUAL(std::size_t{1}, listener.connections());
      CPPUNIT_ASSERT_EQUAL(std::size_t{1}, listener.lingering());
      runner_.run(wait_empty(runner_.loop(), listener));
      CPPUNIT_ASSERT(runner_.loop().clock().now() - begun >= limits.linger.time);
    }
    CPPUNIT_ASSERT_EQUAL(0, refusals_);
  }

  void a_listener_that_goes_closes_what_lingers() {
    auto list = sockets("smtp=127.0.0.1:0");
    const std::uint16_t port = port_of(list[0].address);
    ListenerLimits limits;
    limits.linger = kLong;
    auto listener =
        std::make_unique<Listener>(runner_.loop(), std::move(list), limits, nullptr, hooks());
    std::unique_ptr<SocketStream> peer;
    runner_.run(connect_ip(runner_.loop(), port, peer));
    runner_.run(wait_for(accepted_));
    open_.back()->close();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, listener->lingering());
    open_.clear();
    listener.reset();
    // Closed for good, with the peer's words unread: it hears of that.
    runner_.run(write_until_cut_off(runner_.loop(), *peer));
  }

  void handed_over_sockets_have_their_roles() {
    auto list = sockets("x=127.0.0.1:0");
    CPPUNIT_ASSERT_EQUAL(0, hand_over(list[0].fd.get(), "imaps"));
    CPPUNIT_ASSERT_EQUAL(2, hand_over(list[0].fd.get(), ""));
    const auto [a, b] = socket_pair();
    CPPUNIT_ASSERT_EQUAL(2, hand_over(a.get(), "imaps"));
  }

  void a_stale_socket_file_is_replaced_and_a_living_one_is_not() {
    const TemporaryFolder folder;
    const std::string spec = "door=" + folder.file("s") + ",mode=0600";
    {
      auto first = sockets(spec);
      const auto second = open_listen_socket(spec);
      CPPUNIT_ASSERT(!second.ok() && second.failure().fault == Fault::kExists);
    }
    CPPUNIT_ASSERT(open_listen_socket(spec).ok());
  }

  void bad_specs_are_refused() {
    for (const char* spec :
         {"", "smtp", "=127.0.0.1:25", "smtp=", "smtp=host:25", "smtp=127.0.0.1", "smtp=::1:25",
          "smtp=[127.0.0.1]:25", "smtp=127.0.0.1:65536", "door=/tmp/x,mode=9"})
      CPPUNIT_ASSERT_MESSAGE(spec, !open_listen_socket(spec).ok());
  }

  void addresses_are_counted_by_ip_or_by_network() {
    CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.1"), counting_key({"192.0.2.1", 9}));
    CPPUNIT_ASSERT_EQUAL(std::string("2001:db8:1:2::/64"),
                         counting_key({"2001:db8:1:2:3:4:5:6", 9}));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ListenerTest);

}  // namespace
}  // namespace fwd::net
