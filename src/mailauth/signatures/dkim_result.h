#ifndef FWD_MAILAUTH_SIGNATURES_DKIM_RESULT_H
#define FWD_MAILAUTH_SIGNATURES_DKIM_RESULT_H

// What one DKIM signature is worth, in the words of RFC 8601 §2.7.1.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fwd::mailauth {

enum class DkimVerdict : std::uint8_t {
  kNone,       // not signed; never said of a signature
  kPass,       //
  kFail,       // the body or the fields were changed, or the signature has expired
  kPolicy,     // good for its signer, but not for us: a key too short or too long,
               // or l= leaves some of the body unsigned
  kNeutral,    // never said by us
  kTempError,  // the key could not be asked for
  kPermError,  // broken, of an algorithm nobody may use, or without a usable key
};
std::string_view dkim_word(DkimVerdict verdict);  // "pass"

// Texts are as the signature has them, "" where it could not be read.
struct DkimResult {
  DkimVerdict verdict = DkimVerdict::kNone;
  std::string domain;           // d=, lower case
  std::string selector;         // s=
  std::string identity;         // i=, or "@" and the domain
  std::string algorithm;        // a=, lower case
  std::string signature_start;  // the first 8 octets of b= (RFC 6008 §4)
  std::string problem;          // for people; "" for kPass
  // The key says t=y: its owner wants no harm from a failure (RFC 6376 §3.6.1).
  bool is_testing = false;
  std::uint32_t key_bits = 0;                // 0 when no key was read
  std::optional<std::uint64_t> body_length;  // l=: the rest is unsigned (RFC 6376 §8.2)
};

}  // namespace fwd::mailauth

#endif
