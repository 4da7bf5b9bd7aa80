// Octets and ASCII text.
#include "core/text.h"

#include <cppunit/extensions/HelperMacros.h>

#include "core/log.h"

namespace fwd {
namespace {

class TextTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(TextTest);
  CPPUNIT_TEST(base64_is_strict_both_ways);
  CPPUNIT_TEST(utf8_refuses_what_the_rfc_refuses);
  CPPUNIT_TEST(what_cannot_be_seen_is_told);
  CPPUNIT_TEST(numbers_are_whole);
  CPPUNIT_TEST(a_peer_cannot_forge_a_log_line);
  CPPUNIT_TEST_SUITE_END();

 public:
  // RFC 4648 §10
  void base64_is_strict_both_ways() {
    const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, coded] : cases) {
      CPPUNIT_ASSERT_EQUAL(std::string(coded), to_base64(plain));
      CPPUNIT_ASSERT_EQUAL(std::string(plain), *from_base64(coded));
    }
    for (const char* bad : {"Zg=", "Zg", "Z===", "Zh==", "Zm9=", "Zg==Zg==", "Z g=", "Zm9v\n"})
      CPPUNIT_ASSERT(!from_base64(bad));
  }

  // RFC 3629 §4
  void utf8_refuses_what_the_rfc_refuses() {
    for (const char* good :
         {"", "a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"})
      CPPUNIT_ASSERT(is_utf8(good));
    for (const char* bad : {"\x80", "\xC0\x80", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80",
                            "\xF4\x90\x80\x80", "\xFF", "\xE2\x82"})
      CPPUNIT_ASSERT(!is_utf8(bad));
  }

  void what_cannot_be_seen_is_told() {
    for (const char* good : {"", "a b", "grüße", "日本", "\xF0\x9F\x98\x80", "\xC2\xA1"})
      CPPUNIT_ASSERT_MESSAGE(good, is_visible(good));
    for (const char* bad : {"a\n", "\x1b", "\x7f", "\xC2\x85", "\xC2\xA0", "\xC2\xAD",
                            "a\xE2\x80\x8B", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE3\x80\x80",
                            "\xEF\xBB\xBF", "\xEF\xBF\xBD", "\xF3\xA0\x80\xA0", "\xFF"})
      CPPUNIT_ASSERT(!is_visible(bad));
  }

  void numbers_are_whole() {
    CPPUNIT_ASSERT(parse_number("18446744073709551615") == UINT64_MAX);
    for (const char* bad : {"", "-1", "+1", " 1", "1 ", "18446744073709551616", "0x1"})
      CPPUNIT_ASSERT(!parse_number(bad));
  }

  void a_peer_cannot_forge_a_log_line() {
    const std::string line =
        log_line("a.b", {{"x", "1"}, {"helo", "evil\r\na.b x=\"2\""}, {"none", ""}});
    CPPUNIT_ASSERT_EQUAL(std::string("a.b x=1 helo=\"evil\\x0d\\x0aa.b x=\\\"2\\\"\" none=\"\""),
                         line);
    CPPUNIT_ASSERT_EQUAL(std::string("a.b from=\"\\xc2\\x9b31mé\""), log_line("a.b", {{"from",
                                                                                       "\xC2\x9B"
                                                                                       "31mé"}}));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TextTest);

}  // namespace
}  // namespace fwd
