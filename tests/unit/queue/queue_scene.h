#ifndef FWD_TESTS_QUEUE_QUEUE_SCENE_H
#define FWD_TESTS_QUEUE_QUEUE_SCENE_H

// What the tests of the queue share: a file of its own, messages, and short
// ways to claim and report.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/queue/queue_file.h"
#include "tests/unit/mailbox/scene.h"

namespace fwd::queue {

using mailbox::assert_fault;
using mailbox::assert_ok;
using mailbox::get;
using model::OutboundState;
using model::QueueAction;
using model::RecipientState;

inline constexpr std::int64_t kStart = 1'767'225'600'000;
inline constexpr std::int64_t kMinute = 60'000;
inline constexpr std::int64_t kHour = 60 * kMinute;
inline constexpr std::int64_t kDay = 24 * kHour;

inline model::NewOutbound message_to(const std::vector<std::string>& recipients,
                                     const std::string& id = "", std::size_t body = 100) {
  model::NewOutbound message;
  message.id = id;
  message.envelope_from = "hello@example.test";
  for (const std::string& one : recipients) message.recipients.push_back({one, 0, ""});
  message.header_from = "hello@example.test";
  message.message_id = id.empty() ? "" : "<" + id + "@example.test>";
  message.subject = "Hello";
  message.content = "From: hello@example.test\r\n\r\n" + std::string(body, 'x');
  return message;
}

inline Owner owner() {
  Owner owner;
  owner.domain_id = "d1";
  owner.user_id = "u1";
  owner.alias_id = "a1";
  owner.domain = "example.test";
  owner.return_path_domain = "fe-bounces.example.test";
  return owner;
}

inline QueueOptions options() {
  QueueOptions options;
  options.disk_reserve = 0;  // a test's disk is small
  return options;
}

inline model::ClaimQuestion question(std::uint32_t most = 20, std::uint32_t most_per = 10) {
  model::ClaimQuestion question;
  question.worker = "w";
  question.most = most;
  question.lease = std::chrono::minutes(10);
  question.most_per_destination = most_per;
  return question;
}

// One file, its verbs committed one by one, and a time to turn.
class QueueScene {
 public:
  explicit QueueScene(QueueOptions wanted = options()) : options_(wanted) { reopen(); }
  ~QueueScene() { check(); }

  std::string path() const { return folder / "queue.sqlite"; }
  void reopen() {
    file.reset();
    file = get(QueueFile::open(path(), mailbox::key_of('k'), std::string(16, 's'), options_));
  }
  void check() {
    const Outcome<void> checked = file->check();
    if (!checked.ok()) CPPUNIT_FAIL(checked.failure().private_text);
  }
  // Runs `work`, which gives an Outcome, in a transaction.
  template <typename Work>
  auto commit(Work work) -> decltype(work()) {
    std::optional<decltype(work())> result;
    auto done = file->database().transaction([&]() -> Outcome<void> {
      result.emplace(work());
      if (!result->ok()) return result->failure();
      return {};
    });
    if (!done.ok()) return done.failure();
    return std::move(*result);
  }

  Outcome<Accepted> try_add(const model::NewOutbound& message, const Owner& whose = owner()) {
    return commit([&] { return file->add(message, whose, now); });
  }
  std::string add(const std::vector<std::string>& recipients, const std::string& id = "") {
    return get(try_add(message_to(recipients, id))).id;
  }
  std::vector<model::Claim> claim(model::ClaimQuestion asked = question()) {
    auto claims = get(commit([&] { return file->claim(asked, now); }));
    next = claims.next;
    std::vector<model::Claim> out;
    for (Claimed& one : claims.claims) out.push_back(std::move(one.claim));
    return out;
  }
  // All recipients of the claim to the same end.
  static model::Report report_of(const model::Claim& claim, RecipientState state,
                                 std::int64_t next_attempt = 0, bool from_remote = true) {
    model::Report report;
    report.lease = claim.lease;
    report.message_id = claim.message.id;
    for (const model::OutboundRecipient& recipient : claim.message.recipients) {
      model::RecipientReport one;
      one.number = recipient.number;
      one.state = state;
      one.next_attempt = next_attempt;
      one.result.code = state == RecipientState::kDelivered ? 250
                        : state == RecipientState::kFailed  ? 550
                                                            : 451;
      one.result.from_remote = from_remote;
      one.result.response = "words";
      report.recipients.push_back(one);
    }
    return report;
  }
  Outcome<void> try_report(const model::Report& report) {
    return commit([&] { return file->report(report, now); });
  }
  void report(const model::Claim& claim, RecipientState state, std::int64_t next_attempt = 0,
              bool from_remote = true) {
    assert_ok(try_report(report_of(claim, state, next_attempt, from_remote)));
  }
  std::uint64_t act(const model::QueueFilter& filter, QueueAction action) {
    std::int64_t after = 0;
    return get(commit([&] { return file->act(filter, action, after, 1000, now); })).count;
  }
  model::Outbound show(const std::string& id) {
    model::QueueFilter filter;
    filter.id = id;
    auto found = get(file->list(filter, now));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found.size());
    return std::move(found.front());
  }
  std::string state(const std::string& id) {
    return std::string(model::outbound_state_name(show(id).state));
  }

  mailbox::TempFolder folder;
  QueueOptions options_;
  std::shared_ptr<QueueFile> file;
  std::int64_t now = kStart;
  std::int64_t next = 0;  // as the last claim said
};

}  // namespace fwd::queue

#endif
