// What the log is told of the queue, by a clock turned by hand.
#include "door/queue_watch.h"

#include <cppunit/extensions/HelperMacros.h>

#include "tests/unit/queue/queue_scene.h"

namespace fwd::door {
namespace {

using mailbox::get;
using std::chrono::hours;
using std::chrono::minutes;

class WatchScene : public mailbox::LoopScene {
 public:
  WatchScene() {
    auto file = get(queue::QueueFile::open(folder / "queue.sqlite", mailbox::key_of('k'),
                                           std::string(16, 's'), queue::options()));
    store = std::make_unique<queue::QueueStore>(std::move(file), workers, clock, 0);
    events.on_queue_day = [this](const queue::QueueDay& day, const model::QueueStat& stat) {
      days.push_back(day);
      last = stat;
    };
    events.on_queue_age = [this](const std::optional<queue::OldMessage>& old) {
      ages.push_back(old ? old->id : "young");
    };
    watch = std::make_unique<QueueWatch>(*store, clock, events, hours(4));
  }
  void look() { run(looked(*watch)); }
  void add(const std::string& id, std::int64_t not_before = 0) {
    model::NewOutbound message = queue::message_to({"x@a.test"}, id);
    message.not_before = not_before;
    get(run(store->add(std::move(message), queue::owner())));
  }
  // Claims all that is due and says it went so.
  void deliver(model::RecipientState state, model::NewOutbound notice = {}) {
    for (const queue::Claimed& one : get(run(store->claim(queue::question())))) {
      model::Report report = queue::QueueScene::report_of(
          one.claim, state, unix_milliseconds(clock.wall()) + queue::kMinute);
      if (!notice.content.empty()) report.notices.push_back(notice);
      mailbox::assert_ok(run(store->report(std::move(report))));
    }
  }
  void act(model::QueueAction action) {
    model::QueueFilter filter;
    filter.domain_id = "d1";
    get(run(store->act(filter, action)));
  }
  std::int64_t now() { return unix_milliseconds(clock.wall()); }

  std::vector<queue::QueueDay> days;
  model::QueueStat last;
  std::vector<std::string> ages;
  Events events;
  std::unique_ptr<queue::QueueStore> store;
  std::unique_ptr<QueueWatch> watch;

 private:
  static Task<bool> looked(QueueWatch& watch) {
    co_await watch.look();
    co_return true;
  }
};

class QueueWatchTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(QueueWatchTest);
  CPPUNIT_TEST(old_mail_is_told_once_and_its_end_once);
  CPPUNIT_TEST(mail_that_waits_as_it_was_told_to_is_not_old);
  CPPUNIT_TEST(each_day_is_told_once_with_its_figures);
  CPPUNIT_TEST(a_day_goes_on_after_a_restart);
  CPPUNIT_TEST_SUITE_END();

 public:
  void old_mail_is_told_once_and_its_end_once() {
    WatchScene scene;
    scene.add("m1");
    scene.clock.turn(hours(3));
    scene.look();
    CPPUNIT_ASSERT(scene.ages.empty());
    scene.add("m2");
    scene.deliver(model::RecipientState::kWaiting);
    scene.clock.turn(hours(1));
    for (int i = 0; i < 3; ++i) scene.look();
    CPPUNIT_ASSERT(scene.ages == std::vector<std::string>{"m1"});
    scene.deliver(model::RecipientState::kDelivered);
    for (int i = 0; i < 3; ++i) scene.look();
    CPPUNIT_ASSERT((scene.ages == std::vector<std::string>{"m1", "young"}));
    scene.add("m3");
    scene.clock.turn(hours(5));
    scene.look();
    CPPUNIT_ASSERT_EQUAL(std::string("m3"), scene.ages.back());
    scene.watch->set_age(hours(0));
    scene.look();
    CPPUNIT_ASSERT_EQUAL(std::string("young"), scene.ages.back());
  }

  void mail_that_waits_as_it_was_told_to_is_not_old() {
    WatchScene scene;
    scene.add("later", scene.now() + 10 * queue::kHour);
    scene.clock.turn(hours(9));
    scene.look();
    CPPUNIT_ASSERT(scene.ages.empty());
    scene.act(model::QueueAction::kHold);
    scene.clock.turn(hours(9));
    scene.look();
    CPPUNIT_ASSERT(scene.ages.empty());
    scene.act(model::QueueAction::kRelease);
    scene.look();
    CPPUNIT_ASSERT(scene.ages == std::vector<std::string>{"later"});
  }

  void each_day_is_told_once_with_its_figures() {
    WatchScene scene;  // begins at midnight
    scene.look();
    for (const char* id : {"m1", "m2", "m3"}) scene.add(id);
    scene.deliver(model::RecipientState::kWaiting);
    scene.clock.turn(minutes(2));
    model::NewOutbound notice = queue::message_to({"hello@example.test"}, "n1");
    notice.envelope_from.clear();
    model::NewOutbound none;
    scene.deliver(model::RecipientState::kDelivered, none);
    scene.add("m4");
    scene.deliver(model::RecipientState::kFailed, notice);
    scene.clock.turn(hours(23));
    scene.look();
    CPPUNIT_ASSERT(scene.days.empty());
    scene.clock.turn(hours(1));
    for (int i = 0; i < 3; ++i) scene.look();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scene.days.size());
    const queue::QueueDay day = scene.days[0];
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{4}, day.accepted);  // our notice is none of them
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{3}, day.delivered);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{3}, day.deferred);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, day.failed);
    CPPUNIT_ASSERT_EQUAL(scene.now(), day.ended);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, scene.last.messages[2]);  // the notice waits
    scene.clock.turn(hours(24));
    scene.look();
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, scene.days.size());
    CPPUNIT_ASSERT_EQUAL(day.ended, scene.days[1].began);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, scene.days[1].accepted);
  }

  void a_day_goes_on_after_a_restart() {
    WatchScene scene;
    scene.look();
    scene.add("m1");
    scene.watch = std::make_unique<QueueWatch>(*scene.store, scene.clock, scene.events, hours(0));
    scene.clock.turn(hours(50));
    scene.look();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scene.days.size());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, scene.days[0].accepted);
    CPPUNIT_ASSERT_EQUAL(50 * queue::kHour, scene.days[0].ended - scene.days[0].began);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(QueueWatchTest);

}  // namespace
}  // namespace fwd::door
