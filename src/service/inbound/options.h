#ifndef FWD_SERVICE_INBOUND_OPTIONS_H
#define FWD_SERVICE_INBOUND_OPTIONS_H

// What the operator sets about mail that comes in.

#include <chrono>
#include <cstddef>
#include <string>

namespace fwd::service {

struct InboundOptions {
  // Who gets mail for <Postmaster> without a domain (RFC 5321 §4.5.1); empty: the
  // postmaster of the domain our host is in, or of our first domain.
  std::string postmaster;
  std::size_t mailboxes = 25;  // one message may be stored in
  std::size_t journal = 1000;  // entries under way; more are dropped, and the log says so
  std::size_t received = 25;   // Received lines before we call it a loop (RFC 5321 §6.3)
  std::size_t replies = 100;   // automatic answers under way; more are not sent
  // One answer of an alias to one author in this time; so many in a day of one alias, and so
  // many to one address by all aliases.
  std::chrono::seconds vacation_repeat = std::chrono::hours(96);
  std::size_t vacation_per_alias = 300, vacation_per_sender = 20;
  // How long the sender's answer waits for the destinations' words; 0: not at all.
  std::chrono::milliseconds forward_wait = std::chrono::seconds(20);
};

}  // namespace fwd::service

#endif
