// Options of protection.
#include "service/inbound/protection.h"

#include <chrono>
#include <utility>

#include "core/text.h"

namespace fwd::service {

std::vector<format::IpNetwork> default_trusted_networks() {
  return {*format::parse_ip_network("127.0.0.0/8"), *format::parse_ip_network("::1")};
}

std::vector<format::IpNetwork> read_networks(const std::vector<std::string>& words,
                                             std::vector<std::string>& faults) {
  std::vector<format::IpNetwork> networks;
  for (const std::string& word : words) {
    const auto network = format::parse_ip_network(word);
    if (network)
      networks.push_back(*network);
    else
      faults.push_back("smtp.trusted-networks: " + word + " is no address and no network");
  }
  return networks;
}

Protection read_protection(const config::Options& options, std::vector<std::string>& faults) {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  Protection protection;
  protection.lists =
      StaticLists::read(options.list("smtp.allowlist"), options.list("smtp.denylist"), faults);
  protection.dns_lists.lists = read_dns_lists(options.list("smtp.dns-blocklists"),
                                              options.list("smtp.dns-allowlists"), faults);
  for (const std::string& zone : options.list("smtp.dns-backscatter-lists")) {
    std::vector<std::string> told;
    auto lists = read_dns_lists({zone}, {}, told);
    if (told.empty())
      protection.backscatter_lists.lists.push_back(std::move(lists.front()));
    else
      faults.push_back("smtp.dns-backscatter-lists: " + zone + " is not a zone");
  }
  protection.backscatter_lists.limit = options.time("smtp.dns-lists-limit");
  protection.dns_lists.limit = options.time("smtp.dns-lists-limit");
  protection.greylist.delay = duration_cast<seconds>(options.time("smtp.greylist-delay"));
  protection.greylist.passes = options.integer("smtp.greylist-passes");
  protection.greylist.entries = options.integer("smtp.greylist-entries");
  protection.greylist.new_senders = options.integer("smtp.greylist-new");
  protection.rates.messages = options.integer("smtp.rate-messages");
  protection.rates.recipients = options.integer("smtp.rate-recipients");
  protection.rates.unknown_recipients = options.integer("smtp.unknown-recipients-limit");
  protection.rates.journalled = options.integer("smtp.journal-refusals");
  protection.rates.window = duration_cast<seconds>(options.time("smtp.rate-window"));
  protection.denials.viruses = options.integer("smtp.learn-viruses");
  protection.denials.spam = options.integer("smtp.learn-spam");
  protection.denials.others = options.integer("smtp.learn-others");
  protection.denials.time = duration_cast<seconds>(options.time("smtp.learn-time"));
  for (const std::string& name : options.list("smtp.learn-shared-domains"))
    protection.denials.shared.push_back(to_lower(name));
  protection.backscatter_points = static_cast<double>(options.integer("smtp.backscatter-points"));
  return protection;
}

}  // namespace fwd::service
