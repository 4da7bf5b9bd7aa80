// The operator's command: reading its words, and what it lets onto a terminal.
#include <cppunit/extensions/HelperMacros.h>

#include "service/operator/commands.h"

namespace fwd::service {
namespace {

const std::string kC1 =
    "a\xC2\x9B"
    "31mz";
const std::string kTurned = "a\xE2\x80\xAEz";

class OperatorTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(OperatorTest);
  CPPUNIT_TEST(what_a_terminal_would_obey_is_not_shown);
  CPPUNIT_TEST(json_escapes_what_a_terminal_would_obey);
  CPPUNIT_TEST(columns_are_as_wide_as_what_is_shown);
  CPPUNIT_TEST(sizes_are_short);
  CPPUNIT_TEST(commands_are_found_by_one_word_or_two);
  CPPUNIT_TEST(json_may_stand_anywhere_before_two_hyphens);
  CPPUNIT_TEST_SUITE_END();

 public:
  void what_a_terminal_would_obey_is_not_shown() {
    CPPUNIT_ASSERT_EQUAL(std::string("a?31mz"), printable(kC1));
    CPPUNIT_ASSERT_EQUAL(std::string("a?z"), printable(kTurned));
    CPPUNIT_ASSERT_EQUAL(std::string("a??[2Jz\n"), printable("a\r\x1b[2Jz\n"));
    CPPUNIT_ASSERT_EQUAL(std::string("grüße 日本"), printable("grüße 日本"));
    CPPUNIT_ASSERT_EQUAL(std::string("a?z"), printable("a\x9Bz"));
  }

  void json_escapes_what_a_terminal_would_obey() {
    format::Json object;
    object.set("c1", format::Json(kC1));
    object.set("turned", format::Json(kTurned));
    object.set("plain", format::Json("grüße\x1b\x7f"));
    const std::string text = json_text(object);
    CPPUNIT_ASSERT(text.find("\"a\\u009b31mz\"") != std::string::npos);
    CPPUNIT_ASSERT(text.find("\"a\\u202ez\"") != std::string::npos);
    CPPUNIT_ASSERT(text.find("\"grüße\\u001b\\u007f\"") != std::string::npos);
    CPPUNIT_ASSERT(object == format::parse_json(text).value());
  }

  void columns_are_as_wide_as_what_is_shown() {
    CPPUNIT_ASSERT_EQUAL(std::string("A      B\na?31m  x\nü      y\n"), text_table({{"A", "B"},
                                                                                    {"a\xC2\x9B"
                                                                                     "31m",
                                                                                     "x"},
                                                                                    {"ü", "y"}}));
    CPPUNIT_ASSERT_EQUAL(std::string("a?b\n"), text_table({{"a\nb"}}));
  }

  void sizes_are_short() {
    CPPUNIT_ASSERT_EQUAL(std::string("0 B"), show_octets(0));
    CPPUNIT_ASSERT_EQUAL(std::string("1.5 KB"), show_octets(1536));
    CPPUNIT_ASSERT_EQUAL(std::string("1023 B"), show_octets(1023));
    CPPUNIT_ASSERT_EQUAL(std::string("99.9 GB"), show_octets((100ULL << 30) - 1));
    CPPUNIT_ASSERT_EQUAL(std::string("100 GB"), show_octets(100ULL << 30));
    CPPUNIT_ASSERT_EQUAL(std::string("16777215 TB"), show_octets(UINT64_MAX));
  }

  void commands_are_found_by_one_word_or_two() {
    CPPUNIT_ASSERT(parse_command({"status"}).value().command->name == "status");
    const auto parsed = parse_command({"log", "--limit", "5", "ID"});
    CPPUNIT_ASSERT(parsed.ok() && parsed.value().call.option("limit") == "5");
    CPPUNIT_ASSERT(parse_command({"mailbox", "waiting", "a@b.test"}).ok());
    CPPUNIT_ASSERT(!parse_command({"mailbox", "waiting"}).ok());
    CPPUNIT_ASSERT(!parse_command({"mailbox"}).ok() && !parse_command({}).ok());
    CPPUNIT_ASSERT(!parse_command({"log", "--limit"}).ok());
  }

  void json_may_stand_anywhere_before_two_hyphens() {
    CPPUNIT_ASSERT(wants_json({"alias", "--json"}) && wants_json({"--json"}));
    CPPUNIT_ASSERT(!wants_json({"alias"}) && !wants_json({"alias", "--", "--json"}));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OperatorTest);

}  // namespace
}  // namespace fwd::service
