// The embedded keeper of the journal.
#include "storage/journal/journal_store.h"
#include "tests/unit/directory/journal_suite.h"
#include "tests/unit/directory/rig.h"

using namespace fwd;
using namespace fwd::testing;
using namespace fwd::journal;
using namespace std::chrono_literals;

namespace {

struct Embedded {
  Embedded() { restart(); }
  void restart() {
    if (store) rig.done(store->flush());
    store.reset();
    file.reset();
    sqlcipher::assert_ok(sqlcipher::start("/tmp"));
    auto opened =
        JournalFile::open(rig.folder / "journal.sqlite", sqlcipher::key_of('j'), sqlcipher::kSalt);
    sqlcipher::assert_ok(opened);
    file = opened.value();
    store = std::make_unique<JournalStore>(file, rig.workers, rig.clock, 7);
  }
  model::Journal& journal() { return *store; }
  std::size_t stored() { return file->read({}).value().size(); }

  Rig rig;
  std::shared_ptr<JournalFile> file;
  std::unique_ptr<JournalStore> store;
};

model::JournalEntry entry_of(const std::string& event) {
  model::JournalEntry entry;
  entry.event = event;
  return entry;
}

}  // namespace

CPPUNIT_TEST_SUITE_REGISTRATION(JournalSuite<Embedded>);

class JournalStoreTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(JournalStoreTest);
  CPPUNIT_TEST(entries_are_committed_together_after_a_while);
  CPPUNIT_TEST(a_full_batch_does_not_wait_for_the_clock);
  CPPUNIT_TEST(a_full_disk_loses_no_entry_that_was_taken);
  CPPUNIT_TEST(what_waits_for_a_full_disk_is_bounded);
  CPPUNIT_TEST_SUITE_END();

 public:
  void entries_are_committed_together_after_a_while() {
    Embedded keeper;
    keeper.rig.group.spawn("journal", keeper.store->run());
    keeper.rig.done(keeper.store->write(entry_of("one")));
    keeper.rig.done(keeper.store->write(entry_of("two")));
    run_ready();
    keeper.rig.clock.turn(100ms);
    settle(keeper);
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, keeper.stored());
    keeper.rig.clock.turn(100ms);
    settle(keeper);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, keeper.stored());
    keeper.rig.group.cancel_all();
  }

  void a_full_batch_does_not_wait_for_the_clock() {
    Embedded keeper;
    keeper.rig.group.spawn("journal", keeper.store->run());
    for (int i = 0; i < 100; ++i) keeper.rig.done(keeper.store->write(entry_of("e")));
    run_ready();
    settle(keeper);
    CPPUNIT_ASSERT_EQUAL(std::size_t{100}, keeper.stored());
    keeper.rig.group.cancel_all();
  }

  void a_full_disk_loses_no_entry_that_was_taken() {
    Embedded keeper;
    keeper.rig.done(keeper.store->write(entry_of("one")));
    {
      const FullDisk full;
      keeper.rig.refused(Fault::kUnavailable, keeper.store->flush());
      keeper.rig.done(keeper.store->write(entry_of("two")));
      keeper.rig.refused(Fault::kUnavailable, keeper.store->read({}));
    }
    const auto entries = keeper.rig.get(keeper.store->read({}));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, entries.size());
    CPPUNIT_ASSERT_EQUAL(std::string("one"), entries[0].event);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, keeper.store->lost());
  }

  void what_waits_for_a_full_disk_is_bounded() {
    Embedded keeper;
    const FullDisk full;
    for (int i = 0; i < 20'000; ++i) keeper.rig.done(keeper.store->write(entry_of("e")));
    keeper.rig.refused(Fault::kUnavailable, keeper.store->write(entry_of("e")));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, keeper.store->lost());
  }

 private:
  // Returns once the worker has done all it was given.
  static void settle(Embedded& keeper) {
    keeper.rig.wait(keeper.rig.workers.run(7, [] { return true; }));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(JournalStoreTest);
