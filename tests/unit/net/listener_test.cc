// Listening: roles, limits, polite refusals, sockets handed over by systemd.
#include "net/listener.h"

#include <cppunit/extensions/HelperMacros.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

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
