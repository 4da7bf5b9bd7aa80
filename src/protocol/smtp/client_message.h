#ifndef FWD_PROTOCOL_SMTP_CLIENT_MESSAGE_H
#define FWD_PROTOCOL_SMTP_CLIENT_MESSAGE_H

// A message for one transaction with a remote server, what came of it, and
// the commands that carry its envelope.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "model/outbound.h"
#include "protocol/smtp/client_content.h"
#include "protocol/smtp/client_extensions.h"
#include "protocol/smtp/client_reply.h"

namespace fwd::smtp {

struct ClientRecipient {
  std::string address;                         // "user@example.com"
  std::uint8_t notify = model::kNotifyUnsaid;  // bits of model::Notify
  std::string original;                        // "rfc822;user@example.com"; "" for none
};

struct ClientMessage {
  std::string sender;  // "" for the null path
  std::vector<ClientRecipient> recipients;
  std::string envelope_id;  // as the sender's client gave it; "" for none
  model::ReturnContent returns = model::ReturnContent::kUnsaid;
  model::BodyKind body = model::BodyKind::k7Bit;  // what the content truly is
  bool has_utf8_header = false;                   // its header, not only its body, holds UTF-8
  bool require_tls = false;                       // RFC 8689 §2
  ContentSource* content = nullptr;               // must outlive the transaction
};

// What came of one recipient.
struct RecipientOutcome {
  enum class Kind {
    kNotTried,  // the remote takes no more at once: send again on this connection
    kDelivered,
    kTemporary,
    kPermanent,
  };
  Kind kind = Kind::kNotTried;
  RemoteReply reply;         // the remote's, or our own words
  bool from_remote = false;  // whose words
};

struct SendResult {
  std::vector<RecipientOutcome> recipients;  // in the message's order
  // The connection ended, or made no sense any more: nothing more may be sent.
  bool lost = false;
  // It ended after the whole content was sent and before the answer: the
  // message may have been taken.  Its recipients are kTemporary.
  bool unknown = false;
  // The remote said 421, or fell silent before it took or refused the message:
  // another host may do better.
  bool may_try_elsewhere = false;
  bool keeps_dsn = false;        // it was told NOTIFY, RET and ENVID (RFC 3461 §5.2.2)
  bool is_mail_refused = false;  // MAIL was: the answer is nobody's in particular
  bool is_any_accepted = false;  // some RCPT was
};

// Why a message cannot be given to a server with these extensions, for all
// its recipients; nothing when it can.  In our own words, as a reply:
//   5.3.4   longer than the announced SIZE             RFC 1870 §6.1
//   5.6.1   BINARYMIME without BINARYMIME and CHUNKING RFC 3030 §3
//   5.6.3   8-bit content without 8BITMIME             RFC 6152 §3
//   5.6.7   SMTPUTF8 is needed and not offered         RFC 6531 §3.7.4.2
//   5.7.30  REQUIRETLS likewise                        RFC 8689 §4.2.1
std::optional<RemoteReply> cannot_take(const Extensions& offered, const ClientMessage& message);
// The same for one recipient: a local part beyond ASCII.
std::optional<RemoteReply> cannot_take(const Extensions& offered, const ClientRecipient& recipient);

// "MAIL FROM:<…> …" and "RCPT TO:<…> …" without line ends.  Addresses are read
// anew and written from their parts, values are xtext (RFC 3461 §4), so nothing
// in them can end a command or begin a parameter.  kBadInput: no address.
Outcome<std::string> mail_command(const Extensions& offered, const ClientMessage& message);
Outcome<std::string> rcpt_command(const Extensions& offered, const ClientRecipient& recipient);

// xtext (RFC 3461 §4): every octet but printable ASCII, and "+" and "=", as +HH.
std::string to_xtext(std::string_view octets);

}  // namespace fwd::smtp

#endif
