// Makes the controller of rspamd the learner's teacher.
#include "service/learning/rspamd_learner.h"

#include <utility>

#include "service/daemon/scan_options.h"

namespace fwd::learning {
namespace {

// Keeps what it asks with and about: a reload may bring another client.
Task<Outcome<void>> teach(std::shared_ptr<scan::Rspamd> rspamd, scan::Lesson lesson,
                          std::shared_ptr<const std::string> content) {
  auto learning = rspamd->learn(lesson, *content);
  co_return co_await learning;
}

}  // namespace

RspamdLearner::RspamdLearner(net::Loop& loop, Log& log, imap::MemoryBudget& memory)
    : loop_(loop), learner_(loop.clock(), log, memory) {}

Outcome<void> RspamdLearner::configure(const config::Options& options) {
  auto controller = daemon::controller_options(options);
  if (!controller.ok()) return controller.failure();
  if (controller.value().url.empty()) {
    is_on_ = false;
    learner_.set(nullptr, {});
    return {};
  }
  if (!http_) {
    net::HttpOptions asking;
    asking.allow_private = true;
    auto http = net::HttpClient::make(loop_, names_, std::move(asking));
    if (!http.ok()) return http.failure();
    http_ = std::move(http).value();
  }
  auto made = scan::Rspamd::make(*http_, std::move(controller).value());
  if (!made.ok()) return made.failure();
  const auto rspamd = std::make_shared<scan::Rspamd>(std::move(made).value());
  LearnerOptions limits;
  limits.most_waiting = options.integer("imap.learn-limit");
  limits.size_limit = options.size("scan.size-limit");
  learner_.set(
      [rspamd](scan::Lesson lesson, std::shared_ptr<const std::string> content) {
        return teach(rspamd, lesson, std::move(content));
      },
      limits);
  is_on_ = true;
  return {};
}

}  // namespace fwd::learning
