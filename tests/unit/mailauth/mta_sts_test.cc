// MTA-STS: record, policy file, matching, and the life of a policy.
#include "mailauth/route/mta_sts.h"

#include <cppunit/extensions/HelperMacros.h>

#include "finish.h"
#include "support/memory_state.h"
#include "unit/net/scripted_resolver.h"

namespace fwd::mailauth {
namespace {

using net::DnsType;

constexpr const char* kFile =
    "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\n"
    "max_age: 604800\r\n";

// A web server that a test fills.
struct Web {
  Outcome<std::string> file = Failure{Fault::kUnavailable, "", "down"};
  int asked = 0;
  Event* gate = nullptr;
};

Task<Outcome<std::string>> get(Web& web) {
  ++web.asked;
  if (web.gate != nullptr) co_await web.gate->wait();
  co_return web.file;
}

class MtaStsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(MtaStsTest);
  CPPUNIT_TEST(records_are_read_by_the_grammar);
  CPPUNIT_TEST(policies_are_read_by_the_grammar);
  CPPUNIT_TEST(policies_that_are_not_valid_are_refused);
  CPPUNIT_TEST(a_pattern_stands_for_one_label);
  CPPUNIT_TEST(a_policy_is_fetched_once_and_kept);
  CPPUNIT_TEST(a_new_id_is_fetched);
  CPPUNIT_TEST(a_known_policy_goes_on_when_the_record_is_gone);
  CPPUNIT_TEST(a_known_policy_goes_on_when_the_fetch_fails);
  CPPUNIT_TEST(a_policy_that_could_not_be_read_is_not_forgotten);
  CPPUNIT_TEST(a_failed_fetch_waits_five_minutes);
  CPPUNIT_TEST(failures_have_their_words);
  CPPUNIT_TEST(a_policy_is_renewed_once_a_day_and_ends_at_last);
  CPPUNIT_TEST(side_by_side_one_fetch_will_do);
  CPPUNIT_TEST(a_cancelled_fetch_lets_the_next_one_try);
  CPPUNIT_TEST_SUITE_END();

  HandClock clock_;
  test::MemoryState state_{clock_};
  test::ScriptedResolver dns_;
  Web web_;
  StsPolicies policies_{dns_, state_, clock_, [this](const std::string&) { return get(web_); }};

  void publish(const std::string& id, const std::string& file = kFile) {
    dns_.forget("_mta-sts.example.com", DnsType::kTxt);
    dns_.txt("_mta-sts.example.com", "v=STSv1; id=" + id + ";");
    web_.file = file;
  }
  StsAnswer find() { return test::finish(policies_.find("example.com")).value(); }

 public:
  // RFC 8461 §3.1
  void records_are_read_by_the_grammar() {
    using Texts = std::vector<std::string>;
    CPPUNIT_ASSERT(parse_sts_record(Texts{"v=STSv1; id=20160831085700Z;"}) == "20160831085700Z");
    CPPUNIT_ASSERT(parse_sts_record(Texts{"v=STSv1 ;id=1;new=x", "v=spf1 -all"}) == "1");
    CPPUNIT_ASSERT(!parse_sts_record(Texts{"v=STSv1; id=1", "v=STSv1; id=1"}));
    for (const char* bad : {"v=STSv1", "v=STSv1;", "v=STSv1; id=;", "v=STSv1; id=a-b;",
                            "v=STSv10; id=1;", " v=STSv1; id=1;", "id=1; v=STSv1;", "",
                            "v=STSv1; id=123456789012345678901234567890123;"})
      CPPUNIT_ASSERT_MESSAGE(bad, !parse_sts_record(Texts{bad}));
  }

  // RFC 8461 §3.2
  void policies_are_read_by_the_grammar() {
    const auto policy = parse_sts_policy(kFile);
    CPPUNIT_ASSERT(policy.ok());
    CPPUNIT_ASSERT(policy.value().mode == StsMode::kEnforce);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{604800}, policy.value().max_age.count());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, policy.value().patterns.size());
    const auto again = parse_sts_policy(join(sts_lines(policy.value()), "\n"));
    CPPUNIT_ASSERT(again.ok() && again.value().patterns == policy.value().patterns);
    const auto loose = parse_sts_policy(
        "version:STSv1 \nmode:  testing\nmode: none\nnew: thing\nmx: A.Example\nmax_age: "
        "9999999999");
    CPPUNIT_ASSERT(loose.ok() && loose.value().mode == StsMode::kTesting);
    CPPUNIT_ASSERT_EQUAL(std::string("a.example"), loose.value().patterns[0]);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{31557600}, loose.value().max_age.count());
    CPPUNIT_ASSERT(parse_sts_policy("version: STSv1\nmode: none\nmax_age: 1\n").ok());
  }

  void policies_that_are_not_valid_are_refused() {
    const std::string many = [] {
      std::string file = "version: STSv1\nmode: enforce\nmax_age: 1\n";
      for (int i = 0; i < 101; ++i) file += "mx: a.example\n";
      return file;
    }();
    for (const std::string& bad :
         {std::string(), std::string("<html>"), many,
          std::string("version: STSv2\nmode: none\nmax_age: 1\n"),
          std::string("version: STSv1\nmode: enforce\nmax_age: 1\n"),
          std::string("version: STSv1\nmode: strict\nmx: a.b\nmax_age: 1\n"),
          std::string("version: STSv1\nmode: enforce\nmx: a.b\n"),
          std::string("version: STSv1\nmode: enforce\nmx: a.b\nmax_age: -1\n"),
          std::string("version: STSv1\nmode: enforce\nmx: a.b\nmax_age: 12345678901\n"),
          std::string("version: STSv1\nmode: enforce\nmx: a.*.b\nmax_age: 1\n"),
          std::string("version: STSv1\nmode: enforce\nmx: a b\nmax_age: 1\n"),
          std::string("version: STSv1\nmode: none\nmax_age: 1\nx: \xff\n")}) {
      const auto policy = parse_sts_policy(bad);
      CPPUNIT_ASSERT_MESSAGE(bad.substr(0, 60), !policy.ok());
      CPPUNIT_ASSERT(policy.failure().fault == Fault::kBadInput);
    }
  }

  // RFC 8461 §4.1
  void a_pattern_stands_for_one_label() {
    const StsPolicy policy = parse_sts_policy(kFile).value();
    CPPUNIT_ASSERT(sts_matches(policy, "Mail.Example.com"));
    CPPUNIT_ASSERT(sts_matches(policy, "mx1.example.net."));
    CPPUNIT_ASSERT(!sts_matches(policy, "example.net"));
    CPPUNIT_ASSERT(!sts_matches(policy, "a.b.example.net"));
    CPPUNIT_ASSERT(!sts_matches(policy, ".example.net"));
    CPPUNIT_ASSERT(!sts_matches(policy, "other.example.com"));
    CPPUNIT_ASSERT(!sts_matches(policy, ""));
  }

  void a_policy_is_fetched_once_and_kept() {
    publish("1");
    for (int i = 0; i < 3; ++i) {
      const StsAnswer answer = find();
      CPPUNIT_ASSERT(answer.policy && answer.policy->mode == StsMode::kEnforce);
      CPPUNIT_ASSERT_EQUAL(std::string(), answer.trouble);
    }
    CPPUNIT_ASSERT_EQUAL(1, web_.asked);
    CPPUNIT_ASSERT(!test::finish(policies_.find("other.example")).value().policy);
    CPPUNIT_ASSERT_EQUAL(1, web_.asked);
  }

  void a_new_id_is_fetched() {
    publish("1");
    find();
    publish("2", "version: STSv1\nmode: none\nmax_age: 100\n");
    CPPUNIT_ASSERT(find().policy->mode == StsMode::kNone);
    CPPUNIT_ASSERT_EQUAL(2, web_.asked);
  }

  // RFC 8461 §5.1
  void a_known_policy_goes_on_when_the_record_is_gone() {
    publish("1");
    find();
    dns_.forget("_mta-sts.example.com", DnsType::kTxt);
    CPPUNIT_ASSERT(find().policy);
    dns_.fail("_mta-sts.example.com", DnsType::kTxt);
    CPPUNIT_ASSERT(find().policy);
    clock_.turn(std::chrono::hours(24 * 8));
    CPPUNIT_ASSERT(!find().policy);
  }

  void a_known_policy_goes_on_when_the_fetch_fails() {
    publish("1");
    find();
    publish("2");
    web_.file = Failure{Fault::kUnavailable, "", "down"};
    const StsAnswer answer = find();
    CPPUNIT_ASSERT(answer.policy && answer.policy->mode == StsMode::kEnforce);
    CPPUNIT_ASSERT_EQUAL(std::string("sts-policy-fetch-error"), answer.trouble);
    clock_.turn(std::chrono::hours(24 * 8));
    CPPUNIT_ASSERT(!find().policy);
  }

  void a_policy_that_could_not_be_read_is_not_forgotten() {
    publish("1");
    find();
    state_.is_away = true;
    dns_.forget("_mta-sts.example.com", DnsType::kTxt);  // as who is in between would have it
    CPPUNIT_ASSERT(!test::finish(policies_.find("example.com")).ok());
    publish("2");
    web_.file = Failure{Fault::kUnavailable, "", "down"};
    CPPUNIT_ASSERT(!test::finish(policies_.find("example.com")).ok());
    CPPUNIT_ASSERT_EQUAL(1, web_.asked);
    state_.is_away = false;
    const StsAnswer answer = find();
    CPPUNIT_ASSERT(answer.policy && answer.policy->mode == StsMode::kEnforce);
  }

  // RFC 8461 §3.3
  void a_failed_fetch_waits_five_minutes() {
    publish("1");
    web_.file = Failure{Fault::kUnavailable, "", "down"};
    CPPUNIT_ASSERT(!find().policy);
    CPPUNIT_ASSERT_EQUAL(std::string("sts-policy-fetch-error"), find().trouble);
    CPPUNIT_ASSERT_EQUAL(1, web_.asked);
    clock_.turn(std::chrono::seconds(301));
    web_.file = std::string(kFile);
    CPPUNIT_ASSERT(find().policy);
    CPPUNIT_ASSERT_EQUAL(2, web_.asked);
  }

  // RFC 8460 §4.3.2.2
  void failures_have_their_words() {
    publish("1");
    web_.file = Failure{Fault::kDenied, "", "certificate"};
    CPPUNIT_ASSERT_EQUAL(std::string("sts-webpki-invalid"), find().trouble);
    publish("2", "nonsense");
    CPPUNIT_ASSERT_EQUAL(std::string("sts-policy-invalid"), find().trouble);
  }

  // RFC 8461 §10.2
  void a_policy_is_renewed_once_a_day_and_ends_at_last() {
    publish("1");
    find();
    for (int day = 1; day <= 10; ++day) {
      clock_.turn(std::chrono::hours(25));
      CPPUNIT_ASSERT(find().policy);
      CPPUNIT_ASSERT_EQUAL(1 + day, web_.asked);
    }
    web_.file = Failure{Fault::kUnavailable, "", "down"};
    for (int day = 1; day <= 6; ++day) {
      clock_.turn(std::chrono::hours(24));
      CPPUNIT_ASSERT(find().policy);
    }
    clock_.turn(std::chrono::hours(25));
    CPPUNIT_ASSERT(!find().policy);
  }

  void side_by_side_one_fetch_will_do() {
    Event gate;
    web_.gate = &gate;
    publish("1");
    auto one = policies_.find("example.com");
    auto two = policies_.find("example.com");
    CPPUNIT_ASSERT(!one.start(std::noop_coroutine()) && !two.start(std::noop_coroutine()));
    gate.set();
    run_ready();
    CPPUNIT_ASSERT(one.done() && two.done());
    CPPUNIT_ASSERT(one.take().value().policy && two.take().value().policy);
    CPPUNIT_ASSERT_EQUAL(1, web_.asked);
  }

  void a_cancelled_fetch_lets_the_next_one_try() {
    Event gate;
    web_.gate = &gate;
    publish("1");
    auto one = policies_.find("example.com");
    auto two = policies_.find("example.com");
    CPPUNIT_ASSERT(!one.start(std::noop_coroutine()) && !two.start(std::noop_coroutine()));
    one.reset();
    run_ready();
    gate.set();
    run_ready();
    CPPUNIT_ASSERT(two.done() && two.take().value().policy);
    CPPUNIT_ASSERT_EQUAL(2, web_.asked);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MtaStsTest);

}  // namespace
}  // namespace fwd::mailauth
