#ifndef FWD_CRYPTO_SIGNING_PAIR_H
#define FWD_CRYPTO_SIGNING_PAIR_H

// Key pairs that sign mail (RFC 6376, RFC 8463).

#include <string>

#include "core/outcome.h"
#include "crypto/secret.h"

namespace fwd::crypto {

struct SigningPair {
  Secret secret;
  std::string public_key;
};

// `secret`: PKCS#8 in PEM; `public_key`: the SubjectPublicKeyInfo in DER, whose
// base64 is what the DNS shows.  Takes a good part of a second: for workers.
// kUnavailable.
Outcome<SigningPair> make_rsa_pair(unsigned bits);

// `secret`: the seed (RFC 8032), `public_key`: 32 octets each.
SigningPair make_ed25519_pair();

}  // namespace fwd::crypto

#endif
