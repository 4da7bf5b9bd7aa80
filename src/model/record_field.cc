// How each type of field is written, read, checked and set from text.
#include "model/record_field.h"

#include "core/text.h"
#include "model/records.h"

namespace fwd::model {

using format::Json;

Failure field_failure(std::string_view name, std::string_view rule) {
  return Failure{Fault::kBadInput, std::string(name) + " " + std::string(rule), ""};
}

Json to_value(bool value, bool) { return Json(value); }
Json to_value(std::int64_t value, bool) { return Json(value); }
Json to_value(const std::string& value, bool) { return Json(value); }
Json to_value(Date value, bool) { return value.empty() ? Json() : Json(format_date(value)); }
Json to_value(const Json& value, bool) { return value; }
Json to_value(const std::vector<std::string>& value, bool) {
  Json::Array items;
  items.reserve(value.size());
  for (const std::string& item : value) items.emplace_back(item);
  return Json(std::move(items));
}

Outcome<void> from_value(bool& out, const Json& json, std::string_view name) {
  if (json.boolean() == nullptr) return field_failure(name, "must be true or false");
  out = *json.boolean();
  return {};
}

Outcome<void> from_value(std::int64_t& out, const Json& json, std::string_view name) {
  if (json.integer() == nullptr) return field_failure(name, "must be a whole number");
  out = *json.integer();
  return {};
}

Outcome<void> from_value(std::string& out, const Json& json, std::string_view name) {
  if (json.text() == nullptr) return field_failure(name, "must be text");
  out = *json.text();
  return {};
}

Outcome<void> from_value(Date& out, const Json& json, std::string_view name) {
  const std::string* text = json.text();
  if (text == nullptr) return field_failure(name, "must be a date");
  return from_text(out, *text, name);
}

Outcome<void> from_value(std::vector<std::string>& out, const Json& json, std::string_view name) {
  const Json::Array* items = json.array();
  if (items == nullptr) return field_failure(name, "must be a list of texts");
  out.clear();
  for (const Json& item : *items) {
    if (item.text() == nullptr) return field_failure(name, "must be a list of texts");
    out.push_back(*item.text());
  }
  return {};
}

Outcome<void> from_value(Json& out, const Json& json, std::string_view) {
  out = json;
  return {};
}

Outcome<void> check_value(bool, const Rule&, std::string_view) { return {}; }
Outcome<void> check_value(Date, const Rule&, std::string_view) { return {}; }

Outcome<void> check_value(std::int64_t value, const Rule& rule, std::string_view name) {
  if (rule.choices != nullptr) {
    if (!is_among(std::to_string(value), rule.choices))
      return field_failure(name, std::string("must be one of ") + rule.choices);
    return {};
  }
  if (value < rule.least || value > rule.most)
    return field_failure(
        name, "must be from " + std::to_string(rule.least) + " to " + std::to_string(rule.most));
  return {};
}

Outcome<void> check_value(const std::string& value, const Rule& rule, std::string_view name) {
  if (value.empty()) {
    if (rule.required) return field_failure(name, "must not be empty");
    return {};
  }
  if (static_cast<std::int64_t>(value.size()) > rule.most)
    return field_failure(name, "must not be longer than " + std::to_string(rule.most) + " octets");
  if (!is_utf8(value)) return field_failure(name, "must be UTF-8");
  if (rule.choices != nullptr && !is_among(value, rule.choices))
    return field_failure(name, std::string("must be one of ") + rule.choices);
  if (rule.valid != nullptr && !rule.valid(value))
    return field_failure(name, std::string("must be ") + rule.words);
  return {};
}

Outcome<void> check_value(const std::vector<std::string>& value, const Rule& rule,
                          std::string_view name) {
  if (static_cast<std::int64_t>(value.size()) > rule.most)
    return field_failure(name, "has more than " + std::to_string(rule.most) + " entries");
  Rule each = rule;
  each.most = rule.most_each;
  each.required = true;
  const std::string entry = "an entry of " + std::string(name);
  for (const std::string& item : value) {
    Outcome<void> checked = check_value(item, each, entry);
    if (!checked.ok()) return checked;
  }
  return {};
}

Outcome<void> check_value(const Json& value, const Rule& rule, std::string_view name) {
  if (value.is_null()) return {};
  if (static_cast<std::int64_t>(format::write_json(value).size()) > rule.most)
    return field_failure(name, "must not be longer than " + std::to_string(rule.most) + " octets");
  return {};
}

Outcome<void> from_text(bool& out, std::string_view text, std::string_view name) {
  const std::string word = to_lower(trim(text));
  if (!is_among(word, "true|yes|on|1|false|no|off|0|"))
    return field_failure(name, "must be yes or no");
  out = is_among(word, "true|yes|on|1");
  return {};
}

Outcome<void> from_text(std::int64_t& out, std::string_view text, std::string_view name) {
  if (trim(text).empty()) {
    out = 0;
    return {};
  }
  const Outcome<std::int64_t> size = parse_size(text);
  if (!size.ok()) return field_failure(name, "must be a whole number or a size such as \"10 GB\"");
  out = size.value();
  return {};
}

Outcome<void> from_text(std::string& out, std::string_view text, std::string_view) {
  out = std::string(text);
  return {};
}

Outcome<void> from_text(Date& out, std::string_view text, std::string_view name) {
  if (trim(text).empty()) {
    out = Date{};
    return {};
  }
  const auto date = parse_date(trim(text));
  if (!date) return field_failure(name, "must be a date such as 2026-01-31T12:00:00Z");
  out = *date;
  return {};
}

Outcome<void> from_text(std::vector<std::string>& out, std::string_view text, std::string_view) {
  out.clear();
  for (const std::string_view item : split(text, ','))
    if (!trim(item).empty()) out.emplace_back(trim(item));
  return {};
}

Outcome<std::int64_t> parse_size(std::string_view text) {
  const Failure bad{Fault::kBadInput, "must be a number with kb, mb, gb or tb behind it", ""};
  text = trim(text);
  std::size_t end = 0;
  while (end < text.size() && is_digit(text[end])) ++end;
  const auto value = parse_number(text.substr(0, end));
  if (!value) return bad;
  const std::string unit = to_lower(trim(text.substr(end)));
  constexpr std::string_view kUnits = "bkmgt";
  std::size_t power = 0;
  if (!unit.empty()) {
    power = kUnits.find(unit[0]);
    const bool known = unit.size() == 1 || (unit.size() == 2 && unit[1] == 'b' && power > 0);
    if (power == std::string_view::npos || !known) return bad;
  }
  const std::uint64_t most = static_cast<std::uint64_t>(INT64_MAX) >> (10 * power);
  if (*value > most) return bad;
  return static_cast<std::int64_t>(*value << (10 * power));
}

}  // namespace fwd::model
