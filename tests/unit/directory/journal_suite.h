#ifndef FWD_TESTS_DIRECTORY_JOURNAL_SUITE_H
#define FWD_TESTS_DIRECTORY_JOURNAL_SUITE_H

// What every keeper of model::Journal must do.  `Keeper` has: `Rig rig`,
// `model::Journal& journal()`, and `restart()`, which ends it in order and
// begins another on the same store.

#include <cppunit/extensions/HelperMacros.h>

#include "model/journal.h"

namespace fwd::testing {

template <typename Keeper>
class JournalSuite : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(JournalSuite);
  CPPUNIT_TEST(entries_come_back_whole_and_in_order);
  CPPUNIT_TEST(each_field_of_a_query_narrows);
  CPPUNIT_TEST(an_address_is_found_as_sender_and_recipient);
  CPPUNIT_TEST(the_newest_win_when_more_match);
  CPPUNIT_TEST(an_entry_without_time_gets_the_clocks);
  CPPUNIT_TEST(old_entries_are_forgotten);
  CPPUNIT_TEST(a_restart_keeps_entries_and_never_repeats_an_id);
  CPPUNIT_TEST(long_values_are_cut_at_a_character);
  CPPUNIT_TEST_SUITE_END();

 public:
  void entries_come_back_whole_and_in_order() {
    model::JournalEntry entry = made(1000, "mx.delivered", "m1", "d1", "a1");
    entry.fields = {{"from", "a@x.test"}, {"to", "b@y.test"}, {"code", "250 \"ok\"\n"}};
    write(entry);
    write(made(2000, "mx.refused", "m2", "d1", ""));
    const auto entries = read({});
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, entries.size());
    CPPUNIT_ASSERT(entries[0].id > 0 && entries[1].id > entries[0].id);
    CPPUNIT_ASSERT_EQUAL(std::string("mx.delivered"), entries[0].event);
    CPPUNIT_ASSERT(entries[0].fields == entry.fields);
    CPPUNIT_ASSERT_EQUAL(std::string("a1"), entries[0].alias_id);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2000}, entries[1].time_ms);
  }

  void each_field_of_a_query_narrows() {
    write(made(1000, "mx.delivered", "m1", "d1", "a1"));
    write(made(2000, "mx.refused", "m1", "d2", "a2"));
    write(made(3000, "mxx", "m3", "d2", "a3"));
    write(made(4000, "mx", "", "", ""));
    model::JournalQuery query;
    query.message_id = "m1";
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, read(query).size());
    query.domain_id = "d2";
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, read(query).size());
    query.alias_id = "a1";
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, read(query).size());
    query = {};
    query.event = "mx";
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, read(query).size());
    query.event = "mx.refused";
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, read(query).size());
    query = {};
    query.since_ms = 2000;
    query.until_ms = 4000;
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, read(query).size());
  }

  void an_address_is_found_as_sender_and_recipient() {
    model::JournalEntry entry = made(1000, "mx.delivered", "m1", "d1", "a1");
    entry.fields = {{"from", "<Ada@X.test>"}, {"to", "b@y.test, c@y.test"}};
    write(entry);
    for (const char* address : {"ada@x.test", "ADA@X.TEST", "b@y.test", "c@y.test"}) {
      model::JournalQuery query;
      query.address = address;
      CPPUNIT_ASSERT_EQUAL_MESSAGE(address, std::size_t{1}, read(query).size());
    }
    model::JournalQuery query;
    query.address = "y.test";
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, read(query).size());
  }

  void the_newest_win_when_more_match() {
    for (int i = 0; i < 250; ++i) write(made(1000 + i, "e", "m" + std::to_string(i), "", ""));
    model::JournalQuery query;
    query.limit = 3;
    const auto entries = read(query);
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, entries.size());
    CPPUNIT_ASSERT_EQUAL(std::string("m247"), entries[0].message_id);
    CPPUNIT_ASSERT_EQUAL(std::string("m249"), entries[2].message_id);
    CPPUNIT_ASSERT_EQUAL(std::size_t{100}, read({}).size());
  }

  void an_entry_without_time_gets_the_clocks() {
    write(made(0, "e", "", "", ""));
    CPPUNIT_ASSERT_EQUAL(unix_milliseconds(rig().clock.wall()), read({}).at(0).time_ms);
  }

  void old_entries_are_forgotten() {
    for (int i = 0; i < 1200; ++i) {
      model::JournalEntry entry = made(i, "e", "", "", "");
      entry.time_ms = 1 + i;
      entry.fields = {{"to", "a@b.test"}};
      write(entry);
    }
    read({});
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1100}, rig().get(journal().forget_before(1101)));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, rig().get(journal().forget_before(1101)));
    model::JournalQuery query;
    query.address = "a@b.test";
    query.limit = 5000;
    CPPUNIT_ASSERT_EQUAL(std::size_t{100}, read(query).size());
  }

  void a_restart_keeps_entries_and_never_repeats_an_id() {
    write(made(1000, "e", "m1", "", ""));
    const std::uint64_t before = read({}).at(0).id;
    rig().get(journal().forget_before(5000));
    write(made(6000, "e", "m2", "", ""));
    keeper_.restart();
    const auto entries = read({});
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, entries.size());
    CPPUNIT_ASSERT_EQUAL(std::string("m2"), entries[0].message_id);
    CPPUNIT_ASSERT(entries[0].id > before);
  }

  void long_values_are_cut_at_a_character() {
    model::JournalEntry entry = made(1000, "e", "", "", "");
    std::string value(1999, 'a');
    for (int i = 0; i < 1000; ++i) value += "\xc3\xa9";
    entry.fields["reason"] = value;
    for (int i = 0; i < 100; ++i) entry.fields["x" + std::to_string(i)] = "y";
    write(entry);
    const auto entries = read({});
    CPPUNIT_ASSERT_EQUAL(std::string(1999, 'a'), entries.at(0).fields.at("reason"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{50}, entries.at(0).fields.size());
  }

 private:
  static model::JournalEntry made(std::int64_t time_ms, std::string event, std::string message,
                                  std::string domain, std::string alias) {
    model::JournalEntry entry;
    entry.time_ms = time_ms;
    entry.event = std::move(event);
    entry.message_id = std::move(message);
    entry.domain_id = std::move(domain);
    entry.alias_id = std::move(alias);
    return entry;
  }
  auto& rig() { return keeper_.rig; }
  model::Journal& journal() { return keeper_.journal(); }
  void write(const model::JournalEntry& entry) { rig().done(journal().write(entry)); }
  std::vector<model::JournalEntry> read(const model::JournalQuery& query) {
    return rig().get(journal().read(query));
  }
  Keeper keeper_;
};

}  // namespace fwd::testing

#endif
