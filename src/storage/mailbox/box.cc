// One mailbox in use.
#include "storage/mailbox/box.h"

#include "storage/mailbox/identity.h"
#include "storage/mailbox/session.h"

namespace fwd::mailbox {

Shelf::Shelf(net::Workers& workers, TaskGroup& tasks, std::size_t budget)
    : workers_(workers), tasks_(tasks), budget_(budget > 0 ? budget : 1) {}

void Shelf::touch(const std::shared_ptr<Box>& box) {
  if (box->on_shelf_) {
    open_.splice(open_.begin(), open_, box->place_);
    return;
  }
  open_.push_front(box);
  box->place_ = open_.begin();
  box->on_shelf_ = true;
  while (open_.size() > budget_) put_away(std::shared_ptr<Box>(open_.back()));
}

void Shelf::put_away(const std::shared_ptr<Box>& box) {
  if (!box->on_shelf_) return;
  box->on_shelf_ = false;
  close_file(box);
  open_.erase(box->place_);
}

void Shelf::close_unused(const std::shared_ptr<Box>& box) {
  if (!box->on_shelf_) close_file(box);
}

namespace {

// The job is queued at once, behind all that the box has under way.
Task<void> run_close(net::Workers& workers, std::shared_ptr<Box> box, std::uint64_t key) {
  auto job = [box = std::move(box)] {
    box->close_file();
    return true;
  };
  auto running = workers.run(key, std::move(job));
  co_await std::move(running);
}

}  // namespace

void Shelf::close_file(std::shared_ptr<Box> box) {
  const std::uint64_t key = box->key();
  tasks_.spawn("close", run_close(workers_, std::move(box), key));
}

Box::Box(net::Workers& workers, TaskGroup& tasks, Shelf& shelf, std::string alias_id,
         crypto::SecretKey key, BoxOptions options,
         std::shared_ptr<std::atomic<std::size_t>> open_files)
    : WriteQueue(workers, tasks, worker_key(alias_id)),
      shelf_(shelf),
      alias_id_(std::move(alias_id)),
      key_(std::move(key)),
      options_(std::move(options)),
      open_files_(std::move(open_files)) {}

Box::~Box() { close_file(); }

Outcome<MailboxFile*> Box::file() {
  if (damaged_) return Failure{Fault::kCorrupt, "", "the mailbox's file is damaged"};
  if (file_) return file_.get();
  auto made =
      MailboxFile::open(options_.path, key_, alias_id_, options_.cache_pages, options_.limits);
  if (made.ok()) {
    file_ = std::move(made).value();
    ++*open_files_;
    look_at_used();
    return file_.get();
  }
  Failure why = made.failure();
  if (why.fault == Fault::kNotFound)
    why = Failure{Fault::kCorrupt, "", "the mailbox's file is missing: " + options_.path};
  if (why.fault == Fault::kCorrupt) damaged_ = true;
  return why;
}

void Box::close_file() {
  if (!file_) return;
  file_.reset();
  --*open_files_;
}

void Box::look_for_damage() {
  if (!file_ || !file_->database().is_damaged()) return;
  damaged_ = true;
  close_file();
}

void Box::look_at_used() {
  if (const auto used = file_->used(); used.ok())
    used_.store(static_cast<std::int64_t>(used.value()), std::memory_order_relaxed);
}

Outcome<sqlcipher::Database*> Box::database() {
  auto into = file();
  if (!into.ok()) return into.failure();
  return &into.value()->database();
}

std::function<void()> Box::batch_ended(bool committed) {
  News news;
  if (file_) news = file_->take_news();
  if (committed && file_) look_at_used();
  look_for_damage();
  if (!committed) news = News();
  auto self = std::static_pointer_cast<Box>(shared_from_this());
  return [self, news = std::move(news)] {
    if (!news.empty())
      for (Session* session : self->sessions) session->tell(news);
    self->shelf_.close_unused(self);
  };
}

}  // namespace fwd::mailbox
