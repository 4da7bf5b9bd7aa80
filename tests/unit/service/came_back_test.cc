// What comes back through return paths, and what its receiver may read of it.
#include "service/inbound/came_back.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>

#include "core/text.h"
#include "format/message_ids.h"
#include "support/smtp_rig.h"

namespace fwd::test {
namespace {

using Kind = service::ReadBack::Kind;

const std::string kPath = "SRS0=x@example.test";

// A report as Postfix writes it.
std::string report_of(const std::string& action, const std::string& status) {
  return "From: MAILER-DAEMON@mx.dest.example (Mail Delivery System)\r\nTo: " + kPath +
         "\r\nSubject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n"
         "Message-ID: <bounce@mx.dest.example>\r\nMIME-Version: 1.0\r\n"
         "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n"
         "--b\r\nContent-Type: text/plain\r\n\r\n<far@dest.example>: no such user here\r\n"
         "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
         "Reporting-MTA: dns; mx.dest.example\r\nArrival-Date: Thu, 1 Jan 2026 00:00:00 +0000\r\n"
         "\r\nFinal-Recipient: rfc822; far@dest.example\r\n"
         "Original-Recipient: rfc822;far@dest.example\r\nAction: " +
         action + "\r\nStatus: " + status +
         "\r\nRemote-MTA: dns; inner.dest.example\r\n"
         "Diagnostic-Code: smtp; 550 5.1.1 <far@dest.example> no such user\r\n\r\n"
         "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
         "Received: from mx.example.test by mx.dest.example for <far@dest.example>\r\n"
         "X-Original-To: hello@example.test\r\nDelivered-To: far@dest.example\r\n"
         "From: Joe <joe@sender.example>\r\nTo: hello@example.test\r\n"
         "Cc: far@dest.example\r\nSubject: a\r\n folded subject\r\nMessage-ID: "
         "<m@sender.example>\r\n"
         "Bcc: hidden@sender.example\r\n\r\n--b--\r\n";
}

std::string plain(const std::string& author, const std::string& body) {
  return "From: " + author + "\r\nTo: " + kPath + "\r\nSubject: failure notice\r\n\r\n" + body;
}

model::WentOn stranger() {
  model::WentOn went;
  went.sender = "joe@sender.example";
  went.is_forward = true;
  went.shown = "hello@example.test";
  went.message_id = "<m@sender.example>";
  went.created = 1767225600000;
  went.secrets = {"dest.example", "far@dest.example", "mx.dest.example", "192.0.2.7"};
  return went;
}

std::string mask(const std::string& content, const model::WentOn& went = stranger()) {
  format::DeliveryReport report;
  report.domain = "example.test";
  report.reporting_mta = "mx.example.test";
  report.unique = "ID1r1";
  report.date = 1767312000;
  return service::mask(service::read_came_back(content), went, report).content;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

class CameBackTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(CameBackTest);
  CPPUNIT_TEST(a_report_is_told_from_what_cannot_be_read_and_the_rest);
  CPPUNIT_TEST(a_masked_report_names_the_alias_and_nothing_of_where_it_led);
  CPPUNIT_TEST(delays_and_successes_stay_what_they_are);
  CPPUNIT_TEST(codes_that_are_none_do_not_pass);
  CPPUNIT_TEST(of_a_message_nobody_knows_nothing_is_shown);
  CPPUNIT_TEST(an_unreadable_report_says_so);
  CPPUNIT_TEST(a_stranger_gets_our_report_in_place_of_the_bounce);
  CPPUNIT_TEST(an_answer_is_refused_and_costs_nothing);
  CPPUNIT_TEST(a_return_path_takes_a_message_alone);
  CPPUNIT_TEST(a_credit_that_went_meanwhile_is_a_refusal);
  CPPUNIT_TEST(one_of_ours_reads_all_of_what_he_sent_himself);
  CPPUNIT_TEST(one_of_ours_reads_nothing_of_where_an_alias_led);
  CPPUNIT_TEST(a_door_that_is_away_is_a_later);
  CPPUNIT_TEST(a_path_that_lapsed_since_it_was_named_is_a_refusal);
  CPPUNIT_TEST_SUITE_END();

  SmtpRig rig_;
  bool is_connected_ = false;

  // From nobody; gives the reply.
  std::string send(const std::vector<std::string>& recipients, const std::string& content) {
    if (!is_connected_) {
      rig_.connect();
      rig_.ask("EHLO mx.dest.example");
      is_connected_ = true;
    }
    rig_.ask("MAIL FROM:<>");
    for (const auto& one : recipients) rig_.ask("RCPT TO:<" + one + ">");
    rig_.ask("DATA");
    rig_.send(content);
    return rig_.ask(".").substr(0, 9);
  }
  void add_path(unsigned credits) {
    MemoryDeliveries::Alias path;
    path.destinations.emplace_back().address = "joe@sender.example";
    path.is_return_path = true;
    rig_.deliveries.add(to_lower(kPath), path);
    rig_.forwarding.credits[kPath] = credits;
    rig_.forwarding.went_on[kPath] = stranger();
  }
  void add_own_path(bool is_forward) {
    MemoryDeliveries::Alias path;
    path.is_return_path = true;
    path.mailboxes = {"hello@example.test"};
    rig_.deliveries.add(to_lower(kPath), path);
    rig_.forwarding.went_on[kPath] = stranger();
    rig_.forwarding.went_on[kPath].is_own = true;
    rig_.forwarding.went_on[kPath].is_forward = is_forward;
  }
  const std::vector<std::string>& stored() {
    return rig_.deliveries.messages("hello@example.test");
  }

 public:
  void a_report_is_told_from_what_cannot_be_read_and_the_rest() {
    const auto report = service::read_came_back(report_of("failed", "5.1.1"));
    CPPUNIT_ASSERT(report.kind == Kind::kReport && report.status == "5.1.1");
    CPPUNIT_ASSERT(report.ids == std::vector<std::string>{"<m@sender.example>"});
    CPPUNIT_ASSERT(report.addresses == std::vector<std::string>{"far@dest.example"});
    // As qmail writes them.
    const auto old = service::read_came_back(
        plain("MAILER-DAEMON@dest.example",
              "Hi. This is the qmail-send program.\r\n\r\n<far@dest.example>: gone\r\n\r\n"
              "--- Below this line is a copy of the message.\r\n\r\n"
              "Message-ID: <m@sender.example>\r\n"));
    CPPUNIT_ASSERT(old.kind == Kind::kUnreadable);
    CPPUNIT_ASSERT(old.ids == std::vector<std::string>{"<m@sender.example>"});
    const auto answer = service::read_came_back(
        "From: Far <far@dest.example>\r\nAuto-Submitted: auto-replied\r\n"
        "In-Reply-To: <m@sender.example>\r\nReferences: <l@x> <m@sender.example>\r\n\r\nAway\r\n");
    CPPUNIT_ASSERT(answer.kind == Kind::kOther);
    CPPUNIT_ASSERT((answer.ids == std::vector<std::string>{"<m@sender.example>", "<l@x>"}));
    // However it is spelled, it is asked for as the queue stores it.
    for (const char* id : {"<m@sender.example> (c)", "(c) <m@sender.example>", "m@sender.example",
                           "<m@sender.example> <n@x>", "< m@sender.example\r\n >"}) {
      std::string text = report_of("failed", "5.1.1");
      text.replace(text.find("<m@sender.example>"), 18, id);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(id, std::string("<m@sender.example>"),
                                   service::read_came_back(text).ids.at(0));
      CPPUNIT_ASSERT_EQUAL(std::string("<m@sender.example>"), format::first_bracketed_id(id));
    }
    for (const char* id : {"", "two words", "<>", "< >", "<\x01>"})
      CPPUNIT_ASSERT_EQUAL(std::string(), format::first_bracketed_id(id));
    CPPUNIT_ASSERT(service::read_came_back("").kind == Kind::kOther);
    std::string many;
    for (int i = 0; i < 50; ++i) many += "Message-ID: <" + std::to_string(i) + "@x>\r\n";
    CPPUNIT_ASSERT_EQUAL(std::size_t{10},
                         service::read_came_back(plain("postmaster@x.example", many)).ids.size());
  }

  void a_masked_report_names_the_alias_and_nothing_of_where_it_led() {
    const std::string text = mask(report_of("failed", "5.1.1"));
    CPPUNIT_ASSERT_MESSAGE(text, !has(to_lower(text), "dest.example"));
    CPPUNIT_ASSERT_MESSAGE(text, !has(text, "far@") && !has(text, "hidden@"));
    for (const char* part :
         {"To: <joe@sender.example>", "From: Mail Delivery System <mailer-daemon@example.test>",
          "Final-Recipient: rfc822; hello@example.test",
          "Original-Recipient: rfc822;hello@example.test", "Action: failed", "Status: 5.1.1",
          "Reporting-MTA: dns; mx.example.test", "Auto-Submitted: auto-replied",
          "Message-ID: <m@sender.example>", "From: Joe <joe@sender.example>",
          "To: hello@example.test", "Subject: a folded subject", "leads to one that does not exist",
          "Arrival-Date: Thu, 1 Jan 2026"})
      CPPUNIT_ASSERT_MESSAGE(std::string(part) + " in\n" + text, has(text, part));
    // It is one itself (RFC 3464), so that who gets it can forward it on.
    const auto read = format::parse_delivery_report(text);
    CPPUNIT_ASSERT(read && read->recipients.size() == 1);
    CPPUNIT_ASSERT_EQUAL(std::string("<m@sender.example>"), read->original_message_id);
  }

  void delays_and_successes_stay_what_they_are() {
    const std::string late = mask(report_of("delayed", "4.4.1"));
    CPPUNIT_ASSERT(has(late, "Action: delayed") && has(late, "Status: 4.4.1"));
    CPPUNIT_ASSERT(!has(late, "refused") && !has(late, "dest.example"));
    const std::string there = mask(report_of("delivered", "2.0.0"));
    CPPUNIT_ASSERT(has(there, "Action: delivered") && !has(there, "dest.example"));
    // To how many it went on from there is nobody's business.
    CPPUNIT_ASSERT(has(mask(report_of("expanded", "2.0.0")), "Action: delivered"));
  }

  void codes_that_are_none_do_not_pass() {
    CPPUNIT_ASSERT(has(mask(report_of("failed", "far.dest")), "Status: 5.0.0"));
    CPPUNIT_ASSERT(has(mask(report_of("failed", "4.4.7")), "Status: 5.4.7"));
    CPPUNIT_ASSERT(has(mask(report_of("delayed", "5.1.1")), "Status: 4.0.0"));
    CPPUNIT_ASSERT(has(mask(report_of("relayed", "")), "Status: 2.0.0"));
  }

  void of_a_message_nobody_knows_nothing_is_shown() {
    model::WentOn unknown;
    unknown.sender = "joe@sender.example";
    const std::string text = mask(report_of("failed", "5.1.1"), unknown);
    CPPUNIT_ASSERT(has(text, "Final-Recipient: rfc822; undisclosed@example.test"));
    CPPUNIT_ASSERT(!has(text, "dest.example") && !has(text, "folded") &&
                   !has(text, "Original-Rec"));
    // What could tell is not known as a whole: no field that others may have changed.
    model::WentOn crowd = stranger();
    crowd.secrets.clear();
    CPPUNIT_ASSERT(!has(mask(report_of("failed", "5.1.1"), crowd), "folded"));
  }

  void an_unreadable_report_says_so() {
    const std::string text =
        mask(plain("MAILER-DAEMON@dest.example", "far@dest.example is gone\r\n"));
    CPPUNIT_ASSERT(has(text, "could not be read") && has(text, "hello@example.test"));
    CPPUNIT_ASSERT(has(text, "Status: 5.0.0") && !has(text, "dest.example"));
  }

  void a_stranger_gets_our_report_in_place_of_the_bounce() {
    add_path(1);
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send({kPath}, report_of("failed", "5.1.1")));
    const model::NewForward& sent = rig_.forwarding.kept.at("ID2").forward;
    CPPUNIT_ASSERT(sent.spends == kPath && sent.message.envelope_from.empty());
    CPPUNIT_ASSERT(sent.message.recipients.empty() && sent.facts.may_sign);
    CPPUNIT_ASSERT_EQUAL(std::string(), sent.facts.auth_results);
    CPPUNIT_ASSERT(sent.destinations.at(0).address == "joe@sender.example");
    CPPUNIT_ASSERT_MESSAGE(sent.message.content, !has(sent.message.content, "dest.example"));
    CPPUNIT_ASSERT(!has(sent.message.content, "192.0.2.1"));
    CPPUNIT_ASSERT_EQUAL(std::string("mailer-daemon@example.test"), sent.message.header_from);
    const model::CameBack& asked = rig_.forwarding.asked.at(0);
    CPPUNIT_ASSERT(asked.return_path == kPath && asked.addresses.at(0) == "far@dest.example");
  }

  void an_answer_is_refused_and_costs_nothing() {
    add_path(1);
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"),
                         send({kPath}, plain("far@dest.example", "I am away\r\n")));
    CPPUNIT_ASSERT(rig_.forwarding.order.empty());
    CPPUNIT_ASSERT_EQUAL(1U, rig_.forwarding.credits[kPath]);
  }

  void a_return_path_takes_a_message_alone() {
    MemoryDeliveries::Alias other;
    other.mailboxes = {"other@example.test"};
    rig_.deliveries.add("other@example.test", other);
    add_own_path(true);  // leads to the mailbox that hello@ leads to
    const std::string answer = plain("far@dest.example", "I am away\r\n");
    rig_.connect();
    is_connected_ = true;
    rig_.ask("EHLO mx.dest.example");
    const auto name = [this](const std::string& recipient) {
      return rig_.ask("RCPT TO:<" + recipient + ">").substr(0, 9);
    };
    // Nobody is accepted beside it who would get nothing, or what is meant for it.
    rig_.ask("MAIL FROM:<>");
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.1.5"), name(kPath));
    CPPUNIT_ASSERT_EQUAL(std::string("452 4.5.3"), name("hello@example.test"));
    CPPUNIT_ASSERT_EQUAL(std::string("452 4.5.3"), name("other@example.test"));
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.1.5"), name(kPath));
    rig_.ask("DATA");
    rig_.send(answer);
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), rig_.ask(".").substr(0, 9));
    CPPUNIT_ASSERT(stored().empty());
    rig_.ask("MAIL FROM:<>");
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.1.5"), name("hello@example.test"));
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.1.5"), name("other@example.test"));
    CPPUNIT_ASSERT_EQUAL(std::string("452 4.5.3"), name(kPath));
    rig_.ask("DATA");
    rig_.send(answer);
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), rig_.ask(".").substr(0, 9));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, stored().size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_.deliveries.messages("other@example.test").size());
  }

  void a_credit_that_went_meanwhile_is_a_refusal() {
    add_path(0);
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send({kPath}, report_of("failed", "5.1.1")));
    const auto& entries = rig_.journal.entries;
    CPPUNIT_ASSERT(std::any_of(entries.begin(), entries.end(), [](const auto& entry) {
      return entry.event == "mx.refused" && entry.fields.at("to") == kPath;
    }));
  }

  void one_of_ours_reads_all_of_what_he_sent_himself() {
    add_own_path(false);
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send({kPath}, report_of("failed", "5.1.1")));
    CPPUNIT_ASSERT(has(stored().at(0), "Final-Recipient: rfc822; far@dest.example"));
  }

  void one_of_ours_reads_nothing_of_where_an_alias_led() {
    add_own_path(true);
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send({kPath}, report_of("failed", "5.1.1")));
    CPPUNIT_ASSERT(stored().at(0).starts_with("Return-Path: <>\r\nFrom: Mail Delivery System"));
    CPPUNIT_ASSERT_MESSAGE(stored()[0], !has(stored()[0], "dest.example"));
    // Nor in the list of what he sent.
    const auto& returned = rig_.deliveries.deliveries().at(0).returned;
    CPPUNIT_ASSERT(returned && returned->failed.at(0).address == "hello@example.test");
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"),
                         send({kPath}, plain("far@dest.example", "I am away\r\n")));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, stored().size());
  }

  void a_door_that_is_away_is_a_later() {
    add_path(1);
    rig_.forwarding.trouble = Failure{Fault::kUnavailable, "", "the door is down"};
    CPPUNIT_ASSERT_EQUAL(std::string("451 4.3.0"), send({kPath}, report_of("failed", "5.1.1")));
  }

  void a_path_that_lapsed_since_it_was_named_is_a_refusal() {
    add_own_path(false);
    rig_.forwarding.trouble = Failure{Fault::kDenied, "this return path is too old", ""};
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send({kPath}, report_of("failed", "5.1.1")));
    CPPUNIT_ASSERT(stored().empty());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CameBackTest);

}  // namespace fwd::test
