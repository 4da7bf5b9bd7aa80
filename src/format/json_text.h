#ifndef FWD_FORMAT_JSON_TEXT_H
#define FWD_FORMAT_JSON_TEXT_H

// JSON (RFC 8259) written straight into one text, for what is too large to be a
// tree of values first (json.h).

#include <cstdint>
#include <string>
#include <string_view>

namespace fwd::format {

// The caller keeps the grammar's order: inside an object a name() before each
// value.  Commas are set by themselves.
class JsonText {
 public:
  JsonText& open(char bracket);   // '{' or '['
  JsonText& close(char bracket);  // '}' or ']'
  JsonText& name(std::string_view name);
  // Octets that are not UTF-8 become U+FFFD.
  JsonText& text(std::string_view value);
  JsonText& number(std::int64_t value);
  // A value as it stands: "null", "true", or JSON that is valid.
  JsonText& plain(std::string_view json);
  // [1,2,255], at most four octets for each.
  JsonText& octets(std::string_view value);

  std::size_t size() const { return out_.size(); }
  std::string take() { return std::move(out_); }

 private:
  void begin_value();
  void quoted(std::string_view value);

  std::string out_;
  bool needs_comma_ = false;
};

}  // namespace fwd::format

#endif
