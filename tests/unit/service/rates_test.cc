// Rates, guessed recipients, and reports nobody asked for.
#include "service/inbound/rates.h"

#include <cppunit/extensions/HelperMacros.h>

#include "service/inbound/backscatter.h"

namespace fwd::test {

using service::BackscatterFacts;

class RatesTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(RatesTest);
  CPPUNIT_TEST(messages_are_counted_for_a_window);
  CPPUNIT_TEST(recipients_are_counted_and_guessing_ends);
  CPPUNIT_TEST(without_limits_nobody_is_stopped);
  CPPUNIT_TEST(the_memory_is_bounded);
  CPPUNIT_TEST(a_flood_of_refusals_does_not_fill_the_journal);
  CPPUNIT_TEST(reports_to_plain_addresses_get_points);
  CPPUNIT_TEST(reports_to_return_paths_are_welcome);
  CPPUNIT_TEST(what_is_no_report_is_left_alone);
  CPPUNIT_TEST(hosts_listed_for_backscatter_are_refused);
  CPPUNIT_TEST_SUITE_END();

  HandClock clock_;
  service::Rates rates_{clock_};

 public:
  void messages_are_counted_for_a_window() {
    service::RateOptions options;
    options.messages = 3;
    rates_.set_options(options);
    for (int i = 0; i < 3; ++i) CPPUNIT_ASSERT(!rates_.add_message("203.0.113.7").refusal);
    clock_.turn(std::chrono::minutes(20));
    const auto verdict = rates_.add_message("203.0.113.7");
    CPPUNIT_ASSERT(verdict.refusal->code == 421 && verdict.refusal->close);
    CPPUNIT_ASSERT_EQUAL(std::string("4.7.0"), verdict.refusal->enhanced);
    CPPUNIT_ASSERT(verdict.refusal->text.find("in 40 minutes") != std::string::npos);
    CPPUNIT_ASSERT_EQUAL(std::string("more than 3 messages in 3600 s"), verdict.finding.why);
    CPPUNIT_ASSERT(!rates_.add_message("203.0.113.8").refusal);
    clock_.turn(std::chrono::minutes(40));
    CPPUNIT_ASSERT(!rates_.add_message("203.0.113.7").refusal);
  }

  void recipients_are_counted_and_guessing_ends() {
    service::RateOptions options;
    options.recipients = 5;
    options.unknown_recipients = 2;
    rates_.set_options(options);
    for (int i = 0; i < 2; ++i) {
      CPPUNIT_ASSERT(!rates_.add_recipient("203.0.113.7").refusal);
      rates_.note_unknown("203.0.113.7");
    }
    const auto guessing = rates_.add_recipient("203.0.113.7");
    CPPUNIT_ASSERT(guessing.refusal->text.find("unknown recipients") != std::string::npos);
    for (int i = 0; i < 5; ++i) CPPUNIT_ASSERT(!rates_.add_recipient("203.0.113.8").refusal);
    CPPUNIT_ASSERT(rates_.add_recipient("203.0.113.8").refusal->code == 421);
  }

  void without_limits_nobody_is_stopped() {
    service::RateOptions options;
    options.messages = options.recipients = options.unknown_recipients = 0;
    rates_.set_options(options);
    for (int i = 0; i < 20000; ++i) {
      CPPUNIT_ASSERT(!rates_.add_message("203.0.113.7").refusal);
      CPPUNIT_ASSERT(!rates_.add_recipient("203.0.113.7").refusal);
      rates_.note_unknown("203.0.113.7");
    }
  }

  void the_memory_is_bounded() {
    service::RateOptions options;
    options.messages = 1;
    options.addresses = 10;
    rates_.set_options(options);
    rates_.add_message("203.0.113.7");
    for (int i = 0; i < 9; ++i) rates_.add_message("198.51.100." + std::to_string(i));
    CPPUNIT_ASSERT(rates_.add_message("203.0.113.7").refusal);
    rates_.add_message("198.51.100.100");
    CPPUNIT_ASSERT(rates_.add_message("203.0.113.7").refusal);
    CPPUNIT_ASSERT(!rates_.add_message("198.51.100.0").refusal);
  }

  // RFC 6522 §3 gives the form of reports.
  void a_flood_of_refusals_does_not_fill_the_journal() {
    service::RateOptions options;
    options.journalled = 2;
    rates_.set_options(options);
    CPPUNIT_ASSERT(rates_.may_journal("192.0.2.1") && rates_.may_journal("192.0.2.1"));
    CPPUNIT_ASSERT(!rates_.may_journal("192.0.2.1"));
    int kept = 2;
    for (int i = 0; i < 3000; ++i)
      if (rates_.may_journal("198.51." + std::to_string(i))) ++kept;
    CPPUNIT_ASSERT_EQUAL(1000, kept);
    clock_.turn(std::chrono::hours(1));
    CPPUNIT_ASSERT(rates_.may_journal("192.0.2.1"));
    options.journalled = 0;
    rates_.set_options(options);
    CPPUNIT_ASSERT(!rates_.may_journal("192.0.2.2"));
  }

  void reports_to_plain_addresses_get_points() {
    BackscatterFacts facts;
    facts.sender_is_null = true;
    facts.content_type = " Multipart/Report; report-type=\"Delivery-Status\"; boundary=x";
    auto verdict = service::check_backscatter(facts);
    CPPUNIT_ASSERT_EQUAL(std::string("unasked"), verdict.finding.result);
    CPPUNIT_ASSERT(verdict.finding.points == 5 && !verdict.refusal);
    facts.content_type = "text/plain";
    facts.author_local = "MAILER-DAEMON";
    CPPUNIT_ASSERT_EQUAL(std::string("unasked"), service::check_backscatter(facts).finding.result);
    facts.is_allowed = true;
    verdict = service::check_backscatter(facts);
    CPPUNIT_ASSERT(verdict.finding.result == "allowed" && verdict.finding.points == 0);
    BackscatterFacts wrong_sender;
    wrong_sender.sender_local = "postmaster";
    wrong_sender.content_type = "multipart/report; report-type=delivery-status";
    CPPUNIT_ASSERT_EQUAL(std::string("unasked"),
                         service::check_backscatter(wrong_sender).finding.result);
  }

  void reports_to_return_paths_are_welcome() {
    BackscatterFacts facts;
    facts.sender_is_null = facts.came_to_return_path = facts.is_block_listed = true;
    facts.author_local = "mailer-daemon";
    const auto verdict = service::check_backscatter(facts);
    CPPUNIT_ASSERT(verdict.finding.result == "return-path" && verdict.finding.points == 0);
    CPPUNIT_ASSERT(!verdict.refusal);
  }

  void what_is_no_report_is_left_alone() {
    BackscatterFacts receipt;
    receipt.sender_is_null = true;
    receipt.author_local = "alice";
    receipt.content_type = "multipart/report; report-type=disposition-notification";
    CPPUNIT_ASSERT_EQUAL(std::string("none"), service::check_backscatter(receipt).finding.result);
    BackscatterFacts person;
    person.sender_local = person.author_local = "postmaster";
    person.content_type = "text/plain";
    person.is_block_listed = true;
    CPPUNIT_ASSERT_EQUAL(std::string("none"), service::check_backscatter(person).finding.result);
  }

  void hosts_listed_for_backscatter_are_refused() {
    BackscatterFacts facts;
    facts.sender_is_null = facts.is_block_listed = true;
    const auto verdict = service::check_backscatter(facts);
    CPPUNIT_ASSERT(verdict.refusal->code == 554 && verdict.refusal->enhanced == "5.7.1");
    CPPUNIT_ASSERT_EQUAL(std::string("listed"), verdict.finding.result);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RatesTest);

}  // namespace fwd::test
