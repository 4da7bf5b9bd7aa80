// Writes and reads dates.
#include "format/date.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/text.h"

namespace fwd::format {
namespace {

constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<const char*, 7> kWeekdays = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
constexpr std::int64_t kDay = 86400;

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

struct Moment {
  CivilDate date;
  int weekday = 0;  // in kWeekdays
  int second = 0;   // of the day
};

// Years 0000 to 9999, so that every field keeps its width.
Moment moment_of(std::int64_t seconds, int zone) {
  static const std::int64_t least = days_from_civil({0, 1, 1}) * kDay;
  static const std::int64_t most = days_from_civil({10000, 1, 1}) * kDay - 1;
  seconds = std::clamp(seconds, least, most);
  seconds = std::clamp(seconds + std::int64_t{zone} * 60, least, most);
  const std::int64_t days = floor_divide(seconds, kDay);
  return {civil_from_days(days), static_cast<int>(days - floor_divide(days, 7) * 7),
          static_cast<int>(seconds - days * kDay)};
}

std::string print(const char* format, const Moment& at, int zone) {
  const int minutes = zone < 0 ? -zone : zone;
  char text[64];
  const int size = std::snprintf(
      text, sizeof text, format, at.date.day, kMonths[static_cast<std::size_t>(at.date.month - 1)],
      static_cast<int>(at.date.year), at.second / 3600, at.second / 60 % 60, at.second % 60,
      zone < 0 ? '-' : '+', minutes / 60 % 100, minutes % 60);
  return std::string(text, static_cast<std::size_t>(size));
}

// Exactly `width` digits.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t width) {
  if (text.size() < at + width) return std::nullopt;
  const auto number = parse_number(text.substr(at, width));
  if (!number) return std::nullopt;
  return static_cast<int>(*number);
}

int days_in_month(const CivilDate& date) {
  const CivilDate next =
      date.month == 12 ? CivilDate{date.year + 1, 1, 1} : CivilDate{date.year, date.month + 1, 1};
  return static_cast<int>(days_from_civil(next) - days_from_civil({date.year, date.month, 1}));
}

// date-day "-" date-month "-" date-year
std::optional<CivilDate> read_date(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash != 1 && dash != 2) return std::nullopt;
  const auto day = digits(text, 0, dash);
  const auto year = digits(text, dash + 5, 4);
  if (!day || !year || text.size() != dash + 9 || text[dash + 4] != '-') return std::nullopt;
  const std::string_view name = text.substr(dash + 1, 3);
  const auto month = std::find_if(kMonths.begin(), kMonths.end(),
                                  [&](const char* each) { return same_word(name, each); });
  if (month == kMonths.end()) return std::nullopt;
  const CivilDate date{*year, static_cast<int>(month - kMonths.begin()) + 1, *day};
  if (date.day < 1 || date.day > days_in_month(date)) return std::nullopt;
  return date;
}

}  // namespace

// Years begin in March here, so that the leap day is their last.
std::int64_t days_from_civil(const CivilDate& date) {
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = floor_divide(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t month = (date.month + 9) % 12;
  const std::int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

CivilDate civil_from_days(std::int64_t days) {
  days += 719468;
  const std::int64_t era = floor_divide(days, 146097);
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * day_of_year + 2) / 153;
  CivilDate date;
  date.day = static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1);
  date.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  date.year = year_of_era + era * 400 + (date.month <= 2 ? 1 : 0);
  return date;
}

std::int64_t day_of(std::int64_t seconds, int zone) {
  const std::int64_t days = floor_divide(seconds, kDay);
  const std::int64_t of_day = (seconds % kDay + kDay) % kDay;
  return days + floor_divide(of_day + std::int64_t{zone} * 60, kDay);
}

std::string write_mail_date(std::int64_t seconds, int zone) {
  const Moment at = moment_of(seconds, zone);
  return std::string(kWeekdays[static_cast<std::size_t>(at.weekday)]) + ", " +
         print("%d %s %04d %02d:%02d:%02d %c%02d%02d", at, zone);
}

std::string write_json_date(std::int64_t milliseconds) {
  const std::int64_t seconds = floor_divide(milliseconds, 1000);
  const Moment at = moment_of(seconds, 0);
  char text[64];
  const int size = std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                                 static_cast<int>(at.date.year), at.date.month, at.date.day,
                                 at.second / 3600, at.second / 60 % 60, at.second % 60,
                                 static_cast<int>(milliseconds - seconds * 1000));
  return std::string(text, static_cast<std::size_t>(size));
}

std::string write_internal_date(std::int64_t seconds, int zone) {
  return print("%2d-%s-%04d %02d:%02d:%02d %c%02d%02d", moment_of(seconds, zone), zone);
}

std::optional<std::int64_t> read_internal_date(std::string_view text) {
  if (text.starts_with(' ')) text.remove_prefix(1);
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto date = read_date(text.substr(0, space));
  const std::string_view time = text.substr(space + 1);  // "03:12:05 +0000"
  if (!date || time.size() != 14 || time[2] != ':' || time[5] != ':' || time[8] != ' ' ||
      (time[9] != '+' && time[9] != '-'))
    return std::nullopt;
  const auto hour = digits(time, 0, 2), minute = digits(time, 3, 2), second = digits(time, 6, 2);
  const auto zone_hour = digits(time, 10, 2), zone_minute = digits(time, 12, 2);
  if (!hour || !minute || !second || !zone_hour || !zone_minute || *hour > 23 || *minute > 59 ||
      *second > 60 || *zone_minute > 59)
    return std::nullopt;
  const int zone = (*zone_hour * 60 + *zone_minute) * (time[9] == '-' ? -1 : 1);
  return days_from_civil(*date) * kDay + *hour * 3600 + *minute * 60 + *second -
         std::int64_t{zone} * 60;
}

std::optional<std::int64_t> read_search_date(std::string_view text) {
  const auto date = read_date(text);
  if (!date) return std::nullopt;
  return days_from_civil(*date);
}

}  // namespace fwd::format
