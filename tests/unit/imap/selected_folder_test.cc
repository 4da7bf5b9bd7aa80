// The folder as a client knows it.
#include "protocol/imap/selected_folder.h"

#include <cppunit/extensions/HelperMacros.h>

namespace fwd::imap {
namespace {

SelectedFolder folder_of(std::vector<model::Uid> uids) {
  model::OpenFolder open;
  open.uids = std::move(uids);
  open.folder.highest_modseq = 5;
  return SelectedFolder(std::move(open), false);
}

class SelectedFolderTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SelectedFolderTest);
  CPPUNIT_TEST(numbers_and_uids);
  CPPUNIT_TEST(sets_mean_what_the_client_sees);
  CPPUNIT_TEST(an_empty_folder_has_nothing_to_name);
  CPPUNIT_TEST(expunges_wait_until_they_are_taken);
  CPPUNIT_TEST(lost_records_are_found_by_comparing);
  CPPUNIT_TEST(held_changes_are_still_to_come);
  CPPUNIT_TEST(what_was_told_is_not_news);
  CPPUNIT_TEST_SUITE_END();

  static SequenceSet set_of(std::string_view text) {
    const Limits limits;
    Parser in(text, limits, false);
    SequenceSet out;
    CPPUNIT_ASSERT(in.sequence_set(out));
    return out;
  }

  static std::string uids_of(const SelectedFolder& folder, std::string_view text, bool by_uid) {
    model::UidSet out;
    return folder.resolve(set_of(text), by_uid, out) ? out.text() : "refused";
  }

 public:
  void numbers_and_uids() {
    const SelectedFolder folder = folder_of({3, 7, 9});
    CPPUNIT_ASSERT_EQUAL(2U, folder.sequence_of(7));
    CPPUNIT_ASSERT_EQUAL(0U, folder.sequence_of(8));
    CPPUNIT_ASSERT_EQUAL(std::string("3:9"), folder.known().text());
  }

  void sets_mean_what_the_client_sees() {
    const SelectedFolder folder = folder_of({3, 7, 9});
    CPPUNIT_ASSERT_EQUAL(std::string("3:7"), uids_of(folder, "1:2", false));
    CPPUNIT_ASSERT_EQUAL(std::string("7:9"), uids_of(folder, "*:2", false));
    CPPUNIT_ASSERT_EQUAL(std::string("refused"), uids_of(folder, "4", false));
    CPPUNIT_ASSERT_EQUAL(std::string("refused"), uids_of(folder, "1,4:*", false));
    CPPUNIT_ASSERT_EQUAL(std::string("9"), uids_of(folder, "100:*", true));
    CPPUNIT_ASSERT_EQUAL(std::string("5:9"), uids_of(folder, "5:4294967295", true));
  }

  void an_empty_folder_has_nothing_to_name() {
    const SelectedFolder folder = folder_of({});
    CPPUNIT_ASSERT_EQUAL(std::string(), uids_of(folder, "1:*", false));
    CPPUNIT_ASSERT_EQUAL(std::string(), uids_of(folder, "*", true));
    CPPUNIT_ASSERT_EQUAL(std::string("refused"), uids_of(folder, "1", false));
    CPPUNIT_ASSERT(folder.known().empty());
  }

  void expunges_wait_until_they_are_taken() {
    SelectedFolder folder = folder_of({3, 7, 9});
    model::Changes changes;
    changes.expunged.add(1, 7);
    changes.messages.push_back({12, 6, {}});
    changes.highest_modseq = 6;
    folder.apply(std::move(changes));
    const auto news = folder.take_news();
    CPPUNIT_ASSERT(news.exists && news.changed.empty());
    CPPUNIT_ASSERT_EQUAL(4U, folder.count());
    const auto gone = folder.take_gone();
    CPPUNIT_ASSERT_EQUAL(std::string("3,7"), gone.uids.text());
    CPPUNIT_ASSERT((gone.numbers == std::vector<std::uint32_t>{2, 1}));
    CPPUNIT_ASSERT((folder.uids() == std::vector<model::Uid>{9, 12}));
    CPPUNIT_ASSERT(!folder.has_gone());
  }

  void lost_records_are_found_by_comparing() {
    SelectedFolder folder = folder_of({3, 7, 9});
    model::Changes changes;
    changes.expunged_complete = false;
    changes.uids = {3, 9};
    folder.apply(std::move(changes));
    CPPUNIT_ASSERT_EQUAL(std::string("7"), folder.take_gone().uids.text());
  }

  void held_changes_are_still_to_come() {
    SelectedFolder folder = folder_of({3, 7});
    const model::ModSeq before = folder.modseq();
    folder.told(3, 9);
    model::Changes changes;
    changes.expunged.add(7);
    changes.messages = {{3, 9, {}}};
    changes.highest_modseq = 9;
    CPPUNIT_ASSERT_EQUAL(std::string("7"), folder.lost_in(changes).text());
    folder.hold(changes);
    CPPUNIT_ASSERT(folder.held() && folder.dirty && !folder.has_gone());
    CPPUNIT_ASSERT_EQUAL(before, folder.modseq());
    folder.apply(changes);
    CPPUNIT_ASSERT(!folder.held() && folder.has_gone());
    // What was told while the expunge waited is told again.
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, folder.take_news().changed.size());
  }

  void what_was_told_is_not_news() {
    SelectedFolder folder = folder_of({3, 7});
    folder.told(3, 6);
    model::Changes changes;
    changes.messages = {{3, 6, {}}, {7, 6, {}}};
    folder.apply(std::move(changes));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, folder.take_news().changed.size());
    model::Changes later;
    later.messages = {{3, 8, {}}};
    folder.apply(std::move(later));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, folder.take_news().changed.size());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SelectedFolderTest);

}  // namespace
}  // namespace fwd::imap
