#ifndef FWD_MAILAUTH_SIGNATURES_MESSAGE_VIEW_H
#define FWD_MAILAUTH_SIGNATURES_MESSAGE_VIEW_H

// A message as those who check it see it: its fields, found once, and its body.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fwd::mailauth {

struct MessageField {
  std::string_view name;   // as written, without blanks before the colon
  std::string_view value;  // behind the colon, folding included, without its last CRLF
  std::string_view raw;    // all of it without its last CRLF
};

// What no honest message comes near; the fields behind are not there.
inline constexpr std::size_t kMostHeaderOctets = std::size_t{1} << 20;
inline constexpr std::size_t kMostHeaderFields = 4096;

// Immutable, so threads may share one.  Only CRLF ends a line: a bare CR or LF
// is an octet like any other, both here and where the canonical forms are made;
// but no signature over a header that holds one is believed.  Lines of the
// header that are no fields are passed over.
class MessageView {
 public:
  static std::shared_ptr<const MessageView> read(std::shared_ptr<const std::string> text);
  static std::shared_ptr<const MessageView> read(std::string text);

  const std::vector<MessageField>& fields() const { return fields_; }
  // Places in fields() of those called `name`, any case, from the top down.
  const std::vector<std::uint32_t>& places(std::string_view name) const;
  // The header is larger than the bounds: fields() has its beginning only.
  bool is_cut() const { return is_cut_; }
  // The octets of the fields, without the empty line.
  std::string_view header() const { return header_; }
  std::string_view body() const { return body_; }

  explicit MessageView(std::shared_ptr<const std::string> text);

 private:
  std::shared_ptr<const std::string> text_;
  std::vector<MessageField> fields_;
  std::unordered_map<std::string, std::vector<std::uint32_t>> places_;  // by lower case
  std::string_view header_, body_;
  bool is_cut_ = false;
};

// There is a CR without LF, or an LF without CR.
bool has_bare_line_end(std::string_view text);

}  // namespace fwd::mailauth

#endif
