#ifndef FWD_FORMAT_DATE_H
#define FWD_FORMAT_DATE_H

// Dates as mail writes them.  Seconds are since 1970-01-01 UTC, days since
// 1970-01-01, zones minutes east of UTC; nothing here knows what time it is.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fwd::format {

struct CivilDate {
  std::int64_t year = 1970;
  int month = 1;  // 1 to 12
  int day = 1;
};

std::int64_t days_from_civil(const CivilDate& date);
CivilDate civil_from_days(std::int64_t days);

// Whole days since 1970 of `seconds` as a clock in `zone` shows them.
std::int64_t day_of(std::int64_t seconds, int zone = 0);

// "Sat, 21 Nov 2026 03:12:05 +0000" (RFC 5322 §3.3).
std::string write_mail_date(std::int64_t seconds, int zone = 0);

// "2026-11-21T03:12:05.000Z" of milliseconds (RFC 3339 §5.6), as JSON has dates.
std::string write_json_date(std::int64_t milliseconds);

// date-time (RFC 9051 §9): " 1-Nov-2026 03:12:05 +0000", without the quotes.
// Years 0000 to 9999; what lies outside is written as the nearest that fits.
std::string write_internal_date(std::int64_t seconds, int zone = 0);
// Nothing for anything that is not a moment: strict, a day of one digit with
// or without its space.  A leap second counts as the second after.
std::optional<std::int64_t> read_internal_date(std::string_view text);

// date-text (RFC 9051 §9) of SEARCH: "1-Nov-2026" in days since 1970.
std::optional<std::int64_t> read_search_date(std::string_view text);

}  // namespace fwd::format

#endif
