// A published SPF record, read.
#include "mailauth/spf/spf_record.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"
#include "mailauth/spf/ip_octets.h"

namespace fwd::mailauth {
namespace {

using Kind = SpfMechanism::Kind;

constexpr std::string_view kVersion = "v=spf1";
constexpr std::size_t kMostShown = 255;

// What may stand behind a mechanism's name.
struct Grammar {
  std::string_view name;
  Kind kind;
  bool may_have_target, must_have_target, may_have_lengths;
};
constexpr std::array<Grammar, 6> kGrammars{{
    {"all", Kind::kAll, false, false, false},
    {"include", Kind::kInclude, true, true, false},
    {"a", Kind::kA, true, false, true},
    {"mx", Kind::kMx, true, false, true},
    {"ptr", Kind::kPtr, true, false, false},
    {"exists", Kind::kExists, true, true, false},
}};

// Strangers' octets, to be shown.
std::string shown(std::string_view text) {
  std::string printable(text.substr(0, kMostShown));
  for (char& c : printable)
    if (c < ' ' || c > '~') c = '?';
  return printable;
}

Failure bad(std::string_view term, std::string_view why) {
  std::string text = "\"" + shown(term) + "\" ";
  text += why;
  return {Fault::kBadInput, "that is no SPF record", std::move(text)};
}

// Cuts "/24" (or, with `slashes` 2, "//64") from the end of `text`: the number,
// or nothing when there is none without leading zeros.
std::optional<unsigned> cut_length(std::string_view& text, std::size_t slashes) {
  const std::size_t slash = text.rfind('/');
  if (slash == std::string_view::npos || slash + 1 < slashes) return std::nullopt;
  const std::string_view digits = text.substr(slash + 1);
  const bool has_zero = digits.size() > 1 && digits.front() == '0';
  const auto number = parse_number(digits);
  if (!number || has_zero || digits.size() > 3) return std::nullopt;
  if (slashes == 2 && text[slash - 1] != '/') return std::nullopt;
  text = text.substr(0, slash + 1 - slashes);
  return static_cast<unsigned>(*number);
}

// dual-cidr-length = [ ip4-cidr-length ] [ "/" ip6-cidr-length ]
bool cut_lengths(std::string_view& text, SpfMechanism& mechanism) {
  if (const auto bits = cut_length(text, 2)) mechanism.ip6_bits = *bits;
  if (const auto bits = cut_length(text, 1)) mechanism.ip4_bits = *bits;
  return mechanism.ip4_bits <= 32 && mechanism.ip6_bits <= 128;
}

// ip4-network [ ip4-cidr-length ], ip6-network [ ip6-cidr-length ]
bool take_network(std::string_view rest, SpfMechanism& mechanism) {
  const bool is_ip4 = mechanism.kind == Kind::kIp4;
  unsigned& bits = is_ip4 ? mechanism.ip4_bits : mechanism.ip6_bits;
  const unsigned most = bits;
  if (rest.empty() || rest.front() != ':') return false;
  rest.remove_prefix(1);
  if (const auto length = cut_length(rest, 1)) bits = *length;
  mechanism.network = written_ip_octets(rest);
  return bits <= most && mechanism.network.size() * 8 == most;
}

bool take_arguments(const Grammar& grammar, std::string_view rest, SpfMechanism& mechanism) {
  if (grammar.may_have_lengths && !cut_lengths(rest, mechanism)) return false;
  if (rest.empty()) return !grammar.must_have_target;
  if (!grammar.may_have_target || rest.front() != ':') return false;
  mechanism.target = parse_spf_domain_spec(rest.substr(1));
  return mechanism.target.has_value();
}

// directive = [ qualifier ] mechanism
Outcome<SpfMechanism> parse_directive(std::string_view term) {
  SpfMechanism mechanism;
  std::string_view rest = term;
  if (std::string_view("+-?~").find(rest.front()) != std::string_view::npos) {
    mechanism.qualifier = rest.front();
    rest.remove_prefix(1);
  }
  mechanism.text = rest.substr(0, kMostShown);
  const std::string_view name = rest.substr(0, rest.find_first_of(":/"));
  rest.remove_prefix(name.size());
  const bool is_ip4 = same_word(name, "ip4");
  if (is_ip4 || same_word(name, "ip6")) {
    mechanism.kind = is_ip4 ? Kind::kIp4 : Kind::kIp6;
    if (!take_network(rest, mechanism)) return bad(term, "names no network");
    return mechanism;
  }
  for (const Grammar& grammar : kGrammars) {
    if (!same_word(name, grammar.name)) continue;
    mechanism.kind = grammar.kind;
    if (!take_arguments(grammar, rest, mechanism)) return bad(term, "breaks the grammar");
    return mechanism;
  }
  return bad(term, "is no mechanism");
}

// modifier = redirect / explanation / unknown-modifier
// name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." )
Outcome<void> take_modifier(std::string_view term, std::size_t equals, SpfRecord& record) {
  const std::string_view name = term.substr(0, equals);
  const std::string_view value = term.substr(equals + 1);
  const auto fits = [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; };
  if (name.empty() || !is_alpha(name.front()) || !std::all_of(name.begin(), name.end(), fits))
    return bad(term, "is no modifier");
  const bool is_redirect = same_word(name, "redirect");
  if (!is_redirect && !same_word(name, "exp")) {
    if (!parse_spf_macros(value, SpfMacroPlace::kModifier)) return bad(term, "breaks the grammar");
    return {};
  }
  auto& place = is_redirect ? record.redirect : record.exp;
  if (place) return bad(term, "is there twice");
  place = parse_spf_domain_spec(value);
  if (!place) return bad(term, "names no domain");
  return {};
}

}  // namespace

bool is_spf_record(std::string_view text) {
  return starts_with_word(text, kVersion) &&
         (text.size() == kVersion.size() || text[kVersion.size()] == ' ');
}

// record = version terms *SP
// terms = *( 1*SP ( directive / modifier ) )
Outcome<SpfRecord> parse_spf_record(std::string_view text) {
  if (!is_spf_record(text)) return bad(text, "is no SPF record");
  SpfRecord record;
  for (const std::string_view term : split(text.substr(kVersion.size()), ' ')) {
    if (term.empty()) continue;
    const std::size_t mark = term.find_first_of("=:/");
    if (mark != std::string_view::npos && term[mark] == '=') {
      const Outcome<void> taken = take_modifier(term, mark, record);
      if (!taken.ok()) return taken.failure();
      continue;
    }
    Outcome<SpfMechanism> mechanism = parse_directive(term);
    if (!mechanism.ok()) return mechanism.failure();
    record.mechanisms.push_back(std::move(mechanism).value());
  }
  return record;
}

}  // namespace fwd::mailauth
