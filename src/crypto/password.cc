// Passwords and recovery codes: making, preparing and judging them.
#include "crypto/password.h"

#include <gnutls/crypto.h>
#include <sodium.h>
#include <zxcvbn.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "crypto/digest.h"
#include "crypto/random.h"

namespace fwd::crypto {
namespace {

constexpr std::string_view kPasswordLetters =
    "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
constexpr std::size_t kPasswordSize = 24;
// Crockford's base 32.
constexpr std::string_view kCodeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kCodeSize = 26, kCheckSize = 2, kGroupSize = 4;
// zxcvbn looks at no more, and its work grows with the square.
constexpr std::size_t kMostJudged = 100;

std::string random_letters(std::string_view letters, std::size_t size) {
  std::string text;
  text.reserve(size);
  for (std::size_t i = 0; i < size; i++)
    text += letters[randombytes_uniform(static_cast<std::uint32_t>(letters.size()))];
  return text;
}

std::string check_letters(std::string_view code) {
  const std::string digest = sha256("forwardemail recovery code " + std::string(code));
  std::string letters;
  for (std::size_t i = 0; i < kCheckSize; i++)
    letters += kCodeLetters[static_cast<unsigned char>(digest[i]) % kCodeLetters.size()];
  return letters;
}

Failure unusable(const char* why) { return {Fault::kBadInput, why, {}}; }

const char* weakness(ZxcTypeMatch_t type) {
  switch (static_cast<int>(type) % MULTIPLE_MATCH) {
    case DICTIONARY_MATCH:
    case DICT_LEET_MATCH:
      return "it is made of common words or passwords";
    case USER_MATCH:
    case USER_LEET_MATCH:
      return "it contains a name or address of yours";
    case REPEATS_MATCH:
      return "it repeats itself";
    case SEQUENCE_MATCH:
      return "it follows a sequence such as abc or 123";
    case SPATIAL_MATCH:
      return "it follows the keys of the keyboard";
    case DATE_MATCH:
    case YEAR_MATCH:
      return "it contains a date or year";
  }
  return "it is too short";
}

}  // namespace

std::string make_generated_password() {
  (void)start();
  return random_letters(kPasswordLetters, kPasswordSize);
}

namespace {

constexpr std::string_view kHashKind = "s256$";
constexpr std::size_t kHashSaltSize = 16;

}  // namespace

std::string hash_generated_password(std::string_view password) {
  const std::string salt = random_octets(kHashSaltSize);
  return std::string(kHashKind) + to_base64(salt) + '$' + to_base64(hmac_sha256(salt, password));
}

bool matches_generated_password(std::string_view hash, std::string_view password) {
  if (!hash.starts_with(kHashKind)) return false;
  hash.remove_prefix(kHashKind.size());
  const std::size_t middle = hash.find('$');
  if (middle == std::string_view::npos) return false;
  const auto salt = from_base64(hash.substr(0, middle));
  const auto digest = from_base64(hash.substr(middle + 1));
  return salt && digest && !salt->empty() && equal(*digest, hmac_sha256(*salt, password));
}

std::string make_recovery_code() {
  (void)start();
  std::string code = random_letters(kCodeLetters, kCodeSize);
  code += check_letters(code);
  std::string shown;
  for (std::size_t at = 0; at < code.size(); at += kGroupSize)
    shown += (at > 0 ? "-" : "") + code.substr(at, kGroupSize);
  wipe(code);
  return shown;
}

Outcome<std::string> normalise_recovery_code(std::string_view text) {
  std::string code;
  for (const char typed : text) {
    char c = to_upper(typed);
    if (c == '-' || c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    if (kCodeLetters.find(c) == std::string_view::npos)
      return unusable("The recovery code has only letters (no U) and digits");
    if (code.size() == kCodeSize + kCheckSize) return unusable("The recovery code is too long");
    code += c;
  }
  if (code.size() < kCodeSize + kCheckSize) return unusable("The recovery code is too short");
  const std::string_view body = std::string_view(code).substr(0, kCodeSize);
  if (!equal(check_letters(body), std::string_view(code).substr(kCodeSize)))
    return unusable("The recovery code is mistyped");
  return code;
}

Outcome<Secret> prepare_password(std::string_view password) {
  if (password.empty()) return unusable("The password is empty");
  if (password.size() > kMostPasswordOctets) return unusable("The password is too long");
  if (std::all_of(password.begin(), password.end(), [](char c) { return c >= ' ' && c <= '~'; }))
    return Secret(password);
  if (!is_utf8(password)) return unusable("The password is not UTF-8");
  gnutls_datum_t prepared = {};
  if (gnutls_utf8_password_normalize(reinterpret_cast<const unsigned char*>(password.data()),
                                     static_cast<unsigned>(password.size()), &prepared, 0) < 0)
    return unusable("The password has characters that cannot be used");
  Secret secret{std::string_view(reinterpret_cast<const char*>(prepared.data), prepared.size)};
  wipe(prepared.data, prepared.size);
  gnutls_free(prepared.data);
  if (secret.empty()) return unusable("The password is empty");
  return secret;
}

Strength password_strength(std::string_view password, const std::vector<std::string>& words) {
  std::vector<const char*> dictionary;
  for (const std::string& word : words) dictionary.push_back(word.c_str());
  dictionary.push_back(nullptr);
  std::string judged(password.substr(0, kMostJudged));
  ZxcMatch_t* matches = nullptr;
  const double bits = ZxcvbnMatch(judged.c_str(), dictionary.data(), &matches);
  wipe(judged);

  Strength strength;
  const double guesses = bits * std::log10(2.0);  // as a power of ten
  for (const double limit : {3.0, 6.0, 8.0, 10.0})
    if (guesses >= limit) strength.score++;
  if (strength.score < kGoodScore) {
    const ZxcMatch_t* longest = nullptr;
    for (const ZxcMatch_t* match = matches; match != nullptr; match = match->Next)
      if (longest == nullptr || match->Length > longest->Length) longest = match;
    strength.why = std::string("The password is too easy to guess: ") +
                   weakness(longest == nullptr ? NON_MATCH : longest->Type);
  }
  ZxcvbnFreeInfo(matches);
  return strength;
}

}  // namespace fwd::crypto
