// HELO and EHLO: who the peer says it is, and what we offer (RFC 5321 §4.1.1.1).
#include <utility>

#include "model/date.h"
#include "protocol/sasl/exchange.h"
#include "protocol/smtp/conversation.h"
#include "protocol/smtp/host_name.h"
#include "protocol/smtp/verbs.h"

namespace fwd::smtp {
namespace {

// A new greeting drops what was begun (RFC 5321 §4.1.4).
void begin(Conversation& c, std::string name, bool extended) {
  c.reset();
  c.peer.helo = std::move(name);
  c.peer.extended = extended;
  c.stage = kReady;
}

void announce_offers(const Conversation& c, std::string& text) {
  const Offers offers = c.offers();
  const TlsState& tls = c.stream.tls();
  if (offers.login && tls.active && !c.peer.logged_in) {
    text += "\nAUTH ";
    if (sasl::has_channel_binding(tls)) text += "SCRAM-SHA-256-PLUS ";
    text += "SCRAM-SHA-256 PLAIN LOGIN";
  }
  if (offers.dsn) text += "\nDSN";
  if (offers.require_tls && tls.active) text += "\nREQUIRETLS";
  if (offers.hold.count() > 0) {
    const std::int64_t latest = unix_seconds(c.context.clock.wall() + offers.hold);
    text += "\nFUTURERELEASE " + std::to_string(offers.hold.count()) + " " +
            model::format_date({latest * 1000});
  }
}

}  // namespace

// ehlo = "EHLO" SP ( Domain / address-literal ) CRLF
// No enhanced code in any answer to HELO and EHLO (RFC 2034 §4).
Refusal check_helo(const Conversation&, std::string_view arguments, Command& command) {
  if (!is_host_name(arguments)) return Reply{501, "", "Say your host name or address literal"};
  command.name = arguments;
  return std::nullopt;
}

Task<void> run_helo(Conversation& c, Command command) {
  begin(c, std::move(command.name), false);
  c.say({250, "", c.context.host});
  co_return;
}

Task<void> run_ehlo(Conversation& c, Command command) {
  begin(c, std::move(command.name), true);
  const Limits& limits = c.context.limits;
  std::string text = c.context.host;
  text += "\nPIPELINING\nSIZE " + std::to_string(limits.message_size);
  if (c.stream.may_start_tls()) text += "\nSTARTTLS";
  text += "\nENHANCEDSTATUSCODES\n8BITMIME\nBINARYMIME\nCHUNKING\nSMTPUTF8\nLIMITS RCPTMAX=" +
          std::to_string(limits.recipients) + " MAILMAX=" + std::to_string(limits.transactions);
  announce_offers(c, text);
  c.say({250, "", text});
  co_return;
}

}  // namespace fwd::smtp
