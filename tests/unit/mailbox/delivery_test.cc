// Mail that comes into a mailbox file by delivery and out of the spool.
#include <cppunit/extensions/HelperMacros.h>

#include "tests/unit/mailbox/scene.h"

namespace fwd::mailbox {
namespace {

class DeliveryTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DeliveryTest);
  CPPUNIT_TEST(a_repeated_delivery_is_stored_once);
  CPPUNIT_TEST(delivery_ids_are_forgotten_in_time);
  CPPUNIT_TEST(deliveries_go_to_their_special_folder);
  CPPUNIT_TEST(a_drain_stores_each_entry_exactly_once);
  CPPUNIT_TEST(what_was_accepted_is_drained_into_a_full_mailbox);
  CPPUNIT_TEST(what_was_delivered_is_not_drained_again);
  CPPUNIT_TEST_SUITE_END();

  static Drained drained(std::int64_t id, const std::string& name) {
    Drained out;
    out.spool_id = id;
    out.incoming = incoming(name);
    return out;
  }
  static std::uint32_t count(FileScene& scene, const std::string& folder = "INBOX") {
    return get(scene.file->get_folder(folder)).messages;
  }
  static void drain(FileScene& scene, const std::vector<Drained>& entries) {
    assert_ok(scene.commit([&] { return scene.file->drain(entries, kNow); }));
  }

 public:
  void a_repeated_delivery_is_stored_once() {
    FileScene scene;
    for (int i = 0; i < 3; ++i)
      assert_ok(scene.commit([&] {
        return scene.file->deliver({incoming("a"), incoming("b"), incoming("a")}, 0, kNow);
      }));
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{2}, count(scene));
    auto anonymous = incoming("");
    for (int i = 0; i < 2; ++i)
      assert_ok(scene.commit([&] { return scene.file->deliver({anonymous}, 0, kNow); }));
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{4}, count(scene));
    anonymous.delivery_id = std::string(201, 'x');
    assert_fault(Fault::kBadInput,
                 scene.commit([&] { return scene.file->deliver({anonymous}, 0, kNow); }));
  }

  void delivery_ids_are_forgotten_in_time() {
    FileScene scene;
    for (int i = 0; i < 30; ++i)
      assert_ok(scene.commit(
          [&] { return scene.file->deliver({incoming("d" + std::to_string(i))}, 0, kNow); }));
    const std::int64_t later = kNow + 7 * 24 * 3600;
    for (int i = 0; i < 2; ++i)
      assert_ok(scene.commit(
          [&] { return scene.file->deliver({incoming("l" + std::to_string(i))}, 0, later); }));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, scene.number("SELECT count(*) FROM deliveries"));
  }

  void deliveries_go_to_their_special_folder() {
    FileScene scene;
    auto spam = incoming("s"), all = incoming("a");
    spam.folder = model::SpecialUse::kJunk;
    spam.flags.add_keyword("$Junk");
    all.folder = model::SpecialUse::kAll;
    assert_ok(scene.commit([&] { return scene.file->deliver({spam, all}, 0, kNow); }));
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{1}, count(scene, "Spam"));
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{1}, count(scene));
    CPPUNIT_ASSERT(scene.fetch("Spam", model::kColFlags)[0].flags.has_keyword("$junk"));
  }

  void a_drain_stores_each_entry_exactly_once() {
    FileScene scene;
    drain(scene, {drained(5, "a"), drained(7, "b")});
    CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, get(scene.file->spool_mark()));
    scene.reopen();
    drain(scene, {drained(5, "a"), drained(7, "b"), drained(8, "c")});
    drain(scene, {drained(5, "x"), drained(8, "y")});
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{3}, count(scene));
    drain(scene, {});
    CPPUNIT_ASSERT_EQUAL(std::int64_t{8}, get(scene.file->spool_mark()));
    // One that fails moves neither the mark nor anything else.
    auto bad = drained(10, "bad");
    bad.incoming.message.size += 1;
    assert_fault(Fault::kBadInput, scene.commit([&] {
      return scene.file->drain({drained(9, "d"), bad}, kNow);
    }));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{8}, get(scene.file->spool_mark()));
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{3}, count(scene));
  }

  void what_was_accepted_is_drained_into_a_full_mailbox() {
    FileScene scene;
    drain(scene, {drained(1, "a")});
    const auto used = get(scene.file->used());
    assert_fault(Fault::kOverQuota,
                 scene.commit([&] { return scene.file->deliver({incoming("b")}, used, kNow); }));
    drain(scene, {drained(2, "b")});
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{2}, count(scene));
  }

  void what_was_delivered_is_not_drained_again() {
    FileScene scene;
    assert_ok(scene.commit([&] { return scene.file->deliver({incoming("a")}, 0, kNow); }));
    drain(scene, {drained(1, "a"), drained(2, "b")});
    assert_ok(scene.commit([&] { return scene.file->deliver({incoming("b")}, 0, kNow); }));
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{2}, count(scene));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DeliveryTest);

}  // namespace
}  // namespace fwd::mailbox
