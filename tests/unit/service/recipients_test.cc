// What a recipient's domain wants: its rules at RCPT, its aliases in the DNS.
#include <cppunit/extensions/HelperMacros.h>

#include "core/text.h"
#include "support/smtp_rig.h"
#include "unit/net/scripted_resolver.h"

namespace fwd::test {
namespace {

class RecipientsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(RecipientsTest);
  CPPUNIT_TEST(a_domain_may_want_tls);
  CPPUNIT_TEST(denied_senders_are_refused_and_the_log_says_why);
  CPPUNIT_TEST(an_allowlist_that_an_author_may_fit_is_asked_later);
  CPPUNIT_TEST(domains_whose_rules_need_the_content_are_served_one_by_one);
  CPPUNIT_TEST(every_domain_on_the_way_has_its_word);
  CPPUNIT_TEST(what_has_no_sender_is_held_against_the_lists);
  CPPUNIT_TEST(no_list_keeps_away_what_comes_to_a_return_path);
  CPPUNIT_TEST(txt_records_are_asked_for_and_given);
  CPPUNIT_TEST(trouble_with_the_dns_is_temporary);
  CPPUNIT_TEST(records_that_cannot_be_used_are_temporary);
  CPPUNIT_TEST_SUITE_END();

  SmtpRig rig_;
  ScriptedResolver dns_;

  // The reply to RCPT.
  std::string rcpt(const std::string& sender, const std::string& recipient) {
    rig_.connect();
    rig_.reply();
    rig_.ask("EHLO peer.example");
    rig_.ask("MAIL FROM:<" + sender + ">");
    return rig_.ask("RCPT TO:<" + recipient + ">");
  }
  model::RecipientRules& rules() { return rig_.deliveries.rules["example.test"]; }
  void wants_dns() {
    rig_.resolver = &dns_;
    rig_.deliveries.dns_domains = {"example.test"};
  }

 public:
  void a_domain_may_want_tls() {  // RFC 3207 §4
    rules().require_tls = true;
    CPPUNIT_ASSERT(rcpt("", "hello@example.test").starts_with("530 5.7.0"));
    CPPUNIT_ASSERT(rig_.ask("RCPT TO:<nobody@example.test>").starts_with("530 5.7.0"));
  }

  void denied_senders_are_refused_and_the_log_says_why() {
    rules().denylist = {"*.example"};
    CPPUNIT_ASSERT(rcpt("a@peer.example", "hello@example.test").starts_with("550 5.7.1"));
    CPPUNIT_ASSERT(join(rig_.log.lines(), "\n").find("denylist of the domain: *.example") !=
                   std::string::npos);
    CPPUNIT_ASSERT_EQUAL(std::string("mx.refused"), rig_.journal.entries.at(0).event);
    rig_.ask("RSET");
    rig_.ask("MAIL FROM:<a@peer.test>");
    CPPUNIT_ASSERT(rig_.ask("RCPT TO:<hello@example.test>").starts_with("250"));
  }

  void an_allowlist_that_an_author_may_fit_is_asked_later() {
    rules().allowlist = {"203.0.113.7"};
    CPPUNIT_ASSERT(rcpt("a@peer.example", "hello@example.test").starts_with("550 5.7.1"));
    rules().allowlist = {"203.0.113.7", "friends.example"};
    CPPUNIT_ASSERT(rig_.ask("RCPT TO:<hello@example.test>").starts_with("250"));
    rules().allowlist = {"192.0.2.1"};
    CPPUNIT_ASSERT(rig_.ask("RCPT TO:<other@example.test>").starts_with("250"));
  }

  void domains_whose_rules_need_the_content_are_served_one_by_one() {
    rig_.deliveries.add("hello@other.test");
    rules().denylist = {"bad.example"};
    CPPUNIT_ASSERT(rcpt("a@peer.example", "hello@example.test").starts_with("250"));
    CPPUNIT_ASSERT(rig_.ask("RCPT TO:<other@example.test>").starts_with("250"));
    CPPUNIT_ASSERT(rig_.ask("RCPT TO:<hello@other.test>").starts_with("452 4.5.3"));
    rig_.ask("RSET");
    rig_.ask("MAIL FROM:<a@peer.example>");
    CPPUNIT_ASSERT(rig_.ask("RCPT TO:<hello@other.test>").starts_with("250"));
    CPPUNIT_ASSERT(rig_.ask("RCPT TO:<hello@example.test>").starts_with("452 4.5.3"));
    // What is decided by address is decided already.
    rules().denylist = {"203.0.113.7"};
    CPPUNIT_ASSERT(rig_.ask("RCPT TO:<hello@example.test>").starts_with("250"));
  }

  void every_domain_on_the_way_has_its_word() {
    MemoryDeliveries::Alias alias;
    alias.mailboxes = {"inner@two.test"};
    alias.passed = {"two.test", "three.test"};
    rig_.deliveries.add("chain@example.test", alias);
    model::RecipientRules& inner = rig_.deliveries.rules["three.test"];
    inner.require_tls = true;
    CPPUNIT_ASSERT(rcpt("a@peer.example", "chain@example.test").starts_with("530 5.7.0"));
    CPPUNIT_ASSERT(join(rig_.log.lines(), "\n").find("three.test takes mail over TLS only") !=
                   std::string::npos);
    inner.require_tls = false;
    inner.denylist = {"peer.example"};
    CPPUNIT_ASSERT(rig_.ask("RCPT TO:<chain@example.test>").starts_with("550 5.7.1"));
    CPPUNIT_ASSERT(join(rig_.log.lines(), "\n").find("denylist of three.test: peer.example") !=
                   std::string::npos);
    // Whose lists need the content is served by itself, also at the end of a chain.
    inner.denylist = {"bad.example"};
    CPPUNIT_ASSERT(rig_.ask("RCPT TO:<hello@example.test>").starts_with("250"));
    CPPUNIT_ASSERT(rig_.ask("RCPT TO:<chain@example.test>").starts_with("452 4.5.3"));
    rig_.ask("RSET");
    rig_.ask("MAIL FROM:<a@peer.example>");
    CPPUNIT_ASSERT(rig_.ask("RCPT TO:<chain@example.test>").starts_with("250"));
    CPPUNIT_ASSERT(rig_.ask("RCPT TO:<hello@example.test>").starts_with("452 4.5.3"));
    rig_.ask("DATA");
    rig_.send("From: x@bad.example\r\n\r\nbody\r\n");
    CPPUNIT_ASSERT(rig_.ask(".").starts_with("550 5.7.1"));
  }

  void what_has_no_sender_is_held_against_the_lists() {
    rules().denylist = {"192.0.2.1"};
    CPPUNIT_ASSERT(rcpt("", "hello@example.test").starts_with("550 5.7.1"));
    CPPUNIT_ASSERT(join(rig_.log.lines(), "\n").find("denylist of the domain: 192.0.2.1") !=
                   std::string::npos);
    // It may be a report: that its content shows, of one domain's recipients.
    rules().denylist.clear();
    rules().allowlist = {"203.0.113.7"};
    rig_.deliveries.add("hello@other.test");
    CPPUNIT_ASSERT(rig_.ask("RCPT TO:<hello@example.test>").starts_with("250"));
    CPPUNIT_ASSERT(rig_.ask("RCPT TO:<hello@other.test>").starts_with("452 4.5.3"));
    rig_.ask("DATA");
    rig_.send("From: x@bad.example\r\n\r\nbody\r\n");
    CPPUNIT_ASSERT(rig_.ask(".").starts_with("550 5.7.1"));
    CPPUNIT_ASSERT(rig_.deliveries.deliveries().empty());
  }

  void no_list_keeps_away_what_comes_to_a_return_path() {  // RFC 5321 §4.5.5
    MemoryDeliveries::Alias path;
    path.is_return_path = true;
    rig_.deliveries.add("srs0=x@example.test", path);
    rules().allowlist = {"203.0.113.7", "friend.example"};
    rules().denylist = {"192.0.2.1", "bad.example"};
    CPPUNIT_ASSERT(rcpt("", "SRS0=x@example.test").starts_with("250"));
    rig_.ask("DATA");
    rig_.send("From: x@bad.example\r\n\r\nbody\r\n");
    CPPUNIT_ASSERT(rig_.ask(".").starts_with("250"));
    // It opens the way to no other recipient.
    rules().denylist = {"bad.example"};
    for (const bool is_first : {true, false}) {
      CPPUNIT_ASSERT(rig_.ask("MAIL FROM:<>").starts_with("250"));
      const char* first = is_first ? "SRS0=x" : "hello";
      const char* second = is_first ? "hello" : "SRS0=x";
      const auto rcpt_to = [&](const char* one) {
        return rig_.ask("RCPT TO:<" + std::string(one) + "@example.test>");
      };
      CPPUNIT_ASSERT(rcpt_to(first).starts_with("250"));
      CPPUNIT_ASSERT(rcpt_to(second).starts_with("452 4.5.3"));
      rig_.ask("DATA");
      rig_.send("From: x@bad.example\r\n\r\nbody\r\n");
      CPPUNIT_ASSERT(rig_.ask(".").starts_with(is_first ? "250" : "550 5.7.1"));
    }
  }

  void txt_records_are_asked_for_and_given() {
    wants_dns();
    dns_.txt("example.test", "forward-email=x:y@example.org");
    CPPUNIT_ASSERT(rcpt("a@peer.example", "hello@example.test").starts_with("250"));
    CPPUNIT_ASSERT(rig_.deliveries.records ==
                   std::vector<std::string>{"forward-email=x:y@example.org"});
    CPPUNIT_ASSERT(rig_.ask("RCPT TO:<nobody@example.test>").starts_with("550 5.1.1"));
  }

  void trouble_with_the_dns_is_temporary() {
    wants_dns();
    dns_.fail("example.test", net::DnsType::kTxt);
    CPPUNIT_ASSERT(rcpt("a@peer.example", "hello@example.test").starts_with("451"));
    rig_.resolver = nullptr;
    CPPUNIT_ASSERT(rig_.ask("RCPT TO:<hello@example.test>").starts_with("451"));
  }

  void records_that_cannot_be_used_are_temporary() {
    wants_dns();
    MemoryDeliveries::Alias alias;
    alias.kind = model::RecipientKind::kAsksDns;
    rig_.deliveries.add("broken@example.test", alias);
    CPPUNIT_ASSERT(rcpt("a@peer.example", "broken@example.test").starts_with("421 4.4.3"));
    alias.kind = model::RecipientKind::kTooMany;
    rig_.deliveries.add("many@example.test", alias);
    CPPUNIT_ASSERT(rig_.ask("RCPT TO:<many@example.test>").starts_with("421 4.5.3"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RecipientsTest);

}  // namespace
}  // namespace fwd::test
