// DATA: the content as lines, ended by a dot (RFC 5321 §4.1.1.4).
#include "protocol/smtp/conversation.h"
#include "protocol/smtp/verbs.h"

namespace fwd::smtp {

Refusal check_data(const Conversation& c, std::string_view arguments, Command&) {
  if (!arguments.empty()) return Reply{501, "5.5.4", "Takes no argument"};
  if (c.exchange->accepted == 0 && c.exchange->refused > 0)
    return Reply{554, "5.5.1", "No valid recipients"};
  if (c.exchange->accepted == 0) return Reply{503, "5.5.1", "RCPT first"};
  if (c.exchange->mail.body == Body::kBinaryMime)  // RFC 3030 §3
    return Reply{503, "5.5.1", "BINARYMIME needs BDAT"};
  return std::nullopt;
}

Task<void> run_data(Conversation& c, Command) {
  c.say({354, "", "Go on, end with <CRLF>.<CRLF>"});
  const bool heard = co_await c.flush();
  if (!heard) co_return;
  const Limits& limits = c.context.limits;
  ContentBuffer content(c.context.budget, limits.message_size, c.exchange->mail.size.value_or(0));
  DotReader dots(limits.text_line);
  while (!dots.done()) {
    const bool more = co_await c.wait_input();
    if (!more) co_return;
    c.reader.take(dots.feed(c.reader.buffered(), content));
    if (content.seen() > limits.content() && !dots.done()) {
      c.after = "content-without-end";
      c.say({552, "5.3.4", "Message far too big for this system", true});
      co_return;
    }
  }
  co_await c.finish_message(content, dots.fault());
}

}  // namespace fwd::smtp
