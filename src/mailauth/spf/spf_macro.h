#ifndef FWD_MAILAUTH_SPF_SPF_MACRO_H
#define FWD_MAILAUTH_SPF_SPF_MACRO_H

// The macros of SPF: read once, filled in for each client (RFC 7208 §7).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fwd::mailauth {

// A piece of a macro-string: text as it stands, or one "%{…}".
struct SpfMacroPart {
  char letter = '\0';      // lower case: s l o d i p v h c r t; NUL for text
  std::string text;        // of a piece of text; "%%", "%_" and "%-" are text already
  bool is_escape = false;  // such text: it may end a domain-spec
  bool is_url = false;     // the letter was upper case: the value is URL-escaped
  bool is_reversed = false;
  unsigned keep = 0;             // parts from the right; 0: all
  std::string delimiters = ".";  // each octet parts the value
};
using SpfMacroString = std::vector<SpfMacroPart>;

enum class SpfMacroPlace : std::uint8_t {
  kTerm,         // macro-string without "c", "r", "t"
  kModifier,     // macro-string, of a modifier that we do not know
  kExplanation,  // explain-string: with spaces
};

// RFC 7208 §7.1; nothing for what breaks the grammar.
std::optional<SpfMacroString> parse_spf_macros(std::string_view text, SpfMacroPlace place);
// domain-spec: a macro-string that ends in a macro or in "." toplabel ["."].
std::optional<SpfMacroString> parse_spf_domain_spec(std::string_view text);

// What the letters stand for (RFC 7208 §7.2).
struct SpfMacroValues {
  std::string local, sender_domain;   // l, o; together s
  std::string domain;                 // d
  std::string ip;                     // i, v and c, as 4 or 16 octets
  std::string validated = "unknown";  // p; look it up when uses_spf_macro() asks for it
  std::string helo, host;             // h, r
  std::int64_t unix_time = 0;         // t
};

bool uses_spf_macro(const SpfMacroString& macros, char letter);

// "" when it gets longer than 64 KiB.
std::string expand_spf_macros(const SpfMacroString& macros, const SpfMacroValues& values);

// What the macros expand to, as the name of a question: lower case, without
// the last dot, labels cut off at the left until 253 octets are left (RFC 7208
// §7.3).  Nothing when no question can be made of it: another octet than
// printable ASCII (RFC 8616 §4), an empty label, one over 63 octets, or just
// one.
std::optional<std::string> expand_spf_name(const SpfMacroString& macros,
                                           const SpfMacroValues& values);

}  // namespace fwd::mailauth

#endif
