#ifndef FWD_PROTOCOL_SMTP_VERBS_H
#define FWD_PROTOCOL_SMTP_VERBS_H

// The verb table's shape; its rows are in verbs.cc.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/task.h"
#include "format/address.h"
#include "protocol/sasl/exchange.h"
#include "protocol/smtp/parameters.h"
#include "protocol/smtp/reply.h"

namespace fwd::smtp {

struct Conversation;

// What a check understood of a command's arguments.
struct Command {
  std::string name;                          // HELO, EHLO: the peer's name
  format::Path path;                         // MAIL, RCPT
  MailParameters parameters;                 // MAIL
  RcptParameters delivery;                   // RCPT
  std::optional<sasl::Mechanism> mechanism;  // AUTH
  std::optional<std::string> initial;        // AUTH: base64; a secret
  std::uint64_t octets = 0;                  // BDAT
  bool last = false;                         // BDAT
};

// A refusal, or nothing: go on.
using Refusal = std::optional<Reply>;

// `check` looks, at the order of commands and at their grammar, and fills
// `command`; `run` acts.  `arguments` are without the space behind the verb.
struct Verb {
  std::string_view name;
  std::uint8_t stages;
  bool ends_group;   // RFC 2920 §3.1: nothing may have come behind it
  bool needs_login;  // where AUTH is offered: 530 before it (RFC 4954 §6)
  Refusal (*check)(const Conversation& c, std::string_view arguments, Command& command);
  Task<void> (*run)(Conversation& c, Command command);
};

// Finds `name` without regard to case, or gives nullptr.
const Verb* find_verb(std::string_view name);

Refusal check_helo(const Conversation& c, std::string_view arguments, Command& command);
Refusal check_starttls(const Conversation& c, std::string_view arguments, Command& command);
Refusal check_auth(const Conversation& c, std::string_view arguments, Command& command);
Refusal check_mail(const Conversation& c, std::string_view arguments, Command& command);
Refusal check_rcpt(const Conversation& c, std::string_view arguments, Command& command);
Refusal check_data(const Conversation& c, std::string_view arguments, Command& command);
Refusal check_bdat(const Conversation& c, std::string_view arguments, Command& command);
Refusal check_vrfy(const Conversation& c, std::string_view arguments, Command& command);
Refusal check_bare(const Conversation& c, std::string_view arguments, Command& command);
Refusal check_any(const Conversation& c, std::string_view arguments, Command& command);

Task<void> run_helo(Conversation& c, Command command);
Task<void> run_ehlo(Conversation& c, Command command);
Task<void> run_starttls(Conversation& c, Command command);
Task<void> run_auth(Conversation& c, Command command);
Task<void> run_mail(Conversation& c, Command command);
Task<void> run_rcpt(Conversation& c, Command command);
Task<void> run_data(Conversation& c, Command command);
Task<void> run_bdat(Conversation& c, Command command);
Task<void> run_rset(Conversation& c, Command command);
Task<void> run_noop(Conversation& c, Command command);
Task<void> run_quit(Conversation& c, Command command);
Task<void> run_vrfy(Conversation& c, Command command);
Task<void> run_expn(Conversation& c, Command command);
Task<void> run_help(Conversation& c, Command command);

}  // namespace fwd::smtp

#endif
