#ifndef FWD_CRYPTO_RSA_H
#define FWD_CRYPTO_RSA_H

// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2), over a digest already made.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/outcome.h"

namespace fwd::crypto {

// The public half.  Immutable, so threads may share one.
class RsaPublicKey {
 public:
  // SubjectPublicKeyInfo or RSAPublicKey in DER; nothing for what is neither.
  static std::optional<RsaPublicKey> read(std::string_view der);

  unsigned bits() const;
  std::string subject_public_key_info() const;  // DER
  // `digest`: the 32 octets of SHA-256.
  bool verifies(std::string_view digest, std::string_view signature) const;

 private:
  struct Inside;
  explicit RsaPublicKey(std::shared_ptr<Inside> inside) : inside_(std::move(inside)) {}
  std::shared_ptr<Inside> inside_;
};

// True when rsa_sign() can use the key.
bool is_rsa_secret(std::string_view secret);

// The signature of a SHA-256 digest.  `secret`: PKCS#8 in PEM.  kCorrupt: no
// RSA key; the failure does not tell it.
Outcome<std::string> rsa_sign(std::string_view secret, std::string_view digest);

}  // namespace fwd::crypto

#endif
