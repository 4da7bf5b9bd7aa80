// Posts to addresses that strangers name: they must not lead us inside.
#include <cppunit/extensions/HelperMacros.h>
#include <poll.h>
#include <sys/socket.h>

#include <string>
#include <thread>

#include "net/http_client.h"
#include "net_test.h"
#include "scripted_resolver.h"

namespace fwd::net {
namespace {

using test::ScriptedResolver;

// Listens on loopback; answers at most one request with given octets.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer = "") {
    ::listen(bound_.socket.get(), 5);
    if (!answer.empty()) thread_ = std::thread([this, text = std::move(answer)] { serve(text); });
  }
  ~OneAnswer() {
    if (thread_.joinable()) thread_.join();
  }
  const std::string& port() const { return bound_.port; }
  bool was_called() const {
    pollfd waiting{bound_.socket.get(), POLLIN, 0};
    return ::poll(&waiting, 1, 50) > 0;
  }

 private:
  void serve(const std::string& text) {
    pollfd waiting{bound_.socket.get(), POLLIN, 0};
    if (::poll(&waiting, 1, 5000) <= 0) return;
    const Fd peer(::accept4(bound_.socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
    char octets[4096];
    std::string request;
    while (request.find("body") == std::string::npos) {
      const ssize_t got = ::recv(peer.get(), octets, sizeof octets, 0);
      if (got <= 0) return;
      request.append(octets, static_cast<std::size_t>(got));
    }
    // Whoever has heard enough leaves.
    std::size_t at = 0;
    while (at < text.size()) {
      const ssize_t sent = ::send(peer.get(), text.data() + at, text.size() - at, MSG_NOSIGNAL);
      if (sent <= 0) return;
      at += static_cast<std::size_t>(sent);
    }
  }

  BoundSocket bound_ = bind_loopback(SOCK_STREAM);
  std::thread thread_;
};

// Another address each time it is asked.
class ChangingResolver final : public Resolver {
 public:
  int asked = 0;
  Task<Outcome<DnsAnswer>> resolve(std::string, DnsType type) override {
    DnsAnswer answer;
    answer.kind = DnsAnswer::Kind::kNoData;
    if (type == DnsType::kA) {
      answer.kind = DnsAnswer::Kind::kFound;
      answer.rdata = {std::string("\x7f\x00\x00", 3) + static_cast<char>(++asked)};
    }
    co_return answer;
  }
};

Task<void> ask(HttpClient& client, HttpRequest request, Outcome<HttpAnswer>& into) {
  into = co_await client.ask(std::move(request));
}

class WebPostTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(WebPostTest);
  CPPUNIT_TEST(what_leads_inside_is_refused_before_a_connection);
  CPPUNIT_TEST(a_name_is_looked_up_once_and_its_change_is_too_late);
  CPPUNIT_TEST(a_post_follows_no_redirect);
  CPPUNIT_TEST(only_the_status_may_count);
  CPPUNIT_TEST_SUITE_END();

  LoopRunner runner_;

  Outcome<HttpAnswer> post(Resolver& dns, const std::string& url, bool allow_private) {
    HttpOptions options;
    options.allow_private = allow_private;
    auto client = HttpClient::make(runner_.loop(), dns, options);
    CPPUNIT_ASSERT(client.ok());
    HttpRequest request;
    request.url = url;
    request.allow_clear_text = true;
    request.method = "POST";
    request.body = "body";
    request.status_only = true;
    request.limit = std::chrono::seconds(5);
    Outcome<HttpAnswer> answer = HttpAnswer{};
    runner_.run(ask(*client.value(), request, answer));
    return answer;
  }

 public:
  void what_leads_inside_is_refused_before_a_connection() {
    const OneAnswer inside;
    ScriptedResolver dns;
    dns.a("four.example", "127.0.0.1");
    dns.aaaa("six.example", "::1");
    dns.aaaa("mapped.example", "::ffff:127.0.0.1");
    dns.aaaa("nat64.example", "64:ff9b::7f00:1");
    dns.a("cloud.example", "169.254.169.254");
    dns.a("net.example", "10.1.2.3");
    dns.cname("alias.example", "four.example");
    for (const std::string host :
         {"four.example", "six.example", "mapped.example", "nat64.example", "cloud.example",
          "net.example", "alias.example", "127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1",
          "[::1]", "[::ffff:7f00:1]", "0.0.0.0", "[::]"}) {
      const auto answer = post(dns, "http://" + host + ":" + inside.port() + "/", false);
      CPPUNIT_ASSERT_MESSAGE(host, !answer.ok());
      CPPUNIT_ASSERT_MESSAGE(host, answer.failure().fault == Fault::kCannot);
    }
    CPPUNIT_ASSERT(post(dns, "http://localhost:" + inside.port() + "/", false).failure().fault ==
                   Fault::kNotFound);
    CPPUNIT_ASSERT(!inside.was_called());
  }

  void a_name_is_looked_up_once_and_its_change_is_too_late() {
    const OneAnswer inside("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    ChangingResolver dns;
    // The first answer counts, for the check and for the connection.
    const auto answer = post(dns, "http://changes.example:" + inside.port() + "/", true);
    CPPUNIT_ASSERT(answer.ok() && answer.value().status == 200);
    CPPUNIT_ASSERT_EQUAL(1, dns.asked);
    CPPUNIT_ASSERT(
        post(dns, "http://changes.example:" + inside.port() + "/", false).failure().fault ==
        Fault::kCannot);
    CPPUNIT_ASSERT_EQUAL(2, dns.asked);
  }

  void a_post_follows_no_redirect() {  // RFC 9110 §15.4
    const OneAnswer inside;
    const OneAnswer outside("HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:" + inside.port() +
                            "/\r\nContent-Length: 0\r\n\r\n");
    ScriptedResolver dns;
    dns.a("hook.example", "127.0.0.1");
    const auto answer = post(dns, "http://hook.example:" + outside.port() + "/", true);
    CPPUNIT_ASSERT(answer.ok());
    CPPUNIT_ASSERT_EQUAL(307, answer.value().status);
    CPPUNIT_ASSERT(!inside.was_called());
  }

  void only_the_status_may_count() {
    const OneAnswer endless("HTTP/1.1 429 Slow\r\nRetry-After: 60\r\n\r\n" +
                            std::string(8 << 20, 'x'));
    ScriptedResolver dns;
    dns.a("hook.example", "127.0.0.1");
    const auto answer = post(dns, "http://hook.example:" + endless.port() + "/", true);
    CPPUNIT_ASSERT(answer.ok());
    CPPUNIT_ASSERT_EQUAL(429, answer.value().status);
    CPPUNIT_ASSERT_EQUAL(std::string("60"), answer.value().retry_after);
    CPPUNIT_ASSERT(answer.value().body.empty());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(WebPostTest);

}  // namespace
}  // namespace fwd::net
