// Delivery status notifications, written and read.
#include "format/delivery_report.h"

#include <cppunit/extensions/HelperMacros.h>

#include "core/text.h"
#include "format/header_lines.h"
#include "format/outline.h"
#include "format/part_walker.h"

namespace fwd::format {
namespace {

DeliveryReport sample() {
  DeliveryReport report;
  report.domain = "example.test";
  report.reporting_mta = "smtp.example.test";
  report.unique = "ABC123";
  report.to = "anna@example.test";
  report.date = 1767225600;
  report.arrival_date = 1767139200;
  report.envelope_id = "QQ314159";
  report.message_id = "<m1@example.test>";
  ReportedRecipient one;
  one.original = "rfc822;Bob@other.example";
  one.address = "bob@other.example";
  one.status = "5.1.1";
  one.remote_mta = "mx.other.example";
  one.response = "550 5.1.1 No such user here";
  one.from_remote = true;
  one.last_attempt = 1767225500;
  report.recipients.push_back(one);
  report.returned =
      "From: anna@example.test\r\nMessage-ID: <m1@example.test>\r\nSubject: x\r\n\r\n";
  return report;
}

class DeliveryReportTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DeliveryReportTest);
  CPPUNIT_TEST(a_failure_says_what_happened);
  CPPUNIT_TEST(what_is_written_can_be_read);
  CPPUNIT_TEST(a_delay_says_until_when);
  CPPUNIT_TEST(a_success_needs_nothing_done);
  CPPUNIT_TEST(our_own_words_are_no_diagnostic_code);
  CPPUNIT_TEST(the_whole_message_is_given_back_when_asked);
  CPPUNIT_TEST(addresses_beyond_ascii_take_the_global_forms);
  CPPUNIT_TEST(hostile_words_end_nothing_early);
  CPPUNIT_TEST(no_line_is_too_long);
  CPPUNIT_TEST(a_boundary_within_the_message_is_not_used);
  CPPUNIT_TEST(other_servers_reports_are_read);
  CPPUNIT_TEST(other_messages_are_no_reports);
  CPPUNIT_TEST_SUITE_END();

  static bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }

 public:
  void a_failure_says_what_happened() {  // RFC 3464 §2, RFC 6522 §3
    const std::string text = write_delivery_report(sample());
    CPPUNIT_ASSERT(has(text, "From: Mail Delivery System <mailer-daemon@example.test>\r\n"));
    CPPUNIT_ASSERT(has(text, "Subject: Your message could not be delivered\r\n"));
    CPPUNIT_ASSERT(has(text, "Auto-Submitted: auto-replied\r\n"));
    CPPUNIT_ASSERT(has(text, "References: <m1@example.test>\r\n"));
    CPPUNIT_ASSERT(has(text, "The address does not exist there."));
    CPPUNIT_ASSERT(has(text, "The server mx.other.example said:\r\n      550 5.1.1 No such"));
    CPPUNIT_ASSERT(has(text,
                       "\r\n\r\nOriginal-Envelope-Id: QQ314159\r\n"
                       "Reporting-MTA: dns; smtp.example.test\r\n"
                       "Arrival-Date: Wed, 31 Dec 2025 00:00:00 +0000\r\n\r\n"
                       "Original-Recipient: rfc822;Bob@other.example\r\n"
                       "Final-Recipient: rfc822; bob@other.example\r\n"
                       "Action: failed\r\nStatus: 5.1.1\r\n"
                       "Remote-MTA: dns; mx.other.example\r\n"
                       "Diagnostic-Code: smtp; 550 5.1.1 No such user here\r\n"));
    const auto nodes = walk_parts(text, {});
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, nodes.size());
    CPPUNIT_ASSERT_EQUAL(std::string("multipart/report"), nodes[0].type);
    CPPUNIT_ASSERT_EQUAL(std::string("text/plain"), nodes[1].type);
    CPPUNIT_ASSERT_EQUAL(std::string("message/delivery-status"), nodes[2].type);
    CPPUNIT_ASSERT_EQUAL(std::string("text/rfc822-headers"), nodes[3].type);
    CPPUNIT_ASSERT(is_ascii(text));
  }

  void what_is_written_can_be_read() {
    const auto read = parse_delivery_report(write_delivery_report(sample()));
    CPPUNIT_ASSERT(read.has_value());
    CPPUNIT_ASSERT_EQUAL(std::string("QQ314159"), read->envelope_id);
    CPPUNIT_ASSERT_EQUAL(std::string("<m1@example.test>"), read->original_message_id);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, read->recipients.size());
    const ReportedRecipient& one = read->recipients[0];
    CPPUNIT_ASSERT_EQUAL(std::string("bob@other.example"), one.address);
    CPPUNIT_ASSERT_EQUAL(std::string("rfc822;Bob@other.example"), one.original);
    CPPUNIT_ASSERT(one.action == ReportAction::kFailed);
    CPPUNIT_ASSERT_EQUAL(std::string("5.1.1"), one.status);
    CPPUNIT_ASSERT_EQUAL(std::string("mx.other.example"), one.remote_mta);
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.1.1 No such user here"), one.response);
  }

  void a_delay_says_until_when() {
    DeliveryReport report = sample();
    report.recipients[0].action = ReportAction::kDelayed;
    report.recipients[0].status = "4.4.1";
    report.recipients[0].will_retry_until = 1767571200;
    const std::string text = write_delivery_report(report);
    CPPUNIT_ASSERT(has(text, "Subject: Your message is delayed\r\n"));
    CPPUNIT_ASSERT(has(text, "We go on trying until Mon, 5 Jan 2026 00:00:00 +0000."));
    CPPUNIT_ASSERT(has(text, "Will-Retry-Until: Mon, 5 Jan 2026 00:00:00 +0000\r\n"));
    CPPUNIT_ASSERT(has(text, "Action: delayed\r\n"));
  }

  void a_success_needs_nothing_done() {
    DeliveryReport report = sample();
    report.recipients[0].action = ReportAction::kRelayed;
    report.recipients[0].status = "2.0.0";
    const std::string text = write_delivery_report(report);
    CPPUNIT_ASSERT(has(text, "Subject: Your message was handed on\r\n"));
    CPPUNIT_ASSERT(has(text, "Action: relayed\r\n"));
    CPPUNIT_ASSERT(!has(text, "We will not try again"));
  }

  void our_own_words_are_no_diagnostic_code() {  // RFC 3464 §2.3.6
    DeliveryReport report = sample();
    report.recipients[0].from_remote = false;
    report.recipients[0].response = "The domain accepts no mail";
    const std::string text = write_delivery_report(report);
    CPPUNIT_ASSERT(!has(text, "Diagnostic-Code") && !has(text, "Remote-MTA"));
    CPPUNIT_ASSERT(has(text, "    The domain accepts no mail\r\n"));
  }

  void the_whole_message_is_given_back_when_asked() {
    DeliveryReport report = sample();
    report.returned += "--=_report_ABC123\r\nGr\xc3\xbc\xc3\x9f\x65\r\n";
    report.returns_whole = true;
    const std::string text = write_delivery_report(report);
    const auto nodes = walk_parts(text, {});
    CPPUNIT_ASSERT_EQUAL(std::string("message/rfc822"), nodes[3].type);
    CPPUNIT_ASSERT(has(text, "Content-Transfer-Encoding: 8bit\r\n"));
    CPPUNIT_ASSERT(has(text, "Gr\xc3\xbc\xc3\x9f\x65"));
    CPPUNIT_ASSERT_EQUAL(std::string("<m1@example.test>"),
                         parse_delivery_report(text)->original_message_id);
  }

  void addresses_beyond_ascii_take_the_global_forms() {  // RFC 6533 §3, §4
    DeliveryReport report = sample();
    report.recipients[0].address = "b\xc3\xb6\x62@other.example";
    report.returned = "Subject: gr\xc3\xbc\xc3\x9f\x65\r\nMessage-ID: <m2@x>\r\n\r\n";
    const std::string text = write_delivery_report(report);
    CPPUNIT_ASSERT(has(text, "Content-Type: message/global-delivery-status\r\n"));
    CPPUNIT_ASSERT(has(text, "Content-Type: message/global-headers\r\n"));
    CPPUNIT_ASSERT(has(text, "Final-Recipient: utf-8; b\xc3\xb6\x62@other.example\r\n"));
    const auto read = parse_delivery_report(text);
    CPPUNIT_ASSERT_EQUAL(std::string("b\xc3\xb6\x62@other.example"), read->recipients[0].address);
    CPPUNIT_ASSERT_EQUAL(std::string("<m2@x>"), read->original_message_id);
  }

  void hostile_words_end_nothing_early() {
    DeliveryReport report = sample();
    const std::string evil = "x\r\nBcc: evil@evil.example\r\n\r\n--=_report_ABC123\r\n\xc2\x9b";
    report.to = evil;
    report.domain = evil;
    report.envelope_id = evil;
    report.message_id = evil;
    report.unique = evil;
    report.reporting_mta = evil;
    report.recipients[0].original = evil;
    report.recipients[0].address = evil;
    report.recipients[0].status = evil;
    report.recipients[0].remote_mta = evil;
    report.recipients[0].response = evil;
    const std::string text = write_delivery_report(report);
    CPPUNIT_ASSERT(!has(text, "\nBcc"));
    CPPUNIT_ASSERT(!has(text, "\n--=_report_ABC123\r"));
    CPPUNIT_ASSERT(!has(text, "\xc2\x9b"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, parse_delivery_report(text)->recipients.size());
  }

  void no_line_is_too_long() {  // RFC 5322 §2.1.1
    DeliveryReport report = sample();
    report.recipients[0].response =
        "550 " + std::string(5000, 'x') + " and more " + std::string(300, 'y') + "\xc3\xa9";
    const std::string text = write_delivery_report(report);
    std::size_t begin = 0;
    for (std::size_t end = text.find("\r\n"); end != std::string::npos;
         begin = end + 2, end = text.find("\r\n", begin))
      CPPUNIT_ASSERT(end - begin <= 998);
    for (std::size_t i = 0; i < text.size(); ++i)
      if (text[i] == '\n') CPPUNIT_ASSERT(i > 0 && text[i - 1] == '\r');
  }

  void a_boundary_within_the_message_is_not_used() {
    DeliveryReport report = sample();
    report.returned += "\r\n--=_report_ABC123--\r\n";
    report.returns_whole = true;
    CPPUNIT_ASSERT_EQUAL(std::size_t{5}, walk_parts(write_delivery_report(report), {}).size());
  }

  void other_servers_reports_are_read() {
    const std::string postfix =
        "From: MAILER-DAEMON@mx (Mail Delivery System)\r\n"
        "Content-Type: multipart/report; report-type=Delivery-Status;\r\n\tboundary=\"b\"\r\n\r\n"
        "--b\r\n\r\nwords\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx\r\nX-Postfix-Queue-ID: 1\r\n\r\n"
        "Final-Recipient: rfc822; a@b\r\nAction: failed (host gone)\r\nStatus: 5.0.0 (x)\r\n"
        "Diagnostic-Code: smtp; 550\r\n    5.1.1 no\r\n\r\n"
        "Final-Recipient: rfc822; c@b\r\nAction: Delayed\r\nStatus: 4.0.0\r\n\r\n"
        "Final-Recipient: rfc822; d@b\r\nAction: exploded\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-Id: <q@x>\r\n\r\nhi\r\n--b--\r\n";
    const auto read = parse_delivery_report(postfix);
    CPPUNIT_ASSERT(read.has_value());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, read->recipients.size());
    CPPUNIT_ASSERT_EQUAL(std::string("5.0.0"), read->recipients[0].status);
    CPPUNIT_ASSERT(read->recipients[1].action == ReportAction::kDelayed);
    CPPUNIT_ASSERT_EQUAL(std::string("<q@x>"), read->original_message_id);
  }

  void other_messages_are_no_reports() {
    for (const char* other :
         {"", "a: b\r\n\r\nc\r\n", "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\n",
          "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n"
          "--b\r\n\r\nx\r\n--b--\r\n",
          "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
          "--b\r\n\r\nx\r\n--b--\r\n"})
      CPPUNIT_ASSERT(!parse_delivery_report(other));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DeliveryReportTest);

}  // namespace
}  // namespace fwd::format
