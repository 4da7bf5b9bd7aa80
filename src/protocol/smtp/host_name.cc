// Checks what a peer calls itself.
#include "protocol/smtp/host_name.h"

#include <algorithm>

#include "core/text.h"

namespace fwd::smtp {
namespace {

constexpr std::size_t kDomainLimit = 255;  // RFC 5321 §4.5.3.1.2
constexpr std::size_t kLabelLimit = 63;    // RFC 1035 §2.3.4

// sub-domain = Let-dig [Ldh-str]
bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kLabelLimit) return false;
  if (label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return is_alnum(c) || c == '-' || c == '_'; });
}

// address-literal = "[" … "]".  Only its shape matters: it is shown, not used.
bool is_literal(std::string_view text) {
  if (text.size() < 3 || text.front() != '[' || text.back() != ']') return false;
  const auto inside = text.substr(1, text.size() - 2);
  return std::all_of(inside.begin(), inside.end(),
                     [](char c) { return is_alnum(c) || c == '.' || c == ':' || c == '-'; });
}

}  // namespace

bool is_host_name(std::string_view text) {
  if (text.empty() || text.size() > kDomainLimit) return false;
  if (text.front() == '[') return is_literal(text);
  if (text.back() == '.') text.remove_suffix(1);
  const auto labels = split(text, '.');
  return std::all_of(labels.begin(), labels.end(), is_label);
}

}  // namespace fwd::smtp
