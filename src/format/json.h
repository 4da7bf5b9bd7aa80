#ifndef FWD_FORMAT_JSON_H
#define FWD_FORMAT_JSON_H

// JSON (RFC 8259) as a plain tree of values.  Members of an object keep their
// order; whole numbers stay whole.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/outcome.h"

namespace fwd::format {

struct JsonMember;

class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<JsonMember>;

  Json();  // null
  explicit Json(bool value);
  explicit Json(std::int64_t value);
  explicit Json(double value);
  explicit Json(std::string value);
  explicit Json(std::string_view value);
  explicit Json(const char* value);
  explicit Json(Array value);
  explicit Json(Object value);

  bool is_null() const { return held_.index() == 0; }
  // The value when it is of that kind, else nullptr.
  const bool* boolean() const { return std::get_if<bool>(&held_); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&held_); }
  const double* real() const { return std::get_if<double>(&held_); }
  const std::string* text() const { return std::get_if<std::string>(&held_); }
  const Array* array() const { return std::get_if<Array>(&held_); }
  const Object* object() const { return std::get_if<Object>(&held_); }
  Array* array() { return std::get_if<Array>(&held_); }
  Object* object() { return std::get_if<Object>(&held_); }

  // The member of that name of an object, or nullptr.
  const Json* find(std::string_view name) const;
  // Sets or adds a member; a value that is not an object becomes one.
  void set(std::string_view name, Json value);

  bool operator==(const Json& other) const;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> held_;
};

struct JsonMember {
  std::string name;
  Json value;
  bool operator==(const JsonMember&) const = default;
};

// Only here is a member complete, and with it what a Json may hold.
inline Json::Json() = default;
inline Json::Json(bool value) : held_(value) {}
inline Json::Json(std::int64_t value) : held_(value) {}
inline Json::Json(double value) : held_(value) {}
inline Json::Json(std::string value) : held_(std::move(value)) {}
inline Json::Json(std::string_view value) : held_(std::string(value)) {}
inline Json::Json(const char* value) : held_(std::string(value)) {}
inline Json::Json(Array value) : held_(std::move(value)) {}

struct JsonLimits {
  std::size_t octets = 16 * 1024 * 1024;
  std::size_t depth = 32;
  std::size_t values = 200'000;
};

// kBadInput: not JSON, or beyond the limits.  Of members of one name the last
// one counts.
Outcome<Json> parse_json(std::string_view text, const JsonLimits& limits = {});

// One line, or indented by two spaces.  Octets that are not UTF-8 become U+FFFD.
std::string write_json(const Json& value, bool indented = false);

}  // namespace fwd::format

#endif
