// Lists in the DNS (RFC 5782 §2).
#include "service/inbound/dns_lists.h"

#include <cppunit/extensions/HelperMacros.h>

#include "unit/mailauth/finish.h"
#include "unit/net/scripted_resolver.h"

namespace fwd::test {
namespace {

using net::DnsType;

// Answers for one name never come.
class SlowResolver final : public net::Resolver {
 public:
  explicit SlowResolver(Clock& clock) : clock_(clock) {}
  Task<Outcome<net::DnsAnswer>> resolve(std::string, DnsType) override {
    co_await clock_.sleep(std::chrono::hours(1));
    co_return net::DnsAnswer{};
  }

 private:
  Clock& clock_;
};

}  // namespace

class DnsListsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DnsListsTest);
  CPPUNIT_TEST(lists_are_read_with_points);
  CPPUNIT_TEST(addresses_are_asked_for_backwards);
  CPPUNIT_TEST(points_add_up_and_good_lists_take_off);
  CPPUNIT_TEST(a_list_may_refuse_with_its_reason);
  CPPUNIT_TEST(what_is_no_entry_counts_for_nothing);
  CPPUNIT_TEST(a_list_that_is_away_says_nothing);
  CPPUNIT_TEST(a_list_that_is_slow_is_not_waited_for);
  CPPUNIT_TEST(nobody_is_asked_about_networks_of_our_own);
  CPPUNIT_TEST_SUITE_END();

  HandClock clock_;
  ScriptedResolver dns_;
  std::vector<std::string> faults_;

  service::DnsListVerdict ask(const std::vector<std::string>& block,
                              const std::vector<std::string>& allow = {},
                              const std::string& ip = "203.0.113.7") {
    service::DnsListOptions options;
    options.lists = service::read_dns_lists(block, allow, faults_);
    return finish(service::ask_dns_lists(dns_, clock_, std::move(options), ip));
  }

 public:
  void lists_are_read_with_points() {
    const auto lists = service::read_dns_lists(
        {"Zen.Example.", "b.example=3.5", "c.example=refuse", "d.example=-1", "local",
         "e.example="},
        {"good.example", "better.example=0.25", "best.example=refuse"}, faults_);
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, faults_.size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{5}, lists.size());
    CPPUNIT_ASSERT(lists[0].zone == "zen.example" && lists[0].points == 5 && !lists[0].refuses);
    CPPUNIT_ASSERT(lists[1].points == 3.5 && lists[2].refuses);
    CPPUNIT_ASSERT(lists[3].points == -5 && lists[4].points == -0.25);
    const std::vector<std::string> many(100, "a.example");
    CPPUNIT_ASSERT_EQUAL(std::size_t{40}, service::read_dns_lists(many, {}, faults_).size());
  }

  void addresses_are_asked_for_backwards() {
    CPPUNIT_ASSERT_EQUAL(std::string("2.0.0.127.bad.example"),
                         service::dns_list_name("127.0.0.2", "bad.example"));
    CPPUNIT_ASSERT_EQUAL(
        std::string("b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.bad.example"),
        service::dns_list_name("2001:db8::567:89ab", "bad.example"));
    CPPUNIT_ASSERT_EQUAL(std::string(""), service::dns_list_name("host.test", "bad.example"));
  }

  void points_add_up_and_good_lists_take_off() {
    dns_.a("7.113.0.203.one.example", "127.0.0.2");
    dns_.a("7.113.0.203.two.example", "127.0.0.4");
    dns_.a("7.113.0.203.good.example", "127.0.5.1");
    auto verdict = ask({"one.example=2", "two.example=1.5", "none.example"}, {"good.example=1"});
    CPPUNIT_ASSERT_EQUAL(2.5, verdict.finding.points);
    CPPUNIT_ASSERT_EQUAL(std::string("listed"), verdict.finding.result);
    CPPUNIT_ASSERT_EQUAL(
        std::string("one.example 127.0.0.2, two.example 127.0.0.4, good.example 127.0.5.1"),
        verdict.finding.why);
    CPPUNIT_ASSERT(!verdict.refusal && verdict.troubles.empty());
    CPPUNIT_ASSERT_EQUAL(std::string("known"), ask({}, {"good.example"}).finding.result);
    CPPUNIT_ASSERT_EQUAL(std::string("none"), ask({"none.example"}).finding.result);
  }

  void a_list_may_refuse_with_its_reason() {
    dns_.a("7.113.0.203.hard.example", "127.0.0.3");
    dns_.txt("7.113.0.203.hard.example",
             "see https://hard.example/\r\n250 ok\xff" + std::string(500, 'x'));
    const auto verdict = ask({"soft.example", "hard.example=refuse"});
    CPPUNIT_ASSERT(verdict.refusal && verdict.refusal->code == 554);
    CPPUNIT_ASSERT_EQUAL(std::string("5.7.1"), verdict.refusal->enhanced);
    const std::string& text = verdict.refusal->text;
    CPPUNIT_ASSERT(text.find("hard.example: see https://hard.example/??250 ok?x") !=
                   std::string::npos);
    CPPUNIT_ASSERT(text.size() < 300);
  }

  void what_is_no_entry_counts_for_nothing() {
    dns_.a("7.113.0.203.sold.example", "198.51.100.1");
    dns_.a("7.113.0.203.full.example", "127.255.255.254");
    dns_.a("7.113.0.203.full.example", "127.0.0.2");
    dns_.a("7.113.0.203.good.example", "127.0.0.255");
    dns_.exists("7.113.0.203.empty.example");
    const auto verdict = ask({"sold.example=refuse", "full.example=refuse", "empty.example=refuse"},
                             {"good.example"});
    CPPUNIT_ASSERT(verdict.hits.empty() && !verdict.refusal && verdict.finding.points == 0);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, verdict.troubles.size() - 1);
    CPPUNIT_ASSERT(verdict.troubles[1].find("refuses our resolver") != std::string::npos);
  }

  void a_list_that_is_away_says_nothing() {
    dns_.fail("7.113.0.203.away.example", DnsType::kA);
    dns_.a("7.113.0.203.one.example", "127.0.0.2");
    dns_.fail("7.113.0.203.one.example", DnsType::kTxt);
    const auto verdict = ask({"away.example=refuse", "one.example=2"});
    CPPUNIT_ASSERT_EQUAL(2.0, verdict.finding.points);
    CPPUNIT_ASSERT_EQUAL(std::string("away.example: SERVFAIL"), verdict.troubles.at(0));
    CPPUNIT_ASSERT(!verdict.refusal && verdict.hits.at(0).reason.empty());
  }

  void a_list_that_is_slow_is_not_waited_for() {
    SlowResolver slow(clock_);
    service::DnsListOptions options;
    options.lists = service::read_dns_lists({"slow.example=refuse", "b.example"}, {}, faults_);
    std::optional<service::DnsListVerdict> verdict;
    auto work =
        keep(service::ask_dns_lists(slow, clock_, std::move(options), "203.0.113.7"), verdict);
    work.start(std::noop_coroutine());
    clock_.turn(std::chrono::milliseconds(4999));
    CPPUNIT_ASSERT(!verdict);
    clock_.turn(std::chrono::milliseconds(1));
    run_ready();
    CPPUNIT_ASSERT(verdict && verdict->hits.empty() && verdict->troubles.size() == 2);
  }

  void nobody_is_asked_about_networks_of_our_own() {
    dns_.a("9.0.0.10.one.example", "127.0.0.2");
    for (const char* ip : {"10.0.0.9", "127.0.0.1", "", "::1"})
      CPPUNIT_ASSERT(ask({"one.example"}, {}, ip).hits.empty());
    CPPUNIT_ASSERT_EQUAL(0, dns_.asked("9.0.0.10.one.example", DnsType::kA));
  }

 private:
  static Task<void> keep(Task<service::DnsListVerdict> work,
                         std::optional<service::DnsListVerdict>& into) {
    service::DnsListVerdict verdict = co_await work;
    into.emplace(std::move(verdict));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DnsListsTest);

}  // namespace fwd::test
