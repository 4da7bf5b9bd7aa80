// Reads numbers, sets, flags and dates out of a command.
#include <array>
#include <chrono>

#include "core/text.h"
#include "protocol/imap/parser.h"

namespace fwd::imap {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct SystemFlagName {
  std::string_view name;
  model::SystemFlag flag;
};
constexpr std::array<SystemFlagName, 5> kSystemFlags = {{{"Seen", model::kSeen},
                                                         {"Answered", model::kAnswered},
                                                         {"Flagged", model::kFlagged},
                                                         {"Deleted", model::kDeleted},
                                                         {"Draft", model::kDraft}}};

// Takes up to `most` digits (at least one) off the front.
bool digits(std::string_view& text, std::size_t least, std::size_t most, unsigned& out) {
  std::size_t size = 0;
  out = 0;
  while (size < most && size < text.size() && is_digit(text[size]))
    out = out * 10 + static_cast<unsigned>(text[size++] - '0');
  if (size < least) return false;
  text.remove_prefix(size);
  return true;
}

bool eat(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// dd-Mon-yyyy
bool day_of(std::string_view& text, std::size_t least_digits, std::int64_t& days) {
  unsigned day = 0;
  unsigned year = 0;
  if (!digits(text, least_digits, 2, day) || !eat(text, '-')) return false;
  unsigned month = 0;
  while (month < 12 && !same_word(text.substr(0, 3), kMonths[month])) ++month;
  if (month == 12) return false;
  text.remove_prefix(3);
  if (!eat(text, '-') || !digits(text, 4, 4, year)) return false;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(month + 1), std::chrono::day(day)};
  if (!date.ok()) return false;
  days = std::chrono::sys_days(date).time_since_epoch().count();
  return true;
}

}  // namespace

bool Parser::number64(std::uint64_t& out) {
  std::size_t size = 0;
  while (size < rest_.size() && size < 20 && is_digit(rest_[size])) ++size;
  const auto value = parse_number(rest_.substr(0, size));
  if (!value || *value > INT64_MAX) return fail("Expected a number");
  out = *value;
  rest_.remove_prefix(size);
  return true;
}

bool Parser::number(std::uint32_t& out) {
  std::uint64_t value = 0;
  if (!number64(value)) return false;
  if (value > UINT32_MAX) return fail("A number is too large");
  out = static_cast<std::uint32_t>(value);
  return true;
}

bool Parser::nz_number(std::uint32_t& out) {
  if (peek() == '0') return fail("A number may not be zero");
  return number(out);
}

bool Parser::range_end(std::uint32_t& out) {
  out = 0;
  return take('*') || nz_number(out);
}

// sequence-set = (seq-number / seq-range) ["," sequence-set] / seq-last-command
bool Parser::sequence_set(SequenceSet& out) {
  out = {};
  if (take('$')) {
    out.saved = true;
    return true;
  }
  do {
    if (out.ranges.size() >= limits_.set_ranges) return fail("Too many ranges in a set");
    model::UidRange range;
    if (!range_end(range.first)) return false;
    range.last = range.first;
    if (take(':') && !range_end(range.last)) return false;
    out.ranges.push_back(range);
  } while (take(','));
  return true;
}

bool Parser::uid_set(model::UidSet& out) {
  SequenceSet set;
  if (!sequence_set(set)) return false;
  if (set.saved) return fail("Expected a set of UIDs");
  out = {};
  for (const model::UidRange& range : set.ranges) {
    if (range.first == 0 || range.last == 0) return fail("Expected a set without '*'");
    out.add(range.first, range.last);
  }
  return true;
}

bool Parser::flag(model::Flags& out) {
  std::string name;
  if (take('\\')) {
    if (!atom(name)) return false;
    for (const SystemFlagName& known : kSystemFlags) {
      if (!same_word(name, known.name)) continue;
      out.system = static_cast<std::uint8_t>(out.system | known.flag);
      return true;
    }
    return fail("\\" + name + " cannot be set");
  }
  if (!atom(name)) return false;
  if (name.size() > limits_.keyword_length) return fail("A keyword is too long");
  if (out.add_keyword(name) && out.keywords.size() > limits_.keywords)
    return fail("Too many keywords");
  return true;
}

bool Parser::flags_bare(model::Flags& out) {
  do {
    if (!flag(out)) return false;
  } while (take(' '));
  return true;
}

bool Parser::flag_list(model::Flags& out) {
  if (!expect('(')) return false;
  if (take(')')) return true;
  return flags_bare(out) && expect(')');
}

// date = date-text / DQUOTE date-text DQUOTE
bool Parser::date(std::int64_t& days) {
  const bool quoted_date = take('"');
  if (!day_of(rest_, 1, days)) return fail("Expected a date");
  return !quoted_date || expect('"');
}

// date-time = DQUOTE date-day-fixed "-" date-month "-" date-year SP time SP zone DQUOTE
bool Parser::date_time(std::int64_t& seconds) {
  std::string text;
  if (peek() != '"' || !quoted(text)) return fail("Expected a date and time");
  std::string_view left = text;
  const bool one_digit = eat(left, ' ');
  std::int64_t days = 0;
  unsigned hour = 0, minute = 0, second = 0, zone = 0;
  if (!day_of(left, one_digit ? 1 : 2, days) || !eat(left, ' ') || !digits(left, 2, 2, hour) ||
      !eat(left, ':') || !digits(left, 2, 2, minute) || !eat(left, ':') ||
      !digits(left, 2, 2, second) || !eat(left, ' '))
    return fail("Expected a date and time");
  const bool west = eat(left, '-');
  if ((!west && !eat(left, '+')) || !digits(left, 4, 4, zone) || !left.empty() || hour > 23 ||
      minute > 59 || second > 60 || zone % 100 > 59)
    return fail("Expected a date and time");
  const std::int64_t offset = (zone / 100) * 3600 + (zone % 100) * 60;
  seconds = days * 86400 + hour * 3600 + minute * 60 + second + (west ? offset : -offset);
  return true;
}

}  // namespace fwd::imap
