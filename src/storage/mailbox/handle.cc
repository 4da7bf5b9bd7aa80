// A login's model::Mailbox: each verb goes to the mailbox's worker and back.
#include <algorithm>
#include <utility>

#include "storage/mailbox/contents.h"
#include "storage/mailbox/session.h"

namespace fwd::mailbox {
namespace {

using SessionPtr = std::shared_ptr<Session>;

Failure login_ended() { return Failure{Fault::kClosed, "the login has ended", ""}; }

// The coroutines here hold the session, not the handle, which may go away.
template <typename T, typename Work>
Task<Outcome<T>> read(SessionPtr session, Work work) {
  if (session->ended()) co_return login_ended();
  auto reading = Box::read<T>(session->box, std::move(work));
  auto done = co_await std::move(reading);
  if (session->ended()) co_return login_ended();
  co_return done;
}

template <typename T, typename Work>
Task<Outcome<T>> change(SessionPtr session, std::size_t octets, Work work) {
  if (session->ended()) co_return login_ended();
  auto changing = Box::change<T>(session->box, octets, std::move(work));
  co_return co_await std::move(changing);
}

// Looks at a folder and claims its recent messages.  Claiming must write; when
// the disk takes nothing one may still look.
template <typename T, typename Work>
Task<Outcome<T>> look(SessionPtr session, bool claim, Work work) {
  if (claim) {
    auto claiming = change<T>(session, 0, [work](MailboxFile& file) { return work(file, true); });
    auto done = co_await std::move(claiming);
    if (done.ok() || done.failure().fault != Fault::kUnavailable) co_return done;
  }
  auto looking = read<T>(session, [work](MailboxFile& file) { return work(file, false); });
  co_return co_await std::move(looking);
}

Task<Outcome<model::Notice>> wait_notice(SessionPtr session) {
  while (!session->has_news()) {
    if (session->ended()) co_return login_ended();
    co_await session->news.wait();
  }
  co_return session->take_notice();
}

// Rows or chunks, a bounded batch for each next(); other work on the mailbox
// takes its turn between two of them.
template <typename T, typename Cursor>
class Slices final : public model::Batches<T> {
 public:
  using Verb = Outcome<std::vector<T>> (MailboxFile::*)(Cursor&);
  Slices(SessionPtr session, Cursor cursor, Verb verb)
      : session_(std::move(session)),
        cursor_(std::make_shared<Cursor>(std::move(cursor))),
        verb_(verb) {}
  Task<Outcome<std::vector<T>>> next() override { return step(session_, cursor_, verb_); }

 private:
  // The cursor is the worker's while a job runs; a job of a cancelled next()
  // runs before the next one's.
  static Task<Outcome<std::vector<T>>> step(SessionPtr session, std::shared_ptr<Cursor> cursor,
                                            Verb verb) {
    using Batch = std::pair<std::vector<T>, bool>;
    for (;;) {
      auto reading = read<Batch>(session, [cursor, verb](MailboxFile& file) -> Outcome<Batch> {
        if (cursor->ended) return Batch({}, true);
        auto some = (file.*verb)(*cursor);
        if (!some.ok()) return some.failure();
        return Batch(std::move(some).value(), cursor->ended);
      });
      auto done = co_await std::move(reading);
      if (!done.ok()) co_return done.failure();
      if (!done.value().first.empty() || done.value().second)
        co_return std::move(done.value().first);
    }
  }

  SessionPtr session_;
  std::shared_ptr<Cursor> cursor_;
  Verb verb_;
};

class Handle final : public model::Mailbox {
 public:
  explicit Handle(SessionPtr session) : session_(std::move(session)) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() override { session_->end("the session has ended"); }

  Task<Outcome<std::vector<model::Folder>>> list_folders() override {
    return read<std::vector<model::Folder>>(session_,
                                            [](MailboxFile& file) { return file.list_folders(); });
  }
  Task<Outcome<model::Folder>> get_folder(std::string path) override {
    return read<model::Folder>(
        session_, [path = std::move(path)](MailboxFile& file) { return file.get_folder(path); });
  }
  Task<Outcome<model::Folder>> create_folder(std::string path, model::SpecialUse use) override {
    return change<model::Folder>(
        session_, 0, [path = std::move(path), use, now = session_->now()](MailboxFile& file) {
          return file.create_folder(path, use, now);
        });
  }
  Task<Outcome<void>> delete_folder(std::string path) override {
    return change<void>(session_, 0,
                        [path = std::move(path), now = session_->now()](MailboxFile& file) {
                          return file.delete_folder(path, now);
                        });
  }
  Task<Outcome<void>> rename_folder(std::string from, std::string to) override {
    return change<void>(session_, 0,
                        [from = std::move(from), to = std::move(to), now = session_->now()](
                            MailboxFile& file) { return file.rename_folder(from, to, now); });
  }
  Task<Outcome<void>> subscribe(std::string path, bool subscribed) override {
    return change<void>(session_, 0,
                        [path = std::move(path), subscribed, now = session_->now()](
                            MailboxFile& file) { return file.subscribe(path, subscribed, now); });
  }

  Task<Outcome<model::OpenFolder>> open_folder(model::FolderId folder, bool claim_recent) override {
    return look<model::OpenFolder>(session_, claim_recent,
                                   [folder, now = session_->now()](MailboxFile& file, bool claim) {
                                     return file.open_folder(folder, claim, now);
                                   });
  }
  Task<Outcome<model::Changes>> changes_since(model::FolderId folder, model::ModSeq since,
                                              model::UidSet known, bool claim_recent) override {
    return look<model::Changes>(session_, claim_recent,
                                [folder, since, known = std::move(known), now = session_->now()](
                                    MailboxFile& file, bool claim) {
                                  return file.changes_since(folder, since, known, claim, now);
                                });
  }
  std::unique_ptr<model::Batches<model::MessageRow>> fetch(model::FolderId folder,
                                                           model::UidSet uids,
                                                           std::uint32_t columns,
                                                           model::ModSeq changed_since) override {
    FetchCursor cursor;
    cursor.folder = folder;
    cursor.uids = std::move(uids);
    cursor.columns = columns;
    cursor.changed_since = changed_since;
    return std::make_unique<Slices<model::MessageRow, FetchCursor>>(session_, std::move(cursor),
                                                                    &MailboxFile::fetch);
  }
  std::unique_ptr<model::Batches<format::PackedChunk>> read_content(model::FolderId folder,
                                                                    model::Uid uid,
                                                                    std::uint64_t offset,
                                                                    std::uint64_t length) override {
    ContentCursor cursor;
    cursor.folder = folder;
    cursor.uid = uid;
    cursor.offset = offset;
    cursor.end = offset + std::min(length, UINT64_MAX - offset);
    return std::make_unique<Slices<format::PackedChunk, ContentCursor>>(session_, cursor,
                                                                        &MailboxFile::read_content);
  }
  Task<Outcome<model::StoreResult>> store_flags(model::FolderId folder, model::UidSet uids,
                                                model::FlagChange how, model::Flags flags,
                                                model::ModSeq unchanged_since) override {
    return change<model::StoreResult>(
        session_, 0,
        [folder, uids = std::move(uids), how, flags = std::move(flags), unchanged_since,
         now = session_->now()](MailboxFile& file) {
          return file.store_flags(folder, uids, how, flags, unchanged_since, now);
        });
  }
  Task<Outcome<model::UidSet>> expunge(model::FolderId folder, model::UidSet uids) override {
    return change<model::UidSet>(
        session_, 0, [folder, uids = std::move(uids), now = session_->now()](MailboxFile& file) {
          return file.expunge(folder, uids, now);
        });
  }
  Task<Outcome<model::CopyResult>> append(std::string path,
                                          std::vector<model::NewMessage> messages) override {
    std::size_t octets = 0;
    for (const model::NewMessage& message : messages) octets += stored_octets(message.message);
    return change<model::CopyResult>(
        session_, octets,
        [path = std::move(path), messages = std::move(messages), quota = session_->box->quota,
         now = session_->now()](MailboxFile& file) {
          return file.append(path, messages, quota, now);
        });
  }
  Task<Outcome<model::CopyResult>> copy(model::FolderId from, model::UidSet uids,
                                        std::string to_path) override {
    return change<model::CopyResult>(
        session_, 0,
        [from, uids = std::move(uids), to = std::move(to_path),
         now = session_->now()](MailboxFile& file) { return file.copy(from, uids, to, now); });
  }
  Task<Outcome<model::CopyResult>> move(model::FolderId from, model::UidSet uids,
                                        std::string to_path) override {
    return change<model::CopyResult>(
        session_, 0,
        [from, uids = std::move(uids), to = std::move(to_path),
         now = session_->now()](MailboxFile& file) { return file.move(from, uids, to, now); });
  }
  Task<Outcome<model::Quota>> quota() override {
    return read<model::Quota>(
        session_, [limit = session_->box->quota](MailboxFile& file) -> Outcome<model::Quota> {
          auto used = file.used();
          if (!used.ok()) return used.failure();
          return model::Quota{used.value(), limit};
        });
  }

  Task<Outcome<model::Notice>> next_notice() override { return wait_notice(session_); }
  bool has_notice() const override { return session_->has_news() || session_->ended(); }
  // A commit is told to the sessions before it is told to who asked for it.
  Task<Outcome<void>> sync_notices() override { co_return Outcome<void>{}; }

 private:
  SessionPtr session_;
};

}  // namespace

std::shared_ptr<model::Mailbox> make_handle(std::shared_ptr<Session> session) {
  return std::make_shared<Handle>(std::move(session));
}

}  // namespace fwd::mailbox
