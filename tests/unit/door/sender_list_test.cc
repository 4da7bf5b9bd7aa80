// What the door lets be listed.
#include <cppunit/extensions/HelperMacros.h>

#include "tests/unit/door/sending_scene.h"

namespace fwd::door {
namespace {

using model::ListedSender;
using model::ListKind;

class SenderListKeeperTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SenderListKeeperTest);
  CPPUNIT_TEST(values_are_kept_and_removed_in_one_spelling);
  CPPUNIT_TEST(what_cannot_be_is_refused);
  CPPUNIT_TEST(the_lists_are_there_when_the_door_opens_again);
  CPPUNIT_TEST_SUITE_END();

  SendingScene scene_;

  model::SenderLists& lists() { return scene_.door->sender_lists(); }
  std::int64_t now() { return unix_milliseconds(scene_.loop.clock().wall()); }
  Outcome<ListedSender> put(ListedSender entry) {
    return scene_.run(lists().put_listed(std::move(entry)));
  }
  static ListedSender deny(const std::string& value) {
    ListedSender entry;
    entry.value = value;
    return entry;
  }

 public:
  void values_are_kept_and_removed_in_one_spelling() {
    CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.0/24"), get(put(deny("192.0.2.9/24"))).value);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                         get(scene_.run(lists().find_listed({"192.0.2.0/24"}))).size());
    assert_ok(scene_.run(lists().remove_listed(ListKind::kDeny, "192.0.2.77/24")));
    assert_fault(Fault::kNotFound,
                 scene_.run(lists().remove_listed(ListKind::kDeny, "192.0.2.0/24")));
    assert_fault(Fault::kBadInput, scene_.run(lists().remove_listed(ListKind::kDeny, "?")));
  }

  void what_cannot_be_is_refused() {
    assert_fault(Fault::kBadInput, put(deny("no name")));
    ListedSender entry = deny("a.test");
    entry.reason = "two\nlines";
    assert_fault(Fault::kBadInput, put(entry));
    entry.reason = std::string(model::kMostListedReason + 1, 'x');
    assert_fault(Fault::kBadInput, put(entry));
    entry.reason.clear();
    entry.expires = now() - 1;
    assert_fault(Fault::kBadInput, put(entry));
    entry.expires = 0;
    entry.is_learned = true;
    assert_fault(Fault::kBadInput, put(entry));
    entry.expires = now() + std::int64_t{400} * 24 * 3600 * 1000;
    assert_fault(Fault::kBadInput, put(entry));
    entry.expires = now() + 60'000;
    assert_ok(put(entry));
    entry.kind = static_cast<ListKind>(7);
    assert_fault(Fault::kBadInput, put(entry));
    const std::vector<std::string> many(model::kMostListedAsked + 1, "a.test");
    assert_fault(Fault::kBadInput, scene_.run(lists().find_listed(many)));
  }

  void the_lists_are_there_when_the_door_opens_again() {
    get(put(deny("a.test")));
    scene_.open();
    CPPUNIT_ASSERT_EQUAL(std::string("a.test"),
                         get(scene_.run(lists().list_listed(ListKind::kDeny, ""))).at(0).value);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SenderListKeeperTest);

}  // namespace
}  // namespace fwd::door
