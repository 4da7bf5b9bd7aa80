// Reads DMARC policy records.
#include "mailauth/dmarc/dmarc_record.h"

#include <algorithm>
#include <map>

#include "core/text.h"

namespace fwd::mailauth {
namespace {

constexpr std::size_t kMostTags = 100;
constexpr std::size_t kMostUris = 20;
constexpr std::size_t kLongestUri = 500;

// Spaces of a record: some publish tabs and line ends, too.
std::string_view trim_all(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

struct Tag {
  std::string name;  // lower case
  std::string_view value;
};

// dmarc-tag = 1*ALPHA *WSP "=" *WSP 1*dmarc-value
std::optional<Tag> read_tag(std::string_view piece) {
  const std::size_t equals = piece.find('=');
  if (equals == piece.npos) return std::nullopt;
  return Tag{to_lower(trim_all(piece.substr(0, equals))), trim_all(piece.substr(equals + 1))};
}

std::optional<DmarcPolicy> read_policy(std::string_view value) {
  for (const DmarcPolicy one : {DmarcPolicy::kNone, DmarcPolicy::kQuarantine, DmarcPolicy::kReject})
    if (same_word(value, dmarc_policy_name(one))) return one;
  return std::nullopt;
}

// dmarc-uri = URI [ "!" 1*DIGIT [ "k" / "m" / "g" / "t" ] ]
bool is_uri(std::string_view text) {
  const std::size_t bang = text.find('!');
  if (bang != text.npos) {
    std::string_view size = text.substr(bang + 1);
    if (!size.empty() && std::string_view("kmgtKMGT").find(size.back()) != text.npos)
      size.remove_suffix(1);
    if (!parse_number(size)) return false;
    text = text.substr(0, bang);
  }
  const std::size_t colon = text.find(':');
  if (colon == text.npos || colon == 0 || colon + 1 == text.size() || text.size() > kLongestUri)
    return false;
  const std::string_view scheme = text.substr(0, colon);
  const auto is_scheme = [](char c) { return is_alnum(c) || c == '+' || c == '-' || c == '.'; };
  const auto is_seen = [](char c) {
    return c > ' ' && c < 0x7f && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
  };
  if (!is_alpha(scheme.front()) || !std::all_of(scheme.begin(), scheme.end(), is_scheme) ||
      !std::all_of(text.begin(), text.end(), is_seen))
    return false;
  if (!same_word(scheme, "mailto")) return true;
  const std::string_view to = text.substr(colon + 1, text.find('?') - colon - 1);
  const std::size_t at = to.rfind('@');
  return at != to.npos && at > 0 && at + 1 < to.size();
}

std::vector<std::string> read_uris(std::string_view value) {
  std::vector<std::string> uris;
  for (const std::string_view piece : split(value, ',')) {
    const std::string_view uri = trim_all(piece);
    if (is_uri(uri) && uris.size() < kMostUris) uris.emplace_back(uri);
  }
  return uris;
}

// dmarc-fo = "0" / "1" / "d" / "s", several with ":" between them
bool is_fo(std::string_view value) {
  const auto parts = split(value, ':');
  return parts.size() <= 4 && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
           part = trim_all(part);
           return part.size() == 1 && std::string_view("01dsDS").find(part) != part.npos;
         });
}

void take_policy(std::string_view value, std::optional<DmarcPolicy>& policy, bool& is_bad) {
  policy = read_policy(value);
  is_bad = !policy;
}

void take(DmarcRecord& record, const std::string& name, std::string_view value) {
  const auto letter = [value](std::string_view allowed, char otherwise) {
    const char c = value.size() == 1 ? to_lower(value.front()) : '\0';
    return c != '\0' && allowed.find(c) != allowed.npos ? c : otherwise;
  };
  const auto number = [value](std::uint32_t most, std::uint32_t otherwise) {
    const auto found = parse_number(value);
    return found && *found <= most ? static_cast<std::uint32_t>(*found) : otherwise;
  };
  if (name == "p") take_policy(value, record.p, record.bad_p);
  if (name == "sp") take_policy(value, record.sp, record.bad_sp);
  if (name == "np") take_policy(value, record.np, record.bad_np);
  if (name == "adkim") record.adkim = letter("rs", 'r');
  if (name == "aspf") record.aspf = letter("rs", 'r');
  if (name == "pct") record.pct = number(100, 100);
  if (name == "ri") record.ri = number(UINT32_MAX, 86400);
  if (name == "t") record.testing = letter("yn", 'n') == 'y';
  if (name == "fo" && is_fo(value)) record.fo = value;
  if (name == "rua") record.rua = read_uris(value);
  if (name == "ruf") record.ruf = read_uris(value);
  if (name == "psd") {
    const char psd = letter("ynu", 'u');
    record.psd = psd == 'y'   ? DmarcRecord::Psd::kYes
                 : psd == 'n' ? DmarcRecord::Psd::kNo
                              : DmarcRecord::Psd::kUnknown;
  }
}

}  // namespace

std::string_view dmarc_policy_name(DmarcPolicy policy) {
  switch (policy) {
    case DmarcPolicy::kNone:
      return "none";
    case DmarcPolicy::kQuarantine:
      return "quarantine";
    case DmarcPolicy::kReject:
      return "reject";
  }
  return "none";
}

DmarcPolicy one_step_milder(DmarcPolicy policy) {
  return policy == DmarcPolicy::kReject ? DmarcPolicy::kQuarantine : DmarcPolicy::kNone;
}

bool DmarcRecord::settle(bool revised) {
  const bool no_p = revised ? bad_p : !p;
  if (no_p || bad_sp || (revised && bad_np)) {
    if (rua.empty()) return false;
    p = DmarcPolicy::kNone;
    sp = np = std::nullopt;
  }
  if (!p) p = DmarcPolicy::kNone;
  return true;
}

DmarcPolicy DmarcRecord::policy_for(bool is_below, bool exists) const {
  const DmarcPolicy own = p.value_or(DmarcPolicy::kNone);
  if (!is_below) return own;
  const DmarcPolicy below = sp.value_or(own);
  return exists ? below : np.value_or(below);
}

// dmarc-record  = dmarc-version *(dmarc-sep dmarc-tag) [dmarc-sep]
// dmarc-version = "v" *WSP "=" *WSP %s"DMARC1"
std::optional<DmarcRecord> parse_dmarc_record(std::string_view text) {
  const std::vector<std::string_view> pieces = split(text, ';');
  const auto version = read_tag(pieces.front());
  if (!version || text.empty() || to_lower(text.front()) != 'v' || version->name != "v" ||
      version->value != "DMARC1")
    return std::nullopt;
  std::map<std::string, std::string_view> tags;
  std::map<std::string, int> seen;
  for (std::size_t i = 1; i < pieces.size() && tags.size() < kMostTags; ++i) {
    const auto tag = read_tag(pieces[i]);
    if (!tag) continue;
    // "p=none; p=reject" says neither.
    const bool again = ++seen[tag->name] > 1;
    tags[tag->name] = again ? std::string_view() : tag->value;
  }
  DmarcRecord record;
  for (const auto& [name, value] : tags) take(record, name, value);
  return record;
}

}  // namespace fwd::mailauth
