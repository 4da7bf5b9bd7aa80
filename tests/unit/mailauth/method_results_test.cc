// What the header and the journal say of each check.
#include "mailauth/results/method_results.h"

#include <cppunit/extensions/HelperMacros.h>

#include "mailauth/dmarc/dmarc_report.h"
#include "mailauth/results/received_spf.h"

namespace fwd::mailauth {
namespace {

DmarcResult failed() {
  DmarcResult result;
  result.verdict = DmarcVerdict::kFail;
  result.from_domain = "mail.example.com";
  result.policy_domain = result.organisational_domain = "example.com";
  result.record = *parse_dmarc_record(
      "v=DMARC1; p=none; sp=reject; pct=25; aspf=s; fo=1:d; "
      "rua=mailto:a@example.com,mailto:b@example.net!10m");
  result.published = DmarcPolicy::kReject;
  result.applied = DmarcPolicy::kQuarantine;
  result.sampled_out = true;
  return result;
}

class MethodResultsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(MethodResultsTest);
  CPPUNIT_TEST(one_field_tells_all_checks);
  CPPUNIT_TEST(a_domain_without_policy_has_no_policy_property);
  CPPUNIT_TEST(the_journal_has_what_a_report_needs);
  CPPUNIT_TEST(the_journal_is_not_led_astray);
  CPPUNIT_TEST(the_published_examples_of_received_spf);
  CPPUNIT_TEST(every_result_of_spf_has_its_words);
  CPPUNIT_TEST(nothing_can_be_slipped_into_received_spf);
  CPPUNIT_TEST_SUITE_END();

 public:
  // RFC 8601 §2.7
  void one_field_tells_all_checks() {
    DkimFacts dkim{"pass",         "2048-bit key", "example.com",     "s1",
                   "@example.com", "rsa-sha256",   "AbCd/fGhIjKlMnOp"};
    CPPUNIT_ASSERT_EQUAL(
        std::string("Authentication-Results: mx.example.org;\r\n"
                    "\tiprev=pass (mail.example.com) policy.iprev=\"2001:db8::1\";\r\n"
                    "\tspf=pass smtp.mailfrom=a@example.com;\r\n"
                    "\tspf=none smtp.helo=mail.example.com;\r\n"
                    "\tdkim=pass (2048-bit key) header.d=example.com header.s=s1\r\n"
                    "\theader.i=@example.com header.a=rsa-sha256 header.b=\"AbCd/fGh\";\r\n"
                    "\tdmarc=fail (p=none sp=reject pct=25 dis=quarantine)\r\n"
                    "\theader.from=mail.example.com policy.dmarc=quarantine;\r\n"
                    "\tarc=pass header.oldest-pass=0 smtp.remote-ip=192.0.2.1\r\n"),
        authentication_results_line(
            "mx.example.org", {iprev_result("pass", "2001:db8::1", "mail.example.com"),
                               spf_result("pass", "a@example.com", false),
                               spf_result("none", "mail.example.com", true), dkim_result(dkim),
                               dmarc_result(failed()), arc_result("pass", "0", "192.0.2.1")}));
    dkim = {};
    dkim.word = "none";
    CPPUNIT_ASSERT_EQUAL(std::string(";\r\n\tdkim=none"), resinfo_text({dkim_result(dkim)}));
  }

  void a_domain_without_policy_has_no_policy_property() {
    DmarcResult result;
    result.from_domain = "example.com";
    result.problem = "several DMARC records at example.com";
    CPPUNIT_ASSERT_EQUAL(std::string(";\r\n\tdmarc=none (several DMARC records at example.com) "
                                     "header.from=example.com"),
                         resinfo_text({dmarc_result(result)}));
    result.verdict = DmarcVerdict::kTempError;
    result.problem = "SERVFAIL from 10.0.0.1";
    CPPUNIT_ASSERT_EQUAL(std::string(";\r\n\tdmarc=temperror (no answer from the DNS) "
                                     "header.from=example.com"),
                         resinfo_text({dmarc_result(result)}));
    result.policy_domain = "example.com";
    result.verdict = DmarcVerdict::kPermError;
    result.problem = "the DMARC record has no valid policy";
    CPPUNIT_ASSERT_EQUAL(std::string(";\r\n\tdmarc=permerror (the DMARC record has no valid "
                                     "policy)\r\n\theader.from=example.com"),
                         resinfo_text({dmarc_result(result)}));
    result = failed();
    result.verdict = DmarcVerdict::kPass;
    result.sampled_out = false;
    result.record.testing = true;
    result.record.np = DmarcPolicy::kReject;
    result.applied = DmarcPolicy::kNone;
    CPPUNIT_ASSERT_EQUAL(std::string(";\r\n\tdmarc=pass (p=none sp=reject np=reject t=y dis=none)"
                                     "\r\n\theader.from=mail.example.com policy.dmarc=reject"),
                         resinfo_text({dmarc_result(result)}));
  }

  // RFC 7489 §7.2
  void the_journal_has_what_a_report_needs() {
    DmarcReportFacts facts;
    facts.message_id = "M1";
    facts.source_ip = "192.0.2.1";
    facts.envelope_from = "bounce.example.com";
    facts.envelope_to = "example.org";
    facts.spf_domain = "bounce.example.com";
    facts.spf_word = "softfail";
    facts.dkim = {{"example.com", "s1", "fail", false}, {"example.net", "", "pass", true}};
    facts.disposition = DmarcPolicy::kQuarantine;
    const model::JournalEntry entry = dmarc_entry(failed(), facts);
    CPPUNIT_ASSERT_EQUAL(std::string("mx.dmarc"), entry.event);
    CPPUNIT_ASSERT_EQUAL(std::string("M1"), entry.message_id);
    const std::map<std::string, std::string> expected = {
        {"adkim", "r"},
        {"aspf", "s"},
        {"auth-dkim", "example.com s1 fail; example.net - pass"},
        {"auth-spf", "bounce.example.com mfrom softfail"},
        {"discovery", "psl"},
        {"disposition", "quarantine"},
        {"dkim", "fail"},
        {"envelope-from", "bounce.example.com"},
        {"envelope-to", "example.org"},
        {"fo", "1:d"},
        {"header-from", "mail.example.com"},
        {"p", "none"},
        {"pct", "25"},
        {"policy-domain", "example.com"},
        {"reason", "sampled_out"},
        {"result", "fail"},
        {"rua", "mailto:a@example.com,mailto:b@example.net!10m"},
        {"source-ip", "192.0.2.1"},
        {"sp", "reject"},
        {"spf", "fail"},
        {"testing", "n"},
    };
    CPPUNIT_ASSERT(expected == entry.fields);
    DmarcResult tested = failed();
    tested.sampled_out = false;
    tested.record.testing = true;
    CPPUNIT_ASSERT_EQUAL(std::string("policy_test_mode"),
                         dmarc_entry(tested, facts).fields.at("reason"));
    facts.reason = DmarcOverride::kTrustedForwarder;
    facts.comment = "arc=pass";
    facts.spf_is_helo = true;
    const auto fields = dmarc_entry(failed(), facts).fields;
    CPPUNIT_ASSERT_EQUAL(std::string("trusted_forwarder"), fields.at("reason"));
    CPPUNIT_ASSERT_EQUAL(std::string("arc=pass"), fields.at("comment"));
    CPPUNIT_ASSERT_EQUAL(std::string("bounce.example.com helo softfail"), fields.at("auth-spf"));
  }

  void the_journal_is_not_led_astray() {
    DmarcReportFacts facts;
    facts.dkim.assign(200, {"a; b", "s 1\r\n", "x", false});
    facts.comment = std::string(500, 'c');
    const auto fields = dmarc_entry({}, facts).fields;
    CPPUNIT_ASSERT_EQUAL(std::string("a__b s_1__ x; a__b"), fields.at("auth-dkim").substr(0, 18));
    CPPUNIT_ASSERT(fields.at("auth-dkim").size() < 1000);
    CPPUNIT_ASSERT_EQUAL(std::size_t{200}, fields.at("comment").size());
    CPPUNIT_ASSERT(!fields.contains("p") && !fields.contains("policy-domain"));
    DmarcResult result = failed();
    result.record.rua.assign(20, "mailto:" + std::string(400, 'a') + "@example.com");
    CPPUNIT_ASSERT(dmarc_entry(result, facts).fields.at("rua").size() <= 2000);
  }

  // RFC 7208 §9.1
  void the_published_examples_of_received_spf() {
    ReceivedSpf facts;
    facts.word = "pass";
    facts.receiver = "mybox.example.org";
    facts.client_ip = "192.0.2.1";
    facts.envelope_from = "myname@example.com";
    facts.comment = received_spf_comment(facts);
    facts.helo = "foo.example.com";
    CPPUNIT_ASSERT_EQUAL(
        std::string(
            "Received-SPF: pass (mybox.example.org: domain of myname@example.com designates\r\n"
            "\t192.0.2.1 as permitted sender) receiver=mybox.example.org;\r\n"
            "\tclient-ip=192.0.2.1; envelope-from=\"myname@example.com\";\r\n"
            "\thelo=foo.example.com;\r\n"),
        received_spf_line(facts));
    facts.word = "fail";
    facts.comment = received_spf_comment(facts);
    facts.receiver = facts.helo = "";
    facts.identity = "mailfrom";
    facts.mechanism = "ip4:192.0.2.1";
    CPPUNIT_ASSERT_EQUAL(
        std::string(
            "Received-SPF: fail (mybox.example.org: domain of myname@example.com does not\r\n"
            "\tdesignate 192.0.2.1 as permitted sender) identity=mailfrom;\r\n"
            "\tclient-ip=192.0.2.1; envelope-from=\"myname@example.com\";\r\n"
            "\tmechanism=\"ip4:192.0.2.1\";\r\n"),
        received_spf_line(facts));
  }

  void every_result_of_spf_has_its_words() {
    ReceivedSpf facts;
    facts.client_ip = "2001:db8::1";
    facts.helo = "foo.example.com";
    const std::map<std::string, std::string> words = {
        {"pass", "domain of foo.example.com designates 2001:db8::1 as permitted sender"},
        {"softfail",
         "transitioning domain of foo.example.com does not designate 2001:db8::1 as permitted "
         "sender"},
        {"neutral", "2001:db8::1 is neither permitted nor denied by domain of foo.example.com"},
        {"none", "domain of foo.example.com does not designate permitted sender hosts"},
        {"temperror", "error in processing during lookup of foo.example.com"},
        {"permerror", "error in processing during lookup of foo.example.com"}};
    for (const auto& [word, comment] : words) {
      facts.word = word;
      CPPUNIT_ASSERT_EQUAL(comment, received_spf_comment(facts));
      CPPUNIT_ASSERT(received_spf_line(facts).starts_with("Received-SPF: " + word + " client-ip="));
    }
    facts.word = "hardfail";
    CPPUNIT_ASSERT_EQUAL(std::string(), received_spf_line(facts));
  }

  void nothing_can_be_slipped_into_received_spf() {
    ReceivedSpf facts;
    facts.word = "fail";
    facts.comment = facts.helo = facts.problem = "x)\r\nSubject: y\r\n\r\n\"; z=\\";
    const std::string field = received_spf_line(facts);
    for (std::size_t at = field.find('\n'); at + 1 < field.size(); at = field.find('\n', at + 1))
      CPPUNIT_ASSERT_EQUAL('\t', field[at + 1]);
    CPPUNIT_ASSERT(field.find("helo=\"x)Subject: y\\\"; z=\\\\\";") != field.npos);
    CPPUNIT_ASSERT(field.starts_with("Received-SPF: fail (x\\)Subject:"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MethodResultsTest);

}  // namespace
}  // namespace fwd::mailauth
