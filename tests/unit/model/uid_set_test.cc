// Sets of message numbers, and flags.
#include "model/uid_set.h"

#include <cppunit/extensions/HelperMacros.h>

#include "model/flags.h"

namespace fwd::model {
namespace {

class UidSetTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(UidSetTest);
  CPPUNIT_TEST(ranges_melt_together);
  CPPUNIT_TEST(text_and_back);
  CPPUNIT_TEST(the_ends_of_the_numbers);
  CPPUNIT_TEST(keywords_ignore_case);
  CPPUNIT_TEST_SUITE_END();

 public:
  void ranges_melt_together() {
    UidSet set{{5, 6}, {1, 2}, {9, 8}};
    CPPUNIT_ASSERT_EQUAL(std::string("1:2,5:6,8:9"), set.text());
    set.add(3);
    CPPUNIT_ASSERT_EQUAL(std::string("1:3,5:6,8:9"), set.text());
    set.add(4, 7);
    CPPUNIT_ASSERT_EQUAL(std::string("1:9"), set.text());
    CPPUNIT_ASSERT(set.contains(9) && !set.contains(10) && !set.contains(0));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{9}, set.count());
    CPPUNIT_ASSERT_EQUAL(std::string("2:3,7"),
                         set.intersect(UidSet{{2, 3}, {7, 7}, {20, 30}}).text());
  }

  void text_and_back() {
    CPPUNIT_ASSERT(UidSet::parse("1:3,5", 10) == (UidSet{{1, 3}, {5, 5}}));
    for (const char* bad : {"", "0", "1:", ":1", "1,,2", "a", "1:*", "4294967296"})
      CPPUNIT_ASSERT(!UidSet::parse(bad, 10));
    CPPUNIT_ASSERT(!UidSet::parse("1,3,5", 2));
  }

  void the_ends_of_the_numbers() {
    UidSet set = UidSet::all();
    set.add(UINT32_MAX);
    set.add(1);
    CPPUNIT_ASSERT_EQUAL(std::string("1:4294967295"), set.text());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{UINT32_MAX}, set.count());
  }

  void keywords_ignore_case() {
    Flags flags;
    CPPUNIT_ASSERT(flags.add_keyword("$Forwarded"));
    CPPUNIT_ASSERT(!flags.add_keyword("$FORWARDED"));
    CPPUNIT_ASSERT(apply(FlagChange::kAdd, Flags{kSeen, {"Junk"}}, flags));
    CPPUNIT_ASSERT(!apply(FlagChange::kAdd, Flags{kSeen, {"junk"}}, flags));
    CPPUNIT_ASSERT(apply(FlagChange::kRemove, Flags{0, {"$forwarded"}}, flags));
    CPPUNIT_ASSERT((flags == Flags{kSeen, {"Junk"}}));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(UidSetTest);

}  // namespace
}  // namespace fwd::model
