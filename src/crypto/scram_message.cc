// The grammar of the client's SCRAM messages (RFC 5802 §7).
#include "crypto/scram_message.h"

#include <algorithm>

#include "core/text.h"
#include "crypto/scram.h"

namespace fwd::crypto {
namespace {

constexpr std::size_t kMostNonce = 512;
constexpr std::size_t kMostName = 1024;

Failure bad_grammar(const char* what) {
  return {Fault::kBadInput, "Malformed SCRAM message", std::string("SCRAM: ") + what};
}

// The next comma-separated part, taken from `rest`; the comma goes too.
std::string_view take_part(std::string_view& rest) {
  const std::size_t comma = rest.find(',');
  const std::string_view part = rest.substr(0, comma);
  rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  return part;
}

// "n=value" gives the value when the letter fits.
bool take_value(std::string_view part, char letter, std::string_view& value) {
  if (part.size() < 2 || part[0] != letter || part[1] != '=') return false;
  value = part.substr(2);
  return true;
}

// printable = %x21-2B / %x2D-7E
bool is_nonce(std::string_view text) {
  return !text.empty() && text.size() <= kMostNonce &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c <= '~' && c != ','; });
}

// saslname = 1*(value-safe-char / "=2C" / "=3D")
bool decode_name(std::string_view coded, std::string& name) {
  if (coded.empty() || coded.size() > kMostName || !is_utf8(coded)) return false;
  for (std::size_t i = 0; i < coded.size(); i++) {
    if (coded[i] == '\0') return false;
    if (coded[i] != '=') {
      name += coded[i];
      continue;
    }
    const std::string_view code = coded.substr(i + 1, 2);
    if (code != "2C" && code != "3D") return false;
    name += code == "2C" ? ',' : '=';
    i += 2;
  }
  return true;
}

// attr-val = ALPHA "=" 1*value-char; "m" is reserved for what must be understood.
bool are_extensions(std::string_view rest) {
  while (!rest.empty()) {
    const bool last = rest.find(',') == std::string_view::npos;
    const std::string_view part = take_part(rest);
    if (part.size() < 3 || !is_alpha(part[0]) || part[0] == 'm' || part[1] != '=') return false;
    if (!is_utf8(part) || part.find('\0') != std::string_view::npos) return false;
    if (!last && rest.empty()) return false;  // a comma with nothing behind it
  }
  return true;
}

// gs2-cbind-flag = ("p=" cb-name) / "n" / "y"
Outcome<void> parse_flag(std::string_view flag, bool offered_plus, ClientFirst& first) {
  const auto refuse = [](const char* why) {
    return Failure{Fault::kBadLogin, "Channel binding refused", std::string("SCRAM: ") + why};
  };
  if (flag == "n") return {};
  if (flag == "y") {
    first.binding = ClientFirst::Binding::kServerHasNone;
    // RFC 5802 §6: somebody took -PLUS out of our list.
    if (offered_plus) return refuse("the client did not see that -PLUS was offered");
    return {};
  }
  std::string_view name;
  if (!take_value(flag, 'p', name)) return bad_grammar("channel binding flag");
  if (name.empty() || !std::all_of(name.begin(), name.end(),
                                   [](char c) { return is_alnum(c) || c == '.' || c == '-'; }))
    return bad_grammar("channel binding name");
  if (!offered_plus) return refuse("a channel binding that was not offered");
  if (name != "tls-exporter" && name != "tls-server-end-point")
    return refuse("an unknown channel binding");
  first.binding = ClientFirst::Binding::kUsed;
  first.binding_name = name;
  return {};
}

}  // namespace

Outcome<ClientFirst> parse_client_first(std::string_view message, bool offered_plus) {
  if (message.size() > kMostScramOctets) return bad_grammar("too long");
  ClientFirst first;
  std::string_view rest = message;
  const std::string_view flag = take_part(rest);
  const std::string_view identity = take_part(rest);
  if (rest.empty()) return bad_grammar("cut short");
  if (auto parsed = parse_flag(flag, offered_plus, first); !parsed.ok()) return parsed.failure();
  first.gs2_header = message.substr(0, message.size() - rest.size());
  first.bare = rest;

  std::string authorization;
  std::string_view value;
  if (!identity.empty() &&
      (!take_value(identity, 'a', value) || !decode_name(value, authorization)))
    return bad_grammar("authorization identity");
  if (!take_value(take_part(rest), 'n', value) || !decode_name(value, first.username))
    return bad_grammar("user name");
  const bool more = rest.find(',') != std::string_view::npos;
  if (!take_value(take_part(rest), 'r', value) || !is_nonce(value)) return bad_grammar("nonce");
  if ((more && rest.empty()) || !are_extensions(rest)) return bad_grammar("extension");
  first.nonce = value;
  if (!authorization.empty() && !same_word(authorization, first.username))
    return Failure{Fault::kBadLogin, "Not allowed to act for another user",
                   "SCRAM: authorization identity is another user"};
  return first;
}

Outcome<ClientFinal> parse_client_final(std::string_view message) {
  if (message.size() > kMostScramOctets) return bad_grammar("too long");
  // The proof is the last attribute, and what comes before it is signed.
  const std::size_t last = message.rfind(",p=");
  if (last == std::string_view::npos) return bad_grammar("no proof");
  ClientFinal parsed;
  parsed.without_proof = message.substr(0, last);
  auto proof = from_base64(message.substr(last + 3));
  if (!proof) return bad_grammar("proof");
  parsed.proof = std::move(*proof);

  std::string_view rest = parsed.without_proof, value;
  if (!take_value(take_part(rest), 'c', value)) return bad_grammar("channel binding");
  auto binding = from_base64(value);
  if (!binding) return bad_grammar("channel binding");
  parsed.binding = std::move(*binding);
  const bool more = rest.find(',') != std::string_view::npos;
  if (!take_value(take_part(rest), 'r', parsed.nonce) || parsed.nonce.empty())
    return bad_grammar("nonce");
  if ((more && rest.empty()) || !are_extensions(rest)) return bad_grammar("extension");
  return parsed;
}

}  // namespace fwd::crypto
