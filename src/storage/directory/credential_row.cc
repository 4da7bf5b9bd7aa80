// Credentials to JSON and back.
#include "storage/directory/credential_row.h"

#include "core/text.h"
#include "format/json.h"

namespace fwd::directory {

using format::Json;

namespace {

// Each field of octets once, for both ways.
struct OctetsField {
  const char* name;
  std::string crypto::StoredCredential::*member;
};
constexpr OctetsField kOctets[] = {
    {"salt", &crypto::StoredCredential::salt},
    {"scram_stored_key", &crypto::StoredCredential::scram_stored_key},
    {"scram_server_key", &crypto::StoredCredential::scram_server_key},
    {"sealed_scram", &crypto::StoredCredential::sealed_scram},
    {"sealed_plain", &crypto::StoredCredential::sealed_plain},
};

Failure corrupt() { return Failure{Fault::kCorrupt, "a stored credential cannot be read", ""}; }

// A whole number from 0 to `most`; 0 when it is missing.
bool read_number(const Json& json, std::string_view name, std::int64_t most, std::int64_t& out) {
  const Json* found = json.find(name);
  if (found == nullptr) return true;
  if (found->integer() == nullptr) return false;
  out = *found->integer();
  return out >= 0 && out <= most;
}

}  // namespace

std::string encode_credential(const crypto::StoredCredential& credential) {
  Json json;
  json.set("kind", Json(static_cast<std::int64_t>(credential.kind)));
  for (const OctetsField& field : kOctets) {
    const std::string& octets = credential.*field.member;
    if (!octets.empty()) json.set(field.name, Json(to_base64(octets)));
  }
  if (credential.has_scram())
    json.set("scram_iterations", Json(std::int64_t{credential.scram_iterations}));
  if (credential.kind == crypto::CredentialKind::kChosen) {
    json.set("argon_passes", Json(std::int64_t{credential.argon.passes}));
    json.set("argon_memory", Json(std::int64_t{credential.argon.memory_kib}));
  }
  json.set("description", Json(credential.description));
  json.set("created_at", Json(credential.created_at));
  return format::write_json(json);
}

Outcome<crypto::StoredCredential> decode_credential(std::string_view text) {
  const Outcome<Json> parsed = format::parse_json(text);
  if (!parsed.ok()) return corrupt();
  const Json& json = parsed.value();
  crypto::StoredCredential credential;
  for (const OctetsField& field : kOctets) {
    const Json* found = json.find(field.name);
    if (found == nullptr) continue;
    if (found->text() == nullptr) return corrupt();
    auto octets = from_base64(*found->text());
    if (!octets) return corrupt();
    credential.*field.member = std::move(*octets);
  }
  std::int64_t kind = 0, iterations = 0, passes = 0, memory = 0;
  const bool good = read_number(json, "kind", 3, kind) && kind > 0 &&
                    read_number(json, "scram_iterations", UINT32_MAX, iterations) &&
                    read_number(json, "argon_passes", UINT32_MAX, passes) &&
                    read_number(json, "argon_memory", UINT32_MAX, memory) &&
                    read_number(json, "created_at", INT64_MAX, credential.created_at);
  if (!good) return corrupt();
  credential.kind = static_cast<crypto::CredentialKind>(kind);
  credential.scram_iterations = static_cast<std::uint32_t>(iterations);
  if (credential.kind == crypto::CredentialKind::kChosen) {
    credential.argon.passes = static_cast<std::uint32_t>(passes);
    credential.argon.memory_kib = static_cast<std::uint32_t>(memory);
  }
  if (const Json* description = json.find("description"); description && description->text())
    credential.description = *description->text();
  return credential;
}

}  // namespace fwd::directory
