// Forwards, answers to mail, and return paths of strangers, as the door keeps them.
#include <cppunit/extensions/HelperMacros.h>

#include "tests/unit/door/sending_scene.h"

namespace fwd::door {
namespace {

using model::SettleForward;

class DoorForwardingTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DoorForwardingTest);
  CPPUNIT_TEST(a_forward_goes_out_under_a_return_path_of_its_domain);
  CPPUNIT_TEST(a_sender_of_ours_keeps_the_return_path_of_its_own_domain);
  CPPUNIT_TEST(waiting_ends_with_the_destinations_word);
  CPPUNIT_TEST(a_bounce_finds_the_stranger_and_costs_a_credit);
  CPPUNIT_TEST(what_came_back_is_known_to_who_has_the_path);
  CPPUNIT_TEST(the_path_itself_says_whether_an_alias_led_on);
  CPPUNIT_TEST(a_sender_at_a_parent_of_our_domain_is_a_stranger);
  CPPUNIT_TEST(a_path_too_long_is_kept_in_short);
  CPPUNIT_TEST(a_vacation_is_given_while_it_lasts);
  CPPUNIT_TEST(answers_go_out_under_the_aliass_own_address_only);
  CPPUNIT_TEST_SUITE_END();

  SendingScene scene_;

  model::NewForward forward(const std::string& sender = "stranger@far.example") {
    model::NewForward what;
    what.message.envelope_from = sender;
    what.message.content = "From: stranger@far.example\r\n\r\nHello\r\n";
    what.domain_id = scene_.domain.id;
    what.alias_id = scene_.alias.id;
    model::Destination to;
    to.address = "friend@example.org";
    what.destinations = {to};
    what.facts.shown = "hello@example.test";
    return what;
  }
  Outcome<model::Forwarded> hand_over(model::NewForward what) {
    return scene_.run(scene_.door->forwarding().forward(std::move(what)));
  }
  void deliver(const model::Claim& claim) {
    model::Report report;
    report.lease = claim.lease;
    report.message_id = claim.message.id;
    for (const auto& one : claim.message.recipients)
      report.recipients.push_back({one.number, model::RecipientState::kDelivered, {}, 0, false});
    assert_ok(scene_.run(scene_.door->queue().report(report)));
  }
  // The claim of a forward from that sender.
  model::Claim claim_from(const std::string& sender) {
    get(hand_over(forward(sender)));
    auto claims = scene_.claim();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, claims.size());
    return claims[0];
  }
  model::Recipient find(const std::string& address) {
    return get(scene_.run(scene_.door->deliveries().find_recipient(address)));
  }
  Outcome<std::string> answer(const std::string& from, const std::string& alias_id) {
    model::NewReply reply;
    reply.message = scene_.message(from);
    reply.message.envelope_from.clear();
    reply.alias_id = alias_id;
    reply.domain_id = scene_.domain.id;
    return scene_.run(scene_.door->forwarding().send_reply(std::move(reply)));
  }

 public:
  void a_forward_goes_out_under_a_return_path_of_its_domain() {
    const auto claim = claim_from("stranger@far.example");
    CPPUNIT_ASSERT(claim.return_path.starts_with("SRS0="));
    CPPUNIT_ASSERT(claim.return_path.ends_with("=far.example=stranger@fe-bounces.example.test"));
    CPPUNIT_ASSERT(claim.domain == "example.test" && claim.in_session);
    CPPUNIT_ASSERT_EQUAL(scene_.alias.id, claim.message.alias_id);
    CPPUNIT_ASSERT(claim_from("").return_path.empty());
    const auto again = claim_from("SRS0=abc=de=origin.example=joe@hop.example");
    CPPUNIT_ASSERT(again.return_path.starts_with("SRS1="));
    CPPUNIT_ASSERT(again.return_path.ends_with(
        "=hop.example==abc=de=origin.example=joe@fe-bounces.example.test"));
    model::NewForward nowhere = forward();
    nowhere.domain_id = "0123456789abcdef01234567";
    assert_fault(Fault::kNotFound, hand_over(nowhere));
    model::NewForward astray = forward();
    astray.domain_id = scene_.put_domain("second.test").id;
    assert_fault(Fault::kDenied, hand_over(astray));
  }

  void a_sender_of_ours_keeps_the_return_path_of_its_own_domain() {
    scene_.put_domain("second.test");
    const auto claim = claim_from("joe@second.test");
    CPPUNIT_ASSERT(claim.return_path.ends_with("=second.test=joe@fe-bounces.second.test"));
  }

  void waiting_ends_with_the_destinations_word() {
    const std::string id = get(hand_over(forward())).id;
    const auto before =
        get(scene_.run(scene_.door->forwarding().await_forward(id, std::chrono::milliseconds(1))));
    CPPUNIT_ASSERT(before.destinations.at(0).state == model::RecipientState::kWaiting);
    deliver(scene_.claim().at(0));
    const auto after =
        get(scene_.run(scene_.door->forwarding().await_forward(id, std::chrono::minutes(5))));
    CPPUNIT_ASSERT(after.destinations.at(0).state == model::RecipientState::kDelivered);
    assert_ok(scene_.run(scene_.door->forwarding().settle_forward(id, SettleForward::kKeep)));
    assert_fault(Fault::kNotFound, scene_.run(scene_.door->forwarding().settle_forward(
                                       "none", SettleForward::kKeep)));
  }

  void a_bounce_finds_the_stranger_and_costs_a_credit() {
    for (const std::string sender :
         {"stranger@far.example", "SRS0=abc=de=origin.example=joe@hop.example",
          "SRS1=xyz=hop.example==abc=de=origin.example=joe@second.example"}) {
      const auto claim = claim_from(sender);
      // Nothing went out under it yet.
      CPPUNIT_ASSERT(find(claim.return_path).kind == model::RecipientKind::kBadReturnPath);
      model::NewForward early = forward("");
      early.spends = claim.return_path;
      assert_fault(Fault::kDenied, hand_over(early));
      deliver(claim);
      const model::Recipient found = find(claim.return_path);
      CPPUNIT_ASSERT(found.kind == model::RecipientKind::kAccepted && found.is_return_path);
      CPPUNIT_ASSERT_EQUAL(scene_.domain.id, found.domain_id);
      CPPUNIT_ASSERT(found.mailboxes.empty() && found.destinations.size() == 1);
      // What was forwarded twice before comes back to the first who did.
      const bool is_second = sender.starts_with("SRS1");
      CPPUNIT_ASSERT_EQUAL(is_second ? "SRS0=abc=de=origin.example=joe@hop.example" : sender,
                           found.destinations[0].address);
      model::NewForward bounce = forward("");
      bounce.destinations = found.destinations;
      bounce.spends = claim.return_path;
      for (int i = 0; i < 3; ++i) {
        get(hand_over(bounce));
        CPPUNIT_ASSERT(scene_.claim().at(0).return_path.empty());
      }
      assert_fault(Fault::kDenied, hand_over(bounce));
      CPPUNIT_ASSERT(find(claim.return_path).kind == model::RecipientKind::kBadReturnPath);
    }
    CPPUNIT_ASSERT(find("SRS0=AAAAAA=AA=far.example=joe@fe-bounces.example.test").kind ==
                   model::RecipientKind::kBadReturnPath);
    CPPUNIT_ASSERT(find("SRS1=AAAAAA=far.example==joe@fe-bounces.example.test").kind ==
                   model::RecipientKind::kBadReturnPath);
    model::NewForward forged = forward("");
    forged.spends = "SRS0=AAAAAA=AA=far.example=joe@fe-bounces.example.test";
    assert_fault(Fault::kDenied, hand_over(forged));
    // Only what has no sender comes back.
    model::NewForward astray = forward();
    astray.spends = forged.spends;
    assert_fault(Fault::kDenied, hand_over(astray));
  }

  void a_sender_at_a_parent_of_our_domain_is_a_stranger() {
    const std::string id = scene_.put_domain("inner.far.example").id;
    model::NewForward what = forward("stranger@far.example");
    what.domain_id = id;
    what.alias_id.clear();
    get(hand_over(what));
    const auto claim = scene_.claim().at(0);
    CPPUNIT_ASSERT(claim.return_path.ends_with("@fe-bounces.inner.far.example"));
    model::NewForward bounce = forward("");
    bounce.domain_id = id;
    bounce.alias_id.clear();
    bounce.spends = claim.return_path;
    assert_fault(Fault::kDenied, hand_over(bounce));
    deliver(claim);
    CPPUNIT_ASSERT(hand_over(bounce).ok());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scene_.claim().size());
    // Who is here needs no credit.
    scene_.put_domain("second.test");
    bounce.spends = claim_from("joe@second.test").return_path;
    CPPUNIT_ASSERT(hand_over(bounce).ok());
  }

  void what_came_back_is_known_to_who_has_the_path() {
    model::NewForward what = forward();
    what.message.message_id = "<m@far.example>";
    get(hand_over(what));
    const auto claim = scene_.claim().at(0);
    const auto ask = [&](const std::string& path) {
      return scene_.run(scene_.door->forwarding().find_forwarded({path, {"<m@far.example>"}, {}}));
    };
    const model::WentOn went = get(ask(claim.return_path));
    CPPUNIT_ASSERT_EQUAL(std::string("stranger@far.example"), went.sender);
    CPPUNIT_ASSERT_EQUAL(std::string("hello@example.test"), went.shown);
    CPPUNIT_ASSERT(went.is_forward && !went.is_own);
    assert_fault(Fault::kDenied, ask("SRS0=AAAAAA=AA=far.example=joe@fe-bounces.example.test"));
    // One of ours wrote to an alias of ours, whose destination is not his to know.
    scene_.put_domain("second.test");
    what.message.envelope_from = "joe@second.test";
    get(hand_over(what));
    const model::WentOn own = get(ask(scene_.claim().at(0).return_path));
    CPPUNIT_ASSERT(own.is_own && own.is_forward && own.shown == "hello@example.test");
  }

  void the_path_itself_says_whether_an_alias_led_on() {
    const auto ask = [&](const std::string& path, std::vector<std::string> ids) {
      return get(scene_.run(scene_.door->forwarding().find_forwarded({path, std::move(ids), {}})));
    };
    // One of ours, who writes to another's alias and to somebody else.
    scene_.put_domain("second.test");
    model::NewForward what = forward("joe@second.test");
    what.message.message_id = "<m@second.test>";
    get(hand_over(what));
    const std::string led_on = scene_.claim().at(0).return_path;
    model::NewOutbound plain = scene_.message();
    get(scene_.submit(scene_.log_in(), plain));
    const std::string own = scene_.claim().at(0).return_path;
    // Whatever the report names, or does not.
    for (const std::vector<std::string>& ids :
         {std::vector<std::string>{}, {"<other@second.test>"}, {"<m@second.test>"}}) {
      const model::WentOn secret = ask(led_on, ids);
      CPPUNIT_ASSERT(secret.is_own && secret.is_forward);
      const model::WentOn his = ask(own, ids);
      CPPUNIT_ASSERT(his.is_own && !his.is_forward && his.shown.empty());
    }
    CPPUNIT_ASSERT(ask(led_on, {}).shown.empty());
  }

  void a_path_too_long_is_kept_in_short() {
    const std::string sender =
        std::string(50, 'a') + "=bounces@" + std::string(40, 'b') + ".mailer.example";
    const auto claim = claim_from(sender);
    CPPUNIT_ASSERT(claim.return_path.find("=~=") != std::string::npos);
    CPPUNIT_ASSERT(claim.return_path.find('@') <= 64);
    deliver(claim);
    const model::Recipient found = find(claim.return_path);
    CPPUNIT_ASSERT(found.kind == model::RecipientKind::kAccepted);
    CPPUNIT_ASSERT_EQUAL(sender, found.destinations.at(0).address);
    scene_.open();
    CPPUNIT_ASSERT_EQUAL(sender, find(claim.return_path).destinations.at(0).address);
  }

  void a_vacation_is_given_while_it_lasts() {
    const auto get_vacation = [&] {
      return scene_.run(scene_.door->forwarding().get_vacation(scene_.alias.id));
    };
    assert_fault(Fault::kNotFound, get_vacation());
    const auto set = [&](std::int64_t begins, std::int64_t ends) {
      scene_.change_alias([&](model::Alias& one) {
        one.vacation_responder.is_enabled = true;
        one.vacation_responder.subject = "Away";
        one.vacation_responder.message = "Back soon";
        one.vacation_responder.start_date.ms = begins;
        one.vacation_responder.end_date.ms = ends;
      });
    };
    constexpr std::int64_t kPast = 1'000'000'000'000, kFuture = 4'000'000'000'000;
    set(0, 0);
    CPPUNIT_ASSERT_EQUAL(std::string("hello@example.test"), get(get_vacation()).address);
    CPPUNIT_ASSERT_EQUAL(std::string("Back soon"), get(get_vacation()).message);
    set(kPast, kFuture);
    CPPUNIT_ASSERT(get_vacation().ok());
    set(kFuture, 0);
    assert_fault(Fault::kNotFound, get_vacation());
    set(0, kPast);
    assert_fault(Fault::kNotFound, get_vacation());
  }

  void answers_go_out_under_the_aliass_own_address_only() {
    assert_fault(Fault::kCannot,
                 (scene_.change_domain([](model::Domain& one) { one.has_smtp = false; }),
                  answer("hello@example.test", scene_.alias.id)));
    assert_fault(Fault::kDenied, answer("mailer-daemon@example.test", ""));
    scene_.change_domain([](model::Domain& one) { one.has_smtp = true; });
    const std::string id = get(answer("hello@example.test", scene_.alias.id));
    for (const auto& claim : scene_.claim()) {
      CPPUNIT_ASSERT(claim.message.envelope_from.empty() && claim.return_path.empty());
      CPPUNIT_ASSERT_EQUAL(std::string("example.test"), claim.domain);
    }
    assert_fault(Fault::kDenied, answer("other@example.test", scene_.alias.id));
    assert_fault(Fault::kDenied, answer("hello@example.org", scene_.alias.id));
    assert_fault(Fault::kDenied, answer("someone@example.org", ""));
    model::NewReply two;
    two.message = scene_.message();
    two.alias_id = scene_.alias.id;
    two.domain_id = scene_.domain.id;
    assert_fault(Fault::kBadInput, scene_.run(scene_.door->forwarding().send_reply(two)));
    CPPUNIT_ASSERT(!id.empty());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DoorForwardingTest);

}  // namespace
}  // namespace fwd::door
