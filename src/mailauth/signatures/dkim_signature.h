#ifndef FWD_MAILAUTH_SIGNATURES_DKIM_SIGNATURE_H
#define FWD_MAILAUTH_SIGNATURES_DKIM_SIGNATURE_H

// What a DKIM-Signature (RFC 6376 §3.5), an ARC-Message-Signature
// (RFC 8617 §4.1.2) or an ARC-Seal (RFC 8617 §4.1.3) says.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailauth/signatures/message_view.h"

namespace fwd::mailauth {

enum class SignatureKind : std::uint8_t { kDkim, kArcMessage, kArcSeal };
enum class SignatureAlgorithm : std::uint8_t { kRsaSha256, kEd25519Sha256 };
enum class Canon : std::uint8_t { kSimple, kRelaxed };

struct Signature {
  std::uint32_t place = 0;  // of its field in the message
  SignatureAlgorithm algorithm = SignatureAlgorithm::kRsaSha256;
  std::string algorithm_text;   // a=, lower case
  std::string domain;           // d=, lower case A-labels
  std::string selector;         // s=, likewise
  std::string identity;         // i= of DKIM; "@" and the domain without it
  std::string identity_domain;  // lower case
  std::uint32_t instance = 0;   // i= of ARC
  std::string chain;            // cv= of a seal, lower case
  Canon header = Canon::kSimple, body = Canon::kSimple;
  std::vector<std::string> names;  // h=, lower case
  std::string body_hash;           // octets
  std::string octets;              // b=, decoded
  std::string start;               // the first 8 octets of b= as written
  std::optional<std::uint64_t> body_length, time, expires;
  std::string_view hole;  // in the field: the value of b=, which is not signed
};

// Fills `to` as far as the field can be read, and says what is wrong with it;
// "" for nothing.  `most_names`: of fields in h=.
std::string read_signature(const MessageView& message, std::uint32_t place, SignatureKind kind,
                           std::size_t most_names, Signature& to);

// i= of ARC: 1 to 50 in one or two digits (RFC 8617 §4.2.1).
std::optional<std::uint32_t> read_instance(std::string_view text);

}  // namespace fwd::mailauth

#endif
