#ifndef FWD_CRYPTO_RSA_KEY_H
#define FWD_CRYPTO_RSA_KEY_H

// Private RSA keys made ready to sign: reading one and preparing its blinding
// costs three signatures, so keep it.  The only user of OpenSSL: GnuTLS takes
// seven times as long for a signature.

#include <memory>
#include <string>
#include <string_view>

#include "core/outcome.h"

namespace fwd::crypto {

class RsaKey {
 public:
  // `pem`: unencrypted, PKCS#8 or PKCS#1.  kCorrupt: no RSA key.
  static Outcome<std::shared_ptr<const RsaKey>> read(std::string_view pem);
  ~RsaKey();  // wipes it
  RsaKey(const RsaKey&) = delete;
  RsaKey& operator=(const RsaKey&) = delete;

  // RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2.1) of what has `digest`, 32
  // octets.  Empty when it cannot be made.  Any thread, several at once.
  std::string sign_sha256(std::string_view digest) const;

 private:
  struct Inside;
  explicit RsaKey(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace fwd::crypto

#endif
