// DMARC records, and the organisational domains of the list.
#include "mailauth/dmarc/dmarc_record.h"

#include <cppunit/extensions/HelperMacros.h>

#include "mailauth/dmarc/organisational_domain.h"

namespace fwd::mailauth {
namespace {

class DmarcRecordTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DmarcRecordTest);
  CPPUNIT_TEST(the_published_examples_are_read);
  CPPUNIT_TEST(only_the_version_makes_it_a_record);
  CPPUNIT_TEST(every_tag_is_read);
  CPPUNIT_TEST(spaces_and_case_do_not_matter);
  CPPUNIT_TEST(what_is_not_valid_falls_to_its_default);
  CPPUNIT_TEST(a_tag_that_stands_twice_says_nothing);
  CPPUNIT_TEST(a_policy_that_is_not_valid_becomes_none_where_reports_are_wanted);
  CPPUNIT_TEST(subdomains_have_policies_of_their_own);
  CPPUNIT_TEST(only_addresses_that_can_be_ones_are_kept);
  CPPUNIT_TEST(a_domain_is_cut_by_the_list);
  CPPUNIT_TEST(domains_are_compared_in_one_spelling);
  CPPUNIT_TEST_SUITE_END();

  using Psd = DmarcRecord::Psd;

  static DmarcRecord read(std::string_view text) {
    auto record = parse_dmarc_record(text);
    CPPUNIT_ASSERT_MESSAGE(std::string(text), record);
    return *record;
  }

 public:
  // RFC 7489 §B.2.1 to §B.2.4
  void the_published_examples_are_read() {
    DmarcRecord record = read("v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com");
    CPPUNIT_ASSERT(record.p == DmarcPolicy::kNone && record.pct == 100);
    CPPUNIT_ASSERT_EQUAL(std::string("mailto:dmarc-feedback@example.com"), record.rua.at(0));
    record = read(
        "v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com; "
        "ruf=mailto:auth-reports@thirdparty.example.com");
    CPPUNIT_ASSERT_EQUAL(std::string("mailto:auth-reports@thirdparty.example.com"),
                         record.ruf.at(0));
    record = read(
        "v=DMARC1; p=quarantine; rua=mailto:dmarc-feedback@example.com,"
        "mailto:tld-test@thirdparty.example.net!10m; pct=25");
    CPPUNIT_ASSERT(record.p == DmarcPolicy::kQuarantine && record.pct == 25);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, record.rua.size());
    CPPUNIT_ASSERT_EQUAL(std::string("mailto:tld-test@thirdparty.example.net!10m"), record.rua[1]);
  }

  // RFC 7489 §6.3, RFC 9989 §4.8
  void only_the_version_makes_it_a_record() {
    for (const char* good : {"v=DMARC1", "v=DMARC1;", "v = DMARC1 ; p=none", "V=DMARC1;p=none"})
      CPPUNIT_ASSERT_MESSAGE(good, parse_dmarc_record(good));
    for (const char* bad : {"", ";", "v", "v=", "v=dmarc1; p=none", "v=DMARC2; p=none",
                            "v=DMARC10; p=none", "p=none; v=DMARC1", " v=DMARC1; p=none",
                            "v=DMARC1 p=none", "v=spf1 -all", "DMARC1", "vv=DMARC1", "; v=DMARC1"})
      CPPUNIT_ASSERT_MESSAGE(bad, !parse_dmarc_record(bad));
  }

  void every_tag_is_read() {
    const DmarcRecord record = read(
        "v=DMARC1;p=reject;sp=quarantine;np=none;adkim=s;aspf=s;pct=7;fo=1:d:s;ri=3600;rf=afrf;"
        "t=y;psd=n;new=thing;rua=mailto:a@example.com;ruf=mailto:b@example.com");
    CPPUNIT_ASSERT(record.p == DmarcPolicy::kReject && record.sp == DmarcPolicy::kQuarantine &&
                   record.np == DmarcPolicy::kNone);
    CPPUNIT_ASSERT(record.adkim == 's' && record.aspf == 's' && record.testing);
    CPPUNIT_ASSERT(record.pct == 7 && record.ri == 3600 && record.psd == Psd::kNo);
    CPPUNIT_ASSERT_EQUAL(std::string("1:d:s"), record.fo);
    CPPUNIT_ASSERT(read("v=DMARC1; psd=y").psd == Psd::kYes);
    CPPUNIT_ASSERT(read("v=DMARC1; psd=u").psd == Psd::kUnknown);
  }

  void spaces_and_case_do_not_matter() {
    const DmarcRecord record =
        read("v=DMARC1 ;\tp\t=\tReject ; SP = None;aDKim=S;;pct = 050 ;\r\n");
    CPPUNIT_ASSERT(record.p == DmarcPolicy::kReject && record.sp == DmarcPolicy::kNone);
    CPPUNIT_ASSERT(record.adkim == 's' && record.pct == 50);
  }

  // RFC 7489 §6.3: syntax errors give way to defaults.
  void what_is_not_valid_falls_to_its_default() {
    const DmarcRecord record = read(
        "v=DMARC1; p=none; reject; adkim=x; aspf=strict; pct=101; ri=soon; fo=2; t=yes; psd=maybe; "
        "rua=nobody; =; =x");
    CPPUNIT_ASSERT(record.p == DmarcPolicy::kNone);
    CPPUNIT_ASSERT(record.adkim == 'r' && record.aspf == 'r' && record.pct == 100);
    CPPUNIT_ASSERT(record.ri == 86400 && !record.testing && record.psd == Psd::kUnknown);
    CPPUNIT_ASSERT_EQUAL(std::string("0"), record.fo);
    CPPUNIT_ASSERT(record.rua.empty());
    for (const char* pct : {"-1", "", "1e1", "99999999999999999999", "50%"})
      CPPUNIT_ASSERT_EQUAL(100u, read("v=DMARC1; p=none; pct=" + std::string(pct)).pct);
    CPPUNIT_ASSERT_EQUAL(0u, read("v=DMARC1; pct=0").pct);
  }

  // Tag lists have each name once (RFC 6376 §3.2).
  void a_tag_that_stands_twice_says_nothing() {
    const DmarcRecord record = read("v=DMARC1; p=none; pct=10; p=reject; pct=10");
    CPPUNIT_ASSERT(!record.p && record.bad_p && record.pct == 100);
  }

  // RFC 7489 §6.6.3, RFC 9989 §4.10.1
  void a_policy_that_is_not_valid_becomes_none_where_reports_are_wanted() {
    const auto settled = [](const std::string& tags, bool revised) {
      DmarcRecord record = read("v=DMARC1; " + tags);
      return record.settle(revised) ? std::string(dmarc_policy_name(*record.p)) : std::string("-");
    };
    const std::string rua = "; rua=mailto:a@example.com";
    for (const bool revised : {false, true}) {
      CPPUNIT_ASSERT_EQUAL(std::string("-"), settled("p=bogus", revised));
      CPPUNIT_ASSERT_EQUAL(std::string("none"), settled("p=bogus; sp=reject" + rua, revised));
      CPPUNIT_ASSERT_EQUAL(std::string("-"), settled("p=reject; sp=bogus", revised));
      CPPUNIT_ASSERT_EQUAL(std::string("none"), settled("p=reject; sp=bogus" + rua, revised));
      CPPUNIT_ASSERT_EQUAL(std::string("reject"), settled("p=reject", revised));
    }
    CPPUNIT_ASSERT_EQUAL(std::string("-"), settled("sp=reject", false));
    CPPUNIT_ASSERT_EQUAL(std::string("none"), settled("sp=reject", true));
    CPPUNIT_ASSERT_EQUAL(std::string("reject"), settled("p=reject; np=bogus", false));
    CPPUNIT_ASSERT_EQUAL(std::string("-"), settled("p=reject; np=bogus", true));
    CPPUNIT_ASSERT_EQUAL(std::string("-"), settled("p=bogus; rua=mailto:", true));
  }

  // RFC 9091 §3.2
  void subdomains_have_policies_of_their_own() {
    DmarcRecord record = read("v=DMARC1; p=none; sp=quarantine; np=reject");
    CPPUNIT_ASSERT(record.policy_for(false, true) == DmarcPolicy::kNone);
    CPPUNIT_ASSERT(record.policy_for(false, false) == DmarcPolicy::kNone);
    CPPUNIT_ASSERT(record.policy_for(true, true) == DmarcPolicy::kQuarantine);
    CPPUNIT_ASSERT(record.policy_for(true, false) == DmarcPolicy::kReject);
    record.np.reset();
    CPPUNIT_ASSERT(record.policy_for(true, false) == DmarcPolicy::kQuarantine);
    record.sp.reset();
    CPPUNIT_ASSERT(record.policy_for(true, false) == DmarcPolicy::kNone);
    CPPUNIT_ASSERT(one_step_milder(DmarcPolicy::kReject) == DmarcPolicy::kQuarantine);
    CPPUNIT_ASSERT(one_step_milder(DmarcPolicy::kQuarantine) == DmarcPolicy::kNone);
    CPPUNIT_ASSERT(one_step_milder(DmarcPolicy::kNone) == DmarcPolicy::kNone);
  }

  void only_addresses_that_can_be_ones_are_kept() {
    const auto count = [](const std::string& uris) {
      return read("v=DMARC1; p=none; rua=" + uris).rua.size();
    };
    CPPUNIT_ASSERT_EQUAL(std::size_t{3},
                         count("mailto:a@b.example , MAILTO:c@d.example!50k,https://e.example/f"));
    for (const char* bad :
         {"a@b.example", "mailto:a", "mailto:@b.example", "mailto:a@", ":a@b", "1x:a@b",
          "mailto:a@b.example!x", "mailto:a@b.example!", "mailto:a b@c.example",
          "mailto:\"a\"@b.example", "", ",", "mailto:a\xc3\xa4@b.example"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(bad, std::size_t{0}, count(bad));
    std::string many;
    for (int i = 0; i < 100; ++i) many += "mailto:a@b.example,";
    CPPUNIT_ASSERT_EQUAL(std::size_t{20}, count(many));
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, count("mailto:" + std::string(600, 'a') + "@b.example"));
  }

  // RFC 7489 §3.2
  void a_domain_is_cut_by_the_list() {
    for (const SuffixList& list : {SuffixList::builtin(), SuffixList::newest()}) {
      const auto same = [&list](const char* domain, const char* organisational,
                                const char* suffix) {
        CPPUNIT_ASSERT_EQUAL(std::string(organisational), list.organisational_domain(domain));
        CPPUNIT_ASSERT_EQUAL(std::string(suffix), list.public_suffix(domain));
      };
      same("a.b.c.d.example.com", "example.com", "com");
      same("example.com", "example.com", "com");
      same("mail.example.co.uk", "example.co.uk", "co.uk");
      same("com", "com", "com");
      same("co.uk", "co.uk", "co.uk");
      // A wildcard of the list and an exception from it.
      same("a.b.test.ck", "b.test.ck", "test.ck");
      same("mail.www.ck", "www.ck", "ck");
      // The private section, and a top-level domain nobody knows.
      same("a.me.blogspot.com", "me.blogspot.com", "blogspot.com");
      same("mail.example.nosuchtld", "example.nosuchtld", "nosuchtld");
      // A-labels: "公司.cn" is a suffix.
      same("a.b.xn--55qx5d.cn", "b.xn--55qx5d.cn", "xn--55qx5d.cn");
      same("mail.xn--bcher-kva.example", "xn--bcher-kva.example", "example");
    }
  }

  void domains_are_compared_in_one_spelling() {
    CPPUNIT_ASSERT(comparable_domain("Mail.Example.COM.") == "mail.example.com");
    CPPUNIT_ASSERT(comparable_domain("b\xc3\xbc"
                                     "cher.example") == "xn--bcher-kva.example");
    CPPUNIT_ASSERT(comparable_domain("a_b.-c.example") == "a_b.-c.example");
    for (const std::string& bad :
         {std::string(), std::string("."), std::string("a..b"), std::string(".a"),
          std::string("a b"), std::string("[192.0.2.1]"), std::string("a\0b", 3),
          std::string("\xff.example"), std::string(64, 'a') + ".example", std::string(300, 'a')})
      CPPUNIT_ASSERT_MESSAGE(bad, !comparable_domain(bad));
    CPPUNIT_ASSERT(is_within("a.example.com", "example.com"));
    CPPUNIT_ASSERT(is_within("example.com", "example.com"));
    CPPUNIT_ASSERT(!is_within("badexample.com", "example.com"));
    CPPUNIT_ASSERT(!is_within("com", "example.com"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DmarcRecordTest);

}  // namespace
}  // namespace fwd::mailauth
