#ifndef FWD_STORAGE_DIRECTORY_CREDENTIAL_ROW_H
#define FWD_STORAGE_DIRECTORY_CREDENTIAL_ROW_H

// What the directory keeps of an alias for logging in: its credentials, and
// that its mailbox exists.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "crypto/credentials.h"

namespace fwd::directory {

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
  std::string user_id;     // the owner; may be empty
  std::string address;     // as it is written in the directory
  bool may_send = false;   // enabled, owner neither banned nor removed
  bool may_login = false;  // that, and has_imap
  std::uint64_t quota = 0;
  MailboxRow mailbox;
  // Oldest first; credential_ids[i] names credentials[i] for removing it.
  std::vector<crypto::StoredCredential> credentials;
  std::vector<std::int64_t> credential_ids;
};

// A credential as the file keeps it: JSON, octets in base64.
std::string encode_credential(const crypto::StoredCredential& credential);
// kCorrupt.
Outcome<crypto::StoredCredential> decode_credential(std::string_view text);

}  // namespace fwd::directory

#endif
