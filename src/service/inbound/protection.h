#ifndef FWD_SERVICE_INBOUND_PROTECTION_H
#define FWD_SERVICE_INBOUND_PROTECTION_H

// What the operator sets about protection, read from the configuration.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "config/options.h"
#include "format/ip_network.h"
#include "service/inbound/dns_lists.h"
#include "service/inbound/greylist.h"
#include "service/inbound/rates.h"
#include "service/inbound/sender_check.h"

namespace fwd::service {

// From how many verdicts in a day on who is denied; 0: never.
struct DenialOptions {
  std::uint64_t viruses = 3, spam = 5;                      // of one address
  std::uint64_t others = 10;                                // of a domain or a host
  std::chrono::seconds time = std::chrono::hours(30 * 24);  // it lasts; 0: nothing is learned
  std::vector<std::string> shared;  // domains in which strangers have addresses
};

struct Protection {
  StaticLists lists;
  DnsListOptions dns_lists;
  DnsListOptions backscatter_lists;  // asked about null senders only
  GreylistOptions greylist;
  RateOptions rates;
  DenialOptions denials;
  double backscatter_points = 5;
};

// Of smtp.trusted-networks: addresses, and networks in CIDR form.
std::vector<format::IpNetwork> read_networks(const std::vector<std::string>& words,
                                             std::vector<std::string>& faults);

// A sentence is added to `faults` for each word that means nothing; it is left out.
Protection read_protection(const config::Options& options, std::vector<std::string>& faults);

}  // namespace fwd::service

#endif
