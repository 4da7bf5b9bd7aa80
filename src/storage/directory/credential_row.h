#ifndef FWD_STORAGE_DIRECTORY_CREDENTIAL_ROW_H
#define FWD_STORAGE_DIRECTORY_CREDENTIAL_ROW_H

// What the directory keeps of an alias for logging in: its credentials, as
// octets that only crypto understands, and that its mailbox exists.

#include <cstdint>
#include <string>
#include <vector>

namespace fwd::directory {

// Travels in the file: never renumber.
enum class CredentialKind : std::uint8_t { kGenerated = 1, kChosen = 2, kRecovery = 3 };

struct CredentialRow {
  std::int64_t id = 0;  // given by the keeper
  CredentialKind kind = CredentialKind::kGenerated;
  std::string octets;  // as crypto encodes a stored credential; at most 64 KB
  bool operator==(const CredentialRow&) const = default;
};

// Nothing but `exists == false` before the first password.
struct MailboxRow {
  bool exists = false;
  std::string inbox_public;  // the mailbox's X25519 public key, 32 octets
  std::int64_t created = 0;  // seconds since 1970
  std::int64_t last_login = 0;
  bool operator==(const MailboxRow&) const = default;
};

// Everything a login needs of the directory, in one look.
struct LoginRecord {
  std::string alias_id;
  std::string domain_id;
  std::string address;    // as it is written in the directory
  bool may_login = false;  // enabled, has_imap, owner neither banned nor removed
  std::uint64_t quota = 0;
  MailboxRow mailbox;
  std::vector<CredentialRow> credentials;
};

}  // namespace fwd::directory

#endif
