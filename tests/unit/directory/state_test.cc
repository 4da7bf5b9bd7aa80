// The embedded keeper of state.
#include "storage/state/state_store.h"
#include "tests/unit/directory/rig.h"
#include "tests/unit/directory/state_suite.h"

using namespace fwd;
using namespace fwd::testing;
using namespace fwd::state;

namespace {

struct Embedded {
  Embedded() { restart(); }
  void restart() {
    if (store) rig.done(store->flush());
    store.reset();
    file.reset();
    sqlcipher::assert_ok(sqlcipher::start("/tmp"));
    auto opened =
        StateFile::open(rig.folder / "state.sqlite", sqlcipher::key_of('s'), sqlcipher::kSalt);
    sqlcipher::assert_ok(opened);
    file = opened.value();
    store = std::make_unique<StateStore>(file, rig.workers, rig.clock, 7);
    for (const char* owner : {"one", "other"}) store->add_owner(owner, limits);
    rig.done(store->load());
  }
  model::State& state() { return *store->find("one"); }
  model::State& other() { return *store->find("other"); }

  Rig rig;
  StateLimits limits{.counters = 100, .values = 50, .octets = 1024 * 1024};
  std::shared_ptr<StateFile> file;
  std::unique_ptr<StateStore> store;
};

}  // namespace

CPPUNIT_TEST_SUITE_REGISTRATION(StateSuite<Embedded>);

class StateStoreTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(StateStoreTest);
  CPPUNIT_TEST(a_full_memory_forgets_the_counter_that_ends_first);
  CPPUNIT_TEST(a_full_memory_refuses_values_and_keeps_the_old);
  CPPUNIT_TEST(counters_with_long_keys_are_bounded_in_octets);
  CPPUNIT_TEST(a_full_room_gives_way_and_takes_from_nobody);
  CPPUNIT_TEST(a_room_holds_as_many_as_it_is_given);
  CPPUNIT_TEST(a_calendar_set_back_keeps_newcomers_in_a_full_room);
  CPPUNIT_TEST(a_calendar_that_is_ahead_at_a_start_loses_nothing);
  CPPUNIT_TEST(what_was_removed_does_not_come_back_with_the_calendar);
  CPPUNIT_TEST(a_calendar_that_is_behind_at_a_start_changes_no_end);
  CPPUNIT_TEST(a_calendar_that_stays_behind_shortens_ends_in_the_file);
  CPPUNIT_TEST(what_has_ended_leaves_the_file);
  CPPUNIT_TEST(a_file_without_lives_is_read);
  CPPUNIT_TEST(owners_do_not_meet);
  CPPUNIT_TEST(an_owner_that_fills_its_room_takes_none_of_another);
  CPPUNIT_TEST(a_file_without_owners_keeps_the_failures_of_logins);
  CPPUNIT_TEST(ended_facts_make_room);
  CPPUNIT_TEST(what_changed_is_written_behind);
  CPPUNIT_TEST(changes_that_could_not_be_written_come_again);
  CPPUNIT_TEST(a_full_disk_does_not_stop_the_state);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_full_memory_forgets_the_counter_that_ends_first() {
    keeper_.rig.get(keeper_.state().add("first", 5, 10s));
    for (int i = 0; i < 200; ++i)
      keeper_.rig.get(keeper_.state().add("c" + std::to_string(i), 1, 100s));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1},
                         keeper_.rig.get(keeper_.state().add("first", 1, 100s)).value);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2},
                         keeper_.rig.get(keeper_.state().add("c199", 1, 100s)).value);
  }

  void a_full_memory_refuses_values_and_keeps_the_old() {
    for (int i = 0; i < 50; ++i)
      keeper_.rig.done(keeper_.state().set("v" + std::to_string(i), "x", 100s));
    keeper_.rig.refused(Fault::kOverLimit, keeper_.state().set("more", "x", 100s));
    keeper_.rig.refused(Fault::kOverLimit, keeper_.state().lock("more", "x", 100s));
    keeper_.rig.done(keeper_.state().set("v0", "y", 100s));
    CPPUNIT_ASSERT(keeper_.rig.get(keeper_.state().get("v49")));
    std::size_t refused = 0;
    for (int i = 0; i < 16; ++i) {
      const std::string key = "v" + std::to_string(i);
      const auto set = keeper_.rig.wait(keeper_.state().set(key, std::string(65536, 'x'), 100s));
      if (!set.ok()) ++refused;
    }
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, refused);
    CPPUNIT_ASSERT_EQUAL(std::string("x"), *keeper_.rig.get(keeper_.state().get("v15")));
  }

  void counters_with_long_keys_are_bounded_in_octets() {
    HandClock clock;
    StateMemory memory(clock, {.counters = 100'000, .values = 10, .octets = 10'000});
    for (int i = 0; i < 1000; ++i)
      CPPUNIT_ASSERT(memory.add(std::string(500, 'k') + std::to_string(i), 1, 100s + 1s * i).ok());
    CPPUNIT_ASSERT_EQUAL(std::size_t{10'000 / 504}, memory.size());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2},
                         memory.add(std::string(500, 'k') + "999", 1, 100s).value().value);
    // Counters, however many, leave the values their room.
    CPPUNIT_ASSERT(memory.set("v", std::string(9000, 'x'), 100s).ok());
    CPPUNIT_ASSERT(memory.set("w", std::string(9000, 'x'), 100s).failure().fault ==
                   Fault::kOverLimit);
  }

  void a_full_room_gives_way_and_takes_from_nobody() {
    keeper_.limits.room = 20;
    keeper_.restart();
    keeper_.rig.done(keeper_.state().set("grey.pass:a", "x", 3600s));
    keeper_.rig.done(keeper_.state().set("grey.waiting", "in no room", 3600s));
    for (int i = 0; i < 100; ++i) {
      const std::string key = "grey.wait:" + std::to_string(i);
      keeper_.rig.done(keeper_.state().set(key, std::string(60000, 'x'), 100s + 1s * i));
      CPPUNIT_ASSERT(keeper_.rig.get(keeper_.state().lock(key, "me", 50s + 1s * i)));
      keeper_.rig.get(keeper_.state().add("grey.new:" + std::to_string(i), 1, 100s + 1s * i));
    }
    for (int i = 0; i < 49; ++i)
      keeper_.rig.done(keeper_.state().set("v" + std::to_string(i), "x", 100s));
    keeper_.rig.refused(Fault::kOverLimit, keeper_.state().set("more", "x", 100s));
    for (int restarted = 0; restarted < 2; ++restarted) {
      CPPUNIT_ASSERT(keeper_.rig.get(keeper_.state().get("grey.wait:99")));
      CPPUNIT_ASSERT(!keeper_.rig.get(keeper_.state().get("grey.wait:50")));
      CPPUNIT_ASSERT(keeper_.rig.get(keeper_.state().get("grey.pass:a")));
      CPPUNIT_ASSERT(keeper_.rig.get(keeper_.state().get("grey.waiting")));
      CPPUNIT_ASSERT(keeper_.rig.get(keeper_.state().get("v48")));
      keeper_.restart();
    }
  }

  void a_room_holds_as_many_as_it_is_given() {
    HandClock clock;
    StateMemory memory(clock, {.counters = 10, .values = 10, .octets = 10'000, .room = 1000});
    for (int i = 0; i < 1000; ++i) {
      const std::string key = "grey.wait:" + std::string(32, 'x') + std::to_string(i);
      CPPUNIT_ASSERT(memory.set(key, "1767225600", 3600s).ok());
    }
    CPPUNIT_ASSERT_EQUAL(std::size_t{1000}, memory.size());
    // Never more octets than it has for so many.
    for (int i = 0; i < 1000; ++i)
      CPPUNIT_ASSERT(
          memory.set("grey.wait:" + std::to_string(i), std::string(1000, 'x'), 3600s).ok());
    CPPUNIT_ASSERT(memory.size() < 1000 * kRoomOctets / 1000);
  }

  void a_calendar_set_back_keeps_newcomers_in_a_full_room() {
    HandClock clock;
    StateMemory memory(clock, {.counters = 10, .values = 10, .room = 20});
    for (int i = 0; i < 20; ++i)
      CPPUNIT_ASSERT(memory.set("grey.wait:" + std::to_string(i), "x", 120h).ok());
    clock.turn(2h);
    clock.set_calendar(clock.wall() - 24h);
    for (int i = 20; i < 39; ++i)
      CPPUNIT_ASSERT(memory.set("grey.wait:" + std::to_string(i), "x", 120h).ok());
    clock.turn(6min);
    // Of those before, who came last is there still.
    for (int i = 0; i < 39; ++i)
      CPPUNIT_ASSERT_EQUAL(i >= 19,
                           memory.get("grey.wait:" + std::to_string(i)).value().has_value());
  }

  // Lets run() have its round, and what it leaves to workers.
  void pass(std::chrono::milliseconds time) {
    keeper_.rig.clock.turn(time);
    for (int i = 0; i < 20; ++i) keeper_.rig.wait(keeper_.rig.workers.run(7, [] { return true; }));
  }
  // A start by a calendar that is wrong by so much.
  void restart_at(std::chrono::hours wrong) {
    keeper_.rig.clock.set_calendar(keeper_.rig.clock.wall() + wrong);
    keeper_.restart();
    keeper_.rig.group.spawn("state", keeper_.store->run());
  }
  void put_right(std::chrono::hours wrong) {
    keeper_.rig.clock.set_calendar(keeper_.rig.clock.wall() - wrong);
    pass(2s);
  }

  void a_calendar_that_is_ahead_at_a_start_loses_nothing() {
    keeper_.rig.done(keeper_.state().set("day", "x", 24h));
    keeper_.rig.get(keeper_.state().add("count", 7, 24h));
    restart_at(24h * 300);
    CPPUNIT_ASSERT(!keeper_.rig.get(keeper_.state().get("day")));
    keeper_.rig.get(keeper_.state().add("new", 1, 24h));
    pass(9min);
    put_right(24h * 300);
    CPPUNIT_ASSERT(keeper_.rig.get(keeper_.state().get("day")));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{7},
                         keeper_.rig.get(keeper_.state().add("count", 0, 24h)).value);
    CPPUNIT_ASSERT(keeper_.rig.get(keeper_.state().add("new", 0, 24h)).resets_in <= 24h);
    keeper_.rig.group.cancel_all();
  }

  void what_was_removed_does_not_come_back_with_the_calendar() {
    keeper_.rig.group.spawn("state", keeper_.store->run());
    keeper_.rig.get(keeper_.state().lock("lock", "me", 24h));
    keeper_.rig.done(keeper_.state().set("day", "x", 24h));
    pass(2s);
    keeper_.rig.done(keeper_.state().unlock("lock", "me"));
    keeper_.rig.done(keeper_.state().remove("day"));
    put_right(2h);
    CPPUNIT_ASSERT(!keeper_.rig.get(keeper_.state().get("day")));
    CPPUNIT_ASSERT(keeper_.rig.get(keeper_.state().lock("lock", "you", 24h)));
    keeper_.rig.group.cancel_all();
  }

  void a_calendar_that_is_behind_at_a_start_changes_no_end() {
    keeper_.rig.done(keeper_.state().set("day", "x", 24h));
    restart_at(-24h * 300);
    CPPUNIT_ASSERT(keeper_.rig.get(keeper_.state().get("day")));
    pass(1min);
    put_right(-24h * 300);
    CPPUNIT_ASSERT(keeper_.rig.get(keeper_.state().get("day")));
    pass(24h);
    CPPUNIT_ASSERT(!keeper_.rig.get(keeper_.state().get("day")));
    keeper_.rig.group.cancel_all();
  }

  void a_calendar_that_stays_behind_shortens_ends_in_the_file() {
    keeper_.rig.done(keeper_.state().set("hour", "x", 1h));
    restart_at(-24h * 300);
    pass(11min);
    keeper_.rig.group.cancel_all();
    keeper_.restart();
    keeper_.rig.clock.turn(48min);
    CPPUNIT_ASSERT(keeper_.rig.get(keeper_.state().get("hour")));
    keeper_.rig.clock.turn(1min);
    CPPUNIT_ASSERT(!keeper_.rig.get(keeper_.state().get("hour")));
  }

  void what_has_ended_leaves_the_file() {
    keeper_.rig.group.spawn("state", keeper_.store->run());
    keeper_.rig.done(keeper_.state().set("hour", "x", 1h));
    keeper_.rig.done(keeper_.state().set("day", "x", 24h));
    pass(2s);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, keeper_.file->load(0).value().size());
    pass(2h);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, keeper_.file->load(0).value().size());
    keeper_.rig.group.cancel_all();
  }

  void a_file_without_lives_is_read() {
    keeper_.rig.done(keeper_.state().set("day", "x", 24h));
    keeper_.rig.done(keeper_.store->flush());
    sqlcipher::assert_ok(keeper_.file->database().execute("UPDATE facts SET life_ms = 0;"));
    keeper_.rig.clock.turn(1h);
    keeper_.restart();
    CPPUNIT_ASSERT(keeper_.rig.get(keeper_.state().get("day")));
    keeper_.rig.clock.turn(23h);
    CPPUNIT_ASSERT(!keeper_.rig.get(keeper_.state().get("day")));
  }

  void owners_do_not_meet() {
    keeper_.rig.get(keeper_.state().add("k", 5, 3600s));
    keeper_.rig.done(keeper_.state().set("k", "mine", 3600s));
    for (int restarted = 0; restarted < 2; ++restarted) {
      CPPUNIT_ASSERT(!keeper_.rig.get(keeper_.other().get("k")));
      keeper_.rig.done(keeper_.other().remove("k"));
      keeper_.rig.done(keeper_.other().remove("one/k"));
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{5},
                           keeper_.rig.get(keeper_.state().add("k", 0, 3600s)).value);
      CPPUNIT_ASSERT_EQUAL(std::string("mine"), *keeper_.rig.get(keeper_.state().get("k")));
      keeper_.restart();
    }
    CPPUNIT_ASSERT(keeper_.store->find("nobody") == nullptr);
  }

  void an_owner_that_fills_its_room_takes_none_of_another() {
    keeper_.rig.get(keeper_.other().add("first", 5, 10s));
    for (int i = 0; i < 200; ++i) {
      keeper_.rig.get(keeper_.state().add("c" + std::to_string(i), 1, 100s));
      const auto set = keeper_.rig.wait(keeper_.state().set("v" + std::to_string(i), "x", 100s));
      CPPUNIT_ASSERT_EQUAL(i < 50, set.ok());
    }
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{6},
                         keeper_.rig.get(keeper_.other().add("first", 1, 10s)).value);
    keeper_.rig.done(keeper_.other().set("v", "x", 100s));
  }

  void a_file_without_owners_keeps_the_failures_of_logins() {
    keeper_.rig.done(keeper_.store->flush());
    auto& database = keeper_.file->database();
    sqlcipher::assert_ok(database.execute(
        "PRAGMA user_version = 1;"
        "DROP TABLE facts;"
        "CREATE TABLE facts (kind, key, value, ends_ms, PRIMARY KEY (kind, key));"
        "INSERT INTO facts VALUES (1, 'login.failures:192.0.2.1', '7', 9000000000000);"
        "INSERT INTO facts VALUES (2, 'mx.x', 'y', 9000000000000);"));
    keeper_.restart();
    const auto rows = keeper_.file->load(0).value();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rows.size());
    CPPUNIT_ASSERT_EQUAL(std::string("door/login.failures:192.0.2.1"), rows[0].key);
  }

  void ended_facts_make_room() {
    for (int i = 0; i < 50; ++i)
      keeper_.rig.done(keeper_.state().set("v" + std::to_string(i), "x", 10s));
    keeper_.rig.clock.turn(10s);
    keeper_.rig.done(keeper_.state().set("more", "x", 10s));
  }

  void what_changed_is_written_behind() {
    keeper_.rig.group.spawn("state", keeper_.store->run());
    keeper_.rig.get(keeper_.state().add("long", 3, 3600s));
    keeper_.rig.get(keeper_.state().add("short", 3, 30s));
    keeper_.rig.clock.turn(2s);
    keeper_.rig.wait(keeper_.rig.workers.run(7, [] { return true; }));  // behind that write
    keeper_.rig.group.cancel_all();
    const auto rows = keeper_.file->load(unix_milliseconds(keeper_.rig.clock.wall())).value();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rows.size());
    CPPUNIT_ASSERT_EQUAL(std::string("one/long"), rows[0].key);
  }

  void changes_that_could_not_be_written_come_again() {
    HandClock clock;
    StateMemory memory(clock, {});
    CPPUNIT_ASSERT(memory.set("a", "1", 3600s).ok());
    const auto rows = memory.take_changes(10);
    CPPUNIT_ASSERT(rows.size() == 1 && !memory.has_changes());
    CPPUNIT_ASSERT(memory.set("a", "2", 3600s).ok());
    memory.return_changes(rows);
    const auto again = memory.take_changes(10);
    CPPUNIT_ASSERT(again.size() == 1 && again[0].value == "2");
    CPPUNIT_ASSERT(memory.remove("a").ok());
    CPPUNIT_ASSERT(memory.take_changes(10).at(0).gone);
  }

  void a_full_disk_does_not_stop_the_state() {
    {
      const FullDisk full;
      keeper_.rig.get(keeper_.state().add("hour", 5, 3600s));
      keeper_.rig.refused(Fault::kUnavailable, keeper_.store->flush());
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{6},
                           keeper_.rig.get(keeper_.state().add("hour", 1, 3600s)).value);
    }
    keeper_.restart();
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{7},
                         keeper_.rig.get(keeper_.state().add("hour", 1, 3600s)).value);
  }

 private:
  Embedded keeper_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(StateStoreTest);
