// The store of mailboxes: logins, notices, group commit, the budget of files,
// damage.
#include <cppunit/extensions/HelperMacros.h>

#include <fstream>

#include "storage/mailbox/identity.h"
#include "storage/mailbox/mailbox_store.h"
#include "tests/unit/mailbox/scene.h"

namespace fwd::mailbox {
namespace {

using model::NoticeKind;
using model::UidSet;
using HandlePtr = std::shared_ptr<model::Mailbox>;

std::string alias(int number) { return "abcdef0" + std::to_string(number); }

class StoreScene : public LoopScene {
 public:
  explicit StoreScene(std::size_t open_files = 10) {
    options.folder = folder / "mailboxes";
    options.open_files = open_files;
    restart();
  }
  ~StoreScene() { store.reset(); }
  void restart() {
    store.reset();
    store = std::make_unique<MailboxStore>(workers, clock, options);
  }
  void make(const std::string& id) { assert_ok(run(store->create(id, key_of('k')))); }
  Outcome<HandlePtr> try_open(const std::string& id, char key = 'k') {
    return run(store->open(id, key_of(key), 0));
  }
  HandlePtr open(const std::string& id) { return get(try_open(id)); }
  HandlePtr made(const std::string& id) {
    make(id);
    return open(id);
  }
  std::string path(const std::string& id) const { return options.folder + "/" + file_path(id); }
  model::Folder folder_of(const HandlePtr& handle, const std::string& name = "INBOX") {
    return get(run(handle->get_folder(name)));
  }
  Outcome<void> deliver(const std::string& id, const std::string& name) {
    return run(store->deliver(id, {incoming(name)}));
  }
  // Waits until what the workers have been given is done.
  void settle() {
    for (std::uint64_t key = 0; key < workers.threads(); ++key)
      run(workers.run(key, [] { return true; }));
  }

  StoreOptions options;
  std::unique_ptr<MailboxStore> store;
};

class StoreTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(StoreTest);
  CPPUNIT_TEST(a_mailbox_is_made_once_and_opened_with_its_key);
  CPPUNIT_TEST(a_missing_file_is_not_made_again);
  CPPUNIT_TEST(every_verb_reaches_the_file);
  CPPUNIT_TEST(two_handles_see_each_others_changes);
  CPPUNIT_TEST(notices_of_one_folder_are_one);
  CPPUNIT_TEST(deliveries_that_wait_together_commit_together);
  CPPUNIT_TEST(one_that_fails_does_not_spoil_the_others);
  CPPUNIT_TEST(a_cancelled_write_is_finished);
  CPPUNIT_TEST(files_close_by_least_recent_use);
  CPPUNIT_TEST(logging_out_ends_every_handle);
  CPPUNIT_TEST(a_handle_may_go_away_while_it_is_waited_for);
  CPPUNIT_TEST(handles_outlive_the_store);
  CPPUNIT_TEST(a_damaged_file_is_told_and_left_as_it_is);
  CPPUNIT_TEST(a_removed_mailbox_is_gone);
  CPPUNIT_TEST(two_logins_at_once_share_one_opening);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_mailbox_is_made_once_and_opened_with_its_key() {
    StoreScene scene;
    assert_fault(Fault::kBadInput, scene.run(scene.store->create("../../etc", key_of('k'))));
    scene.make(alias(1));
    assert_fault(Fault::kExists, scene.run(scene.store->create(alias(1), key_of('k'))));
    assert_fault(Fault::kCorrupt, scene.try_open(alias(1), 'x'));
    CPPUNIT_ASSERT(!scene.store->is_open(alias(1)));
    assert_fault(Fault::kWrongState, scene.deliver(alias(1), "d"));
    auto handle = scene.open(alias(1));
    CPPUNIT_ASSERT(scene.store->is_open(alias(1)));
    assert_fault(Fault::kCorrupt, scene.try_open(alias(1), 'x'));
    CPPUNIT_ASSERT(get(scene.run(scene.store->file_octets(alias(1)))) > 0);
    handle.reset();
    CPPUNIT_ASSERT(!scene.store->is_open(alias(1)));
    scene.settle();
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, scene.store->open_files());
    // Another mailbox's file in its place is noticed.
    scene.make(alias(2));
    std::filesystem::copy_file(scene.path(alias(2)), scene.path(alias(1)),
                               std::filesystem::copy_options::overwrite_existing);
    assert_fault(Fault::kCorrupt, scene.try_open(alias(1)));
  }

  void a_missing_file_is_not_made_again() {
    StoreScene scene;
    assert_fault(Fault::kCorrupt, scene.try_open(alias(1)));
    CPPUNIT_ASSERT(!std::filesystem::exists(scene.path(alias(1))));
    assert_fault(Fault::kNotFound, scene.run(scene.store->file_octets(alias(1))));
  }

  void every_verb_reaches_the_file() {
    StoreScene scene;
    auto box = scene.made(alias(1));
    const auto made = get(scene.run(box->create_folder("a", model::SpecialUse::kNone)));
    assert_ok(scene.run(box->rename_folder("a", "b")));
    assert_ok(scene.run(box->subscribe("b", false)));
    CPPUNIT_ASSERT_EQUAL(std::size_t{7}, get(scene.run(box->list_folders())).size());
    assert_ok(scene.run(box->append("b", new_messages(3))));
    const auto open = get(scene.run(box->open_folder(made.id, true)));
    CPPUNIT_ASSERT(open.uids.size() == 3 && open.recent.count() == 3);
    const auto rows = box->fetch(made.id, UidSet::all(), model::kColEnvelope, 0);
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, get(scene.run(rows->next())).size());
    CPPUNIT_ASSERT(get(scene.run(rows->next())).empty());
    CPPUNIT_ASSERT(get(scene.run(rows->next())).empty());
    const auto chunks = box->read_content(made.id, 1, 0, UINT64_MAX);
    CPPUNIT_ASSERT_EQUAL(message_text("m0"),
                         get(format::unpack_chunk(get(scene.run(chunks->next()))[0])));
    CPPUNIT_ASSERT(get(scene.run(chunks->next())).empty());
    model::Flags deleted;
    deleted.system = model::kDeleted;
    assert_ok(scene.run(
        box->store_flags(made.id, UidSet{{1, 1}}, model::FlagChange::kAdd, deleted, UINT64_MAX)));
    CPPUNIT_ASSERT_EQUAL(std::string("1"),
                         get(scene.run(box->expunge(made.id, UidSet::all()))).text());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2},
                         get(scene.run(box->copy(made.id, UidSet::all(), "Trash"))).uids.size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2},
                         get(scene.run(box->move(made.id, UidSet::all(), "Trash"))).uids.size());
    const auto changes = get(scene.run(box->changes_since(made.id, 1, UidSet{}, true)));
    CPPUNIT_ASSERT_EQUAL(std::string("1:3"), changes.expunged.text());
    CPPUNIT_ASSERT(get(scene.run(box->quota())).used > 0);
    assert_ok(scene.run(box->delete_folder("b")));
    assert_ok(scene.run(scene.store->check(alias(1))));
    Drained drained;
    drained.spool_id = 12;
    drained.incoming = incoming("d");
    assert_ok(scene.run(scene.store->drain(alias(1), {drained})));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{12}, get(scene.run(scene.store->spool_mark(alias(1)))));
  }

  void two_handles_see_each_others_changes() {
    StoreScene scene;
    auto one = scene.made(alias(1)), two = scene.open(alias(1));
    const auto inbox = scene.folder_of(one);
    CPPUNIT_ASSERT(!one->has_notice() && !two->has_notice());
    assert_ok(scene.run(one->append("INBOX", new_messages(1))));
    for (const auto& handle : {one, two}) {
      const auto notice = get(scene.run(handle->next_notice()));
      CPPUNIT_ASSERT(notice.kind == NoticeKind::kFolderChanged && notice.folder == inbox.id);
      CPPUNIT_ASSERT(!handle->has_notice());
    }
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{1}, scene.folder_of(two).messages);
    assert_ok(scene.deliver(alias(1), "d"));
    CPPUNIT_ASSERT(get(scene.run(two->next_notice())).folder == inbox.id);
    assert_ok(scene.run(two->create_folder("x", model::SpecialUse::kNone)));
    CPPUNIT_ASSERT(one->has_notice());
    get(scene.run(one->next_notice()));
    CPPUNIT_ASSERT(get(scene.run(two->next_notice())).kind == NoticeKind::kFolderListChanged);
    // What failed tells nothing.
    while (one->has_notice()) get(scene.run(one->next_notice()));
    assert_fault(Fault::kExists, scene.run(two->create_folder("x", model::SpecialUse::kNone)));
    CPPUNIT_ASSERT(!one->has_notice());
  }

  void notices_of_one_folder_are_one() {
    StoreScene scene;
    auto box = scene.made(alias(1));
    for (int i = 0; i < 5; ++i) assert_ok(scene.deliver(alias(1), "d" + std::to_string(i)));
    auto spam = incoming("s");
    spam.folder = model::SpecialUse::kJunk;
    assert_ok(scene.run(scene.store->deliver(alias(1), {spam})));
    get(scene.run(box->next_notice()));
    get(scene.run(box->next_notice()));
    CPPUNIT_ASSERT(!box->has_notice());
  }

  void deliveries_that_wait_together_commit_together() {
    StoreScene scene;
    auto box = scene.made(alias(1));
    std::vector<Task<Outcome<void>>> all;
    for (int i = 0; i < 200; ++i)
      all.push_back(scene.store->deliver(alias(1), {incoming("d" + std::to_string(i))}));
    for (const auto& done : scene.run_all(std::move(all))) assert_ok(done);
    CPPUNIT_ASSERT(scene.store->commits(alias(1)) <= 5);
    const auto open = get(scene.run(box->open_folder(scene.folder_of(box).id, false)));
    CPPUNIT_ASSERT_EQUAL(std::size_t{200}, open.uids.size());
    assert_ok(scene.run(scene.store->check(alias(1))));
  }

  void one_that_fails_does_not_spoil_the_others() {
    StoreScene scene;
    auto box = scene.made(alias(1));
    auto bad = incoming("bad");
    bad.message.size += 1;
    std::vector<Task<Outcome<void>>> all;
    for (int i = 0; i < 10; ++i) {
      all.push_back(scene.store->deliver(alias(1), {incoming("d" + std::to_string(i))}));
      all.push_back(scene.store->deliver(alias(1), {incoming("e" + std::to_string(i)), bad}));
    }
    const auto done = scene.run_all(std::move(all));
    for (std::size_t i = 0; i < done.size(); i += 2) {
      assert_ok(done[i]);
      assert_fault(Fault::kBadInput, done[i + 1]);
    }
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{10}, scene.folder_of(box).messages);
    assert_ok(scene.run(scene.store->check(alias(1))));
  }

  void a_cancelled_write_is_finished() {
    StoreScene scene;
    auto box = scene.made(alias(1));
    {
      TaskGroup group([](const std::string&, const std::string&) {});
      std::optional<Outcome<void>> into;
      group.spawn("gone", keep(scene.store->deliver(alias(1), {incoming("d")}), into));
    }
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{1}, scene.folder_of(box).messages);
  }

  void files_close_by_least_recent_use() {
    StoreScene scene(2);
    std::vector<HandlePtr> boxes;
    for (int i = 0; i < 5; ++i) boxes.push_back(scene.made(alias(i)));
    scene.settle();
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, scene.store->open_files());
    CPPUNIT_ASSERT_EQUAL(std::size_t{5}, scene.store->open_mailboxes());
    for (int round = 0; round < 3; ++round)
      for (int i = 0; i < 5; ++i) {
        assert_ok(scene.deliver(alias(i), "d" + std::to_string(round)));
        scene.settle();
        CPPUNIT_ASSERT(scene.store->open_files() <= 2);
      }
    std::vector<Task<Outcome<void>>> all;
    for (int i = 0; i < 50; ++i)
      all.push_back(scene.store->deliver(alias(i % 5), {incoming("x" + std::to_string(i))}));
    for (const auto& done : scene.run_all(std::move(all))) assert_ok(done);
    for (const auto& box : boxes)
      CPPUNIT_ASSERT_EQUAL(std::uint32_t{13}, scene.folder_of(box).messages);
    scene.settle();
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, scene.store->open_files());
    boxes.clear();
    scene.settle();
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, scene.store->open_files());
  }

  void logging_out_ends_every_handle() {
    StoreScene scene;
    auto one = scene.made(alias(1)), two = scene.open(alias(1));
    assert_ok(scene.deliver(alias(1), "d"));
    const auto rows = one->fetch(scene.folder_of(one).id, UidSet::all(), 0, 0);
    scene.store->log_out_all(alias(1), "the password was changed");
    CPPUNIT_ASSERT(!scene.store->is_open(alias(1)));
    for (const auto& handle : {one, two}) {
      const auto notice = get(scene.run(handle->next_notice()));
      CPPUNIT_ASSERT(notice.kind == NoticeKind::kLoggedOut);
      CPPUNIT_ASSERT_EQUAL(std::string("the password was changed"), notice.text);
      assert_fault(Fault::kClosed, scene.run(handle->next_notice()));
      assert_fault(Fault::kClosed, scene.run(handle->list_folders()));
      assert_fault(Fault::kClosed, scene.run(handle->append("INBOX", {})));
    }
    assert_fault(Fault::kClosed, scene.run(rows->next()));
    assert_fault(Fault::kWrongState, scene.deliver(alias(1), "e"));
    auto again = scene.open(alias(1));
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{1}, scene.folder_of(again).messages);
    one.reset();
    CPPUNIT_ASSERT(scene.store->is_open(alias(1)));
  }

  void a_handle_may_go_away_while_it_is_waited_for() {
    StoreScene scene;
    auto box = scene.made(alias(1));
    auto waiting = box->next_notice();
    auto asking = box->list_folders();
    box.reset();
    CPPUNIT_ASSERT(get(scene.run(std::move(waiting))).kind == NoticeKind::kLoggedOut);
    assert_fault(Fault::kClosed, scene.run(std::move(asking)));
    scene.settle();
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, scene.store->open_files());
  }

  void handles_outlive_the_store() {
    StoreScene scene;
    auto box = scene.made(alias(1));
    TaskGroup group([](const std::string&, const std::string&) {});
    std::optional<Outcome<void>> into;
    {
      // Holds nothing of the store's own frame: the handle's verb does not.
      group.spawn("append", drop(box->append("INBOX", new_messages(1)), into));
    }
    scene.store.reset();
    scene.settle();
    run_ready();
    CPPUNIT_ASSERT(into.has_value());
    assert_fault(Fault::kClosed, *into);
    assert_fault(Fault::kClosed, scene.run(box->list_folders()));
    scene.restart();
    // It had been taken in, so it was written.
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{1}, scene.folder_of(scene.open(alias(1))).messages);
  }

  void a_damaged_file_is_told_and_left_as_it_is() {
    StoreScene scene;
    scene.make(alias(1));
    auto other = scene.made(alias(2));
    auto box = scene.open(alias(1));
    assert_ok(scene.run(box->append("INBOX", new_messages(300))));
    const auto inbox = scene.folder_of(box).id;
    box.reset();
    scene.settle();
    const std::string path = scene.path(alias(1));
    const auto size = std::filesystem::file_size(path);
    {
      std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
      for (std::uintmax_t page = size / 8192 * 4096; page < size; page += 4096) {
        file.seekp(static_cast<std::streamoff>(page + 100));
        file.put('!');
      }
    }
    box = scene.open(alias(1));
    const auto rows = box->fetch(inbox, UidSet::all(), model::kColContent, 0);
    Fault fault = Fault::kBug;
    for (;;) {
      auto batch = scene.run(rows->next());
      if (!batch.ok()) fault = batch.failure().fault;
      if (!batch.ok() || batch.value().empty()) break;
    }
    CPPUNIT_ASSERT_EQUAL(std::string("corrupt"), std::string(fault_name(fault)));
    CPPUNIT_ASSERT(scene.store->is_damaged(alias(1)));
    assert_fault(Fault::kCorrupt, scene.deliver(alias(1), "d"));
    assert_fault(Fault::kCorrupt, scene.run(box->list_folders()));
    assert_fault(Fault::kCorrupt, scene.try_open(alias(1)));
    CPPUNIT_ASSERT_EQUAL(size, std::filesystem::file_size(path));
    assert_ok(scene.deliver(alias(2), "d"));
    CPPUNIT_ASSERT(!scene.store->is_damaged(alias(2)));
  }

  void a_removed_mailbox_is_gone() {
    StoreScene scene;
    auto box = scene.made(alias(1));
    assert_ok(scene.deliver(alias(1), "d"));
    assert_ok(scene.run(scene.store->remove(alias(1))));
    CPPUNIT_ASSERT(get(scene.run(box->next_notice())).kind == NoticeKind::kFolderChanged ||
                   !scene.store->is_open(alias(1)));
    CPPUNIT_ASSERT(!std::filesystem::exists(scene.path(alias(1))));
    CPPUNIT_ASSERT(!std::filesystem::exists(scene.path(alias(1)) + "-wal"));
    assert_ok(scene.run(scene.store->remove(alias(1))));
    scene.make(alias(1));
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{0}, scene.folder_of(scene.open(alias(1))).messages);
  }

  void two_logins_at_once_share_one_opening() {
    StoreScene scene;
    scene.make(alias(1));
    std::vector<Task<Outcome<HandlePtr>>> all;
    for (int i = 0; i < 5; ++i) all.push_back(scene.store->open(alias(1), key_of('k'), 0));
    const auto handles = scene.run_all(std::move(all));
    for (const auto& handle : handles) assert_ok(handle);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scene.store->open_files());
    // A login given up while it opens leaves nothing behind.
    scene.make(alias(2));
    {
      TaskGroup group([](const std::string&, const std::string&) {});
      std::optional<Outcome<HandlePtr>> into;
      group.spawn("gone", keep(scene.store->open(alias(2), key_of('k'), 0), into));
    }
    CPPUNIT_ASSERT(!scene.store->is_open(alias(2)));
    scene.settle();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scene.store->open_files());
    assert_ok(scene.try_open(alias(2)));
  }

 private:
  template <typename T>
  static Task<void> keep(Task<T> work, std::optional<T>& into) {
    into.emplace(co_await work);
  }
  template <typename T>
  static Task<void> drop(Task<Outcome<T>> work, std::optional<Outcome<void>>& into) {
    auto done = co_await work;
    if (done.ok()) {
      into.emplace();
    } else {
      into.emplace(done.failure());
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(StoreTest);

}  // namespace
}  // namespace fwd::mailbox
