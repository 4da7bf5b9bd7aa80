#ifndef FWD_MODEL_OUTBOUND_H
#define FWD_MODEL_OUTBOUND_H

// A message on its way out and each of its recipients, as the queue keeps them.
// Times are milliseconds since 1970 UTC.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/deliveries.h"

namespace fwd::model {

// RFC 3461 §4.1, bits; kUnsaid: the client gave no NOTIFY.
enum Notify : std::uint8_t {
  kNotifyUnsaid = 0,
  kNotifyNever = 1,
  kNotifySuccess = 2,
  kNotifyFailure = 4,
  kNotifyDelay = 8,
};
// RFC 3461 §4.3.
enum class ReturnContent : std::uint8_t { kUnsaid = 0, kFull = 1, kHeaders = 2 };
enum class BodyKind : std::uint8_t { k7Bit = 0, k8BitMime = 1, kBinaryMime = 2 };

// The seven states of a message.  The last four are final.
enum class OutboundState : std::uint8_t {
  kPending = 1,   // waits for somebody to release it
  kQueued = 2,    // ready, or with a worker, or waits for its hour
  kDeferred = 3,  // tried; at least one recipient is to be tried again
  kSent = 4,
  kPartiallySent = 5,
  kBounced = 6,   // all failed, a remote had a word in it
  kRejected = 7,  // all failed by our own decision
};
// "pending", "queued", "deferred", "sent", "partially_sent", "bounced", "rejected".
std::string_view outbound_state_name(OutboundState state);
bool is_final(OutboundState state);

enum class RecipientState : std::uint8_t { kWaiting = 1, kDelivered = 2, kFailed = 3 };

// What one attempt for one recipient came to.
struct AttemptResult {
  std::int64_t time = 0;
  std::uint16_t code = 0;  // SMTP; 4xx or 5xx of our own when nobody answered
  std::string status;      // RFC 3463: "4.4.1"
  std::string response;    // the remote's words, or ours; one line, at most 1000 octets
  std::string mx;          // the host that answered, or was asked; "" for none
  std::string ip;
  std::string tls;           // "TLS1.3 TLS_AES_256_GCM_SHA384 dane", "" for clear text
  bool from_remote = false;  // a remote said it
  bool was_relayed = false;  // delivered to a host that does not keep DSN's promise (RFC 3461 §5.3)
  std::uint32_t duration_ms = 0;
};

struct NewRecipient {
  std::string address;  // "user@example.com", as the client wrote it
  std::uint8_t notify = kNotifyUnsaid;
  std::string original;  // ORCPT decoded, "rfc822;user@example.com"; empty when not given
};

// A message as it comes to the queue.
struct NewOutbound {
  std::string id;             // our log's id of the message
  std::string envelope_from;  // empty: a bounce or notice, which bounces no more
  std::vector<NewRecipient> recipients;
  std::string envelope_id;  // ENVID decoded
  ReturnContent returns = ReturnContent::kUnsaid;
  BodyKind body = BodyKind::k7Bit;
  bool smtp_utf8 = false;
  bool require_tls = false;     // RFC 8689 §2
  bool tls_optional = false;    // RFC 8689 §5: "TLS-Required: No"
  std::int64_t not_before = 0;  // FUTURERELEASE (RFC 4865), or a Date to come
  std::int64_t expires = 0;     // 0: as the option says
  std::string header_from;      // the one address of From
  std::string message_id;       // Message-ID, in its angle brackets
  std::int64_t date = 0;        // Date
  std::string subject;          // UTF-8, for the owner's list
  std::string content;          // whole, CRLF, as it will go out but for signatures
  // Where an address here that it is for must not lead it on to: an address or a URL,
  // "*" for anywhere elsewhere, "" for no such place.
  std::string not_to{};
};

// What a worker must know of a message that came in from outside.
struct ForwardFacts {
  // The address the sender knows.  Notices name it and never a destination.
  std::string shown;
  // Somebody vouches for the envelope sender (SPF or DMARC): failures may be
  // told to it.  Else to nobody but the alias's people, as it may be forged.
  bool may_report = false;
  std::string auth_results;  // resinfo of Authentication-Results, for the ARC seal
  std::string arc_chain;     // "none", "pass", "fail": of the message as it came
  std::string webhook_json;  // an object with the members a webhook's payload adds; at most 64 KB
  // The author is proven and the message no junk: the domain that passes it on may
  // sign it.  Else its signature would lend the domain's name to a forger.
  bool may_sign = false;
  // One for all that becomes of the message as it came to us: what of it leads to one
  // place by two ways goes there once.  At most 128 octets; empty: its id.
  std::string origin{};
  std::uint32_t hops = 0;  // how often an address here has led it on since then
  bool operator==(const ForwardFacts&) const = default;
};

struct OutboundRecipient {
  std::uint32_t number = 0;  // within its message, from 0
  std::string address;
  // Its domain, A-labels, lower case, with "/port" when that is not 25; "host:port" for kHost,
  // "https://host" for kWebhook.
  std::string destination;
  DestinationKind kind = DestinationKind::kAddress;
  std::string host;  // for kHost
  std::uint16_t port = 25;
  std::string alias_id{};  // of a forward: the alias that names it; "" for one of DNS
  std::uint8_t notify = kNotifyUnsaid;
  std::string original;
  RecipientState state = RecipientState::kWaiting;
  std::uint32_t attempts = 0;
  std::int64_t next_attempt = 0;  // while waiting
  std::int64_t leased_until = 0;  // with a worker until then; 0: with none
  bool delay_told = false;        // a "delayed" notice went out
  bool is_untold = false;         // it failed in session: waits for its notice only
  AttemptResult last;
};

// A message as the queue keeps it, without its content.
struct Outbound {
  std::string id;
  OutboundState state = OutboundState::kQueued;
  bool is_held = false;      // an operator holds it
  bool is_redacted = false;  // its body was removed after the end
  // An operator ended it (kBounce, kRemove): who claims it tries nothing, reports
  // all its recipients as failed by our own decision, and notifies the sender.
  bool is_given_up = false;
  bool is_forward = false;  // it came in from outside, see model/forwarding.h
  std::string shown;        // of a forward: the address its sender knows
  std::string domain_id, user_id, alias_id;
  std::string envelope_from;
  std::string envelope_id;
  ReturnContent returns = ReturnContent::kUnsaid;
  BodyKind body = BodyKind::k7Bit;
  bool smtp_utf8 = false, require_tls = false, tls_optional = false;
  std::int64_t created = 0, not_before = 0, expires = 0, ended = 0;
  std::uint64_t size = 0;  // octets of content
  std::string header_from, message_id, subject;
  std::int64_t date = 0;
  std::string not_to;  // see NewOutbound
  std::vector<OutboundRecipient> recipients;
};

}  // namespace fwd::model

#endif
