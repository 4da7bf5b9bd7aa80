#ifndef FWD_MODEL_RECORD_FIELD_H
#define FWD_MODEL_RECORD_FIELD_H

// A row of a record's field table, and what is made from such rows: reading,
// writing, checking, setting by hand.  For the record files only.
//
//   template <> const std::vector<Field<User>>& fields_of<User>();

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "format/json.h"
#include "model/date.h"
#include "model/record_rules.h"

namespace fwd::model {

enum class Shown : unsigned char {
  kEditable,  // people see it and may set it
  kReadOnly,  // people see it
  kHidden,    // stored, never shown
};

template <typename Record>
struct Field {
  std::string_view name;
  Shown shown;
  Rule rule;
  format::Json (*get)(const Record&, bool with_hidden);
  Outcome<void> (*set)(Record&, const format::Json&, std::string_view name);
  Outcome<void> (*check)(const Record&, const Rule&, std::string_view name);
  // From a person's text; kBadInput when this type cannot be.
  Outcome<void> (*set_text)(Record&, std::string_view text, std::string_view name);
};

template <typename Record>
const std::vector<Field<Record>>& fields_of();

Failure field_failure(std::string_view name, std::string_view rule);

// One type of value each: to JSON, from JSON, against a rule, from text.
format::Json to_value(bool value, bool);
format::Json to_value(std::int64_t value, bool);
format::Json to_value(const std::string& value, bool);
format::Json to_value(Date value, bool);
format::Json to_value(const std::vector<std::string>& value, bool);
format::Json to_value(const format::Json& value, bool);

Outcome<void> from_value(bool& out, const format::Json& json, std::string_view name);
Outcome<void> from_value(std::int64_t& out, const format::Json& json, std::string_view name);
Outcome<void> from_value(std::string& out, const format::Json& json, std::string_view name);
Outcome<void> from_value(Date& out, const format::Json& json, std::string_view name);
Outcome<void> from_value(std::vector<std::string>& out, const format::Json& json,
                         std::string_view name);
Outcome<void> from_value(format::Json& out, const format::Json& json, std::string_view name);

Outcome<void> check_value(bool value, const Rule& rule, std::string_view name);
Outcome<void> check_value(std::int64_t value, const Rule& rule, std::string_view name);
Outcome<void> check_value(const std::string& value, const Rule& rule, std::string_view name);
Outcome<void> check_value(Date value, const Rule& rule, std::string_view name);
Outcome<void> check_value(const std::vector<std::string>& value, const Rule& rule,
                          std::string_view name);
Outcome<void> check_value(const format::Json& value, const Rule& rule, std::string_view name);

Outcome<void> from_text(bool& out, std::string_view text, std::string_view name);
Outcome<void> from_text(std::int64_t& out, std::string_view text, std::string_view name);
Outcome<void> from_text(std::string& out, std::string_view text, std::string_view name);
Outcome<void> from_text(Date& out, std::string_view text, std::string_view name);
Outcome<void> from_text(std::vector<std::string>& out, std::string_view text,
                        std::string_view name);

template <typename Record>
format::Json record_value(const Record& record, bool with_hidden) {
  format::Json::Object members;
  for (const Field<Record>& field : fields_of<Record>()) {
    if (field.shown == Shown::kHidden && !with_hidden) continue;
    format::Json value = field.get(record, with_hidden);
    if (!value.is_null()) members.push_back({std::string(field.name), std::move(value)});
  }
  return format::Json(std::move(members));
}

// Members that no row names go to `extra` when there is one.
template <typename Record>
Outcome<void> read_record(Record& record, const format::Json& json, std::string_view name,
                          format::Json* extra) {
  const format::Json::Object* members = json.object();
  if (members == nullptr) return field_failure(name, "must be an object");
  for (const format::JsonMember& member : *members) {
    const Field<Record>* found = nullptr;
    for (const Field<Record>& field : fields_of<Record>())
      if (field.name == member.name) found = &field;
    if (found == nullptr) {
      if (extra != nullptr && member.name != "object") extra->set(member.name, member.value);
    } else if (!member.value.is_null()) {
      Outcome<void> set = found->set(record, member.value, found->name);
      if (!set.ok()) return set;
    }
  }
  return {};
}

template <typename Record>
Outcome<void> check_fields(const Record& record) {
  for (const Field<Record>& field : fields_of<Record>()) {
    Outcome<void> checked = field.check(record, field.rule, field.name);
    if (!checked.ok()) return checked;
  }
  return {};
}

// Records within records, alone and in lists, by their own tables.
template <typename Inner>
concept HasFields = requires {
  fields_of<Inner>();
}
&&std::is_class_v<Inner> && !std::is_same_v<Inner, format::Json> && !std::is_same_v<Inner, Date> &&
    !std::is_same_v<Inner, std::string>;

template <HasFields Inner>
format::Json to_value(const Inner& value, bool with_hidden) {
  return record_value(value, with_hidden);
}
template <HasFields Inner>
format::Json to_value(const std::vector<Inner>& value, bool with_hidden) {
  format::Json::Array items;
  for (const Inner& item : value) items.push_back(record_value(item, with_hidden));
  return format::Json(std::move(items));
}
template <HasFields Inner>
Outcome<void> from_value(Inner& out, const format::Json& json, std::string_view name) {
  return read_record(out, json, name, nullptr);
}
template <HasFields Inner>
Outcome<void> from_value(std::vector<Inner>& out, const format::Json& json, std::string_view name) {
  const format::Json::Array* items = json.array();
  if (items == nullptr) return field_failure(name, "must be a list");
  out.clear();
  for (const format::Json& item : *items) {
    Outcome<void> read = read_record(out.emplace_back(), item, name, nullptr);
    if (!read.ok()) return read;
  }
  return {};
}
template <HasFields Inner>
Outcome<void> check_value(const Inner& value, const Rule&, std::string_view) {
  return check_fields(value);
}
template <HasFields Inner>
Outcome<void> check_value(const std::vector<Inner>& value, const Rule& rule,
                          std::string_view name) {
  if (static_cast<std::int64_t>(value.size()) > rule.most)
    return field_failure(name, "has more than " + std::to_string(rule.most) + " entries");
  for (const Inner& item : value) {
    Outcome<void> checked = check_fields(item);
    if (!checked.ok()) return checked;
  }
  return {};
}

template <typename Record, typename Value>
Record record_of(Value Record::*);
template <typename Record, typename Value>
Value value_of(Value Record::*);

template <auto kMember>
auto field(std::string_view name, Rule rule = {}, Shown shown = Shown::kEditable) {
  using Record = decltype(record_of(kMember));
  using Value = decltype(value_of(kMember));
  Field<Record> row{};
  row.name = name;
  row.shown = shown;
  row.rule = rule;
  row.get = [](const Record& record, bool with_hidden) {
    return to_value(record.*kMember, with_hidden);
  };
  row.set = [](Record& record, const format::Json& json, std::string_view its_name) {
    return from_value(record.*kMember, json, its_name);
  };
  row.check = [](const Record& record, const Rule& its_rule, std::string_view its_name) {
    return check_value(record.*kMember, its_rule, its_name);
  };
  row.set_text = [](Record& record, std::string_view text, std::string_view its_name) {
    if constexpr (requires(Value value) { from_text(value, text, its_name); }) {
      return from_text(record.*kMember, text, its_name);
    } else {
      return Outcome<void>(field_failure(its_name, "cannot be set from text"));
    }
  };
  return row;
}

template <auto kMember>
auto read_only(std::string_view name, Rule rule = {}) {
  return field<kMember>(name, rule, Shown::kReadOnly);
}
template <auto kMember>
auto hidden(std::string_view name, Rule rule = {}) {
  return field<kMember>(name, rule, Shown::kHidden);
}

template <typename Record>
Outcome<void> set_by_hand(Record& record, std::string_view name, std::string_view text) {
  for (const Field<Record>& row : fields_of<Record>()) {
    if (row.name != name || row.shown == Shown::kHidden) continue;
    if (row.shown == Shown::kReadOnly) return field_failure(name, "cannot be set by hand");
    return row.set_text(record, text, name);
  }
  return field_failure(name, "is not a field of this record");
}

}  // namespace fwd::model

#endif
