// Reads and writes JSON, by nlohmann's parser, into our own tree.
#include "format/json.h"

#include <nlohmann/json.hpp>

namespace fwd::format {

Json::Json(Object value) : held_(std::move(value)) {}

bool Json::operator==(const Json& other) const { return held_ == other.held_; }

const Json* Json::find(std::string_view name) const {
  const Object* members = object();
  if (members == nullptr) return nullptr;
  for (const JsonMember& member : *members)
    if (member.name == name) return &member.value;
  return nullptr;
}

void Json::set(std::string_view name, Json value) {
  if (object() == nullptr) held_ = Object{};
  Object& members = *object();
  for (JsonMember& member : members) {
    if (member.name != name) continue;
    member.value = std::move(value);
    return;
  }
  members.push_back({std::string(name), std::move(value)});
}

namespace {

// Builds the tree as the parser goes, so that limits hold while reading.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Builder(const JsonLimits& limits) : limits_(limits) {}

  bool null() override { return put(Json()); }
  bool boolean(bool value) override { return put(Json(value)); }
  bool number_integer(number_integer_t value) override { return put(Json(std::int64_t{value})); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<number_unsigned_t>(INT64_MAX))
      return put(Json(static_cast<double>(value)));
    return put(Json(static_cast<std::int64_t>(value)));
  }
  bool number_float(number_float_t value, const string_t&) override { return put(Json(value)); }
  bool string(string_t& value) override { return put(Json(std::move(value))); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Json(Json::Object{})); }
  bool start_array(std::size_t) override { return open(Json(Json::Array{})); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    open_.back().key = std::move(name);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

  Json take() { return std::move(root_); }

 private:
  struct Level {
    Json value;
    std::string key;
  };

  bool open(Json value) {
    if (open_.size() >= limits_.depth) return false;
    open_.push_back({std::move(value), {}});
    return true;
  }
  bool close() {
    Json value = std::move(open_.back().value);
    open_.pop_back();
    return put(std::move(value));
  }
  bool put(Json value) {
    if (++values_ > limits_.values) return false;
    if (open_.empty()) {
      root_ = std::move(value);
      return true;
    }
    Level& level = open_.back();
    if (Json::Array* array = level.value.array())
      array->push_back(std::move(value));
    else
      level.value.set(level.key, std::move(value));
    return true;
  }

  const JsonLimits& limits_;
  std::vector<Level> open_;
  Json root_;
  std::size_t values_ = 0;
};

nlohmann::ordered_json converted(const Json& value) {
  if (const bool* boolean = value.boolean()) return *boolean;
  if (const std::int64_t* integer = value.integer()) return *integer;
  if (const double* real = value.real()) return *real;
  if (const std::string* text = value.text()) return *text;
  if (const Json::Array* array = value.array()) {
    nlohmann::ordered_json out = nlohmann::ordered_json::array();
    for (const Json& item : *array) out.push_back(converted(item));
    return out;
  }
  if (const Json::Object* object = value.object()) {
    nlohmann::ordered_json out = nlohmann::ordered_json::object();
    for (const JsonMember& member : *object) out[member.name] = converted(member.value);
    return out;
  }
  return nullptr;
}

}  // namespace

Outcome<Json> parse_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.octets)
    return Failure{Fault::kBadInput, "the JSON text is too long", ""};
  Builder builder(limits);
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder))
    return Failure{Fault::kBadInput, "this is not valid JSON", ""};
  return builder.take();
}

std::string write_json(const Json& value, bool indented) {
  return converted(value).dump(indented ? 2 : -1, ' ', false,
                               nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace fwd::format
