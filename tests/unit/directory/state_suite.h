#ifndef FWD_TESTS_DIRECTORY_STATE_SUITE_H
#define FWD_TESTS_DIRECTORY_STATE_SUITE_H

// What every keeper of model::State must do.  `Keeper` has: `Rig rig`,
// `model::State& state()`, and `restart()`, after which state() is a new keeper
// of the same store that was ended in order.

#include <cppunit/extensions/HelperMacros.h>

#include "model/state.h"

namespace fwd::testing {

using namespace std::chrono_literals;

template <typename Keeper>
class StateSuite : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(StateSuite);
  CPPUNIT_TEST(a_counter_counts_within_its_window);
  CPPUNIT_TEST(a_counter_never_falls_below_zero);
  CPPUNIT_TEST(a_value_ends);
  CPPUNIT_TEST(a_value_is_set_only_when_absent);
  CPPUNIT_TEST(a_lock_has_one_owner);
  CPPUNIT_TEST(a_lock_ends_and_is_prolonged);
  CPPUNIT_TEST(keys_and_values_are_bounded);
  CPPUNIT_TEST(kinds_do_not_meet);
  CPPUNIT_TEST(a_restart_keeps_long_windows);
  CPPUNIT_TEST(what_lasts_ends_by_the_calendar);
  CPPUNIT_TEST(a_calendar_set_back_prolongs_nothing_beyond_its_life);
  CPPUNIT_TEST(a_calendar_set_back_before_a_start_prolongs_nothing_beyond_its_life);
  CPPUNIT_TEST(no_restart_brings_a_long_end_back);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_counter_counts_within_its_window() {
    model::Count count = rig().get(state().add("a", 1, 60s));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, count.value);
    CPPUNIT_ASSERT(count.resets_in == 60s);
    rig().clock.turn(30s);
    count = rig().get(state().add("a", 2, 60s));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{3}, count.value);
    CPPUNIT_ASSERT(count.resets_in == 30s);
    rig().clock.turn(30s);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, rig().get(state().add("a", 1, 60s)).value);
    rig().done(state().remove("a"));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, rig().get(state().add("a", 0, 60s)).value);
  }

  void a_counter_never_falls_below_zero() {
    rig().get(state().add("a", 5, 60s));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, rig().get(state().add("a", -3, 60s)).value);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, rig().get(state().add("a", -3, 60s)).value);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, rig().get(state().add("a", INT64_MIN, 60s)).value);
  }

  void a_value_ends() {
    CPPUNIT_ASSERT(!rig().get(state().get("a")));
    rig().done(state().set("a", "one", 10s));
    CPPUNIT_ASSERT_EQUAL(std::string("one"), *rig().get(state().get("a")));
    rig().clock.turn(9s);
    rig().done(state().set("a", "two", 10s));
    rig().clock.turn(9s);
    CPPUNIT_ASSERT_EQUAL(std::string("two"), *rig().get(state().get("a")));
    rig().clock.turn(1s);
    CPPUNIT_ASSERT(!rig().get(state().get("a")));
    rig().done(state().set("a", "three", 10s));
    rig().done(state().remove("a"));
    CPPUNIT_ASSERT(!rig().get(state().get("a")));
  }

  void a_value_is_set_only_when_absent() {
    CPPUNIT_ASSERT(rig().get(state().set_if_absent("a", "one", 10s)));
    CPPUNIT_ASSERT(!rig().get(state().set_if_absent("a", "two", 10s)));
    CPPUNIT_ASSERT_EQUAL(std::string("one"), *rig().get(state().get("a")));
    rig().clock.turn(10s);
    CPPUNIT_ASSERT(rig().get(state().set_if_absent("a", "two", 10s)));
  }

  void a_lock_has_one_owner() {
    CPPUNIT_ASSERT(rig().get(state().lock("a", "me", 10s)));
    CPPUNIT_ASSERT(!rig().get(state().lock("a", "you", 10s)));
    rig().done(state().unlock("a", "you"));
    CPPUNIT_ASSERT(!rig().get(state().lock("a", "you", 10s)));
    rig().done(state().unlock("a", "me"));
    CPPUNIT_ASSERT(rig().get(state().lock("a", "you", 10s)));
  }

  void a_lock_ends_and_is_prolonged() {
    CPPUNIT_ASSERT(rig().get(state().lock("a", "me", 10s)));
    rig().clock.turn(9s);
    CPPUNIT_ASSERT(rig().get(state().lock("a", "me", 10s)));
    rig().clock.turn(9s);
    CPPUNIT_ASSERT(!rig().get(state().lock("a", "you", 10s)));
    rig().clock.turn(1s);
    CPPUNIT_ASSERT(rig().get(state().lock("a", "you", 10s)));
  }

  void keys_and_values_are_bounded() {
    rig().refused(Fault::kBadInput, state().set("", "x", 10s));
    rig().refused(Fault::kBadInput, state().set(std::string(513, 'k'), "x", 10s));
    rig().refused(Fault::kBadInput, state().set("a", std::string(64 * 1024 + 1, 'v'), 10s));
    rig().refused(Fault::kBadInput, state().add("a", 1, 0s));
    rig().done(state().set(std::string(512, 'k'), std::string(64 * 1024, 'v'), 10s));
  }

  void kinds_do_not_meet() {
    rig().get(state().add("a", 7, 60s));
    rig().done(state().set("a", "text", 60s));
    CPPUNIT_ASSERT(rig().get(state().lock("a", "me", 60s)));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{8}, rig().get(state().add("a", 1, 60s)).value);
    CPPUNIT_ASSERT_EQUAL(std::string("text"), *rig().get(state().get("a")));
  }

  void a_restart_keeps_long_windows() {
    rig().get(state().add("hour", 5, 3600s));
    rig().get(state().add("gone", 5, 3600s));
    rig().done(state().set("value", std::string("a\0b", 3), 3600s));
    CPPUNIT_ASSERT(rig().get(state().lock("lock", "me", 3600s)));
    rig().done(state().remove("gone"));
    rig().clock.turn(600s);
    keeper_.restart();
    const model::Count count = rig().get(state().add("hour", 1, 3600s));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{6}, count.value);
    CPPUNIT_ASSERT(count.resets_in <= 3000s && count.resets_in > 2990s);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, rig().get(state().add("gone", 1, 3600s)).value);
    CPPUNIT_ASSERT_EQUAL(std::string("a\0b", 3), *rig().get(state().get("value")));
    CPPUNIT_ASSERT(!rig().get(state().lock("lock", "you", 3600s)));
    rig().clock.turn(3000s);
    keeper_.restart();
    CPPUNIT_ASSERT(!rig().get(state().get("value")));
  }

  void what_lasts_ends_by_the_calendar() {
    rig().done(state().set("days", "x", 96h));
    rig().done(state().set("moment", "x", 10s));
    rig().get(state().add("hours", 1, 2h));
    rig().clock.set_calendar(rig().clock.wall() + 95h);
    CPPUNIT_ASSERT(rig().get(state().get("days")));
    CPPUNIT_ASSERT(rig().get(state().get("moment")));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, rig().get(state().add("hours", 1, 2h)).value);
    keeper_.restart();
    CPPUNIT_ASSERT(!rig().get(state().set_if_absent("days", "y", 96h)));
    rig().clock.set_calendar(rig().clock.wall() + 1h);
    CPPUNIT_ASSERT(rig().get(state().set_if_absent("days", "y", 96h)));
  }

  void a_calendar_set_back_prolongs_nothing_beyond_its_life() {
    CPPUNIT_ASSERT(rig().get(state().lock("lock", "me", 1h)));
    rig().done(state().set("value", "x", 1h));
    rig().clock.set_calendar(rig().clock.wall() - 24h * 1000);
    CPPUNIT_ASSERT(!rig().get(state().lock("lock", "you", 1h)));
    CPPUNIT_ASSERT(rig().get(state().get("value")));
    rig().clock.turn(1h);
    CPPUNIT_ASSERT(rig().get(state().lock("lock", "you", 1h)));
    CPPUNIT_ASSERT(!rig().get(state().get("value")));
  }

  void a_calendar_set_back_before_a_start_prolongs_nothing_beyond_its_life() {
    CPPUNIT_ASSERT(rig().get(state().lock("lock", "me", 1h)));
    rig().get(state().add("hour", 5, 1h));
    rig().clock.turn(30min);
    rig().clock.set_calendar(rig().clock.wall() - 24h * 300);
    keeper_.restart();
    CPPUNIT_ASSERT(!rig().get(state().lock("lock", "you", 1h)));
    const model::Count count = rig().get(state().add("hour", 1, 1h));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{6}, count.value);
    CPPUNIT_ASSERT(count.resets_in == 1h);
    rig().clock.turn(1h);
    CPPUNIT_ASSERT(rig().get(state().lock("lock", "you", 1h)));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, rig().get(state().add("hour", 1, 1h)).value);
  }

  void no_restart_brings_a_long_end_back() {
    CPPUNIT_ASSERT(rig().get(state().lock("one", "me", 1h)));
    CPPUNIT_ASSERT(rig().get(state().lock("other", "me", 1h)));
    rig().clock.turn(2min);
    // By more than their age, and by little more of one.
    rig().clock.set_calendar(rig().clock.wall() - 24h * 300);
    CPPUNIT_ASSERT(!rig().get(state().lock("one", "you", 1h)));
    rig().clock.set_calendar(rig().clock.wall() - 40s);
    CPPUNIT_ASSERT(!rig().get(state().lock("one", "you", 1h)));
    keeper_.restart();
    rig().clock.turn(40min);
    keeper_.restart();
    rig().clock.turn(20min);
    CPPUNIT_ASSERT(rig().get(state().lock("one", "you", 1h)));
    rig().clock.turn(40s);
    CPPUNIT_ASSERT(rig().get(state().lock("other", "you", 1h)));
  }

 private:
  auto& rig() { return keeper_.rig; }
  model::State& state() { return keeper_.state(); }
  Keeper keeper_;
};

}  // namespace fwd::testing

#endif
