// forwardemail allow … and deny ….
#include <cppunit/extensions/HelperMacros.h>

#include "unit/service/operator_office.h"

namespace fwd::test {

class SenderListCommandsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SenderListCommandsTest);
  CPPUNIT_TEST(senders_are_listed_for_a_while_or_for_good);
  CPPUNIT_TEST(the_two_lists_know_nothing_of_each_other);
  CPPUNIT_TEST(the_journal_tells_what_was_listed);
  CPPUNIT_TEST(bad_words_are_told);
  CPPUNIT_TEST(a_long_list_is_shown_whole);
  CPPUNIT_TEST_SUITE_END();

 public:
  void senders_are_listed_for_a_while_or_for_good() {
    Office office;
    CPPUNIT_ASSERT(
        office.run({"deny", "add", "192.0.2.77/24", "--for", "30d", "--reason", "a flood\x1b"})
            .ok());
    CPPUNIT_ASSERT_MESSAGE(office.printed,
                           office.says("denied 192.0.2.0/24 until 2026-01-31T00:00:00"));
    CPPUNIT_ASSERT(office.run({"deny", "add", "Bad.Example.test"}).ok());
    CPPUNIT_ASSERT_EQUAL(std::string("denied bad.example.test\n"), office.printed);
    CPPUNIT_ASSERT(office.run({"deny", "list"}).ok());
    CPPUNIT_ASSERT(office.says("192.0.2.0/24") && office.says("operator"));
    CPPUNIT_ASSERT(office.says("2026-01-31") && office.says("a flood?"));
    CPPUNIT_ASSERT(office.run({"deny", "list", "--json"}).ok());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, office.json().array()->size());
    office.clock.turn(std::chrono::hours(24 * 31));
    CPPUNIT_ASSERT(office.run({"deny", "list"}).ok() && !office.says("192.0.2.0/24"));
    CPPUNIT_ASSERT(office.run({"deny", "remove", "BAD.example.test."}).ok());
    CPPUNIT_ASSERT(office.says("bad.example.test is no longer"));
  }

  void the_two_lists_know_nothing_of_each_other() {
    Office office;
    CPPUNIT_ASSERT(office.run({"allow", "add", "friend@example.test", "--json"}).ok());
    CPPUNIT_ASSERT(office.says("\"list\"") && office.says("\"allow\""));
    CPPUNIT_ASSERT(office.fault_of({"deny", "remove", "friend@example.test"}) == Fault::kNotFound);
    CPPUNIT_ASSERT(office.run({"deny", "list"}).ok() && !office.says("friend"));
    CPPUNIT_ASSERT(office.run({"allow", "list"}).ok() && office.says("friend@example.test"));
    CPPUNIT_ASSERT(office.run({"allow", "remove", "friend@example.test", "--json"}).ok());
  }

  void the_journal_tells_what_was_listed() {
    Office office;
    CPPUNIT_ASSERT(
        office.run({"deny", "add", "BAD.example.test", "--for", "30d", "--reason", "a flood"})
            .ok());
    CPPUNIT_ASSERT(office.run({"allow", "add", "friend@example.test"}).ok());
    CPPUNIT_ASSERT(office.run({"deny", "remove", "bad.example.test"}).ok());
    CPPUNIT_ASSERT(office.fault_of({"deny", "remove", "bad.example.test"}) == Fault::kNotFound);
    const auto& entries = office.journal.entries();
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, entries.size());
    CPPUNIT_ASSERT_EQUAL(std::string("operator.list.added"), entries[0].event);
    const auto& first = entries[0].fields;
    CPPUNIT_ASSERT(first.at("list") == "deny" && first.at("value") == "bad.example.test");
    CPPUNIT_ASSERT(first.at("why") == "a flood" && first.at("until").starts_with("2026-01-31"));
    CPPUNIT_ASSERT(entries[0].domain_id.empty() && first.at("by") == "operator");
    CPPUNIT_ASSERT(entries[1].fields.at("list") == "allow" && !entries[1].fields.contains("until"));
    CPPUNIT_ASSERT_EQUAL(std::string("operator.list.removed"), entries[2].event);
    CPPUNIT_ASSERT_EQUAL(std::string("bad.example.test"), entries[2].fields.at("value"));
  }

  void bad_words_are_told() {
    Office office;
    CPPUNIT_ASSERT(office.fault_of({"deny", "add", "no name"}) == Fault::kBadInput);
    CPPUNIT_ASSERT(office.fault_of({"deny", "add", "0.0.0.0/0"}) == Fault::kBadInput);
    for (const char* span : {"", "0", "5", "never", "999999d"})
      CPPUNIT_ASSERT_MESSAGE(
          span, office.fault_of({"deny", "add", "192.0.2.1", "--for", span}) == Fault::kBadInput);
    office.lists.most = 0;
    CPPUNIT_ASSERT(office.fault_of({"deny", "add", "192.0.2.1"}) == Fault::kOverLimit);
  }

  void a_long_list_is_shown_whole() {
    Office office;
    for (int i = 0; i < 2345; ++i)
      office.lists.add(model::ListKind::kDeny, "h" + std::to_string(i) + ".example.test");
    CPPUNIT_ASSERT(office.run({"deny", "list", "--json"}).ok());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2345}, office.json().array()->size());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SenderListCommandsTest);

}  // namespace fwd::test
