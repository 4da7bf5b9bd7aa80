// Addresses, domain names and expressions in the form the directory compares.
#include "core/text.h"
#include "format/address.h"
#include "format/alias_pattern.h"
#include "format/domain_name.h"
#include "format/outline.h"
#include "storage/directory/routes.h"

namespace fwd::directory {
namespace {

// Octets; RFC 5321 §4.5.3.1.3 allows 256, here with room for other forms of the domain.
constexpr std::size_t kMostAddress = 1000;

}  // namespace

std::optional<AddressKey> address_key(std::string_view address) {
  if (address.size() > kMostAddress) return std::nullopt;
  const auto parsed = format::parse_mailbox(address, format::AddressCharset::kUtf8);
  if (!parsed.ok()) return std::nullopt;
  const format::Address& found = parsed.value();
  return AddressKey{name_key(found.user()), found.domain, found.local, std::string(found.tag())};
}

std::string domain_key(std::string_view name) {
  const auto ascii = format::domain_to_ascii(trim(name));
  return ascii.ok() ? ascii.value() : to_lower(trim(name));
}

std::string name_key(std::string_view name) {
  return model::is_pattern(name) ? std::string(name) : format::fold_for_search(trim(name));
}

bool is_reserved(std::string_view local) { return local == kPostmaster || local == kAbuse; }

void compile_pattern(RoutedAlias& alias) {
  if (!model::is_pattern(alias.name)) return;
  auto pattern = format::AliasPattern::parse(alias.name);
  if (pattern.ok())
    alias.pattern = std::make_shared<const format::AliasPattern>(std::move(pattern).value());
}

}  // namespace fwd::directory
