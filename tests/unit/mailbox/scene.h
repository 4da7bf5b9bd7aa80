#ifndef FWD_TESTS_MAILBOX_SCENE_H
#define FWD_TESTS_MAILBOX_SCENE_H

// What the tests of mailboxes share: a folder of their own, messages, and a
// loop with workers to run tasks on.

#include <cppunit/TestAssert.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <latch>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/task_group.h"
#include "format/outline.h"
#include "net/loop.h"
#include "net/workers.h"
#include "storage/mailbox/mailbox_file.h"
#include "storage/mailbox/mailbox_store.h"
#include "storage/sqlcipher/database.h"

namespace fwd::mailbox {

inline const std::string kAlias = "0123456789abcdef01234567";
inline constexpr std::int64_t kNow = 1767225600;

template <typename T>
void assert_ok(const Outcome<T>& outcome) {
  if (!outcome.ok())
    CPPUNIT_FAIL(std::string(fault_name(outcome.failure().fault)) + ": " +
                 outcome.failure().public_text + " " + outcome.failure().private_text);
}

template <typename T>
T get(Outcome<T> outcome) {
  assert_ok(outcome);
  return std::move(outcome).value();
}

template <typename T>
void assert_fault(Fault fault, const Outcome<T>& outcome) {
  CPPUNIT_ASSERT_MESSAGE("succeeded", !outcome.ok());
  CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.failure().private_text, std::string(fault_name(fault)),
                               std::string(fault_name(outcome.failure().fault)));
}

// A temporary folder; the page cipher is in force while it lives.
class TempFolder {
 public:
  TempFolder() {
    assert_ok(sqlcipher::start("/tmp"));
    // In memory where possible: thousands of commits wait for no disk.
    path_ = ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    path_ += "/check_mailbox.XXXXXX";
    CPPUNIT_ASSERT(::mkdtemp(path_.data()) != nullptr);
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline crypto::SecretKey key_of(char c) { return crypto::SecretKey::from(std::string(32, c)); }

// `id` names the message; `references` ids in angle brackets.
inline std::string message_text(const std::string& id, std::size_t body = 100,
                                const std::string& references = "",
                                const std::string& subject = "Hello") {
  std::string text = "From: a@example.test\r\nTo: b@example.test\r\nSubject: " + subject +
                     "\r\nMessage-ID: <" + id + "@example.test>\r\n";
  if (!references.empty()) text += "References: " + references + "\r\n";
  text += "\r\n";
  std::uint32_t seed = 1;
  while (body > 0) {
    const std::size_t line = std::min<std::size_t>(body, 70);
    for (std::size_t i = 0; i < line; ++i) {
      seed = seed * 1664525U + 1013904223U;
      text += static_cast<char>('a' + (seed >> 16) % 26);
    }
    text += "\r\n";
    body -= line;
  }
  return text;
}

inline format::PackedMessage packed(const std::string& id, std::size_t body = 100,
                                    const std::string& references = "",
                                    const std::string& subject = "Hello") {
  return format::pack_message(message_text(id, body, references, subject));
}

inline model::NewMessage new_message(const std::string& id, std::uint8_t flags = 0,
                                     std::size_t body = 100) {
  model::NewMessage out;
  out.flags.system = flags;
  out.message = packed(id, body);
  return out;
}

inline std::vector<model::NewMessage> new_messages(int count, std::uint8_t flags = 0) {
  std::vector<model::NewMessage> out;
  for (int i = 0; i < count; ++i) out.push_back(new_message("m" + std::to_string(i), flags));
  return out;
}

inline Incoming incoming(const std::string& id, std::size_t body = 100) {
  Incoming out;
  out.delivery_id = id;
  out.internal_date = kNow;
  out.message = packed(id, body);
  return out;
}

// One mailbox file, and its verbs committed one by one.
class FileScene {
 public:
  explicit FileScene(Limits wanted = {}) : limits(wanted) {
    assert_ok(MailboxFile::create(path(), key_of('k'), kAlias, kNow));
    reopen();
  }
  std::string path() const { return folder / "box.sqlite"; }
  void reopen() {
    file.reset();
    file = get(MailboxFile::open(path(), key_of('k'), kAlias, 64, limits));
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
  model::FolderId id_of(const std::string& name) { return get(file->get_folder(name)).id; }
  model::CopyResult append(const std::string& name, std::vector<model::NewMessage> messages) {
    return get(commit([&] { return file->append(name, messages, 0, kNow); }));
  }
  model::StoreResult flag(const std::string& name, model::UidSet uids, std::uint8_t bits,
                          model::FlagChange how = model::FlagChange::kAdd) {
    model::Flags flags;
    flags.system = bits;
    const auto id = id_of(name);
    return get(commit([&] { return file->store_flags(id, uids, how, flags, UINT64_MAX, kNow); }));
  }
  model::UidSet expunge(const std::string& name, model::UidSet uids = model::UidSet::all()) {
    const auto id = id_of(name);
    return get(commit([&] { return file->expunge(id, uids, kNow); }));
  }
  model::OpenFolder open(const std::string& name, bool claim = false) {
    const auto id = id_of(name);
    return get(commit([&] { return file->open_folder(id, claim, kNow); }));
  }
  model::Changes changes(const std::string& name, model::ModSeq since, model::UidSet known = {}) {
    return get(file->changes_since(id_of(name), since, known, false, kNow));
  }
  std::vector<model::MessageRow> fetch(const std::string& name, std::uint32_t columns,
                                       model::UidSet uids = model::UidSet::all(),
                                       model::ModSeq since = 0) {
    FetchCursor cursor;
    cursor.folder = id_of(name);
    cursor.uids = uids;
    cursor.columns = columns;
    cursor.changed_since = since;
    std::vector<model::MessageRow> out;
    while (!cursor.ended)
      for (auto& row : get(file->fetch(cursor))) out.push_back(std::move(row));
    return out;
  }
  std::int64_t number(const std::string& sql) {
    auto select = file->database().prepare(sql);
    CPPUNIT_ASSERT(get(select.step()));
    return select.integer(0);
  }

  TempFolder folder;
  Limits limits;
  std::unique_ptr<MailboxFile> file;
};

// A loop and workers; runs tasks to their end.
class LoopScene {
 public:
  TempFolder folder;  // first, so that it goes when the workers are done
  net::Loop loop;
  HandClock clock;
  net::Workers workers{loop, 2};

  template <typename T>
  T run(Task<T> work) {
    std::optional<T> result;
    TaskGroup group(
        [](const std::string& name, const std::string& what) { CPPUNIT_FAIL(name + ": " + what); });
    group.spawn("test", keep(loop, std::move(work), result));
    loop.run();
    CPPUNIT_ASSERT(result.has_value());
    return std::move(*result);
  }
  // All side by side, in order of starting; the workers begin when all of it
  // has begun.
  template <typename T>
  std::vector<T> run_all(std::vector<Task<T>> work) {
    std::vector<std::optional<T>> results(work.size());
    std::size_t left = work.size();
    TaskGroup group(
        [](const std::string& name, const std::string& what) { CPPUNIT_FAIL(name + ": " + what); });
    auto begun = std::make_shared<std::latch>(1);
    for (std::uint64_t key = 0; key < workers.threads(); ++key)
      group.spawn("hold", hold(workers, key, begun));
    for (std::size_t i = 0; i < work.size(); ++i)
      group.spawn("test", keep_one(loop, std::move(work[i]), results[i], left));
    begun->count_down();
    loop.run();
    CPPUNIT_ASSERT_EQUAL(std::string(), bug);
    std::vector<T> out;
    for (auto& one : results) out.push_back(std::move(*one));
    return out;
  }

 private:
  void stop_for(const std::string& what) {
    bug = what;
    loop.stop();
  }
  std::string bug;

  static Task<void> hold(net::Workers& workers, std::uint64_t key,
                         std::shared_ptr<std::latch> begun) {
    auto wait = [begun] {
      begun->wait();
      return true;
    };
    co_await workers.run(key, std::move(wait));
  }
  template <typename T>
  static Task<void> keep(net::Loop& loop, Task<T> work, std::optional<T>& into) {
    into.emplace(co_await work);
    loop.stop();
  }
  template <typename T>
  static Task<void> keep_one(net::Loop& loop, Task<T> work, std::optional<T>& into,
                             std::size_t& left) {
    into.emplace(co_await work);
    if (--left == 0) loop.stop();
  }
};

}  // namespace fwd::mailbox

#endif
