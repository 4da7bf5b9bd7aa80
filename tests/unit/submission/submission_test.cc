// What submission leaves behind, in log and journal, and how it dies.
#include <cppunit/extensions/HelperMacros.h>

#include "core/text.h"
#include "protocol/smtp/failure_reply.h"
#include "service/submission/failure_reply.h"
#include "support/memory_submission.h"

namespace fwd::submission {
namespace {

using test::SmtpRig;
using test::SubmissionDesk;

const std::string kLogin =
    "AUTH PLAIN " + to_base64(std::string("\0hello@example.test\0secret", 26));

class SubmissionTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SubmissionTest);
  CPPUNIT_TEST(the_journal_has_an_entry_for_each_recipient);
  CPPUNIT_TEST(refused_messages_are_in_the_journal);
  CPPUNIT_TEST(mail_goes_on_while_the_journal_is_down);
  CPPUNIT_TEST(a_refusal_between_daemons_is_no_permanent_answer);
  CPPUNIT_TEST(case_counts_in_the_local_parts_of_others);
  CPPUNIT_TEST(nobody_is_shown_as_sender_but_who_sends);
  CPPUNIT_TEST(no_password_in_any_log_line);
  CPPUNIT_TEST(the_door_is_told_who_asks);
  CPPUNIT_TEST(destroying_a_session_at_any_moment_is_safe);
  CPPUNIT_TEST_SUITE_END();

  struct Scene {
    Scene() {
      rig.pipe.tls.active = true;
      desk.serve_clients();
      rig.connect();
    }
    void log_in() {
      rig.ask("EHLO client.example");
      CPPUNIT_ASSERT_EQUAL(std::string("235 2.7.0 Logged in"), rig.ask(kLogin));
    }
    std::string send(const std::string& header) {
      rig.ask("MAIL FROM:<hello@example.test>");
      rig.ask("RCPT TO:<a@peer.example>");
      rig.ask("RCPT TO:<b@peer.example>");
      rig.ask("DATA");
      return rig.ask(header + "\r\n\r\ntext\r\n.");
    }
    SmtpRig rig;
    SubmissionDesk desk{rig};
  };

 public:
  void the_journal_has_an_entry_for_each_recipient() {
    Scene scene;
    scene.log_in();
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0 Queued as ID2"),
                         scene.send("From: hello@example.test"));
    const auto& entries = scene.rig.journal.entries;
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, entries.size());
    CPPUNIT_ASSERT_EQUAL(std::string("submission.accepted"), entries[0].event);
    CPPUNIT_ASSERT_EQUAL(std::string("ID2"), entries[0].message_id);
    CPPUNIT_ASSERT_EQUAL(std::string("id-example.test"), entries[0].domain_id);
    CPPUNIT_ASSERT_EQUAL(std::string("hello@example.test"), entries[0].alias_id);
    CPPUNIT_ASSERT_EQUAL(std::string("a@peer.example"), entries[0].fields.at("to"));
    CPPUNIT_ASSERT_EQUAL(std::string("b@peer.example"), entries[1].fields.at("to"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, entries[0].fields.count("subject"));
  }

  void refused_messages_are_in_the_journal() {
    Scene scene;
    scene.log_in();
    scene.rig.ask("MAIL FROM:<me@elsewhere.example>");
    CPPUNIT_ASSERT_EQUAL(std::string("submission.refused"), scene.rig.journal.entries.at(0).event);
    scene.send("Subject: no From");
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, scene.rig.journal.entries.size());
    CPPUNIT_ASSERT_EQUAL(std::string("A message needs a From field"),
                         scene.rig.journal.entries[2].fields.at("reply"));
    scene.desk.submission.submit_trouble = Failure{Fault::kUnavailable, "", "disk"};
    scene.send("From: hello@example.test");
    CPPUNIT_ASSERT_EQUAL(std::string("submission.deferred"), scene.rig.journal.entries.at(3).event);
  }

  void mail_goes_on_while_the_journal_is_down() {
    Scene scene;
    scene.rig.journal.down = true;
    scene.log_in();
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0 Queued as ID2"),
                         scene.send("From: hello@example.test"));
    CPPUNIT_ASSERT(join(scene.rig.log.lines(), "\n").find("submission.journal.failed") !=
                   std::string::npos);
  }

  void a_refusal_between_daemons_is_no_permanent_answer() {
    for (const Fault fault : {Fault::kDenied, Fault::kBusy, Fault::kBadInput, Fault::kCannot,
                              Fault::kUnavailable, Fault::kBug}) {
      CPPUNIT_ASSERT_EQUAL(451, submit_reply({fault, "", "not for this role"}).code);
      CPPUNIT_ASSERT(smtp::login_reply({fault, "", "not for this role"}).code == 454 ||
                     fault == Fault::kBadInput);
    }
    CPPUNIT_ASSERT_EQUAL(550, submit_reply({Fault::kDenied, "From is not yours", ""}).code);
    CPPUNIT_ASSERT_EQUAL(550, submit_reply({Fault::kBusy, "300 messages a day", ""}).code);
    CPPUNIT_ASSERT_EQUAL(550, submit_reply({Fault::kBadInput, "No address", ""}).code);
    CPPUNIT_ASSERT_EQUAL(535, submit_reply({Fault::kCannot, "Not enabled", ""}).code);
    CPPUNIT_ASSERT_EQUAL(552, submit_reply({Fault::kOverLimit, "", ""}).code);
  }

  // RFC 5321 §2.4
  void case_counts_in_the_local_parts_of_others() {
    Scene scene;
    scene.log_in();
    scene.rig.ask("MAIL FROM:<hello@example.test>");
    for (const auto* to : {"Joe@elsewhere.test", "joe@elsewhere.test", "joe@ELSEWHERE.test",
                           "hello@example.test", "HELLO@example.test"})
      CPPUNIT_ASSERT_EQUAL(std::string("250 2.1.5 Ok"),
                           scene.rig.ask("RCPT TO:<" + std::string(to) + ">"));
    scene.rig.ask("DATA");
    scene.rig.ask("From: hello@example.test\r\n\r\ntext\r\n.");
    const auto& queued = scene.desk.submission.queue.at(0).recipients;
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, queued.size());
    CPPUNIT_ASSERT_EQUAL(std::string("Joe@elsewhere.test"), queued[0].address);
    CPPUNIT_ASSERT_EQUAL(std::string("joe@elsewhere.test"), queued[1].address);
    CPPUNIT_ASSERT_EQUAL(std::string("hello@example.test"), queued[2].address);
  }

  void nobody_is_shown_as_sender_but_who_sends() {
    Scene scene;
    scene.log_in();
    scene.send("From: hello@example.test\r\nSender: boss@bank.test\r\nA: b");
    scene.send("From: hello@example.test\r\nSender: HELLO+x@Example.test\r\nA: b");
    const auto& queue = scene.desk.submission.queue;
    CPPUNIT_ASSERT(queue.at(0).content.find("bank.test") == std::string::npos);
    CPPUNIT_ASSERT(queue.at(1).content.find("Sender: HELLO+x@Example.test\r\nA: b\r\n") !=
                   std::string::npos);
  }

  void no_password_in_any_log_line() {
    Scene scene;
    scene.rig.ask("EHLO client.example");
    scene.rig.ask("AUTH PLAIN " +
                  to_base64(std::string("\0hello@example.test\0hunter2-wrong", 33)));
    scene.rig.ask("AUTH LOGIN");
    scene.rig.ask(to_base64("hello@example.test"));
    scene.rig.ask(to_base64("hunter2-wrong"));
    scene.rig.ask("AUTH PLAIN hunter2-wrong");
    scene.rig.ask("AUTH hunter2-wrong");
    scene.log_in();
    scene.rig.ask("QUIT");
    const std::string log = join(scene.rig.log.lines(), "\n");
    CPPUNIT_ASSERT(log.find("submission.login.failed") != std::string::npos);
    for (const auto* secret : {"secret", "hunter2", "aHVudGVyMi13cm9uZw"})
      CPPUNIT_ASSERT_MESSAGE(log, log.find(secret) == std::string::npos);
  }

  void the_door_is_told_who_asks() {
    Scene scene;
    scene.log_in();
    const model::LoginContext& context = scene.desk.submission.last_context;
    CPPUNIT_ASSERT_EQUAL(std::string("smtp"), context.service);
    CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.1"), context.peer_ip);
    CPPUNIT_ASSERT_EQUAL(std::string("ID1"), context.session);
  }

  void destroying_a_session_at_any_moment_is_safe() {
    const std::vector<std::string> lines = {"EHLO client.example",
                                            "AUTH LOGIN",
                                            to_base64("hello@example.test"),
                                            to_base64("secret"),
                                            "MAIL FROM:<hello@example.test>",
                                            "RCPT TO:<a@peer.example>",
                                            "DATA",
                                            "From: half"};
    for (std::size_t last = 0; last <= lines.size(); ++last) {
      Scene scene;
      for (std::size_t i = 0; i < last; ++i) scene.rig.ask(lines[i]);
      scene.rig.cancel();
      CPPUNIT_ASSERT(scene.desk.submission.queue.empty());
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SubmissionTest);

}  // namespace
}  // namespace fwd::submission
