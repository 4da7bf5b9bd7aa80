// Senders and their queue in memory.
#include "support/memory_submission.h"

#include <utility>

namespace fwd::test {
namespace {

class MemorySession final : public model::SenderSession {
 public:
  MemorySession(MemorySubmission& all, model::Sender sender)
      : all_(all), sender_(std::move(sender)) {}

  const model::Sender& sender() const override { return sender_; }

  Task<Outcome<model::Submitted>> submit(model::NewOutbound message) override {
    if (all_.submit_trouble) co_return *all_.submit_trouble;
    const bool own = sender_.is_local_program || sender_.is_whole_domain
                         ? message.header_from.ends_with("@example.test")
                         : message.header_from == sender_.address;
    if (!own) co_return Failure{Fault::kDenied, "From is not yours to use", "from"};
    const auto [known, is_new] =
        all_.known.emplace(message.message_id + sender_.address, message.id);
    if (is_new) all_.queue.push_back(std::move(message));
    co_return model::Submitted{known->second, !is_new};
  }

 private:
  MemorySubmission& all_;
  model::Sender sender_;
};

model::Sender sender_named(const std::string& address) {
  model::Sender sender;
  sender.domain_id = "id-example.test";
  sender.user_id = "user";
  sender.address = address;
  sender.is_whole_domain = address.starts_with('*');
  if (!sender.is_whole_domain) sender.alias_id = address;
  return sender;
}

class MemoryScram final : public model::SenderScram {
 public:
  explicit MemoryScram(MemorySubmission& all) : all_(all) {}
  const std::string& server_first() const override { return first_; }
  Task<Outcome<Verdict>> finish(std::string client_final, std::string binding_data) override {
    if (client_final != "right" + binding_data) co_return Failure{Fault::kBadLogin, "", "proof"};
    Verdict verdict;
    verdict.server_final = "v=proven";
    verdict.session = std::make_shared<MemorySession>(all_, sender_named("hello@example.test"));
    co_return verdict;
  }

 private:
  MemorySubmission& all_;
  std::string first_ = "r=nonce,s=c2FsdA==,i=4096";
};

}  // namespace

Task<Outcome<std::shared_ptr<model::SenderSession>>> MemorySubmission::log_in_to_send(
    model::LoginContext context, std::string address, std::string password) {
  last_context = std::move(context);
  if (login_trouble) co_return *login_trouble;
  std::string who;
  if (address == "hello@example.test" && password == "secret") who = address;
  if (address.ends_with("@example.test") && password == "domain-secret") who = "*@example.test";
  if (who.empty()) co_return Failure{Fault::kBadLogin, "", "wrong password"};
  std::shared_ptr<model::SenderSession> session =
      std::make_shared<MemorySession>(*this, sender_named(who));
  co_return session;
}

Task<Outcome<std::unique_ptr<model::SenderScram>>> MemorySubmission::begin_scram_to_send(
    model::LoginContext context, std::string, bool) {
  last_context = std::move(context);
  if (login_trouble) co_return *login_trouble;
  std::unique_ptr<model::SenderScram> scram = std::make_unique<MemoryScram>(*this);
  co_return scram;
}

Task<Outcome<std::shared_ptr<model::SenderSession>>> MemorySubmission::let_local_send(
    model::LoginContext context, std::uint32_t uid, std::string) {
  last_context = std::move(context);
  if (login_trouble) co_return *login_trouble;
  if (uid == 1001) co_return Failure{Fault::kDenied, "This user may not send", "uid 1001"};
  model::Sender sender = sender_named("other@example.test");
  sender.alias_id.clear();
  sender.is_local_program = true;
  std::shared_ptr<model::SenderSession> session = std::make_shared<MemorySession>(*this, sender);
  co_return session;
}

SubmissionDesk::SubmissionDesk(SmtpRig& rig)
    : rig_(rig),
      recorder_(std::make_unique<submission::Recorder>(rig.journal, rig.clock, rig.log)) {
  options.version = "1.2.3";
}

submission::SubmissionContext SubmissionDesk::context() {
  return {submission, rig_.deliveries, *recorder_, rig_.clock, options};
}

void SubmissionDesk::serve_clients() {
  rig_.make_policy = [this] { return std::make_unique<submission::SubmissionPolicy>(context()); };
}

void SubmissionDesk::serve_local(std::uint32_t uid, std::string user) {
  rig_.make_policy = [this, uid, user] {
    return std::make_unique<submission::SubmissionPolicy>(context(),
                                                          submission::LocalUser{uid, user});
  };
}

}  // namespace fwd::test
