// RCPT: one more recipient (RFC 5321 §4.1.1.3).
#include <utility>

#include "core/text.h"
#include "protocol/smtp/conversation.h"
#include "protocol/smtp/verbs.h"

namespace fwd::smtp {

// rcpt = "RCPT TO:" ( "<Postmaster@" Domain ">" / "<Postmaster>" / Forward-path )
//        [SP Rcpt-parameters] CRLF
Refusal check_rcpt(const Conversation& c, std::string_view arguments, Command& command) {
  if (!starts_with_word(arguments, "TO:")) return Reply{501, "5.5.4", "RCPT TO:<address>"};
  arguments.remove_prefix(3);
  auto path = format::parse_path(arguments, format::AddressCharset::kUtf8);
  if (!path.ok()) return Reply{553, "5.1.3", path.failure().public_text};
  if (path.value().null) return Reply{553, "5.1.3", "A recipient needs an address"};
  command.path = std::move(path).value();
  const bool ascii = is_ascii(arguments.substr(0, command.path.size));
  arguments.remove_prefix(command.path.size);
  const bool dsn = c.peer.extended && c.offers().dsn;
  const bool utf8 = c.exchange->mail.smtp_utf8;
  if (auto refusal = parse_rcpt_parameters(arguments, dsn, utf8, command.delivery)) return refusal;
  if (!ascii && !utf8)  // RFC 6531 §3.5
    return Reply{553, "5.6.7", "Such an address needs SMTPUTF8"};
  if (c.exchange->accepted >= c.context.limits.recipients)  // RFC 5321 §4.5.3.1.10
    return Reply{452, "4.5.3", "Too many recipients"};
  return std::nullopt;
}

Task<void> run_rcpt(Conversation& c, Command command) {
  Recipient recipient{std::move(command.path), command.delivery.notify,
                      std::move(command.delivery.original).value_or("")};
  auto asking = c.exchange->transaction->on_recipient(std::move(recipient));
  const Reply reply = co_await asking;
  if (reply.accepts()) {
    ++c.exchange->accepted;
    c.stage = kRcpt;
  } else {
    ++c.exchange->refused;
  }
  c.say(reply);
}

}  // namespace fwd::smtp
