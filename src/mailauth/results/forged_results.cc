// Knows Authentication-Results that only we may write.
#include "mailauth/results/forged_results.h"

#include <algorithm>
#include <string_view>

#include "core/text.h"
#include "format/domain_name.h"
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

bool is_forged_results(const format::HeaderLine& field, const std::vector<std::string>& names) {
  if (!same_word(field.name, "Authentication-Results")) return false;
  const std::vector<std::string> ours = spellings(names);
  const auto parsed = parse_authentication_results(field.value);
  return parsed ? is_ours(parsed->authserv_id, ours) : mentions(field.value, ours);
}

}  // namespace fwd::mailauth
