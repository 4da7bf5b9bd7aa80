#ifndef FWD_CRYPTO_SCRAM_MESSAGE_H
#define FWD_CRYPTO_SCRAM_MESSAGE_H

// The client's last SCRAM message taken apart; its first is in scram.h.

#include <string>
#include <string_view>

#include "core/outcome.h"

namespace fwd::crypto {

struct ClientFinal {
  std::string binding;  // decoded
  std::string_view nonce;
  std::string proof;               // decoded
  std::string_view without_proof;  // of the message itself
};

// kBadInput: grammar (RFC 5802 §7) or bounds.  Views live as long as `message`.
Outcome<ClientFinal> parse_client_final(std::string_view message);

}  // namespace fwd::crypto

#endif
