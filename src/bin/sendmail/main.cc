// sendmail: what programs of this host call to send a message.
#include <pwd.h>
#include <sysexits.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "bin/sendmail/arguments.h"
#include "bin/sendmail/dialogue.h"
#include "bin/sendmail/message.h"
#include "bin/sendmail/pass_through.h"
#include "bin/sendmail/recipients.h"
#include "core/text.h"

namespace fwd::sendmail {
namespace {

constexpr const char* kCommand = FWD_SBINDIR "/forwardemail";  // cron's PATH may lack it
constexpr std::size_t kMostOctets = 1ULL << 30;  // the server has a lower limit, and says so

void complain(const std::string& what) { std::fputs(("sendmail: " + what + "\n").c_str(), stderr); }

std::string socket_path() {
  const char* named = std::getenv("FORWARDEMAIL_SUBMISSION");
  return named != nullptr && *named != '\0' ? named : FWD_RUNDIR "/submission.sock";
}

// How long passing trouble is waited out.
std::chrono::seconds patience() {
  const char* named = std::getenv("FORWARDEMAIL_PATIENCE");
  const auto seconds = parse_number(named != nullptr ? named : "");
  return std::chrono::seconds(std::min<std::uint64_t>(seconds.value_or(120), 3600));
}

std::string user_name() {
  const passwd* entry = ::getpwuid(::getuid());
  return entry != nullptr ? entry->pw_name : "uid" + std::to_string(::getuid());
}

// EX_OK, or why not.
int read_message(MessageText& message) {
  std::array<char, 65536> piece{};
  std::size_t all = 0;
  for (;;) {
    const ssize_t size = ::read(STDIN_FILENO, piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return EX_IOERR;
    all += static_cast<std::size_t>(size);
    if (all > kMostOctets) return EX_DATAERR;
    const std::string_view octets(piece.data(), static_cast<std::size_t>(size));
    if (size == 0 || !message.add(octets)) return EX_OK;
  }
}

// The envelope's addresses.  EX_OK, or why nothing may be sent.
int address(const Arguments& arguments, Submission& submission) {
  Recipients recipients;
  for (const std::string& argument : arguments.recipients) {
    const auto added = recipients.add_list(argument);
    if (!added.ok()) {
      complain(added.failure().public_text);
      return EX_NOUSER;
    }
  }
  if (arguments.take_recipients) {
    const auto added = recipients.add_header(submission.content);
    if (!added.ok()) {
      complain("in the header: " + added.failure().public_text);
      return EX_DATAERR;
    }
  }
  submission.recipients = recipients.all();
  submission.sender = user_name();
  if (arguments.from) {
    const auto sender = read_sender(*arguments.from);
    if (!sender.ok()) {
      complain("-f: " + sender.failure().public_text);
      return EX_USAGE;
    }
    submission.sender = sender.value();
  }
  if (!submission.recipients.empty()) return EX_OK;
  complain("no recipient was named");
  return EX_USAGE;
}

int send(const Arguments& arguments) {
  MessageText text(arguments.dots_are_text);
  const int read = read_message(text);
  if (read != EX_OK) {
    complain("the message could not be read to its end");
    return read;
  }
  Submission submission;
  submission.socket = socket_path();
  submission.content = text.finish();
  const int addressed = address(arguments, submission);
  if (addressed != EX_OK) return addressed;
  if (!arguments.full_name.empty() && !has_from(submission.content)) {
    const std::string& author = submission.sender.empty() ? user_name() : submission.sender;
    submission.content.insert(0, from_line(arguments.full_name, author));
  }
  submission.notify = arguments.notify;
  submission.returns = arguments.returns;
  submission.envelope_id = arguments.envelope_id;
  net::Loop loop;
  const Verdict verdict = submit(loop, std::move(submission), patience());
  for (const std::string& words : verdict.words) complain(words);
  return verdict.status;
}

int show_queue() {
  ::execl(kCommand, "forwardemail", "queue", "list", static_cast<char*>(nullptr));
  complain(std::string("the command ") + kCommand + " is not there");
  return EX_UNAVAILABLE;
}

int run(const std::vector<std::string>& words) {
  const auto arguments = read_arguments(words);
  if (!arguments.ok()) {
    complain(arguments.failure().public_text);
    return EX_USAGE;
  }
  for (const std::string& warning : arguments.value().warnings) complain(warning);
  switch (arguments.value().mode) {
    case Mode::kSend:
      break;
    case Mode::kConversation:
      return pass_through(socket_path());
    case Mode::kShowQueue:
      return show_queue();
    case Mode::kVerify:
      complain("-bv is not offered: no address is looked at before it is sent to");
      return EX_UNAVAILABLE;
    case Mode::kNothing:
      return EX_OK;
  }
  return send(arguments.value());
}

}  // namespace
}  // namespace fwd::sendmail

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  return fwd::sendmail::run(std::vector<std::string>(argv, argv + argc));
}
