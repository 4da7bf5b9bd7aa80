// Replies on the wire, faults as replies, paths and host names.
#include "protocol/smtp/reply.h"

#include <cppunit/extensions/HelperMacros.h>

#include "protocol/smtp/failure_reply.h"
#include "protocol/smtp/host_name.h"

namespace fwd::smtp {
namespace {

class ReplyTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ReplyTest);
  CPPUNIT_TEST(every_line_has_the_code_and_the_last_a_space);
  CPPUNIT_TEST(no_text_breaks_the_line);
  CPPUNIT_TEST(a_line_has_at_most_512_octets);
  CPPUNIT_TEST(trouble_of_ours_is_never_permanent);
  CPPUNIT_TEST(host_names_are_checked);
  CPPUNIT_TEST_SUITE_END();

 public:
  void every_line_has_the_code_and_the_last_a_space() {  // RFC 5321 §4.2.1, RFC 2034 §4
    CPPUNIT_ASSERT_EQUAL(std::string("250-a\r\n250-b\r\n250 c\r\n"), to_wire({250, "", "a\nb\nc"}));
    CPPUNIT_ASSERT_EQUAL(std::string("550-5.1.1 a\r\n550 5.1.1 b\r\n"),
                         to_wire({550, "5.1.1", "a\nb"}));
    CPPUNIT_ASSERT_EQUAL(std::string("250 \r\n"), to_wire({250, "", ""}));
  }

  void no_text_breaks_the_line() {
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0 a??b?\r\n"), to_wire({250, "2.0.0", "a\r\tb\x7f"}));
  }

  void a_line_has_at_most_512_octets() {  // RFC 5321 §4.5.3.1.5
    CPPUNIT_ASSERT_EQUAL(std::size_t{512}, to_wire({250, "2.0.0", std::string(900, 'x')}).size());
  }

  void trouble_of_ours_is_never_permanent() {  // RFC 5321 §4.2.1
    for (int fault = 1; fault <= 15; ++fault) {
      const auto reply = reply_to({static_cast<Fault>(fault), "public", "private"});
      const bool permanent = static_cast<Fault>(fault) == Fault::kOverLimit;
      CPPUNIT_ASSERT_EQUAL(permanent ? 5 : 4, reply.code / 100);
      CPPUNIT_ASSERT(reply.text.find("private") == std::string::npos);
    }
  }

  void host_names_are_checked() {  // RFC 5321 §4.1.1.1
    for (const auto* good : {"a", "mx.example.test", "a_b.example", "example.test.", "[192.0.2.1]",
                             "[IPv6:2001:db8::1]", "xn--grsse-4pa.example"})
      CPPUNIT_ASSERT_MESSAGE(good, is_host_name(good));
    for (const auto* bad :
         {"", ".", "a b", "a;b", "[]", "[1.2", "a..b", "-a", "a(b)", "gr\xc3\xbc"})
      CPPUNIT_ASSERT_MESSAGE(bad, !is_host_name(bad));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ReplyTest);

}  // namespace
}  // namespace fwd::smtp
