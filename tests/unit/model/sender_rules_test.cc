// A domain's lists of senders.
#include "model/sender_rules.h"

#include <cppunit/extensions/HelperMacros.h>

namespace fwd::model {
namespace {

class SenderRulesTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SenderRulesTest);
  CPPUNIT_TEST(every_kind_of_entry_fits_its_keys);
  CPPUNIT_TEST(names_fit_whole_labels_only);
  CPPUNIT_TEST(denied_goes_before_allowed);
  CPPUNIT_TEST(a_name_that_is_not_proven_can_only_deny);
  CPPUNIT_TEST(an_author_can_fit_all_but_addresses_of_hosts);
  CPPUNIT_TEST_SUITE_END();

  const SenderKeys sender_{"192.0.2.1",
                           {"mail.host.example"},
                           {"Ada+x@b\xc3\xbc"
                            "cher.example.org",
                            ""},
                           {"Ada+x@b\xc3\xbc"
                            "cher.example.org"}};

  RulesVerdict denying(const std::string& entry) const {
    RecipientRules rules;
    rules.denylist = {"203.0.113.9", entry};
    const RulesDecision decision = rules_verdict(rules, sender_);
    CPPUNIT_ASSERT(decision.entry == (decision.verdict == RulesVerdict::kDenied ? entry : ""));
    return decision.verdict;
  }

 public:
  void every_kind_of_entry_fits_its_keys() {
    for (const char* entry : {"192.0.2.1", "::ffff:192.0.2.1", "host.example", "mail.host.example",
                              "*.example", "ada+x@xn--bcher-kva.example.org",
                              "ADA@b\xc3\xbc"
                              "cher.example.org",
                              "example.org",
                              "b\xc3\xbc"
                              "cher.example.org",
                              "xn--bcher-kva.example.org", "*.org"})
      CPPUNIT_ASSERT_MESSAGE(entry, denying(entry) == RulesVerdict::kDenied);
  }

  void names_fit_whole_labels_only() {
    for (const char* entry : {"192.0.2.10", "ost.example", "x.mail.host.example", "*.rg",
                              "*.mail.host.example", "b@xn--bcher-kva.example.org", "org.example"})
      CPPUNIT_ASSERT_MESSAGE(entry, denying(entry) == RulesVerdict::kPass);
  }

  void denied_goes_before_allowed() {
    RecipientRules rules;
    CPPUNIT_ASSERT(rules_verdict(rules, sender_).verdict == RulesVerdict::kPass);
    rules.allowlist = {"else.example"};
    CPPUNIT_ASSERT(rules_verdict(rules, sender_).verdict == RulesVerdict::kNotAllowed);
    rules.allowlist.push_back("example.org");
    CPPUNIT_ASSERT_EQUAL(std::string("example.org"), rules_verdict(rules, sender_).entry);
    rules.denylist = {"192.0.2.1"};
    CPPUNIT_ASSERT(rules_verdict(rules, sender_).verdict == RulesVerdict::kDenied);
    CPPUNIT_ASSERT(rules_verdict(rules, {}).verdict == RulesVerdict::kNotAllowed);
  }

  void a_name_that_is_not_proven_can_only_deny() {
    SenderKeys written = sender_;
    written.proven.clear();
    RecipientRules rules;
    for (const char* entry : {"example.org", "*.org", "ada@xn--bcher-kva.example.org"}) {
      rules.allowlist = {entry};
      CPPUNIT_ASSERT_MESSAGE(entry,
                             rules_verdict(rules, written).verdict == RulesVerdict::kNotAllowed);
      CPPUNIT_ASSERT_MESSAGE(entry, rules_verdict(rules, sender_).verdict == RulesVerdict::kPass);
    }
    // The peer's address and its confirmed name are proven by themselves.
    for (const char* entry : {"192.0.2.1", "mail.host.example", "host.example"}) {
      rules.allowlist = {entry};
      CPPUNIT_ASSERT_MESSAGE(entry, rules_verdict(rules, written).verdict == RulesVerdict::kPass);
    }
    rules.denylist = {"example.org"};
    CPPUNIT_ASSERT(rules_verdict(rules, written).verdict == RulesVerdict::kDenied);
  }

  void an_author_can_fit_all_but_addresses_of_hosts() {
    RecipientRules rules;
    CPPUNIT_ASSERT(!may_fit_author(rules));
    rules.allowlist = {"192.0.2.1", "2001:db8::1"};
    CPPUNIT_ASSERT(!may_fit_author(rules));
    rules.allowlist.push_back("*.org");
    CPPUNIT_ASSERT(may_fit_author(rules));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SenderRulesTest);

}  // namespace
}  // namespace fwd::model
