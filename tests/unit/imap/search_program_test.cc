// Searches, good and hostile, as trees.
#include "protocol/imap/search_program.h"

#include <cppunit/extensions/HelperMacros.h>

namespace fwd::imap {
namespace {

using model::SearchOp;

const Limits kLimits;

SelectedFolder folder_of(std::vector<model::Uid> uids) {
  model::OpenFolder open;
  open.uids = std::move(uids);
  return SelectedFolder(std::move(open), false);
}

class SearchProgramTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SearchProgramTest);
  CPPUNIT_TEST(keys_become_a_tree);
  CPPUNIT_TEST(not_and_or_take_what_follows);
  CPPUNIT_TEST(faults_are_refused);
  CPPUNIT_TEST(depth_and_count_are_bounded);
  CPPUNIT_TEST(only_candidates_are_looked_at);
  CPPUNIT_TEST(return_options);
  CPPUNIT_TEST_SUITE_END();

  static bool parse(const std::string& text, SearchProgram& out) {
    const SelectedFolder folder = folder_of({10, 20, 30});
    Parser in(text, kLimits, false);
    return parse_search(in, folder, out);
  }

 public:
  void keys_become_a_tree() {
    SearchProgram out;
    CPPUNIT_ASSERT(parse(" UNSEEN FROM \"Ann\" SINCE 1-Jan-2026 2:3 UID 20", out));
    const auto& keys = out.key.children;
    CPPUNIT_ASSERT(out.key.op == SearchOp::kAnd && keys.size() == 5);
    CPPUNIT_ASSERT(keys[0].op == SearchOp::kNot && keys[0].children[0].flag == model::kSeen);
    CPPUNIT_ASSERT(keys[1].op == SearchOp::kHeader && keys[1].name == "from");
    CPPUNIT_ASSERT_EQUAL(std::string("ann"), keys[1].text);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{20454}, keys[2].number);
    CPPUNIT_ASSERT_EQUAL(std::string("20:30"), keys[3].set.text());
    CPPUNIT_ASSERT_EQUAL(std::string("20"), keys[4].set.text());
  }

  void not_and_or_take_what_follows() {
    SearchProgram out;
    CPPUNIT_ASSERT(parse(" NOT (SEEN DRAFT) OR NOT SEEN (ALL) FLAGGED", out));
    const auto& keys = out.key.children;
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, keys.size());
    CPPUNIT_ASSERT(keys[0].op == SearchOp::kNot && keys[0].children[0].op == SearchOp::kAnd);
    CPPUNIT_ASSERT(keys[1].op == SearchOp::kOr && keys[1].children.size() == 2);
    CPPUNIT_ASSERT(keys[1].children[0].op == SearchOp::kNot);
  }

  void faults_are_refused() {
    for (const char* bad : {"",
                            " ",
                            " SEEN ",
                            " ()",
                            " (SEEN",
                            " SEEN)",
                            " NOT",
                            " OR SEEN",
                            " OR SEEN)",
                            " (OR SEEN)",
                            " FROM",
                            " SINCE tomorrow",
                            " LARGER x",
                            " 4",
                            " 0",
                            " FOO",
                            " NOT NOT",
                            " RETURN (FOO) ALL",
                            " RETURN ALL",
                            " OLDER 0",
                            " MODSEQ x",
                            " HEADER x",
                            " KEYWORD \\Seen",
                            " SEEN  SEEN",
                            " CHARSET"}) {
      SearchProgram out;
      CPPUNIT_ASSERT_MESSAGE(bad, !parse(bad, out));
    }
  }

  void depth_and_count_are_bounded() {
    for (const char* unit : {"(", "NOT ", "OR ALL "}) {
      std::string text = " ";
      for (int i = 0; i < 100000; ++i) text += unit;
      SearchProgram out;
      CPPUNIT_ASSERT(!parse(text + "ALL", out));
    }
    std::string many;
    for (int i = 0; i < 2000; ++i) many += " ALL";
    SearchProgram out;
    CPPUNIT_ASSERT(!parse(many, out));
  }

  void only_candidates_are_looked_at() {
    SearchProgram out;
    CPPUNIT_ASSERT(parse(" 1:2 (UID 20:30 SEEN)", out));
    CPPUNIT_ASSERT_EQUAL(std::string("20"), candidates(out.key, model::UidSet{{10, 30}}).text());
    SearchProgram other;
    CPPUNIT_ASSERT(parse(" OR 1 2", other));
    CPPUNIT_ASSERT_EQUAL(std::string("10:30"),
                         candidates(other.key, model::UidSet{{10, 30}}).text());
  }

  void return_options() {
    SearchProgram out;
    CPPUNIT_ASSERT(parse(" RETURN (MIN COUNT SAVE) CHARSET utf-8 ALL", out));
    CPPUNIT_ASSERT(out.returns && out.min && out.count && out.save && !out.all && !out.max);
    SearchProgram empty;
    CPPUNIT_ASSERT(parse(" RETURN () ALL", empty));
    CPPUNIT_ASSERT(empty.returns && empty.all);
    SearchProgram charset;
    CPPUNIT_ASSERT(parse(" CHARSET KOI8-R TEXT {3}\r\nabc", charset));
    CPPUNIT_ASSERT(charset.bad_charset);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SearchProgramTest);

}  // namespace
}  // namespace fwd::imap
