// Records to JSON and back.
#include "model/records.h"

#include "model/record_field.h"

namespace fwd::model {

// The tables themselves stand in user_fields.cc, domain_fields.cc, alias_fields.cc.
template <>
const std::vector<Field<User>>& fields_of<User>();
template <>
const std::vector<Field<Domain>>& fields_of<Domain>();
template <>
const std::vector<Field<Alias>>& fields_of<Alias>();

namespace {

template <typename Record>
format::Json encoded(const Record& record, std::string_view object, bool with_hidden) {
  format::Json json = record_value(record, with_hidden);
  json.set("object", format::Json(object));
  if (!with_hidden || record.extra.object() == nullptr) return json;
  for (const format::JsonMember& member : *record.extra.object())
    if (json.find(member.name) == nullptr) json.set(member.name, member.value);
  return json;
}

template <typename Record>
Outcome<Record> decoded(std::string_view text) {
  const Outcome<format::Json> json = format::parse_json(text);
  if (!json.ok()) return json.failure();
  Record record;
  const Outcome<void> read = read_record(record, json.value(), "the record", &record.extra);
  if (!read.ok()) return read.failure();
  return record;
}

}  // namespace

format::Json record_json(const User& user, bool with_hidden) {
  return encoded(user, "user", with_hidden);
}
format::Json record_json(const Domain& domain, bool with_hidden) {
  return encoded(domain, "domain", with_hidden);
}
format::Json record_json(const Alias& alias, bool with_hidden) {
  return encoded(alias, "alias", with_hidden);
}

std::string encode_record(const User& user, bool with_hidden) {
  return format::write_json(record_json(user, with_hidden));
}
std::string encode_record(const Domain& domain, bool with_hidden) {
  return format::write_json(record_json(domain, with_hidden));
}
std::string encode_record(const Alias& alias, bool with_hidden) {
  return format::write_json(record_json(alias, with_hidden));
}

Outcome<User> decode_user(std::string_view json) { return decoded<User>(json); }
Outcome<Domain> decode_domain(std::string_view json) { return decoded<Domain>(json); }
Outcome<Alias> decode_alias(std::string_view json) { return decoded<Alias>(json); }

}  // namespace fwd::model
