// What lies on the disk: nothing readable, nothing that can be changed unseen.
#include <cppunit/extensions/HelperMacros.h>

#include <vector>

#include "storage/sqlcipher/database.h"
#include "storage/sqlcipher/provider.h"
#include "tests/unit/sqlcipher/scratch.h"

namespace fwd::sqlcipher {
namespace {

const std::string kMarker = "the canary sings at midnight";

class RestTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(RestTest);
  CPPUNIT_TEST(no_file_holds_plain_text);
  CPPUNIT_TEST(a_wrong_key_or_salt_opens_nothing);
  CPPUNIT_TEST(a_file_of_another_mailbox_is_refused);
  CPPUNIT_TEST(a_foreign_file_is_refused_and_left_alone);
  CPPUNIT_TEST(no_flipped_bit_gives_a_row);
  CPPUNIT_TEST(a_flipped_bit_closes_the_connection_for_good);
  CPPUNIT_TEST(a_zeroed_page_is_noticed);
  CPPUNIT_TEST(pages_cannot_be_swapped);
  CPPUNIT_TEST(nothing_made_from_a_damaged_page_is_committed);
  CPPUNIT_TEST(a_database_outlives_damage_in_another);
  CPPUNIT_TEST_SUITE_END();

  static constexpr std::size_t kPage = 4096;

  // Small rows, and one with overflow pages; all with the marker.
  static std::string make(const Folder& folder, const std::string& name) {
    auto database = open_or_fail(folder / name);
    assert_ok(database->execute(
        "CREATE TABLE t (i INTEGER PRIMARY KEY, s TEXT); CREATE INDEX u ON t (s)"));
    assert_ok(database->transaction([&]() -> Outcome<void> {
      for (int i = 1; i <= 60; i++)
        assert_ok(database->prepare("INSERT INTO t (s) VALUES (?)")
                      .bind(1, kMarker + std::to_string(i))
                      .run());
      std::string big;
      while (big.size() < 20000) big += kMarker;
      return database->prepare("INSERT INTO t (s) VALUES (?)").bind(1, big).run();
    }));
    return folder / name;
  }

  // Reads all there is; counts right rows, and says whether a fault was given.
  static bool reads_cleanly(const std::string& path) {
    auto database = try_open(path, false);
    if (!database.ok()) {
      assert_fault(Fault::kCorrupt, database);
      return false;
    }
    Statement rows = database.value()->prepare("SELECT i, s FROM t ORDER BY i");
    std::int64_t next = 1;
    for (;;) {
      auto more = rows.step();
      if (!more.ok()) {
        assert_fault(Fault::kCorrupt, more);
        return false;
      }
      if (!more.value()) break;
      CPPUNIT_ASSERT_EQUAL(next++, rows.integer(0));
      CPPUNIT_ASSERT_EQUAL(std::size_t{0}, rows.view(1).find(kMarker));
      CPPUNIT_ASSERT(rows.view(1).find('\0') == std::string::npos);
    }
    CPPUNIT_ASSERT_EQUAL(std::int64_t{62}, next);
    return database.value()->check().ok();
  }

 public:
  void no_file_holds_plain_text() {
    const Folder folder;
    make(folder, "a");
    auto database = open_or_fail(folder / "a");
    assert_ok(database->execute("CREATE TABLE canary (b TEXT)"));
    assert_ok(database->transaction([&]() -> Outcome<void> {
      for (int i = 0; i < 2000; i++)
        assert_ok(database->prepare("INSERT INTO canary VALUES (?)").bind(1, kMarker).run());
      return {};
    }));
    // A sort of them, and a rolled back change, in case something spills.
    assert_ok(database->prepare("SELECT b FROM canary ORDER BY b || random()").run());
    assert_fault(Fault::kBug, database->transaction([&]() -> Outcome<void> {
      assert_ok(database->execute("UPDATE canary SET b = b || b"));
      return Failure{};
    }));
    CPPUNIT_ASSERT(std::filesystem::file_size(folder / "a-wal") > 10000);
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      const std::string octets = read_file(entry.path());
      CPPUNIT_ASSERT_MESSAGE(entry.path(), octets.find("canary") == std::string::npos);
      CPPUNIT_ASSERT_MESSAGE(entry.path(), octets.find("SQLite format") == std::string::npos);
      files++;
    }
    CPPUNIT_ASSERT_EQUAL(3, files);  // a, a-wal, a-shm
  }

  void a_wrong_key_or_salt_opens_nothing() {
    const Folder folder;
    const std::string path = make(folder, "a"), before = read_file(path);
    assert_fault(Fault::kCorrupt, Database::open(path, key_of('x'), kSalt, {}));
    assert_fault(Fault::kCorrupt, Database::open(path, key_of('k'), "another salt 16!", {}));
    OpenOptions create;
    create.create = true;
    assert_fault(Fault::kCorrupt, Database::open(path, key_of('x'), kSalt, create));
    CPPUNIT_ASSERT(read_file(path) == before);
    CPPUNIT_ASSERT(reads_cleanly(path));
  }

  void a_file_of_another_mailbox_is_refused() {
    const Folder folder;
    const std::string path = make(folder, "a");
    std::string octets = read_file(path);
    octets[3] = static_cast<char>(octets[3] ^ 1);  // the salt is not in page 1's ciphertext
    write_file(path, octets);
    assert_fault(Fault::kCorrupt, try_open(path, false));
  }

  void a_foreign_file_is_refused_and_left_alone() {
    const Folder folder;
    assert_ok(start("/tmp"));
    for (const std::string& foreign :
         {std::string("x"), std::string(100, 'x'), std::string(4096, '\0'),
          std::string("SQLite format 3\0", 16) + std::string(8176, 'x'), kSalt,
          kSalt + std::string(4080, '\0'), std::string(10000, 'y')}) {
      write_file(folder / "a", foreign);
      assert_fault(Fault::kCorrupt, try_open(folder / "a", true));
      CPPUNIT_ASSERT(read_file(folder / "a") == foreign);
    }
  }

  void no_flipped_bit_gives_a_row() {
    const Folder folder;
    const std::string path = make(folder, "a"), good = read_file(path);
    CPPUNIT_ASSERT(reads_cleanly(path));
    for (std::size_t page = 0; page < good.size() / kPage; page++)
      // Ciphertext at both ends, the iv, the tag.
      for (const std::size_t at : {std::size_t{20}, std::size_t{2000}, kPage - 33, kPage - 32,
                                   kPage - 17, kPage - 16, kPage - 1}) {
        std::string bad = good;
        char& octet = bad[page * kPage + at];
        octet = static_cast<char>(octet ^ 0x40);
        write_file(path, bad);
        CPPUNIT_ASSERT_MESSAGE(std::to_string(page) + " " + std::to_string(at),
                               !reads_cleanly(path));
        CPPUNIT_ASSERT(read_file(path) == bad);
      }
    write_file(path, good);
    CPPUNIT_ASSERT(reads_cleanly(path));
  }

  void a_flipped_bit_closes_the_connection_for_good() {
    const Folder folder;
    const std::string path = make(folder, "a"), good = read_file(path);
    std::string bad = good;
    for (std::size_t at = kPage + 9; at < bad.size(); at += kPage)
      bad[at] = static_cast<char>(bad[at] ^ 1);
    write_file(path, bad);
    const std::uint64_t before = auth_failures();
    auto database = open_or_fail(path, false);
    Statement kept = database->prepare("SELECT 1");
    CPPUNIT_ASSERT(kept.step().value());
    CPPUNIT_ASSERT(!database->is_damaged());
    auto row = database->prepare("SELECT s FROM t").step();
    assert_fault(Fault::kCorrupt, row);
    CPPUNIT_ASSERT(row.failure().private_text.find(path) == 0);
    CPPUNIT_ASSERT(row.failure().private_text.find(kMarker) == std::string::npos);
    CPPUNIT_ASSERT(auth_failures() > before && database->is_damaged());
    // Everything is over, whatever stands on the disk now.
    write_file(path, good);
    assert_fault(Fault::kCorrupt, kept.step());
    assert_fault(Fault::kCorrupt, database->prepare("SELECT 1").step());
    assert_fault(Fault::kCorrupt, database->execute("DELETE FROM t"));
    assert_fault(Fault::kCorrupt, database->transaction([] { return Outcome<void>(); }));
    assert_fault(Fault::kCorrupt, database->copy_to(folder / "b", key_of('c'), kSalt));
    assert_fault(Fault::kCorrupt, database->check());
    CPPUNIT_ASSERT(database->changes() == 0 && database->last_insert_id() == 0);
    database->release_memory();
    CPPUNIT_ASSERT(!std::filesystem::exists(folder / "b"));
  }

  void a_zeroed_page_is_noticed() {
    const Folder folder;
    const std::string path = make(folder, "a"), good = read_file(path);
    for (std::size_t at = 0; at < good.size(); at += kPage) {
      std::string bad = good;
      bad.replace(at, kPage, kPage, '\0');
      write_file(path, bad);
      CPPUNIT_ASSERT_MESSAGE(std::to_string(at / kPage), !reads_cleanly(path));
    }
  }

  void pages_cannot_be_swapped() {
    const Folder folder;
    const std::string path = make(folder, "a"), good = read_file(path);
    for (std::size_t at = 2 * kPage; at < good.size(); at += kPage) {
      std::string bad = good;
      bad.replace(at - kPage, kPage, good, at, kPage);
      bad.replace(at, kPage, good, at - kPage, kPage);
      write_file(path, bad);
      CPPUNIT_ASSERT_MESSAGE(std::to_string(at / kPage), !reads_cleanly(path));
    }
  }

  // The last overflow page of the big value is read as zeroes without an error:
  // a statement that copies it would commit them.
  void nothing_made_from_a_damaged_page_is_committed() {
    const Folder folder;
    const std::string path = folder / "a";
    {
      auto database = open_or_fail(path);
      assert_ok(database->execute("CREATE TABLE s (b BLOB); CREATE TABLE d (b BLOB);"));
      std::string big(3 * kPage, 'b');
      assert_ok(database->prepare("INSERT INTO s VALUES (?)").bind_blob(1, big).run());
    }
    std::string bad = read_file(path);
    bad[bad.size() - kPage + 50] = static_cast<char>(bad[bad.size() - kPage + 50] ^ 1);
    write_file(path, bad);
    for (const bool in_transaction : {false, true}) {
      auto database = open_or_fail(path, false);
      const auto copy = [&] { return database->execute("INSERT INTO d SELECT b FROM s"); };
      assert_fault(Fault::kCorrupt, in_transaction ? database->transaction(copy) : copy());
      // Ignoring the failure does not help.
      database = open_or_fail(path, false);
      assert_fault(Fault::kCorrupt, database->transaction([&]() -> Outcome<void> {
        (void)copy().ok();
        return {};
      }));
      database = open_or_fail(path, false);
      CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, number(*database, "SELECT count(*) FROM d"));
    }
  }

  void a_database_outlives_damage_in_another() {
    const Folder folder;
    const std::string path = make(folder, "a");
    auto other = open_or_fail(folder / "b");
    assert_ok(other->execute("CREATE TABLE t (i)"));
    std::string bad = read_file(path);
    for (std::size_t at = kPage + 9; at < bad.size(); at += kPage)
      bad[at] = static_cast<char>(bad[at] ^ 1);
    write_file(path, bad);
    auto database = open_or_fail(path, false);
    assert_ok(other->transaction([&]() -> Outcome<void> {
      assert_ok(other->execute("INSERT INTO t VALUES (1)"));
      assert_fault(Fault::kCorrupt, database->prepare("SELECT s FROM t").step());
      return other->execute("INSERT INTO t VALUES (2)");
    }));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, number(*other, "SELECT count(*) FROM t"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RestTest);

}  // namespace
}  // namespace fwd::sqlcipher
