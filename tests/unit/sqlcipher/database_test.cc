// An encrypted file: rows, transactions, statements.
#include "storage/sqlcipher/database.h"

#include <cppunit/extensions/HelperMacros.h>
#include <sys/stat.h>

#include <stdexcept>

#include "tests/unit/sqlcipher/scratch.h"

namespace fwd::sqlcipher {
namespace {

Outcome<void> refusal() { return Failure{Fault::kOverQuota, "full", ""}; }

class DatabaseTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DatabaseTest);
  CPPUNIT_TEST(the_page_cipher_proves_itself_and_leaves_nothing);
  CPPUNIT_TEST(rows_come_back_as_they_went);
  CPPUNIT_TEST(a_missing_file_is_made_only_when_asked);
  CPPUNIT_TEST(a_failed_transaction_leaves_nothing);
  CPPUNIT_TEST(a_failed_savepoint_undoes_only_its_part);
  CPPUNIT_TEST(an_exception_rolls_back);
  CPPUNIT_TEST(a_taken_unique_value_is_told);
  CPPUNIT_TEST(a_wrong_statement_is_a_bug);
  CPPUNIT_TEST(one_text_may_be_used_twice_at_once);
  CPPUNIT_TEST(the_statement_cache_is_bounded);
  CPPUNIT_TEST(settings_cannot_be_weakened);
  CPPUNIT_TEST(a_copy_is_whole_and_under_its_own_key);
  CPPUNIT_TEST(a_copy_takes_nobodys_place);
  CPPUNIT_TEST_SUITE_END();

 public:
  void the_page_cipher_proves_itself_and_leaves_nothing() {
    const Folder folder;
    assert_ok(start(folder.path()));
    CPPUNIT_ASSERT(std::filesystem::is_empty(folder.path()));
  }

  void rows_come_back_as_they_went() {
    const Folder folder;
    const std::string big(300000, 'b');
    {
      auto database = open_or_fail(folder / "a");
      assert_ok(
          database->execute("CREATE TABLE t (i INTEGER PRIMARY KEY, s TEXT, b BLOB);"
                            "CREATE INDEX u ON t (s);"));
      Statement insert = database->prepare("INSERT INTO t (s, b) VALUES (?, ?)");
      assert_ok(insert.bind(1, "one").bind_blob(2, std::string("a\0b", 3)).run());
      assert_ok(insert.bind(1, "").bind_blob_view(2, big).run());
      assert_ok(insert.bind_null(1).bind_blob(2, {}).run());
      CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, database->last_insert_id());
      CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, database->changes());
    }
    CPPUNIT_ASSERT(!std::filesystem::exists(folder / "a-wal"));
    struct stat found {};
    CPPUNIT_ASSERT(stat((folder / "a").c_str(), &found) == 0 && (found.st_mode & 0777) == 0600);
    auto database = open_or_fail(folder / "a", false);
    Statement rows = database->prepare("SELECT i, s, b FROM t ORDER BY i");
    CPPUNIT_ASSERT(rows.step().value());
    CPPUNIT_ASSERT(rows.integer(0) == 1 && rows.text(1) == "one");
    CPPUNIT_ASSERT(rows.view(2) == std::string("a\0b", 3));
    CPPUNIT_ASSERT(rows.step().value());
    CPPUNIT_ASSERT(!rows.is_null(1) && rows.text(1).empty() && rows.text(2) == big);
    CPPUNIT_ASSERT(rows.step().value());
    CPPUNIT_ASSERT(rows.is_null(1) && !rows.is_null(2) && rows.view(2).empty());
    CPPUNIT_ASSERT(!rows.step().value());
    CPPUNIT_ASSERT(rows.is_null(0) && rows.integer(0) == 0);
    assert_ok(database->check());
    database->release_memory();
    CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, number(*database, "SELECT count(*) FROM t"));
  }

  void a_missing_file_is_made_only_when_asked() {
    const Folder folder;
    assert_ok(start("/tmp"));
    assert_fault(Fault::kNotFound, try_open(folder / "a", false));
    CPPUNIT_ASSERT(!std::filesystem::exists(folder / "a"));
    assert_fault(Fault::kUnavailable, try_open(folder / "no/such/folder"));
    write_file(folder / "empty", "");
    assert_fault(Fault::kCorrupt, try_open(folder / "empty", false));
    assert_ok(try_open(folder / "empty", true));
    assert_fault(Fault::kCorrupt, try_open(folder.path()));
  }

  void a_failed_transaction_leaves_nothing() {
    const Folder folder;
    auto database = open_or_fail(folder / "a");
    assert_ok(database->execute("CREATE TABLE t (i INTEGER)"));
    assert_fault(Fault::kOverQuota, database->transaction([&]() -> Outcome<void> {
      CPPUNIT_ASSERT(database->in_transaction());
      assert_ok(database->execute("INSERT INTO t VALUES (1)"));
      return refusal();
    }));
    CPPUNIT_ASSERT(!database->in_transaction());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, number(*database, "SELECT count(*) FROM t"));
  }

  void a_failed_savepoint_undoes_only_its_part() {
    const Folder folder;
    auto database = open_or_fail(folder / "a");
    assert_ok(database->execute("CREATE TABLE t (i INTEGER)"));
    assert_ok(database->transaction([&]() -> Outcome<void> {
      for (int i = 0; i < 6; i++) {
        auto part = database->savepoint([&]() -> Outcome<void> {
          assert_ok(database->prepare("INSERT INTO t VALUES (?)").bind(1, i).run());
          return i % 2 == 0 ? Outcome<void>() : refusal();
        });
        CPPUNIT_ASSERT_EQUAL(i % 2 == 0, part.ok());
      }
      return {};
    }));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{6}, number(*database, "SELECT sum(i) FROM t"));
    CPPUNIT_ASSERT_THROW((void)database->savepoint([] { return refusal(); }).ok(),
                         std::logic_error);
  }

  void an_exception_rolls_back() {
    const Folder folder;
    auto database = open_or_fail(folder / "a");
    assert_ok(database->execute("CREATE TABLE t (i INTEGER)"));
    CPPUNIT_ASSERT_THROW((void)database
                             ->transaction([&]() -> Outcome<void> {
                               assert_ok(database->execute("INSERT INTO t VALUES (1)"));
                               throw std::logic_error("a bug");
                             })
                             .ok(),
                         std::logic_error);
    assert_ok(database->transaction([] { return Outcome<void>(); }));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, number(*database, "SELECT count(*) FROM t"));
  }

  void a_taken_unique_value_is_told() {
    const Folder folder;
    auto database = open_or_fail(folder / "a");
    assert_ok(database->execute("CREATE TABLE t (s TEXT UNIQUE)"));
    assert_ok(database->prepare("INSERT INTO t VALUES (?)").bind(1, "a").run());
    assert_fault(Fault::kExists, database->prepare("INSERT INTO t VALUES (?)").bind(1, "a").run());
    assert_ok(database->prepare("INSERT INTO t VALUES (?)").bind(1, "b").run());
  }

  void a_wrong_statement_is_a_bug() {
    const Folder folder;
    auto database = open_or_fail(folder / "a");
    CPPUNIT_ASSERT_THROW(database->prepare("SELEKT 1"), std::logic_error);
    CPPUNIT_ASSERT_THROW(database->prepare("SELECT 1; SELECT 2"), std::logic_error);
    CPPUNIT_ASSERT_THROW(database->prepare(" "), std::logic_error);
    CPPUNIT_ASSERT_THROW((void)database->execute("SELECT 1; SELEKT").ok(), std::logic_error);
    CPPUNIT_ASSERT_THROW(database->prepare("SELECT ?").bind(2, 1), std::logic_error);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, number(*database, "SELECT 1 ;\n"));
  }

  void one_text_may_be_used_twice_at_once() {
    const Folder folder;
    auto database = open_or_fail(folder / "a");
    assert_ok(database->execute("CREATE TABLE t (i); INSERT INTO t VALUES (1),(2);"));
    int pairs = 0;
    Statement outer = database->prepare("SELECT i FROM t");
    while (outer.step().value()) {
      Statement inner = database->prepare("SELECT i FROM t");
      while (inner.step().value()) pairs++;
    }
    CPPUNIT_ASSERT_EQUAL(4, pairs);
    Statement bound = database->prepare("SELECT ?");
    CPPUNIT_ASSERT(bound.bind(1, 7).step().value() && bound.integer(0) == 7);
    CPPUNIT_ASSERT(bound.bind(1, 8).step().value() && bound.integer(0) == 8);
  }

  void the_statement_cache_is_bounded() {
    const Folder folder;
    assert_ok(start("/tmp"));
    OpenOptions options;
    options.create = true;
    options.kept_statements = 2;
    auto database = Database::open(folder / "a", key_of('k'), kSalt, options).value();
    for (int round = 0; round < 3; round++)
      for (int i = 0; i < 10; i++) {
        const std::string sql = "SELECT " + std::to_string(i);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{i}, number(*database, sql.c_str()));
      }
    // Nothing of an earlier use is left in a kept statement.
    CPPUNIT_ASSERT(database->prepare("SELECT ? IS NULL").bind(1, 5).step().value());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, number(*database, "SELECT ? IS NULL"));
  }

  void settings_cannot_be_weakened() {
    const Folder folder;
    auto database = open_or_fail(folder / "a");
    for (const char* sql :
         {"ATTACH 'x' AS y", "ATTACH 'x' AS y KEY ''", "PRAGMA key = 'x'", "PRAGMA rekey = 'x'",
          "PRAGMA cipher_page_size = 1024", "PRAGMA synchronous = OFF", "PRAGMA journal_mode = OFF",
          "PRAGMA secure_delete = OFF", "PRAGMA auto_vacuum = 1", "SELECT load_extension('x')"})
      CPPUNIT_ASSERT_THROW_MESSAGE(sql, database->prepare(sql).step().ok(), std::logic_error);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, number(*database, "PRAGMA synchronous"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, number(*database, "PRAGMA foreign_keys"));
    CPPUNIT_ASSERT(database->prepare("PRAGMA journal_mode").step().value());
  }

  void a_copy_is_whole_and_under_its_own_key() {
    const Folder folder;
    auto database = open_or_fail(folder / "a");
    assert_ok(database->execute("CREATE TABLE t (b BLOB); PRAGMA user_version = 77"));
    for (int i = 0; i < 50; i++)
      assert_ok(database->prepare("INSERT INTO t VALUES (randomblob(5000))").run());
    write_file(folder / "copy.part", "a copy that was never finished");
    assert_ok(database->copy_to(folder / "copy", key_of('c'), "another salt 16!"));
    CPPUNIT_ASSERT(!std::filesystem::exists(folder / "copy.part"));
    CPPUNIT_ASSERT_EQUAL(std::string("another salt 16!"), read_file(folder / "copy").substr(0, 16));
    assert_fault(Fault::kCorrupt, try_open(folder / "copy", false));
    auto copy = Database::open(folder / "copy", key_of('c'), "another salt 16!", {}).value();
    assert_ok(copy->check());
    const char* sum = "SELECT total(length(b)) FROM t WHERE b IS NOT NULL";
    CPPUNIT_ASSERT_EQUAL(number(*database, sum), number(*copy, sum));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{77}, number(*copy, "PRAGMA user_version"));
    assert_ok(database->execute("INSERT INTO t VALUES (1)"));
  }

  void a_copy_takes_nobodys_place() {
    const Folder folder;
    auto database = open_or_fail(folder / "a");
    write_file(folder / "copy", "precious");
    assert_fault(Fault::kExists, database->copy_to(folder / "copy", key_of('c'), kSalt));
    CPPUNIT_ASSERT_EQUAL(std::string("precious"), read_file(folder / "copy"));
    assert_fault(Fault::kUnavailable,
                 database->copy_to(folder / "no/such/copy", key_of('c'), kSalt));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DatabaseTest);

}  // namespace
}  // namespace fwd::sqlcipher
