// Whether a message matches a search.
#include <cppunit/extensions/HelperMacros.h>

#include "format/outline.h"
#include "model/search_program.h"

namespace fwd::model {
namespace {

SearchKey key(SearchOp op, std::int64_t number = 0) {
  SearchKey made;
  made.op = op;
  made.number = number;
  return made;
}

SearchKey text_key(SearchOp op, std::string_view text, std::string name = {}) {
  SearchKey made = key(op);
  made.text = format::fold_for_search(text);
  made.name = std::move(name);
  return made;
}

SearchKey with(SearchOp op, std::vector<SearchKey> children) {
  SearchKey made = key(op);
  made.children = std::move(children);
  return made;
}

class SearchMatchTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SearchMatchTest);
  CPPUNIT_TEST(texts);
  CPPUNIT_TEST(logic);
  CPPUNIT_TEST(dates);
  CPPUNIT_TEST(columns);
  CPPUNIT_TEST(columns_are_asked_for_sparingly);
  CPPUNIT_TEST(a_damaged_text_is_a_failure);
  CPPUNIT_TEST_SUITE_END();

 public:
  void setUp() override {
    const format::PackedMessage packed = format::pack_message(
        "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nDate: Sat, 21 Nov 2026 00:30:00 +0100\r\n"
        "X-Empty:\r\n\r\nHello World\r\n");
    row_.uid = 7;
    row_.modseq = 30;
    row_.size = 100;
    row_.internal_date = 1795219200;  // 2026-11-21 00:00 UTC
    row_.save_date = row_.internal_date + 86400;
    row_.email_id = "e";
    row_.thread_id = "t";
    row_.flags = Flags{kFlagged, {"Junk"}};
    row_.outline = packed.outline;
    subject_ = {&row_, 3, true, row_.internal_date + 100};
  }

  // RFC 9051 §6.4.4.
  void texts() {
    CPPUNIT_ASSERT(is(text_key(SearchOp::kHeader, "GRÜSSE", "subject")));
    CPPUNIT_ASSERT(!is(text_key(SearchOp::kHeader, "subject", "subject")));
    CPPUNIT_ASSERT(is(text_key(SearchOp::kHeader, "", "x-empty")));
    CPPUNIT_ASSERT(!is(text_key(SearchOp::kHeader, "", "x-emp")));
    CPPUNIT_ASSERT(!is(text_key(SearchOp::kHeader, "", "")));
    CPPUNIT_ASSERT(is(text_key(SearchOp::kBody, "LO WOR")));
    CPPUNIT_ASSERT(!is(text_key(SearchOp::kBody, "grüße")));
    CPPUNIT_ASSERT(is(text_key(SearchOp::kText, "grüße")) &&
                   is(text_key(SearchOp::kText, "hello")));
    CPPUNIT_ASSERT(is(text_key(SearchOp::kText, "")) && !is(text_key(SearchOp::kText, "absent")));
  }

  void logic() {
    const SearchKey yes = key(SearchOp::kAll), no = with(SearchOp::kNot, {yes});
    CPPUNIT_ASSERT(is(yes) && !is(no));
    CPPUNIT_ASSERT(is(with(SearchOp::kOr, {no, yes})) && !is(with(SearchOp::kOr, {no, no})));
    CPPUNIT_ASSERT(is(with(SearchOp::kAnd, {yes, yes})) && !is(with(SearchOp::kAnd, {yes, no})));
    CPPUNIT_ASSERT(is(with(SearchOp::kAnd, {})) && !is(with(SearchOp::kOr, {})));
  }

  void dates() {
    const std::int64_t day = 20778;  // 2026-11-21
    CPPUNIT_ASSERT(is(key(SearchOp::kOn, day)) && is(key(SearchOp::kSince, day)));
    CPPUNIT_ASSERT(!is(key(SearchOp::kBefore, day)) && is(key(SearchOp::kBefore, day + 1)));
    // Sent at 23:30 UTC of the day before, but the sender's clock said the 21st.
    CPPUNIT_ASSERT(is(key(SearchOp::kSentOn, day)) && is(key(SearchOp::kSentSince, day)));
    CPPUNIT_ASSERT(!is(key(SearchOp::kSentBefore, day)));
    CPPUNIT_ASSERT(is(key(SearchOp::kSavedOn, day + 1)) && is(key(SearchOp::kSavedSince, day)));
    CPPUNIT_ASSERT(!is(key(SearchOp::kSavedBefore, day + 1)));
    row_.outline.sent_date.reset();
    row_.internal_date += 86400;
    CPPUNIT_ASSERT(is(key(SearchOp::kSentOn, day + 1)));
    row_.internal_date -= 86400;
    // RFC 5032 §2.
    CPPUNIT_ASSERT(is(key(SearchOp::kOlder, 100)) && !is(key(SearchOp::kOlder, 101)));
    CPPUNIT_ASSERT(is(key(SearchOp::kYounger, 100)) && !is(key(SearchOp::kYounger, 99)));
  }

  void columns() {
    SearchKey set = key(SearchOp::kUids);
    set.set = UidSet{{7, 7}};
    CPPUNIT_ASSERT(is(set));
    set.op = SearchOp::kSequence;
    CPPUNIT_ASSERT(!is(set));
    set.set = UidSet{{3, 3}};
    CPPUNIT_ASSERT(is(set));
    SearchKey flag = key(SearchOp::kFlag);
    CPPUNIT_ASSERT(!is(flag));
    flag.flag = kFlagged;
    CPPUNIT_ASSERT(is(flag));
    CPPUNIT_ASSERT(is(text_key(SearchOp::kKeyword, "JUNK")) &&
                   !is(text_key(SearchOp::kKeyword, "x")));
    CPPUNIT_ASSERT(is(key(SearchOp::kRecent)) && is(key(SearchOp::kNew)) &&
                   !is(key(SearchOp::kOld)));
    CPPUNIT_ASSERT(is(key(SearchOp::kLarger, 99)) && !is(key(SearchOp::kLarger, 100)));
    CPPUNIT_ASSERT(is(key(SearchOp::kSmaller, 101)) && !is(key(SearchOp::kSmaller, 100)));
    CPPUNIT_ASSERT(is(key(SearchOp::kModSeq, 30)) && !is(key(SearchOp::kModSeq, 31)));
    CPPUNIT_ASSERT(is(text_key(SearchOp::kEmailId, "e")) &&
                   !is(text_key(SearchOp::kThreadId, "e")));
    CPPUNIT_ASSERT(is(key(SearchOp::kSaveDateSupported)));
  }

  void columns_are_asked_for_sparingly() {
    CPPUNIT_ASSERT_EQUAL(0U, columns_needed(key(SearchOp::kAll)));
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{kColFlags | kColSearchHead | kColSearchBody},
                         columns_needed(with(SearchOp::kOr, {key(SearchOp::kFlag),
                                                             text_key(SearchOp::kText, "x")})));
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{kColSentDate | kColInternalDate},
                         columns_needed(key(SearchOp::kSentOn)));
  }

  void a_damaged_text_is_a_failure() {
    row_.outline.search_body = "\x07junk";
    CPPUNIT_ASSERT(matches(text_key(SearchOp::kBody, "x"), subject_).failure().fault ==
                   Fault::kCorrupt);
    // What is not looked at does no harm.
    CPPUNIT_ASSERT(is(text_key(SearchOp::kText, "grüße")));
  }

 private:
  bool is(const SearchKey& wanted) const {
    const Outcome<bool> matched = matches(wanted, subject_);
    CPPUNIT_ASSERT(matched.ok());
    return matched.value();
  }

  MessageRow row_;
  SearchSubject subject_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(SearchMatchTest);

}  // namespace
}  // namespace fwd::model
