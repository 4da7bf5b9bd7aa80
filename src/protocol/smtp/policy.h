#ifndef FWD_PROTOCOL_SMTP_POLICY_H
#define FWD_PROTOCOL_SMTP_POLICY_H

// What a daemon decides about a conversation: fwd-mxd and fwd-smtpd differ in
// their Policy and in nothing else.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/outcome.h"
#include "core/stream.h"
#include "core/task.h"
#include "format/address.h"
#include "model/outbound.h"
#include "protocol/sasl/keeper.h"
#include "protocol/smtp/reply.h"

namespace fwd::smtp {

// What is known of the other end.  Owned by the session, lives as long.
struct Peer {
  std::string session;            // the session's id in the log
  PeerAddress address;            // where it connects from
  std::string host;               // our own name
  std::string helo;               // its argument of HELO or EHLO; "" before, and after STARTTLS
  bool extended = false;          // it said EHLO
  bool logged_in = false;         // by AUTH; for the rest of the session
  const TlsState* tls = nullptr;  // never null once the session runs
};

// What a policy keeps beyond the promises that every session keeps.  Nothing
// is announced, and no parameter taken, that is not here.
struct Offers {
  bool login = false;        // AUTH (RFC 4954), inside TLS; mail is taken only behind it
  bool dsn = false;          // RFC 3461
  bool require_tls = false;  // RFC 8689; announced inside TLS only
  // The peer is known to be no robot: it may talk on where others must wait for
  // an answer (RFC 2920 §3.1).  STARTTLS drops what came before all the same.
  bool early_talk = false;
  // FUTURERELEASE (RFC 4865): the longest a message may be held; 0: not at all.
  std::chrono::seconds hold{0};
};

enum class Body : std::uint8_t { k7Bit, k8BitMime, kBinaryMime };  // RFC 6152 §3, RFC 3030 §3

// What MAIL said.
struct Mail {
  std::string id;                     // of this message in the log, from here to IMAP
  format::Path sender;                // null for bounces
  std::optional<std::uint64_t> size;  // RFC 1870 §5: as declared
  Body body = Body::k7Bit;
  bool smtp_utf8 = false;   // RFC 6531 §3.4
  std::string envelope_id;  // ENVID decoded: printable ASCII (RFC 3461 §4.4)
  model::ReturnContent returns = model::ReturnContent::kUnsaid;  // RET (RFC 3461 §4.3)
  bool require_tls = false;                                      // RFC 8689 §2
  // HOLDFOR, HOLDUNTIL (RFC 4865): milliseconds since 1970; 0: go at once.
  std::int64_t not_before = 0;

  // "user@example.com", "" for the null path.
  std::string sender_text() const { return sender.null ? "" : sender.address.text(); }
};

// What RCPT said.
struct Recipient {
  // A domainless Postmaster has an empty domain (RFC 5321 §4.5.1).
  format::Path path;
  std::uint8_t notify = model::kNotifyUnsaid;  // NOTIFY (RFC 3461 §4.1)
  // ORCPT decoded, "rfc822;user@example.com" (RFC 3461 §4.2): no controls in it.
  std::string original;
};

// The daemon's half of one mail transaction.  Lives from MAIL to the end of
// the content; RSET, EHLO, STARTTLS and the end of the session destroy it.
class Transaction {
 public:
  virtual ~Transaction() = default;
  // Replies that do not accept drop this recipient only.
  virtual Task<Reply> on_recipient(Recipient recipient) = 0;
  // The whole content, dots unstuffed, without trace lines of ours.  Accepting
  // says: durable, for all accepted recipients (RFC 5321 §4.2.5).
  virtual Task<Reply> on_message(std::string content) = 0;
};

// `transaction` is set exactly when `reply` accepts.
struct Admission {
  Reply reply;
  std::unique_ptr<Transaction> transaction;
};

// One for all sessions of a daemon, or, where AUTH is kept, one for each; must
// outlive them.
class Policy {
 public:
  virtual ~Policy() = default;
  // Before the greeting.  A reply that does not accept is sent in its place
  // and ends the session (RFC 5321 §3.1: 554; 421 for a while).
  virtual Task<Reply> on_connect(const Peer& peer) = 0;
  // `peer` outlives the transaction.
  virtual Task<Admission> on_mail(const Peer& peer, Mail mail) = 0;

  // The same for the whole of a session.
  virtual Offers offers(const Peer& peer) const {
    (void)peer;
    return {};
  }
  // Who checks AUTH; lives as long as the policy.  Never null when login is offered.
  virtual sasl::Keeper* keeper(const Peer& peer) {
    (void)peer;
    return nullptr;
  }
  // An AUTH has ended well (`failure` null), or the keeper refused.
  virtual void on_login(const Peer& peer, std::string_view mechanism, const Failure* failure) {
    (void)peer, (void)mechanism, (void)failure;
  }
};

}  // namespace fwd::smtp

#endif
