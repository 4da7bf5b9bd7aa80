// Bad days: full and read-only disks, busy files, crashes; and migration.
#include <cppunit/extensions/HelperMacros.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "storage/sqlcipher/database.h"
#include "tests/unit/sqlcipher/scratch.h"

namespace fwd::sqlcipher {
namespace {

// The operating system refuses writes past `octets` as a full disk would.
class FileLimit {
 public:
  explicit FileLimit(rlim_t octets) {
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const struct rlimit limit { octets, before_.rlim_max };
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;

 private:
  struct rlimit before_ {};
  void (*handler_)(int) = nullptr;
};

// In a process of its own, without root's rights; gives what `work` gave.
int in_child(const std::function<int()>& work) {
  const pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(99);
    int result = 98;
    try {
      result = work();
    } catch (...) {
    }
    _exit(result);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 97;
}

constexpr SchemaStep kSteps[] = {{"CREATE TABLE t (i INTEGER); INSERT INTO t VALUES (1);"},
                                 {"ALTER TABLE t ADD COLUMN s TEXT NOT NULL DEFAULT 'new';"},
                                 {"CREATE TABLE u (i INTEGER); INSERT INTO u SELECT i FROM t;"}};

class BadDayTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(BadDayTest);
  CPPUNIT_TEST(a_full_disk_is_unavailable_and_destroys_nothing);
  CPPUNIT_TEST(a_transaction_lost_to_a_full_disk_stays_lost);
  CPPUNIT_TEST(a_full_disk_cannot_make_a_file);
  CPPUNIT_TEST(a_read_only_folder_or_file_is_unavailable);
  CPPUNIT_TEST(a_busy_file_is_unavailable_and_then_not);
  CPPUNIT_TEST(a_killed_writer_leaves_what_it_committed);
  CPPUNIT_TEST(a_copy_is_made_while_others_write);
  CPPUNIT_TEST(a_new_file_gets_the_whole_schema);
  CPPUNIT_TEST(an_old_file_is_taken_up_step_by_step);
  CPPUNIT_TEST(a_failing_step_leaves_the_version_before);
  CPPUNIT_TEST(a_newer_file_is_refused);
  CPPUNIT_TEST_SUITE_END();

  static std::string schema_version(Database& database) {
    return std::to_string(number(database, "PRAGMA user_version"));
  }

 public:
  void a_full_disk_is_unavailable_and_destroys_nothing() {
    const Folder folder;
    auto database = open_or_fail(folder / "a");
    assert_ok(database->execute("CREATE TABLE t (b BLOB)"));
    const std::string big(300000, 'b');
    const auto insert = [&] {
      return database->prepare("INSERT INTO t VALUES (?)").bind_blob_view(1, big).run();
    };
    assert_ok(insert());
    {
      const FileLimit limit(std::filesystem::file_size(folder / "a-wal") + 50000);
      auto refused = insert();
      assert_fault(Fault::kUnavailable, refused);
      CPPUNIT_ASSERT(refused.failure().private_text.find(folder / "a") == 0);
      CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, number(*database, "SELECT count(*) FROM t"));
    }
    CPPUNIT_ASSERT(!database->is_damaged());
    assert_ok(insert());
    database = open_or_fail(folder / "a", false);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, number(*database, "SELECT count(*) FROM t"));
    assert_ok(database->check());
  }

  // SQLite itself rolls back on some faults; what follows in the same work must
  // not become transactions of their own.
  void a_transaction_lost_to_a_full_disk_stays_lost() {
    const Folder folder;
    auto database = open_or_fail(folder / "a");
    assert_ok(database->execute("CREATE TABLE t (b BLOB)"));
    const std::string big(9000000, 'b');  // more than the page cache holds
    std::optional<FileLimit> limit;
    auto done = database->transaction([&]() -> Outcome<void> {
      limit.emplace(100000);
      auto part = database->savepoint([&] {
        return database->prepare("INSERT INTO t VALUES (?)").bind_blob_view(1, big).run();
      });
      CPPUNIT_ASSERT(!part.ok());
      limit.reset();
      (void)database->execute("INSERT INTO t VALUES ('small')").ok();
      return {};
    });
    const std::int64_t rows = number(*database, "SELECT count(*) FROM t");
    CPPUNIT_ASSERT_EQUAL(done.ok() ? std::int64_t{1} : std::int64_t{0}, rows);
    assert_ok(database->execute("INSERT INTO t VALUES ('later')"));
    assert_ok(database->check());
  }

  void a_full_disk_cannot_make_a_file() {
    const Folder folder;
    assert_ok(start("/tmp"));
    {
      const FileLimit limit(1000);
      assert_fault(Fault::kUnavailable, try_open(folder / "a"));
    }
    assert_ok(try_open(folder / "a"));
  }

  void a_read_only_folder_or_file_is_unavailable() {
    const Folder folder;
    {
      auto database = open_or_fail(folder / "a");
      assert_ok(database->execute("CREATE TABLE t (i)"));
    }
    const std::string before = read_file(folder / "a");
    if (geteuid() == 0) {
      CPPUNIT_ASSERT(chown(folder.path().c_str(), 65534, 65534) == 0);
      CPPUNIT_ASSERT(chown((folder / "a").c_str(), 65534, 65534) == 0);
    }
    const auto fault_of = [&](const char* name) {
      return in_child([&] {
        auto database = try_open(folder / name);
        return database.ok() ? 0 : static_cast<int>(database.failure().fault);
      });
    };
    CPPUNIT_ASSERT_EQUAL(0, fault_of("a"));
    chmod(folder.path().c_str(), 0500);
    CPPUNIT_ASSERT_EQUAL(static_cast<int>(Fault::kUnavailable), fault_of("a"));
    CPPUNIT_ASSERT_EQUAL(static_cast<int>(Fault::kUnavailable), fault_of("new"));
    chmod(folder.path().c_str(), 0700);
    chmod((folder / "a").c_str(), 0400);
    CPPUNIT_ASSERT_EQUAL(static_cast<int>(Fault::kUnavailable), fault_of("a"));
    chmod((folder / "a").c_str(), 0);
    CPPUNIT_ASSERT_EQUAL(static_cast<int>(Fault::kUnavailable), fault_of("a"));
    chmod((folder / "a").c_str(), 0600);
    CPPUNIT_ASSERT_EQUAL(0, fault_of("a"));
    CPPUNIT_ASSERT(read_file(folder / "a") == before);
  }

  void a_busy_file_is_unavailable_and_then_not() {
    const Folder folder;
    assert_ok(start("/tmp"));
    OpenOptions hurried;
    hurried.create = true;
    hurried.busy_wait = std::chrono::milliseconds(1);
    auto one = Database::open(folder / "a", key_of('k'), kSalt, hurried).value();
    auto two = Database::open(folder / "a", key_of('k'), kSalt, hurried).value();
    assert_ok(one->execute("CREATE TABLE t (i)"));
    assert_ok(one->transaction([&]() -> Outcome<void> {
      assert_fault(Fault::kUnavailable, two->transaction([] { return Outcome<void>(); }));
      return one->execute("INSERT INTO t VALUES (1)");
    }));
    assert_ok(two->execute("INSERT INTO t VALUES (2)"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, number(*one, "SELECT count(*) FROM t"));
  }

  void a_killed_writer_leaves_what_it_committed() {
    const Folder folder;
    open_or_fail(folder / "a");
    if (geteuid() == 0)
      for (const std::string& path : {folder.path(), folder / "a"})
        CPPUNIT_ASSERT(chown(path.c_str(), 65534, 65534) == 0);
    CPPUNIT_ASSERT_EQUAL(
        97, in_child([&]() -> int {
          auto database = try_open(folder / "a").value();
          (void)database->execute("CREATE TABLE t (i); INSERT INTO t VALUES (1)").ok();
          (void)database
              ->transaction([&]() -> Outcome<void> {
                (void)database->execute("INSERT INTO t VALUES (2)").ok();
                std::raise(SIGKILL);
                return {};
              })
              .ok();
          return 0;
        }));
    auto database = open_or_fail(folder / "a", false);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, number(*database, "SELECT sum(i) FROM t"));
  }

  void a_copy_is_made_while_others_write() {
    const Folder folder;
    auto writer = open_or_fail(folder / "a");
    assert_ok(writer->execute("CREATE TABLE t (b BLOB)"));
    for (int i = 0; i < 20; i++)
      assert_ok(writer->execute("INSERT INTO t VALUES (randomblob(9000))"));
    auto reader = open_or_fail(folder / "a", false);
    assert_ok(writer->transaction([&]() -> Outcome<void> {
      assert_ok(writer->execute("INSERT INTO t VALUES (1)"));
      assert_ok(reader->copy_to(folder / "copy", key_of('k'), kSalt));
      return {};
    }));
    auto copy = open_or_fail(folder / "copy", false);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{20}, number(*copy, "SELECT count(*) FROM t"));
    assert_ok(copy->check());
  }

  void a_new_file_gets_the_whole_schema() {
    const Folder folder;
    auto database = open_or_fail(folder / "a");
    assert_ok(migrate(*database, kSteps, 3));
    assert_ok(migrate(*database, kSteps, 3));
    CPPUNIT_ASSERT_EQUAL(std::string("3"), schema_version(*database));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, number(*database, "SELECT count(*) FROM u"));
  }

  void an_old_file_is_taken_up_step_by_step() {
    const Folder folder;
    auto database = open_or_fail(folder / "a");
    assert_ok(migrate(*database, kSteps, 1));
    assert_ok(database->execute("INSERT INTO t VALUES (41)"));
    database = open_or_fail(folder / "a", false);
    assert_ok(migrate(*database, kSteps, 3));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{42},
                         number(*database, "SELECT sum(i) FROM t WHERE s = 'new'"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{42}, number(*database, "SELECT sum(i) FROM u"));
  }

  void a_failing_step_leaves_the_version_before() {
    const Folder folder;
    auto database = open_or_fail(folder / "a");
    const SchemaStep steps[] = {
        kSteps[0], {"CREATE TABLE half (i); INSERT INTO t VALUES (NULL); SELEKT;"}, kSteps[2]};
    CPPUNIT_ASSERT_THROW((void)migrate(*database, steps, 3).ok(), std::logic_error);
    CPPUNIT_ASSERT_EQUAL(std::string("1"), schema_version(*database));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, number(*database, "SELECT count(*) FROM t"));
    assert_ok(migrate(*database, kSteps, 3));
  }

  void a_newer_file_is_refused() {
    const Folder folder;
    auto database = open_or_fail(folder / "a");
    assert_ok(migrate(*database, kSteps, 3));
    auto refused = migrate(*database, kSteps, 2);
    assert_fault(Fault::kCorrupt, refused);
    CPPUNIT_ASSERT(refused.failure().private_text.find("newer") != std::string::npos);
    CPPUNIT_ASSERT_EQUAL(std::string("3"), schema_version(*database));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(BadDayTest);

}  // namespace
}  // namespace fwd::sqlcipher
