// The queue on its worker: waiting for what comes due, side by side.
#include <cppunit/extensions/HelperMacros.h>

#include "storage/queue/queue_store.h"
#include "tests/unit/queue/queue_scene.h"

namespace fwd::queue {
namespace {

class StoreScene : public mailbox::LoopScene {
 public:
  explicit StoreScene(QueueOptions wanted = options()) {
    auto file = get(QueueFile::open(folder / "queue.sqlite", mailbox::key_of('k'),
                                    std::string(16, 's'), wanted));
    store = std::make_unique<QueueStore>(std::move(file), workers, clock, 0);
  }
  ~StoreScene() {
    const auto checked = run(store->check());
    if (!checked.ok()) CPPUNIT_FAIL(checked.failure().private_text);
    store.reset();
  }
  Accepted add(const std::string& id, const std::string& to = "x@a.test") {
    return get(run(store->add(message_to({to}, id), owner())));
  }
  static model::ClaimQuestion patient(std::chrono::milliseconds wait) {
    model::ClaimQuestion asked = question();
    asked.wait = wait;
    return asked;
  }

  // Begins a claim that waits, does `then`, and gives what was claimed.
  std::vector<Claimed> claim_while(std::chrono::milliseconds wait, Task<bool> then) {
    return claim_while(patient(wait), std::move(then));
  }
  std::vector<Claimed> claim_while(const model::ClaimQuestion& asked, Task<bool> then) {
    std::vector<Claimed> claims;
    TaskGroup group([](const std::string&, const std::string& what) { CPPUNIT_FAIL(what); });
    group.spawn("claim", keep_claims(loop, store->claim(asked), claims));
    group.spawn("then", ignore(std::move(then)));
    loop.run();
    return claims;
  }
  // Turns the clock once the claim has found nothing and sleeps.
  Task<bool> turn(std::chrono::milliseconds by) {
    for (int i = 0; i < 3; ++i) {
      auto nothing = [] { return true; };
      auto passing = workers.run(0, std::move(nothing));
      co_await std::move(passing);
    }
    clock.turn(by);
    co_return true;
  }
  Task<bool> add_later(std::string id) {
    auto turned = turn(std::chrono::milliseconds(10));
    co_await std::move(turned);
    auto message = message_to({"x@a.test"}, id);
    auto adding = store->add(std::move(message), owner());
    const auto added = co_await std::move(adding);
    co_return added.ok();
  }
  // While another claim waits: one of the same machine gets `first`, then `second` comes.
  Task<bool> claim_and_add(std::string first, std::string second, model::ClaimQuestion asked,
                           std::uint64_t& lease) {
    auto added = add_later(std::move(first));
    co_await std::move(added);
    auto claiming = store->claim(std::move(asked));
    const auto claims = co_await std::move(claiming);
    lease = claims.value().at(0).claim.lease;
    auto again = add_later(std::move(second));
    co_await std::move(again);
    auto turned = turn(std::chrono::seconds(30));
    co_return co_await std::move(turned);
  }

  std::unique_ptr<QueueStore> store;

 private:
  static Task<void> keep_claims(net::Loop& loop, Task<Outcome<std::vector<Claimed>>> work,
                                std::vector<Claimed>& into) {
    auto claims = co_await std::move(work);
    into = get(std::move(claims));
    loop.stop();
  }
  static Task<void> ignore(Task<bool> work) { co_await std::move(work); }
};

class QueueStoreTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(QueueStoreTest);
  CPPUNIT_TEST(a_claim_that_may_wait_wakes_for_a_new_message);
  CPPUNIT_TEST(a_claim_that_may_wait_wakes_when_something_is_due);
  CPPUNIT_TEST(a_claim_waits_no_longer_than_it_asked);
  CPPUNIT_TEST(only_the_first_look_of_a_claim_ends_what_the_dead_had);
  CPPUNIT_TEST(submissions_side_by_side_share_commits);
  CPPUNIT_TEST(a_refused_message_takes_no_other_with_it);
  CPPUNIT_TEST(a_message_that_fails_half_way_leaves_nothing_behind);
  CPPUNIT_TEST(an_action_on_many_is_done_to_all);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_claim_that_may_wait_wakes_for_a_new_message() {
    StoreScene scene;
    const auto claims = scene.claim_while(std::chrono::minutes(5), scene.add_later("m1"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, claims.size());
    CPPUNIT_ASSERT_EQUAL(std::string("fe-bounces.example.test"), claims[0].return_path_domain);
  }

  void a_claim_that_may_wait_wakes_when_something_is_due() {
    StoreScene scene;
    scene.add("m1");
    const auto first = get(scene.run(scene.store->claim(question())));
    auto report = QueueScene::report_of(first[0].claim, RecipientState::kWaiting, kStart + kMinute);
    assert_ok(scene.run(scene.store->report(report)));
    const auto claims =
        scene.claim_while(std::chrono::minutes(5), scene.turn(std::chrono::minutes(1)));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, claims.size());
  }

  void a_claim_waits_no_longer_than_it_asked() {
    StoreScene scene;
    CPPUNIT_ASSERT(get(scene.run(scene.store->claim(question()))).empty());
    const auto claims =
        scene.claim_while(std::chrono::seconds(30), scene.turn(std::chrono::seconds(30)));
    CPPUNIT_ASSERT(claims.empty());
  }

  void only_the_first_look_of_a_claim_ends_what_the_dead_had() {
    StoreScene scene;
    model::ClaimQuestion begins = StoreScene::patient(std::chrono::seconds(10));
    begins.worker = "mx.example.test/1";
    begins.begins = true;
    model::ClaimQuestion other = question();
    other.worker = begins.worker;
    begins.most_per_destination = 0;  // finds nothing, so it waits and looks again
    std::uint64_t lease = 0;
    const auto claims = scene.claim_while(begins, scene.claim_and_add("m1", "m2", other, lease));
    CPPUNIT_ASSERT(claims.empty());
    CPPUNIT_ASSERT(lease > 0);
    assert_ok(scene.run(scene.store->prolong(lease, std::chrono::minutes(1))));
  }

  void submissions_side_by_side_share_commits() {
    StoreScene scene;
    std::vector<Task<Outcome<Accepted>>> adding;
    for (int i = 0; i < 100; ++i)
      adding.push_back(
          scene.store->add(message_to({"x@a.test"}, "m" + std::to_string(i)), owner()));
    for (const auto& added : scene.run_all(std::move(adding))) CPPUNIT_ASSERT(added.ok());
    CPPUNIT_ASSERT(scene.store->commits() < 10);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{100}, get(scene.run(scene.store->stat())).messages[2]);
  }

  void a_refused_message_takes_no_other_with_it() {
    QueueOptions narrow = options();
    narrow.most_octets = 1000;
    StoreScene scene(narrow);
    std::vector<Task<Outcome<Accepted>>> adding;
    for (const std::size_t body : {100U, 5000U, 100U})
      adding.push_back(scene.store->add(message_to({"x@a.test"}, "", body), owner()));
    const auto added = scene.run_all(std::move(adding));
    CPPUNIT_ASSERT(added[0].ok() && added[2].ok());
    assert_fault(Fault::kOverQuota, added[1]);
  }

  void a_message_that_fails_half_way_leaves_nothing_behind() {
    StoreScene scene;
    std::vector<Task<Outcome<Accepted>>> adding;
    for (int i = 0; i < 20; ++i) {
      // The second recipient shows only when the first is written.
      std::vector<std::string> to = {"x@a.test"};
      if (i % 7 == 3) to.push_back("no address");
      adding.push_back(scene.store->add(message_to(to, "m" + std::to_string(i)), owner()));
    }
    const auto added = scene.run_all(std::move(adding));
    for (std::size_t i = 0; i < added.size(); ++i) {
      if (i % 7 == 3)
        assert_fault(Fault::kBadInput, added[i]);
      else
        CPPUNIT_ASSERT_EQUAL("m" + std::to_string(i), get(Outcome<Accepted>(added[i])).id);
    }
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{17}, get(scene.run(scene.store->stat())).messages[2]);
    CPPUNIT_ASSERT_EQUAL(std::size_t{10}, get(scene.run(scene.store->claim(question()))).size());
  }

  void an_action_on_many_is_done_to_all() {
    StoreScene scene;
    for (int i = 0; i < 450; ++i) scene.add("m" + std::to_string(i));
    model::QueueFilter filter;
    filter.sender = "hello@example.test";
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{450},
                         get(scene.run(scene.store->act(filter, QueueAction::kRemove))));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{450},
                         get(scene.run(scene.store->forget_before(kStart + 1))));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(QueueStoreTest);

}  // namespace
}  // namespace fwd::queue
