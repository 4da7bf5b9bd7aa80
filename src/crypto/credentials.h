#ifndef FWD_CRYPTO_CREDENTIALS_H
#define FWD_CRYPTO_CREDENTIALS_H

// Credentials: a mailbox's keys (the bundle), sealed once per password.
//
//   generated   under HKDF-SHA-256(password, salt) for PLAIN, and under
//               HKDF-SHA-256(ClientKey, salt) for SCRAM-SHA-256(-PLUS)
//   chosen      under Argon2id(password, salt); PLAIN only
//   recovery    under HKDF-SHA-256(code, salt)
//
// Changing a password is opening with one credential and making another: the
// mailbox is never encrypted anew.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "crypto/digest.h"
#include "crypto/password.h"
#include "crypto/scram.h"
#include "crypto/secret.h"

namespace fwd::crypto {

struct Bundle {
  SecretKey mailbox_key;   // the raw key of the mailbox's file
  SecretKey inbox_secret;  // X25519; its public half is inbox_public_of()

  static Bundle random();
  Bundle clone() const { return {mailbox_key.clone(), inbox_secret.clone()}; }
};

// Stored as numbers: never renumber.
enum class CredentialKind : std::uint8_t { kGenerated = 1, kChosen = 2, kRecovery = 3 };

// What the directory keeps of a credential; plain values, useless without the
// password.
struct StoredCredential {
  CredentialKind kind = CredentialKind::kGenerated;
  std::string salt;  // 16 octets
  // Generated only; 0 and empty otherwise.
  std::uint32_t scram_iterations = 0;
  std::string scram_stored_key, scram_server_key;
  std::string sealed_scram;     // the bundle, for who proved it by SCRAM
  ArgonCost argon;              // chosen only
  std::string sealed_plain;     // the bundle, for who sent the password
  std::string description;      // of the person, for the person
  std::int64_t created_at = 0;  // seconds since 1970; the caller's to set

  bool has_scram() const { return scram_iterations > 0; }
  ScramVerifier scram() const;
};

// A generated password of a mailbox that has others is given their `salt`, so
// that one SCRAM exchange serves all of them.  kBadInput: cannot be used.
Outcome<StoredCredential> make_generated(std::string_view password, const Bundle& bundle,
                                         std::string_view salt = {});
// kBadInput with the reason when the password is too weak (password_strength).
Outcome<StoredCredential> make_chosen(std::string_view password, const Bundle& bundle,
                                      const std::vector<std::string>& words, ArgonCost cost = {});
Outcome<StoredCredential> make_recovery(std::string_view code, const Bundle& bundle);

// With the password, or the recovery code for that kind.  kBadLogin: wrong.
Outcome<Bundle> open_plain(const StoredCredential& credential, std::string_view password);
// With the ClientKey of a SCRAM exchange that was proven (ScramServer::finish).
Outcome<Bundle> open_scram(const StoredCredential& credential, const SecretKey& client_key);

// A login by PLAIN: tries generated passwords, then chosen ones; recovery codes
// are no logins.  A refusal costs one Argon2id at least, so give an unknown
// name an empty list and it takes the same time.  kBadLogin; kUnavailable.
struct OpenedBy {
  Bundle bundle;
  std::size_t which;  // of the credentials
};
Outcome<OpenedBy> open_any(std::span<const StoredCredential> credentials,
                           std::string_view password);

}  // namespace fwd::crypto

#endif
