// The sealed inbound spool.
#include "storage/spool/spool.h"

#include <cppunit/extensions/HelperMacros.h>

#include "tests/unit/mailbox/scene.h"

namespace fwd::spool {
namespace {

using mailbox::assert_fault;
using mailbox::assert_ok;
using mailbox::get;
using mailbox::key_of;

class SpoolScene : public mailbox::LoopScene {
 public:
  SpoolScene() { options.folder = folder / "spool"; }
  ~SpoolScene() { spool.reset(); }
  Outcome<void> start(char key = 'S') {
    spool.reset();
    spool = std::make_unique<Spool>(workers, clock, key_of(key), options);
    return run(spool->start());
  }
  Outcome<void> append(const std::string& alias, const std::string& id,
                       const std::string& sealed = "sealed") {
    return run(spool->append({{alias, id, sealed}}));
  }
  std::vector<Waiting> read(const std::string& alias, std::int64_t after = 0,
                            std::uint64_t most = UINT32_MAX) {
    return get(run(spool->read(alias, after, most)));
  }

  SpoolOptions options;
  std::unique_ptr<Spool> spool;
};

class SpoolTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SpoolTest);
  CPPUNIT_TEST(entries_are_read_in_order_and_forgotten);
  CPPUNIT_TEST(a_repeat_is_stored_once);
  CPPUNIT_TEST(ids_are_never_reused);
  CPPUNIT_TEST(a_spool_made_anew_begins_above_the_lost_one);
  CPPUNIT_TEST(large_entries_are_kept_in_pieces);
  CPPUNIT_TEST(an_alias_has_its_bounds);
  CPPUNIT_TEST(many_deliveries_share_commits);
  CPPUNIT_TEST(the_number_of_shards_stays);
  CPPUNIT_TEST(a_wrong_key_is_refused);
  CPPUNIT_TEST(what_was_set_aside_is_neither_read_nor_forgotten);
  CPPUNIT_TEST(what_was_set_aside_is_shown_with_its_reason);
  CPPUNIT_TEST(what_is_brought_back_comes_behind_all_others_with_its_pieces);
  CPPUNIT_TEST(removing_an_alias_leaves_the_others);
  CPPUNIT_TEST_SUITE_END();

 public:
  void entries_are_read_in_order_and_forgotten() {
    SpoolScene scene;
    assert_ok(scene.start());
    for (int i = 0; i < 5; ++i) {
      assert_ok(scene.append("aa", "d" + std::to_string(i), "text " + std::to_string(i)));
      assert_ok(scene.append("bb", "d" + std::to_string(i)));
    }
    assert_ok(scene.start());
    const auto all = scene.read("aa");
    CPPUNIT_ASSERT_EQUAL(std::size_t{5}, all.size());
    for (std::size_t i = 0; i < 5; ++i) {
      CPPUNIT_ASSERT_EQUAL("text " + std::to_string(i), all[i].sealed);
      CPPUNIT_ASSERT_EQUAL("d" + std::to_string(i), all[i].delivery_id);
      CPPUNIT_ASSERT(all[i].stored == unix_seconds(scene.clock.wall()));
      CPPUNIT_ASSERT(i == 0 || all[i].id > all[i - 1].id);
    }
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, scene.read("aa", all[2].id).size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scene.read("aa", 0, 1).size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, scene.read("aa", 0, 13).size());
    assert_ok(scene.run(scene.spool->forget("aa", all[2].id)));
    assert_ok(scene.run(scene.spool->forget("aa", all[2].id)));
    CPPUNIT_ASSERT_EQUAL(all[3].id, scene.read("aa")[0].id);
    const auto stats = get(scene.run(scene.spool->stats("aa")));
    CPPUNIT_ASSERT(stats.entries == 2 && stats.octets == 12);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{5}, get(scene.run(scene.spool->all_stats()))["bb"].entries);
    assert_ok(scene.run(scene.spool->check()));
  }

  void a_repeat_is_stored_once() {
    SpoolScene scene;
    assert_ok(scene.start());
    assert_ok(
        scene.run(scene.spool->append({{"aa", "d", "1"}, {"bb", "d", "2"}, {"aa", "d", "3"}})));
    assert_ok(scene.append("aa", "d"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scene.read("aa").size());
    CPPUNIT_ASSERT_EQUAL(std::string("1"), scene.read("aa")[0].sealed);
    assert_fault(Fault::kBadInput, scene.append("", "d"));
    assert_fault(Fault::kBadInput, scene.append("aa", ""));
    assert_fault(Fault::kBadInput, scene.append("aa", std::string(201, 'x')));
  }

  void ids_are_never_reused() {
    SpoolScene scene;
    assert_ok(scene.start());
    assert_ok(scene.append("aa", "1"));
    const auto last = scene.read("aa")[0].id;
    assert_ok(scene.run(scene.spool->forget("aa", last)));
    assert_ok(scene.start());
    assert_ok(scene.append("aa", "2"));
    CPPUNIT_ASSERT(scene.read("aa")[0].id > last);
  }

  void a_spool_made_anew_begins_above_the_lost_one() {
    SpoolScene scene;
    assert_ok(scene.start());
    for (int i = 0; i < 20; ++i) assert_ok(scene.append("aa", std::to_string(i)));
    const auto last = scene.read("aa").back().id;
    scene.spool.reset();
    std::filesystem::remove_all(scene.options.folder);
    scene.clock.turn(std::chrono::seconds(1));
    assert_ok(scene.start());
    assert_ok(scene.append("aa", "new"));
    CPPUNIT_ASSERT(scene.read("aa")[0].id > last);
  }

  void large_entries_are_kept_in_pieces() {
    SpoolScene scene;
    assert_ok(scene.start());
    std::string large;
    for (int i = 0; i < 500000; ++i) large += std::to_string(i);
    assert_ok(scene.append("aa", "small"));
    assert_ok(scene.append("aa", "large", large));
    assert_ok(scene.append("aa", "whole", std::string(1 << 20, 'w')));
    const auto all = scene.read("aa");
    CPPUNIT_ASSERT(all[1].sealed == large);
    CPPUNIT_ASSERT(all[2].sealed == std::string(1 << 20, 'w'));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scene.read("aa", all[0].id, 1000).size());
    assert_ok(scene.run(scene.spool->forget("aa", all[1].id)));
    assert_ok(scene.run(scene.spool->check()));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1 << 20}, get(scene.run(scene.spool->stats("aa"))).octets);
  }

  void an_alias_has_its_bounds() {
    SpoolScene scene;
    scene.options.alias_entries = 3;
    scene.options.alias_octets = 100;
    assert_ok(scene.start());
    assert_ok(scene.append("aa", "1", std::string(60, 'x')));
    assert_fault(Fault::kOverQuota, scene.append("aa", "2", std::string(60, 'x')));
    assert_ok(scene.append("aa", "1", std::string(60, 'x')));
    assert_ok(scene.append("aa", "3", "x"));
    assert_ok(scene.append("aa", "4", "x"));
    assert_fault(Fault::kOverQuota, scene.append("aa", "5", "x"));
    assert_ok(scene.append("bb", "5", "x"));
    assert_ok(scene.run(scene.spool->check()));
  }

  void many_deliveries_share_commits() {
    SpoolScene scene;
    assert_ok(scene.start());
    std::vector<Task<Outcome<void>>> all;
    for (int i = 0; i < 300; ++i)
      all.push_back(scene.spool->append(
          {{"alias" + std::to_string(i % 50), "d" + std::to_string(i), std::string(1000, 'x')}}));
    for (const auto& done : scene.run_all(std::move(all))) assert_ok(done);
    CPPUNIT_ASSERT(scene.spool->commits() <= 10);
    std::uint64_t entries = 0;
    for (const auto& [alias, stats] : get(scene.run(scene.spool->all_stats())))
      entries += stats.entries;
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{300}, entries);
  }

  void the_number_of_shards_stays() {
    SpoolScene scene;
    scene.options.shards = 3;
    assert_ok(scene.start());
    for (int i = 0; i < 20; ++i) assert_ok(scene.append("alias" + std::to_string(i), "d"));
    scene.options.shards = 1;
    assert_ok(scene.start());
    for (int i = 0; i < 20; ++i)
      CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scene.read("alias" + std::to_string(i)).size());
    CPPUNIT_ASSERT(std::filesystem::exists(scene.options.folder + "/2.sqlite"));
  }

  void a_wrong_key_is_refused() {
    SpoolScene scene;
    assert_ok(scene.start());
    assert_ok(scene.append("aa", "d"));
    assert_fault(Fault::kCorrupt, scene.start('x'));
    assert_fault(Fault::kUnavailable, scene.append("aa", "e"));
    assert_ok(scene.start());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scene.read("aa").size());
  }

  void what_was_set_aside_is_neither_read_nor_forgotten() {
    SpoolScene scene;
    assert_ok(scene.start());
    for (const char* id : {"1", "2", "3"}) assert_ok(scene.append("aa", id));
    const auto all = scene.read("aa");
    assert_ok(scene.run(scene.spool->set_aside("aa", all[1].id, "why")));
    assert_ok(scene.run(scene.spool->set_aside("bb", all[2].id, "not its own")));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, scene.read("aa").size());
    assert_ok(scene.run(scene.spool->forget("aa", all[2].id)));
    CPPUNIT_ASSERT(scene.read("aa").empty());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, get(scene.run(scene.spool->stats("aa"))).entries);
    assert_ok(scene.run(scene.spool->check()));
    assert_ok(scene.run(scene.spool->remove("aa")));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, get(scene.run(scene.spool->stats("aa"))).entries);
    assert_ok(scene.run(scene.spool->check()));
  }

  void what_was_set_aside_is_shown_with_its_reason() {
    SpoolScene scene;
    assert_ok(scene.start());
    for (const char* id : {"1", "2", "3"}) assert_ok(scene.append("aa", id, "sealed"));
    const auto all = scene.read("aa");
    assert_ok(scene.run(scene.spool->set_aside("aa", all[1].id, std::string(5000, 'x'))));
    const auto listed = get(scene.run(scene.spool->list("aa", 0, 100)));
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, listed.size());
    CPPUNIT_ASSERT(!listed[0].is_aside && listed[0].why.empty());
    CPPUNIT_ASSERT(listed[1].is_aside && listed[1].why == std::string(500, 'x'));
    CPPUNIT_ASSERT_EQUAL(unix_seconds(scene.clock.wall()), listed[1].aside_since);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{6}, listed[1].octets);
    CPPUNIT_ASSERT_EQUAL(std::string("2"), listed[1].delivery_id);
    CPPUNIT_ASSERT_EQUAL(listed[1].id,
                         get(scene.run(scene.spool->list("aa", listed[0].id, 1)))[0].id);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, get(scene.run(scene.spool->stats("aa"))).aside);
  }

  void what_is_brought_back_comes_behind_all_others_with_its_pieces() {
    SpoolScene scene;
    assert_ok(scene.start());
    const std::string large(3 << 20, 's');
    assert_ok(scene.append("aa", "1", large));
    for (int i = 2; i < 500; ++i) assert_ok(scene.append("aa", std::to_string(i), "small"));
    const auto all = scene.read("aa");
    for (const Waiting& one : all)
      assert_ok(scene.run(scene.spool->set_aside("aa", one.id, "why")));
    assert_ok(scene.append("aa", "last"));
    const auto last = scene.read("aa").at(0);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, get(scene.run(scene.spool->bring_back("bb"))));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{499}, get(scene.run(scene.spool->bring_back("aa"))));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, get(scene.run(scene.spool->bring_back("aa"))));
    const auto back = scene.read("aa");
    CPPUNIT_ASSERT_EQUAL(std::size_t{500}, back.size());
    CPPUNIT_ASSERT_EQUAL(last.id, back[0].id);
    CPPUNIT_ASSERT(back[1].id > last.id && back[1].sealed == large && back[1].delivery_id == "1");
    assert_ok(scene.run(scene.spool->check()));
    // The count of ids goes on behind them.
    assert_ok(scene.append("aa", "newest"));
    CPPUNIT_ASSERT(scene.read("aa").back().id > back.back().id);
    CPPUNIT_ASSERT_EQUAL(std::string("newest"), scene.read("aa").back().delivery_id);
  }

  void removing_an_alias_leaves_the_others() {
    SpoolScene scene;
    assert_ok(scene.start());
    for (const std::string alias : {"aa", "bb"}) assert_ok(scene.append(alias, "d"));
    assert_ok(scene.run(scene.spool->remove("aa")));
    CPPUNIT_ASSERT(scene.read("aa").empty());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scene.read("bb").size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, get(scene.run(scene.spool->all_stats())).size());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SpoolTest);

}  // namespace
}  // namespace fwd::spool
