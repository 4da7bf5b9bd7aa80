#ifndef FWD_SERVICE_DELIVERY_WORKER_H
#define FWD_SERVICE_DELIVERY_WORKER_H

// The worker that empties the queue: claims, attempts, reports.
//
//   claim (waits at the door) ──> prepare ──> here, or a remote ──> report
//        ^      at most `claims` at once          |                   |
//        +---- a lease that is prolonged while ---+        notices, journal, webhook
//
// While the door is away leases run out, and what is still under way is claimed
// again: it goes on under the new lease.
// Nothing is lost when it dies: its leases run out.  What was taken by a remote
// and not reported then is sent again; nothing else is.

#include <map>
#include <memory>

#include "core/event.h"
#include "core/task_group.h"
#include "service/delivery/bounce_hook.h"
#include "service/delivery/context.h"
#include "service/delivery/prepared.h"
#include "service/delivery/recorder.h"
#include "service/delivery/report.h"
#include "service/delivery/session_pool.h"

namespace fwd::delivery {

class Worker {
 public:
  Worker(DeliveryContext context, std::shared_ptr<const DeliveryOptions> options);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // For attempts that begin from now on.
  void set_options(std::shared_ptr<const DeliveryOptions> options);

  // Works until `stopping` is set, then ends what is under way within
  // stop_limit and gives the rest back.
  Task<void> run(Event& stopping);
  std::size_t under_way() const { return claims_.size(); }

 private:
  struct Held;
  struct Asking;
  Task<void> claim_loop(Event& stopping);
  Task<bool> claim_some();
  Task<void> finish();
  void hand_over(model::Claim& claim);
  Task<bool> has_new_lease(const Held& held, std::uint64_t old);
  static Task<void> handle(Worker& worker, std::uint64_t number);
  Task<bool> work(Held& held);
  Task<bool> keep_lease(Held& held);
  Task<AttemptOutcome> attempt(Held& held);
  Task<AttemptOutcome> attempt_remotely(Held& held);
  Task<ReturnedContent> returned_content(const Held& held);
  Task<bool> report(Held& held, model::Report report, const AttemptOutcome& outcome,
                    ReturnedContent content);
  void lighten(const Held& held, const AttemptOutcome& outcome, const Failure& why,
               ReturnedContent& content, model::Report& report);
  static Task<void> give_back(Worker& worker, std::uint64_t lease);

  DeliveryContext context_;
  std::shared_ptr<const DeliveryOptions> options_;
  bool has_begun_ = false;  // a claim was answered
  bool has_lost_ = false;   // the answer to the last one did not come
  Gate memory_;
  Preparer preparer_;
  Recorder recorder_;
  std::map<std::uint64_t, std::shared_ptr<Held>> held_;  // claims under way
  std::uint64_t next_number_ = 0;
  bool is_stopping_ = false;
  Event ended_;             // pulsed when a claim has ended
  bool is_asking_ = false;  // a claim's answer is under way
  Event answered_;          // pulsed when it is here, or nobody waits for it
  TaskGroup beside_;        // good-byes of sessions, webhooks
  BounceHooks hooks_;
  SessionPool pool_;
  TaskGroup claims_;  // one a claim; destroyed first
};

}  // namespace fwd::delivery

#endif
