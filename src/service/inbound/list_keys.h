#ifndef FWD_SERVICE_INBOUND_LIST_KEYS_H
#define FWD_SERVICE_INBOUND_LIST_KEYS_H

// What is known of a sender, as the values under which lists may name it, and
// what follows from the entries found.  Pure.
//
//   exactness   0  this mail address, this IP address, this host
//             100  this domain, whole
//             100+ a network: 4 for each bit that an IPv4 address has more, 1 for
//                  each of an IPv6 address
//             100+ a domain above: 20 for each label that the name has more
//             400  a top-level domain
//
// What is more exact (a smaller number) decides; where two are the same, allow
// does.  What was learned decides only where no entry of the operator does, however
// exact either is.  Only what is proven is let in by name: a forged From or MAIL FROM can
// keep a message out, never bring it in.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "format/address.h"
#include "model/sender_lists.h"
#include "protocol/smtp/reply.h"
#include "service/inbound/judgement.h"

namespace fwd::service {

// What is not known yet, or not there, is left empty.  Names are A-labels in lower
// case, without the last dot.
struct SenderFacts {
  std::string ip;                         // of the peer; "" for a Unix socket
  bool is_neighbour = false;              // in a network that is trusted
  std::string host;                       // its name, when that is confirmed forward (FCrDNS)
  bool host_is_unknown = false;           // the DNS did not tell
  std::optional<format::Address> sender;  // of MAIL FROM; none for the null path
  bool sender_is_proven = false;
  std::optional<format::Address> author;  // of From
  bool author_is_proven = false;
  std::vector<std::string> signing_domains;  // of DKIM signatures that pass
};

struct ListKey {
  std::string value;
  unsigned exactness = 0;
  bool may_allow = false;
  std::string_view what;  // "peer", "host", "sender", "author", "signer"
};

// The most exact first, no value twice, at most model::kMostListedAsked.
std::vector<ListKey> list_keys(const SenderFacts& facts);
std::vector<std::string> key_values(const std::vector<ListKey>& keys);

enum class Standing { kUnlisted, kAllowed, kDenied };

struct ListDecision {
  Standing standing = Standing::kUnlisted;
  std::string value;  // of the entry that decided; "" when none did
  std::string_view what;
  std::string reason;
  bool is_learned = false;
};

// A peer in a trusted network that no entry of the operator names is allowed.
ListDecision decide_lists(const std::vector<ListKey>& keys,
                          const std::vector<model::ListedSender>& entries,
                          const SenderFacts& facts);

Finding list_finding(const ListDecision& decision);
// For who is denied.  What was learned may be a mistake and ends: 450, so that
// no mail is lost by it; what the operator said is 554 at the greeting
// (RFC 5321 §3.1) and 550 later.
enum class Moment { kGreeting, kMail };
smtp::Reply list_refusal(const ListDecision& decision, Moment moment);

}  // namespace fwd::service

#endif
