// Mail that came in and goes on: prints, sessions, credits.
#include <cppunit/extensions/HelperMacros.h>

#include "storage/queue/rows.h"
#include "tests/unit/queue/queue_scene.h"

namespace fwd::queue {
namespace {

using model::DestinationKind;
using model::SettleForward;

model::Destination goal(const std::string& address) {
  model::Destination to;
  to.address = address;
  return to;
}

Forward forward_to(const std::vector<std::string>& addresses, const std::string& id,
                   const std::string& print = "p1") {
  Forward what;
  what.forward.message = message_to({}, id);
  what.forward.message.envelope_from = "stranger@far.example";
  what.forward.print = print;
  for (const std::string& one : addresses) what.forward.destinations.push_back(goal(one));
  what.forward.facts = {"hello@example.test", true, "spf=pass", "none", "{}", true, "0a1b", 3};
  what.owner = owner();
  return what;
}

class QueueForwardsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(QueueForwardsTest);
  CPPUNIT_TEST(a_claim_says_where_to_and_what_is_known);
  CPPUNIT_TEST(a_port_of_its_own_is_another_destination);
  CPPUNIT_TEST(a_fresh_one_goes_before_all_that_wait);
  CPPUNIT_TEST(a_fresh_one_has_room_where_a_destination_is_busy);
  CPPUNIT_TEST(a_repeat_is_not_queued_again);
  CPPUNIT_TEST(what_failed_or_was_dropped_may_come_again);
  CPPUNIT_TEST(who_fails_in_session_is_told_of_once_it_is_kept);
  CPPUNIT_TEST(who_fails_in_session_is_told_of_when_nobody_settles);
  CPPUNIT_TEST(a_notice_is_signed_by_whom_it_is_from);
  CPPUNIT_TEST(a_report_that_comes_after_the_settling_is_told_at_once);
  CPPUNIT_TEST(dropping_ends_what_waits_without_a_notice);
  CPPUNIT_TEST(dropping_comes_too_late_when_its_time_is_over);
  CPPUNIT_TEST(what_is_dropped_in_a_workers_hands_ends_with_its_report);
  CPPUNIT_TEST(what_is_dropped_ends_when_its_worker_dies);
  CPPUNIT_TEST(what_a_repeat_relies_on_is_not_dropped);
  CPPUNIT_TEST(credits_are_granted_by_deliveries_and_spent_once);
  CPPUNIT_TEST(a_credit_comes_back_when_nobody_had_it);
  CPPUNIT_TEST(a_credit_comes_back_at_the_end_of_what_failed);
  CPPUNIT_TEST(what_came_back_is_known_by_its_id_and_where_it_went);
  CPPUNIT_TEST(a_paused_destination_is_not_waited_for);
  CPPUNIT_TEST(bad_forwards_are_refused);
  CPPUNIT_TEST(upkeep_forgets_prints_credits_and_tokens);
  CPPUNIT_TEST_SUITE_END();

  QueueScene scene_;

  Outcome<ForwardState> try_forward(const Forward& what) {
    return scene_.commit([&] { return scene_.file->add_forward(what, scene_.now); });
  }
  model::Forwarded forward(const Forward& what) { return get(try_forward(what)).forwarded; }
  void settle(const std::string& id, SettleForward how) {
    assert_ok(scene_.commit([&] { return scene_.file->settle_forward(id, how, scene_.now); }));
  }
  ForwardState look(const std::string& id) {
    return get(scene_.file->look_at_forward(id, scene_.now));
  }
  model::Claim claim_one() {
    auto claims = scene_.claim();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, claims.size());
    return claims[0];
  }
  void fail_untold(const model::Claim& claim) {
    auto report = QueueScene::report_of(claim, RecipientState::kFailed);
    for (auto& one : report.recipients) one.is_untold = true;
    assert_ok(scene_.try_report(report));
  }

 public:
  void a_claim_says_where_to_and_what_is_known() {
    Forward what = forward_to({"one@far.example", "two@far.example"}, "m1");
    what.forward.destinations[1].kind = DestinationKind::kHost;
    what.forward.destinations[1].host = "Mail.far.example";
    what.forward.destinations[1].port = 2525;
    model::Destination hook = goal("https://user:secret@Hook.example/path?token=1");
    hook.kind = DestinationKind::kWebhook;
    what.forward.destinations.push_back(hook);
    what.forward.destinations[0].alias_id = "a7";
    what.forward.message.not_to = "three@far.example";
    const auto queued = forward(what);
    CPPUNIT_ASSERT_EQUAL(std::string("m1"), queued.id);
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, queued.destinations.size());
    const auto claims = scene_.claim();
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, claims.size());
    std::map<std::string, model::OutboundRecipient> by_name;
    for (const auto& one : claims) {
      CPPUNIT_ASSERT(one.in_session && !one.is_telling && one.facts == what.forward.facts);
      CPPUNIT_ASSERT(one.message.is_forward && one.message.shown == "hello@example.test");
      CPPUNIT_ASSERT_EQUAL(std::string("three@far.example"), one.message.not_to);
      by_name[one.destination] = one.message.recipients.at(0);
    }
    CPPUNIT_ASSERT_EQUAL(std::string("a7"), by_name.at("far.example").alias_id);
    CPPUNIT_ASSERT(by_name.at("far.example").kind == DestinationKind::kAddress);
    const auto& host = by_name.at("mail.far.example:2525");
    CPPUNIT_ASSERT(host.kind == DestinationKind::kHost && host.host == "Mail.far.example");
    CPPUNIT_ASSERT(host.port == 2525 && host.address == "two@far.example");
    CPPUNIT_ASSERT_EQUAL(hook.address, by_name.at("https://hook.example").address);
    // People see no secret.
    CPPUNIT_ASSERT_EQUAL(std::string("https://hook.example"),
                         scene_.show("m1").recipients.at(2).address);
    CPPUNIT_ASSERT(scene_.show("m1").is_forward);
  }

  void a_port_of_its_own_is_another_destination() {
    Forward what = forward_to({"one@far.example", "one@far.example"}, "m1");
    what.forward.destinations[1].port = 2525;
    forward(what);
    const auto claims = scene_.claim();
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, claims.size());
    std::map<std::string, std::uint16_t> ports;
    for (const auto& one : claims) ports[one.destination] = one.message.recipients.at(0).port;
    CPPUNIT_ASSERT(ports.at("far.example") == 25 && ports.at("far.example/2525") == 2525);
    what.forward.message.id = "m2";
    CPPUNIT_ASSERT(forward(what).id.empty());
    what.forward.destinations = {goal("one@far.example")};
    what.forward.destinations[0].port = 2526;
    what.forward.message.id = "m3";
    CPPUNIT_ASSERT_EQUAL(std::string("m3"), forward(what).id);
    what.forward.destinations[0].port = 0;
    assert_fault(Fault::kBadInput, try_forward(what));
  }

  void a_fresh_one_goes_before_all_that_wait() {
    for (int i = 0; i < 50; ++i)
      scene_.add({"a@d" + std::to_string(i) + ".example"}, "old" + std::to_string(i));
    scene_.now += kHour;
    scene_.add({"a@far.example"}, "older");
    forward(forward_to({"one@far.example"}, "m1"));
    const auto claims = scene_.claim(question(1));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, claims.size());
    CPPUNIT_ASSERT_EQUAL(std::string("m1"), claims[0].message.id);
  }

  void a_fresh_one_has_room_where_a_destination_is_busy() {
    for (int i = 0; i < 5; ++i) scene_.add({"a@far.example"}, "old" + std::to_string(i));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, scene_.claim(question(20, 2)).size());
    CPPUNIT_ASSERT(scene_.claim(question(20, 2)).empty());
    forward(forward_to({"one@far.example"}, "m1"));
    const auto claims = scene_.claim(question(20, 2));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, claims.size());
    CPPUNIT_ASSERT_EQUAL(std::string("m1"), claims[0].message.id);
    CPPUNIT_ASSERT(scene_.claim(question(20, 2)).empty());
  }

  void a_repeat_is_not_queued_again() {
    forward(forward_to({"one@far.example", "two@b.example"}, "m1"));
    for (const auto& claim : scene_.claim())
      scene_.report(
          claim,
          claim.destination == "b.example" ? RecipientState::kWaiting : RecipientState::kDelivered,
          scene_.now + kHour);
    const auto all = forward(forward_to({"two@B.example", "one@far.example"}, "m2"));
    CPPUNIT_ASSERT(all.id.empty());
    CPPUNIT_ASSERT(all.destinations[0].is_repeat && all.destinations[1].is_repeat);
    CPPUNIT_ASSERT(all.destinations[0].state == RecipientState::kWaiting);
    CPPUNIT_ASSERT(all.destinations[0].attempts == 1);
    CPPUNIT_ASSERT(all.destinations[1].state == RecipientState::kDelivered);
    const auto some = forward(forward_to({"one@far.example", "new@c.example"}, "m3"));
    CPPUNIT_ASSERT_EQUAL(std::string("m3"), some.id);
    CPPUNIT_ASSERT(some.destinations[0].is_repeat && !some.destinations[1].is_repeat);
    CPPUNIT_ASSERT_EQUAL(std::string("c.example"), claim_one().destination);
    CPPUNIT_ASSERT(look("m3").forwarded.destinations[0].is_repeat);
    // Another print, none, or another day.
    CPPUNIT_ASSERT(!forward(forward_to({"one@far.example"}, "m4", "p2")).destinations[0].is_repeat);
    CPPUNIT_ASSERT(!forward(forward_to({"one@far.example"}, "m5", "")).destinations[0].is_repeat);
    scene_.now += kDay + 1;
    CPPUNIT_ASSERT(!forward(forward_to({"one@far.example"}, "m6")).destinations[0].is_repeat);
    // Twice in one: once.
    const auto twice = forward(forward_to({"x@e.example", "x@E.example"}, "m7"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, twice.destinations.size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scene_.show("m7").recipients.size());
  }

  void what_failed_or_was_dropped_may_come_again() {
    forward(forward_to({"one@far.example"}, "m1"));
    fail_untold(claim_one());
    CPPUNIT_ASSERT(look("m1").is_tried);
    CPPUNIT_ASSERT(look("m1").forwarded.destinations[0].state == RecipientState::kFailed);
    const auto again = forward(forward_to({"one@far.example"}, "m2"));
    CPPUNIT_ASSERT(!again.destinations[0].is_repeat);
    settle("m2", SettleForward::kDrop);
    CPPUNIT_ASSERT(!forward(forward_to({"one@far.example"}, "m3")).destinations[0].is_repeat);
  }

  void who_fails_in_session_is_told_of_once_it_is_kept() {
    forward(forward_to({"one@far.example", "two@b.example"}, "m1"));
    for (const auto& claim : scene_.claim()) {
      if (claim.destination == "b.example")
        scene_.report(claim, RecipientState::kDelivered);
      else
        fail_untold(claim);
    }
    CPPUNIT_ASSERT(scene_.claim().empty());
    CPPUNIT_ASSERT_EQUAL(std::string("deferred"), scene_.state("m1"));
    settle("m1", SettleForward::kKeep);
    settle("m1", SettleForward::kDrop);  // settled already
    const auto claim = claim_one();
    CPPUNIT_ASSERT(claim.is_telling && !claim.in_session);
    CPPUNIT_ASSERT_EQUAL(std::string("words"), claim.message.recipients.at(0).last.response);
    CPPUNIT_ASSERT(claim.message.recipients.at(0).is_untold);
    scene_.report(claim, RecipientState::kFailed);
    CPPUNIT_ASSERT_EQUAL(std::string("partially_sent"), scene_.state("m1"));
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{1}, scene_.show("m1").recipients[0].attempts);
  }

  void who_fails_in_session_is_told_of_when_nobody_settles() {
    forward(forward_to({"one@far.example"}, "m1"));
    fail_untold(claim_one());
    scene_.now += 9 * kMinute;
    CPPUNIT_ASSERT(scene_.claim().empty());
    CPPUNIT_ASSERT_EQUAL(scene_.now + kMinute, scene_.next);
    scene_.now += kMinute;
    CPPUNIT_ASSERT(claim_one().is_telling);
  }

  void a_notice_is_signed_by_whom_it_is_from() {
    forward(forward_to({"one@far.example"}, "m1"));
    settle("m1", SettleForward::kKeep);
    auto report = QueueScene::report_of(claim_one(), RecipientState::kFailed);
    model::NewOutbound notice = message_to({"stranger@far.example"}, "n1");
    notice.envelope_from.clear();
    notice.header_from = "mailer-daemon@first.test";
    report.notices.push_back(notice);
    assert_ok(scene_.try_report(report));
    CPPUNIT_ASSERT_EQUAL(std::string("first.test"), claim_one().domain);
  }

  void a_report_that_comes_after_the_settling_is_told_at_once() {
    forward(forward_to({"one@far.example"}, "m1"));
    const auto claim = claim_one();
    settle("m1", SettleForward::kKeep);
    fail_untold(claim);
    CPPUNIT_ASSERT(claim_one().is_telling);
  }

  void dropping_ends_what_waits_without_a_notice() {
    forward(forward_to({"one@far.example", "two@b.example", "x@c.example"}, "m1"));
    for (const auto& claim : scene_.claim()) {
      if (claim.destination == "b.example") fail_untold(claim);
      if (claim.destination == "far.example") scene_.report(claim, RecipientState::kDelivered);
      if (claim.destination == "c.example")
        scene_.report(claim, RecipientState::kWaiting, scene_.now + kHour);
    }
    settle("m1", SettleForward::kDrop);
    CPPUNIT_ASSERT_EQUAL(std::string("partially_sent"), scene_.state("m1"));
    CPPUNIT_ASSERT(scene_.claim().empty());
    const auto again =
        forward(forward_to({"one@far.example", "two@b.example", "x@c.example"}, "m2"));
    CPPUNIT_ASSERT(again.destinations[0].is_repeat && !again.destinations[1].is_repeat);
    CPPUNIT_ASSERT(!again.destinations[2].is_repeat);
  }

  void dropping_comes_too_late_when_its_time_is_over() {
    forward(forward_to({"one@far.example"}, "m1"));
    scene_.now += 11 * kMinute;
    assert_fault(Fault::kWrongState, scene_.commit([&] {
      return scene_.file->settle_forward("m1", SettleForward::kDrop, scene_.now);
    }));
    settle("m1", SettleForward::kKeep);
    CPPUNIT_ASSERT_EQUAL(std::string("m1"), claim_one().message.id);
  }

  void what_is_dropped_in_a_workers_hands_ends_with_its_report() {
    forward(forward_to({"one@far.example"}, "m1"));
    const auto first = claim_one();
    settle("m1", SettleForward::kDrop);
    CPPUNIT_ASSERT(!model::is_final(scene_.show("m1").state));
    scene_.report(first, RecipientState::kWaiting, scene_.now + kHour);
    CPPUNIT_ASSERT_EQUAL(std::string("bounced"), scene_.state("m1"));
    forward(forward_to({"one@far.example"}, "m2"));
    const auto second = claim_one();
    settle("m2", SettleForward::kDrop);
    scene_.report(second, RecipientState::kDelivered);
    CPPUNIT_ASSERT_EQUAL(std::string("sent"), scene_.state("m2"));
    CPPUNIT_ASSERT(forward(forward_to({"one@far.example"}, "m3")).destinations[0].is_repeat);
  }

  void what_is_dropped_ends_when_its_worker_dies() {
    forward(forward_to({"one@far.example"}, "m1"));
    claim_one();
    settle("m1", SettleForward::kDrop);
    scene_.now += kHour;
    CPPUNIT_ASSERT(scene_.claim().empty());
    CPPUNIT_ASSERT_EQUAL(std::string("rejected"), scene_.state("m1"));
  }

  void what_a_repeat_relies_on_is_not_dropped() {
    forward(forward_to({"one@far.example"}, "m1"));
    const auto claim = claim_one();
    CPPUNIT_ASSERT(forward(forward_to({"one@far.example"}, "m2")).id.empty());
    settle("m1", SettleForward::kDrop);
    scene_.report(claim, RecipientState::kWaiting, scene_.now + kMinute);
    scene_.now += kMinute;
    CPPUNIT_ASSERT_EQUAL(std::string("m1"), claim_one().message.id);
    // Nor is what was dropped before the repeat came, while a worker has it.
    forward(forward_to({"one@far.example"}, "m3", "p3"));
    const auto dropped = claim_one();
    settle("m3", SettleForward::kDrop);
    CPPUNIT_ASSERT(forward(forward_to({"one@far.example"}, "m4", "p3")).destinations[0].is_repeat);
    scene_.report(dropped, RecipientState::kWaiting, scene_.now + kMinute);
    CPPUNIT_ASSERT_EQUAL(std::string("deferred"), scene_.state("m3"));
  }

  void credits_are_granted_by_deliveries_and_spent_once() {
    const std::string key = credit_key("Stranger@far.example", "FE-bounces.example.test");
    Forward bounce = forward_to({"stranger@far.example"}, "", "");
    bounce.forward.message.envelope_from.clear();
    bounce.spends = key;
    assert_fault(Fault::kDenied, try_forward(bounce));
    CPPUNIT_ASSERT(!get(scene_.file->has_credit(key, scene_.now)));
    forward(forward_to({"one@far.example"}, "m1"));
    scene_.report(claim_one(), RecipientState::kDelivered);
    for (int i = 0; i < 3; ++i) {
      CPPUNIT_ASSERT(get(scene_.file->has_credit(key, scene_.now)));
      forward(bounce);
      scene_.report(claim_one(), RecipientState::kDelivered);  // grants none: it has no sender
    }
    assert_fault(Fault::kDenied, try_forward(bounce));
    CPPUNIT_ASSERT(!get(scene_.file->has_credit(key, scene_.now)));
    forward(forward_to({"one@far.example"}, "m2", "p2"));
    scene_.report(claim_one(), RecipientState::kDelivered);
    CPPUNIT_ASSERT(get(scene_.file->has_credit(key, scene_.now)));
    scene_.now += 10 * kDay + 1;
    CPPUNIT_ASSERT(!get(scene_.file->has_credit(key, scene_.now)));
    assert_fault(Fault::kDenied, try_forward(bounce));
  }

  void a_credit_comes_back_when_nobody_had_it() {
    forward(forward_to({"one@far.example"}, "m1"));
    scene_.report(claim_one(), RecipientState::kDelivered);
    Forward bounce = forward_to({"stranger@far.example"}, "", "");
    bounce.forward.message.envelope_from.clear();
    bounce.spends = credit_key("stranger@far.example", "fe-bounces.example.test");
    for (int i = 0; i < 5; ++i) settle(forward(bounce).id, SettleForward::kDrop);
    for (int i = 0; i < 3; ++i) settle(forward(bounce).id, SettleForward::kKeep);
    assert_fault(Fault::kDenied, try_forward(bounce));
  }

  // The relay did not happen, however late that is known.
  void a_credit_comes_back_at_the_end_of_what_failed() {
    forward(forward_to({"one@far.example"}, "m1"));
    scene_.report(claim_one(), RecipientState::kDelivered);
    const std::string key = credit_key("stranger@far.example", "fe-bounces.example.test");
    Forward bounce = forward_to({"stranger@far.example"}, "", "");
    bounce.forward.message.envelope_from.clear();
    bounce.spends = key;
    for (int i = 0; i < 3; ++i) forward(bounce);
    const auto claims = scene_.claim();
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, claims.size());
    CPPUNIT_ASSERT(!get(scene_.file->has_credit(key, scene_.now)));
    // One that a worker holds while its sender hears no comes back when it is over.
    settle(claims[0].message.id, SettleForward::kDrop);
    CPPUNIT_ASSERT(!get(scene_.file->has_credit(key, scene_.now)));
    scene_.report(claims[0], RecipientState::kFailed);
    forward(bounce);
    CPPUNIT_ASSERT(!get(scene_.file->has_credit(key, scene_.now)));
    // What was delivered in the end was spent, and what failed for good was not.
    settle(claims[1].message.id, SettleForward::kKeep);
    scene_.report(claims[1], RecipientState::kDelivered);
    CPPUNIT_ASSERT(!get(scene_.file->has_credit(key, scene_.now)));
    settle(claims[2].message.id, SettleForward::kKeep);
    scene_.report(claims[2], RecipientState::kFailed);
    CPPUNIT_ASSERT(get(scene_.file->has_credit(key, scene_.now)));
  }

  void what_came_back_is_known_by_its_id_and_where_it_went() {
    const auto find = [this](const std::string& sender, std::vector<std::string> addresses) {
      return get(scene_.file->find_forwarded(
          sender, {"", {"<x@far.example>", "<m@far.example>"}, std::move(addresses)}, scene_.now));
    };
    const auto add = [this](const std::string& to, const std::string& shown,
                            const std::string& print) {
      Forward what = forward_to({to}, "", print);
      what.forward.message.message_id = "<m@far.example>";
      what.forward.facts.shown = shown;
      forward(what);
    };
    CPPUNIT_ASSERT(find("stranger@far.example", {}) == model::WentOn{});
    add("one@far.example", "hello@example.test", "p1");
    auto found = find("Stranger@FAR.example", {});
    CPPUNIT_ASSERT(found.is_forward && found.shown == "hello@example.test");
    CPPUNIT_ASSERT(found.message_id == "<m@far.example>" && found.created > 0);
    CPPUNIT_ASSERT((found.secrets == std::vector<std::string>{"far.example", "one@far.example"}));
    CPPUNIT_ASSERT(!find("other@far.example", {}).is_forward);
    // Two that were written to: where the report comes from tells which.
    add("two@far.example", "second@example.test", "p2");
    CPPUNIT_ASSERT_EQUAL(std::string("hello@example.test"),
                         find("stranger@far.example", {"ONE@far.example"}).shown);
    found = find("stranger@far.example", {"elsewhere@far.example"});
    CPPUNIT_ASSERT(found.is_forward && found.shown.empty());
    // What he wrote to others himself, however often, hides none.
    for (int i = 0; i < 12; ++i) {
      auto own = message_to({"plain@far.example"}, "n" + std::to_string(i));
      own.envelope_from = "stranger@far.example";
      own.message_id = "<m@far.example>";
      own.date = 1000 * (i + 1);
      get(scene_.try_add(own));
    }
    CPPUNIT_ASSERT_EQUAL(std::string("hello@example.test"),
                         find("stranger@far.example", {"one@far.example"}).shown);
    CPPUNIT_ASSERT(find("stranger@far.example", {"plain@far.example"}).is_forward);
    // With so many that not all are looked at nothing is told of any.
    for (int i = 0; i < 100; ++i)
      add("three@far.example", "third@example.test", "p" + std::to_string(3 + i));
    CPPUNIT_ASSERT(find("stranger@far.example", {"three@far.example"}) == model::WentOn{});
  }

  void a_paused_destination_is_not_waited_for() {
    forward(forward_to({"one@far.example"}, "m1"));
    CPPUNIT_ASSERT(!look("m1").is_tried);
    auto report = QueueScene::report_of(claim_one(), RecipientState::kWaiting, scene_.now + kHour);
    report.has_destination = true;
    report.destination_name = "far.example";
    report.destination = {1, scene_.now + kHour, "down"};
    assert_ok(scene_.try_report(report));
    forward(forward_to({"two@far.example"}, "m2"));
    CPPUNIT_ASSERT(look("m2").is_tried);
    CPPUNIT_ASSERT(look("m2").forwarded.destinations[0].attempts == 0);
  }

  void bad_forwards_are_refused() {
    assert_fault(Fault::kBadInput, try_forward(forward_to({}, "m1")));
    assert_fault(Fault::kBadInput, try_forward(forward_to({"no address"}, "m1")));
    Forward hook = forward_to({"ftp://hook.example/"}, "m1");
    hook.forward.destinations[0].kind = DestinationKind::kWebhook;
    assert_fault(Fault::kBadInput, try_forward(hook));
    hook.forward.destinations[0].address = "https:///x";
    assert_fault(Fault::kBadInput, try_forward(hook));
    Forward host = forward_to({"one@far.example"}, "m1");
    host.forward.destinations[0].kind = DestinationKind::kHost;
    assert_fault(Fault::kBadInput, try_forward(host));
    Forward long_one = forward_to({"one@far.example"}, "m1");
    long_one.forward.facts.webhook_json = std::string((64 << 10) + 1, ' ');
    assert_fault(Fault::kOverLimit, try_forward(long_one));
    long_one.forward.facts.webhook_json.clear();
    long_one.forward.facts.arc_chain = "perhaps";
    assert_fault(Fault::kBadInput, try_forward(long_one));
    assert_fault(Fault::kNotFound, scene_.file->look_at_forward("m1", scene_.now));
    scene_.add({"a@b.example"}, "plain");
    assert_fault(Fault::kNotFound, scene_.commit([&] {
      return scene_.file->settle_forward("plain", SettleForward::kKeep, scene_.now);
    }));
  }

  void upkeep_forgets_prints_credits_and_tokens() {
    Forward what = forward_to({"one@far.example"}, "m1");
    what.token = "TOKEN";
    forward(what);
    CPPUNIT_ASSERT_EQUAL(std::string("stranger@far.example"),
                         get(scene_.file->find_token("TOKEN", scene_.now)));
    scene_.report(claim_one(), RecipientState::kDelivered);
    scene_.now += 20 * kDay;
    assert_fault(Fault::kNotFound, scene_.file->find_token("TOKEN", scene_.now));
    get(scene_.commit([&] { return scene_.file->redact_some(scene_.now, 100); }));
    for (const char* table : {"prints", "credits", "short_paths"})
      CPPUNIT_ASSERT_EQUAL(
          std::int64_t{0},
          *get(find_integer(scene_.file->database(), "SELECT COUNT(*) FROM " + std::string(table),
                            Values())));
    get(scene_.commit([&] { return scene_.file->forget_some(scene_.now, 100); }));
    CPPUNIT_ASSERT_EQUAL(
        std::int64_t{0},
        *get(find_integer(scene_.file->database(), "SELECT COUNT(*) FROM forwards", Values())));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(QueueForwardsTest);

}  // namespace
}  // namespace fwd::queue
