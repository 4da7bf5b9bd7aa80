#ifndef FWD_SERVICE_INBOUND_DNS_LISTS_H
#define FWD_SERVICE_INBOUND_DNS_LISTS_H

// DnsLists: what lists in the DNS say of a peer's address (RFC 5782 §2).  All
// are asked at once, and none is waited for beyond the limit: a list that is
// away says nothing.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/task.h"
#include "net/resolver.h"
#include "protocol/smtp/reply.h"
#include "service/inbound/judgement.h"

namespace fwd::service {

struct DnsList {
  std::string zone;  // "zen.example.net", A-labels
  bool refuses = false;
  double points = 0;  // below zero: a list of good senders
};

struct DnsListOptions {
  std::vector<DnsList> lists;  // at most 40
  std::chrono::milliseconds limit = std::chrono::seconds(5);
};

// Of smtp.dns-blocklists ("zone", "zone=3.5", "zone=refuse"; 5 points when it
// does not say) and smtp.dns-allowlists ("zone", "zone=3.5", taken off).  A
// sentence is added to `faults` for each that cannot be read; it is left out.
std::vector<DnsList> read_dns_lists(const std::vector<std::string>& block,
                                    const std::vector<std::string>& allow,
                                    std::vector<std::string>& faults);

struct DnsListHit {
  std::string zone;
  std::string answer;  // "127.0.0.2", the first
  std::string reason;  // of its TXT record, printable ASCII, at most 200 octets
  bool refuses = false;
  double points = 0;
};

struct DnsListVerdict {
  std::vector<DnsListHit> hits;        // in the order of the lists
  std::vector<std::string> troubles;   // "zone: why", for the log
  Finding finding;                     // "none", "listed", "known" (good lists only)
  std::optional<smtp::Reply> refusal;  // 554 5.7.1, of the first that refuses
};

// "2.0.0.127.zone", and RFC 5782 §2.4 for IPv6; "" for what is no address.
std::string dns_list_name(const std::string& ip, const std::string& zone);

// Addresses of networks of our own are not asked about.  `resolver` and `clock`
// must outlive the task.
Task<DnsListVerdict> ask_dns_lists(net::Resolver& resolver, Clock& clock, DnsListOptions options,
                                   std::string ip);

}  // namespace fwd::service

#endif
