#ifndef FWD_PROTOCOL_SASL_EXCHANGE_H
#define FWD_PROTOCOL_SASL_EXCHANGE_H

// One SASL exchange, the server's side (RFC 4422 §3), without the lines that
// carry it: a protocol feeds in what the client answered, as base64, and is
// told what to do next.
//
//   begin(initial) ──> kAsk: send `challenge`, read a line ──> answer(line) ─┐
//                        ^                                                  │
//                        +──────────────────────────────────────────────────┤
//                      kDone: the keeper knows who it is   <────────────────┤
//                      kRefused: `problem`, `failure`      <────────────────┘

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/outcome.h"
#include "core/stream.h"
#include "core/task.h"
#include "protocol/sasl/keeper.h"

namespace fwd::sasl {

enum class Mechanism : std::uint8_t {
  kPlain,            // RFC 4616
  kLogin,            // never standardised: name and password, each asked for by a word
  kScramSha256,      // RFC 7677
  kScramSha256Plus,  // the same, bound to the TLS channel
};

// Without regard to case, as clients write them.
std::optional<Mechanism> find_mechanism(std::string_view name);
std::string_view mechanism_name(Mechanism mechanism);
// Whether -PLUS can be offered here.
bool has_channel_binding(const TlsState& tls);

// The longest line of an exchange that a server must take (RFC 4954 §4).
inline constexpr std::size_t kLineLimit = 12288;

// Why an exchange ended without a login.
enum class Problem : std::uint8_t {
  kCancelled,   // the client said "*"
  kNotBase64,   // a line was not (RFC 4648 §4)
  kBadMessage,  // base64, but not what the mechanism says
  kForAnother,  // an authorization identity other than its own
  kBadBinding,  // the channel binding named does not fit
  kKeeper,      // the keeper said no: see `failure`
};

struct Step {
  enum class Kind : std::uint8_t { kAsk, kDone, kRefused };
  Kind kind = Kind::kRefused;
  std::string challenge;  // kAsk: base64, may be empty
  Problem problem = Problem::kKeeper;
  Failure failure;
};

class Exchange {
 public:
  // `keeper` and `tls` must outlive it, and it any of its tasks.
  Exchange(Mechanism mechanism, Keeper& keeper, const TlsState& tls)
      : mechanism_(mechanism), keeper_(keeper), tls_(tls) {}
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange();

  // `initial`: the initial response as the client wrote it, "=" being an empty
  // one (RFC 4954 §4, RFC 4959 §3); none: the client wants to be asked.
  Task<Step> begin(std::optional<std::string> initial);
  // What the client answered to the challenge, base64 or "*".
  Task<Step> answer(std::string line);

  Mechanism mechanism() const { return mechanism_; }

 private:
  enum class Awaits : std::uint8_t { kFirst, kPassword, kProof, kNothing };

  Task<Step> take(std::string message);
  Task<Step> take_plain(std::string message);
  Task<Step> check(std::string name, std::string password);
  Task<Step> take_client_first(std::string message);
  Task<Step> take_proof(std::string message);

  Mechanism mechanism_;
  Keeper& keeper_;
  const TlsState& tls_;
  Awaits awaits_ = Awaits::kFirst;
  std::string name_;     // LOGIN: set by the first answer
  std::string binding_;  // SCRAM: set by the first answer
};

}  // namespace fwd::sasl

#endif
