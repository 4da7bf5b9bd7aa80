// Dates written and read.
#include "format/date.h"

#include <cppunit/extensions/HelperMacros.h>

#include "format/mail_date.h"

namespace fwd::format {
namespace {

class DateTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DateTest);
  CPPUNIT_TEST(mail_dates);
  CPPUNIT_TEST(mail_dates_are_read_as_they_come);
  CPPUNIT_TEST(internal_dates_both_ways);
  CPPUNIT_TEST(bad_internal_dates);
  CPPUNIT_TEST(search_dates);
  CPPUNIT_TEST(days_and_dates_agree);
  CPPUNIT_TEST_SUITE_END();

 public:
  // RFC 5322 §3.3.
  void mail_dates() {
    CPPUNIT_ASSERT_EQUAL(std::string("Thu, 1 Jan 1970 00:00:00 +0000"), write_mail_date(0));
    CPPUNIT_ASSERT_EQUAL(std::string("Sat, 21 Nov 2026 04:42:05 +0130"),
                         write_mail_date(1795230725, 90));
    CPPUNIT_ASSERT_EQUAL(std::string("Wed, 31 Dec 1969 18:59:59 -0500"), write_mail_date(-1, -300));
    write_mail_date(INT64_MIN, -1440);
    write_mail_date(INT64_MAX, 1440);
  }

  // RFC 5322 §3.3, §4.3.
  void mail_dates_are_read_as_they_come() {
    const auto date = read_mail_date("Sat, 21 Nov 2026 04:42:05 +0130");
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1795230725}, date.value().seconds);
    CPPUNIT_ASSERT_EQUAL(90, date.value().zone);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1795230725},
                         read_mail_date("21 Nov 26 03:12:05 GMT").value().seconds);
    for (const auto* bad : {"", "yesterday", "Sat"}) CPPUNIT_ASSERT(!read_mail_date(bad));
    CPPUNIT_ASSERT(!read_mail_date(std::string(1000, '1')));
  }

  // RFC 9051 §9 date-time.
  void internal_dates_both_ways() {
    CPPUNIT_ASSERT_EQUAL(std::string(" 1-Mar-2024 23:59:59 -0330"),
                         write_internal_date(1709350199, -210));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1709350199},
                         read_internal_date(" 1-Mar-2024 23:59:59 -0330").value());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1709350199},
                         read_internal_date("02-MAR-2024 03:29:59 +0000").value());
    for (std::int64_t at = -70'000'000'000; at < 250'000'000'000; at += 1'234'567'891)
      for (const int zone : {-720, 0, 345})
        if (at > -60'000'000'000)
          CPPUNIT_ASSERT_EQUAL(at, read_internal_date(write_internal_date(at, zone)).value());
    CPPUNIT_ASSERT_EQUAL(std::size_t{26}, write_internal_date(INT64_MAX, 99).size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{26}, write_internal_date(INT64_MIN, -99).size());
  }

  void bad_internal_dates() {
    for (const char* text :
         {"", " ", "1-Jan-2024", "32-Jan-2024 00:00:00 +0000", "30-Feb-2024 00:00:00 +0000",
          "29-Feb-2023 00:00:00 +0000", "1-Foo-2024 00:00:00 +0000", "1-Jan-24 00:00:00 +0000",
          "1-Jan-2024 24:00:00 +0000", "1-Jan-2024 00:60:00 +0000", "1-Jan-2024 00:00:61 +0000",
          "1-Jan-2024 00:00:00 0000", "1-Jan-2024 00:00:00 +0060", "1-Jan-2024 00:00:00 +0000x",
          "-1-Jan-2024 00:00:00 +0000", "1-Jan-2024  0:00:00 +0000", "0-Jan-2024 00:00:00 +0000"})
      CPPUNIT_ASSERT_MESSAGE(text, !read_internal_date(text));
    CPPUNIT_ASSERT(read_internal_date("29-Feb-2024 23:59:60 +0000"));
  }

  // RFC 9051 §9 date-text.
  void search_dates() {
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, read_search_date("1-Jan-1970").value());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{19723}, read_search_date("01-jan-2024").value());
    for (const char* text : {"", "1-Jan", "1-Jan-2024 ", "31-Apr-2024", "1/Jan/2024", "a-Jan-2024"})
      CPPUNIT_ASSERT(!read_search_date(text));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, day_of(86399) - day_of(0));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, day_of(86399, 1));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{-1}, day_of(0, -1));
    day_of(INT64_MAX, 1440);
    day_of(INT64_MIN, -1440);
  }

  void days_and_dates_agree() {
    for (std::int64_t days = -800000; days < 3000000; days += 97) {
      const CivilDate date = civil_from_days(days);
      CPPUNIT_ASSERT_EQUAL(days, days_from_civil(date));
      CPPUNIT_ASSERT(date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= 31);
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DateTest);

}  // namespace
}  // namespace fwd::format
