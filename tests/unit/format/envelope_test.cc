// ENVELOPE and the address lists in it.
#include "format/envelope.h"

#include <cppunit/extensions/HelperMacros.h>

#include "format/address_list.h"

namespace fwd::format {
namespace {

std::string envelope(std::string_view header) {
  return make_envelope(HeaderBlock(header, 100000, 1000));
}

// From's list alone.
std::string from(const std::string& value) {
  const std::string head = "(NIL NIL ";
  const std::string all = envelope("From: " + value + "\r\nSender: s@x\r\nReply-To: r@x\r\n");
  const std::string tail = " ((NIL NIL \"s\" \"x\")) ((NIL NIL \"r\" \"x\")) NIL NIL NIL NIL NIL)";
  CPPUNIT_ASSERT(all.starts_with(head) && all.ends_with(tail));
  return all.substr(head.size(), all.size() - head.size() - tail.size());
}

class EnvelopeTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(EnvelopeTest);
  CPPUNIT_TEST(the_example_of_the_rfc);
  CPPUNIT_TEST(an_empty_header_is_all_nil);
  CPPUNIT_TEST(sender_and_reply_to_default_to_from);
  CPPUNIT_TEST(strings_are_quoted_or_literal);
  CPPUNIT_TEST(addresses_of_all_kinds);
  CPPUNIT_TEST(groups);
  CPPUNIT_TEST(the_number_of_addresses_is_bounded);
  CPPUNIT_TEST_SUITE_END();

 public:
  // RFC 9051 §7.5.2 and RFC 3501 §8.
  void the_example_of_the_rfc() {
    CPPUNIT_ASSERT_EQUAL(
        std::string(
            "(\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev1 WG mtg summary and minutes\" "
            "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
            "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
            "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
            "((NIL NIL \"imap\" \"cac.washington.edu\")) "
            "((NIL NIL \"minutes\" \"CNRI.Reston.VA.US\")"
            "(\"John Klensin\" NIL \"KLENSIN\" \"MIT.EDU\")) NIL NIL "
            "\"<B27397-0100000@cac.washington.edu>\")"),
        envelope("Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\r\n"
                 "From: Terry Gray <gray@cac.washington.edu>\r\n"
                 "Subject: IMAP4rev1 WG mtg summary and minutes\r\n"
                 "To: imap@cac.washington.edu\r\n"
                 "cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>\r\n"
                 "Message-Id: <B27397-0100000@cac.washington.edu>\r\n"));
  }

  void an_empty_header_is_all_nil() {
    CPPUNIT_ASSERT_EQUAL(std::string("(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)"), envelope(""));
    CPPUNIT_ASSERT_EQUAL(std::string("(NIL \"\" NIL NIL NIL NIL NIL NIL NIL \"\")"),
                         envelope("Subject:\r\nTo: \r\nMessage-ID: \r\n"));
  }

  void sender_and_reply_to_default_to_from() {
    CPPUNIT_ASSERT_EQUAL(std::string("(NIL NIL ((NIL NIL \"a\" \"b\")) ((NIL NIL \"a\" \"b\")) "
                                     "((NIL NIL \"c\" \"d\")) NIL NIL NIL NIL NIL)"),
                         envelope("From: a@b\r\nSender: \r\nReply-To: c@d\r\n"));
  }

  void strings_are_quoted_or_literal() {
    const auto subject = [](const std::string& value) {
      const std::string all = envelope("Subject: " + value + "\r\n");
      return all.substr(5, all.size() - 5 - 33);
    };
    CPPUNIT_ASSERT_EQUAL(std::string("\"say \\\"\\\\\\\"\""), subject("say \"\\\""));
    CPPUNIT_ASSERT_EQUAL(std::string("\"one two\tthree\""), subject("one\r\n two\r\n\tthree"));
    CPPUNIT_ASSERT_EQUAL(std::string("{4}\r\n\xc3\xa4\xfc!"), subject("\xc3\xa4\xfc!"));
    CPPUNIT_ASSERT_EQUAL(std::string("\"=?utf-8?Q?=C3=BC?=\""), subject("=?utf-8?Q?=C3=BC?="));
    CPPUNIT_ASSERT_EQUAL(std::string("{2}\r\n\x01\x7f"), subject("\x01\x7f"));
  }

  void addresses_of_all_kinds() {
    const std::pair<const char*, const char*> cases[] = {
        {"\"Doe, \\\"J\\\"\" <j@x>", "((\"Doe, \\\"J\\\"\" NIL \"j\" \"x\"))"},
        {"j@x (John (Jr.) Doe)", "((\"John (Jr.) Doe\" NIL \"j\" \"x\"))"},
        {"=?utf-8?Q?J=C3=BC?= <j@x>", "((\"=?utf-8?Q?J=C3=BC?=\" NIL \"j\" \"x\"))"},
        {"J. R.  Doe\r\n <j@x>", "((\"J. R. Doe\" NIL \"j\" \"x\"))"},
        {"<@a,@b:j@x>", "((NIL \"@a,@b\" \"j\" \"x\"))"},
        {"\"john doe\"@x", "((NIL NIL \"john doe\" \"x\"))"},
        {"j@[192.0.2.1]", "((NIL NIL \"j\" \"[192.0.2.1]\"))"},
        {"j @ x . y", "((NIL NIL \"j\" \"x.y\"))"},
        {"nobody", "((NIL NIL \"nobody\" \"\"))"},
        {"Mailer <>", "((\"Mailer\" NIL \"\" \"\"))"},
        {"\"\" <j@x>", "((\"\" NIL \"j\" \"x\"))"},
        {"Joe Doe j@x", "((\"Joe Doe\" NIL \"j\" \"x\"))"},
        {"a@b, , c@d,", "((NIL NIL \"a\" \"b\")(NIL NIL \"c\" \"d\"))"},
        {"<a@b", "((NIL NIL \"a\" \"b\"))"},
    };
    for (const auto& [value, expected] : cases)
      CPPUNIT_ASSERT_EQUAL(std::string(expected), from(value));
  }

  void groups() {
    CPPUNIT_ASSERT_EQUAL(
        std::string("((NIL NIL \"A Group\" NIL)(\"Ed\" NIL \"e\" \"x\")"
                    "(NIL NIL \"j\" \"y\")(NIL NIL NIL NIL)(NIL NIL \"k\" \"z\"))"),
        from("A Group: Ed <e@x>, j@y; , k@z"));
    CPPUNIT_ASSERT_EQUAL(std::string("((NIL NIL \"Undisclosed recipients\" NIL)(NIL NIL NIL NIL))"),
                         from("Undisclosed recipients:;"));
    CPPUNIT_ASSERT_EQUAL(std::string("((NIL NIL \"g\" NIL)(NIL NIL \"a\" \"b\")(NIL NIL NIL NIL))"),
                         from("g: a@b"));
  }

  void the_number_of_addresses_is_bounded() {
    std::string text = "g:";
    for (int i = 0; i < 50; ++i) text += "a@b,";
    const std::vector<ListedAddress> list = parse_address_list(text, 10);
    CPPUNIT_ASSERT(list.size() <= 10 && list.back().kind == ListedAddress::Kind::kGroupEnd);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(EnvelopeTest);

}  // namespace
}  // namespace fwd::format
