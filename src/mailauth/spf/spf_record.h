#ifndef FWD_MAILAUTH_SPF_SPF_RECORD_H
#define FWD_MAILAUTH_SPF_SPF_RECORD_H

// A published SPF record, read (RFC 7208 §4.6.1, §5, §6 and §12).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "mailauth/spf/spf_macro.h"

namespace fwd::mailauth {

struct SpfMechanism {
  enum class Kind : std::uint8_t { kAll, kInclude, kA, kMx, kPtr, kIp4, kIp6, kExists };
  Kind kind = Kind::kAll;
  char qualifier = '+';                  // or - ~ ?
  std::optional<SpfMacroString> target;  // domain-spec
  std::string network;                   // of ip4 and ip6: 4 or 16 octets
  unsigned ip4_bits = 32, ip6_bits = 128;
  std::string text;  // as published, without the qualifier; at most 255 octets
};

struct SpfRecord {
  std::vector<SpfMechanism> mechanisms;
  std::optional<SpfMacroString> redirect, exp;
};

// RFC 7208 §4.5: whether a TXT record is an SPF record at all.
bool is_spf_record(std::string_view text);

// The whole record, before anything of it counts (RFC 7208 §4.6).  kBadInput:
// the private text names the first term that is wrong, in printable ASCII.
Outcome<SpfRecord> parse_spf_record(std::string_view text);

}  // namespace fwd::mailauth

#endif
