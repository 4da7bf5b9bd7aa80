// What an operator sees and does.
#include <cppunit/extensions/HelperMacros.h>

#include "tests/unit/queue/queue_scene.h"

namespace fwd::queue {
namespace {

model::QueueFilter with_id(const std::string& id) {
  model::QueueFilter filter;
  filter.id = id;
  return filter;
}

class ActionsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ActionsTest);
  CPPUNIT_TEST(the_list_narrows_by_every_field_newest_first);
  CPPUNIT_TEST(an_action_must_say_to_what);
  CPPUNIT_TEST(what_is_held_waits_until_it_is_released);
  CPPUNIT_TEST(what_is_pending_waits_until_it_is_released);
  CPPUNIT_TEST(a_retry_is_now_and_lifts_the_pause);
  CPPUNIT_TEST(a_retry_leaves_what_is_with_a_worker);
  CPPUNIT_TEST(what_is_removed_ends_as_rejected);
  CPPUNIT_TEST(what_is_bounced_is_given_to_a_worker_to_end);
  CPPUNIT_TEST(the_figures_add_up);
  CPPUNIT_TEST(a_bounce_of_what_a_worker_has_comes_with_its_report);
  CPPUNIT_TEST_SUITE_END();

 public:
  void the_list_narrows_by_every_field_newest_first() {
    QueueScene scene;
    scene.add({"x@a.test"}, "m1");
    scene.add({"x@b.test", "y@a.test"}, "m2");
    Owner other = owner();
    other.domain_id = "d2";
    other.alias_id = "a2";
    other.user_id = "u2";
    get(scene.try_add(message_to({"x@a.test"}, "m3"), other));
    const auto listed = [&](const model::QueueFilter& filter) {
      std::string ids;
      for (const model::Outbound& one : get(scene.file->list(filter, scene.now)))
        ids += (ids.empty() ? "" : " ") + one.id;
      return ids;
    };
    model::QueueFilter filter;
    CPPUNIT_ASSERT_EQUAL(std::string("m3 m2 m1"), listed(filter));
    filter.limit = 2;
    CPPUNIT_ASSERT_EQUAL(std::string("m3 m2"), listed(filter));
    filter.before = "m2";
    CPPUNIT_ASSERT_EQUAL(std::string("m1"), listed(filter));
    for (auto field : {&model::QueueFilter::domain_id, &model::QueueFilter::alias_id,
                       &model::QueueFilter::user_id}) {
      filter = {};
      filter.*field = field == &model::QueueFilter::domain_id  ? "d2"
                      : field == &model::QueueFilter::alias_id ? "a2"
                                                               : "u2";
      CPPUNIT_ASSERT_EQUAL(std::string("m3"), listed(filter));
    }
    filter = {};
    filter.destination = "A.Test";
    CPPUNIT_ASSERT_EQUAL(std::string("m3 m2 m1"), listed(filter));
    filter.destination = "Y@a.test";
    CPPUNIT_ASSERT_EQUAL(std::string("m2"), listed(filter));
    filter.sender = "HELLO@example.test";
    CPPUNIT_ASSERT_EQUAL(std::string("m2"), listed(filter));
    filter.sender = "x' OR 1=1 --";
    CPPUNIT_ASSERT_EQUAL(std::string(), listed(filter));
    for (const model::Claim& claim : scene.claim())
      if (claim.message.id == "m1") scene.report(claim, RecipientState::kDelivered);
    filter = {};
    CPPUNIT_ASSERT_EQUAL(std::string("m3 m2"), listed(filter));
    filter.states = {OutboundState::kSent};
    CPPUNIT_ASSERT_EQUAL(std::string("m1"), listed(filter));
    CPPUNIT_ASSERT_EQUAL(std::string("m1"), listed(with_id("m1")));
  }

  void an_action_must_say_to_what() {
    QueueScene scene;
    scene.add({"x@a.test"}, "m1");
    std::int64_t after = 0;
    assert_fault(Fault::kBadInput, scene.commit([&] {
      return scene.file->act({}, QueueAction::kRemove, after, 10, scene.now);
    }));
    model::QueueFilter filter;
    filter.destination = "a.test";
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, scene.act(filter, QueueAction::kRemove));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, scene.act(with_id("none"), QueueAction::kHold));
  }

  void what_is_held_waits_until_it_is_released() {
    QueueScene scene;
    scene.add({"x@a.test"}, "m1");
    scene.act(with_id("m1"), QueueAction::kHold);
    scene.check();
    CPPUNIT_ASSERT(scene.show("m1").is_held);
    CPPUNIT_ASSERT(scene.claim().empty() && scene.next == INT64_MAX);
    scene.act(with_id("m1"), QueueAction::kRelease);
    auto claims = scene.claim();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, claims.size());
    // Held while a worker has it: its report is taken, and then it waits.
    scene.act(with_id("m1"), QueueAction::kHold);
    scene.report(claims[0], RecipientState::kWaiting, scene.now);
    scene.now += kHour;
    CPPUNIT_ASSERT(scene.claim().empty());
    CPPUNIT_ASSERT_EQUAL(std::string("deferred"), scene.state("m1"));
  }

  void what_is_pending_waits_until_it_is_released() {
    QueueScene scene;
    Owner pending = owner();
    pending.is_pending = true;
    get(scene.try_add(message_to({"x@a.test"}, "m1"), pending));
    scene.check();
    CPPUNIT_ASSERT(scene.claim().empty());
    CPPUNIT_ASSERT_EQUAL(std::string("pending"), scene.state("m1"));
    scene.act(with_id("m1"), QueueAction::kRelease);
    CPPUNIT_ASSERT_EQUAL(std::string("queued"), scene.state("m1"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scene.claim().size());
  }

  void a_retry_is_now_and_lifts_the_pause() {
    QueueScene scene;
    scene.add({"x@a.test", "x@b.test"}, "m1");
    for (const model::Claim& claim : scene.claim()) {
      model::Report report =
          QueueScene::report_of(claim, RecipientState::kWaiting, scene.now + kDay);
      report.has_destination = true;
      report.destination_name = claim.destination;
      report.destination = {1, scene.now + kHour, "down"};
      assert_ok(scene.try_report(report));
    }
    CPPUNIT_ASSERT(scene.claim().empty());
    model::QueueFilter filter = with_id("m1");
    filter.destination = "A.test";
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, scene.act(filter, QueueAction::kRetry));
    const auto claims = scene.claim();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, claims.size());
    CPPUNIT_ASSERT_EQUAL(std::string("a.test"), claims[0].destination);
    scene.act(with_id("m1"), QueueAction::kRetry);
    CPPUNIT_ASSERT_EQUAL(std::string("b.test"), scene.claim()[0].destination);
  }

  void a_retry_leaves_what_is_with_a_worker() {
    QueueScene scene;
    scene.add({"x@a.test"}, "m1");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scene.claim().size());
    scene.act(with_id("m1"), QueueAction::kRetry);
    CPPUNIT_ASSERT(scene.claim().empty());
  }

  void what_is_removed_ends_as_rejected() {
    QueueScene scene;
    scene.add({"x@a.test"}, "m1");
    scene.add({"x@a.test", "x@b.test"}, "m2");
    for (const model::Claim& claim : scene.claim())
      if (claim.destination == "b.test") scene.report(claim, RecipientState::kDelivered);
    const auto held = scene.claim();
    scene.act(with_id("m1"), QueueAction::kRemove);
    scene.act(with_id("m2"), QueueAction::kRemove);
    CPPUNIT_ASSERT_EQUAL(std::string("rejected"), scene.state("m1"));
    CPPUNIT_ASSERT_EQUAL(std::string("partially_sent"), scene.state("m2"));
    CPPUNIT_ASSERT(scene.show("m1").is_redacted);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, get(scene.file->stat(scene.now)).with_workers);
    scene.now += kHour;
    CPPUNIT_ASSERT(scene.claim().empty());
  }

  void what_is_bounced_is_given_to_a_worker_to_end() {
    QueueScene scene;
    scene.add({"x@a.test"}, "m1");
    scene.report(scene.claim()[0], RecipientState::kWaiting, scene.now + kDay);
    scene.act(with_id("m1"), QueueAction::kHold);
    scene.act(with_id("m1"), QueueAction::kBounce);
    const auto claims = scene.claim();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, claims.size());
    CPPUNIT_ASSERT(claims[0].message.is_given_up);
    scene.report(claims[0], RecipientState::kFailed, 0, false);
    CPPUNIT_ASSERT_EQUAL(std::string("rejected"), scene.state("m1"));
  }

  void the_figures_add_up() {
    QueueScene scene;
    scene.add({"x@a.test", "y@a.test", "x@b.test"}, "m1");
    scene.now += kMinute;
    scene.add({"x@a.test"}, "m2");
    const auto claims = scene.claim(question(1));
    scene.report(claims[0], RecipientState::kWaiting, scene.now + kHour);
    const auto stat = get(scene.file->stat(scene.now));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, stat.messages[2]);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, stat.messages[3]);
    CPPUNIT_ASSERT(stat.oldest_waiting == kStart);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2 * message_to({}).content.size()}, stat.octets);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, stat.destinations.size());
    CPPUNIT_ASSERT_EQUAL(std::string("a.test"), stat.destinations[0].name);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{3}, stat.destinations[0].waiting);
  }

  void a_bounce_of_what_a_worker_has_comes_with_its_report() {
    QueueScene scene;
    scene.add({"x@a.test"}, "m1");
    const auto claims = scene.claim();
    model::QueueFilter filter;
    filter.id = "m1";
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, scene.act(filter, QueueAction::kBounce));
    CPPUNIT_ASSERT(scene.claim().empty());
    model::Report report =
        QueueScene::report_of(claims[0], RecipientState::kWaiting, scene.now + kDay);
    report.has_destination = true;
    report.destination_name = "a.test";
    report.destination = {1, scene.now + kHour, "it is down"};
    assert_ok(scene.try_report(report));
    const auto again = scene.claim();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, again.size());
    CPPUNIT_ASSERT(again[0].message.is_given_up);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ActionsTest);

}  // namespace
}  // namespace fwd::queue
