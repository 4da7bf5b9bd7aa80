// How many keys one message makes us ask for, and how many at once.
#include "mailauth/signatures/key_ring.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <optional>
#include <set>

#include "core/ready.h"
#include "mailauth/signatures/message_verifier.h"
#include "unit/mailauth/finish.h"
#include "unit/mailauth/sealed_mail.h"
#include "unit/net/scripted_resolver.h"

namespace fwd::mailauth {
namespace {

constexpr std::int64_t kNow = test::kSealedAt;

const std::string kPlain = "From: a@b.example\r\nSubject: x\r\n\r\nbody\r\n";

// Names below slow.example wait until they are let go, and have no answer then.
class SlowResolver final : public net::Resolver {
 public:
  explicit SlowResolver(net::Resolver& others) : others_(others) {}

  Task<Outcome<net::DnsAnswer>> resolve(std::string name, net::DnsType type) override {
    ++questions;
    names.insert(name);
    if (!name.ends_with(".slow.example")) {
      auto asking = others_.resolve(name, type);
      co_return co_await asking;
    }
    const Waiting one(waiting);
    most_waiting = std::max(most_waiting, waiting);
    co_await let_go_.wait();
    co_return Failure{Fault::kTimeout, "DNS is not available", name + ": no answer"};
  }
  // Lets go who waits now; those who come then wait again.
  void let_go() {
    let_go_.pulse();
    run_ready();
  }

  int questions = 0, waiting = 0, most_waiting = 0;
  std::set<std::string> names;

 private:
  struct Waiting {
    explicit Waiting(int& of) : count(of) { ++count; }
    ~Waiting() { --count; }
    int& count;
  };
  net::Resolver& others_;
  Event let_go_;
};

class KeyRingTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(KeyRingTest);
  CPPUNIT_TEST(many_names_of_a_slow_zone_are_few_questions);
  CPPUNIT_TEST(a_chain_whose_newest_set_does_not_hold_asks_for_no_other);
  CPPUNIT_TEST(a_chain_of_no_order_asks_for_nothing);
  CPPUNIT_TEST(a_slow_newest_set_is_one_question);
  CPPUNIT_TEST(what_is_beyond_the_bound_has_a_clear_result);
  CPPUNIT_TEST(one_key_of_many_signatures_is_one_question);
  CPPUNIT_TEST(who_is_cancelled_leaves_his_question_to_others);
  CPPUNIT_TEST_SUITE_END();

  test::ScriptedResolver dns_;
  SlowResolver slow_{dns_};

  void publish(const std::string& domain) {
    dns_.txt("r._domainkey." + domain, test::rsa_test_key().record);
  }
  // So many sets under names of their own; the last is of `newest`.
  static std::string chain_of(std::size_t sets, const std::string& zone,
                              const std::string& newest) {
    std::string message = kPlain;
    for (std::size_t i = 1; i <= sets; ++i)
      message = test::sealed_by(message, i == sets ? newest : "d" + std::to_string(i) + "." + zone,
                                i == 1 ? ArcVerdict::kNone : ArcVerdict::kPass);
    return message;
  }
  static std::string with_signatures(std::string message, int count, const std::string& zone) {
    for (int i = 0; i < count; ++i)
      message = test::signed_by(
          test::rsa_test_key().secret,
          "v=1; a=rsa-sha256; d=k" + std::to_string(i) + "." + zone + "; s=r; h=from; bh=%B; b=%S",
          message);
    return message;
  }
  struct Both {
    std::optional<std::vector<DkimResult>> dkim;
    std::optional<ArcResult> arc;
  };
  // As they are asked for one message, side by side.
  static Task<void> verify_dkim(const MessageVerifier& verifier,
                                std::shared_ptr<const MessageView> message,
                                std::shared_ptr<KeyRing> ring, Both& both) {
    auto asking = verifier.verify_dkim(std::move(message), kNow, std::move(ring));
    both.dkim = co_await asking;
  }
  static Task<void> verify_arc(const MessageVerifier& verifier,
                               std::shared_ptr<const MessageView> message,
                               std::shared_ptr<KeyRing> ring, Both& both) {
    auto asking = verifier.verify_arc(std::move(message), kNow, std::move(ring));
    both.arc = co_await asking;
  }
  Both verify(const std::string& message, AuthLimits limits = {}) {
    const MessageVerifier verifier(slow_, run_inline, limits);
    const auto view = MessageView::read(message);
    const auto ring = verifier.make_ring();
    Both both;
    auto dkim = verify_dkim(verifier, view, ring, both);
    auto arc = verify_arc(verifier, view, ring, both);
    dkim.start(std::noop_coroutine());
    arc.start(std::noop_coroutine());
    run_ready();
    for (int rounds = 0; rounds < 100 && slow_.waiting > 0; ++rounds) slow_.let_go();
    CPPUNIT_ASSERT(dkim.done() && arc.done());
    return both;
  }

 public:
  void many_names_of_a_slow_zone_are_few_questions() {
    publish("fast.example");  // so that there is a reason to look at the others
    const Both both =
        verify(with_signatures(chain_of(50, "slow.example", "fast.example"), 60, "slow.example"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{20}, slow_.names.size());
    CPPUNIT_ASSERT_EQUAL(20, slow_.questions);
    CPPUNIT_ASSERT_EQUAL(8, slow_.most_waiting);
    CPPUNIT_ASSERT_EQUAL(std::size_t{8}, both.dkim->size());
    for (const DkimResult& one : *both.dkim)
      CPPUNIT_ASSERT_EQUAL(std::string("temperror"), std::string(dkim_word(one.verdict)));
    CPPUNIT_ASSERT(both.arc->verdict == ArcVerdict::kFail && both.arc->is_temporary);
  }

  void a_chain_whose_newest_set_does_not_hold_asks_for_no_other() {  // RFC 8617 §5.2
    publish("fast.example");
    const std::string message = chain_of(50, "slow.example", "fast.example");
    Both both = verify(message + "more\r\n");
    CPPUNIT_ASSERT_EQUAL(1, slow_.questions);
    CPPUNIT_ASSERT_EQUAL(std::string("ARC-Message-Signature of set 50: the body was changed"),
                         both.arc->problem);
    CPPUNIT_ASSERT(!both.arc->is_temporary);
    CPPUNIT_ASSERT_EQUAL(std::size_t{50}, both.arc->domains.size());
    std::string other = message;
    other.replace(other.find("i=7; mx.d7."), 11, "i=7; mx.e7.");
    both = verify(other);
    CPPUNIT_ASSERT_EQUAL(2, slow_.questions);
    CPPUNIT_ASSERT_EQUAL(std::string("ARC-Seal of set 50: the sets were changed"),
                         both.arc->problem);
  }

  void a_chain_of_no_order_asks_for_nothing() {
    const std::string message = chain_of(9, "slow.example", "fast.example");
    CPPUNIT_ASSERT(verify("ARC-Seal: i=9\r\n" + message).arc->verdict == ArcVerdict::kFail);
    CPPUNIT_ASSERT(verify(message.substr(message.find("ARC-Message"))).arc->verdict ==
                   ArcVerdict::kFail);
    CPPUNIT_ASSERT_EQUAL(0, slow_.questions);
  }

  void a_slow_newest_set_is_one_question() {
    const Both both = verify(chain_of(50, "slow.example", "d50.slow.example"));
    CPPUNIT_ASSERT_EQUAL(1, slow_.questions);
    CPPUNIT_ASSERT(both.arc->verdict == ArcVerdict::kFail && both.arc->is_temporary);
  }

  void what_is_beyond_the_bound_has_a_clear_result() {
    for (int i = 1; i < 30; ++i) publish("d" + std::to_string(i) + ".fast.example");
    publish("fast.example");
    const std::string message = chain_of(30, "fast.example", "fast.example");
    Both both = verify(message);
    CPPUNIT_ASSERT_EQUAL(std::size_t{20}, slow_.names.size());
    // Nobody's DNS is to blame, and nobody need come again.
    CPPUNIT_ASSERT(both.arc->verdict == ArcVerdict::kFail && !both.arc->is_temporary);
    CPPUNIT_ASSERT_EQUAL(
        std::string("ARC-Seal of set 10: the message names more keys than are asked for"),
        both.arc->problem);
    AuthLimits limits;
    limits.keys = 30;
    both = verify(message, limits);
    CPPUNIT_ASSERT_EQUAL(std::string(), both.arc->problem);
    CPPUNIT_ASSERT(both.arc->verdict == ArcVerdict::kPass);
    limits.keys = 2;
    for (int i = 0; i < 3; ++i) publish("k" + std::to_string(i) + ".fast.example");
    both = verify(with_signatures(kPlain, 3, "fast.example"), limits);
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), std::string(dkim_word(both.dkim->at(1).verdict)));
    CPPUNIT_ASSERT_EQUAL(std::string("policy"), std::string(dkim_word(both.dkim->at(2).verdict)));
    CPPUNIT_ASSERT_EQUAL(std::string("the message names more keys than are asked for"),
                         both.dkim->at(2).problem);
  }

  void one_key_of_many_signatures_is_one_question() {
    publish("k0.fast.example");
    const std::string first = with_signatures(kPlain, 1, "fast.example");
    const std::string message = test::sealed_by(with_signatures(first, 1, "fast.example"),
                                                "k0.fast.example", ArcVerdict::kNone);
    const Both both = verify(message);
    CPPUNIT_ASSERT_EQUAL(1, slow_.questions);
    CPPUNIT_ASSERT(both.arc->verdict == ArcVerdict::kPass);
    for (const DkimResult& one : *both.dkim) CPPUNIT_ASSERT(one.verdict == DkimVerdict::kPass);
  }

  void who_is_cancelled_leaves_his_question_to_others() {
    KeyRing ring(slow_, 20, 1);
    Signature first, second;
    first.domain = second.domain = "slow.example";
    first.selector = "a";
    second.selector = "b";
    std::optional<Task<void>> cancelled = ring.fetch({&first, &second});
    cancelled->start(std::noop_coroutine());
    auto fetching = ring.fetch({&first, &second});
    fetching.start(std::noop_coroutine());
    run_ready();
    CPPUNIT_ASSERT_EQUAL(1, slow_.waiting);
    cancelled.reset();
    run_ready();
    CPPUNIT_ASSERT_EQUAL(1, slow_.waiting);
    while (slow_.waiting > 0) slow_.let_go();
    CPPUNIT_ASSERT(fetching.done());
    CPPUNIT_ASSERT_EQUAL(3, slow_.questions);
    CPPUNIT_ASSERT_EQUAL(1, slow_.most_waiting);
    CPPUNIT_ASSERT(ring.key_of(second).trouble == DkimKey::Trouble::kTemporary);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(KeyRingTest);

}  // namespace
}  // namespace fwd::mailauth
