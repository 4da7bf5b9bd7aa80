// One SMTP transaction, or several when there are many recipients.
#include "bin/sendmail/dialogue.h"

#include <sysexits.h>

#include <algorithm>
#include <utility>

#include "core/task_group.h"
#include "core/text.h"
#include "net/connect.h"
#include "protocol/smtp/client.h"

namespace fwd::sendmail {
namespace {

constexpr auto kConnectLimit = std::chrono::seconds(30);
constexpr auto kFirstPause = std::chrono::milliseconds(1000);
constexpr auto kLongestPause = std::chrono::milliseconds(16000);

class HeldContent final : public smtp::ContentSource {
 public:
  explicit HeldContent(const std::string& content) : content_(content) {}
  std::uint64_t size() const override { return content_.size(); }
  Task<Outcome<std::string>> read(std::uint64_t offset, std::uint64_t most) override {
    co_return content_.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(most));
  }

 private:
  const std::string& content_;
};

int status_of(const smtp::RemoteReply& reply) {
  if (!reply.is_permanent()) return EX_TEMPFAIL;
  if (reply.enhanced == "5.1.1" || reply.enhanced == "5.1.3") return EX_NOUSER;
  if (reply.enhanced.starts_with("5.7.")) return EX_NOPERM;
  if (reply.enhanced.starts_with("5.6.") || reply.enhanced == "5.3.4") return EX_DATAERR;
  return EX_UNAVAILABLE;
}

// A status that says "try again" gives way to one that is final.
void note(Verdict& verdict, int status, std::string words) {
  if (verdict.status == 0 || verdict.status == EX_TEMPFAIL) verdict.status = status;
  verdict.words.push_back(std::move(words));
}

// The server's own name is the first word of its greeting (RFC 5321 §4.2).
std::string host_of(const smtp::RemoteReply& greeting) {
  return greeting.text.substr(0, greeting.text.find_first_of(" \n"));
}

// What one connection left to be done, and why.
struct Rest {
  std::vector<std::string> recipients;  // may be tried again: the server has not taken them
  std::vector<std::string> words;
};

void put_off(Rest& rest, std::vector<std::string> recipients, std::string words) {
  rest.recipients.insert(rest.recipients.end(), recipients.begin(), recipients.end());
  rest.words.push_back(std::move(words));
}

smtp::ClientMessage message_of(const Submission& submission,
                               const std::vector<std::string>& recipients, const std::string& host,
                               smtp::ContentSource& content) {
  smtp::ClientMessage message;
  message.sender = submission.sender;
  if (!message.sender.empty() && message.sender.find('@') == std::string::npos)
    message.sender += "@" + host;
  for (const std::string& address : recipients) {
    smtp::ClientRecipient recipient;
    recipient.address = address.find('@') == std::string::npos ? "postmaster@" + host : address;
    recipient.notify = submission.notify;
    message.recipients.push_back(std::move(recipient));
  }
  message.envelope_id = submission.envelope_id;
  message.returns = submission.returns;
  message.body = is_ascii(submission.content) ? model::BodyKind::k7Bit : model::BodyKind::k8BitMime;
  message.content = &content;
  return message;
}

// Sends until everybody had an answer; those left over go in another transaction.
Task<void> send_all(smtp::Client& client, smtp::ClientMessage message, Rest& rest,
                    Verdict& verdict) {
  using Kind = smtp::RecipientOutcome::Kind;
  while (!message.recipients.empty()) {
    auto sending = client.send(message);
    const smtp::SendResult result = co_await sending;
    std::vector<smtp::ClientRecipient> left;
    for (std::size_t i = 0; i < message.recipients.size(); ++i) {
      const smtp::RecipientOutcome& outcome = result.recipients[i];
      const std::string& address = message.recipients[i].address;
      const std::string words = address + ": " + outcome.reply.line();
      if (outcome.kind == Kind::kNotTried && !result.lost)
        left.push_back(message.recipients[i]);
      else if (outcome.kind == Kind::kPermanent ||
               (outcome.kind == Kind::kTemporary && result.unknown))
        note(verdict, status_of(outcome.reply), words);
      else if (outcome.kind != Kind::kDelivered)
        put_off(rest, {address}, words);
    }
    if (left.size() == message.recipients.size()) {
      for (const auto& recipient : left)
        put_off(rest, {recipient.address}, recipient.address + ": the server takes no recipients");
      co_return;
    }
    message.recipients = std::move(left);
  }
}

// One connection for those recipients.
Task<void> converse(const Surroundings& around, const Submission& submission,
                    std::vector<std::string> recipients, Rest& rest, Verdict& verdict) {
  auto connecting = around.connect();
  const auto stream = co_await connecting;
  if (!stream.ok()) {
    put_off(rest, std::move(recipients),
            "fwd-smtpd does not answer: " + stream.failure().private_text);
    co_return;
  }
  smtp::ClientOptions options;
  options.host = "localhost";
  smtp::Client client(*stream.value(), around.clock, options);
  auto greeting = client.greet();
  const auto greeted = co_await greeting;
  auto helloing = client.hello();
  Outcome<smtp::RemoteReply> ready = greeted;
  if (greeted.ok() && greeted.value().code == 220) ready = co_await helloing;
  if (!ready.ok()) {
    put_off(rest, std::move(recipients), "fwd-smtpd: " + ready.failure().private_text);
    co_return;
  }
  if (ready.value().is_permanent()) {
    note(verdict, status_of(ready.value()), ready.value().line());
    co_return;
  }
  if (!ready.value().accepts()) {
    put_off(rest, std::move(recipients), ready.value().line());
    co_return;
  }
  HeldContent content(submission.content);
  const std::string host = host_of(greeted.value());
  auto sending = send_all(client, message_of(submission, recipients, host, content), rest, verdict);
  co_await sending;
  auto quitting = client.quit();
  co_await quitting;
}

Task<void> run(net::Loop& loop, const Surroundings& around, const Submission& submission,
               Verdict& verdict, bool& done) {
  auto submitting = submit_patiently(around, submission, verdict);
  co_await submitting;
  done = true;
  loop.stop();
}

Task<Outcome<std::unique_ptr<Stream>>> connect_to(net::Loop& loop, std::string socket) {
  auto connecting = net::connect_unix(loop, std::move(socket), kConnectLimit);
  auto stream = co_await connecting;
  if (!stream.ok()) co_return stream.failure();
  std::unique_ptr<Stream> connected = std::move(stream).value();
  co_return connected;
}

}  // namespace

Task<void> submit_patiently(const Surroundings& around, const Submission& submission,
                            Verdict& verdict) {
  const Instant end = around.clock.now() + around.patience;
  std::vector<std::string> recipients = submission.recipients;
  for (auto pause = kFirstPause;; pause = std::min(2 * pause, kLongestPause)) {
    Rest rest;
    auto conversing = converse(around, submission, std::move(recipients), rest, verdict);
    co_await conversing;
    if (rest.recipients.empty()) co_return;
    if (around.clock.now() + pause > end) {
      for (std::string& words : rest.words) note(verdict, EX_TEMPFAIL, std::move(words));
      co_return;
    }
    recipients = std::move(rest.recipients);
    auto waiting = around.clock.sleep(pause);
    co_await waiting;
  }
}

Verdict submit(net::Loop& loop, Submission submission, std::chrono::milliseconds patience) {
  Verdict verdict;
  bool done = false;
  const std::string socket = submission.socket;
  const Surroundings around{loop.clock(), [&] { return connect_to(loop, socket); }, patience};
  {
    TaskGroup group([&](const std::string&, const std::string& what) {
      note(verdict, EX_SOFTWARE, "internal error: " + what);
      done = true;
      loop.stop();
    });
    group.spawn("submit", run(loop, around, submission, verdict, done));
    if (!done) loop.run();
  }
  return verdict;
}

}  // namespace fwd::sendmail
