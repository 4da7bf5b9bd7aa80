#ifndef FWD_NET_CERTIFICATE_CHAIN_H
#define FWD_NET_CERTIFICATE_CHAIN_H

// Certificates a peer has shown, checked after the handshake: by authorities
// and names, or piece by piece for DANE.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/outcome.h"

struct gnutls_x509_trust_list_st;

namespace fwd::net {

// DER, the peer's own first.
using CertificateChain = std::vector<std::string>;

struct ChainVerdict {
  enum class Kind : std::uint8_t { kGood, kWrongName, kExpired, kUntrusted, kBroken };
  Kind kind = Kind::kBroken;
  std::string reason;  // for the log
  bool good() const { return kind == Kind::kGood; }
};

// Authorities; immutable, and shared as loading the system's takes a while.
class TrustStore {
 public:
  // "system", or a PEM file.  kUnavailable, the private text names the file.
  static Outcome<std::shared_ptr<const TrustStore>> load(const std::string& trust);
  // Trusts this certificate alone, whether it signed itself or not.  kBadInput.
  static Outcome<std::shared_ptr<const TrustStore>> of_anchor(const std::string& der);
  ~TrustStore();
  TrustStore(const TrustStore&) = delete;
  TrustStore& operator=(const TrustStore&) = delete;

  // The chain leads to an authority, is valid today, is for servers, and its
  // first certificate names one of `names`: by a DNS name of its own
  // (RFC 6125 §6.4, wildcards only as the whole first label).  Without `names`
  // nobody is asked for.
  ChainVerdict verify(const CertificateChain& chain, const std::vector<std::string>& names) const;

 private:
  TrustStore() = default;
  gnutls_x509_trust_list_st* handle_ = nullptr;
};

// The DER of the certificate's SubjectPublicKeyInfo; empty when it is none.
std::string public_key_info(const std::string& der);

}  // namespace fwd::net

#endif
