// One transaction with a remote server: envelope, content, answers.
//
//   MAIL, RCPT … --(one of them accepted)--> DATA or BDAT --> answer
//        |                                                      |
//        +--> none: RSET                     lost before it: unknown
#include <algorithm>
#include <utility>

#include "protocol/smtp/client.h"

namespace fwd::smtp {
namespace {

// Commands written before their answers are read.  A remote that answers at
// length must not fill both directions (RFC 2920 §3.1).
constexpr std::size_t kMostGroup = 8 * 1024;

RecipientOutcome outcome_of(const RemoteReply& reply, bool from_remote) {
  RecipientOutcome outcome;
  outcome.kind = reply.is_permanent() ? RecipientOutcome::Kind::kPermanent
                                      : RecipientOutcome::Kind::kTemporary;
  outcome.reply = reply;
  outcome.from_remote = from_remote;
  return outcome;
}

// Too many for one transaction, and welcome in the next (RFC 5321 §4.5.3.1.10).
bool is_too_many(const RemoteReply& reply) {
  return (reply.code == 452 || reply.code == 552) &&
         (reply.enhanced.empty() || reply.enhanced.ends_with(".5.3"));
}

RemoteReply own_words(const Failure& failure) {
  switch (failure.fault) {
    case Fault::kTimeout:
      return {451, "4.4.2", "The server was too slow: " + failure.private_text};
    case Fault::kBadInput:
    case Fault::kOverLimit:
      return {451, "4.5.0", "The server does not keep to the protocol: " + failure.private_text};
    default:
      return {451, "4.4.2", "The connection was lost: " + failure.private_text};
  }
}

}  // namespace

struct Client::Transaction {
  explicit Transaction(const ClientMessage& the_message) : message(the_message) {
    result.recipients.resize(message.recipients.size());
    is_accepted.resize(message.recipients.size());
  }

  const ClientMessage& message;
  SendResult result;
  std::vector<std::size_t> tried;     // whose RCPT stands in `commands`, in order
  std::vector<std::string> commands;  // MAIL, a RCPT for each of `tried`, perhaps DATA
  bool is_chunked = false;
  std::vector<bool> is_accepted;         // by the answer to RCPT
  std::size_t accepted = 0;              // how many
  std::optional<RemoteReply> data;       // the answer to DATA
  std::optional<RemoteReply> own_fault;  // why we broke off, in our words

  void settle(std::size_t recipient, const RemoteReply& reply, bool from_remote) {
    result.recipients[recipient] = outcome_of(reply, from_remote);
  }
  // The answer for all whose RCPT was accepted.
  void settle_accepted(const RemoteReply& reply, bool from_remote) {
    for (std::size_t i = 0; i < is_accepted.size(); ++i) {
      if (!is_accepted[i]) continue;
      settle(i, reply, from_remote);
      if (reply.accepts()) result.recipients[i].kind = RecipientOutcome::Kind::kDelivered;
    }
  }
  void settle_tried(const RemoteReply& reply, bool from_remote) {
    for (const std::size_t i : tried) settle(i, reply, from_remote);
  }
  // The conversation is over: who is not decided is to be tried again.
  void settle_lost(const RemoteReply& reply) {
    for (const std::size_t i : tried)
      if (is_accepted[i] || result.recipients[i].kind == RecipientOutcome::Kind::kNotTried)
        settle(i, reply, false);
    result.lost = true;
    result.may_try_elsewhere = !result.unknown && !own_fault;
  }
  // Whose commands can be written; the others are settled.
  void choose(const Extensions& offered);
  void note_rcpt(std::size_t recipient, const RemoteReply& reply);
};

void Client::Transaction::choose(const Extensions& offered) {
  const std::optional<RemoteReply> unfit = cannot_take(offered, message);
  const auto mail = mail_command(offered, message);
  commands.push_back(mail.ok() ? mail.value() : std::string());
  for (std::size_t i = 0; i < message.recipients.size(); ++i) {
    if (offered.rcpt_max > 0 && tried.size() >= offered.rcpt_max) break;
    const auto rcpt = rcpt_command(offered, message.recipients[i]);
    const auto refused = unfit ? unfit : cannot_take(offered, message.recipients[i]);
    if (refused) {
      settle(i, *refused, false);
    } else if (!mail.ok()) {
      settle(i, {553, "5.1.7", "The sender's address is not valid"}, false);
    } else if (!rcpt.ok()) {
      settle(i, {553, "5.1.3", "The address is not valid"}, false);
    } else {
      tried.push_back(i);
      commands.push_back(rcpt.value());
    }
  }
}

void Client::Transaction::note_rcpt(std::size_t recipient, const RemoteReply& reply) {
  if (result.is_mail_refused) return;  // whatever it says of RCPT then
  if (reply.accepts()) {
    is_accepted[recipient] = true;
    result.is_any_accepted = true;
    ++accepted;
  } else if (accepted == 0 || !is_too_many(reply)) {
    settle(recipient, reply, true);
  }
}

Task<SendResult> Client::send(const ClientMessage& message) {
  Transaction t(message);
  t.choose(extensions_);
  if (t.tried.empty()) co_return std::move(t.result);
  t.is_chunked = extensions_.chunking && message.content->size() > 0 &&
                 (message.body == model::BodyKind::kBinaryMime ||
                  message.content->size() >= options_.chunk_from);
  if (extensions_.pipelining && !t.is_chunked) t.commands.emplace_back("DATA");
  t.result.keeps_dsn = extensions_.dsn;
  ++transactions_;
  auto done = co_await send_envelope(t);
  if (done.ok()) done = co_await send_content(t);
  if (!done.ok()) t.settle_lost(t.own_fault ? *t.own_fault : own_words(done.failure()));
  co_return std::move(t.result);
}

Task<Outcome<void>> Client::write_commands(Transaction& t, std::size_t from, std::size_t to) {
  std::string octets;
  for (std::size_t i = from; i < to; ++i) octets += t.commands[i] + "\r\n";
  co_return co_await write(std::move(octets), options_.limits.mail, from == 0 ? "MAIL" : "RCPT");
}

Task<Outcome<void>> Client::read_answers(Transaction& t, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    const bool is_rcpt = i >= 1 && i <= t.tried.size();
    const std::string_view during = i == 0 ? "MAIL" : is_rcpt ? "RCPT" : "DATA";
    const auto limit = i == 0    ? options_.limits.mail
                       : is_rcpt ? options_.limits.rcpt
                                 : options_.limits.data_begin;
    const auto reply = co_await read_reply(during, limit);
    if (!reply.ok()) co_return reply.failure();
    if (is_rcpt) {
      t.note_rcpt(t.tried[i - 1], reply.value());
    } else if (i > 0) {
      t.data = reply.value();
    } else if (!reply.value().accepts()) {
      t.result.is_mail_refused = true;
      t.settle_tried(reply.value(), true);
      t.result.may_try_elsewhere = reply.value().code == 421;
    }
  }
  co_return Outcome<void>{};
}

Task<Outcome<void>> Client::send_envelope(Transaction& t) {
  std::size_t from = 0;
  while (from < t.commands.size() && !t.result.is_mail_refused) {
    const bool is_data = from > t.tried.size();
    if (is_data && t.accepted == 0) break;
    std::size_t to = from + 1;
    std::size_t octets = t.commands[from].size();
    while (extensions_.pipelining && to < t.commands.size() && octets < kMostGroup)
      octets += t.commands[to++].size();
    auto done = co_await write_commands(t, from, to);
    if (done.ok()) done = co_await read_answers(t, from, to);
    if (!done.ok()) co_return done;
    from = to;
  }
  co_return Outcome<void>{};
}

Task<Outcome<void>> Client::send_content(Transaction& t) {
  if (t.accepted > 0 && t.is_chunked) co_return co_await send_chunks(t);
  if (t.accepted > 0 && !t.data) {
    std::string command = "DATA";
    const auto reply = co_await ask(std::move(command), "DATA", options_.limits.data_begin);
    if (!reply.ok()) co_return reply.failure();
    t.data = reply.value();
  }
  if (t.data && t.data->accepts())
    co_return over({Fault::kBadInput, "", "neither yes nor no: " + t.data->line()}, "DATA");
  if (!t.data || !t.data->asks_for_more()) {
    if (t.data) t.settle_accepted(*t.data, true);
    co_return co_await drop_transaction(t);
  }
  if (t.accepted > 0) co_return co_await send_data(t);
  // It wants content for nobody (RFC 2920 §3.1): give it none.
  std::string dot = ".";
  const auto reply = co_await ask(std::move(dot), "content", options_.limits.data_end);
  if (!reply.ok()) co_return reply.failure();
  co_return Outcome<void>{};
}

Task<Outcome<void>> Client::drop_transaction(Transaction& t) {
  const auto reply = co_await reset();
  if (!reply.ok()) t.result.lost = true;  // everything is decided already
  co_return Outcome<void>{};
}

// Breaks off in our own words: without an end of content nothing was sent.
Failure Client::give_up(Transaction& t, RemoteReply words, std::string_view why) {
  t.own_fault = std::move(words);
  return over({Fault::kUnavailable, "", std::string(why)}, "content");
}

Task<Outcome<std::string>> Client::read_slice(Transaction& t, std::uint64_t offset,
                                              std::size_t most) {
  auto slice = co_await t.message.content->read(offset, most);
  if (!slice.ok() || slice.value().empty())
    co_return give_up(t, {451, "4.3.0", "The message could not be read from the queue"},
                      "the message cannot be read");
  co_return slice;
}

Task<Outcome<void>> Client::send_data(Transaction& t) {
  const RemoteReply bare{554, "5.6.0", "The message holds a bare CR or LF"};
  DotStuffer stuffer;
  for (std::uint64_t offset = 0; offset < t.message.content->size();) {
    const auto slice = co_await read_slice(t, offset, options_.slice);
    if (!slice.ok()) co_return slice.failure();
    offset += slice.value().size();
    auto stuffed = stuffer.stuff(slice.value());
    if (!stuffed.ok()) co_return give_up(t, bare, "bare CR or LF");
    const auto written = co_await write_content(t, std::move(stuffed).value());
    if (!written.ok()) co_return written.failure();
  }
  auto end = stuffer.finish();
  if (!end.ok()) co_return give_up(t, bare, "bare CR or LF");
  t.result.unknown = true;
  end_ = Instant::max();  // who stops listening now sends it twice
  const auto written = co_await write_content(t, std::move(end).value());
  if (!written.ok()) co_return written.failure();
  co_return co_await read_verdict(t);
}

// Writes content; when the remote closes in the midst of it, what it said
// while doing so is the answer.
Task<Outcome<void>> Client::write_content(Transaction& t, std::string octets) {
  const auto written = co_await write(std::move(octets), options_.limits.data_block, "content");
  if (written.ok()) co_return written;
  const auto words = co_await read_reply("content", options_.limits.quit);
  if (words.ok() && words.value().code >= 400) {
    t.settle_accepted(words.value(), true);
    std::fill(t.is_accepted.begin(), t.is_accepted.end(), false);
    t.result.unknown = false;
  }
  co_return written;
}

Task<Outcome<void>> Client::read_verdict(Transaction& t) {
  const auto reply = co_await read_reply("end of content", options_.limits.data_end);
  if (!reply.ok()) co_return reply.failure();
  t.result.unknown = false;
  t.settle_accepted(reply.value(), true);
  co_return Outcome<void>{};
}

// bdat-cmd = "BDAT" SP chunk-size [ SP "LAST" ] CR LF (RFC 3030 §2)
Task<Outcome<void>> Client::send_chunks(Transaction& t) {
  const bool is_text = t.message.body != model::BodyKind::kBinaryMime;
  LineEndGuard guard;
  std::uint64_t offset = 0;
  while (offset < t.message.content->size()) {
    auto chunk = co_await read_slice(t, offset, options_.chunk);
    if (!chunk.ok()) co_return chunk.failure();
    offset += chunk.value().size();
    const bool last = offset >= t.message.content->size();
    if (is_text && (!guard.pass(chunk.value()) || (last && !guard.finish())))
      co_return give_up(t, {554, "5.6.0", "The message holds a bare CR or LF"}, "bare CR or LF");
    std::string command =
        "BDAT " + std::to_string(chunk.value().size()) + (last ? " LAST\r\n" : "\r\n");
    auto written = co_await write_content(t, std::move(command));
    if (!written.ok()) co_return written;
    t.result.unknown = last;
    if (last) end_ = Instant::max();
    written = co_await write_content(t, std::move(chunk).value());
    if (!written.ok()) co_return written;
    if (last) break;
    const auto reply = co_await read_reply("BDAT", options_.limits.data_end);
    if (!reply.ok()) co_return reply.failure();
    if (reply.value().accepts()) continue;
    t.settle_accepted(reply.value(), true);
    co_return co_await drop_transaction(t);
  }
  co_return co_await read_verdict(t);
}

}  // namespace fwd::smtp
