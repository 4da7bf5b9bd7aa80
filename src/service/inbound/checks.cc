// The ordered list of checks.
#include "service/inbound/checks.h"

#include <optional>
#include <utility>

namespace fwd::service {
namespace {

using Verdict = std::optional<smtp::Reply>;

// RFC 5321 §6.3: count Received lines to find loops.
Task<Verdict> check_loop(const MessageFacts& facts) {
  if (facts.header.received <= facts.options.received) co_return std::nullopt;
  co_return smtp::Reply{550, "5.4.6", "Too many Received lines, the message goes in circles"};
}

struct Check {
  std::string_view name;
  Task<Verdict> (*run)(const MessageFacts& facts);
};

// In this order.  Cheap and certain ones stand first; those that ask others
// (sender authentication, greylist, scanners) come behind them.
constexpr Check kChecks[] = {
    {"loop", check_loop},
};

}  // namespace

Task<Judgement> judge_message(const MessageFacts& facts) {
  Judgement judgement;
  for (const Check& check : kChecks) {
    auto verdict = co_await check.run(facts);
    if (!verdict) continue;
    judgement.findings.push_back({check.name, "fail", verdict->text, 0});
    judgement.refusal = std::move(*verdict);
    judgement.decided_by = check.name;
    break;
  }
  co_return judgement;
}

}  // namespace fwd::service
