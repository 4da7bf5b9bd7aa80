// Headers as clients write them, and as they go out.
#include <cppunit/extensions/HelperMacros.h>

#include "service/submission/submitted_header.h"

namespace fwd::submission {
namespace {

class HeaderTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(HeaderTest);
  CPPUNIT_TEST(what_a_header_says);
  CPPUNIT_TEST(message_ids_that_are_none_are_replaced);
  CPPUNIT_TEST(every_other_octet_goes_out_as_it_came);
  CPPUNIT_TEST(only_who_sends_is_shown_as_sender);
  CPPUNIT_TEST(headers_are_bounded);
  CPPUNIT_TEST(any_octets_get_an_answer);
  CPPUNIT_TEST_SUITE_END();

 public:
  void what_a_header_says() {
    const auto read = read_header(
        "Received: a\r\nreceived: b\r\nFrom: A <a@example.test>\r\nMESSAGE-ID:\r\n <x@y>\r\n"
        "Date: Thu, 1 Jan 1970 00:00:10 +0000\r\nSubject: =?utf-8?Q?=C3=A4?=\r\n\r\nFrom: "
        "text\r\n");
    CPPUNIT_ASSERT(read.ok());
    const SubmittedHeader& header = read.value();
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, header.received);
    CPPUNIT_ASSERT_EQUAL(std::string("a@example.test"), header.from.value().address);
    CPPUNIT_ASSERT_EQUAL(std::string("<x@y>"), header.message_id);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{10}, header.date.value());
    CPPUNIT_ASSERT_EQUAL(std::string("\xC3\xA4"), header.subject);
  }

  // RFC 5322 §3.6.4
  void message_ids_that_are_none_are_replaced() {
    for (const auto* bad :
         {"x@y", "<x>", "<@y>", "<x@>", "<x y@z>", "<x@y> <z@y>", "<\xC3\xA4@y>"}) {
      const auto read = read_header("Message-ID: " + std::string(bad) + "\r\n\r\n");
      CPPUNIT_ASSERT_EQUAL_MESSAGE(bad, std::string(), read.value().message_id);
    }
    const std::string mail = "Message-ID: x\r\nA: b\r\n\r\nMessage-ID: text\r\n";
    Supplements add;
    add.message_id = "<new@y>";
    CPPUNIT_ASSERT_EQUAL(std::string("Message-ID: <new@y>\r\nA: b\r\n\r\nMessage-ID: text\r\n"),
                         rewrite(mail, read_header(mail).value(), add));
  }

  void every_other_octet_goes_out_as_it_came() {
    const std::string mail =
        "a:b\r\nBCC : x@y\r\nList-Id:\r\n\t<x>\r\nReturn-Path: <z>\r\nA: "
        "\xFF\r\n\r\nbo\ndy\r\nBcc: q";
    const auto header = read_header(mail);
    CPPUNIT_ASSERT(header.ok());
    CPPUNIT_ASSERT_EQUAL(
        std::string("T: 1\r\na:b\r\nList-Id:\r\n\t<x>\r\nA: \xFF\r\n\r\nbo\ndy\r\nBcc: q\r\n"),
        rewrite(mail, header.value(), {"T: 1\r\n", "", "", ""}));
    const std::string bare = "A: b";
    CPPUNIT_ASSERT_EQUAL(std::string("T: 1\r\nA: b\r\n"),
                         rewrite(bare, read_header(bare).value(), {"T: 1\r\n", "", "", ""}));
  }

  // RFC 6409 §8.1
  void only_who_sends_is_shown_as_sender() {
    const std::string mine = "Sender: Me <me@a.test>\r\nResent-From: me@a.test\r\n";
    const std::string others =
        "SENDER : boss@bank.test\r\nResent-From: me@a.test, boss@bank.test\r\n"
        "Resent-Sender:\r\n\tboss@bank.test\r\nresent-from: Boss <boss@bank.test>\r\n";
    const std::string rest = "From: me@a.test\r\n\r\nSender: boss@bank.test\r\n";
    Supplements add;
    const auto out = [&add](const std::string& mail) {
      return rewrite(mail, read_header(mail).value(), add);
    };
    CPPUNIT_ASSERT_EQUAL(others + rest, out(others + rest));
    add.may_show = [](const std::string& address) { return address == "me@a.test"; };
    CPPUNIT_ASSERT_EQUAL(mine + rest, out(mine + rest));
    CPPUNIT_ASSERT_EQUAL(rest, out(others + rest));
  }

  void headers_are_bounded() {
    std::string many;
    for (int i = 0; i < 2001; ++i) many += "A: b\r\n";
    CPPUNIT_ASSERT(!read_header(many + "\r\n").ok());
    const std::string folds(1024 * 1024, ' ');
    CPPUNIT_ASSERT(!read_header("A: b\r\n" + folds + "\r\n\r\n").ok());
    // A body may be as long as it likes.
    CPPUNIT_ASSERT(read_header("A: b\r\n\r\n" + folds).ok());
  }

  void any_octets_get_an_answer() {
    static constexpr char kOctets[] = "From: <a@b>,;\"\\()\r\n\t\0Date";
    std::string text;
    unsigned random = 1;
    for (int round = 0; round < 2000; ++round) {
      text.clear();
      for (int i = 0; i < 60; ++i) {
        random = random * 1103515245 + 12345;
        text += kOctets[(random >> 16) % sizeof kOctets];
      }
      const auto header = read_header(text);
      if (!header.ok()) continue;
      const std::string out = rewrite(text, header.value(), {});
      CPPUNIT_ASSERT(out.ends_with("\r\n"));
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HeaderTest);

}  // namespace
}  // namespace fwd::submission
