#ifndef FWD_CRYPTO_SCRAM_H
#define FWD_CRYPTO_SCRAM_H

// The server's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC
// 7677), as values: no socket, no directory.
//
//   C: n,,n=user,r=cnonce            parse_client_first()
//   S: r=cnonce+snonce,s=salt,i=…    ScramServer::server_first()
//   C: c=…,r=cnonce+snonce,p=proof   ScramServer::finish()
//   S: v=signature                   its server_final
//
// An unknown name runs against scram_decoy() and looks the same until the end.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "crypto/secret.h"

namespace fwd::crypto {

inline constexpr std::uint32_t kScramIterations = 4096;  // RFC 7677 §4, for 128 random bits enough
inline constexpr std::size_t kScramSaltSize = 16;
inline constexpr std::size_t kMostScramOctets = 4096;  // of one message of the client

// What is stored of a password (RFC 5802 §3).
struct ScramVerifier {
  std::string salt;
  std::uint32_t iterations = 0;
  std::string stored_key;  // 32 octets
  std::string server_key;  // 32 octets
};

// As one line of text, "SCRAM-SHA-256$4096:<salt>$<stored key>:<server key>" in
// base64; nothing when it is not that.
std::string write_scram_verifier(const ScramVerifier& verifier);
std::optional<ScramVerifier> read_scram_verifier(std::string_view text);

// SaltedPassword and what comes of it.  `password` is prepared already.
struct ScramKeys {
  SecretKey client_key;
  ScramVerifier verifier;
};
ScramKeys make_scram_keys(std::string_view password, std::string_view salt,
                          std::uint32_t iterations);

// A verifier no proof fits, the same for the same name: `key` is a subkey of
// the server key.
ScramVerifier scram_decoy(const SecretKey& key, std::string_view name);

struct ClientFirst {
  enum class Binding { kNone, kServerHasNone, kUsed };  // "n", "y", "p=…"
  Binding binding = Binding::kNone;
  std::string binding_name;  // "tls-exporter" (RFC 9266), "tls-server-end-point" (RFC 5929)
  std::string gs2_header;    // as it came, with its commas
  std::string username;      // decoded
  std::string bare;          // client-first-message-bare
  std::string nonce;
};

// kBadInput: grammar (RFC 5802 §7) or bounds.  kBadLogin: a downgrade ("y"
// though -PLUS was offered), a binding that was not offered or that we do not
// know, or an authorization identity that is another user.
Outcome<ClientFirst> parse_client_first(std::string_view message, bool offered_plus);

class ScramServer {
 public:
  // `verifiers`: at least one, all of one salt and iteration count (those that
  // differ from the first can never match).  `server_nonce` is random but in tests.
  ScramServer(ClientFirst client_first, std::vector<ScramVerifier> verifiers,
              std::string server_nonce = {});

  const ClientFirst& client_first() const { return client_first_; }
  const std::string& server_first() const { return server_first_; }

  struct Proven {
    std::string server_final;
    std::size_t which;     // of the verifiers
    SecretKey client_key;  // opens the bundle sealed for it
  };
  // `binding_data`: the raw octets of the binding the client named, from our
  // side of the connection; empty without one.  Once only, then kWrongState.
  // kBadInput: grammar.  kBadLogin: everything else, without saying what.
  Outcome<Proven> finish(std::string_view client_final, std::string_view binding_data);

 private:
  ClientFirst client_first_;
  std::vector<ScramVerifier> verifiers_;
  std::string nonce_;  // the client's and ours
  std::string server_first_;
  bool finished_ = false;
};

}  // namespace fwd::crypto

#endif
