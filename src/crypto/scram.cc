// SCRAM-SHA-256: keys, and the server's two answers.
#include "crypto/scram.h"

#include <stdexcept>

#include "core/text.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "crypto/scram_message.h"

namespace fwd::crypto {
namespace {

constexpr std::size_t kNonceOctets = 18;  // 24 letters of base64, none of them "=" or ","
constexpr std::size_t kProofSize = 32;
constexpr std::string_view kVerifierKind = "SCRAM-SHA-256";

Failure bad_login(const char* why) {
  return {Fault::kBadLogin, "Wrong name or password", std::string("SCRAM: ") + why};
}

// RFC 5802 §3: ClientKey := ClientProof XOR HMAC(StoredKey, AuthMessage); it
// is the right one when its digest is StoredKey.
bool fits(const ScramVerifier& verifier, std::string_view proof, std::string_view auth_message,
          SecretKey& client_key) {
  const std::string signature = hmac_sha256(verifier.stored_key, auth_message);
  for (std::size_t i = 0; i < kProofSize; i++)
    client_key.data()[i] = static_cast<unsigned char>(proof[i] ^ signature[i]);
  return equal(sha256(client_key.view()), verifier.stored_key);
}

}  // namespace

ScramKeys make_scram_keys(std::string_view password, std::string_view salt,
                          std::uint32_t iterations) {
  const SecretKey salted = pbkdf2_sha256(password, salt, iterations);
  ScramKeys keys{hmac_sha256_key(salted.view(), "Client Key"), {}};
  keys.verifier.salt = salt;
  keys.verifier.iterations = iterations;
  keys.verifier.stored_key = sha256(keys.client_key.view());
  keys.verifier.server_key = hmac_sha256(salted.view(), "Server Key");
  return keys;
}

std::string write_scram_verifier(const ScramVerifier& verifier) {
  return std::string(kVerifierKind) + '$' + std::to_string(verifier.iterations) + ':' +
         to_base64(verifier.salt) + '$' + to_base64(verifier.stored_key) + ':' +
         to_base64(verifier.server_key);
}

std::optional<ScramVerifier> read_scram_verifier(std::string_view text) {
  const auto parts = split(text, '$');
  if (parts.size() != 3 || parts[0] != kVerifierKind) return std::nullopt;
  const auto cost = split(parts[1], ':'), keys = split(parts[2], ':');
  if (cost.size() != 2 || keys.size() != 2) return std::nullopt;
  const auto iterations = parse_number(cost[0]);
  const auto salt = from_base64(cost[1]);
  const auto stored = from_base64(keys[0]), server = from_base64(keys[1]);
  if (!iterations || *iterations == 0 || *iterations > UINT32_MAX || !salt || salt->empty() ||
      !stored || stored->size() != kProofSize || !server || server->size() != kProofSize)
    return std::nullopt;
  return ScramVerifier{*salt, static_cast<std::uint32_t>(*iterations), *stored, *server};
}

ScramVerifier scram_decoy(const SecretKey& key, std::string_view name) {
  ScramVerifier decoy;
  decoy.salt = hmac_sha256(key.view(), "scram decoy " + to_lower(name)).substr(0, kScramSaltSize);
  decoy.iterations = kScramIterations;
  decoy.stored_key = random_octets(kProofSize);  // the digest of nothing anybody has
  decoy.server_key = random_octets(kProofSize);
  return decoy;
}

ScramServer::ScramServer(ClientFirst client_first, std::vector<ScramVerifier> verifiers,
                         std::string server_nonce)
    : client_first_(std::move(client_first)), verifiers_(std::move(verifiers)) {
  if (verifiers_.empty()) throw std::logic_error("SCRAM needs a verifier or a decoy");
  if (server_nonce.empty()) server_nonce = to_base64(random_octets(kNonceOctets));
  nonce_ = client_first_.nonce + server_nonce;
  const ScramVerifier& first = verifiers_.front();
  server_first_ =
      "r=" + nonce_ + ",s=" + to_base64(first.salt) + ",i=" + std::to_string(first.iterations);
}

Outcome<ScramServer::Proven> ScramServer::finish(std::string_view client_final,
                                                 std::string_view binding_data) {
  if (finished_) return Failure{Fault::kWrongState, "The exchange is over", {}};
  finished_ = true;
  auto parsed = parse_client_final(client_final);
  if (!parsed.ok()) return parsed.failure();
  const ClientFinal& message = parsed.value();

  const bool bound = client_first_.binding == ClientFirst::Binding::kUsed;
  if (bound && binding_data.empty()) return bad_login("no channel to bind to");
  std::string binding = client_first_.gs2_header;
  if (bound) binding += binding_data;
  const bool same_channel = equal(message.binding, binding);
  const bool same_nonce = equal(message.nonce, nonce_);
  if (message.proof.size() != kProofSize) return bad_login("a proof of another length");

  const std::string auth_message =
      client_first_.bare + "," + server_first_ + "," + std::string(message.without_proof);
  // All of them, so that the time does not say which.
  SecretKey client_key = SecretKey::zero();
  std::size_t which = verifiers_.size();
  for (std::size_t i = 0; i < verifiers_.size(); i++) {
    SecretKey candidate = SecretKey::zero();
    if (fits(verifiers_[i], message.proof, auth_message, candidate) && which == verifiers_.size()) {
      which = i;
      client_key = std::move(candidate);
    }
  }
  if (!same_channel) return bad_login("channel bindings do not match");
  if (!same_nonce) return bad_login("another nonce");
  if (which == verifiers_.size()) return bad_login("the proof does not fit");
  const std::string signature = hmac_sha256(verifiers_[which].server_key, auth_message);
  return Proven{"v=" + to_base64(signature), which, std::move(client_key)};
}

}  // namespace fwd::crypto
