// Talks to a remote server: replies, greeting, EHLO, STARTTLS, RSET, QUIT.
#include "protocol/smtp/client.h"

#include <algorithm>
#include <utility>

namespace fwd::smtp {
namespace {

// EHLO is not known there (RFC 5321 §3.2); 421 and other 4xx are no such answer.
bool knows_no_ehlo(const RemoteReply& reply) { return reply.is_permanent(); }

}  // namespace

Client::Client(Stream& stream, Clock& clock, ClientOptions options)
    : stream_(stream),
      clock_(clock),
      options_(std::move(options)),
      reader_(stream, clock, options_.limits.data_end),
      replies_(options_.limits.reply) {}

Instant Client::end_of(std::chrono::milliseconds limit) const {
  return std::min(clock_.now() + limit, end_);
}

Failure Client::over(Failure why, std::string_view during) {
  stage_ = Stage::kOver;
  why.private_text = std::string(during) + ": " + why.private_text;
  return why;
}

// One line, its line end taken off.  LF alone ends it, too: some old servers
// write that, and a client has nothing to lose by understanding them.
Task<Outcome<std::string>> Client::next_line() {
  std::size_t searched = 0;
  for (;;) {
    const std::string_view have = reader_.buffered();
    const std::size_t lf = have.find('\n', searched);
    if (lf != std::string_view::npos && lf <= options_.limits.reply.line) {
      std::string line(have.substr(0, lf));
      if (line.ends_with('\r')) line.pop_back();
      reader_.take(lf + 1);
      co_return line;
    }
    if (have.size() > options_.limits.reply.line)
      co_return Failure{Fault::kOverLimit, "", "a line of the reply has no end"};
    searched = have.size();
    const auto more = co_await reader_.fill();
    if (!more.ok()) co_return more.failure();
    if (!more.value()) co_return Failure{Fault::kClosed, "", "the remote has closed"};
  }
}

Task<Outcome<RemoteReply>> Client::next_reply() {
  for (;;) {
    const auto line = co_await next_line();
    if (!line.ok()) co_return line.failure();
    switch (replies_.add(line.value())) {
      case ReplyReader::State::kMore:
        continue;
      case ReplyReader::State::kWhole:
        co_return replies_.reply();
      case ReplyReader::State::kTooMuch:
        co_return Failure{Fault::kOverLimit, "", "the reply has no end"};
      case ReplyReader::State::kBroken:
        co_return Failure{Fault::kBadInput, "",
                          "this is no reply: " + clean_words(line.value(), 200)};
    }
  }
}

Task<Outcome<RemoteReply>> Client::read_reply(std::string_view during,
                                              std::chrono::milliseconds limit) {
  auto reading = next_reply();
  auto got = co_await before(clock_, end_of(limit), std::move(reading));
  if (!got) co_return over({Fault::kTimeout, "", "no answer in time"}, during);
  if (!got->ok()) co_return over(got->failure(), during);
  co_return std::move(*got);
}

Task<Outcome<void>> Client::write(std::string octets, std::chrono::milliseconds limit,
                                  std::string_view during) {
  auto writing = stream_.write(octets);
  auto done = co_await before(clock_, end_of(limit), std::move(writing));
  if (!done) co_return over({Fault::kTimeout, "", "the remote takes nothing"}, during);
  if (!done->ok()) co_return over(done->failure(), during);
  co_return Outcome<void>{};
}

Task<Outcome<RemoteReply>> Client::ask(std::string command, std::string_view during,
                                       std::chrono::milliseconds limit) {
  command += "\r\n";
  const auto written = co_await write(std::move(command), limit, during);
  if (!written.ok()) co_return written.failure();
  co_return co_await read_reply(during, limit);
}

Task<Outcome<RemoteReply>> Client::greet() {
  auto reply = co_await read_reply("greeting", options_.limits.greeting);
  if (reply.ok() && reply.value().accepts()) stage_ = Stage::kGreeted;
  co_return reply;
}

Task<Outcome<RemoteReply>> Client::hello() {
  extensions_ = {};
  std::string command = "EHLO " + options_.host;
  auto reply = co_await ask(std::move(command), "EHLO", options_.limits.hello);
  if (!reply.ok()) co_return reply;
  if (reply.value().accepts()) {
    extensions_ = parse_extensions(reply.value().text);
    // Outside TLS it is no offer (RFC 8689 §2).
    extensions_.require_tls = extensions_.require_tls && stream_.tls().active;
    stage_ = Stage::kReady;
    co_return reply;
  }
  if (!knows_no_ehlo(reply.value())) co_return reply;
  command = "HELO " + options_.host;
  auto plain = co_await ask(std::move(command), "HELO", options_.limits.hello);
  if (plain.ok() && plain.value().accepts()) stage_ = Stage::kReady;
  co_return plain;
}

Task<Outcome<RemoteReply>> Client::start_tls(Handshake& handshake) {
  std::string command = "STARTTLS";
  auto reply = co_await ask(std::move(command), "STARTTLS", options_.limits.hello);
  if (!reply.ok() || reply.value().code != 220) co_return reply;
  // Whatever came before the handshake may be a stranger's (RFC 3207 §4.2).
  reader_.discard();
  extensions_ = {};
  stage_ = Stage::kGreeted;
  const auto shaken = co_await handshake.shake_hands();
  if (!shaken.ok())
    co_return over({Fault::kDenied, "", shaken.failure().private_text}, "TLS handshake");
  co_return reply;
}

Task<Outcome<RemoteReply>> Client::reset() {
  std::string command = "RSET";
  co_return co_await ask(std::move(command), "RSET", options_.limits.quit);
}

Task<void> Client::quit() {
  if (stage_ == Stage::kOver) co_return;
  end_ = Instant::max();
  std::string command = "QUIT";
  const auto reply = co_await ask(std::move(command), "QUIT", options_.limits.quit);
  static_cast<void>(reply);
  stage_ = Stage::kOver;
}

bool Client::may_send() const {
  if (stage_ != Stage::kReady) return false;
  return extensions_.mail_max == 0 || transactions_ < extensions_.mail_max;
}

}  // namespace fwd::smtp
