// Record data read, addresses told apart, and questions taken back.
#include <cppunit/extensions/HelperMacros.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unbound.h>

#include <fstream>
#include <string>

#include "net/http_client.h"
#include "net/listen_socket.h"
#include "net/own_address.h"
#include "net/private_address.h"
#include "net/server_check.h"
#include "net/unbound_resolver.h"
#include "net_test.h"
#include "scripted_resolver.h"

namespace {
std::string unknown_option;  // to the library, as if it were older
}

// In place of the library's, which it calls.
extern "C" int ub_ctx_set_option(ub_ctx* context, const char* option, const char* value) {
  if (!unknown_option.empty() && option == unknown_option) return UB_SYNTAX;
  static const auto real = reinterpret_cast<int (*)(ub_ctx*, const char*, const char*)>(
      ::dlsym(RTLD_NEXT, "ub_ctx_set_option"));
  return real(context, option, value);
}

namespace fwd::net {
namespace {

using test::ScriptedResolver;
using namespace std::string_literals;

DnsAnswer answer_of(std::vector<std::string> rdata) {
  DnsAnswer answer;
  answer.kind = DnsAnswer::Kind::kFound;
  answer.rdata = std::move(rdata);
  return answer;
}

// A name server that never answers.
class SilentServer {
 public:
  std::string where() const { return "127.0.0.1@" + bound_.port; }

 private:
  BoundSocket bound_ = bind_loopback(SOCK_DGRAM);
};

// Where no name server is.
std::string closed_port() {
  const SilentServer gone;
  return gone.where();
}

Task<void> ask(Resolver& resolver, std::string name, Fault& fault) {
  auto asking = resolver.resolve(name, DnsType::kMx);
  const auto answer = co_await asking;
  CPPUNIT_ASSERT(!answer.ok());
  fault = answer.failure().fault;
}

Task<void> turn(Loop& loop) {
  auto nap = loop.clock().sleep(std::chrono::milliseconds(1));
  co_await nap;
}

Task<void> get(HttpClient& client, HttpRequest request, Outcome<HttpAnswer>& into) {
  auto asking = client.ask(std::move(request));
  into = co_await asking;
}

class DnsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DnsTest);
  CPPUNIT_TEST(records_are_read);
  CPPUNIT_TEST(malformed_records_are_left_out);
  CPPUNIT_TEST(records_are_bounded);
  CPPUNIT_TEST(addresses_of_nobody_are_known);
  CPPUNIT_TEST(a_silent_server_ends_by_the_limit);
  CPPUNIT_TEST(where_nobody_listens_the_answer_fails_at_once);
  CPPUNIT_TEST(an_older_library_resolves_without_the_newest_option);
  CPPUNIT_TEST(a_silent_server_may_be_there);
  CPPUNIT_TEST(the_host_knows_its_own_addresses);
  CPPUNIT_TEST(a_question_can_be_taken_back);
  CPPUNIT_TEST(options_that_cannot_be_used_are_told);
  CPPUNIT_TEST(questions_are_bounded);
  CPPUNIT_TEST(a_web_request_can_be_taken_back);
  CPPUNIT_TEST(web_requests_that_are_none_are_refused);
  CPPUNIT_TEST_SUITE_END();

  LoopRunner runner_;
  SilentServer silent_;

  std::unique_ptr<UnboundResolver> resolver(std::chrono::milliseconds limit) {
    ResolverOptions options;
    options.anchor_file = "";
    options.forwarders = {silent_.where()};
    options.limit = limit;
    options.most_at_once = 3;
    auto made = UnboundResolver::make(runner_.loop(), options);
    CPPUNIT_ASSERT_MESSAGE(made.ok() ? "" : made.failure().private_text, made.ok());
    return std::move(made).value();
  }

 public:
  void tearDown() override {
    unknown_option.clear();
    runner_.tasks().cancel_all();
  }

  void records_are_read() {
    const std::string name = ScriptedResolver::wire_name("MX.Example.com");
    const auto mx = mx_records(answer_of({std::string("\x01\x02", 2) + name}));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, mx.size());
    CPPUNIT_ASSERT_EQUAL(258, static_cast<int>(mx[0].preference));
    CPPUNIT_ASSERT_EQUAL(std::string("mx.example.com"), mx[0].host);
    CPPUNIT_ASSERT_EQUAL(std::string(), mx_records(answer_of({std::string(3, '\0')}))[0].host);
    CPPUNIT_ASSERT_EQUAL(std::string("mx.example.com"), names(answer_of({name}))[0]);
    CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.1"), addresses(answer_of({"\xc0\x00\x02\x01"s}))[0]);
    CPPUNIT_ASSERT_EQUAL(std::string("::"), addresses(answer_of({std::string(16, '\0')}))[0]);
    CPPUNIT_ASSERT_EQUAL(std::string("a bc"), texts(answer_of({"\x02"
                                                               "a \x00\x02"
                                                               "bc"s}))[0]);
  }

  void malformed_records_are_left_out() {
    for (const std::string& bad : {std::string(), std::string("x"),
                                   std::string("\0\x0a\x05"
                                               "ab",
                                               5),
                                   std::string("\0\x0a\x02"
                                               "ab",
                                               5),
                                   std::string("\0\x0a\x02"
                                               "ab\0x",
                                               7),
                                   std::string("\0\x0a\xc0\x0c", 4),
                                   std::string("\0\x0a\x02"
                                               "a \0",
                                               6),
                                   std::string("\0\x0a\x02"
                                               "a\r\0",
                                               6)}) {
      CPPUNIT_ASSERT(mx_records(answer_of({bad})).empty());
      CPPUNIT_ASSERT(names(answer_of({bad})).empty());
    }
    std::string longest(2, '\0');
    for (int i = 0; i < 64; ++i)
      longest += std::string(
          "\x03"
          "abc");
    CPPUNIT_ASSERT(mx_records(answer_of({longest + std::string(1, '\0')})).empty());
    CPPUNIT_ASSERT(addresses(answer_of({"12345"})).empty());
    CPPUNIT_ASSERT(texts(answer_of({"\x05"
                                    "ab",
                                    ""}))
                       .empty());
  }

  void records_are_bounded() {
    const std::vector<std::string> many(10000, std::string("\xc0\x00\x02\x01", 4));
    CPPUNIT_ASSERT_EQUAL(std::size_t{256}, addresses(answer_of(many)).size());
  }

  void addresses_of_nobody_are_known() {
    for (const char* ip : {"0.1.2.3",
                           "10.0.0.1",
                           "100.64.0.1",
                           "127.9.9.9",
                           "169.254.1.1",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.168.1.1",
                           "198.18.0.1",
                           "203.0.113.9",
                           "224.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "fe80::1",
                           "fc00::1",
                           "ff02::1",
                           "2001:db8::1",
                           "2001::1",
                           "2002:7f00:1::",
                           "::ffff:10.0.0.1",
                           "64:ff9b::7f00:1",
                           "::127.0.0.1",
                           "fec0::1",
                           "x",
                           "",
                           "127.1"})
      CPPUNIT_ASSERT_MESSAGE(ip, is_private_address(ip));
    for (const char* ip : {"1.1.1.1", "9.255.255.255", "11.0.0.0", "172.15.0.1", "172.32.0.1",
                           "100.128.0.0", "223.255.255.255", "2606:4700::1", "2a00::1",
                           "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::", "2001:4860::1"})
      CPPUNIT_ASSERT_MESSAGE(ip, !is_private_address(ip));
  }

  void the_host_knows_its_own_addresses() {
    for (const char* ip : {"127.0.0.1", "::ffff:127.0.0.1"})
      CPPUNIT_ASSERT_MESSAGE(ip, is_own_address(ip));
    for (const char* ip : {"192.0.2.1", "2001:db8::1", "x", ""})
      CPPUNIT_ASSERT_MESSAGE(ip, !is_own_address(ip));
  }

  void a_silent_server_ends_by_the_limit() {
    const auto dns = resolver(std::chrono::milliseconds(30));
    Fault fault = Fault::kBug;
    runner_.run(ask(*dns, "example.com", fault));
    CPPUNIT_ASSERT(fault == Fault::kTimeout);
  }

  void where_nobody_listens_the_answer_fails_at_once() {
    const std::string nobody = closed_port();
    ResolverOptions options;
    options.anchor_file = "";
    options.forwarders = {nobody};
    options.patience = std::chrono::milliseconds(10);
    auto made = UnboundResolver::make(runner_.loop(), options);
    CPPUNIT_ASSERT(made.ok());
    Clock& clock = runner_.loop().clock();
    const Instant begin = clock.now();
    for (const char* name : {"example.com", "example.net"}) {
      Fault fault = Fault::kBug;
      runner_.run(ask(*made.value(), name, fault));
      CPPUNIT_ASSERT(fault == Fault::kUnavailable);
    }
    CPPUNIT_ASSERT(clock.now() - begin < std::chrono::seconds(3));
    // One that is there is enough, and so is one for the zone.
    options.forwarders = {nobody, silent_.where()};
    options.limit = std::chrono::milliseconds(60);
    made = UnboundResolver::make(runner_.loop(), options);
    Fault fault = Fault::kBug;
    runner_.run(ask(*made.value(), "example.com", fault));
    CPPUNIT_ASSERT(fault == Fault::kTimeout);
    options.forwarders = {nobody};
    options.stubs = {{"Example.org.", silent_.where()}};
    made = UnboundResolver::make(runner_.loop(), options);
    runner_.run(ask(*made.value(), "a.example.org.", fault));
    CPPUNIT_ASSERT(fault == Fault::kTimeout);
  }

  void an_older_library_resolves_without_the_newest_option() {
    unknown_option = "infra-cache-max-rtt:";
    const auto dns = resolver(std::chrono::milliseconds(60));
    Fault fault = Fault::kBug;
    runner_.run(ask(*dns, "example.com", fault));
    CPPUNIT_ASSERT(fault == Fault::kTimeout);
    // What safety needs must be there.
    ResolverOptions options;
    options.anchor_file = "";
    options.forwarders = {silent_.where()};
    unknown_option = "harden-dnssec-stripped:";
    CPPUNIT_ASSERT(!UnboundResolver::make(runner_.loop(), options).ok());
  }

  void a_silent_server_may_be_there() {
    const std::string nobody = closed_port();
    const Instant now{};
    ServerCheck gone({nobody, nobody});
    CPPUNIT_ASSERT_EQUAL(std::string("Connection refused"), gone.why_unreachable(now).value_or(""));
    ServerCheck silent({nobody, silent_.where()});
    CPPUNIT_ASSERT(!silent.why_unreachable(now));
    // Of those nothing is known.
    for (const char* server : {"x", "127.0.0.1@0", "127.0.0.1@99999", "127.0.0.1@"})
      CPPUNIT_ASSERT_MESSAGE(server, !ServerCheck({nobody, server}).has_servers());
    CPPUNIT_ASSERT(!ServerCheck({}).why_unreachable(now));
    CPPUNIT_ASSERT(!ServerCheck({"system"}, "/nonexistent").has_servers());
    const std::string file = "/tmp/fwd-resolv." + std::to_string(::getpid());
    std::ofstream(file) << "# nameserver 1.1.1.1\nsearch x\nnameserver\t127.0.0.1\n";
    const bool is_read = ServerCheck({"system"}, file).has_servers();
    ::unlink(file.c_str());
    CPPUNIT_ASSERT(is_read);
  }

  void a_question_can_be_taken_back() {
    const auto dns = resolver(std::chrono::seconds(20));
    Fault fault = Fault::kBug;
    runner_.spawn(ask(*dns, "example.com", fault));
    runner_.run(turn(runner_.loop()));
    runner_.tasks().cancel_all();
    runner_.run(turn(runner_.loop()));
    CPPUNIT_ASSERT(fault == Fault::kBug);
  }

  void options_that_cannot_be_used_are_told() {
    ResolverOptions options;
    options.anchor_file = "/nonexistent";
    auto made = UnboundResolver::make(runner_.loop(), options);
    CPPUNIT_ASSERT(!made.ok() && made.failure().fault == Fault::kUnavailable);
    options.anchor_file = "";
    options.forwarders = {"not an address"};
    made = UnboundResolver::make(runner_.loop(), options);
    CPPUNIT_ASSERT(!made.ok() && made.failure().fault == Fault::kBadInput);
    options.forwarders.clear();
    options.stubs = {{"a..b", "127.0.0.1"}};
    made = UnboundResolver::make(runner_.loop(), options);
    CPPUNIT_ASSERT(!made.ok() && made.failure().fault == Fault::kBadInput);
  }

  void questions_are_bounded() {
    const auto dns = resolver(std::chrono::seconds(20));
    Fault fault = Fault::kBug;
    for (int i = 0; i < 3; ++i) runner_.spawn(ask(*dns, "example.com", fault));
    runner_.run(ask(*dns, "example.com", fault));
    CPPUNIT_ASSERT(fault == Fault::kBusy);
    for (const char* none : {"a..b", "a\\.b", "a\tb.example", "\xc3\xbc.example"}) {
      fault = Fault::kBug;
      runner_.run(ask(*dns, none, fault));
      CPPUNIT_ASSERT_MESSAGE(none, fault == Fault::kBadInput);
    }
    // Local parts are labels in SPF (RFC 7208 §7.3).
    runner_.run(ask(*dns, "a+b=c.example", fault));
    CPPUNIT_ASSERT(fault == Fault::kBusy);
    runner_.tasks().cancel_all();
  }

  void a_web_request_can_be_taken_back() {
    auto listening = open_listen_socket("web=127.0.0.1:0");
    CPPUNIT_ASSERT(listening.ok());
    ScriptedResolver dns;
    dns.a("web.example", "127.0.0.1");
    HttpOptions options;
    options.allow_private = true;
    auto client = HttpClient::make(runner_.loop(), dns, options);
    CPPUNIT_ASSERT(client.ok());
    const std::string& where = listening.value().address;
    HttpRequest request;
    request.url = "https://web.example" + where.substr(where.rfind(':')) + "/";
    Outcome<HttpAnswer> answer = HttpAnswer{};
    runner_.spawn(get(*client.value(), request, answer));
    runner_.run(turn(runner_.loop()));
    runner_.tasks().cancel_all();
    request.limit = std::chrono::milliseconds(50);
    runner_.run(get(*client.value(), request, answer));
    CPPUNIT_ASSERT(!answer.ok() && answer.failure().fault == Fault::kTimeout);
  }

  void web_requests_that_are_none_are_refused() {
    ScriptedResolver dns;
    auto client = HttpClient::make(runner_.loop(), dns, {});
    CPPUNIT_ASSERT(client.ok());
    Outcome<HttpAnswer> answer = HttpAnswer{};
    for (const char* url :
         {"", "x", "http://a.example/", "file:///etc/passwd", "https://", "https://a@b.example/",
          "gopher://a.example/", "https://a.example:0/"}) {
      HttpRequest request;
      request.url = url;
      runner_.run(get(*client.value(), request, answer));
      CPPUNIT_ASSERT_MESSAGE(url, !answer.ok());
      CPPUNIT_ASSERT_MESSAGE(url, answer.failure().fault == Fault::kBadInput);
    }
    HttpRequest request;
    request.url = "https://a.example/";
    request.headers = {{"X-A", "b\r\nX-C: d"}};
    runner_.run(get(*client.value(), request, answer));
    CPPUNIT_ASSERT(!answer.ok() && answer.failure().fault == Fault::kBadInput);
    request.headers.clear();
    runner_.run(get(*client.value(), request, answer));
    CPPUNIT_ASSERT(!answer.ok() && answer.failure().fault == Fault::kNotFound);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DnsTest);

}  // namespace
}  // namespace fwd::net
