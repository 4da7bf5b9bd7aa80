#ifndef FWD_PROTOCOL_SMTP_POLICY_H
#define FWD_PROTOCOL_SMTP_POLICY_H

// What a daemon decides about a conversation: fwd-mxd and fwd-smtpd differ in
// their Policy and in nothing else.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/stream.h"
#include "core/task.h"
#include "format/address.h"
#include "protocol/smtp/reply.h"

namespace fwd::smtp {

// What is known of the other end.  Owned by the session, lives as long.
struct Peer {
  std::string session;            // the session's id in the log
  PeerAddress address;            // where it connects from
  std::string host;               // our own name
  std::string helo;               // its argument of HELO or EHLO; "" before, and after STARTTLS
  bool extended = false;          // it said EHLO
  const TlsState* tls = nullptr;  // never null once the session runs
};

enum class Body : std::uint8_t { k7Bit, k8BitMime, kBinaryMime };  // RFC 6152 §3, RFC 3030 §3

// What MAIL said.
struct Mail {
  std::string id;                     // of this message in the log, from here to IMAP
  format::Path sender;                // null for bounces
  std::optional<std::uint64_t> size;  // RFC 1870 §5: as declared
  Body body = Body::k7Bit;
  bool smtp_utf8 = false;  // RFC 6531 §3.4

  // "user@example.com", "" for the null path.
  std::string sender_text() const { return sender.null ? "" : sender.address.text(); }
};

// The daemon's half of one mail transaction.  Lives from MAIL to the end of
// the content; RSET, EHLO, STARTTLS and the end of the session destroy it.
class Transaction {
 public:
  virtual ~Transaction() = default;
  // Replies that do not accept drop this recipient only.  A domainless
  // Postmaster comes with an empty domain (RFC 5321 §4.5.1).
  virtual Task<Reply> on_recipient(format::Path recipient) = 0;
  // The whole content, dots unstuffed, without trace lines of ours.  Accepting
  // says: durable, for all accepted recipients (RFC 5321 §4.2.5).
  virtual Task<Reply> on_message(std::string content) = 0;
};

// `transaction` is set exactly when `reply` accepts.
struct Admission {
  Reply reply;
  std::unique_ptr<Transaction> transaction;
};

// One for all sessions of a daemon; must outlive them.
class Policy {
 public:
  virtual ~Policy() = default;
  // Before the greeting.  A reply that does not accept is sent in its place
  // and ends the session (RFC 5321 §3.1: 554; 421 for a while).
  virtual Task<Reply> on_connect(const Peer& peer) = 0;
  // `peer` outlives the transaction.
  virtual Task<Admission> on_mail(const Peer& peer, Mail mail) = 0;
};

}  // namespace fwd::smtp

#endif
