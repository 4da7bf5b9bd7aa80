// A server's certificate and key, loaded and renewed.
#include "net/tls_credentials.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

namespace fwd::net {
namespace {

// TLS 1.2 and 1.3 with forward secrecy only.  CBC suites stay, at the end: a
// sending server that has no other would fall back to clear text.
constexpr const char* kServerPriority =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-DHE-RSA:%SERVER_PRECEDENCE";
constexpr std::size_t kLargestFile = 1024 * 1024;

Failure unreadable(const std::string& file, const std::string& why) {
  return Failure{Fault::kUnavailable, "TLS is not available", file + ": " + why};
}

Failure unusable(const std::string& file, int code) {
  return Failure{Fault::kBadInput, "TLS is not available", file + ": " + gnutls_strerror(code)};
}

Outcome<std::string> read_file(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rbe");
  if (file == nullptr) return unreadable(path, std::strerror(errno));
  // Reserved whole, so that a key is never left behind in a block it outgrew.
  std::string text(kLargestFile, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  const bool failed = std::ferror(file) != 0;
  std::fclose(file);
  if (failed) return unreadable(path, "cannot be read");
  if (text.empty()) return unreadable(path, "is empty");
  return text;
}

gnutls_datum_t datum(const std::string& text) {
  return {reinterpret_cast<unsigned char*>(const_cast<char*>(text.data())),
          static_cast<unsigned>(text.size())};
}

std::string text_of(const gnutls_datum_t& octets) {
  return std::string(reinterpret_cast<const char*>(octets.data), octets.size);
}

// The DNS names a certificate is for.
std::string names_of(gnutls_x509_crt_t certificate) {
  constexpr unsigned kMostNames = 16;
  std::string names;
  for (unsigned i = 0; i < kMostNames; ++i) {
    std::array<char, 256> name{};
    std::size_t size = name.size();
    const int type =
        gnutls_x509_crt_get_subject_alt_name(certificate, i, name.data(), &size, nullptr);
    if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) break;
    if (type != GNUTLS_SAN_DNSNAME) continue;
    if (!names.empty()) names += ' ';
    names.append(name.data(), size);
  }
  return names;
}

}  // namespace

std::string tls_end_point_hash(std::string_view der) {
  gnutls_x509_crt_t certificate = nullptr;
  if (gnutls_x509_crt_init(&certificate) < 0) return {};
  const std::string copy(der);
  const gnutls_datum_t data = datum(copy);
  std::string hash;
  if (gnutls_x509_crt_import(certificate, &data, GNUTLS_X509_FMT_DER) == 0) {
    const int signature = gnutls_x509_crt_get_signature_algorithm(certificate);
    auto digest = static_cast<gnutls_digest_algorithm_t>(
        gnutls_sign_get_hash_algorithm(static_cast<gnutls_sign_algorithm_t>(signature)));
    if (digest == GNUTLS_DIG_MD5 || digest == GNUTLS_DIG_SHA1) digest = GNUTLS_DIG_SHA256;
    std::array<char, 64> result{};
    std::size_t size = result.size();
    if (digest != GNUTLS_DIG_UNKNOWN &&
        gnutls_fingerprint(digest, &data, result.data(), &size) == 0)
      hash.assign(result.data(), size);
  }
  gnutls_x509_crt_deinit(certificate);
  return hash;
}

TlsCredentials::~TlsCredentials() {
  if (handle_ != nullptr) gnutls_certificate_free_credentials(handle_);
  if (priority_ != nullptr) gnutls_priority_deinit(priority_);
  gnutls_memset(ticket_key_.data(), 0, ticket_key_.size());
}

Outcome<void> TlsCredentials::read_certificate(const std::string& pem, const std::string& file) {
  gnutls_x509_crt_t* chain = nullptr;
  unsigned count = 0;
  const gnutls_datum_t data = datum(pem);
  const int code = gnutls_x509_crt_list_import2(&chain, &count, &data, GNUTLS_X509_FMT_PEM, 0);
  if (code < 0) return unusable(file, code);
  Outcome<void> outcome;
  if (count == 0) {
    outcome = unusable(file, GNUTLS_E_NO_CERTIFICATE_FOUND);
  } else {
    valid_from_ = WallTime(std::chrono::seconds(gnutls_x509_crt_get_activation_time(chain[0])));
    valid_until_ = WallTime(std::chrono::seconds(gnutls_x509_crt_get_expiration_time(chain[0])));
    names_ = names_of(chain[0]);
    gnutls_datum_t der{};
    if (gnutls_x509_crt_export2(chain[0], GNUTLS_X509_FMT_DER, &der) == 0) {
      end_point_hash_ = tls_end_point_hash(text_of(der));
      gnutls_free(der.data);
    }
  }
  for (unsigned i = 0; i < count; ++i) gnutls_x509_crt_deinit(chain[i]);
  gnutls_free(chain);
  return outcome;
}

Outcome<std::shared_ptr<const TlsCredentials>> TlsCredentials::load(
    const std::string& certificate_file, const std::string& key_file) {
  auto certificate = read_file(certificate_file);
  if (!certificate.ok()) return certificate.failure();
  auto key = read_file(key_file);
  if (!key.ok()) return key.failure();

  std::shared_ptr<TlsCredentials> made(new TlsCredentials);
  auto outcome = made->read_certificate(certificate.value(), certificate_file);
  int code = gnutls_certificate_allocate_credentials(&made->handle_);
  if (outcome.ok() && code == 0) {
    const gnutls_datum_t chain = datum(certificate.value());
    const gnutls_datum_t secret = datum(key.value());
    // Refuses a key that is not the certificate's.
    code = gnutls_certificate_set_x509_key_mem(made->handle_, &chain, &secret, GNUTLS_X509_FMT_PEM);
  }
  gnutls_memset(key.value().data(), 0, key.value().size());
  if (!outcome.ok()) return outcome.failure();
  if (code < 0) return unusable(key_file, code);

  code = gnutls_priority_init(&made->priority_, kServerPriority, nullptr);
  if (code < 0) return unusable("priorities", code);
  gnutls_datum_t ticket{};
  code = gnutls_session_ticket_key_generate(&ticket);
  if (code < 0) return unusable("ticket key", code);
  made->ticket_key_ = text_of(ticket);
  gnutls_memset(ticket.data, 0, ticket.size);
  gnutls_free(ticket.data);
  return std::shared_ptr<const TlsCredentials>(std::move(made));
}

Outcome<void> TlsKeeper::load(const std::string& certificate_file, const std::string& key_file) {
  auto loaded = TlsCredentials::load(certificate_file, key_file);
  if (!loaded.ok()) return loaded.failure();
  current_ = std::move(loaded).value();
  return {};
}

}  // namespace fwd::net
