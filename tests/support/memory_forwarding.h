#ifndef FWD_TESTS_SUPPORT_MEMORY_FORWARDING_H
#define FWD_TESTS_SUPPORT_MEMORY_FORWARDING_H

// Forwarding in memory, with the destinations' words laid out by the test.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/event.h"
#include "model/forwarding.h"

namespace fwd::test {

class MemoryForwarding final : public model::Forwarding {
 public:
  explicit MemoryForwarding(Clock& clock) : clock_(clock) {}

  struct Word {
    model::RecipientState state = model::RecipientState::kDelivered;
    std::uint16_t code = 250;
    std::string status = "2.0.0";
    std::string response = "250 2.0.0 taken";
  };
  // What a destination says, by its address, from now on and to what waits for it; one
  // that is not named here takes all.  Nothing: it does not answer.
  void say(const std::string& address, std::optional<Word> word);

  struct Kept {
    model::NewForward forward;
    model::Forwarded forwarded;
    std::optional<model::SettleForward> settled;  // the first one
  };
  // By id, in the order they came: "forward-1" when the message brings none.
  std::vector<std::string> order;
  std::map<std::string, Kept> kept;

  std::map<std::string, model::Vacation> vacations;  // by alias
  std::vector<std::string> confirmed;                // addresses
  std::vector<model::NewReply> replies;              // with their ids: "reply-1"
  std::map<std::string, unsigned> credits;           // by return path
  std::map<std::string, model::WentOn> went_on;      // by return path
  std::vector<model::CameBack> asked;                // find_forwarded()s
  std::map<std::string, Failure> untaken;            // forwards to these addresses fail so
  std::optional<Failure> trouble;                    // while set every call fails so
  std::optional<Failure> await_trouble, settle_trouble, reply_trouble;  // and these alone
  int awaited = 0;                                                      // await_forward()s

  Task<Outcome<model::Forwarded>> forward(model::NewForward forward) override;
  Task<Outcome<model::Forwarded>> await_forward(std::string id,
                                                std::chrono::milliseconds wait) override;
  Task<Outcome<void>> settle_forward(std::string id, model::SettleForward how) override;
  // A path that is not among `went_on` is of what one of ours sent himself.
  Task<Outcome<model::WentOn>> find_forwarded(model::CameBack back) override;
  Task<Outcome<model::Vacation>> get_vacation(std::string alias_id) override;
  Task<Outcome<std::string>> send_reply(model::NewReply reply) override;
  Task<Outcome<void>> confirm_recipient(std::string address) override;

 private:
  void try_now(model::Forwarded& forwarded);
  std::optional<Word> word_of(const std::string& address) const;

  Clock& clock_;
  std::map<std::string, std::optional<Word>> words_;
  // By print and destination: where its answer is kept.
  std::map<std::pair<std::string, std::string>, std::pair<std::string, std::size_t>> prints_;
  Event changed_;
};

}  // namespace fwd::test

#endif
