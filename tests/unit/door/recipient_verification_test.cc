// Recipients elsewhere are asked by mail, and agree by answering it.
#include "door/recipient_verification.h"

#include <cppunit/extensions/HelperMacros.h>

#include "core/all_of.h"
#include "core/text.h"
#include "model/question_address.h"
#include "tests/unit/door/sending_scene.h"

namespace fwd::door {
namespace {

const WallTime kNow{std::chrono::seconds(1'767'225'600)};
constexpr std::chrono::hours kDay{24};
constexpr const char* kId = "65a1b2c3d4e5f60718293a4b";
using Strings = std::vector<std::string>;

class RecipientVerificationTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(RecipientVerificationTest);
  CPPUNIT_TEST(a_token_names_one_recipient);
  CPPUNIT_TEST(no_letter_of_a_token_can_be_changed);
  CPPUNIT_TEST(a_token_holds_for_thirty_days);
  CPPUNIT_TEST(an_alias_agrees_with_itself);
  CPPUNIT_TEST(who_is_asked_and_answers_is_verified);
  CPPUNIT_TEST(two_who_answer_at_once_are_both_verified);
  CPPUNIT_TEST(who_changes_the_alias_meanwhile_takes_no_answer_back);
  CPPUNIT_TEST(an_answer_counts_once);
  CPPUNIT_TEST(an_alias_that_is_disabled_asks_nobody);
  CPPUNIT_TEST(logs_do_not_have_the_token);
  CPPUNIT_TEST_SUITE_END();

  VerificationTokens tokens_{mailbox::key_of('k')};

  static model::Alias alias() {
    model::Alias made;
    made.id = kId;
    made.recipients = {"ann@far.test", "bob@far.test", "own@example.test"};
    made.has_recipient_verification = true;
    return made;
  }

 public:
  void a_token_names_one_recipient() {
    const std::string token = tokens_.make(kId, "bob@far.test", kNow);
    CPPUNIT_ASSERT(token.size() <= 64 && model::is_question(token));  // RFC 5321 §4.5.3.1.1
    CPPUNIT_ASSERT(token.find("bob") == std::string::npos);
    CPPUNIT_ASSERT_EQUAL(std::string(kId), VerificationTokens::alias_of(token, kNow));
    CPPUNIT_ASSERT_EQUAL(std::string("bob@far.test"), tokens_.open(token, alias(), kNow));
    CPPUNIT_ASSERT_EQUAL(std::string("bob@far.test"), tokens_.open(to_upper(token), alias(), kNow));
    CPPUNIT_ASSERT_EQUAL(std::string("bob@far.test"), tokens_.open(to_lower(token), alias(), kNow));
    model::Alias without = alias();
    without.recipients = {"ann@far.test"};
    CPPUNIT_ASSERT_EQUAL(std::string(), tokens_.open(token, without, kNow));
    model::Alias other = alias();
    other.id[0] = '7';
    CPPUNIT_ASSERT_EQUAL(std::string(), tokens_.open(token, other, kNow));
    const VerificationTokens stranger(mailbox::key_of('x'));
    CPPUNIT_ASSERT_EQUAL(std::string(), stranger.open(token, alias(), kNow));
  }

  void no_letter_of_a_token_can_be_changed() {
    const std::string token = tokens_.make(kId, "bob@far.test", kNow);
    for (std::size_t at = 0; at < token.size(); ++at) {
      std::string forged = token;
      forged[at] = forged[at] == '7' ? '6' : '7';
      CPPUNIT_ASSERT_MESSAGE(forged, tokens_.open(forged, alias(), kNow).empty());
      CPPUNIT_ASSERT(tokens_.open(token.substr(0, at), alias(), kNow).empty());
    }
    for (const char* nonsense : {"", "verify=", "verify===", "verify=a=b=c", "verify=a=b=c=d"})
      CPPUNIT_ASSERT(VerificationTokens::alias_of(nonsense, kNow).empty());
  }

  void a_token_holds_for_thirty_days() {
    const std::string token = tokens_.make(kId, "bob@far.test", kNow);
    CPPUNIT_ASSERT(!tokens_.open(token, alias(), kNow + 30 * kDay).empty());
    CPPUNIT_ASSERT(tokens_.open(token, alias(), kNow + 31 * kDay).empty());
    CPPUNIT_ASSERT(tokens_.open(token, alias(), kNow - 2 * kDay).empty());
  }

  void an_alias_agrees_with_itself() {
    model::Domain domain;
    domain.name = "example.test";
    model::Alias one = alias();
    one.verified_recipients = {"ann@far.test", "gone@far.test"};
    one.pending_recipients = {"nonsense@far.test"};
    RecipientVerification::settle(one, domain);
    CPPUNIT_ASSERT((one.verified_recipients == Strings{"ann@far.test"}));
    CPPUNIT_ASSERT((one.pending_recipients == Strings{"bob@far.test"}));
    one.has_recipient_verification = false;
    RecipientVerification::settle(one, domain);
    CPPUNIT_ASSERT(one.pending_recipients.empty());
    domain.has_recipient_verification = true;
    RecipientVerification::settle(one, domain);
    CPPUNIT_ASSERT(one.has_recipient_verification && one.pending_recipients.size() == 1);
  }

  void who_is_asked_and_answers_is_verified() {
    SendingScene scene;
    const auto put = [&scene] {
      scene.change_alias([](model::Alias& one) {
        one.recipients = {"bob@far.test"};
        one.has_recipient_verification = true;
      });
    };
    put();
    put();  // never the same mail twice within a day
    const auto claims = scene.claim();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, claims.size());
    const model::Outbound& asked = claims[0].message;
    CPPUNIT_ASSERT(asked.envelope_from.empty());
    CPPUNIT_ASSERT_EQUAL(std::string("bob@far.test"), asked.recipients.at(0).address);
    const std::string address = asked.header_from;
    CPPUNIT_ASSERT(address.starts_with("verify="));
    const auto stored = get(scene.run(scene.door->directory().get_alias(scene.alias.id)));
    CPPUNIT_ASSERT((stored.pending_recipients == Strings{"bob@far.test"}));

    // Asking at RCPT changes nothing.
    const auto found = get(scene.run(scene.door->deliveries().find_recipient(address)));
    CPPUNIT_ASSERT(found.kind == model::RecipientKind::kConfirms);
    CPPUNIT_ASSERT(found.mailboxes.empty() && found.destinations.empty());
    std::string forged = address;
    forged[8] = forged[8] == 'A' ? 'B' : 'A';
    CPPUNIT_ASSERT(get(scene.run(scene.door->deliveries().find_recipient(forged))).kind ==
                   model::RecipientKind::kBadReturnPath);
    assert_fault(Fault::kDenied, scene.run(scene.door->forwarding().confirm_recipient(forged)));
    const auto before = get(scene.run(scene.door->directory().get_alias(scene.alias.id)));
    CPPUNIT_ASSERT(before.verified_recipients.empty());

    assert_ok(scene.run(scene.door->forwarding().confirm_recipient(address)));
    assert_ok(scene.run(scene.door->forwarding().confirm_recipient(address)));
    const auto after = get(scene.run(scene.door->directory().get_alias(scene.alias.id)));
    CPPUNIT_ASSERT((after.verified_recipients == Strings{"bob@far.test"}));
    CPPUNIT_ASSERT(after.pending_recipients.empty());
    const auto leads =
        get(scene.run(scene.door->deliveries().find_recipient("hello@example.test")));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, leads.destinations.size());
  }

  void two_who_answer_at_once_are_both_verified() {
    SendingScene scene;
    put(scene, {"ann@far.test", "bob@far.test"});
    const Strings addresses = questions(scene);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, addresses.size());
    std::vector<Task<Outcome<void>>> answers;
    for (const std::string& address : addresses)
      answers.push_back(scene.door->forwarding().confirm_recipient(address));
    for (const auto& done : scene.run(all_of(std::move(answers))))
      CPPUNIT_ASSERT(done && done->ok());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, stored(scene).verified_recipients.size());
    CPPUNIT_ASSERT(stored(scene).pending_recipients.empty());
  }

  void who_changes_the_alias_meanwhile_takes_no_answer_back() {
    SendingScene scene;
    put(scene, {"bob@far.test"});
    const std::string address = questions(scene).at(0);
    model::Alias old = stored(scene);
    assert_ok(scene.run(scene.door->forwarding().confirm_recipient(address)));
    old.description = "changed by somebody who read it before";
    assert_fault(Fault::kWrongState, scene.run(scene.door->directory().put_alias(std::move(old))));
    CPPUNIT_ASSERT((stored(scene).verified_recipients == Strings{"bob@far.test"}));
  }

  void an_answer_counts_once() {
    SendingScene scene;
    put(scene, {"bob@far.test"});
    const std::string address = questions(scene).at(0);
    assert_ok(scene.run(scene.door->forwarding().confirm_recipient(address)));
    put(scene, {"ann@far.test"});
    assert_fault(Fault::kDenied, scene.run(scene.door->forwarding().confirm_recipient(address)));
    put(scene, {"ann@far.test", "bob@far.test"});
    CPPUNIT_ASSERT(get(scene.run(scene.door->deliveries().find_recipient(address))).kind ==
                   model::RecipientKind::kBadReturnPath);
    assert_fault(Fault::kDenied, scene.run(scene.door->forwarding().confirm_recipient(address)));
    assert_ok(scene.run(flush(*scene.door)));
    scene.open();
    assert_fault(Fault::kDenied, scene.run(scene.door->forwarding().confirm_recipient(address)));
    CPPUNIT_ASSERT(stored(scene).verified_recipients.empty());
  }

  void an_alias_that_is_disabled_asks_nobody() {
    SendingScene scene;
    scene.change_alias([](model::Alias& one) { one.is_enabled = false; });
    put(scene, {"bob@far.test"});
    CPPUNIT_ASSERT(questions(scene).empty());
    scene.change_alias([](model::Alias& one) { one.is_enabled = true; });
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, questions(scene).size());
  }

  void logs_do_not_have_the_token() {
    const std::string token = tokens_.make(kId, "bob@far.test", kNow);
    CPPUNIT_ASSERT_EQUAL(std::string("verify=...@fe-bounces.example.test"),
                         model::loggable_address(token + "@fe-bounces.example.test"));
    for (const char* other : {"bob@far.test", "verify@far.test", "", "verify="})
      CPPUNIT_ASSERT_EQUAL(std::string(other), model::loggable_address(other));
  }

 private:
  static Task<Outcome<void>> flush(Door& door) {
    co_await door.flush();
    co_return Outcome<void>{};
  }
  static void put(SendingScene& scene, const Strings& recipients) {
    scene.change_alias([&recipients](model::Alias& one) {
      one.recipients = recipients;
      one.has_recipient_verification = true;
    });
  }
  static model::Alias stored(SendingScene& scene) {
    return get(scene.run(scene.door->directory().get_alias(scene.alias.id)));
  }
  // The addresses that those want who were asked since the last time.
  static Strings questions(SendingScene& scene) {
    Strings addresses;
    // Asking goes on behind whoever stored the alias.
    for (int i = 0; i < 50; ++i) {
      stored(scene);
      for (const model::Claim& claim : scene.claim())
        addresses.push_back(claim.message.header_from);
    }
    return addresses;
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RecipientVerificationTest);

}  // namespace
}  // namespace fwd::door
