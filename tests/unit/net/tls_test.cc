// TLS over sockets: both sides of the handshake, STARTTLS, bindings, renewal.
#include <cppunit/extensions/HelperMacros.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <sys/socket.h>

#include <filesystem>
#include <string>
#include <thread>

#include "net/certificate_chain.h"
#include "net/socket_stream.h"
#include "net/tls_credentials.h"
#include "net_test.h"

namespace fwd::net {
namespace {

// Everything that comes goes back, octet by octet.
Task<void> echo(SocketStream& stream) {
  auto begun = co_await stream.start_tls();
  CPPUNIT_ASSERT(begun.ok());
  std::string octet(1, '\0');
  for (;;) {
    auto got = co_await stream.read_some(octet);
    CPPUNIT_ASSERT(got.ok());
    if (got.value() == 0) break;
    auto put = co_await stream.write(octet);
    CPPUNIT_ASSERT(put.ok());
  }
  stream.close();
}

Task<void> send_all(SocketStream& stream, std::string data) {
  auto put = co_await stream.write(data);
  CPPUNIT_ASSERT(put.ok());
  stream.finish_writing();
}

Task<void> shake_hands(SocketStream& stream, TlsClientOptions options) {
  auto begun = co_await stream.start_tls_client(options);
  CPPUNIT_ASSERT_MESSAGE(begun.ok() ? "" : begun.failure().private_text, begun.ok());
}

Task<void> expect_echo(LoopRunner& runner, SocketStream& stream, TlsClientOptions options,
                       std::string data) {
  auto shaking = shake_hands(stream, options);
  co_await shaking;
  runner.spawn(send_all(stream, data));
  auto reading = read_all(stream, 1000);
  const std::string got = co_await reading;
  CPPUNIT_ASSERT_EQUAL(data.size(), got.size());
  CPPUNIT_ASSERT(data == got);
}

// A server that speaks clear text first (RFC 3207 §4).
Task<void> serve_starttls(SocketStream& stream) {
  std::string into(100, '\0');
  auto got = co_await stream.read_some(into);
  CPPUNIT_ASSERT(got.ok());
  CPPUNIT_ASSERT_EQUAL(std::string("STARTTLS\r\n"), into.substr(0, got.value()));
  CPPUNIT_ASSERT(stream.may_start_tls() && !stream.tls().active);
  auto told = co_await stream.write("220 go\r\n");
  CPPUNIT_ASSERT(told.ok());
  auto begun = co_await stream.start_tls();
  CPPUNIT_ASSERT(begun.ok() && stream.tls().active && !stream.may_start_tls());
  auto again = co_await stream.start_tls();
  CPPUNIT_ASSERT(!again.ok());
  auto hello = co_await stream.write("250 hidden\r\n");
  CPPUNIT_ASSERT(hello.ok());
}

Task<void> use_starttls(SocketStream& stream, TlsClientOptions options) {
  auto asked = co_await stream.write("STARTTLS\r\n");
  CPPUNIT_ASSERT(asked.ok());
  std::string into(100, '\0');
  auto got = co_await stream.read_some(into);
  CPPUNIT_ASSERT(got.ok());
  auto shaking = shake_hands(stream, options);
  co_await shaking;
  got = co_await stream.read_some(into);
  CPPUNIT_ASSERT(got.ok());
  CPPUNIT_ASSERT_EQUAL(std::string("250 hidden\r\n"), into.substr(0, got.value()));
}

Task<void> fail_start_tls(SocketStream& stream, Fault wanted) {
  auto begun = co_await stream.start_tls();
  CPPUNIT_ASSERT(!begun.ok());
  CPPUNIT_ASSERT_EQUAL(static_cast<int>(wanted), static_cast<int>(begun.failure().fault));
  auto put = co_await stream.write("x");
  CPPUNIT_ASSERT(!put.ok());
}

Task<void> try_client(SocketStream& stream, TlsClientOptions options, bool& refused) {
  auto begun = co_await stream.start_tls_client(options);
  refused = !begun.ok();
}

// A server that knows no key exchange but RSA's; blocks for one handshake.
void serve_rsa_only(Fd socket, std::string certificate, std::string key) {
  ::fcntl(socket.get(), F_SETFL, 0);
  gnutls_certificate_credentials_t own = nullptr;
  gnutls_session_t session = nullptr;
  gnutls_certificate_allocate_credentials(&own);
  gnutls_certificate_set_x509_key_file(own, certificate.c_str(), key.c_str(), GNUTLS_X509_FMT_PEM);
  gnutls_init(&session, GNUTLS_SERVER);
  gnutls_priority_set_direct(session, "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA", nullptr);
  gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, own);
  gnutls_transport_set_int(session, socket.get());
  const int code = gnutls_handshake(session);
  if (code < 0) gnutls_alert_send_appropriate(session, code);
  gnutls_deinit(session);
  gnutls_certificate_free_credentials(own);
}

Task<void> just_start(SocketStream& stream) {
  auto begun = co_await stream.start_tls();
  CPPUNIT_ASSERT(begun.ok());
}

class TlsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(TlsTest);
  CPPUNIT_TEST(an_echo_octet_by_octet_through_tiny_buffers_is_whole);
  CPPUNIT_TEST(starttls_turns_a_clear_stream_into_tls);
  CPPUNIT_TEST(both_sides_see_the_same_channel_bindings);
  CPPUNIT_TEST(a_client_that_checks_nobody_gets_the_chain);
  CPPUNIT_TEST(without_forward_secrecy_is_better_than_clear_text);
  CPPUNIT_TEST(a_client_that_trusts_nobody_here_refuses);
  CPPUNIT_TEST(a_peer_that_speaks_no_tls_is_closed);
  CPPUNIT_TEST(a_silent_peer_ends_the_handshake_by_its_limit);
  CPPUNIT_TEST(a_key_that_is_not_the_certificates_is_refused);
  CPPUNIT_TEST(a_bad_reload_keeps_the_old_certificate);
  CPPUNIT_TEST(old_sessions_go_on_after_renewal);
  CPPUNIT_TEST_SUITE_END();

  LoopRunner runner_;
  TemporaryFolder folder_;
  std::unique_ptr<SocketStream> server_, client_;

  TlsClientOptions trusting() const {
    TlsClientOptions options;
    options.server_name = "localhost";
    options.trust = folder_.file("a.crt");
    return options;
  }

  void join(int buffer = 0, StreamOptions options = {}) {
    auto [a, b] = socket_pair(buffer);
    if (!options.tls) options.tls = load_certificate(folder_, "a");
    server_ = std::make_unique<SocketStream>(runner_.loop(), std::move(a), std::move(options));
    client_ = std::make_unique<SocketStream>(runner_.loop(), std::move(b));
  }

 public:
  void setUp() override { make_certificate(folder_, "a"); }
  void tearDown() override { runner_.tasks().cancel_all(); }

  void an_echo_octet_by_octet_through_tiny_buffers_is_whole() {
    join(2048);
    std::string data;
    for (int i = 0; i < 20000; ++i) data += static_cast<char>(i * 7);
    runner_.spawn(echo(*server_));
    runner_.run(expect_echo(runner_, *client_, trusting(), data));
  }

  void starttls_turns_a_clear_stream_into_tls() {
    join();
    CPPUNIT_ASSERT(!client_->may_start_tls());
    runner_.spawn(serve_starttls(*server_));
    runner_.run(use_starttls(*client_, trusting()));
  }

  // RFC 9266 §4.2 and RFC 5929 §4.1
  void both_sides_see_the_same_channel_bindings() {
    join();
    runner_.spawn(shake_hands(*client_, trusting()));
    runner_.run(just_start(*server_));
    const TlsState& ours = server_->tls();
    const TlsState& theirs = client_->tls();
    CPPUNIT_ASSERT_EQUAL(std::string("TLS1.3"), ours.version);
    CPPUNIT_ASSERT_EQUAL(std::string("TLS_AES_256_GCM_SHA384"), ours.cipher);
    CPPUNIT_ASSERT_EQUAL(std::string("localhost"), ours.server_name);
    CPPUNIT_ASSERT_EQUAL(std::size_t{32}, ours.tls_exporter.size());
    CPPUNIT_ASSERT(ours.tls_exporter == theirs.tls_exporter);
    CPPUNIT_ASSERT_EQUAL(std::size_t{32}, ours.tls_server_end_point.size());
    CPPUNIT_ASSERT(ours.tls_server_end_point == theirs.tls_server_end_point);
  }

  // RFC 7672 §3: what the server shows is looked at after the handshake.
  void a_client_that_checks_nobody_gets_the_chain() {
    join();
    TlsClientOptions options;
    options.server_name = "elsewhere.example";
    options.opportunistic = true;
    runner_.spawn(shake_hands(*client_, options));
    runner_.run(just_start(*server_));
    const CertificateChain& chain = client_->tls().peer_chain;
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, chain.size());
    CPPUNIT_ASSERT(server_->tls().peer_chain.empty());
    const auto trust = TrustStore::load(folder_.file("a.crt"));
    CPPUNIT_ASSERT(trust.ok());
    CPPUNIT_ASSERT(trust.value()->verify(chain, {"localhost"}).good());
    CPPUNIT_ASSERT(!trust.value()->verify(chain, {"elsewhere.example"}).good());
    CPPUNIT_ASSERT(!public_key_info(chain[0]).empty());
  }

  void without_forward_secrecy_is_better_than_clear_text() {
    make_certificate(folder_, "rsa", true);
    for (const bool opportunistic : {false, true}) {
      auto [theirs, ours] = socket_pair();
      client_ = std::make_unique<SocketStream>(runner_.loop(), std::move(ours));
      std::thread server(serve_rsa_only, std::move(theirs), folder_.file("rsa.crt"),
                         folder_.file("rsa.key"));
      TlsClientOptions options;
      options.opportunistic = opportunistic;
      bool refused = false;
      runner_.run(try_client(*client_, options, refused));
      server.join();
      CPPUNIT_ASSERT_EQUAL(!opportunistic, refused);
      if (opportunistic) CPPUNIT_ASSERT_EQUAL(std::string("TLS1.2"), client_->tls().version);
    }
  }

  void a_client_that_trusts_nobody_here_refuses() {
    make_certificate(folder_, "b");
    join();
    TlsClientOptions options = trusting();
    options.trust = folder_.file("b.crt");
    bool refused = false;
    runner_.spawn(try_client(*client_, options, refused));
    runner_.run(fail_start_tls(*server_, Fault::kClosed));
    CPPUNIT_ASSERT(refused);
  }

  void a_peer_that_speaks_no_tls_is_closed() {
    join();
    runner_.spawn(send_all(*client_, "EHLO there\r\n"));
    runner_.run(fail_start_tls(*server_, Fault::kClosed));
  }

  void a_silent_peer_ends_the_handshake_by_its_limit() {
    StreamOptions options;
    options.handshake_limit = std::chrono::milliseconds(20);
    join(0, std::move(options));
    runner_.run(fail_start_tls(*server_, Fault::kTimeout));
  }

  void a_key_that_is_not_the_certificates_is_refused() {
    make_certificate(folder_, "b");
    const auto mixed = TlsCredentials::load(folder_.file("a.crt"), folder_.file("b.key"));
    CPPUNIT_ASSERT(!mixed.ok() && mixed.failure().fault == Fault::kBadInput);
    const auto missing = TlsCredentials::load(folder_.file("none"), folder_.file("b.key"));
    CPPUNIT_ASSERT(!missing.ok() && missing.failure().fault == Fault::kUnavailable);
    const auto no_pem = TlsCredentials::load(folder_.file("a.key"), folder_.file("a.key"));
    CPPUNIT_ASSERT(!no_pem.ok() && no_pem.failure().fault == Fault::kBadInput);
  }

  void a_bad_reload_keeps_the_old_certificate() {
    TlsKeeper keeper;
    CPPUNIT_ASSERT(keeper.load(folder_.file("a.crt"), folder_.file("a.key")).ok());
    const auto before = keeper.current();
    CPPUNIT_ASSERT_EQUAL(std::string("localhost"), before->names());
    CPPUNIT_ASSERT(before->valid_until() > runner_.loop().clock().wall());
    std::filesystem::remove(folder_.file("a.key"));
    CPPUNIT_ASSERT(!keeper.load(folder_.file("a.crt"), folder_.file("a.key")).ok());
    CPPUNIT_ASSERT(before == keeper.current());
  }

  void old_sessions_go_on_after_renewal() {
    TlsKeeper keeper;
    CPPUNIT_ASSERT(keeper.load(folder_.file("a.crt"), folder_.file("a.key")).ok());
    StreamOptions options;
    options.tls = keeper.current();
    join(0, std::move(options));
    runner_.spawn(echo(*server_));
    const TlsClientOptions trust_old = trusting();
    std::filesystem::copy(folder_.file("a.crt"), folder_.file("old.crt"));
    TlsClientOptions old = trust_old;
    old.trust = folder_.file("old.crt");
    make_certificate(folder_, "a");
    CPPUNIT_ASSERT(keeper.load(folder_.file("a.crt"), folder_.file("a.key")).ok());
    runner_.run(expect_echo(runner_, *client_, old, "still here"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TlsTest);

}  // namespace
}  // namespace fwd::net
