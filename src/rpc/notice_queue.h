#ifndef FWD_RPC_NOTICE_QUEUE_H
#define FWD_RPC_NOTICE_QUEUE_H

// The notices of one mailbox that have come and were not taken.  Several of
// one kind and folder are one, so that a slow taker costs a bounded memory.

#include <deque>
#include <optional>
#include <set>
#include <utility>

#include "core/event.h"
#include "core/outcome.h"
#include "core/task.h"
#include "model/mailbox.h"

namespace fwd::rpc {

class NoticeQueue {
 public:
  // False: more than `most` different ones wait.
  bool push(model::Notice notice, std::size_t most);
  // No notice will come after those that wait.
  void end(Failure why);

  bool empty() const { return waiting_.empty() && !ended_; }
  // Gives the oldest; after the last, why there are no more.
  Task<Outcome<model::Notice>> next();

 private:
  std::deque<model::Notice> waiting_;
  std::set<std::pair<model::NoticeKind, model::FolderId>> known_;  // those of waiting_
  std::optional<Failure> ended_;
  Event changed_;
};

}  // namespace fwd::rpc

#endif
