// What tests with real sockets share.
#include "net_test.h"

#include <cppunit/Exception.h>
#include <cppunit/extensions/HelperMacros.h>
#include <gnutls/x509.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace fwd::net {
namespace {

void write_pem(const std::string& path, const gnutls_datum_t& pem) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(pem.data), static_cast<std::streamsize>(pem.size));
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string pattern = std::filesystem::temp_directory_path() / "fwd-net-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() { std::filesystem::remove_all(path_); }

void make_certificate(const TemporaryFolder& folder, const std::string& name, bool is_rsa) {
  gnutls_x509_privkey_t key = nullptr;
  gnutls_x509_crt_t certificate = nullptr;
  gnutls_x509_privkey_init(&key);
  if (is_rsa) {
    gnutls_x509_privkey_generate(key, GNUTLS_PK_RSA, 2048, 0);
  } else {
    gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
                                 GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
  }
  gnutls_x509_crt_init(&certificate);
  gnutls_x509_crt_set_version(certificate, 3);
  const unsigned char serial = 7;
  gnutls_x509_crt_set_serial(certificate, &serial, 1);
  gnutls_x509_crt_set_dn(certificate, "CN=localhost", nullptr);
  gnutls_x509_crt_set_key(certificate, key);
  const std::time_t now = std::time(nullptr);
  gnutls_x509_crt_set_activation_time(certificate, now - 3600);
  gnutls_x509_crt_set_expiration_time(certificate, now + 86400);
  gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, "localhost", 9,
                                       GNUTLS_FSAN_SET);
  gnutls_x509_crt_set_basic_constraints(certificate, 1, -1);
  gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0);
  gnutls_datum_t pem{};
  gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &pem);
  write_pem(folder.file(name + ".crt"), pem);
  gnutls_free(pem.data);
  gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &pem);
  write_pem(folder.file(name + ".key"), pem);
  gnutls_free(pem.data);
  gnutls_x509_crt_deinit(certificate);
  gnutls_x509_privkey_deinit(key);
}

std::shared_ptr<const TlsCredentials> load_certificate(const TemporaryFolder& folder,
                                                       const std::string& name) {
  auto loaded = TlsCredentials::load(folder.file(name + ".crt"), folder.file(name + ".key"));
  if (!loaded.ok()) throw std::runtime_error(loaded.failure().private_text);
  return loaded.value();
}

std::pair<Fd, Fd> socket_pair(int buffer) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
    throw std::runtime_error("no socket pair");
  for (const int end : ends)
    if (buffer > 0) ::setsockopt(end, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
  return {Fd(ends[0]), Fd(ends[1])};
}

BoundSocket bind_loopback(int kind) {
  Fd socket(::socket(AF_INET, kind | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return {std::move(socket), std::to_string(ntohs(address.sin_port))};
}

Task<std::string> read_all(Stream& stream, std::size_t step) {
  std::string all;
  std::vector<char> chunk(step);
  for (;;) {
    auto got = co_await stream.read_some(chunk);
    if (!got.ok()) throw std::runtime_error("read: " + got.failure().private_text);
    if (got.value() == 0) co_return all;
    all.append(chunk.data(), got.value());
  }
}

LoopRunner::LoopRunner() { ::alarm(60); }
LoopRunner::~LoopRunner() { ::alarm(0); }

void LoopRunner::run(Task<void> work) {
  tasks_.spawn("main", finish(std::move(work)));
  loop_.run();
  if (!bugs_.empty()) {
    const std::string first = bugs_.front();
    bugs_.clear();
    CPPUNIT_FAIL(first);
  }
}

Task<void> LoopRunner::finish(Task<void> work) {
  co_await work;
  loop_.stop();
}

}  // namespace fwd::net
