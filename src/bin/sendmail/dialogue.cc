// One SMTP transaction, or several when there are many recipients.
#include "bin/sendmail/dialogue.h"

#include <sysexits.h>

#include <utility>

#include "core/task_group.h"
#include "core/text.h"
#include "net/connect.h"
#include "protocol/smtp/client.h"

namespace fwd::sendmail {
namespace {

constexpr auto kConnectLimit = std::chrono::seconds(30);

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

smtp::ClientMessage message_of(const Submission& submission, const std::string& host,
                               smtp::ContentSource& content) {
  smtp::ClientMessage message;
  message.sender = submission.sender;
  if (!message.sender.empty() && message.sender.find('@') == std::string::npos)
    message.sender += "@" + host;
  for (const std::string& address : submission.recipients) {
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
Task<void> send_all(smtp::Client& client, smtp::ClientMessage message, Verdict& verdict) {
  while (!message.recipients.empty()) {
    auto sending = client.send(message);
    const smtp::SendResult result = co_await sending;
    std::vector<smtp::ClientRecipient> left;
    for (std::size_t i = 0; i < message.recipients.size(); ++i) {
      const smtp::RecipientOutcome& outcome = result.recipients[i];
      if (outcome.kind == smtp::RecipientOutcome::Kind::kNotTried && !result.lost)
        left.push_back(message.recipients[i]);
      else if (outcome.kind != smtp::RecipientOutcome::Kind::kDelivered)
        note(verdict, status_of(outcome.reply),
             message.recipients[i].address + ": " + outcome.reply.line());
    }
    if (left.size() == message.recipients.size()) {
      note(verdict, EX_TEMPFAIL, "the server takes no recipients");
      co_return;
    }
    message.recipients = std::move(left);
  }
}

Task<void> converse(net::Loop& loop, const Submission& submission, Verdict& verdict) {
  auto connecting = net::connect_unix(loop, submission.socket, kConnectLimit);
  const auto stream = co_await connecting;
  if (!stream.ok()) {
    note(
        verdict, EX_TEMPFAIL,
        "fwd-smtpd does not answer at " + submission.socket + ": " + stream.failure().private_text);
    co_return;
  }
  smtp::ClientOptions options;
  options.host = "localhost";
  smtp::Client client(*stream.value(), loop.clock(), options);
  auto greeting = client.greet();
  const auto greeted = co_await greeting;
  auto helloing = client.hello();
  Outcome<smtp::RemoteReply> ready = greeted;
  if (greeted.ok() && greeted.value().code == 220) ready = co_await helloing;
  if (!ready.ok()) {
    note(verdict, EX_TEMPFAIL, "fwd-smtpd: " + ready.failure().private_text);
    co_return;
  }
  if (ready.value().code / 100 != 2) {
    note(verdict, status_of(ready.value()), ready.value().line());
    co_return;
  }
  HeldContent content(submission.content);
  auto sending =
      send_all(client, message_of(submission, host_of(greeted.value()), content), verdict);
  co_await sending;
  auto quitting = client.quit();
  co_await quitting;
}

Task<void> run(net::Loop& loop, const Submission& submission, Verdict& verdict, bool& done) {
  auto conversing = converse(loop, submission, verdict);
  co_await conversing;
  done = true;
  loop.stop();
}

}  // namespace

Verdict submit(net::Loop& loop, Submission submission) {
  Verdict verdict;
  bool done = false;
  {
    TaskGroup group([&](const std::string&, const std::string& what) {
      note(verdict, EX_SOFTWARE, "internal error: " + what);
      done = true;
      loop.stop();
    });
    group.spawn("submit", run(loop, submission, verdict, done));
    if (!done) loop.run();
  }
  return verdict;
}

}  // namespace fwd::sendmail
