// The DNS tree walk of RFC 9989 §4.10.
#include <cppunit/extensions/HelperMacros.h>

#include "finish.h"
#include "mailauth/dmarc/dmarc.h"
#include "mailauth/dmarc/dmarc_discovery.h"
#include "unit/net/scripted_resolver.h"

namespace fwd::mailauth {
namespace {

using net::DnsType;

class DmarcTreeWalkTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DmarcTreeWalkTest);
  CPPUNIT_TEST(the_published_examples_of_organisational_domains);
  CPPUNIT_TEST(a_long_name_takes_eight_questions);
  CPPUNIT_TEST(the_walk_ends_where_psd_is_told);
  CPPUNIT_TEST(policies_of_names_between_do_not_apply);
  CPPUNIT_TEST(several_records_are_passed_over);
  CPPUNIT_TEST(alignment_walks_for_each_domain);
  CPPUNIT_TEST(departments_can_be_strangers);
  CPPUNIT_TEST(trouble_on_the_way_up_spoils_only_what_hangs_on_it);
  CPPUNIT_TEST(many_signers_do_not_make_many_walks);
  CPPUNIT_TEST_SUITE_END();

  test::ScriptedResolver dns_;
  SuffixList list_ = SuffixList::builtin();

  void publish(const std::string& domain, const std::string& tags) {
    dns_.txt("_dmarc." + domain, "v=DMARC1; " + tags);
  }
  DmarcDiscovery walk(const std::string& domain) {
    return test::finish(discover_by_tree_walk(dns_, domain));
  }
  std::string organisational(const std::string& domain) {
    return walk(domain).organisational_domain;
  }
  DmarcResult ask(const std::string& from, const std::string& signer) {
    DmarcQuestion question;
    question.from_domain = from;
    question.tree_walk = true;
    question.dkim = {{signer, "s", "pass", true}};
    return test::finish(check_dmarc(dns_, list_, question, [](std::size_t) { return 0; }));
  }
  static void expect(DmarcVerdict verdict, const DmarcResult& result) {
    CPPUNIT_ASSERT_EQUAL(std::string(dmarc_verdict_name(verdict)),
                         std::string(dmarc_verdict_name(result.verdict)));
  }

 public:
  // RFC 9989 §4.10.2
  void the_published_examples_of_organisational_domains() {
    CPPUNIT_ASSERT_EQUAL(std::string("a.mail.example.com"), organisational("a.mail.example.com"));
    publish("mail.example.com", "p=none");
    publish("example.com", "p=none");
    CPPUNIT_ASSERT_EQUAL(std::string("example.com"), organisational("a.mail.example.com"));
    publish("mail.example.net", "p=none; psd=n");
    publish("example.net", "p=none");
    CPPUNIT_ASSERT_EQUAL(std::string("mail.example.net"), organisational("a.mail.example.net"));
    publish("org", "p=none; psd=y");
    CPPUNIT_ASSERT_EQUAL(std::string("example.org"), organisational("a.mail.example.org"));
    publish("example.example", "p=none; psd=y");
    CPPUNIT_ASSERT_EQUAL(std::string("mail.example.example"),
                         organisational("mail.example.example"));
    // Where the walk began a PSD is its own organisational domain.
    CPPUNIT_ASSERT_EQUAL(std::string("example.example"), organisational("example.example"));
  }

  void a_long_name_takes_eight_questions() {
    const std::string domain = "a.b.c.d.e.f.g.h.i.j.mail.example.com";
    walk(domain);
    int asked = 0;
    for (std::string_view rest = domain;; rest.remove_prefix(rest.find('.') + 1)) {
      const int times = dns_.asked("_dmarc." + std::string(rest), DnsType::kTxt);
      asked += times;
      const bool is_skipped = rest.size() < domain.size() && rest.size() > 24;
      CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(rest), is_skipped ? 0 : 1, times);
      if (rest.find('.') == rest.npos) break;
    }
    CPPUNIT_ASSERT_EQUAL(8, asked);
    // Eight labels: the seven below the first; seven: one after the other.
    walk("8.7.6.5.4.3.2.1");
    CPPUNIT_ASSERT_EQUAL(1, dns_.asked("_dmarc.7.6.5.4.3.2.1", DnsType::kTxt));
    walk("g.6.5.4.3.2.1");
    CPPUNIT_ASSERT_EQUAL(2, dns_.asked("_dmarc.6.5.4.3.2.1", DnsType::kTxt));
  }

  void the_walk_ends_where_psd_is_told() {
    publish("mail.example.com", "p=reject; psd=n");
    publish("example.com", "p=none");
    CPPUNIT_ASSERT_EQUAL(std::string("mail.example.com"), walk("a.mail.example.com").policy_domain);
    CPPUNIT_ASSERT_EQUAL(0, dns_.asked("_dmarc.example.com", DnsType::kTxt));
  }

  // RFC 9989 §4.10.1: author domain, organisational domain, public suffix domain.
  void policies_of_names_between_do_not_apply() {
    publish("b.example.com", "p=reject");
    publish("example.com", "p=quarantine");
    publish("com", "p=none; psd=y");
    const DmarcDiscovery found = walk("a.b.example.com");
    CPPUNIT_ASSERT_EQUAL(std::string("example.com"), found.policy_domain);
    CPPUNIT_ASSERT_EQUAL(std::string("example.com"), found.organisational_domain);
    CPPUNIT_ASSERT_EQUAL(std::string("b.example.com"), walk("b.example.com").policy_domain);
    CPPUNIT_ASSERT_EQUAL(std::string("com"), walk("other.com").policy_domain);
  }

  void several_records_are_passed_over() {
    publish("mail.example.com", "p=reject");
    publish("mail.example.com", "p=none");
    publish("example.com", "p=quarantine");
    CPPUNIT_ASSERT_EQUAL(std::string("example.com"), walk("mail.example.com").policy_domain);
  }

  void alignment_walks_for_each_domain() {
    publish("example.com", "p=reject");
    expect(DmarcVerdict::kPass, ask("mail.example.com", "news.example.com"));
    expect(DmarcVerdict::kPass, ask("example.com", "a.b.example.com"));
    expect(DmarcVerdict::kFail, ask("example.com", "example.net"));
    publish("strict.example.com", "p=reject; adkim=s");
    expect(DmarcVerdict::kFail, ask("strict.example.com", "example.com"));
  }

  void departments_can_be_strangers() {
    publish("example.com", "p=reject");
    publish("dept.example.com", "p=reject; psd=n");
    expect(DmarcVerdict::kFail, ask("example.com", "mail.dept.example.com"));
    expect(DmarcVerdict::kFail, ask("mail.dept.example.com", "example.com"));
    expect(DmarcVerdict::kPass, ask("mail.dept.example.com", "dept.example.com"));
  }

  void trouble_on_the_way_up_spoils_only_what_hangs_on_it() {
    publish("mail.example.com", "p=reject");
    dns_.fail("_dmarc.example.com", DnsType::kTxt);
    expect(DmarcVerdict::kPass, ask("mail.example.com", "mail.example.com"));
    const DmarcResult result = ask("mail.example.com", "news.example.com");
    expect(DmarcVerdict::kTempError, result);
    CPPUNIT_ASSERT(result.organisational_domain.empty());
    expect(DmarcVerdict::kTempError, ask("other.example.com", "other.example.com"));
    publish("example.net", "p=reject");
    dns_.fail("_dmarc.news.example.net", DnsType::kTxt);
    expect(DmarcVerdict::kTempError, ask("example.net", "news.example.net"));
  }

  void many_signers_do_not_make_many_walks() {
    publish("example.com", "p=reject; psd=n");
    DmarcQuestion question;
    question.from_domain = "example.com";
    question.tree_walk = true;
    for (int i = 0; i < 50; ++i) {
      const std::string signer = "s" + std::to_string(i) + ".example.com";
      publish(signer, "p=none; psd=n");
      question.dkim.push_back({signer, "s", "pass", true});
    }
    const DmarcResult result =
        test::finish(check_dmarc(dns_, list_, question, [](std::size_t) { return 0; }));
    expect(DmarcVerdict::kFail, result);
    CPPUNIT_ASSERT_EQUAL(1, dns_.asked("_dmarc.s9.example.com", DnsType::kTxt));
    CPPUNIT_ASSERT_EQUAL(0, dns_.asked("_dmarc.s10.example.com", DnsType::kTxt));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DmarcTreeWalkTest);

}  // namespace
}  // namespace fwd::mailauth
