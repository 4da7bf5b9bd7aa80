// Finds Authentication-Results that only we may write.
#include "mailauth/results/forged_results.h"

#include <algorithm>

#include "core/text.h"
#include "format/domain_name.h"
#include "format/header_lines.h"
#include "mailauth/dmarc/organisational_domain.h"
#include "mailauth/results/authentication_results.h"

namespace fwd::mailauth {
namespace {

bool is_space(char c) { return static_cast<unsigned char>(c) <= ' '; }

// Lower case without spaces, quotes and backslashes, and without comments if
// asked: names that were taken apart are whole again.
std::string compact(std::string_view value, bool comments) {
  std::string out;
  int depth = 0;
  for (const char c : value) {
    if (!comments && c == '(') ++depth;
    if (depth == 0 && !is_space(c) && c != '"' && c != '\\') out += to_lower(c);
    if (!comments && c == ')' && depth > 0) --depth;
  }
  return out;
}

bool mentions(std::string_view value, const std::vector<std::string>& names) {
  const std::string whole = compact(value, true), bare = compact(value, false);
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return whole.find(name) != whole.npos || bare.find(name) != bare.npos;
  });
}

bool is_ours(std::string_view authserv_id, const std::vector<std::string>& names) {
  const auto domain = comparable_domain(authserv_id);
  const std::string id = domain ? *domain : to_lower(authserv_id);
  return std::any_of(names.begin(), names.end(),
                     [&id](const std::string& name) { return is_within(id, name); });
}

// Each in lower case, and as it looks with its own letters.
std::vector<std::string> spellings(const std::vector<std::string>& names) {
  std::vector<std::string> all;
  for (const std::string& name : names) {
    if (name.empty()) continue;
    all.push_back(to_lower(name));
    std::string unicode = format::domain_to_unicode(all.back());
    if (unicode != all.back()) all.push_back(std::move(unicode));
  }
  return all;
}

}  // namespace

std::vector<OctetRange> find_forged(std::string_view header,
                                    const std::vector<std::string>& names) {
  const std::vector<std::string> ours = spellings(names);
  std::vector<OctetRange> forged;
  format::HeaderLines lines(header);
  while (const auto line = lines.next()) {
    if (!same_word(line->name, "Authentication-Results")) continue;
    const auto parsed = parse_authentication_results(line->value);
    if (parsed ? is_ours(parsed->authserv_id, ours) : mentions(line->value, ours))
      forged.push_back(
          {static_cast<std::size_t>(line->raw.data() - header.data()), line->raw.size()});
  }
  return forged;
}

std::string without_ranges(std::string_view text, const std::vector<OctetRange>& ranges) {
  std::string out;
  std::size_t at = 0;
  for (const OctetRange& range : ranges) {
    out += text.substr(at, range.begin - at);
    at = range.begin + range.size;
  }
  out += text.substr(at);
  return out;
}

}  // namespace fwd::mailauth
