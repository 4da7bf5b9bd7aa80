#ifndef FWD_SERVICE_OPERATOR_RECORD_WORDS_H
#define FWD_SERVICE_OPERATOR_RECORD_WORDS_H

// Records from and to words on a terminal.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/records.h"
#include "service/operator/desk.h"

namespace fwd::service {

// "field=value" as two; kBadInput without "=".
Outcome<std::pair<std::string, std::string>> split_field(const std::string& word);

// "name: value" lines of an object, empty members left out.
std::string text_object(const format::Json& object);

// One JSON value as an answer.
void print_json(Desk& desk, const format::Json& value);

// Sets the fields named in words[from…].
template <typename Record>
Outcome<void> set_fields(Record& record, const std::vector<std::string>& words, std::size_t from) {
  for (std::size_t i = from; i < words.size(); ++i) {
    auto field = split_field(words[i]);
    if (!field.ok()) return field.failure();
    auto set = model::set_field(record, field.value().first, field.value().second);
    if (!set.ok()) return set.failure();
  }
  return {};
}

// The record as JSON, or `done` (all its fields when that is empty).
template <typename Record>
void show_record(Desk& desk, const Call& call, const Record& record, const std::string& done) {
  const format::Json object = model::record_json(record, false);
  if (call.json) {
    desk.print(format::write_json(object, true) + "\n");
  } else {
    desk.print(done.empty() ? text_object(object) : done + "\n");
  }
}

template <typename Record>
void print_records(Desk& desk, const std::vector<Record>& records) {
  format::Json::Array list;
  for (const Record& record : records) list.push_back(model::record_json(record, false));
  desk.print(format::write_json(format::Json(std::move(list)), true) + "\n");
}

}  // namespace fwd::service

#endif
