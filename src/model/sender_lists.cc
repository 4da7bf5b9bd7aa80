// How values of the sender lists are written.
#include "model/sender_lists.h"

#include "core/text.h"
#include "format/address.h"
#include "format/domain_name.h"
#include "format/ip_network.h"

namespace fwd::model {
namespace {

constexpr std::size_t kMostValue = 320;

Failure bad_value(const std::string& why) { return {Fault::kBadInput, "value " + why, ""}; }

Outcome<std::string> listed_address(std::string_view written) {
  const auto address = format::parse_mailbox(written, format::AddressCharset::kUtf8);
  if (!address.ok()) return bad_value("is not a mail address: " + address.failure().public_text);
  // Only their own host knows whether case counts; nobody lists by case.
  format::Address lower = address.value();
  lower.local = to_lower(lower.local);
  return lower.text();
}

}  // namespace

Outcome<std::string> listed_value(std::string_view written) {
  const std::string_view value = trim(written);
  if (value.empty()) return bad_value("is empty");
  if (value.size() > kMostValue) return bad_value("is too long");
  if (value.find('@') != std::string_view::npos) return listed_address(value);
  const auto network = format::parse_ip_network(value);
  // Half of the internet is nobody's enemy: it is a slip of the hand.
  if (network && network->prefix < (network->is_v6 ? 16U : 8U))
    return bad_value("is too wide a network: /8 of IPv4 or /16 of IPv6 at the most");
  if (network) return network->text();
  const bool is_tld = value.starts_with("*.");
  const auto domain = format::domain_to_ascii(is_tld ? value.substr(2) : value);
  if (!domain.ok()) return bad_value("is no address, network, host, domain, or \"*.tld\"");
  const bool has_dot = domain.value().find('.') != std::string::npos;
  // "300.1.2.3", "192.0.2": meant as numbers.
  if (is_digit(domain.value().back())) return bad_value("is not an IP address");
  if (is_tld && has_dot)
    return bad_value("holds for all names below it without \"*.\", too: leave that out");
  if (!is_tld && !has_dot) return bad_value("is no full name; a top-level domain is \"*.tld\"");
  return is_tld ? "*." + domain.value() : domain.value();
}

}  // namespace fwd::model
