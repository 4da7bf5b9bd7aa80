// The embedded keeper of the journal.
#include <filesystem>

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
  CPPUNIT_TEST(large_entries_that_wait_are_bounded_in_octets);
  CPPUNIT_TEST(too_many_entries_push_out_the_oldest);
  CPPUNIT_TEST(a_flood_of_entries_takes_no_more_of_the_disk_than_it_may);
  CPPUNIT_TEST(one_answer_is_bounded_in_octets);
  CPPUNIT_TEST(names_that_are_no_names_are_not_kept);
  CPPUNIT_TEST(an_entry_of_a_time_to_come_gets_the_clocks);
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

  static model::JournalEntry large(int number) {
    model::JournalEntry entry = entry_of("e");
    entry.message_id = std::to_string(number);
    for (int i = 0; i < 50; ++i)
      entry.fields["x" + std::to_string(i)] = std::string(2000, 'a' + char(number % 26));
    entry.fields["to"] = "a" + std::to_string(number * 7919 % 10000) + "@b.test";
    return entry;
  }

  void large_entries_that_wait_are_bounded_in_octets() {
    Embedded keeper;
    const FullDisk full;
    int taken = 0;
    while (taken < 1000 && keeper.rig.wait(keeper.store->write(large(taken))).ok()) ++taken;
    CPPUNIT_ASSERT(taken > 300 && taken < 350);
    keeper.rig.refused(Fault::kUnavailable, keeper.store->flush());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, keeper.store->lost());
  }

  void too_many_entries_push_out_the_oldest() {
    Embedded keeper;
    keeper.store->set_bounds({.entries = 1000, .octets = UINT64_MAX});
    for (int i = 0; i < 5000; ++i) {
      model::JournalEntry entry = entry_of("e");
      entry.message_id = std::to_string(i);
      keeper.rig.done(keeper.store->write(entry));
    }
    model::JournalQuery query;
    query.limit = 10'000;
    const auto left = keeper.rig.get(keeper.store->read(query));
    CPPUNIT_ASSERT(left.size() <= 1000 && left.size() > 400);
    CPPUNIT_ASSERT_EQUAL(std::string("4999"), left.back().message_id);
  }

  void a_flood_of_entries_takes_no_more_of_the_disk_than_it_may() {
    Embedded keeper;
    keeper.store->set_bounds({.entries = UINT64_MAX, .octets = 4 << 20});
    for (int i = 0; i < 300; ++i) {
      keeper.rig.done(keeper.store->write(large(i)));
      if (i % 10 == 0) keeper.rig.done(keeper.store->flush());
    }
    model::JournalQuery query;
    query.limit = 10'000;
    const auto left = keeper.rig.get(keeper.store->read(query));
    CPPUNIT_ASSERT_MESSAGE(std::to_string(left.size()), left.size() > 30 && left.size() < 45);
    CPPUNIT_ASSERT_EQUAL(std::string("299"), left.back().message_id);
    CPPUNIT_ASSERT(std::filesystem::file_size(keeper.rig.folder / "journal.sqlite") < 12 << 20);
  }

  void one_answer_is_bounded_in_octets() {
    Embedded keeper;
    for (int i = 0; i < 500; ++i) {
      keeper.rig.done(keeper.store->write(large(i)));
      if (i % 50 == 0) keeper.rig.done(keeper.store->flush());
    }
    model::JournalQuery query;
    query.limit = 10'000;
    const auto some = keeper.rig.get(keeper.store->read(query));
    CPPUNIT_ASSERT(some.size() > 300 && some.size() < 350);
    CPPUNIT_ASSERT_EQUAL(std::string("499"), some.back().message_id);
  }

  void names_that_are_no_names_are_not_kept() {
    Embedded keeper;
    for (const char* name : {"", "mx delivered", "\x1b[2J", "mx.\xc2\x9b"})
      keeper.rig.refused(Fault::kBadInput, keeper.store->write(entry_of(name)));
    model::JournalEntry entry = entry_of("mx.delivered");
    entry.fields = {{"to", "a@b.test"}, {"\x1b[2J", "x"}, {"", "x"}, {"a b", "x"}};
    keeper.rig.done(keeper.store->write(entry));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                         keeper.rig.get(keeper.store->read({})).at(0).fields.size());
  }

  void an_entry_of_a_time_to_come_gets_the_clocks() {
    Embedded keeper;
    model::JournalEntry entry = entry_of("e");
    entry.time_ms = INT64_MAX;
    keeper.rig.done(keeper.store->write(entry));
    CPPUNIT_ASSERT_EQUAL(unix_milliseconds(keeper.rig.clock.wall()),
                         keeper.rig.get(keeper.store->read({})).at(0).time_ms);
  }

 private:
  // Returns once the worker has done all it was given.
  static void settle(Embedded& keeper) {
    keeper.rig.wait(keeper.rig.workers.run(7, [] { return true; }));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(JournalStoreTest);
