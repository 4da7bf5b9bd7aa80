// MAIL: begins a transaction (RFC 5321 §4.1.1.2).
#include <utility>

#include "core/text.h"
#include "protocol/smtp/conversation.h"
#include "protocol/smtp/verbs.h"

namespace fwd::smtp {

// mail = "MAIL FROM:" Reverse-path [SP Mail-parameters] CRLF
Refusal check_mail(const Conversation& c, std::string_view arguments, Command& command) {
  if (!starts_with_word(arguments, "FROM:")) return Reply{501, "5.5.4", "MAIL FROM:<address>"};
  arguments.remove_prefix(5);
  auto path = format::parse_path(arguments, format::AddressCharset::kUtf8);
  if (!path.ok()) return Reply{553, "5.1.7", path.failure().public_text};
  if (!path.value().null && path.value().address.domain.empty())
    return Reply{553, "5.1.7", "A sender needs a domain"};
  command.path = std::move(path).value();
  const bool ascii = is_ascii(arguments.substr(0, command.path.size));
  arguments.remove_prefix(command.path.size);
  MailParameters& parameters = command.parameters;
  if (auto refusal = parse_mail_parameters(arguments, c.peer.extended, parameters)) return refusal;
  if (!ascii && !parameters.smtp_utf8)  // RFC 6531 §3.5
    return Reply{553, "5.6.7", "Such an address needs SMTPUTF8"};
  if (parameters.size.value_or(0) > c.context.limits.message_size)  // RFC 1870 §6.1
    return Reply{552, "5.3.4", "Message too big for this system"};
  return std::nullopt;
}

Task<void> run_mail(Conversation& c, Command command) {
  if (c.mails >= c.context.limits.transactions) {
    c.after = "too-many-transactions";
    c.say({421, "4.7.0", c.context.host + " Enough for one session", true});
    co_return;
  }
  const std::uint64_t declared = command.parameters.size.value_or(0);
  if (!c.context.budget.may_hold(static_cast<std::size_t>(declared) + 1)) {
    c.say({452, "4.3.1", "No memory for a message now, try again later"});
    co_return;
  }
  ++c.mails;
  Exchange exchange;
  exchange.mail = Mail{c.context.new_id(), std::move(command.path), command.parameters.size,
                       command.parameters.body, command.parameters.smtp_utf8};
  Admission admission = co_await c.context.policy.on_mail(c.peer, exchange.mail);
  if (admission.reply.accepts()) {
    exchange.transaction = std::move(admission.transaction);
    c.exchange = std::move(exchange);
    c.stage = kMail;
  }
  c.say(admission.reply);
}

}  // namespace fwd::smtp
