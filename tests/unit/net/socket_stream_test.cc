// Streams over sockets in clear text: order, pressure, half-close, cancellation.
#include "net/socket_stream.h"

#include <cppunit/extensions/HelperMacros.h>
#include <unistd.h>

#include <array>
#include <string>

#include "core/first_of.h"
#include "core/line_reader.h"
#include "net/connect.h"
#include "net/listen_socket.h"
#include "net_test.h"

namespace fwd::net {
namespace {

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 31 + i / 251);
  return text;
}

Task<void> write_and_finish(SocketStream& stream, std::string data, bool& written) {
  auto put = co_await stream.write(data);
  CPPUNIT_ASSERT(put.ok());
  written = true;
  stream.finish_writing();
}

Task<void> expect_all(SocketStream& stream, std::string wanted, std::size_t step) {
  auto reading = read_all(stream, step);
  const std::string got = co_await reading;
  CPPUNIT_ASSERT_EQUAL(wanted.size(), got.size());
  CPPUNIT_ASSERT(wanted == got);
}

// Answers after the peer has finished writing.
Task<void> answer_after_end(SocketStream& stream) {
  auto reading = read_all(stream, 100);
  const std::string got = co_await reading;
  const std::string answer = "got " + got;
  auto put = co_await stream.write(answer);
  CPPUNIT_ASSERT(put.ok());
  stream.close();
}

Task<void> ask_and_finish(SocketStream& stream) {
  auto put = co_await stream.write("hello");
  CPPUNIT_ASSERT(put.ok());
  stream.finish_writing();
  auto reading = read_all(stream, 3);
  const std::string got = co_await reading;
  CPPUNIT_ASSERT_EQUAL(std::string("got hello"), got);
}

Task<std::string> read_once(Stream& stream, std::size_t most) {
  std::string into(most, '\0');
  auto got = co_await stream.read_some(into);
  CPPUNIT_ASSERT(got.ok());
  into.resize(got.value());
  co_return into;
}

Task<int> at_event(Event& event) {
  co_await event.wait();
  co_return 1;
}

Task<void> cancel_reads(Loop& loop, SocketStream& here, int there) {
  std::string all;
  for (int round = 0; round < 50; ++round) {
    Event cancel;
    auto reading = read_once(here, 2);
    auto cancelling = at_event(cancel);
    // Both are ready in the same turn of the loop: whoever loses loses nothing.
    loop.post([&cancel] { cancel.set(); });
    const std::string word = std::to_string(round % 10);
    CPPUNIT_ASSERT_EQUAL(ssize_t{1}, ::write(there, word.data(), 1));
    const auto won = co_await first_of(std::move(reading), std::move(cancelling));
    if (won.index() == 0) all += std::get<0>(won);
  }
  ::close(there);
  auto rest = read_all(here, 7);
  all += co_await rest;
  std::string wanted;
  for (int i = 0; i < 50; ++i) wanted += std::to_string(i % 10);
  CPPUNIT_ASSERT_EQUAL(wanted, all);
}

Task<void> close_under_reader(Loop& loop, SocketStream& stream) {
  loop.post([&stream] { stream.close(); });
  auto reading = read_once(stream, 10);
  const std::string got = co_await reading;
  CPPUNIT_ASSERT_EQUAL(std::string(), got);
  auto put = co_await stream.write("x");
  CPPUNIT_ASSERT(!put.ok() && put.failure().fault == Fault::kClosed);
}

Task<void> write_to_nobody(SocketStream& stream) {
  const std::string much = pattern(1 << 20);
  auto put = co_await stream.write(much);
  CPPUNIT_ASSERT(!put.ok() && put.failure().fault == Fault::kTimeout);
}

Task<void> write_to_the_gone(SocketStream& stream) {
  auto put = co_await stream.write("x");
  CPPUNIT_ASSERT(!put.ok() && put.failure().fault == Fault::kClosed);
}

Task<void> connect_to(Loop& loop, std::string path, std::uint16_t free_port) {
  auto unix_stream = co_await connect_unix(loop, path, std::chrono::seconds(5));
  CPPUNIT_ASSERT(unix_stream.ok());
  const auto who = unix_stream.value()->peer_credentials();
  CPPUNIT_ASSERT(who.ok() && who.value().uid == ::getuid() && who.value().pid == ::getpid());
  auto nobody = co_await connect_unix(loop, path + "x", std::chrono::seconds(5));
  CPPUNIT_ASSERT(!nobody.ok() && nobody.failure().fault == Fault::kUnavailable);
  std::string loopback = "127.0.0.1";
  auto closed = co_await connect_tcp(loop, loopback, free_port, std::chrono::seconds(5));
  CPPUNIT_ASSERT(!closed.ok() && closed.failure().fault == Fault::kUnavailable);
}

Task<void> set_after_turns(Loop& loop, bool& others_ran) {
  for (int i = 0; i < 3; ++i) co_await loop.clock().sleep(std::chrono::milliseconds(1));
  others_ran = true;
}

// A peer that always has more to say.
Task<void> read_much(SocketStream& stream, bool& others_ran) {
  std::string chunk(4096, '\0');
  while (!others_ran) {
    auto got = co_await stream.read_some(chunk);
    CPPUNIT_ASSERT(got.ok() && got.value() > 0);
  }
}

Task<void> write_for_ever(SocketStream& stream) {
  const std::string data = pattern(1 << 16);
  for (;;) {
    auto put = co_await stream.write(data);
    if (!put.ok()) co_return;
  }
}

class SocketStreamTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SocketStreamTest);
  CPPUNIT_TEST(a_slow_reader_holds_the_writer_back);
  CPPUNIT_TEST(after_half_close_the_answer_still_comes);
  CPPUNIT_TEST(a_cancelled_read_loses_nothing);
  CPPUNIT_TEST(close_wakes_the_reader);
  CPPUNIT_TEST(a_peer_that_takes_nothing_times_out);
  CPPUNIT_TEST(writing_to_a_gone_peer_is_a_failure_and_no_signal);
  CPPUNIT_TEST(connections_are_made_or_refused);
  CPPUNIT_TEST(a_busy_stream_lets_others_run);
  CPPUNIT_TEST_SUITE_END();

  LoopRunner runner_;

 public:
  void a_slow_reader_holds_the_writer_back() {
    auto [a, b] = socket_pair(4096);
    SocketStream writer(runner_.loop(), std::move(a));
    SocketStream reader(runner_.loop(), std::move(b));
    const std::string data = pattern(300000);
    bool written = false;
    runner_.spawn(write_and_finish(writer, data, written));
    CPPUNIT_ASSERT(!written);
    runner_.run(expect_all(reader, data, 997));
    CPPUNIT_ASSERT(written);
  }

  void after_half_close_the_answer_still_comes() {
    auto [a, b] = socket_pair();
    SocketStream server(runner_.loop(), std::move(a));
    SocketStream client(runner_.loop(), std::move(b));
    runner_.spawn(answer_after_end(server));
    runner_.run(ask_and_finish(client));
  }

  void a_cancelled_read_loses_nothing() {
    auto [a, b] = socket_pair();
    SocketStream here(runner_.loop(), std::move(a));
    runner_.run(cancel_reads(runner_.loop(), here, b.release()));
  }

  void close_wakes_the_reader() {
    auto [a, b] = socket_pair();
    SocketStream stream(runner_.loop(), std::move(a));
    runner_.run(close_under_reader(runner_.loop(), stream));
  }

  void a_peer_that_takes_nothing_times_out() {
    auto [a, b] = socket_pair(4096);
    StreamOptions options;
    options.write_limit = std::chrono::milliseconds(20);
    SocketStream stream(runner_.loop(), std::move(a), std::move(options));
    runner_.run(write_to_nobody(stream));
  }

  void writing_to_a_gone_peer_is_a_failure_and_no_signal() {
    auto [a, b] = socket_pair();
    SocketStream stream(runner_.loop(), std::move(a));
    b.reset();
    runner_.run(write_to_the_gone(stream));
  }

  void connections_are_made_or_refused() {
    const TemporaryFolder folder;
    auto socket = open_listen_socket("door=" + folder.file("s"));
    CPPUNIT_ASSERT(socket.ok());
    auto tcp = open_listen_socket("x=127.0.0.1:0");
    CPPUNIT_ASSERT(tcp.ok());
    const std::string bound = tcp.value().address;
    const auto port = static_cast<std::uint16_t>(std::stoi(bound.substr(bound.find(':') + 1)));
    tcp.value().fd.reset();
    runner_.run(connect_to(runner_.loop(), folder.file("s"), port));
  }

  void a_busy_stream_lets_others_run() {
    auto [a, b] = socket_pair();
    SocketStream writer(runner_.loop(), std::move(a));
    SocketStream reader(runner_.loop(), std::move(b));
    bool others_ran = false;
    runner_.spawn(write_for_ever(writer));
    runner_.spawn(set_after_turns(runner_.loop(), others_ran));
    runner_.run(read_much(reader, others_ran));
    CPPUNIT_ASSERT(others_ran);
    runner_.tasks().cancel_all();
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SocketStreamTest);

}  // namespace
}  // namespace fwd::net
