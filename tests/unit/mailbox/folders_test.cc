// Folders of a mailbox file: names, making, deleting, renaming.
#include <cppunit/extensions/HelperMacros.h>

#include "storage/mailbox/folder_name.h"
#include "tests/unit/mailbox/scene.h"

namespace fwd::mailbox {
namespace {

using model::SpecialUse;

class FoldersTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(FoldersTest);
  CPPUNIT_TEST(names_are_composed_and_bounded);
  CPPUNIT_TEST(a_new_mailbox_has_the_default_folders);
  CPPUNIT_TEST(creating_makes_parents_that_hold_no_messages);
  CPPUNIT_TEST(special_uses_are_given_once);
  CPPUNIT_TEST(deleting_frees_all_and_keeps_names_with_children);
  CPPUNIT_TEST(uid_validity_only_goes_up);
  CPPUNIT_TEST(renaming_takes_children_along);
  CPPUNIT_TEST(renaming_inbox_moves_its_messages);
  CPPUNIT_TEST(a_folder_renamed_to_a_former_name_gets_a_higher_uid_validity);
  CPPUNIT_TEST(the_number_of_folders_is_bounded);
  CPPUNIT_TEST(subscriptions_are_kept);
  CPPUNIT_TEST(subscriptions_outlive_their_folders);
  CPPUNIT_TEST(subscriptions_without_folders_are_bounded);
  CPPUNIT_TEST_SUITE_END();

  Outcome<model::Folder> create(FileScene& scene, const std::string& path,
                                SpecialUse use = SpecialUse::kNone) {
    return scene.commit([&] { return scene.file->create_folder(path, use, kNow); });
  }
  Outcome<void> rename(FileScene& scene, const std::string& from, const std::string& to) {
    return scene.commit([&] { return scene.file->rename_folder(from, to, kNow); });
  }
  Outcome<void> remove(FileScene& scene, const std::string& path) {
    return scene.commit([&] { return scene.file->delete_folder(path, kNow); });
  }
  // Names that are subscribed to and have no folder.
  std::string bare_names(FileScene& scene) {
    std::string names;
    for (const auto& folder : get(scene.file->list_folders()))
      if (!folder.exists) names += (names.empty() ? "" : " ") + folder.path;
    return names;
  }

 public:
  void names_are_composed_and_bounded() {
    const Limits limits;
    CPPUNIT_ASSERT_EQUAL(std::string("INBOX"), get(normal_path("inBox", limits)));
    CPPUNIT_ASSERT_EQUAL(std::string("INBOX/x"), get(normal_path("Inbox/x", limits)));
    CPPUNIT_ASSERT_EQUAL(std::string("x/inbox"), get(normal_path("x/inbox", limits)));
    CPPUNIT_ASSERT_EQUAL(std::string("caf\xc3\xa9"), get(normal_path("cafe\xcc\x81", limits)));
    for (const std::string& bad :
         {std::string(), std::string("/"), std::string("a//b"), std::string("/a"),
          std::string("a/"), std::string("a\nb"), std::string("a\0b", 3), std::string("\xff"),
          std::string("\xc2\x85")})
      assert_fault(Fault::kBadInput, normal_path(bad, limits));
    assert_fault(Fault::kOverLimit, normal_path(std::string(256, 'x'), limits));
    assert_ok(normal_path(std::string(255, 'x'), limits));
    std::string deep = "a";
    for (int i = 0; i < 30; ++i) deep += "/a";
    assert_fault(Fault::kOverLimit, normal_path(deep, limits));
    std::string lengthy(250, 'x');
    lengthy = lengthy + '/' + lengthy + '/' + lengthy + '/' + lengthy;
    assert_fault(Fault::kOverLimit, normal_path(lengthy, limits));
  }

  void a_new_mailbox_has_the_default_folders() {
    FileScene scene;
    std::string all;
    std::uint32_t highest = 0;
    for (const auto& folder : get(scene.file->list_folders())) {
      all += folder.path + "=" + std::to_string(static_cast<int>(folder.special_use)) + " ";
      CPPUNIT_ASSERT_EQUAL(std::size_t{24}, folder.object_id.size());
      CPPUNIT_ASSERT(folder.subscribed && folder.selectable && folder.uid_next == 1);
      CPPUNIT_ASSERT(folder.highest_modseq >= 1 && folder.uid_validity >= kNow);
      highest = std::max(highest, folder.uid_validity);
    }
    CPPUNIT_ASSERT_EQUAL(std::string("Archive=3 Drafts=4 INBOX=1 Sent Mail=7 Spam=6 Trash=8 "),
                         all);
    CPPUNIT_ASSERT(get(create(scene, "x")).uid_validity > highest);
    assert_fault(Fault::kExists, MailboxFile::create(scene.path(), key_of('k'), kAlias, kNow));
  }

  void creating_makes_parents_that_hold_no_messages() {
    FileScene scene;
    const auto made = get(create(scene, "a/b/c"));
    CPPUNIT_ASSERT(made.selectable);
    CPPUNIT_ASSERT(!get(scene.file->get_folder("a/b")).selectable);
    const auto parent = get(scene.file->get_folder("a"));
    CPPUNIT_ASSERT(!parent.selectable);
    assert_fault(Fault::kNotFound,
                 scene.commit([&] { return scene.file->append("a", new_messages(1), 0, kNow); }));
    assert_fault(Fault::kCannot, scene.file->open_folder(parent.id, false, kNow));
    const auto named = get(create(scene, "a"));
    CPPUNIT_ASSERT(named.selectable && named.id != parent.id);
    assert_fault(Fault::kExists, create(scene, "a/b/c"));
    assert_fault(Fault::kExists, create(scene, "inbox"));
    assert_fault(Fault::kBadInput, create(scene, "a//b"));
  }

  void special_uses_are_given_once() {
    FileScene scene;
    assert_fault(Fault::kCannot, create(scene, "Sent", SpecialUse::kSent));
    assert_fault(Fault::kCannot, create(scene, "All", SpecialUse::kAll));
    assert_fault(Fault::kCannot, create(scene, "In", SpecialUse::kInbox));
    assert_ok(rename(scene, "Sent Mail", "Sent"));
    CPPUNIT_ASSERT(get(scene.file->get_folder("Sent")).special_use == SpecialUse::kSent);
  }

  void deleting_frees_all_and_keeps_names_with_children() {
    FileScene scene;
    for (const char* special : {"INBOX", "Drafts", "Trash"})
      assert_fault(Fault::kCannot, remove(scene, special));
    assert_fault(Fault::kNotFound, remove(scene, "nothing"));
    const auto parent = get(create(scene, "a"));
    assert_ok(create(scene, "a/b"));
    scene.append("a", new_messages(3));
    CPPUNIT_ASSERT(get(scene.file->used()) > 0);
    assert_ok(remove(scene, "a"));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, get(scene.file->used()));
    const auto kept = get(scene.file->get_folder("a"));
    CPPUNIT_ASSERT(!kept.selectable && kept.messages == 0);
    CPPUNIT_ASSERT(scene.file->take_news().folders.count(parent.id) == 1);
    assert_fault(Fault::kCannot, remove(scene, "a"));
    const auto again = get(create(scene, "a"));
    CPPUNIT_ASSERT(again.uid_validity > parent.uid_validity && again.id != parent.id);
    CPPUNIT_ASSERT(again.object_id != parent.object_id);
    assert_ok(remove(scene, "a/b"));
    assert_ok(remove(scene, "a"));
    assert_fault(Fault::kNotFound, scene.file->get_folder("a"));
    assert_ok(scene.file->check());
  }

  void uid_validity_only_goes_up() {
    FileScene scene;
    std::uint32_t last = 0;
    for (int i = 0; i < 5; ++i) {
      const auto made = get(create(scene, "x"));
      CPPUNIT_ASSERT(made.uid_validity > last);
      last = made.uid_validity;
      assert_ok(remove(scene, "x"));
      scene.reopen();
    }
    // A clock that went back changes nothing; one that went on is followed.
    const auto early = get(scene.commit(
        [&] { return scene.file->create_folder("early", SpecialUse::kNone, kNow - 100000); }));
    CPPUNIT_ASSERT(early.uid_validity > last);
    const auto late = get(scene.commit(
        [&] { return scene.file->create_folder("late", SpecialUse::kNone, kNow + 100000); }));
    CPPUNIT_ASSERT_EQUAL(static_cast<std::uint32_t>(kNow + 100000), late.uid_validity);
  }

  void renaming_takes_children_along() {
    FileScene scene;
    const auto a = get(create(scene, "a"));
    const auto c = get(create(scene, "a/b/c"));
    assert_ok(create(scene, "ab"));
    scene.append("a/b/c", new_messages(2));
    assert_ok(rename(scene, "a", "x/y"));
    CPPUNIT_ASSERT_EQUAL(a.id, get(scene.file->get_folder("x/y")).id);
    const auto moved = get(scene.file->get_folder("x/y/b/c"));
    CPPUNIT_ASSERT(moved.id == c.id && moved.uid_validity == c.uid_validity);
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{2}, moved.messages);
    CPPUNIT_ASSERT(!get(scene.file->get_folder("x")).selectable);
    assert_ok(scene.file->get_folder("ab"));
    assert_fault(Fault::kNotFound, scene.file->get_folder("a"));
    assert_fault(Fault::kCannot, rename(scene, "x", "x/z"));
    assert_fault(Fault::kExists, rename(scene, "ab", "x/y"));
    assert_fault(Fault::kNotFound, rename(scene, "none", "some"));
    std::string lengthy(250, 'l');
    lengthy = lengthy + '/' + lengthy + '/' + lengthy + '/' + std::string(245, 'l');
    assert_fault(Fault::kOverLimit, rename(scene, "x", lengthy));
    assert_ok(scene.file->get_folder("x/y/b/c"));
    assert_ok(scene.file->check());
  }

  void renaming_inbox_moves_its_messages() {
    FileScene scene;
    scene.append("INBOX", new_messages(3, model::kSeen));
    assert_ok(create(scene, "INBOX/child"));
    const auto before = get(scene.file->get_folder("INBOX"));
    assert_ok(rename(scene, "inbox", "Old"));
    const auto inbox = get(scene.file->get_folder("INBOX"));
    CPPUNIT_ASSERT(inbox.id == before.id && inbox.messages == 0 && inbox.size == 0);
    CPPUNIT_ASSERT(inbox.uid_validity == before.uid_validity && inbox.uid_next == 4);
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{3}, get(scene.file->get_folder("Old")).messages);
    assert_ok(scene.file->get_folder("INBOX/child"));
    CPPUNIT_ASSERT_EQUAL(std::string("1:3"),
                         scene.changes("INBOX", before.highest_modseq).expunged.text());
    assert_ok(scene.file->check());
  }

  void a_folder_renamed_to_a_former_name_gets_a_higher_uid_validity() {
    FileScene scene;
    const auto older = get(create(scene, "older"));
    const auto newer = get(create(scene, "newer"));
    assert_ok(rename(scene, "older", "elsewhere"));
    assert_ok(rename(scene, "elsewhere", "older"));
    CPPUNIT_ASSERT_EQUAL(older.uid_validity, get(scene.file->get_folder("older")).uid_validity);
    assert_ok(remove(scene, "newer"));
    assert_ok(rename(scene, "older", "newer"));
    CPPUNIT_ASSERT(get(scene.file->get_folder("newer")).uid_validity > newer.uid_validity);
  }

  void the_number_of_folders_is_bounded() {
    Limits limits;
    limits.folders = 8;
    FileScene scene(limits);
    assert_fault(Fault::kOverLimit, create(scene, "a/b/c"));
    assert_fault(Fault::kNotFound, scene.file->get_folder("a"));
    assert_ok(create(scene, "a/b"));
    assert_fault(Fault::kOverLimit, create(scene, "c"));
  }

  void subscriptions_are_kept() {
    FileScene scene;
    assert_ok(scene.commit([&] { return scene.file->subscribe("Spam", false, kNow); }));
    CPPUNIT_ASSERT(scene.file->take_news().folder_list);
    scene.reopen();
    CPPUNIT_ASSERT(!get(scene.file->get_folder("Spam")).subscribed);
    assert_fault(Fault::kNotFound,
                 scene.commit([&] { return scene.file->subscribe("none", false, kNow); }));
    assert_fault(Fault::kBadInput,
                 scene.commit([&] { return scene.file->subscribe("no//ne", true, kNow); }));
  }

  void subscriptions_outlive_their_folders() {
    FileScene scene;
    const auto subscribe = [&](const char* path) {
      assert_ok(scene.commit([&] { return scene.file->subscribe(path, true, kNow); }));
    };
    subscribe("later");
    CPPUNIT_ASSERT_EQUAL(std::string("later"), bare_names(scene));
    assert_fault(Fault::kNotFound, scene.file->get_folder("later"));
    assert_ok(create(scene, "later/x"));  // "later" is made, not selectable, for its child
    CPPUNIT_ASSERT(get(scene.file->get_folder("later")).subscribed);
    assert_ok(create(scene, "later"));
    CPPUNIT_ASSERT_EQUAL(std::string(), bare_names(scene));
    subscribe("later/x");
    assert_ok(rename(scene, "later", "now"));
    CPPUNIT_ASSERT_EQUAL(std::string("later later/x"), bare_names(scene));
    CPPUNIT_ASSERT(get(scene.file->get_folder("now/x")).subscribed);
    assert_ok(rename(scene, "now", "later"));
    CPPUNIT_ASSERT_EQUAL(std::string("now now/x"), bare_names(scene));
    assert_ok(remove(scene, "later/x"));
    assert_ok(remove(scene, "later"));
    scene.reopen();
    CPPUNIT_ASSERT_EQUAL(std::string("later later/x now now/x"), bare_names(scene));
    assert_ok(scene.commit([&] { return scene.file->subscribe("now", false, kNow); }));
    assert_ok(create(scene, "unasked"));
    assert_ok(remove(scene, "unasked"));
    CPPUNIT_ASSERT_EQUAL(std::string("later later/x now/x"), bare_names(scene));
    assert_ok(scene.file->check());
  }

  void subscriptions_without_folders_are_bounded() {
    Limits limits;
    limits.bare_subscriptions = 2;
    FileScene scene(limits);
    const auto subscribe = [&](const char* path) {
      return scene.commit([&] { return scene.file->subscribe(path, true, kNow); });
    };
    assert_ok(subscribe("a"));
    assert_ok(subscribe("b"));
    assert_ok(subscribe("b"));
    assert_fault(Fault::kOverLimit, subscribe("c"));
    assert_ok(create(scene, "c"));
    assert_ok(subscribe("c"));
    // A folder that goes is not kept from it: the oldest name makes room.
    assert_ok(remove(scene, "c"));
    CPPUNIT_ASSERT_EQUAL(std::string("b c"), bare_names(scene));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FoldersTest);

}  // namespace
}  // namespace fwd::mailbox
