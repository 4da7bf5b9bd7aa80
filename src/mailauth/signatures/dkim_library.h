#ifndef FWD_MAILAUTH_SIGNATURES_DKIM_LIBRARY_H
#define FWD_MAILAUTH_SIGNATURES_DKIM_LIBRARY_H

// RSA signatures as libopendkim sees them.

#include <string>
#include <vector>

#include "crypto/rsa.h"
#include "mailauth/signatures/dkim_signature.h"
#include "mailauth/signatures/message_view.h"

namespace fwd::mailauth {

struct RsaQuestion {
  const Signature* signature = nullptr;
  const crypto::RsaPublicKey* key = nullptr;
};

enum class RsaAnswer : std::uint8_t { kGood, kBadBody, kBadSignature, kUnread };

// Whether the library reads such a message and signature as RFC 6376 does;
// where it does not, the answer must be found without it (the source says why).
bool library_reads(const MessageView& message, const Signature& signature);

// One answer for each question; kUnread: the library refused it.  Asks no DNS,
// looks at no clock.  Blocks; may run on several threads at once.
std::vector<RsaAnswer> ask_library(const MessageView& message,
                                   const std::vector<RsaQuestion>& questions);

}  // namespace fwd::mailauth

#endif
