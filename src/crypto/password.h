#ifndef FWD_CRYPTO_PASSWORD_H
#define FWD_CRYPTO_PASSWORD_H

// Passwords and recovery codes: making, preparing and judging them.

#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "crypto/secret.h"

namespace fwd::crypto {

// 24 letters and digits without look-alikes (no 0 O o 1 I l), 139 bits.
std::string make_generated_password();

// Of a generated password, where nothing is sealed for it: its 139 random bits
// need no stretching.  "s256$<salt>$<digest>", base64.
std::string hash_generated_password(std::string_view password);
bool matches_generated_password(std::string_view hash, std::string_view password);

// Seven groups of four characters, "9K2M-…": 130 bits and a check of 10.
std::string make_recovery_code();
// As people type it: any case, with or without dashes and spaces, O for 0 and
// I or L for 1.  Gives the 28 characters; kBadInput: one is mistyped or missing.
Outcome<std::string> normalise_recovery_code(std::string_view text);

inline constexpr std::size_t kMostPasswordOctets = 512;

// What is hashed: printable ASCII as it is, other text by RFC 8265 §4.2
// (OpaqueString), which agrees with SASLprep on what people type.  kBadInput:
// empty, too long, not UTF-8, control characters.
Outcome<Secret> prepare_password(std::string_view password);

// zxcvbn's score, 0 to 4, and for a score under 3 why, in words for the
// person.  `words`: what an attacker would try for this person first (name,
// address, domain).
struct Strength {
  int score = 0;
  std::string why;
};
inline constexpr int kGoodScore = 3;
Strength password_strength(std::string_view password, const std::vector<std::string>& words);

}  // namespace fwd::crypto

#endif
