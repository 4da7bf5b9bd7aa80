// BDAT: the content in counted chunks (RFC 3030 §2).
#include <algorithm>

#include "core/text.h"
#include "protocol/smtp/conversation.h"
#include "protocol/smtp/verbs.h"

namespace fwd::smtp {
namespace {

// Why this chunk is not welcome, if so; its octets must be read all the same.
Refusal refuse_chunk(const Conversation& c) {
  if (c.stage == kGreeted || c.stage == kReady) return Reply{503, "5.5.1", "MAIL first"};
  if (c.exchange->accepted == 0 && c.exchange->refused > 0)
    return Reply{554, "5.5.1", "No valid recipients"};
  if (c.exchange->accepted == 0) return Reply{503, "5.5.1", "RCPT first"};
  return std::nullopt;
}

// What is wrong with the chunks so far; final, whatever may follow.
Refusal refuse_chunks(const ContentBuffer& chunks) {
  if (chunks.over_limit()) return Reply{552, "5.3.4", "Message too big for this system"};
  if (chunks.out_of_memory())
    return Reply{452, "4.3.1", "No memory for a message now, try again later"};
  return std::nullopt;
}

// Reads the chunk's octets into `exchange`, or nowhere.
Task<bool> read_chunk(Conversation& c, std::uint64_t octets, Exchange* exchange) {
  while (octets > 0) {
    const bool more = co_await c.wait_input();
    if (!more) co_return false;
    const auto piece = c.reader.buffered().substr(
        0, static_cast<std::size_t>(std::min<std::uint64_t>(octets, SIZE_MAX)));
    if (exchange != nullptr) {
      exchange->chunks->append(piece);
      if (exchange->chunk_text) {
        for (std::size_t at = 0; at < piece.size();)
          at = exchange->chunk_text->scan_line(piece, at);
        exchange->chunk_text->scan_octets(piece);
      }
    }
    octets -= piece.size();
    c.reader.take(piece.size());
  }
  co_return true;
}

void begin_chunks(Conversation& c) {
  const Limits& limits = c.context.limits;
  Exchange& exchange = *c.exchange;
  exchange.chunks = std::make_unique<ContentBuffer>(c.context.budget, limits.message_size,
                                                    exchange.mail.size.value_or(0));
  if (exchange.mail.body != Body::kBinaryMime) exchange.chunk_text.emplace(limits.text_line);
  c.stage = kChunks;
}

Task<void> take_chunk(Conversation& c, Command command) {
  if (!c.exchange->chunks) begin_chunks(c);
  const bool whole = co_await read_chunk(c, command.octets, &*c.exchange);
  if (!whole) co_return;
  Exchange& exchange = *c.exchange;
  if (command.last) {
    if (exchange.chunk_text) exchange.chunk_text->finish();
    const auto fault = exchange.chunk_text ? exchange.chunk_text->fault() : ContentFault::kNone;
    const auto chunks = std::move(exchange.chunks);
    co_await c.finish_message(*chunks, fault);
    co_return;
  }
  // A broken chunk ends the transaction: what follows is answered 503.
  if (const auto refusal = refuse_chunks(*exchange.chunks)) {
    c.reset();
    c.say(*refusal);
    co_return;
  }
  c.say({250, "2.0.0", std::to_string(command.octets) + " octets received"});
}

}  // namespace

// bdat-cmd = "BDAT" SP chunk-size [ SP end-marker ] CRLF
// Without a size we cannot know where the next command begins, so a broken
// BDAT ends the session.
Refusal check_bdat(const Conversation& c, std::string_view arguments, Command& command) {
  const auto words = split(arguments, ' ');
  const auto octets = words.empty() ? std::nullopt : parse_number(words[0]);
  command.last = words.size() == 2 && same_word(words[1], "LAST");
  if (!octets || words.size() > (command.last ? 2U : 1U))
    return Reply{501, "5.5.4", "BDAT size [LAST]", true};
  const std::uint64_t before = c.exchange && c.exchange->chunks ? c.exchange->chunks->seen() : 0;
  const std::uint64_t most = c.context.limits.content();
  if (*octets > most || before + *octets > most)
    return Reply{552, "5.3.4", "Message far too big for this system", true};
  command.octets = *octets;
  return std::nullopt;
}

Task<void> run_bdat(Conversation& c, Command command) {
  const Refusal refusal = refuse_chunk(c);
  if (!refusal) {
    co_await take_chunk(c, std::move(command));
    co_return;
  }
  const bool whole = co_await read_chunk(c, command.octets, nullptr);
  if (whole) c.say(*refusal);
}

}  // namespace fwd::smtp
