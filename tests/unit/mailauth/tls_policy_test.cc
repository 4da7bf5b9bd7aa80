// The one question delivery asks about TLS, and the check afterwards.
#include "mailauth/route/tls_policy.h"

#include <cppunit/extensions/HelperMacros.h>

#include <fstream>

#include "certificates.h"
#include "crypto/digest.h"
#include "finish.h"
#include "mailauth/route/tls_report.h"
#include "support/memory_state.h"
#include "unit/net/net_test.h"
#include "unit/net/scripted_resolver.h"

namespace fwd::mailauth {
namespace {

using net::DnsType;
using test::MadeCertificate;
using Kind = MadeCertificate::Kind;

Task<Outcome<std::string>> give(std::string file) { co_return file; }

const MadeCertificate& root() {
  static const MadeCertificate made("root", Kind::kAuthority, "", nullptr);
  return made;
}
const MadeCertificate& middle() {
  static const MadeCertificate made("middle", Kind::kAuthority, "", &root());
  return made;
}
// Has the middle one's name, but was not signed by it.
const MadeCertificate& forged() {
  static const MadeCertificate other("middle", Kind::kAuthority, "", nullptr);
  static const MadeCertificate made("mx", Kind::kServer, "mx.example.com", &other);
  return made;
}
const MadeCertificate& server() {
  static const MadeCertificate made("mx", Kind::kServer, "mx.example.com", &middle());
  return made;
}
const MadeCertificate& stranger() {
  static const MadeCertificate made("x", Kind::kExpiredServer, "other.example", nullptr);
  return made;
}

class TlsPolicyTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(TlsPolicyTest);
  CPPUNIT_TEST(without_any_promise_tls_is_opportunistic);
  CPPUNIT_TEST(an_enforced_policy_wants_a_certificate_of_the_host);
  CPPUNIT_TEST(a_host_that_the_policy_does_not_list_is_refused);
  CPPUNIT_TEST(a_policy_under_test_is_looked_at_and_not_enforced);
  CPPUNIT_TEST(a_policy_that_cannot_be_fetched_is_told);
  CPPUNIT_TEST(what_was_promised_and_cannot_be_looked_up_is_waited_for);
  CPPUNIT_TEST(tlsa_records_count_only_behind_signed_mx_records);
  CPPUNIT_TEST(dane_goes_before_sts);
  CPPUNIT_TEST(tlsa_records_that_cannot_be_used_mean_encryption);
  CPPUNIT_TEST(tlsa_records_that_cannot_be_used_leave_sts_in_force);
  CPPUNIT_TEST(unusable_tlsa_records_want_more_than_a_policy_under_test);
  CPPUNIT_TEST(tlsa_records_that_cannot_be_had_close_the_host);
  CPPUNIT_TEST(tlsa_records_are_searched_behind_aliases_first);
  CPPUNIT_TEST(an_alias_that_leaves_what_is_signed_is_asked_itself);
  CPPUNIT_TEST(an_end_entity_is_known_whatever_its_name_and_date);
  CPPUNIT_TEST(a_trust_anchor_wants_signatures_names_and_dates);
  CPPUNIT_TEST(a_stronger_digest_outdoes_a_weaker_one);
  CPPUNIT_TEST(requiretls_wants_a_proven_host);
  CPPUNIT_TEST(tls_required_no_overrides_policies);
  CPPUNIT_TEST(chains_are_judged_by_what_is_wrong);
  CPPUNIT_TEST(a_result_becomes_a_journal_entry);
  CPPUNIT_TEST_SUITE_END();

  net::TemporaryFolder folder_;
  HandClock clock_;
  test::MemoryState state_{clock_};
  test::ScriptedResolver dns_;
  std::string file_;
  StsPolicies sts_{dns_, state_, clock_, [this](const std::string&) { return give(file_); }};
  std::unique_ptr<TlsPolicies> tls_;
  TlsQuestion question_;

  TlsPolicy policy() {
    RouteOptions options;
    options.allow_private = true;
    const MxRoute route = test::finish(
        find_route(dns_, "example.com", options, [](std::size_t) { return std::size_t{0}; }));
    CPPUNIT_ASSERT(!route.problem);
    return test::finish(tls_->policy_for(question_, route, route.hosts.front()));
  }
  void promise(const std::string& mode, const std::string& mx) {
    dns_.txt("_mta-sts.example.com", "v=STSv1; id=1;");
    file_ = "version: STSv1\nmode: " + mode + "\nmx: " + mx + "\nmax_age: 1000\n";
  }
  void sign_zone() {
    for (const char* name : {"example.com", "mx.example.com", "_25._tcp.mx.example.com"})
      dns_.secure(name);
  }
  void publish(int usage, int selector, int matching, const std::string& data) {
    dns_.tlsa("_25._tcp.mx.example.com", usage, selector, matching, data);
  }
  static net::CertificateChain full_chain() {
    return {server().der(), middle().der(), root().der()};
  }
  static TlsaRecord record(std::uint8_t usage, const MadeCertificate& of) {
    return TlsaRecord{usage, 1, 1, crypto::sha256(net::public_key_info(of.der()))};
  }
  static void expect(TlsLevel wanted, const TlsPolicy& got) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(got.reason, static_cast<int>(wanted), static_cast<int>(got.level));
  }

 public:
  void setUp() override {
    std::ofstream(folder_.file("ca.pem")) << root().pem();
    TlsPolicyOptions options;
    options.trust = folder_.file("ca.pem");
    auto made = TlsPolicies::make(dns_, &sts_, options);
    CPPUNIT_ASSERT(made.ok());
    tls_ = std::move(made).value();
    question_.domain = "example.com";
    dns_.mx("example.com", 10, "mx.example.com");
    dns_.a("mx.example.com", "192.0.2.1");
  }

  void without_any_promise_tls_is_opportunistic() {
    const TlsPolicy found = policy();
    expect(TlsLevel::kOpportunistic, found);
    CPPUNIT_ASSERT(may_use_clear_text(found) && found.source == PolicySource::kNone);
    CPPUNIT_ASSERT_EQUAL(std::string("mx.example.com"), found.server_name);
    const TlsVerdict verdict = tls_->verify({stranger().der()}, found);
    CPPUNIT_ASSERT(verdict.may_send && !verdict.is_verified && verdict.result_type.empty());
  }

  // RFC 8461 §5
  void an_enforced_policy_wants_a_certificate_of_the_host() {
    promise("enforce", "*.example.com");
    const TlsPolicy found = policy();
    expect(TlsLevel::kVerify, found);
    CPPUNIT_ASSERT(found.source == PolicySource::kSts && !may_use_clear_text(found));
    const TlsVerdict good = tls_->verify(full_chain(), found);
    CPPUNIT_ASSERT(good.may_send && good.is_verified);
    CPPUNIT_ASSERT_EQUAL(std::string("sts"), good.how);
    const TlsVerdict bad = tls_->verify({stranger().der()}, found);
    CPPUNIT_ASSERT(!bad.may_send);
    CPPUNIT_ASSERT_EQUAL(std::string("certificate-not-trusted"), bad.result_type);
  }

  void a_host_that_the_policy_does_not_list_is_refused() {
    promise("enforce", "other.example.com");
    const TlsPolicy found = policy();
    expect(TlsLevel::kRefuse, found);
    CPPUNIT_ASSERT(!found.is_permanent);
    CPPUNIT_ASSERT_EQUAL(std::string("validation-failure"), found.trouble);
    CPPUNIT_ASSERT(!tls_->verify(full_chain(), found).may_send);
  }

  void a_policy_under_test_is_looked_at_and_not_enforced() {
    promise("testing", "mx.example.com");
    const TlsPolicy found = policy();
    expect(TlsLevel::kOpportunistic, found);
    CPPUNIT_ASSERT(found.is_testing && found.source == PolicySource::kSts);
    CPPUNIT_ASSERT(tls_->verify(full_chain(), found).is_verified);
    const TlsVerdict bad = tls_->verify({stranger().der()}, found);
    CPPUNIT_ASSERT(bad.may_send && !bad.is_verified && !bad.result_type.empty());
  }

  void a_policy_that_cannot_be_fetched_is_told() {
    promise("enforce", "mx.example.com");
    file_ = "<html>";
    const TlsPolicy found = policy();
    expect(TlsLevel::kOpportunistic, found);
    CPPUNIT_ASSERT_EQUAL(std::string("sts-policy-invalid"), found.trouble);
    CPPUNIT_ASSERT_EQUAL(std::string("sts"), std::string(policy_source_name(found.source)));
  }

  void what_was_promised_and_cannot_be_looked_up_is_waited_for() {
    promise("enforce", "mx.example.com");
    expect(TlsLevel::kVerify, policy());
    dns_.forget("_mta-sts.example.com", DnsType::kTxt);
    state_.is_away = true;
    const TlsPolicy found = policy();
    expect(TlsLevel::kRefuse, found);
    CPPUNIT_ASSERT(!found.is_permanent && found.trouble.empty());
    CPPUNIT_ASSERT_EQUAL(std::string("4.7.5"), found.status);
    state_.is_away = false;
    expect(TlsLevel::kVerify, policy());
  }

  // RFC 7672 §2.2
  void tlsa_records_count_only_behind_signed_mx_records() {
    publish(3, 1, 1, std::string(32, 'x'));
    dns_.secure("mx.example.com");
    dns_.secure("_25._tcp.mx.example.com");
    expect(TlsLevel::kOpportunistic, policy());
    dns_.secure("example.com");
    expect(TlsLevel::kDane, policy());
  }

  // RFC 8461 §2
  void dane_goes_before_sts() {
    promise("enforce", "other.example.com");
    sign_zone();
    publish(3, 1, 1, record(3, server()).data);
    const TlsPolicy found = policy();
    expect(TlsLevel::kDane, found);
    CPPUNIT_ASSERT(found.source == PolicySource::kTlsa);
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, found.policy_strings.at(0).find("3 1 1 "));
    const TlsVerdict verdict = tls_->verify({server().der()}, found);
    CPPUNIT_ASSERT(verdict.may_send && verdict.is_verified);
    CPPUNIT_ASSERT_EQUAL(std::string("dane"), verdict.how);
    CPPUNIT_ASSERT(!tls_->verify({stranger().der()}, found).may_send);
    CPPUNIT_ASSERT(!tls_->verify({}, found).may_send);
  }

  // RFC 7672 §3.1.3
  void tlsa_records_that_cannot_be_used_mean_encryption() {
    sign_zone();
    publish(1, 1, 1, std::string(32, 'x'));
    publish(3, 1, 1, std::string(31, 'x'));
    publish(3, 2, 1, std::string(32, 'x'));
    const TlsPolicy found = policy();
    expect(TlsLevel::kEncrypt, found);
    CPPUNIT_ASSERT(!may_use_clear_text(found));
    CPPUNIT_ASSERT(tls_->verify({stranger().der()}, found).may_send);
    question_.require_tls = true;
    expect(TlsLevel::kVerify, policy());
  }

  void tlsa_records_that_cannot_be_used_leave_sts_in_force() {
    sign_zone();
    publish(1, 1, 1, std::string(32, 'x'));
    promise("enforce", "mx.example.com");
    const TlsPolicy found = policy();
    expect(TlsLevel::kVerify, found);
    CPPUNIT_ASSERT(found.source == PolicySource::kSts);
    CPPUNIT_ASSERT(!tls_->verify({stranger().der()}, found).may_send);
    CPPUNIT_ASSERT(tls_->verify(full_chain(), found).may_send);
    state_.is_away = true;
    expect(TlsLevel::kRefuse, policy());
  }

  void unusable_tlsa_records_want_more_than_a_policy_under_test() {
    sign_zone();
    publish(1, 1, 1, std::string(32, 'x'));
    promise("testing", "mx.example.com");
    const TlsPolicy found = policy();
    expect(TlsLevel::kEncrypt, found);
    CPPUNIT_ASSERT(found.source == PolicySource::kTlsa);
    dns_.forget("_mta-sts.example.com", DnsType::kTxt);
    clock_.turn(std::chrono::hours(25));
    promise("enforce", "other.example.com");
    expect(TlsLevel::kRefuse, policy());
  }

  // RFC 7672 §2.1.2
  void tlsa_records_that_cannot_be_had_close_the_host() {
    sign_zone();
    dns_.fail("_25._tcp.mx.example.com", DnsType::kTlsa, Fault::kUnavailable, "bogus");
    const TlsPolicy found = policy();
    expect(TlsLevel::kRefuse, found);
    CPPUNIT_ASSERT(!found.is_permanent);
    CPPUNIT_ASSERT_EQUAL(std::string("dnssec-invalid"), found.trouble);
  }

  // RFC 7672 §2.2.3
  void tlsa_records_are_searched_behind_aliases_first() {
    sign_zone();
    dns_.forget("mx.example.com", DnsType::kA);
    dns_.cname("mx.example.com", "real.example.net");
    dns_.a("real.example.net", "192.0.2.1");
    dns_.secure("real.example.net");
    publish(3, 1, 1, std::string(32, 'x'));
    CPPUNIT_ASSERT_EQUAL(std::string("mx.example.com"), policy().server_name);
    dns_.tlsa("_25._tcp.real.example.net", 3, 1, 1, std::string(32, 'y'));
    dns_.secure("_25._tcp.real.example.net");
    const TlsPolicy found = policy();
    CPPUNIT_ASSERT_EQUAL(std::string("real.example.net"), found.server_name);
    CPPUNIT_ASSERT_EQUAL(std::string("real.example.net"), found.names.front());
  }

  void an_alias_that_leaves_what_is_signed_is_asked_itself() {
    sign_zone();
    dns_.forget("mx.example.com", DnsType::kA);
    dns_.cname("mx.example.com", "real.example.net");
    dns_.a("real.example.net", "192.0.2.1");
    publish(3, 1, 1, std::string(32, 'x'));
    const TlsPolicy found = policy();
    expect(TlsLevel::kDane, found);
    CPPUNIT_ASSERT_EQUAL(std::string("mx.example.com"), found.server_name);
    CPPUNIT_ASSERT_EQUAL(1, dns_.asked("mx.example.com", DnsType::kCname));
  }

  // RFC 7672 §3.1.1
  void an_end_entity_is_known_whatever_its_name_and_date() {
    const std::string der = stranger().der();
    CPPUNIT_ASSERT(match_tlsa({der}, {record(3, stranger())}, {"mx.example.com"}).good());
    CPPUNIT_ASSERT(match_tlsa({der}, {TlsaRecord{3, 0, 0, der}}, {}).good());
    CPPUNIT_ASSERT(match_tlsa({der}, {TlsaRecord{3, 0, 2, crypto::sha512(der)}}, {}).good());
    CPPUNIT_ASSERT(!match_tlsa({der}, {record(3, server())}, {}).good());
    // Only the first certificate is the peer's.
    CPPUNIT_ASSERT(!match_tlsa({der, server().der()}, {record(3, server())}, {}).good());
  }

  // RFC 7672 §3.1.2
  void a_trust_anchor_wants_signatures_names_and_dates() {
    using ChainKind = net::ChainVerdict::Kind;
    const std::vector<std::string> names{"mx.example.com"};
    CPPUNIT_ASSERT(match_tlsa(full_chain(), {record(2, root())}, names).good());
    CPPUNIT_ASSERT(match_tlsa(full_chain(), {record(2, middle())}, names).good());
    CPPUNIT_ASSERT(
        match_tlsa({server().der(), middle().der()}, {record(2, middle())}, names).good());
    CPPUNIT_ASSERT(
        match_tlsa({server().der()}, {TlsaRecord{2, 0, 0, middle().der()}}, names).good());
    CPPUNIT_ASSERT(match_tlsa(full_chain(), {record(2, root())}, {"other.example"}).kind ==
                   ChainKind::kWrongName);
    // The right issuer's name and certificate, but not its signature.
    CPPUNIT_ASSERT(
        !match_tlsa({forged().der(), middle().der()}, {record(2, middle())}, names).good());
    CPPUNIT_ASSERT(!match_tlsa({server().der()}, {record(2, root())}, names).good());
    static const MadeCertificate expired("mx", Kind::kExpiredServer, "mx.example.com", &middle());
    CPPUNIT_ASSERT(match_tlsa({expired.der(), middle().der()}, {record(2, middle())}, names).kind ==
                   ChainKind::kExpired);
  }

  // RFC 7671 §9
  void a_stronger_digest_outdoes_a_weaker_one() {
    const std::string der = server().der();
    const TlsaRecord weak{3, 0, 1, crypto::sha256(der)};
    const TlsaRecord wrong{3, 0, 2, std::string(64, 'x')};
    CPPUNIT_ASSERT(match_tlsa({der}, {weak}, {}).good());
    CPPUNIT_ASSERT(!match_tlsa({der}, {weak, wrong}, {}).good());
  }

  // RFC 8689 §4.2.1
  void requiretls_wants_a_proven_host() {
    question_.require_tls = true;
    const TlsPolicy found = policy();
    expect(TlsLevel::kRefuse, found);
    CPPUNIT_ASSERT(found.is_permanent);
    CPPUNIT_ASSERT_EQUAL(std::string("5.7.10"), found.status);
    promise("testing", "mx.example.com");
    expect(TlsLevel::kVerify, policy());
    CPPUNIT_ASSERT(!tls_->verify({stranger().der()}, policy()).may_send);
    sign_zone();
    question_.tls_optional = true;
    expect(TlsLevel::kVerify, policy());
  }

  // RFC 8689 §4.2.2
  void tls_required_no_overrides_policies() {
    question_.tls_optional = true;
    promise("enforce", "other.example.com");
    sign_zone();
    publish(3, 1, 1, std::string(32, 'x'));
    expect(TlsLevel::kOpportunistic, policy());
  }

  void chains_are_judged_by_what_is_wrong() {
    using ChainKind = net::ChainVerdict::Kind;
    const auto trust = net::TrustStore::load(folder_.file("ca.pem")).value();
    CPPUNIT_ASSERT(trust->verify(full_chain(), {"x.example", "MX.example.com"}).good());
    CPPUNIT_ASSERT(trust->verify(full_chain(), {"x.example"}).kind == ChainKind::kWrongName);
    CPPUNIT_ASSERT(trust->verify({server().der()}, {}).kind == ChainKind::kUntrusted);
    CPPUNIT_ASSERT(trust->verify({"nonsense"}, {}).kind == ChainKind::kBroken);
    CPPUNIT_ASSERT(trust->verify({}, {}).kind == ChainKind::kBroken);
    const net::CertificateChain endless(100, server().der());
    CPPUNIT_ASSERT(trust->verify(endless, {}).kind == ChainKind::kBroken);
    static const MadeCertificate expired("mx", Kind::kExpiredServer, "mx.example.com", &middle());
    CPPUNIT_ASSERT(trust->verify({expired.der(), middle().der()}, {}).kind == ChainKind::kExpired);
    // A common name is no name (RFC 8461 §4.1).
    static const MadeCertificate nameless("mx.example.com", Kind::kServer, "", &middle());
    CPPUNIT_ASSERT(trust->verify({nameless.der(), middle().der()}, {"mx.example.com"}).kind ==
                   ChainKind::kWrongName);
    static const MadeCertificate wild("w", Kind::kServer, "*.example.com", &middle());
    CPPUNIT_ASSERT(trust->verify({wild.der(), middle().der()}, {"mx.example.com"}).good());
    CPPUNIT_ASSERT(!trust->verify({wild.der(), middle().der()}, {"a.mx.example.com"}).good());
    CPPUNIT_ASSERT(!net::TrustStore::load(folder_.file("none.pem")).ok());
  }

  // RFC 8460 §4.4
  void a_result_becomes_a_journal_entry() {
    promise("enforce", "mx.example.com");
    TlsSessionResult result;
    result.mx = "mx.example.com";
    result.result_type = "certificate-expired";
    result.reason = "line\r\nend " + std::string(500, 'x');
    const model::JournalEntry entry = tls_result_entry(policy(), result);
    CPPUNIT_ASSERT_EQUAL(std::string("tls.result"), entry.event);
    CPPUNIT_ASSERT_EQUAL(std::string("sts"), entry.fields.at("policy-type"));
    CPPUNIT_ASSERT_EQUAL(std::string("mx.example.com"), entry.fields.at("mx-patterns"));
    CPPUNIT_ASSERT_EQUAL(std::string("certificate-expired"), entry.fields.at("result"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{200}, entry.fields.at("reason").size());
    CPPUNIT_ASSERT(entry.fields.at("reason").find('\n') == std::string::npos);
    CPPUNIT_ASSERT_EQUAL(std::string("success"),
                         tls_result_entry(policy(), {}).fields.at("result"));
    TlsPolicy troubled = policy();
    troubled.trouble = "sts-policy-fetch-error";
    CPPUNIT_ASSERT_EQUAL(troubled.trouble, tls_result_entry(troubled, {}).fields.at("result"));
    CPPUNIT_ASSERT_EQUAL(result.result_type,
                         tls_result_entry(troubled, result).fields.at("result"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TlsPolicyTest);

}  // namespace
}  // namespace fwd::mailauth
