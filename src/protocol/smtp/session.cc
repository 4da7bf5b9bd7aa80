// The course of a conversation: greeting, commands, the end.
#include "protocol/smtp/session.h"

#include <exception>
#include <utility>

#include "core/first_of.h"
#include "core/text.h"
#include "core/wipe.h"
#include "protocol/smtp/conversation.h"
#include "protocol/smtp/verbs.h"

namespace fwd::smtp {
namespace {

Task<void> wait_for(Event& event) { co_await event.wait(); }

Reply out_of_order(const Conversation& c) {
  switch (c.stage) {
    case kGreeted:
      return {503, "5.5.1", "EHLO first"};
    case kReady:
      return {503, "5.5.1", "MAIL first"};
    case kMail:
    case kRcpt:
      return {503, "5.5.1", "Not inside a transaction"};
    case kChunks:
      return {503, "5.5.1", "BDAT or RSET now"};
  }
  return {503, "5.5.1", "Not now"};
}

}  // namespace

Session::Session(Stream& stream, const SessionContext& context)
    : conversation_(std::make_unique<Conversation>(stream, context)) {}

Session::~Session() = default;

Task<void> Session::run() {
  Conversation& c = *conversation_;
  std::optional<std::string> bug;
  try {
    co_await c.talk();
  } catch (const std::exception& error) {
    bug = error.what();
  }
  if (bug) {
    c.context.log.error("smtp.session.bug",
                        {{"s", c.peer.session}, {"after", c.after}, {"what", *bug}});
    c.after = "bug";
    c.reset();
    c.say({421, "4.3.0", c.context.host + " Temporary trouble on this side", true});
  }
  co_await c.flush();
  c.reset();
  c.stream.close();
  c.log_end();
}

void Conversation::log_end() const {
  const TlsState& tls = stream.tls();
  context.log.event("smtp.session.end", {{"s", peer.session},
                                         {"peer", peer.address.ip},
                                         {"helo", peer.helo},
                                         {"tls", tls.active ? tls.version : "no"},
                                         {"after", after},
                                         {"commands", std::to_string(commands)},
                                         {"errors", std::to_string(errors)},
                                         {"mails", std::to_string(mails)},
                                         {"accepted", std::to_string(delivered)}});
}

Task<void> Conversation::talk() {
  const bool greeted = co_await greet();
  if (!greeted) co_return;
  while (!ended) {
    auto line = co_await next_line(context.limits.command_line);
    if (!line) co_return;
    co_await obey(std::move(*line));
  }
}

Task<bool> Conversation::greet() {
  const Reply welcome = co_await context.policy.on_connect(peer);
  if (!welcome.accepts()) {
    after = "refused";
    say({welcome.code, welcome.enhanced, welcome.text, true});
    co_return false;
  }
  if (context.limits.greet_delay.count() > 0) {
    const bool silent = co_await hear_silence();
    if (!silent) co_return false;
  }
  say({220, "", context.host + " ESMTP"});
  co_return true;
}

// RFC 5321 §4.3.1: a client waits for the greeting; many a robot does not.
Task<bool> Conversation::hear_silence() {
  auto stopping = wait_for(context.stop);
  auto talking = reader.fill();
  auto waiting = context.clock.sleep(context.limits.greet_delay);
  const auto won = co_await first_of(std::move(stopping), std::move(talking), std::move(waiting));
  if (won.index() == 0) {
    say_stopping();
  } else if (won.index() == 1) {
    const auto& early = std::get<1>(won);
    if (early.ok() && early.value()) {
      after = "talked-early";
      say({554, "5.5.0", context.host + " You talk before the greeting", true});
    }
  }
  co_return won.index() == 2;
}

void Conversation::say_stopping() {
  after = "shutdown";
  say({421, "4.3.2", context.host + " Shutting down", true});
}

Task<std::optional<Line>> Conversation::next_line(std::size_t limit) {
  const bool have_line = reader.buffered().find('\n') != std::string_view::npos;
  if (!have_line || out.size() > context.limits.output) {
    const bool heard = co_await flush();
    if (!heard) co_return std::nullopt;
  }
  set_patience();
  auto reading = reader.read_line(limit);
  // The stop comes first, so that a peer with more to say hears of it, too.
  auto stopping = wait_for(context.stop);
  auto won = co_await first_of(std::move(stopping), std::move(reading));
  if (won.index() == 0) {
    say_stopping();
    co_return std::nullopt;
  }
  auto& line = std::get<1>(won);
  if (!line.ok()) {
    give_up(line.failure());
    co_return std::nullopt;
  }
  // Half a command is no command.
  if (line.value().end == LineEnd::kEndOfInput) co_return std::nullopt;
  co_return std::move(line).value();
}

// A refusal of the line as such, whatever it says.
std::optional<Reply> Conversation::refuse_line(const Line& line, std::string_view text) {
  if (++commands > context.limits.commands || out_of_time()) {
    after = out_of_time() ? "session-too-long" : "too-many-commands";
    return Reply{421, "4.7.0", context.host + " Enough for one session", true};
  }
  if (line.end == LineEnd::kTooLong) return Reply{500, "5.5.2", "Line too long"};
  if (line.end != LineEnd::kWhole || text.find('\0') != text.npos)
    return Reply{500, "5.5.2", "Bare CR, bare LF or NUL in a command"};
  return std::nullopt;
}

// A refusal of the verb here and now, before its arguments are looked at.
std::optional<Reply> Conversation::refuse_verb(const Verb* verb) {
  // RFC 2920 §3.1: who talks on where it must wait is a robot, or carries
  // another protocol's words to us.
  const bool must_wait = !peer.extended || (verb != nullptr && verb->ends_group);
  const bool leaves = verb != nullptr && (verb->run == run_quit || verb->run == run_starttls);
  if (must_wait && !leaves && !offers().early_talk && !reader.buffered().empty()) {
    after = "talked-early";
    return Reply{554, "5.5.0", "You talk before the answer", true};
  }
  if (verb == nullptr) return Reply{500, "5.5.2", "Unknown command"};
  if (verb->needs_login && !peer.logged_in && offers().login) {
    // RFC 3207 §4, RFC 4954 §6.  The octets of a BDAT are not worth reading.
    const bool first_tls = !stream.tls().active && stream.may_start_tls();
    const char* text =
        first_tls ? "Must issue a STARTTLS command first" : "Authentication required";
    return Reply{530, "5.7.0", text, verb->run == run_bdat};
  }
  if ((verb->stages & stage) == 0) return out_of_order(*this);
  return std::nullopt;
}

Task<void> Conversation::obey(Line line) {
  const Wiped held(std::move(line.text));  // AUTH may bring a password
  auto refusal = refuse_line(line, held.text);
  if (refusal) {
    say(*refusal);
    co_return;
  }
  // RFC 5321 §4.1.1: white space behind a command is to be tolerated.
  std::string_view text = held.text;
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  const auto space = text.find(' ');
  const auto arguments = space == std::string_view::npos ? "" : text.substr(space + 1);
  const Verb* verb = find_verb(text.substr(0, space));
  if (verb != nullptr && verb->run == run_auth && !offers().login) verb = nullptr;
  after = verb == nullptr ? "unknown" : to_lower(verb->name);
  Command command;
  refusal = refuse_verb(verb);
  if (!refusal) {
    refusal = verb->check(*this, arguments, command);
    if (refusal && exchange && verb->run == run_rcpt) ++exchange->refused;
  }
  if (refusal)
    say(*refusal);
  else
    co_await verb->run(*this, std::move(command));
}

}  // namespace fwd::smtp
