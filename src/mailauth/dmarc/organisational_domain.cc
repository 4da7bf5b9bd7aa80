// Organisational domains by the public suffix list.
#include "mailauth/dmarc/organisational_domain.h"

#include <libpsl.h>

#include <algorithm>

#include "core/text.h"
#include "format/domain_name.h"

namespace fwd::mailauth {

std::optional<std::string> comparable_domain(std::string_view domain) {
  if (!is_ascii(domain)) {
    auto ascii = format::domain_to_ascii(domain);
    if (!ascii.ok()) return std::nullopt;
    return std::move(ascii).value();
  }
  if (domain.ends_with('.')) domain.remove_suffix(1);
  if (domain.empty() || domain.size() > 253) return std::nullopt;
  const auto fits = [](char c) { return is_alnum(c) || c == '-' || c == '_'; };
  for (const std::string_view label : split(domain, '.'))
    if (label.empty() || label.size() > 63 || !std::all_of(label.begin(), label.end(), fits))
      return std::nullopt;
  return to_lower(domain);
}

bool is_within(std::string_view domain, std::string_view parent) {
  if (!domain.ends_with(parent)) return false;
  domain.remove_suffix(parent.size());
  return domain.empty() || domain.ends_with('.');
}

void SuffixList::Free::operator()(psl_ctx_st* list) const { psl_free(list); }

// A library built without data gives an empty list, by which every top-level
// domain is a suffix.
SuffixList SuffixList::builtin() {
  return SuffixList(const_cast<psl_ctx_st*>(psl_builtin()));  // psl_free() knows it
}

SuffixList SuffixList::newest() {
  psl_ctx_st* list = psl_latest(nullptr);
  return list != nullptr ? SuffixList(list) : builtin();
}

std::string SuffixList::organisational_domain(const std::string& domain) const {
  const char* found = psl_registrable_domain(list_.get(), domain.c_str());
  return found != nullptr ? found : domain;
}

std::string SuffixList::public_suffix(const std::string& domain) const {
  const char* found = psl_unregistrable_domain(list_.get(), domain.c_str());
  return found != nullptr ? found : domain;
}

}  // namespace fwd::mailauth
