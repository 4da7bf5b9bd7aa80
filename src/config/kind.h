#ifndef FWD_CONFIG_KIND_H
#define FWD_CONFIG_KIND_H

// What an option's value may be, as the table spells it:
//
//   "bool"                 yes or no
//   "integer 1..1000"      a whole number within bounds
//   "size 1k..1G"          octets; k, M, G, T are powers of 1024
//   "time 1s..24h"         ms, s, m, h, d
//   "text"                 anything printable, perhaps nothing
//   "list"                 words between spaces or commas, perhaps none
//   "path"                 absolute, or below @data/ or @credentials/
//   "choice a|b|c"         one of the words

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace fwd::config {

enum class Shape { kBool, kInteger, kSize, kTime, kText, kList, kPath, kChoice };

struct Kind {
  Shape shape = Shape::kText;
  std::uint64_t least = 0;
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  std::string_view words;  // the bounds or choices, as written
};

// A number with the units of `shape`; a time is in milliseconds and, but for
// 0, has a unit.  Nothing when it is not one or does not fit.
constexpr std::optional<std::uint64_t> parse_quantity(std::string_view text, Shape shape) {
  std::uint64_t number = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    const auto digit = static_cast<std::uint64_t>(text[digits] - '0');
    if (number > (std::numeric_limits<std::uint64_t>::max() - digit) / 10) return std::nullopt;
    number = number * 10 + digit;
  }
  if (digits == 0) return std::nullopt;
  struct Unit {
    std::string_view name;
    Shape shape;
    std::uint64_t factor;
  };
  constexpr Unit kUnits[] = {{"", Shape::kInteger, 1},        {"", Shape::kSize, 1},
                             {"k", Shape::kSize, 1ULL << 10}, {"M", Shape::kSize, 1ULL << 20},
                             {"G", Shape::kSize, 1ULL << 30}, {"T", Shape::kSize, 1ULL << 40},
                             {"ms", Shape::kTime, 1},         {"s", Shape::kTime, 1000},
                             {"m", Shape::kTime, 60000},      {"h", Shape::kTime, 3600000},
                             {"d", Shape::kTime, 86400000}};
  const std::string_view unit = text.substr(digits);
  if (shape == Shape::kTime && unit.empty() && number == 0) return 0;
  for (const Unit& known : kUnits) {
    if (known.shape != shape || known.name != unit) continue;
    if (number > std::numeric_limits<std::uint64_t>::max() / known.factor) return std::nullopt;
    return number * known.factor;
  }
  return std::nullopt;
}

// Nothing when `spelling` is not one of the forms above.
constexpr std::optional<Kind> parse_kind(std::string_view spelling) {
  constexpr std::pair<std::string_view, Shape> kNames[] = {
      {"bool", Shape::kBool}, {"integer", Shape::kInteger}, {"size", Shape::kSize},
      {"time", Shape::kTime}, {"text", Shape::kText},       {"list", Shape::kList},
      {"path", Shape::kPath}, {"choice", Shape::kChoice}};
  const std::size_t space = spelling.find(' ');
  const std::string_view name = spelling.substr(0, space);
  Kind kind;
  if (space != std::string_view::npos) kind.words = spelling.substr(space + 1);
  for (const auto& [known, shape] : kNames) {
    if (known != name) continue;
    kind.shape = shape;
    const bool counted = shape == Shape::kInteger || shape == Shape::kSize || shape == Shape::kTime;
    if (!counted)
      return kind.words.empty() == (shape != Shape::kChoice) ? std::optional(kind) : std::nullopt;
    const std::size_t dots = kind.words.find("..");
    if (dots == std::string_view::npos) return std::nullopt;
    const auto least = parse_quantity(kind.words.substr(0, dots), shape);
    const auto most = parse_quantity(kind.words.substr(dots + 2), shape);
    if (!least || !most || *least > *most) return std::nullopt;
    kind.least = *least;
    kind.most = *most;
    return kind;
  }
  return std::nullopt;
}

// True when `word` is one of "a|b|c".
constexpr bool is_choice(std::string_view choices, std::string_view word) {
  while (!choices.empty()) {
    const std::size_t bar = choices.find('|');
    if (choices.substr(0, bar) == word) return true;
    if (bar == std::string_view::npos) break;
    choices.remove_prefix(bar + 1);
  }
  return false;
}

// True when `value` obeys `kind`.  Texts must be printable UTF-8 (checked by
// the reader, not here).
constexpr bool obeys(const Kind& kind, std::string_view value) {
  switch (kind.shape) {
    case Shape::kBool:
      return value == "yes" || value == "no" || value == "true" || value == "false" ||
             value == "on" || value == "off";
    case Shape::kInteger:
    case Shape::kSize:
    case Shape::kTime: {
      const auto number = parse_quantity(value, kind.shape);
      return number && *number >= kind.least && *number <= kind.most;
    }
    case Shape::kPath:
      return value.starts_with("/") || value.starts_with("@data/") ||
             value.starts_with("@credentials/");
    case Shape::kChoice:
      return is_choice(kind.words, value);
    case Shape::kText:
    case Shape::kList:
      return true;
  }
  return false;
}

// The rule as a person reads it: "a time from 1s to 24h".
std::string rule_text(const Kind& kind);

}  // namespace fwd::config

#endif
