#ifndef FWD_MODEL_DELIVERIES_H
#define FWD_MODEL_DELIVERIES_H

// Deliveries: what mail that comes in needs of the door.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/outcome.h"
#include "core/task.h"
#include "format/packed_message.h"
#include "model/flags.h"
#include "model/folder.h"

namespace fwd::model {

// How many addresses of ours one may lead through, be it found out at once or, through
// domains that the DNS tells of, from one delivery here to the next.
constexpr std::size_t kMostChain = 10;

// What the directory says of one recipient address.
enum class RecipientKind : std::uint8_t {
  kAccepted = 1,       // leads to `mailboxes`, `destinations`, or both
  kIgnored = 2,        // disabled with 250: say yes and drop
  kSoftDisabled = 3,   // disabled with 421
  kHardDisabled = 4,   // disabled with 550
  kUnknown = 5,        // our domain, no such alias
  kForeign = 6,        // not our domain
  kFull = 7,           // a mailbox is over its quota: nobody gets it, nor a destination
  kNoDestination = 8,  // the alias exists and leads nowhere (no mailbox)
  kBadReturnPath = 9,  // a return path we never gave out, one too old, or one used up
  kTooMany = 10,       // leads to more destinations than its domain may have
  // The domain's aliases stand in its TXT records: ask again with those of
  // `domain`.  When they were given they cannot be used as they stand: later.
  kAsksDns = 11,
  // The answer to a question of ours: say yes, see Forwarding::confirm_recipient, and drop.
  kConfirms = 12,
  kUnverified = 13,  // leads only to people who were asked and have not answered yet
};

struct RecipientTarget {
  std::string alias_id;
  std::string address;  // the alias's own address, without a +tag
  std::string domain_id{};
};

// Where mail goes that leaves this host.
enum class DestinationKind : std::uint8_t {
  kAddress = 1,  // to the hosts of its domain
  kHost = 2,     // to `host`, whatever its domain's hosts are
  kWebhook = 3,  // posted to a URL
};

struct Destination {
  DestinationKind kind = DestinationKind::kAddress;
  std::string address;      // RCPT TO; the URL for kWebhook
  std::string host;         // kHost: a name in A-labels, or an IP address
  std::uint16_t port = 25;  // where it listens
  std::string alias_id;     // of the alias that names it; "" for one of DNS
  // Of the domain whose alias or record that is: it passes the mail on, so its keys
  // sign, its journal is told and its people look after it.
  std::string domain_id{};
  bool operator==(const Destination&) const = default;
};

// What the recipient's domain wants of who sends to it.
struct RecipientRules {
  bool require_tls = false;
  // Addresses, domains, "*.tld", IP addresses, as the domain's people wrote them.
  std::vector<std::string> allowlist, denylist;
  bool has_adult_content_protection = true, has_phishing_protection = true;
  bool has_executable_protection = true, has_virus_protection = true;
  bool operator==(const RecipientRules&) const = default;
};

// A hosted domain that a recipient leads through, beyond the recipient's own.
struct PassedDomain {
  std::string domain_id;
  std::string domain;  // its name, A-labels
  RecipientRules rules;
  bool operator==(const PassedDomain&) const = default;
};

struct Recipient {
  RecipientKind kind = RecipientKind::kUnknown;
  std::string address;                     // as asked, with its domain
  std::string domain_id;                   // empty for kForeign
  std::string domain;                      // its name, A-labels; empty for kForeign
  std::string alias_id;                    // of the alias that decided; may be empty
  std::vector<RecipientTarget> mailboxes;  // for kAccepted
  std::vector<Destination> destinations;   // for kAccepted, without repeats
  std::uint64_t size_limit = 0;            // octets the fullest mailbox still takes; 0: no mailbox
  // Asked for by the return path of a message of ours: only what has no sender
  // (RFC 5321 §4.5.5) may come to it.  With a destination it is a forwarded
  // message's: the bounce goes on to who sent that.
  bool is_return_path = false;
  bool has_vacation = false;  // the alias's owner is away: see Forwarding::get_vacation
  RecipientRules rules;
  // Who sends must keep the rules of each of these, too; no domain twice.
  std::vector<PassedDomain> passed{};
  std::vector<std::string> steps;  // why, in words; only when asked for
};

struct RecipientQuestion {
  // Local part and domain, UTF-8 or ASCII; the domain in any form.  "postmaster"
  // alone is the server's own (RFC 5321 §4.5.1).
  std::string address;
  // The TXT records of its domain, for one that is set to be told by them.
  std::optional<std::vector<std::string>> records{};
  bool explain = false;  // fill in `steps`
};

struct DeliveryTarget {
  std::string alias_id;
  SpecialUse folder = SpecialUse::kInbox;
  Flags flags;
  format::PackedMessage message;  // with this recipient's own trace lines
  std::string delivery_id{};      // tells repeats; empty: the message's id
};

// A recipient of a message of ours that it did not reach after all, in the
// words of the notice that came back (RFC 3464 §2.3).
struct ReturnedRecipient {
  std::string address;   // final
  std::string original;  // "rfc822;user@example.com"; "" when it names none
  std::string status;    // RFC 3463: "5.1.1"
  std::string response;  // may be empty
  std::string mx;        // the host that said so; "" when it names none
};

struct Returned {
  std::string return_path;                // that it came to
  std::string message_id;                 // Message-ID of what was returned, in its angle brackets
  std::vector<ReturnedRecipient> failed;  // at most 100
};

struct Delivery {
  std::string message_id;  // our log's id of the message, one from port 25 to IMAP
  std::string peer_ip;
  std::string envelope_from;
  std::vector<DeliveryTarget> targets;  // at most 1000
  // The message is a notice of failure.  Marks what it speaks of in the queue
  // when it was sent with that return path; nothing depends on the mark.
  std::optional<Returned> returned{};
};

class Deliveries {
 public:
  virtual ~Deliveries() = default;
  virtual Task<Outcome<Recipient>> resolve_recipient(RecipientQuestion question) = 0;
  Task<Outcome<Recipient>> find_recipient(std::string address) {
    return resolve_recipient(RecipientQuestion{std::move(address)});
  }
  // Stores for all targets; success means durable for every one of them.  On
  // failure some may have it: a repeat of the same delivery id to the same alias
  // within six days is stored once.
  virtual Task<Outcome<void>> deliver(Delivery delivery) = 0;
};

}  // namespace fwd::model

#endif
