#ifndef FWD_DOOR_CREDENTIAL_CODEC_H
#define FWD_DOOR_CREDENTIAL_CODEC_H

// Credentials as the octets the directory keeps, and back.

#include <vector>

#include "core/outcome.h"
#include "crypto/credentials.h"
#include "storage/directory/credential_row.h"

namespace fwd::door {

directory::CredentialRow to_row(const crypto::StoredCredential& credential);
// kCorrupt: not ours, or of a release we do not know.
Outcome<crypto::StoredCredential> from_row(const directory::CredentialRow& row);

// All credentials of one kind or another: logins() are those a person logs in
// with, recovery() opens what they lost.
struct Credentials {
  std::vector<crypto::StoredCredential> logins;
  std::vector<crypto::StoredCredential> recovery;
};
Outcome<Credentials> from_rows(const std::vector<directory::CredentialRow>& rows);

}  // namespace fwd::door

#endif
