// Converts domain names between A-labels and U-labels.
#include "format/domain_name.h"

#include <idn2.h>

#include <algorithm>

#include "core/text.h"

namespace fwd::format {
namespace {

constexpr std::size_t kMostOctets = 253;
constexpr std::size_t kMostLabel = 63;

Failure bad(const char* why) { return {Fault::kBadInput, why, {}}; }

// sub-domain = Let-dig [Ldh-str] (RFC 5321 §4.1.2)
bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kMostLabel && label.front() != '-' &&
         label.back() != '-' &&
         std::all_of(label.begin(), label.end(), [](char c) { return is_alnum(c) || c == '-'; });
}

}  // namespace

Outcome<std::string> domain_to_ascii(std::string_view domain) {
  if (domain.ends_with('.')) domain.remove_suffix(1);
  if (domain.empty() || domain.size() > 4 * kMostOctets) return bad("domain is empty or too long");
  std::string ascii;
  if (is_ascii(domain)) {
    ascii = to_lower(domain);
  } else {
    if (!is_utf8(domain)) return bad("domain is not UTF-8");
    char* converted = nullptr;
    const std::string text(domain);
    if (text.find('\0') != std::string::npos ||
        idn2_to_ascii_8z(text.c_str(), &converted, IDN2_NONTRANSITIONAL) != IDN2_OK)
      return bad("domain is not a valid internationalized name");
    ascii = converted;
    idn2_free(converted);
  }
  if (ascii.size() > kMostOctets) return bad("domain is empty or too long");
  for (const std::string_view label : split(ascii, '.'))
    if (!is_label(label)) return bad("domain has a label that is not letters, digits and hyphens");
  return ascii;
}

std::string domain_to_unicode(std::string_view ascii) {
  if (ascii.find("xn--") == std::string_view::npos) return std::string(ascii);
  std::vector<std::string> labels;
  for (const std::string_view label : split(ascii, '.')) {
    const std::string name(label);
    labels.push_back(name);
    char* converted = nullptr;
    if (!label.starts_with("xn--") || idn2_to_unicode_8z8z(name.c_str(), &converted, 0) != IDN2_OK)
      continue;
    // Punycode can spell what is no U-label; shown, it would be another name.
    const Outcome<std::string> back = domain_to_ascii(converted);
    if (back.ok() && back.value() == name) labels.back() = converted;
    idn2_free(converted);
  }
  // Rules that look at the whole name may still refuse it.
  std::string unicode = join(labels, ".");
  const Outcome<std::string> back = domain_to_ascii(unicode);
  return back.ok() && back.value() == ascii ? unicode : std::string(ascii);
}

}  // namespace fwd::format
