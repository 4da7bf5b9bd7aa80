// What becomes of the text that programs write.
#include "bin/sendmail/message.h"

#include <cppunit/extensions/HelperMacros.h>

namespace fwd::sendmail {
namespace {

class MessageTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(MessageTest);
  CPPUNIT_TEST(every_line_ends_with_crlf);
  CPPUNIT_TEST(a_header_without_its_end_gets_one);
  CPPUNIT_TEST(a_dot_alone_ends_the_message_unless_told_otherwise);
  CPPUNIT_TEST(full_names_are_quoted);
  CPPUNIT_TEST_SUITE_END();

  static std::string made(std::string_view text, bool dots_are_text = true) {
    MessageText whole(dots_are_text), pieces(dots_are_text);
    whole.add(text);
    for (std::size_t i = 0; i < text.size(); ++i)
      if (!pieces.add(text.substr(i, 1))) break;
    const std::string message = whole.finish();
    CPPUNIT_ASSERT_EQUAL(message, pieces.finish());
    return message;
  }

 public:
  void every_line_ends_with_crlf() {
    CPPUNIT_ASSERT_EQUAL(std::string("A: b\r\n\r\none\r\ntwo\r\nthree\r\n\r\n"),
                         made("A: b\n\none\r\ntwo\rthree\n\n"));
    CPPUNIT_ASSERT_EQUAL(std::string("A: b\r\n\r\nno end\r\n"),
                         made(std::string_view("A: b\n\nno\0 end", 14)));
  }

  void a_header_without_its_end_gets_one() {
    CPPUNIT_ASSERT_EQUAL(std::string("\r\njust text\r\n"), made("just text\n"));
    CPPUNIT_ASSERT_EQUAL(std::string("A: b\r\n c\r\n\r\ntext\r\nX: y\r\n"),
                         made("A: b\n c\ntext\nX: y\n"));
    CPPUNIT_ASSERT_EQUAL(std::string("\r\n indented\r\n"), made(" indented\n"));
    CPPUNIT_ASSERT_EQUAL(std::string("A: b\r\n\r\n"), made("A: b"));
    CPPUNIT_ASSERT_EQUAL(std::string("\r\n"), made(""));
    CPPUNIT_ASSERT_EQUAL(std::string("A: b\r\n\r\n"), made("From joe Thu Jan  1\nA: b\n\n"));
  }

  void a_dot_alone_ends_the_message_unless_told_otherwise() {
    CPPUNIT_ASSERT_EQUAL(std::string("A: b\r\n\r\none\r\n"), made("A: b\n\none\n.\ntwo\n", false));
    CPPUNIT_ASSERT_EQUAL(std::string("A: b\r\n\r\none\r\n.\r\ntwo\r\n"),
                         made("A: b\n\none\n.\ntwo\n", true));
  }

  void full_names_are_quoted() {
    CPPUNIT_ASSERT_EQUAL(std::string("From: \"A \\\"B\\\"\" <joe>\r\n"),
                         from_line("A \"B\"\r\n", "joe"));
    CPPUNIT_ASSERT(has_from("from: a\r\n\r\n"));
    CPPUNIT_ASSERT(!has_from("To: a\r\n\r\nFrom: b\r\n"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MessageTest);

}  // namespace
}  // namespace fwd::sendmail
