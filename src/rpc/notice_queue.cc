// Keeping a mailbox's notices until they are taken.
#include "rpc/notice_queue.h"

namespace fwd::rpc {

bool NoticeQueue::push(model::Notice notice, std::size_t most) {
  if (ended_) return true;
  if (!known_.emplace(notice.kind, notice.folder).second) return true;
  if (waiting_.size() >= most) return false;
  waiting_.push_back(std::move(notice));
  changed_.set();
  return true;
}

void NoticeQueue::end(Failure why) {
  if (!ended_) ended_ = std::move(why);
  changed_.set();
}

Task<Outcome<model::Notice>> NoticeQueue::next() {
  while (waiting_.empty()) {
    if (ended_) co_return *ended_;
    changed_.clear();
    co_await changed_.wait();
  }
  model::Notice notice = std::move(waiting_.front());
  waiting_.pop_front();
  known_.erase({notice.kind, notice.folder});
  co_return notice;
}

}  // namespace fwd::rpc
