// The conversation from greeting to good-bye.
#include "protocol/imap/session.h"

#include <exception>
#include <utility>

#include "core/text.h"
#include "core/wipe.h"
#include "protocol/imap/append_arguments.h"
#include "protocol/imap/failure_reply.h"

namespace fwd::imap {
namespace {

// How long a session may work while others wait.
constexpr auto kTurn = std::chrono::milliseconds(20);

Task<void> wait_for(Event& event) { co_await event.wait(); }

}  // namespace

Session::Session(Stream& stream, Clock& clock, model::Logins& logins, Log& log, Limits limits,
                 Event& stop, std::string id, MemoryBudget* memory, format::MessagePacker* packer)
    : stream_(stream),
      clock_(clock),
      logins_(logins),
      log_(log),
      limits_(std::move(limits)),
      stop_(stop),
      id_(std::move(id)),
      memory_(memory),
      packer_(packer),
      lines_(stream, clock, limits_.login_idle),
      out_(stream, clock, stop, limits_),
      reader_(lines_, out_, stop, limits_),
      login_deadline_(clock.now() + limits_.login_time) {
  lines_.set_secret(true);
}

Stage Session::stage() const {
  if (ended_) return kLoggedOut;
  if (!login_) return kStranger;
  return selected_ ? kSelected : kLoggedIn;
}

Task<void> Session::run() {
  log_.event("imap.session.start",
             {{"s", id_}, {"peer", stream_.peer().ip}, {"tls", stream_.tls().version}});
  std::string bug;
  try {
    co_await converse();
  } catch (const std::exception& thrown) {
    bug = thrown.what();
    if (bug.empty()) bug = "unnamed";
  }
  if (!bug.empty()) {
    log_.error("imap.bug", {{"s", id_}, {"what", bug}});
    say_bye("Internal error", "SERVERBUG", "bug");
    co_await out_.flush();
  }
  stream_.close();
  log_.event("imap.session.end", {{"s", id_},
                                  {"peer", stream_.peer().ip},
                                  {"alias", login_ ? login_->alias_id : ""},
                                  {"why", end_reason_.empty() ? "peer-closed" : end_reason_},
                                  {"commands", std::to_string(counts_.commands)},
                                  {"fetched", std::to_string(counts_.fetched)},
                                  {"appended", std::to_string(counts_.appended)},
                                  {"bad", std::to_string(counts_.bad)},
                                  {"out", std::to_string(out_.octets())}});
}

Task<void> Session::converse() {
  out_.raw("* OK [CAPABILITY " + capabilities() + "] " + limits_.host_name + " IMAP ready");
  out_.end();
  while (!ended_ && !out_.broken()) {
    if (stop_.is_set()) {  // even while commands still come
      end_by(ReadCommand::Kind::kStopped);
      break;
    }
    const bool comes = co_await wait_for_input();
    if (!comes) break;
    co_await one_command();
  }
  co_await out_.flush();
}

// Between commands: nothing is held but what the client must still hear, and
// that goes out first.  Watches the mailbox, so that a changed password ends a
// silent session at once.
Task<bool> Session::wait_for_input() {
  while (!reader_.has_input()) {
    if (!co_await out_.flush()) co_return false;
    lines_.set_idle(login_ ? limits_.idle : limits_.login_idle);
    auto reading = lines_.fill();
    auto stopping = wait_for(stop_);
    if (login_) {
      auto noticing = login_->mailbox->next_notice();
      const auto won =
          co_await first_of(std::move(reading), std::move(noticing), std::move(stopping));
      if (won.index() == 1) {
        if (!take_notice(std::get<1>(won))) co_return false;
        continue;
      }
      if (won.index() == 0 && std::get<0>(won).ok() && std::get<0>(won).value()) continue;
      const bool silent = won.index() == 0 && !std::get<0>(won).ok() &&
                          std::get<0>(won).failure().fault == Fault::kTimeout;
      end_by(won.index() == 2 ? ReadCommand::Kind::kStopped
             : silent         ? ReadCommand::Kind::kSilent
                              : ReadCommand::Kind::kGone);
      co_return false;
    }
    auto too_late = clock_.sleep_until(login_deadline_);
    const auto won =
        co_await first_of(std::move(reading), std::move(stopping), std::move(too_late));
    if (won.index() == 0 && std::get<0>(won).ok() && std::get<0>(won).value()) continue;
    const bool silent = won.index() == 2 || (won.index() == 0 && !std::get<0>(won).ok() &&
                                             std::get<0>(won).failure().fault == Fault::kTimeout);
    end_by(won.index() == 1 ? ReadCommand::Kind::kStopped
           : silent         ? ReadCommand::Kind::kSilent
                            : ReadCommand::Kind::kGone);
    co_return false;
  }
  co_return true;
}

void Session::end_by(ReadCommand::Kind kind) {
  if (kind == ReadCommand::Kind::kSilent) {
    say_bye(login_ ? "Idle for too long" : "Too slow to log in", "", "idle");
  } else if (kind == ReadCommand::Kind::kStopped) {
    say_bye("The server is shutting down, come back soon", "UNAVAILABLE", "stopped");
  } else {
    log_out("peer-closed");
  }
}

void Session::say_bye(std::string_view text, std::string_view code, std::string_view why) {
  if (ended_) return;
  out_.reply("*", Reply::bye(std::string(text), std::string(code)));
  log_out(why);
}

void Session::log_out(std::string_view why) {
  ended_ = true;
  if (end_reason_.empty()) end_reason_ = why;
}

Task<void> Session::one_command() {
  lines_.set_idle(login_ ? limits_.command_idle : limits_.login_idle);
  MemoryShare memory(memory_);
  AppendGate gate(*this);
  auto reading = reader_.read(login_.has_value(), memory, gate);
  ReadCommand command;
  if (login_) {
    command = co_await reading;
  } else {
    auto in_time = co_await before(clock_, login_deadline_, std::move(reading));
    if (!in_time) co_return end_by(ReadCommand::Kind::kSilent);
    command = std::move(*in_time);
  }
  switch (command.kind) {
    case ReadCommand::Kind::kWhole: {
      const bool stranger = !login_.has_value();
      auto obeying = obey(command);
      co_await obeying;
      if (stranger) {
        wipe(command.text);
        wipe_stack();
      }
      lines_.set_secret(!login_.has_value());
      break;
    }
    case ReadCommand::Kind::kRefused:
      answer(command.tag, std::move(command.refusal));
      break;
    default:
      end_by(command.kind);
  }
  co_await out_.flush_if_full();
}

// command = tag SP (command-any / command-auth / command-nonauth / command-select)
Task<void> Session::obey(ReadCommand& read) {
  ++counts_.commands;
  turn_began_ = clock_.now();
  Parser parser(read.text, limits_, enabled_.rev2 || enabled_.utf8_accept);
  Command command{{}, parser, false};
  std::string name;
  if (!parser.tag(command.tag) || !parser.space() || !parser.atom(name)) {
    answer(read.tag, Reply::bad("No command here: " + parser.error()));
    co_return;
  }
  if (same_word(name, "UID")) {
    std::string second;
    if (!parser.space() || !parser.atom(second)) {
      answer(command.tag, Reply::bad("UID of what? " + parser.error()));
      co_return;
    }
    name += ' ' + second;
    command.by_uid = true;
  }
  const Verb* verb = find_verb(name);
  Reply reply = verb == nullptr ? Reply::bad("Unknown command") : Reply::nothing();
  if (verb != nullptr && (verb->stages & stage()) == 0) {
    reply = Reply::bad(stage() == kStranger        ? "Log in first"
                       : verb->stages == kStranger ? "You are logged in already"
                       : verb->stages == kLoggedIn ? "Not while a mailbox is selected"
                                                   : "Select a mailbox first");
  } else if (verb != nullptr) {
    auto running = run_verb(*verb, command);
    reply = co_await running;
  }
  answer(command.tag, std::move(reply));
}

Task<Reply> Session::run_verb(const Verb& verb, Command& command) {
  Reply reply = co_await verb.run(*this, command);
  if (reply.kind == Reply::Kind::kBad || ended_ || out_.broken()) co_return reply;
  if (reply.kind == Reply::Kind::kBye || !co_await hear_notices()) co_return reply;
  if (!selected_) co_return reply;
  auto telling = tell_news(verb.may_tell_expunges);
  if (!co_await telling) co_return Reply::nothing();
  // RFC 5530 §3: NOOP brings what had to wait.
  if (selected_->held() && reply.kind == Reply::Kind::kOk && reply.code.empty())
    reply.code = "EXPUNGEISSUED";
  co_return reply;
}

void Session::answer(const std::string& tag, Reply reply) {
  if (reply.kind == Reply::Kind::kBad) {
    ++counts_.bad;
    if (++bad_in_a_row_ >= limits_.bad_commands) {
      out_.reply(tag, reply);
      return say_bye("Too many bad commands", "", "bad-commands");
    }
  } else {
    bad_in_a_row_ = 0;
  }
  if (reply.kind == Reply::Kind::kBye) return say_bye(reply.text, reply.code, "refused");
  out_.reply(tag, reply);
}

Task<void> Session::give_turn() {
  if (clock_.now() - turn_began_ < kTurn) co_return;
  co_await clock_.sleep(std::chrono::milliseconds(1));
  turn_began_ = clock_.now();
}

Reply Session::failed(const Failure& failure, std::string_view during) {
  if (is_internal(failure.fault)) {
    log_.error("imap.fault", {{"s", id_},
                              {"alias", login_ ? login_->alias_id : ""},
                              {"during", std::string(during)},
                              {"fault", fault_name(failure.fault)},
                              {"what", failure.private_text}});
  }
  return failure_reply(failure);
}

void Session::select(model::OpenFolder folder, bool read_only) {
  selected_.emplace(std::move(folder), read_only);
}

void Session::tell_filed(const std::string& to_path, const model::CopyResult& result) {
  if (filing_observer_ == nullptr || result.uids.empty()) return;
  filing_observer_->filed(
      {login_->mailbox, id_, login_->alias_id, selected_->special_use(), to_path, result});
}

void Session::enable_utf8_accept() {
  enabled_.utf8_accept = true;
  out_.set_utf8(true);
}

void Session::enable_rev2() {
  enabled_.rev2 = true;
  out_.set_utf8(true);
}

}  // namespace fwd::imap
