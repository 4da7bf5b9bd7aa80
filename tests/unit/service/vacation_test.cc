// Which mail is answered for people who are away, how often, and in what words.
#include "service/inbound/vacation.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>

#include "core/ready.h"
#include "format/automatic_mail.h"
#include "format/encoded_words.h"
#include "format/header_lines.h"
#include "service/inbound/vacation_message.h"
#include "support/memory_forwarding.h"
#include "support/smtp_rig.h"

namespace fwd::test {
namespace {

using format::why_automatic;

constexpr const char* kAuthor = "Ann <ann@far.test>";

std::string header_with(const std::string& field) {
  return std::string("From: ") + kAuthor + "\r\nTo: hello@example.test\r\n" + field + "\r\n\r\n";
}

class VacationTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(VacationTest);
  CPPUNIT_TEST(a_person_may_be_answered);
  CPPUNIT_TEST(what_has_no_sender_or_no_single_author_is_not_answered);
  CPPUNIT_TEST(what_a_machine_sent_is_not_answered);
  CPPUNIT_TEST(what_only_looks_automatic_is_answered);
  CPPUNIT_TEST(names_of_machines_are_not_answered);
  CPPUNIT_TEST(reports_are_not_answered);
  CPPUNIT_TEST(who_answers_must_be_written_to_openly);
  CPPUNIT_TEST(an_answer_is_written_as_the_rfc_asks);
  CPPUNIT_TEST(an_answer_speaks_every_language);
  CPPUNIT_TEST(references_are_bounded_and_cannot_break_out);
  CPPUNIT_TEST(one_author_is_answered_once_in_the_period);
  CPPUNIT_TEST(who_is_not_proven_is_not_answered);
  CPPUNIT_TEST(nobody_answers_himself);
  CPPUNIT_TEST(who_was_not_written_to_openly_is_silent);
  CPPUNIT_TEST(two_who_are_away_do_not_answer_each_other);
  CPPUNIT_TEST(a_day_has_so_many_answers);
  CPPUNIT_TEST(without_state_nobody_is_answered);
  CPPUNIT_TEST(an_answer_that_the_door_refused_is_tried_again);
  CPPUNIT_TEST(an_answer_that_may_have_gone_is_not);
  CPPUNIT_TEST(a_session_is_answered_whatever_comes_of_it);
  CPPUNIT_TEST(a_person_confirms_and_a_machine_does_not);
  CPPUNIT_TEST_SUITE_END();

  HandClock clock_;
  MemoryLog log_;
  MemoryDeliveries deliveries_;
  MemoryJournal journal_;
  MemoryState state_{clock_};
  MemoryForwarding forwarding_{clock_};
  PlainPacker packer_;
  service::InboundOptions options_;
  service::InboundContext context_{deliveries_, journal_, state_,   clock_,
                                   log_,        packer_,  options_, &forwarding_};
  service::Recorder recorder_{journal_, clock_, log_, options_};
  service::Vacations vacations_{context_, recorder_};
  service::Judgement judgement_;

  // A message from `author`; gives how many answers have gone out by now.
  std::size_t receive(const std::string& author = "ann@far.test", const std::string& more = "",
                      const std::string& alias = "alias-1",
                      const std::string& to = "Hello@Example.Test") {
    return take({"bounce-of-ann", "far.test"},
                "From: Ann <" + author + ">\r\nTo: " + to + "\r\n" + more +
                    "Subject: Lunch\r\nMessage-ID: <m1@far.test>\r\n\r\nbody\r\n",
                alias);
  }
  std::size_t take(const format::Address& sender, const std::string& content,
                   const std::string& alias) {
    smtp::Peer peer;
    smtp::Mail mail;
    mail.id = "ID1";
    mail.sender.address = sender;
    mail.sender.null = sender.domain.empty();
    const service::HeaderScan header = service::scan_header(content);
    service::Goals goals;
    goals.vacations.push_back({"hello+x@example.test", "domain-1", alias});
    const std::string print;
    vacations_.consider({peer, mail, header, content, judgement_, goals, print});
    run_ready();
    return forwarding_.replies.size();
  }
  std::string last_event() const {
    return journal_.entries.empty() ? "" : journal_.entries.back().event;
  }
  std::string last_why() const {
    const auto& fields = journal_.entries.back().fields;
    return fields.count("why") == 0 ? "" : fields.at("why");
  }

 public:
  void setUp() override {
    judgement_.authenticity.author_is_proven = true;
    forwarding_.vacations["alias-1"] = {"hello@example.test", "Away", "Back on Monday.\n"};
    forwarding_.vacations["alias-2"] = {"other@example.test", "", "Gone fishing."};
  }

  void a_person_may_be_answered() {
    CPPUNIT_ASSERT(why_automatic("ann@far.test", header_with("Subject: x")).empty());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, receive());
    CPPUNIT_ASSERT_EQUAL(std::string("mx.vacation.sent"), last_event());
    const model::NewReply& reply = forwarding_.replies[0];
    CPPUNIT_ASSERT_EQUAL(std::string("alias-1"), reply.alias_id);
    CPPUNIT_ASSERT_EQUAL(std::string("domain-1"), reply.domain_id);
    CPPUNIT_ASSERT(reply.message.envelope_from.empty());  // RFC 3834 §3.3
    CPPUNIT_ASSERT_EQUAL(std::string("ann@far.test"), reply.message.recipients.at(0).address);
  }

  void what_has_no_sender_or_no_single_author_is_not_answered() {  // RFC 3834 §2
    CPPUNIT_ASSERT(why_automatic("", header_with("Subject: x")) == "no sender");
    CPPUNIT_ASSERT(why_automatic("a@far.test", "To: hello@example.test\r\n\r\n") == "no author");
    CPPUNIT_ASSERT(why_automatic("a@far.test", header_with("From: eve@far.test")) == "no author");
    CPPUNIT_ASSERT(why_automatic("a@far.test", "From: a@far.test, b@far.test\r\n\r\n") ==
                   "no author");
    CPPUNIT_ASSERT(why_automatic("a@far.test", "From: a@[192.0.2.1]\r\n\r\n") == "no author");
    CPPUNIT_ASSERT(why_automatic("a@far.test", "") == "no author");
  }

  void what_a_machine_sent_is_not_answered() {  // RFC 3834 §2, RFC 3834 §5
    for (const char* field :
         {"Auto-Submitted: auto-generated", "AUTO-SUBMITTED: auto-replied; owner-email=\"a@b\"",
          "Auto-Submitted: (no) auto-notified", "Auto-Submitted:", "Precedence: bulk",
          "Precedence:\r\n list", "Precedence: JUNK", "Precedence: auto_reply",
          "List-Id: <a.far.test>", "List-Unsubscribe: <mailto:x@far.test>", "List-Post: NO",
          "X-Autoreply: yes", "X-Autorespond: x", "X-Auto-Response-Suppress: All",
          "X-Auto-Response-Suppress: DR, OOF", "X-MDDSN-Message: TRUE",
          "Mailing-List: list a@far.test"})
      CPPUNIT_ASSERT_MESSAGE(field, !why_automatic("ann@far.test", header_with(field)).empty());
  }

  void what_only_looks_automatic_is_answered() {
    for (const char* field :
         {"Auto-Submitted: no", "Auto-Submitted: No (a person)", "Precedence: first-class",
          "X-Auto-Response-Suppress: DR, RN, NRN", "Listen: now", "Subject: Auto-Submitted: yes",
          "Content-Type: multipart/mixed; boundary=report"})
      CPPUNIT_ASSERT_MESSAGE(field, why_automatic("ann@far.test", header_with(field)).empty());
    // The header ends where it ends.
    const std::string content = header_with("Subject: x") + "Precedence: bulk\r\n";
    CPPUNIT_ASSERT(why_automatic("a@far.test", format::looked_at_header(content)).empty());
  }

  void names_of_machines_are_not_answered() {  // RFC 3834 §2, RFC 5230 §4.6
    for (const char* name :
         {"MAILER-DAEMON@far.test", "postmaster@far.test", "no-reply@far.test", "NoReply@far.test",
          "news-noreply@far.test", "shop-donotreply@far.test", "listserv@far.test",
          "majordomo@far.test", "owner-list@far.test", "list-request@far.test",
          "no-reply+123@far.test", "feedback@arf.far.test", "bounces+1=a@far.test"}) {
      CPPUNIT_ASSERT_MESSAGE(name, !why_automatic(name, header_with("Subject: x")).empty());
      const std::string from = std::string("From: ") + name + "\r\n\r\n";
      CPPUNIT_ASSERT_MESSAGE(name, !why_automatic("ann@far.test", from).empty());
    }
    for (const char* name : {"requested@far.test", "owner@far.test", "request@far.test",
                             "ann+no-reply@far.test", "postmasters@far.test"})
      CPPUNIT_ASSERT_MESSAGE(name, why_automatic(name, header_with("Subject: x")).empty());
  }

  void reports_are_not_answered() {  // RFC 6522 §3, RFC 5965 §2
    for (const char* type : {"multipart/report; report-type=delivery-status; boundary=b",
                             "Multipart/Report", "multipart/report; report-type=feedback-report"})
      CPPUNIT_ASSERT(
          !why_automatic("ann@far.test", header_with(std::string("Content-Type: ") + type))
               .empty());
  }

  void who_answers_must_be_written_to_openly() {  // RFC 3834 §2
    CPPUNIT_ASSERT(
        format::is_written_to("To: Team: a@x.test, Bob <b@Example.Test>;\r\n\r\n", "example.test"));
    CPPUNIT_ASSERT(format::is_written_to("Cc: a@x.test,\r\n b@bücher.example\r\n\r\n",
                                         "xn--bcher-kva.example"));
    CPPUNIT_ASSERT(!format::is_written_to("To: a@sub.example.test\r\n\r\n", "example.test"));
    CPPUNIT_ASSERT(!format::is_written_to("Bcc: a@example.test\r\nSubject: a@example.test\r\n\r\n",
                                          "example.test"));
    CPPUNIT_ASSERT(
        !format::is_written_to("To: \"a@example.test\" <b@x.test>\r\n\r\n", "example.test"));
    CPPUNIT_ASSERT(!format::is_written_to("To: a@example.test\r\n\r\n", ""));
  }

  void an_answer_is_written_as_the_rfc_asks() {  // RFC 3834 §3.1, RFC 3834 §5.1
    const auto reply = service::write_vacation(
        {"ann@far.test", "Lunch", "<m1@far.test>", "<m0@far.test>\r\n <m1@far.test>"},
        {"hello@example.test", "Away", "Back on Monday."}, clock_.wall());
    const std::string& text = reply.content;
    for (const char* line :
         {"Date: Thu, 1 Jan 2026 00:00:00 +0000\r\n", "From: <hello@example.test>\r\n",
          "To: <ann@far.test>\r\n", "Subject: Away Re: Lunch\r\n",
          "Auto-Submitted: auto-replied\r\n", "Precedence: bulk\r\n", "X-Autoreply: yes\r\n",
          "X-Auto-Response-Suppress: All\r\n", "In-Reply-To: <m1@far.test>\r\n",
          "References: <m0@far.test>\r\n <m1@far.test>\r\n", "\r\n\r\nBack on Monday.\r\n"})
      CPPUNIT_ASSERT_MESSAGE(line, text.find(line) != std::string::npos);
    CPPUNIT_ASSERT(text.find("\r\nMessage-ID: " + reply.message_id + "\r\n") != std::string::npos);
    CPPUNIT_ASSERT(!reply.smtp_utf8);
    // Nobody answers an answer.
    CPPUNIT_ASSERT(!why_automatic("hello@example.test", text).empty());
  }

  void an_answer_speaks_every_language() {  // RFC 2047 §5
    const std::string subject = "Bin im Urlaub – zurück am Montag, dem siebzehnten, 日本語もどうぞ";
    const auto reply =
        service::write_vacation({"ann@far.test", "x\r\nBcc: eve@far.test", "", ""},
                                {"hello@example.test", subject, "Grüße\nüberall"}, clock_.wall());
    CPPUNIT_ASSERT(is_ascii(reply.content));
    CPPUNIT_ASSERT(reply.content.find("\r\nBcc") == std::string::npos);
    const auto field = format::find_field(reply.content, "Subject");
    CPPUNIT_ASSERT(field.has_value());
    CPPUNIT_ASSERT_EQUAL(subject + " Re: x  Bcc: eve@far.test", format::decode_header_text(*field));
    for (const std::string_view line : split(reply.content, '\n'))
      CPPUNIT_ASSERT(line.size() <= 79);
    CPPUNIT_ASSERT(
        reply.content.ends_with("\r\n\r\n" + to_base64("Grüße\r\nüberall\r\n") + "\r\n"));
    const auto plain = service::write_vacation({"ann@far.test", "Lunch", "", ""},
                                               {"hello@example.test", "", "Gone."}, clock_.wall());
    CPPUNIT_ASSERT(plain.content.find("Subject: Auto: Lunch\r\n") != std::string::npos);
  }

  void references_are_bounded_and_cannot_break_out() {  // RFC 5322 §3.6.4
    std::string header = "Message-ID: <own@far.test>\r\nReferences:";
    for (int i = 0; i < 200; ++i) header += "\r\n <r" + std::to_string(i) + "@far.test>";
    header += " <" + std::string(900, 'x') + "@far.test> <a b@far.test> <\x01@far.test>\r\n\r\n";
    const std::string references = service::references_for(header);
    CPPUNIT_ASSERT_EQUAL(std::size_t{21}, split(references, '\n').size());
    CPPUNIT_ASSERT(references.starts_with("<r0@far.test>\r\n "));
    CPPUNIT_ASSERT(references.ends_with("<r199@far.test>\r\n <own@far.test>"));
    CPPUNIT_ASSERT_EQUAL(std::string("<up@x>\r\n <own@x>"),
                         service::references_for("In-Reply-To: <up@x>\r\nMessage-ID: <own@x>\r\n"));
    CPPUNIT_ASSERT_EQUAL(std::string(), service::references_for("Subject: x\r\n\r\n"));
  }

  void one_author_is_answered_once_in_the_period() {  // RFC 3834 §2
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, receive());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, receive());
    CPPUNIT_ASSERT_EQUAL(std::string("answered already"), last_why());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, receive("ANN@far.test"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, receive("ann@far.test", "", "alias-2"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, receive("bob@far.test"));
    clock_.turn(std::chrono::hours(95));
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, receive());
    clock_.turn(std::chrono::hours(2));
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, receive());
  }

  void who_is_not_proven_is_not_answered() {
    judgement_.authenticity.author_is_proven = false;
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, receive());
    CPPUNIT_ASSERT_EQUAL(std::string("mx.vacation.skipped"), last_event());
    judgement_.authenticity.author_is_proven = true;
    judgement_.is_junk = true;
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, receive());
    CPPUNIT_ASSERT_EQUAL(std::string("junk"), last_why());
    judgement_.is_junk = false;
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, receive("ann@far.test", "Precedence: bulk\r\n"));
    CPPUNIT_ASSERT_EQUAL(std::string("Precedence"), last_why());
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, receive("ann@far.test", "", "alias-3"));
    CPPUNIT_ASSERT_EQUAL(std::string("nobody is away"), last_why());
    // None of this counts as an answer.
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, receive());
  }

  void nobody_answers_himself() {
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, receive("Hello+tag@example.test"));
    CPPUNIT_ASSERT_EQUAL(std::string("written by oneself"), last_why());
  }

  void who_was_not_written_to_openly_is_silent() {  // RFC 3834 §2
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, receive("ann@far.test", "", "alias-1", "all@far.test"));
    CPPUNIT_ASSERT_EQUAL(std::string("not in To or Cc"), last_why());
    CPPUNIT_ASSERT_EQUAL(std::size_t{0},
                         receive("ann@far.test", "Bcc: hello@example.test\r\n", "alias-1", "a@b"));
    // Which is no answer that counts.
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, receive("ann@far.test", "Cc: hello@example.test\r\n",
                                                 "alias-1", "a@b.test"));
  }

  void two_who_are_away_do_not_answer_each_other() {  // RFC 3834 §2
    forwarding_.vacations["alias-2"].address = "ann@example.test";
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, receive("ann@example.test"));
    const std::string answer = forwarding_.replies[0].message.content;
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, take({}, answer, "alias-2"));
    CPPUNIT_ASSERT_EQUAL(std::string("no sender"), last_why());
    // Nor when somebody on the way gave it a sender.
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, take({"list", "example.test"}, answer, "alias-2"));
    CPPUNIT_ASSERT_EQUAL(std::string("Auto-Submitted"), last_why());
    // Responders of others mark their answers with one of these at least.
    for (const char* mark : {"Auto-Submitted: auto-replied (vacation)\r\n", "Precedence: bulk\r\n",
                             "X-Autoreply: yes\r\n", "X-Auto-Response-Suppress: OOF\r\n"})
      CPPUNIT_ASSERT_EQUAL(std::size_t{1}, receive("carl@far.test", mark));
  }

  void a_day_has_so_many_answers() {
    options_.vacation_per_alias = 2;
    options_.vacation_per_sender = 1;
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, receive("a@far.test"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, receive("a@far.test", "", "alias-2"));
    CPPUNIT_ASSERT_EQUAL(std::string("smtp.vacation-per-sender"), last_why());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, receive("b@far.test"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, receive("c@far.test"));
    CPPUNIT_ASSERT_EQUAL(std::string("smtp.vacation-per-alias"), last_why());
    // Who was kept waiting by a cap is answered another day.
    clock_.turn(std::chrono::hours(25));
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, receive("c@far.test"));
  }

  void without_state_nobody_is_answered() {
    state_.is_away = true;
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, receive());
    CPPUNIT_ASSERT(log_.lines().back().find("mx.vacation.failed") != std::string::npos);
    state_.is_away = false;
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, receive());
  }

  void an_answer_that_the_door_refused_is_tried_again() {
    forwarding_.reply_trouble = Failure{Fault::kOverQuota, "", "queue full"};
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, receive());
    forwarding_.reply_trouble.reset();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, receive());
  }

  void an_answer_that_may_have_gone_is_not() {
    forwarding_.reply_trouble = Failure{Fault::kTimeout, "", "silent"};
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, receive());
    forwarding_.reply_trouble.reset();
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, receive());
  }

  void a_session_is_answered_whatever_comes_of_it() {
    SmtpRig rig;
    MemoryDeliveries::Alias away;
    away.has_vacation = true;
    rig.deliveries.add("away@example.test", away);
    rig.make_policy = [&] {
      service::InboundContext context{rig.deliveries, rig.journal, rig.state,   rig.clock,
                                      rig.log,        rig.packer,  rig.options, &forwarding_};
      return std::make_unique<service::InboundPolicy>(context);
    };
    rig.connect();
    rig.ask("EHLO peer.example");
    rig.ask("MAIL FROM:<a@peer.example>");
    rig.ask("RCPT TO:<away@example.test>");
    rig.ask("DATA");
    rig.send("From: a@peer.example\r\nTo: away@example.test\r\n\r\nbody\r\n");
    CPPUNIT_ASSERT(rig.ask(".").starts_with("250 "));
    CPPUNIT_ASSERT_EQUAL(std::string("mx.vacation.skipped"), rig.journal.entries.back().event);
  }

  static bool has_event(const SmtpRig& rig, std::string_view event) {
    const auto& entries = rig.journal.entries;
    return std::any_of(entries.begin(), entries.end(),
                       [event](const auto& entry) { return entry.event == event; });
  }

  void a_person_confirms_and_a_machine_does_not() {
    SmtpRig rig;
    MemoryDeliveries::Alias asked;
    asked.kind = model::RecipientKind::kConfirms;
    rig.deliveries.add("verify=x@example.test", asked);
    rig.connect();
    rig.ask("EHLO peer.example");
    const auto send = [&rig](const std::string& more) {
      rig.ask("MAIL FROM:<a@peer.example>");
      CPPUNIT_ASSERT(rig.ask("RCPT TO:<verify=x@example.test>").starts_with("250 "));
      CPPUNIT_ASSERT(rig.forwarding.confirmed.empty());
      rig.ask("DATA");
      rig.send("From: a@peer.example\r\n" + more + "\r\nbody\r\n");
      CPPUNIT_ASSERT(rig.ask(".").starts_with("250 "));
    };
    send("Auto-Submitted: auto-replied\r\n");
    CPPUNIT_ASSERT(rig.forwarding.confirmed.empty());
    CPPUNIT_ASSERT(has_event(rig, "mx.confirm.skipped"));
    send("Subject: yes\r\n");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig.forwarding.confirmed.size());
    CPPUNIT_ASSERT(has_event(rig, "mx.confirmed"));
    for (const model::JournalEntry& entry : rig.journal.entries)
      for (const auto& [key, value] : entry.fields)
        CPPUNIT_ASSERT_MESSAGE(key, value.find("verify=x") == std::string::npos);
    CPPUNIT_ASSERT_EQUAL(std::string("verify=x@example.test"), rig.forwarding.confirmed[0]);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(VacationTest);

}  // namespace
}  // namespace fwd::test
