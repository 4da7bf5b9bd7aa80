// MTA-STS: the grammar of the TXT record and of the policy file.
#include <algorithm>

#include "core/text.h"
#include "mailauth/route/mta_sts.h"

namespace fwd::mailauth {
namespace {

constexpr std::size_t kLongestId = 32;
constexpr std::size_t kMostPatterns = 100;
constexpr std::uint64_t kLongestAge = 31557600;  // RFC 8461 §3.2
constexpr std::string_view kVersion = "STSv1";

Failure invalid(std::string why) {
  return Failure{Fault::kBadInput, "the MTA-STS policy is not valid", std::move(why)};
}

// A host's name in lower case, or nothing; `text` without a wildcard.
bool is_host(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  for (const std::string_view label : split(text, '.')) {
    const auto fits = [](char c) { return is_alnum(c) || c == '-' || c == '_'; };
    if (label.empty() || label.size() > 63 || !std::all_of(label.begin(), label.end(), fits))
      return false;
  }
  return true;
}

// sts-version *WSP ";" — other records are not ours (RFC 8461 §3.1).
bool is_sts_record(std::string_view text) {
  constexpr std::string_view kStart = "v=STSv1";
  if (text.substr(0, kStart.size()) != kStart) return false;
  text = trim(text.substr(kStart.size()));
  return !text.empty() && text.front() == ';';
}

}  // namespace

// sts-text-record = sts-version 1*(sts-field-delim sts-field) [sts-field-delim]
// sts-id          = "id=" 1*32(ALPHA / DIGIT)
std::optional<std::string> parse_sts_record(const std::vector<std::string>& texts) {
  std::optional<std::string> id;
  int records = 0;
  for (const std::string& text : texts) {
    if (!is_sts_record(text)) continue;
    if (++records > 1) return std::nullopt;
    for (const std::string_view piece : split(text, ';')) {
      const std::string_view field = trim(piece);
      if (id || field.substr(0, 3) != "id=") continue;
      const std::string_view value = field.substr(3);
      if (value.empty() || value.size() > kLongestId ||
          !std::all_of(value.begin(), value.end(), [](char c) { return is_alnum(c); }))
        return std::nullopt;
      id = std::string(value);
    }
  }
  return id;
}

namespace {

// The fields of a policy file as they come; the first of a name counts.
struct Fields {
  std::optional<std::string> version, mode, max_age;
  std::vector<std::string> mx;

  void take(std::string_view name, std::string_view value) {
    const auto once = [value](std::optional<std::string>& field) {
      if (!field) field = std::string(value);
    };
    if (name == "version") once(version);
    if (name == "mode") once(mode);
    if (name == "max_age") once(max_age);
    if (name == "mx") mx.push_back(to_lower(value));
  }
};

Outcome<void> add_patterns(StsPolicy& policy, const std::vector<std::string>& patterns) {
  if (patterns.size() > kMostPatterns) return invalid("too many mx");
  for (const std::string& pattern : patterns) {
    const bool is_wild = pattern.substr(0, 2) == "*.";
    if (!is_host(std::string_view(pattern).substr(is_wild ? 2 : 0)))
      return invalid("mx is no host or pattern");
    policy.patterns.push_back(pattern);
  }
  return {};
}

}  // namespace

// Lines of `name *WSP ":" *WSP value`, ended by CRLF or LF; names we do not
// know are left alone.
Outcome<StsPolicy> parse_sts_policy(std::string_view file) {
  if (!is_utf8(file)) return invalid("not UTF-8");
  Fields fields;
  for (std::string_view line : split(file, '\n')) {
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (trim(line).empty()) continue;
    const std::size_t colon = line.find(':');
    if (colon == line.npos) return invalid("a line without a colon");
    fields.take(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
  }
  if (fields.version != kVersion) return invalid("version is not STSv1");
  StsPolicy policy;
  if (fields.mode == "enforce") {
    policy.mode = StsMode::kEnforce;
  } else if (fields.mode == "testing") {
    policy.mode = StsMode::kTesting;
  } else if (fields.mode != "none") {
    return invalid("mode is none of enforce, testing, none");
  }
  const auto age =
      fields.max_age && fields.max_age->size() <= 10 ? parse_number(*fields.max_age) : std::nullopt;
  if (!age) return invalid("max_age is no number of seconds");
  policy.max_age = std::chrono::seconds(std::min(*age, kLongestAge));
  auto added = add_patterns(policy, fields.mx);
  if (!added.ok()) return added.failure();
  if (policy.mode != StsMode::kNone && policy.patterns.empty()) return invalid("no mx");
  return policy;
}

std::vector<std::string> sts_lines(const StsPolicy& policy) {
  std::vector<std::string> lines{"version: STSv1"};
  lines.push_back(policy.mode == StsMode::kEnforce   ? "mode: enforce"
                  : policy.mode == StsMode::kTesting ? "mode: testing"
                                                     : "mode: none");
  for (const std::string& pattern : policy.patterns) lines.push_back("mx: " + pattern);
  lines.push_back("max_age: " + std::to_string(policy.max_age.count()));
  return lines;
}

bool sts_matches(const StsPolicy& policy, std::string_view host) {
  if (!host.empty() && host.back() == '.') host.remove_suffix(1);
  return std::any_of(policy.patterns.begin(), policy.patterns.end(), [host](std::string_view one) {
    if (one.substr(0, 2) != "*.") return same_word(one, host);
    // The star stands for exactly one label.
    const std::size_t dot = host.find('.');
    return dot != host.npos && dot > 0 && same_word(host.substr(dot), one.substr(1));
  });
}

}  // namespace fwd::mailauth
