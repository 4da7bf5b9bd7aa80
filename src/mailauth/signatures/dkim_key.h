#ifndef FWD_MAILAUTH_SIGNATURES_DKIM_KEY_H
#define FWD_MAILAUTH_SIGNATURES_DKIM_KEY_H

// The public keys of those who sign, from the DNS (RFC 6376 §3.6).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/task.h"
#include "crypto/rsa.h"
#include "mailauth/signatures/dkim_signature.h"
#include "net/resolver.h"

namespace fwd::mailauth {

struct DkimKey {
  enum class Trouble : std::uint8_t {
    kNone,
    kTemporary,  // the DNS does not answer
    kPolicy,     // RSA of less than 1024 (RFC 8301 §3.2) or more than 4096 bits
    kPermanent,  // there is none, it is revoked, or it is not for this
  };
  Trouble trouble = Trouble::kPermanent;
  std::string problem;  // for people; "" for kNone
  std::optional<crypto::RsaPublicKey> rsa;
  std::string ed25519;  // 32 octets
  std::uint32_t bits = 0;
  bool is_testing = false;     // t=y
  bool is_exact_only = false;  // t=s: i= must be of d= itself

  // `digest`: SHA-256 of what was signed (RFC 6376 §3.3.1, RFC 8463 §3).
  bool verifies(std::string_view digest, std::string_view signature) const;
};

// One record's text, to be used with `algorithm` and SHA-256.
DkimKey read_key(std::string_view record, SignatureAlgorithm algorithm);

// selector._domainkey.domain.  Of several records the first that can be used
// is taken, in the order of their octets, as the DNS has none
// (RFC 6376 §6.1.2, step 4).
Task<DkimKey> fetch_key(net::Resolver& resolver, std::string domain, std::string selector,
                        SignatureAlgorithm algorithm);

}  // namespace fwd::mailauth

#endif
