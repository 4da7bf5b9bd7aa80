// RSA signatures over SHA-256, by GnuTLS.
#include "crypto/rsa.h"

#include <gnutls/abstract.h>

#include <utility>

namespace fwd::crypto {
namespace {

gnutls_datum_t datum(std::string_view octets) {
  // GnuTLS has no const datum; it does not write.
  return {reinterpret_cast<unsigned char*>(const_cast<char*>(octets.data())),
          static_cast<unsigned>(octets.size())};
}

std::string taken(gnutls_datum_t& made) {
  std::string octets(reinterpret_cast<const char*>(made.data), made.size);
  gnutls_free(made.data);
  return octets;
}

// One element of DER (X.690 §8.1): its content, and `der` behind it.
std::optional<std::string_view> take_element(std::string_view& der, char tag) {
  if (der.size() < 2 || der[0] != tag) return std::nullopt;
  std::size_t size = static_cast<unsigned char>(der[1]);
  std::size_t at = 2;
  if (size > 0x80) {
    const std::size_t octets = size & 0x7f;
    if (octets > 2 || der.size() < at + octets) return std::nullopt;
    size = 0;
    while (at < 2 + octets) size = size << 8 | static_cast<unsigned char>(der[at++]);
  }
  if (size > der.size() - at) return std::nullopt;
  const std::string_view content = der.substr(at, size);
  der.remove_prefix(at + size);
  return content;
}

// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }
// (RFC 8017 §A.1.1).
bool import_plain(gnutls_pubkey_t key, std::string_view der) {
  const auto pair = take_element(der, '\x30');
  if (!pair || !der.empty()) return false;
  std::string_view rest = *pair;
  const auto modulus = take_element(rest, '\x02');
  const auto exponent = take_element(rest, '\x02');
  if (!modulus || !exponent || modulus->empty() || exponent->empty() || !rest.empty()) return false;
  const gnutls_datum_t m = datum(*modulus), e = datum(*exponent);
  return gnutls_pubkey_import_rsa_raw(key, &m, &e) == GNUTLS_E_SUCCESS;
}

class SecretKey {
 public:
  SecretKey() : made_(gnutls_privkey_init(&key_)) {}
  ~SecretKey() {
    if (made_ >= 0) gnutls_privkey_deinit(key_);
  }
  SecretKey(const SecretKey&) = delete;
  SecretKey& operator=(const SecretKey&) = delete;

  // PKCS#8 in PEM.  GnuTLS's code: less than 0 for a failure.
  int read(std::string_view secret) const {
    if (made_ < 0) return made_;
    const gnutls_datum_t pem = datum(secret);
    return gnutls_privkey_import_x509_raw(key_, &pem, GNUTLS_X509_FMT_PEM, nullptr, 0);
  }
  gnutls_privkey_t get() const { return key_; }

 private:
  gnutls_privkey_t key_ = nullptr;
  int made_;
};

}  // namespace

struct RsaPublicKey::Inside {
  Inside() = default;
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
  ~Inside() {
    if (key != nullptr) gnutls_pubkey_deinit(key);
  }
  bool renew() {
    if (key != nullptr) gnutls_pubkey_deinit(key);
    key = nullptr;
    return gnutls_pubkey_init(&key) == GNUTLS_E_SUCCESS;
  }
  gnutls_pubkey_t key = nullptr;
  unsigned bits = 0;
};

std::optional<RsaPublicKey> RsaPublicKey::read(std::string_view der) {
  auto inside = std::make_shared<Inside>();
  if (!inside->renew()) return std::nullopt;
  const gnutls_datum_t info = datum(der);
  const bool is_info =
      gnutls_pubkey_import(inside->key, &info, GNUTLS_X509_FMT_DER) == GNUTLS_E_SUCCESS;
  if (!is_info && (!inside->renew() || !import_plain(inside->key, der))) return std::nullopt;
  if (gnutls_pubkey_get_pk_algorithm(inside->key, &inside->bits) != GNUTLS_PK_RSA)
    return std::nullopt;
  return RsaPublicKey(std::move(inside));
}

unsigned RsaPublicKey::bits() const { return inside_->bits; }

std::string RsaPublicKey::subject_public_key_info() const {
  gnutls_datum_t der{};
  if (gnutls_pubkey_export2(inside_->key, GNUTLS_X509_FMT_DER, &der) < 0) return {};
  return taken(der);
}

bool RsaPublicKey::verifies(std::string_view digest, std::string_view signature) const {
  const gnutls_datum_t hash = datum(digest), signed_hash = datum(signature);
  return gnutls_pubkey_verify_hash2(inside_->key, GNUTLS_SIGN_RSA_SHA256, 0, &hash, &signed_hash) >=
         0;
}

bool is_rsa_secret(std::string_view secret) {
  const SecretKey key;
  return key.read(secret) >= 0 &&
         gnutls_privkey_get_pk_algorithm(key.get(), nullptr) == GNUTLS_PK_RSA;
}

Outcome<std::string> rsa_sign(std::string_view secret, std::string_view digest) {
  const SecretKey key;
  int code = key.read(secret);
  gnutls_datum_t signature{};
  const gnutls_datum_t hash = datum(digest);
  if (code >= 0)
    code = gnutls_privkey_sign_hash2(key.get(), GNUTLS_SIGN_RSA_SHA256, 0, &hash, &signature);
  if (code < 0) return Failure{Fault::kCorrupt, "the key cannot be used", gnutls_strerror(code)};
  return taken(signature);
}

}  // namespace fwd::crypto
