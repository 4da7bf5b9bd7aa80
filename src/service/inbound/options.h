#ifndef FWD_SERVICE_INBOUND_OPTIONS_H
#define FWD_SERVICE_INBOUND_OPTIONS_H

// What the operator sets about mail that comes in.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "format/ip_network.h"

namespace fwd::service {

enum class Enforcement : std::uint8_t {
  kEnforce,  // refuse
  kMark,     // to Junk
  kOff,      // write it down
};

// How mail is judged.
struct JudgingOptions {
  Enforcement dmarc = Enforcement::kEnforce;
  Enforcement spf = Enforcement::kEnforce;
  bool dmarc_tree_walk = false;              // RFC 9989 §4.10
  std::vector<std::string> trusted_sealers;  // of ARC; domains, A-labels
  std::string authserv_id;                   // in Authentication-Results; "": the host's name
  std::string abuse_address;                 // for the headers; "": none
  std::chrono::milliseconds limit = std::chrono::seconds(30);         // for all that asks the DNS
  std::chrono::milliseconds trusted_limit = std::chrono::seconds(5);  // the same, of neighbours
  double junk_points = 6;          // from these on to Junk; 0: never
  double refuse_points = 0;        // from these on 550; 0: never
  bool spam_is_refused = true;     // what rspamd rejects; else to Junk
  bool scanners_must_say = false;  // 451 while one is away
};

// Loopback.
std::vector<format::IpNetwork> default_trusted_networks();

struct InboundOptions {
  // Nothing that is said of a sender refuses what comes from there.
  std::vector<format::IpNetwork> trusted_networks = default_trusted_networks();
  // Who gets mail for <Postmaster> without a domain (RFC 5321 §4.5.1); empty: the
  // postmaster of the domain our host is in, or of our first domain.
  std::string postmaster;
  std::size_t mailboxes = 25;  // one message may be stored in, and as many destinations
  std::size_t journal = 1000;  // entries under way; more are dropped, and the log says so
  std::size_t received = 25;   // Received lines before we call it a loop (RFC 5321 §6.3)
  std::size_t replies = 100;   // automatic answers under way; more are not sent
  // One answer of an alias to one author in this time; so many in a day of one alias, and so
  // many to one address by all aliases.
  std::chrono::seconds vacation_repeat = std::chrono::hours(96);
  std::size_t vacation_per_alias = 300, vacation_per_sender = 20;
  // How long the sender's answer waits for the destinations' words; 0: not at all.
  std::chrono::milliseconds forward_wait = std::chrono::seconds(20);
  JudgingOptions judging{};
};

}  // namespace fwd::service

#endif
