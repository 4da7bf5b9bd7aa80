// MAIL: begins a transaction (RFC 5321 §4.1.1.2).
#include <utility>

#include "core/text.h"
#include "protocol/smtp/conversation.h"
#include "protocol/smtp/verbs.h"

namespace fwd::smtp {
namespace {

OfferedParameters offered(const Conversation& c) {
  const Offers offers = c.offers();
  OfferedParameters out;
  out.extended = c.peer.extended;
  out.auth = offers.login;
  out.dsn = offers.dsn;
  out.require_tls = offers.require_tls && c.stream.tls().active;
  out.hold = offers.hold.count() > 0;
  return out;
}

// RFC 4865 §4: beyond what EHLO announced.
Refusal refuse_hold(const Conversation& c, const MailParameters& parameters) {
  const auto most = c.offers().hold.count();
  const std::int64_t now = unix_seconds(c.context.clock.wall());
  if (parameters.hold_for.value_or(0) <= static_cast<std::uint64_t>(most) &&
      parameters.hold_until.value_or(0) <= now + most)
    return std::nullopt;
  return Reply{501, "5.5.4", "Held for at most " + std::to_string(most) + " seconds"};
}

Mail make_mail(const Conversation& c, Command& command) {
  MailParameters& said = command.parameters;
  Mail mail;
  mail.id = c.context.new_id();
  mail.sender = std::move(command.path);
  mail.size = said.size;
  mail.body = said.body;
  mail.smtp_utf8 = said.smtp_utf8;
  mail.envelope_id = std::move(said.envelope_id).value_or("");
  mail.returns = said.returns;
  mail.require_tls = said.require_tls;
  const WallTime now = c.context.clock.wall();
  if (said.hold_for)
    mail.not_before = unix_milliseconds(now + std::chrono::seconds(*said.hold_for));
  else if (said.hold_until && *said.hold_until > unix_seconds(now))
    mail.not_before = *said.hold_until * 1000;
  return mail;
}

}  // namespace

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
  if (auto refusal = parse_mail_parameters(arguments, offered(c), parameters)) return refusal;
  if (!ascii && !parameters.smtp_utf8)  // RFC 6531 §3.5
    return Reply{553, "5.6.7", "Such an address needs SMTPUTF8"};
  if (parameters.size.value_or(0) > c.context.limits.message_size)  // RFC 1870 §6.1
    return Reply{552, "5.3.4", "Message too big for this system"};
  return refuse_hold(c, parameters);
}

Task<void> run_mail(Conversation& c, Command command) {
  if (c.mails >= c.context.limits.transactions) {
    c.after = "too-many-transactions";
    c.say({421, "4.7.0", c.context.host + " Enough for one session", true});
    co_return;
  }
  const std::uint64_t declared = command.parameters.size.value_or(0);
  if (!c.context.budget.has_room(static_cast<std::size_t>(declared) + 1)) {
    c.say({452, "4.3.1", "No memory for a message now, try again later"});
    co_return;
  }
  ++c.mails;
  Exchange exchange;
  exchange.mail = make_mail(c, command);
  Admission admission = co_await c.context.policy.on_mail(c.peer, exchange.mail);
  if (admission.reply.accepts()) {
    exchange.transaction = std::move(admission.transaction);
    c.exchange = std::move(exchange);
    c.stage = kMail;
  }
  c.say(admission.reply);
}

}  // namespace fwd::smtp
