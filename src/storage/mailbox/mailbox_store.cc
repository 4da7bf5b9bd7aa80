// All mailboxes on this disk.
#include "storage/mailbox/mailbox_store.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <utility>

#include "core/task_group.h"
#include "storage/mailbox/box.h"
#include "storage/mailbox/contents.h"
#include "storage/mailbox/identity.h"
#include "storage/mailbox/session.h"

namespace fwd::mailbox {

using BoxPtr = std::shared_ptr<Box>;

struct MailboxStore::Inside {
  Inside(net::Workers& threads, Clock& time, StoreOptions wanted)
      : workers(threads), clock(time), options(std::move(wanted)) {}

  BoxPtr find(const std::string& alias_id) const;
  BoxPtr find_open(const std::string& alias_id) const;
  BoxPtr add(const std::string& alias_id, crypto::SecretKey key);
  std::shared_ptr<model::Mailbox> join(const BoxPtr& box);
  void leave(Session& session);
  void log_out(const BoxPtr& box, const std::string& reason);
  std::string path(const std::string& alias_id) const {
    return options.folder + '/' + file_path(alias_id);
  }

  net::Workers& workers;
  Clock& clock;
  const StoreOptions options;
  // What runs there catches its own exceptions and hands them to those who wait.
  TaskGroup tasks{[](const std::string&, const std::string&) {}};
  Shelf shelf{workers, tasks, options.open_files};
  std::shared_ptr<std::atomic<std::size_t>> open_files =
      std::make_shared<std::atomic<std::size_t>>(0);
  std::map<std::string, BoxPtr> boxes;
};

namespace {

Failure bad_id() { return Failure{Fault::kBadInput, "", "not an alias id"}; }
Failure not_open() { return Failure{Fault::kWrongState, "", "the mailbox is not open"}; }

// Makes "<folder>/ab".
Outcome<void> make_folders(const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const std::string folder = path.substr(0, slash);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST && errno != EROFS)
      return Failure{Fault::kUnavailable, "", "cannot make the folder " + folder};
  }
  return {};
}

// While it lives others that want the same mailbox wait.  Ends the waiting even
// when the opening login was given up.
class Opening {
 public:
  Opening(std::map<std::string, BoxPtr>& boxes, Shelf& shelf, BoxPtr box)
      : boxes_(boxes), shelf_(shelf), box_(std::move(box)) {}
  Opening(const Opening&) = delete;
  Opening& operator=(const Opening&) = delete;
  ~Opening() {
    if (box_->opening) {
      const auto at = boxes_.find(box_->alias_id());
      if (at != boxes_.end() && at->second == box_) boxes_.erase(at);
      shelf_.put_away(box_);
    }
    box_->opened.set();
  }

 private:
  std::map<std::string, BoxPtr>& boxes_;
  Shelf& shelf_;
  BoxPtr box_;
};

}  // namespace

BoxPtr MailboxStore::Inside::find(const std::string& alias_id) const {
  const auto at = boxes.find(alias_id);
  return at == boxes.end() ? nullptr : at->second;
}

BoxPtr MailboxStore::Inside::find_open(const std::string& alias_id) const {
  BoxPtr box = find(alias_id);
  return box && !box->opening ? box : nullptr;
}

BoxPtr MailboxStore::Inside::add(const std::string& alias_id, crypto::SecretKey key) {
  BoxOptions box_options;
  box_options.path = path(alias_id);
  box_options.cache_pages = options.cache_pages;
  box_options.limits = options.limits;
  auto box = std::make_shared<Box>(workers, tasks, shelf, alias_id, std::move(key),
                                   std::move(box_options), open_files);
  boxes[alias_id] = box;
  return box;
}

std::shared_ptr<model::Mailbox> MailboxStore::Inside::join(const BoxPtr& box) {
  auto session = std::make_shared<Session>();
  session->box = box;
  session->clock = &clock;
  session->leave = [this](Session& leaving) { leave(leaving); };
  box->sessions.push_back(session.get());
  return make_handle(std::move(session));
}

void MailboxStore::Inside::leave(Session& session) {
  const BoxPtr box = session.box;
  std::erase(box->sessions, &session);
  if (!box->sessions.empty()) return;
  if (find(box->alias_id()) == box) boxes.erase(box->alias_id());
  shelf.put_away(box);
}

void MailboxStore::Inside::log_out(const BoxPtr& box, const std::string& reason) {
  const auto sessions = box->sessions;  // each takes itself out
  for (Session* session : sessions) session->end(reason);
}

MailboxStore::MailboxStore(net::Workers& workers, Clock& clock, StoreOptions options)
    : inside_(std::make_unique<Inside>(workers, clock, std::move(options))) {}

MailboxStore::~MailboxStore() {
  const auto boxes = inside_->boxes;
  for (const auto& [alias_id, box] : boxes) {
    inside_->log_out(box, "the server is stopping");
    box->close();
  }
}

Task<Outcome<void>> MailboxStore::create(std::string alias_id, crypto::SecretKey key) {
  if (!is_alias_id(alias_id)) co_return bad_id();
  auto job = [path = inside_->path(alias_id), alias_id,
              secret = std::make_shared<crypto::SecretKey>(std::move(key)),
              now = unix_seconds(inside_->clock.wall())]() -> Outcome<void> {
    if (auto done = make_folders(path); !done.ok()) return done;
    return MailboxFile::create(path, *secret, alias_id, now);
  };
  auto running = inside_->workers.run(worker_key(alias_id), std::move(job));
  co_return co_await std::move(running);
}

Task<Outcome<std::shared_ptr<model::Mailbox>>> MailboxStore::open(std::string alias_id,
                                                                  crypto::SecretKey key,
                                                                  std::uint64_t quota_limit) {
  if (!is_alias_id(alias_id)) co_return bad_id();
  for (;;) {
    BoxPtr box = inside_->find(alias_id);
    if (!box) break;
    if (box->opening) {
      co_await box->opened.wait();
      continue;
    }
    if (!crypto::equal(box->secret().view(), key.view()))
      co_return Failure{Fault::kCorrupt, "", "the key is not the mailbox's key"};
    if (box->is_damaged()) co_return Failure{Fault::kCorrupt, "", "the mailbox's file is damaged"};
    box->quota = quota_limit;
    co_return inside_->join(box);
  }
  BoxPtr box = inside_->add(alias_id, std::move(key));
  const Opening opening(inside_->boxes, inside_->shelf, box);
  auto reading = Box::read<void>(box, [](MailboxFile&) -> Outcome<void> { return {}; });
  Outcome<void> done = co_await std::move(reading);
  if (!done.ok()) co_return done.failure();
  box->opening = false;
  box->quota = quota_limit;
  co_return inside_->join(box);
}

bool MailboxStore::is_open(const std::string& alias_id) const {
  return inside_->find_open(alias_id) != nullptr;
}

bool MailboxStore::is_damaged(const std::string& alias_id) const {
  const BoxPtr box = inside_->find_open(alias_id);
  return box && box->is_damaged();
}

Task<Outcome<void>> MailboxStore::deliver(std::string alias_id, std::vector<Incoming> incoming) {
  BoxPtr box = inside_->find_open(alias_id);
  if (!box) co_return not_open();
  std::size_t octets = 0;
  for (const Incoming& one : incoming) octets += stored_octets(one.message);
  const auto now = unix_seconds(inside_->clock.wall());
  auto work = [incoming = std::move(incoming), quota = box->quota, now](MailboxFile& file) {
    return file.deliver(incoming, quota, now);
  };
  auto writing = Box::change<void>(box, octets, std::move(work));
  co_return co_await std::move(writing);
}

Task<Outcome<void>> MailboxStore::drain(std::string alias_id, std::vector<Drained> entries) {
  BoxPtr box = inside_->find_open(alias_id);
  if (!box) co_return not_open();
  std::size_t octets = 0;
  for (const Drained& one : entries) octets += stored_octets(one.incoming.message);
  const auto now = unix_seconds(inside_->clock.wall());
  auto work = [entries = std::move(entries), now](MailboxFile& file) {
    return file.drain(entries, now);
  };
  auto writing = Box::change<void>(box, octets, std::move(work));
  co_return co_await std::move(writing);
}

Task<Outcome<std::int64_t>> MailboxStore::spool_mark(std::string alias_id) {
  BoxPtr box = inside_->find_open(alias_id);
  if (!box) co_return not_open();
  auto reading = Box::read<std::int64_t>(box, [](MailboxFile& file) { return file.spool_mark(); });
  co_return co_await std::move(reading);
}

Task<Outcome<void>> MailboxStore::check(std::string alias_id) {
  BoxPtr box = inside_->find_open(alias_id);
  if (!box) co_return not_open();
  auto reading = Box::read<void>(box, [](MailboxFile& file) { return file.check(); });
  co_return co_await std::move(reading);
}

std::optional<std::uint64_t> MailboxStore::used(const std::string& alias_id) const {
  const BoxPtr box = inside_->find_open(alias_id);
  return box ? box->used() : std::nullopt;
}

Task<Outcome<std::uint64_t>> MailboxStore::file_octets(std::string alias_id) {
  if (!is_alias_id(alias_id)) co_return bad_id();
  auto job = [path = inside_->path(alias_id)]() -> Outcome<std::uint64_t> {
    struct stat file {};
    if (::stat(path.c_str(), &file) != 0) return Failure{Fault::kNotFound, "", "no file: " + path};
    auto octets = static_cast<std::uint64_t>(file.st_size);
    if (::stat((path + "-wal").c_str(), &file) == 0)
      octets += static_cast<std::uint64_t>(file.st_size);
    return octets;
  };
  auto running = inside_->workers.run(worker_key(alias_id), std::move(job));
  co_return co_await std::move(running);
}

Task<Outcome<void>> MailboxStore::remove(std::string alias_id) {
  if (!is_alias_id(alias_id)) co_return bad_id();
  log_out_all(alias_id, "the mailbox was deleted");
  auto job = [path = inside_->path(alias_id)] { return remove_mailbox(path); };
  auto running = inside_->workers.run(worker_key(alias_id), std::move(job));
  co_return co_await std::move(running);
}

Task<Outcome<void>> MailboxStore::create_next(std::string alias_id, crypto::SecretKey key) {
  if (!is_alias_id(alias_id)) co_return bad_id();
  auto job = [path = inside_->path(alias_id), alias_id,
              secret = std::make_shared<crypto::SecretKey>(std::move(key)),
              now = unix_seconds(inside_->clock.wall())]() -> Outcome<void> {
    if (auto done = make_folders(path); !done.ok()) return done;
    if (auto done = mailbox::remove_next(path); !done.ok()) return done;
    return MailboxFile::create(next_path(path), *secret, alias_id, now);
  };
  auto running = inside_->workers.run(worker_key(alias_id), std::move(job));
  co_return co_await std::move(running);
}

Task<Outcome<void>> MailboxStore::put_next(std::string alias_id) {
  if (!is_alias_id(alias_id)) co_return bad_id();
  log_out_all(alias_id, "the mailbox was begun anew");
  auto job = [path = inside_->path(alias_id)] { return mailbox::put_next(path); };
  auto running = inside_->workers.run(worker_key(alias_id), std::move(job));
  co_return co_await std::move(running);
}

Task<Outcome<bool>> MailboxStore::has_next(std::string alias_id) {
  if (!is_alias_id(alias_id)) co_return bad_id();
  auto job = [path = next_path(inside_->path(alias_id))] { return mailbox::is_there(path); };
  auto running = inside_->workers.run(worker_key(alias_id), std::move(job));
  co_return co_await std::move(running);
}

Task<Outcome<bool>> MailboxStore::is_there(std::string path) {
  auto job = [path = std::move(path)] { return mailbox::is_there(path); };
  auto running = inside_->workers.run(0, std::move(job));
  co_return co_await std::move(running);
}

Task<Outcome<void>> MailboxStore::remove_next(std::string alias_id) {
  if (!is_alias_id(alias_id)) co_return bad_id();
  auto job = [path = inside_->path(alias_id)] { return mailbox::remove_next(path); };
  auto running = inside_->workers.run(worker_key(alias_id), std::move(job));
  co_return co_await std::move(running);
}

Task<Outcome<std::vector<FoundFile>>> MailboxStore::find_files() {
  auto job = [folder = inside_->options.folder] { return mailbox::find_files(folder); };
  auto running = inside_->workers.run(0, std::move(job));
  co_return co_await std::move(running);
}

void MailboxStore::log_out_all(const std::string& alias_id, const std::string& reason) {
  if (const BoxPtr box = inside_->find_open(alias_id)) inside_->log_out(box, reason);
}

const Limits& MailboxStore::limits() const { return inside_->options.limits; }

std::size_t MailboxStore::open_mailboxes() const {
  return static_cast<std::size_t>(
      std::count_if(inside_->boxes.begin(), inside_->boxes.end(),
                    [](const auto& entry) { return !entry.second->opening; }));
}

std::size_t MailboxStore::open_files() const { return *inside_->open_files; }

std::uint64_t MailboxStore::commits(const std::string& alias_id) const {
  const BoxPtr box = inside_->find_open(alias_id);
  return box ? box->commits() : 0;
}

}  // namespace fwd::mailbox
