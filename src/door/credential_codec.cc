// Credentials as octets, and back.
#include "door/credential_codec.h"

#include "format/record_codec.h"

namespace fwd::door {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kMostText = 16 * 1024;

Failure damaged() {
  return {Fault::kCorrupt, "internal error", "a stored credential cannot be read"};
}

}  // namespace

directory::CredentialRow to_row(const crypto::StoredCredential& credential) {
  format::RecordWriter out;
  out.number(kVersion);
  out.text(credential.salt);
  out.number(credential.scram_iterations);
  out.text(credential.scram_stored_key);
  out.text(credential.scram_server_key);
  out.text(credential.sealed_scram);
  out.number(credential.argon.memory_kib);
  out.number(credential.argon.passes);
  out.text(credential.sealed_plain);
  out.text(credential.description);
  out.signed_number(credential.created_at);
  directory::CredentialRow row;
  row.kind = static_cast<directory::CredentialKind>(credential.kind);
  row.octets = out.take();
  return row;
}

Outcome<crypto::StoredCredential> from_row(const directory::CredentialRow& row) {
  format::RecordReader in(row.octets);
  if (in.number() != kVersion) return damaged();
  crypto::StoredCredential credential;
  credential.kind = static_cast<crypto::CredentialKind>(row.kind);
  credential.salt = in.text(kMostText);
  credential.scram_iterations = static_cast<std::uint32_t>(in.number());
  credential.scram_stored_key = in.text(kMostText);
  credential.scram_server_key = in.text(kMostText);
  credential.sealed_scram = in.text(kMostText);
  credential.argon.memory_kib = static_cast<std::uint32_t>(in.number());
  credential.argon.passes = static_cast<std::uint32_t>(in.number());
  credential.sealed_plain = in.text(kMostText);
  credential.description = in.text(kMostText);
  credential.created_at = in.signed_number();
  if (!in.complete()) return damaged();
  return credential;
}

Outcome<Credentials> from_rows(const std::vector<directory::CredentialRow>& rows) {
  Credentials all;
  for (const directory::CredentialRow& row : rows) {
    auto credential = from_row(row);
    if (!credential.ok()) return credential.failure();
    auto& list = row.kind == directory::CredentialKind::kRecovery ? all.recovery : all.logins;
    list.push_back(std::move(credential.value()));
  }
  return all;
}

}  // namespace fwd::door
