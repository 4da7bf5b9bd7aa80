// Keepers of Submission and Queue for the tests of the door's language.
#include "small_sending.h"

#include <algorithm>
#include <utility>

namespace fwd::test {

model::NewOutbound make_new_outbound(const std::string& content) {
  model::NewOutbound message;
  message.id = "7Q4M";
  message.envelope_from = "hello@example.test";
  message.recipients = {
      {"a@b.test", model::kNotifyNever, ""},
      {"ü@ü.test", model::kNotifySuccess | model::kNotifyDelay, "utf-8;ü@ü.test"}};
  message.envelope_id = "env";
  message.returns = model::ReturnContent::kHeaders;
  message.body = model::BodyKind::kBinaryMime;
  message.smtp_utf8 = true;
  message.require_tls = true;
  message.tls_optional = true;
  message.not_before = 1LL << 40;
  message.expires = 1LL << 41;
  message.header_from = "hello+tag@example.test";
  message.message_id = "<1@example.test>";
  message.date = -1;
  message.subject = "Grüße";
  message.not_to = "x@far.example";
  message.content = content;
  return message;
}

model::Outbound make_outbound(const std::string& id) {
  model::Outbound message;
  message.id = id;
  message.state = model::OutboundState::kPartiallySent;
  message.is_held = true;
  message.is_redacted = true;
  message.is_given_up = true;
  message.domain_id = "d";
  message.user_id = "u";
  message.alias_id = "a";
  message.envelope_from = "hello@example.test";
  message.envelope_id = "env";
  message.returns = model::ReturnContent::kFull;
  message.body = model::BodyKind::k8BitMime;
  message.smtp_utf8 = true;
  message.require_tls = true;
  message.tls_optional = true;
  message.created = 1;
  message.not_before = 2;
  message.expires = 3;
  message.ended = 4;
  message.size = 1ULL << 50;
  message.header_from = "from";
  message.message_id = "<1@example.test>";
  message.subject = "Grüße";
  message.date = 5;
  message.not_to = "*";
  model::OutboundRecipient recipient;
  recipient.number = 7;
  recipient.address = "A@B.test";
  recipient.destination = "b.test";
  recipient.notify = model::kNotifyFailure;
  recipient.original = "rfc822;a@b.test";
  recipient.state = model::RecipientState::kFailed;
  recipient.attempts = 8;
  recipient.next_attempt = 9;
  recipient.leased_until = 10;
  recipient.delay_told = true;
  recipient.alias_id = "a2";
  recipient.last = {11,   550,  "5.1.1", "No such user", "mx.b.test", "192.0.2.1", "TLS1.3 x dane",
                    true, true, 12};
  message.recipients = {recipient, model::OutboundRecipient{}};
  return message;
}

namespace {

class SmallSender final : public model::SenderSession {
 public:
  SmallSender(std::shared_ptr<SmallSending> sending, model::Sender sender)
      : sending_(std::move(sending)), sender_(std::move(sender)) {
    ++sending_->sessions_alive;
  }
  ~SmallSender() override { --sending_->sessions_alive; }
  const model::Sender& sender() const override { return sender_; }
  Task<Outcome<model::Submitted>> submit(model::NewOutbound message) override {
    sending_->submitted.push_back(std::move(message));
    co_await sending_->gate.wait();
    if (sending_->refuses) co_return *sending_->refuses;
    co_return model::Submitted{"queued-1", sending_->submitted.size() > 1};
  }

 private:
  std::shared_ptr<SmallSending> sending_;
  model::Sender sender_;
};

model::Sender alias_sender() {
  model::Sender sender;
  sender.alias_id = "a";
  sender.domain_id = "d";
  sender.user_id = "u";
  sender.address = "hello@example.test";
  return sender;
}

class SmallSenderScram final : public model::SenderScram {
 public:
  SmallSenderScram(std::shared_ptr<SmallSending> sending, const std::string& client_first)
      : sending_(std::move(sending)), server_first_("r=" + client_first) {}
  const std::string& server_first() const override { return server_first_; }
  Task<Outcome<Verdict>> finish(std::string client_final, std::string binding_data) override {
    if (client_final != "right" || binding_data != std::string("\0\1", 2))
      co_return Failure{Fault::kBadLogin, "Wrong name or password", ""};
    Verdict verdict;
    verdict.server_final = "v=proof";
    verdict.session = std::make_shared<SmallSender>(sending_, alias_sender());
    co_return verdict;
  }

 private:
  std::shared_ptr<SmallSending> sending_;
  std::string server_first_;
};

}  // namespace

Task<Outcome<std::shared_ptr<model::SenderSession>>> SmallSubmission::log_in_to_send(
    model::LoginContext context, std::string address, std::string password) {
  last_context = std::move(context);
  if (address != "hello@example.test" || password != "secret")
    co_return Failure{Fault::kBadLogin, "Wrong name or password", ""};
  std::shared_ptr<model::SenderSession> session =
      std::make_shared<SmallSender>(sending, alias_sender());
  co_return session;
}

Task<Outcome<std::unique_ptr<model::SenderScram>>> SmallSubmission::begin_scram_to_send(
    model::LoginContext context, std::string client_first, bool offered_plus) {
  last_context = std::move(context);
  if (!offered_plus) co_return Failure{Fault::kBadLogin, "", ""};
  std::unique_ptr<model::SenderScram> begun =
      std::make_unique<SmallSenderScram>(sending, client_first);
  co_return begun;
}

Task<Outcome<std::shared_ptr<model::SenderSession>>> SmallSubmission::let_local_send(
    model::LoginContext context, std::uint32_t uid, std::string user) {
  last_context = std::move(context);
  last_user = user;
  if (uid == 0) co_return Failure{Fault::kCannot, "Set up who gets root's mail first", ""};
  model::Sender sender;
  sender.address = user + "@host.test";
  sender.is_whole_domain = true;
  sender.is_local_program = true;
  std::shared_ptr<model::SenderSession> session =
      std::make_shared<SmallSender>(sending, std::move(sender));
  co_return session;
}

namespace {

class Waiting {
 public:
  explicit Waiting(int& count) : count_(count) { ++count_; }
  ~Waiting() { --count_; }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  int& count_;
};

}  // namespace

Task<Outcome<std::vector<model::Claim>>> SmallQueue::claim(model::ClaimQuestion question) {
  questions.push_back(std::move(question));
  const Waiting waiting(claims_waiting);
  co_await due.wait();
  co_return claims;
}

Task<Outcome<std::string>> SmallQueue::read_outbound(std::string id, std::uint64_t offset,
                                                     std::uint64_t most) {
  asked.push_back("read_outbound " + id + " " + std::to_string(offset) + " " +
                  std::to_string(most));
  if (id == "gone") co_return Failure{Fault::kNotFound, "", "redacted"};
  if (offset >= content.size()) co_return std::string();
  co_return content.substr(offset, most);
}

Task<Outcome<void>> SmallQueue::report(model::Report report) {
  reports.push_back(std::move(report));
  co_return Outcome<void>{};
}

Task<Outcome<void>> SmallQueue::prolong(std::uint64_t lease, std::chrono::seconds by) {
  asked.push_back("prolong " + std::to_string(lease) + " " + std::to_string(by.count()));
  if (lease == 0) co_return Failure{Fault::kWrongState, "", "no such lease"};
  co_return Outcome<void>{};
}

Task<Outcome<std::vector<model::SigningKey>>> SmallQueue::signing_keys(std::string domain) {
  asked.push_back("signing_keys " + domain);
  co_return keys;
}

Task<Outcome<model::BounceHook>> SmallQueue::bounce_hook(std::string domain_id) {
  asked.push_back("bounce_hook " + domain_id);
  co_return hook;
}

Task<Outcome<model::ForwardOwners>> SmallQueue::forward_owners(std::string domain_id,
                                                               std::string alias_id) {
  asked.push_back("forward_owners " + domain_id + " " + alias_id);
  co_return owners;
}

Task<Outcome<std::vector<model::Outbound>>> SmallQueue::list_outbound(model::QueueFilter filter) {
  filters.push_back(filter);
  auto at = messages.begin();
  if (!filter.before.empty()) {
    at = std::find_if(at, messages.end(),
                      [&](const model::Outbound& one) { return one.id == filter.before; });
    if (at != messages.end()) ++at;
  }
  const auto left = std::min<std::ptrdiff_t>(messages.end() - at, filter.limit);
  co_return std::vector<model::Outbound>(at, at + left);
}

Task<Outcome<std::uint64_t>> SmallQueue::act_on_outbound(model::QueueFilter filter,
                                                         model::QueueAction action) {
  filters.push_back(filter);
  last_action = action;
  co_return acted;
}

Task<Outcome<model::QueueStat>> SmallQueue::queue_stat() { co_return stat; }

}  // namespace fwd::test
