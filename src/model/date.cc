// Writes and reads the dates of records.
#include "model/date.h"

#include <chrono>
#include <cstdio>

#include "core/text.h"

namespace fwd::model {
namespace {

// `count` digits at `at`, which moves on.
std::optional<int> digits(std::string_view text, std::size_t& at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const char c = text[at + i];
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  at += count;
  return value;
}

bool skip(std::string_view text, std::size_t& at, char wanted) {
  if (at >= text.size() || to_upper(text[at]) != wanted) return false;
  ++at;
  return true;
}

// Milliseconds of ".123…", nothing behind them eaten.
std::int64_t fraction(std::string_view text, std::size_t& at) {
  if (at >= text.size() || text[at] != '.') return 0;
  ++at;
  std::int64_t value = 0, unit = 100;
  for (; at < text.size() && is_digit(text[at]); ++at, unit /= 10) value += (text[at] - '0') * unit;
  return value;
}

// "Z" or "+hh:mm" up to the end of the text, as minutes east.
std::optional<int> zone(std::string_view text, std::size_t& at) {
  if (skip(text, at, 'Z')) return at == text.size() ? std::optional<int>(0) : std::nullopt;
  if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return std::nullopt;
  const int sign = text[at++] == '-' ? -1 : 1;
  const auto hours = digits(text, at, 2);
  skip(text, at, ':');
  const auto minutes = digits(text, at, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59 || at != text.size()) return std::nullopt;
  return sign * (*hours * 60 + *minutes);
}

}  // namespace

std::string format_date(Date date) {
  using namespace std::chrono;
  if (date.empty()) return {};
  const sys_time<milliseconds> when{milliseconds(date.ms)};
  const auto day = floor<days>(when);
  const year_month_day ymd(day);
  const hh_mm_ss time(when - day);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int(ymd.year()),
                unsigned(ymd.month()), unsigned(ymd.day()), int(time.hours().count()),
                int(time.minutes().count()), int(time.seconds().count()),
                int(time.subseconds().count()));
  return text;
}

std::optional<Date> parse_date(std::string_view text) {
  using namespace std::chrono;
  std::size_t at = 0;
  const auto y = digits(text, at, 4);
  if (!y || *y < 1970 || !skip(text, at, '-')) return std::nullopt;
  const auto m = digits(text, at, 2);
  if (!m || !skip(text, at, '-')) return std::nullopt;
  const auto d = digits(text, at, 2);
  if (!d) return std::nullopt;
  const year_month_day ymd{year(*y), month(unsigned(*m)), day(unsigned(*d))};
  if (!ymd.ok()) return std::nullopt;
  const milliseconds midnight = sys_days(ymd).time_since_epoch();
  if (at == text.size()) return Date{midnight.count()};
  if (!skip(text, at, 'T') && !skip(text, at, ' ')) return std::nullopt;
  const auto hour = digits(text, at, 2);
  if (!hour || !skip(text, at, ':')) return std::nullopt;
  const auto minute = digits(text, at, 2);
  if (!minute || !skip(text, at, ':')) return std::nullopt;
  const auto second = digits(text, at, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  const std::int64_t part = fraction(text, at);
  const auto east = zone(text, at);
  if (!east) return std::nullopt;
  const milliseconds time = hours(*hour) + minutes(*minute - *east) + seconds(*second);
  return Date{(midnight + time).count() + part};
}

}  // namespace fwd::model
