// The DMARC verdict: discovery, alignment, policy, sample.
#include "mailauth/dmarc/dmarc.h"

#include <cppunit/extensions/HelperMacros.h>

#include "finish.h"
#include "unit/net/scripted_resolver.h"

namespace fwd::mailauth {
namespace {

using net::DnsType;

class DmarcTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DmarcTest);
  CPPUNIT_TEST(the_published_examples_of_spf_alignment);
  CPPUNIT_TEST(the_published_examples_of_dkim_alignment);
  CPPUNIT_TEST(strict_alignment_wants_the_same_domain);
  CPPUNIT_TEST(a_policy_is_looked_for_at_two_places);
  CPPUNIT_TEST(without_a_policy_dmarc_does_not_apply);
  CPPUNIT_TEST(several_records_are_none);
  CPPUNIT_TEST(a_record_without_sense_is_a_permanent_error);
  CPPUNIT_TEST(subdomains_follow_sp);
  CPPUNIT_TEST(subdomains_that_are_not_there_follow_np);
  CPPUNIT_TEST(a_sample_gets_the_milder_policy);
  CPPUNIT_TEST(a_policy_under_test_is_one_step_milder);
  CPPUNIT_TEST(trouble_with_the_dns_is_temporary);
  CPPUNIT_TEST(trouble_counts_only_where_it_matters);
  CPPUNIT_TEST(a_public_suffix_may_write_mail);
  CPPUNIT_TEST(a_public_suffix_speaks_only_when_it_says_so);
  CPPUNIT_TEST(international_domains_are_compared_as_a_labels);
  CPPUNIT_TEST(the_strictest_of_several_domains_counts);
  CPPUNIT_TEST_SUITE_END();

  test::ScriptedResolver dns_;
  SuffixList list_ = SuffixList::builtin();
  std::size_t drawn_ = 0;

  DmarcResult ask(DmarcQuestion question) {
    return test::finish(
        check_dmarc(dns_, list_, std::move(question), [this](std::size_t) { return drawn_; }));
  }
  static DmarcQuestion spf(const std::string& from, const std::string& domain) {
    DmarcQuestion question;
    question.from_domain = from;
    question.spf_pass = true;
    question.spf_domain = domain;
    return question;
  }
  static DmarcQuestion dkim(const std::string& from, const std::string& domain) {
    DmarcQuestion question;
    question.from_domain = from;
    question.dkim = {{"unrelated.example", "x", "pass", true}, {domain, "s", "pass", true}};
    return question;
  }
  static DmarcQuestion nothing(const std::string& from) {
    DmarcQuestion question;
    question.from_domain = from;
    return question;
  }
  void publish(const std::string& domain, const std::string& tags) {
    dns_.txt("_dmarc." + domain, "v=DMARC1; " + tags);
  }
  static void expect(DmarcVerdict verdict, const DmarcResult& result) {
    CPPUNIT_ASSERT_EQUAL(std::string(dmarc_verdict_name(verdict)),
                         std::string(dmarc_verdict_name(result.verdict)));
  }

 public:
  // RFC 7489 §B.1.1
  void the_published_examples_of_spf_alignment() {
    publish("example.com", "p=reject");
    DmarcResult result = ask(spf("example.com", "example.com"));
    expect(DmarcVerdict::kPass, result);
    CPPUNIT_ASSERT(result.spf_aligned && !result.dkim_aligned);
    CPPUNIT_ASSERT(result.applied == DmarcPolicy::kNone);
    expect(DmarcVerdict::kPass, ask(spf("example.com", "child.example.com")));
    result = ask(spf("child.example.com", "example.net"));
    expect(DmarcVerdict::kFail, result);
    CPPUNIT_ASSERT(!result.spf_aligned && result.applied == DmarcPolicy::kReject);
  }

  // RFC 7489 §B.1.2
  void the_published_examples_of_dkim_alignment() {
    publish("example.com", "p=reject");
    DmarcResult result = ask(dkim("example.com", "example.com"));
    expect(DmarcVerdict::kPass, result);
    CPPUNIT_ASSERT(result.dkim_aligned && !result.spf_aligned);
    expect(DmarcVerdict::kPass, ask(dkim("child.example.com", "example.com")));
    expect(DmarcVerdict::kFail, ask(dkim("child.example.com", "sample.net")));
    // A signature that failed aligns nothing, nor does one of the suffix.
    DmarcQuestion question = dkim("example.com", "example.com");
    question.dkim[1].pass = false;
    question.dkim[1].word = "fail";
    expect(DmarcVerdict::kFail, ask(question));
    expect(DmarcVerdict::kFail, ask(dkim("example.com", "com")));
    expect(DmarcVerdict::kFail, ask(dkim("example.com", "otherexample.com")));
  }

  // RFC 7489 §3.1
  void strict_alignment_wants_the_same_domain() {
    publish("example.com", "p=reject; adkim=s; aspf=r");
    publish("example.net", "p=reject; adkim=r; aspf=s");
    expect(DmarcVerdict::kFail, ask(dkim("example.com", "mail.example.com")));
    expect(DmarcVerdict::kPass, ask(dkim("example.com", "Example.COM.")));
    expect(DmarcVerdict::kPass, ask(spf("example.com", "mail.example.com")));
    expect(DmarcVerdict::kFail, ask(spf("example.net", "mail.example.net")));
    expect(DmarcVerdict::kPass, ask(dkim("example.net", "mail.example.net")));
  }

  // RFC 7489 §6.6.3
  void a_policy_is_looked_for_at_two_places() {
    publish("example.co.uk", "p=quarantine");
    publish("mail.example.co.uk", "p=reject");
    dns_.txt("_dmarc.mail.example.co.uk", "a note beside it");
    DmarcResult result = ask(nothing("mail.example.co.uk"));
    CPPUNIT_ASSERT_EQUAL(std::string("mail.example.co.uk"), result.policy_domain);
    CPPUNIT_ASSERT_EQUAL(std::string("example.co.uk"), result.organisational_domain);
    CPPUNIT_ASSERT(result.published == DmarcPolicy::kReject);
    CPPUNIT_ASSERT_EQUAL(0, dns_.asked("_dmarc.example.co.uk", DnsType::kTxt));
    // Names between the two are not asked.
    result = ask(nothing("a.mail.example.co.uk"));
    CPPUNIT_ASSERT_EQUAL(std::string("example.co.uk"), result.policy_domain);
    CPPUNIT_ASSERT(result.published == DmarcPolicy::kQuarantine);
    CPPUNIT_ASSERT_EQUAL(1, dns_.asked("_dmarc.mail.example.co.uk", DnsType::kTxt));
  }

  void without_a_policy_dmarc_does_not_apply() {
    dns_.txt("_dmarc.example.com", "v=spf1 -all");
    const DmarcResult result = ask(spf("example.com", "example.com"));
    expect(DmarcVerdict::kNone, result);
    CPPUNIT_ASSERT(result.policy_domain.empty() && result.applied == DmarcPolicy::kNone);
    CPPUNIT_ASSERT_EQUAL(std::string("example.com"), result.organisational_domain);
  }

  void several_records_are_none() {
    publish("mail.example.com", "p=none");
    publish("mail.example.com", "p=reject");
    publish("example.com", "p=reject");
    const DmarcResult result = ask(nothing("mail.example.com"));
    expect(DmarcVerdict::kNone, result);
    CPPUNIT_ASSERT_EQUAL(std::string("several DMARC records at mail.example.com"), result.problem);
  }

  void a_record_without_sense_is_a_permanent_error() {
    publish("example.com", "p=block");
    publish("example.net", "p=block; rua=mailto:a@example.net");
    publish("example.org", "sp=quarantine; np=reject");
    expect(DmarcVerdict::kPermError, ask(nothing("example.com")));
    const DmarcResult result = ask(nothing("example.net"));
    expect(DmarcVerdict::kFail, result);
    CPPUNIT_ASSERT(result.published == DmarcPolicy::kNone);
    expect(DmarcVerdict::kPermError, ask(nothing("example.org")));
    expect(DmarcVerdict::kPermError, ask(nothing("not a domain")));
    expect(DmarcVerdict::kPermError, ask(nothing("")));
  }

  void subdomains_follow_sp() {
    publish("example.net", "p=none; sp=reject");
    CPPUNIT_ASSERT(ask(nothing("sub.example.net")).applied == DmarcPolicy::kReject);
    CPPUNIT_ASSERT(ask(nothing("example.net")).applied == DmarcPolicy::kNone);
    // "sp" of a record at the From domain itself is for those below it.
    publish("sub2.example.net", "p=quarantine; sp=reject");
    CPPUNIT_ASSERT(ask(nothing("sub2.example.net")).applied == DmarcPolicy::kQuarantine);
  }

  // RFC 9091 §2.7
  void subdomains_that_are_not_there_follow_np() {
    publish("example.biz", "p=none; sp=quarantine; np=reject");
    dns_.mx("there.example.biz", 10, "mx.example.biz");
    dns_.txt("text.example.biz", "hello");
    CPPUNIT_ASSERT(ask(nothing("gone.example.biz")).applied == DmarcPolicy::kReject);
    CPPUNIT_ASSERT(ask(nothing("there.example.biz")).applied == DmarcPolicy::kQuarantine);
    CPPUNIT_ASSERT(ask(nothing("text.example.biz")).applied == DmarcPolicy::kReject);
    // By RFC 9989 §3.2.13 any name that is in the DNS exists.
    DmarcQuestion question = nothing("text.example.biz");
    question.tree_walk = true;
    CPPUNIT_ASSERT(ask(question).applied == DmarcPolicy::kQuarantine);
    question.from_domain = "gone.example.biz";
    CPPUNIT_ASSERT(ask(question).applied == DmarcPolicy::kReject);
    dns_.fail("there.example.biz", DnsType::kA);
    const DmarcResult result = ask(nothing("there.example.biz"));
    expect(DmarcVerdict::kTempError, result);
    expect(DmarcVerdict::kPass, ask(spf("there.example.biz", "example.biz")));
  }

  // RFC 7489 §6.6.4
  void a_sample_gets_the_milder_policy() {
    publish("example.com", "p=reject; pct=25");
    publish("example.net", "p=quarantine; pct=25");
    drawn_ = 24;
    DmarcResult result = ask(nothing("example.com"));
    CPPUNIT_ASSERT(result.applied == DmarcPolicy::kReject && !result.sampled_out);
    drawn_ = 25;
    result = ask(nothing("example.com"));
    CPPUNIT_ASSERT(result.applied == DmarcPolicy::kQuarantine && result.sampled_out);
    CPPUNIT_ASSERT(result.published == DmarcPolicy::kReject);
    CPPUNIT_ASSERT(ask(nothing("example.net")).applied == DmarcPolicy::kNone);
    publish("example.org", "p=reject; pct=0");
    drawn_ = 0;
    CPPUNIT_ASSERT(ask(nothing("example.org")).sampled_out);
    // The revision has no "pct".
    DmarcQuestion question = nothing("example.org");
    question.tree_walk = true;
    result = ask(question);
    CPPUNIT_ASSERT(result.applied == DmarcPolicy::kReject && !result.sampled_out);
    CPPUNIT_ASSERT(!ask(spf("example.org", "example.org")).sampled_out);
  }

  // RFC 9989 §4.7
  void a_policy_under_test_is_one_step_milder() {
    publish("example.com", "p=reject; t=y");
    publish("example.net", "p=quarantine; t=y; pct=0");
    publish("example.org", "p=none; t=y");
    for (const bool walk : {false, true}) {
      DmarcQuestion question = nothing("example.com");
      question.tree_walk = walk;
      CPPUNIT_ASSERT(ask(question).applied == DmarcPolicy::kQuarantine);
      question.from_domain = "example.net";
      const DmarcResult result = ask(question);
      CPPUNIT_ASSERT(result.applied == DmarcPolicy::kNone && !result.sampled_out);
      question.from_domain = "example.org";
      CPPUNIT_ASSERT(ask(question).applied == DmarcPolicy::kNone);
    }
  }

  void trouble_with_the_dns_is_temporary() {
    dns_.fail("_dmarc.mail.example.com", DnsType::kTxt);
    expect(DmarcVerdict::kTempError, ask(spf("mail.example.com", "mail.example.com")));
    dns_.fail("_dmarc.example.net", DnsType::kTxt);
    const DmarcResult result = ask(nothing("mail.example.net"));
    expect(DmarcVerdict::kTempError, result);
    CPPUNIT_ASSERT_EQUAL(std::string("SERVFAIL"), result.problem);
    // What can be no name has no record.
    dns_.fail("_dmarc.example.org", DnsType::kTxt, Fault::kBadInput);
    expect(DmarcVerdict::kNone, ask(nothing("example.org")));
  }

  void trouble_counts_only_where_it_matters() {
    publish("example.com", "p=reject");
    DmarcQuestion question = nothing("example.com");
    question.spf_temporary = true;
    expect(DmarcVerdict::kTempError, ask(question));
    question.spf_domain = "mail.example.com";
    expect(DmarcVerdict::kTempError, ask(question));
    CPPUNIT_ASSERT(ask(question).published == DmarcPolicy::kReject);
    question.spf_domain = "elsewhere.example";
    expect(DmarcVerdict::kFail, ask(question));
    question.dkim = {{"example.com", "s", "pass", true}};
    question.spf_domain = "";
    expect(DmarcVerdict::kPass, ask(question));

    question = nothing("example.com");
    question.dkim_temporary = true;
    expect(DmarcVerdict::kTempError, ask(question));
    question.dkim = {{"elsewhere.example", "s", "temperror", false}};
    expect(DmarcVerdict::kFail, ask(question));
    question.dkim.push_back({"mail.example.com", "s", "temperror", false});
    expect(DmarcVerdict::kTempError, ask(question));
  }

  void a_public_suffix_may_write_mail() {
    publish("gov.uk", "p=reject; sp=none");
    DmarcResult result = ask(spf("gov.uk", "gov.uk"));
    expect(DmarcVerdict::kPass, result);
    // Others registered their names below it.
    result = ask(spf("gov.uk", "example.gov.uk"));
    expect(DmarcVerdict::kFail, result);
    CPPUNIT_ASSERT(result.applied == DmarcPolicy::kReject);
    CPPUNIT_ASSERT_EQUAL(std::string("gov.uk"), result.organisational_domain);
  }

  // RFC 9091 §3
  void a_public_suffix_speaks_only_when_it_says_so() {
    publish("gov", "p=reject; sp=none; np=reject; rua=mailto:dmarc@example.gov; psd=y");
    publish("com", "p=reject");
    dns_.a("there.gov", "192.0.2.1");
    for (const bool walk : {false, true}) {
      DmarcQuestion question = nothing("gone.gov");
      question.tree_walk = walk;
      DmarcResult result = ask(question);
      CPPUNIT_ASSERT_EQUAL(std::string("gov"), result.policy_domain);
      CPPUNIT_ASSERT_EQUAL(std::string("gone.gov"), result.organisational_domain);
      CPPUNIT_ASSERT(result.applied == DmarcPolicy::kReject);
      question.from_domain = "there.gov";
      CPPUNIT_ASSERT(ask(question).applied == DmarcPolicy::kNone);
      // Two below one suffix are strangers.
      question = spf("there.gov", "other.gov");
      question.tree_walk = walk;
      expect(DmarcVerdict::kFail, ask(question));
    }
    expect(DmarcVerdict::kNone, ask(nothing("example.com")));
  }

  void international_domains_are_compared_as_a_labels() {
    publish("xn--bcher-kva.example", "p=reject");
    const DmarcResult result =
        ask(dkim("Mail.B\xc3\xbc"
                 "cher.example",
                 "xn--bcher-kva.example"));
    expect(DmarcVerdict::kPass, result);
    CPPUNIT_ASSERT_EQUAL(std::string("mail.xn--bcher-kva.example"), result.from_domain);
  }

  // RFC 7489 §6.6.1
  void the_strictest_of_several_domains_counts() {
    publish("example.com", "p=reject");
    publish("example.org", "p=none");
    const DmarcResult fails = ask(nothing("example.com"));
    const DmarcResult mild = ask(nothing("example.org"));
    const DmarcResult passes = ask(spf("example.org", "example.org"));
    CPPUNIT_ASSERT_EQUAL(std::string("example.com"), strictest({passes, mild, fails}).from_domain);
    CPPUNIT_ASSERT_EQUAL(std::string("example.com"), strictest({fails, passes}).from_domain);
    expect(DmarcVerdict::kFail, strictest({passes, mild}));
    expect(DmarcVerdict::kPass, strictest({passes}));
    expect(DmarcVerdict::kNone, strictest({passes, ask(nothing("example.net"))}));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DmarcTest);

}  // namespace
}  // namespace fwd::mailauth
