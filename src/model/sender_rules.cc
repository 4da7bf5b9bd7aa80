// Holds senders against the lists of a domain.
#include "model/sender_rules.h"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "core/text.h"
#include "format/address.h"
#include "format/domain_name.h"

namespace fwd::model {
namespace {

// An address's octets, the same however it is written; IPv4 inside IPv6 as IPv4.
std::optional<std::string> octets_of_ip(const std::string& text) {
  std::string octets(16, '\0');
  if (inet_pton(AF_INET, text.c_str(), octets.data()) == 1) return octets.substr(0, 4);
  if (inet_pton(AF_INET6, text.c_str(), octets.data()) != 1) return std::nullopt;
  const std::string mapped = std::string(10, '\0') + "\xff\xff";
  return octets.starts_with(mapped) ? octets.substr(12) : octets;
}

std::string ascii(std::string_view domain) {
  const auto name = format::domain_to_ascii(domain);
  return name.ok() ? name.value() : to_lower(domain);
}

bool is_below(std::string_view name, std::string_view above) {
  return name.size() > above.size() + 1 && name.ends_with(above) &&
         name[name.size() - above.size() - 1] == '.';
}

// The keys as they are compared.
struct Keys {
  std::optional<std::string> ip;
  std::vector<std::string> names;      // hosts, and domains of addresses
  std::vector<std::string> addresses;  // as they are, and without their tags
};

Keys compared(const SenderKeys& sender, const std::vector<std::string>& addresses) {
  Keys keys;
  keys.ip = octets_of_ip(sender.ip);
  for (const std::string& host : sender.hosts) keys.names.push_back(ascii(host));
  for (const std::string& text : addresses) {
    auto parsed = format::parse_mailbox(text, format::AddressCharset::kUtf8);
    if (!parsed.ok()) continue;
    format::Address address = std::move(parsed).value();
    keys.names.push_back(address.domain);
    keys.addresses.push_back(to_lower(address.text()));
    address.local = std::string(address.user());
    keys.addresses.push_back(to_lower(address.text()));
  }
  return keys;
}

bool fits(const std::string& entry, const Keys& keys) {
  if (const auto ip = octets_of_ip(entry)) return ip == keys.ip;
  if (entry.find('@') != std::string::npos) {
    const auto parsed = format::parse_mailbox(entry, format::AddressCharset::kUtf8);
    const std::string wanted = to_lower(parsed.ok() ? parsed.value().text() : entry);
    return std::find(keys.addresses.begin(), keys.addresses.end(), wanted) != keys.addresses.end();
  }
  const bool is_wild = entry.starts_with("*.");
  const std::string above = ascii(is_wild ? std::string_view(entry).substr(2) : entry);
  return std::any_of(keys.names.begin(), keys.names.end(), [&](const std::string& name) {
    return is_below(name, above) || (!is_wild && name == above);
  });
}

}  // namespace

RulesDecision rules_verdict(const RecipientRules& rules, const SenderKeys& sender) {
  if (rules.allowlist.empty() && rules.denylist.empty()) return {};
  const Keys written = compared(sender, sender.addresses);
  for (const std::string& entry : rules.denylist)
    if (fits(entry, written)) return {RulesVerdict::kDenied, entry};
  const Keys proven = compared(sender, sender.proven);
  for (const std::string& entry : rules.allowlist)
    if (fits(entry, proven)) return {RulesVerdict::kPass, entry};
  return {rules.allowlist.empty() ? RulesVerdict::kPass : RulesVerdict::kNotAllowed, ""};
}

bool needs_content(const RecipientRules& rules) {
  return may_fit_author(rules) ||
         std::any_of(rules.denylist.begin(), rules.denylist.end(),
                     [](const std::string& entry) { return !octets_of_ip(entry); });
}

bool may_fit_author(const RecipientRules& rules) {
  return std::any_of(rules.allowlist.begin(), rules.allowlist.end(),
                     [](const std::string& entry) { return !octets_of_ip(entry); });
}

}  // namespace fwd::model
