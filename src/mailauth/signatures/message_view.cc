// A message cut into its fields and its body.
#include "mailauth/signatures/message_view.h"

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace fwd::mailauth {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// The end of the field that begins `rest`: of its last line, before the CRLF.
std::size_t field_end(std::string_view rest) {
  std::size_t end = rest.find("\r\n");
  while (end != rest.npos && end + 2 < rest.size() && is_blank(rest[end + 2]))
    end = rest.find("\r\n", end + 2);
  return std::min(end, rest.size());
}

// RFC 5322 §2.2; blanks before the colon are those of RFC 5322 §4.5.
bool read_field(std::string_view raw, MessageField& field) {
  const std::size_t colon = raw.find(':');
  if (colon == raw.npos || colon == 0) return false;
  field.raw = raw;
  field.name = raw.substr(0, colon);
  field.value = raw.substr(colon + 1);
  while (!field.name.empty() && is_blank(field.name.back())) field.name.remove_suffix(1);
  return !field.name.empty() && std::all_of(field.name.begin(), field.name.end(),
                                            [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

std::shared_ptr<const MessageView> MessageView::read(std::shared_ptr<const std::string> text) {
  return std::make_shared<const MessageView>(std::move(text));
}

std::shared_ptr<const MessageView> MessageView::read(std::string text) {
  return read(std::make_shared<const std::string>(std::move(text)));
}

MessageView::MessageView(std::shared_ptr<const std::string> text) : text_(std::move(text)) {
  const std::string_view whole = *text_;
  std::string_view rest = whole;
  while (!rest.empty() && !rest.starts_with("\r\n")) {
    const std::size_t end = field_end(rest);
    MessageField field;
    is_cut_ = is_cut_ || fields_.size() == kMostHeaderFields ||
              whole.size() - rest.size() + end > kMostHeaderOctets;
    if (!is_cut_ && read_field(rest.substr(0, end), field)) {
      places_[to_lower(field.name)].push_back(static_cast<std::uint32_t>(fields_.size()));
      fields_.push_back(field);
    }
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  header_ = whole.substr(0, whole.size() - rest.size());
  body_ = rest.substr(std::min<std::size_t>(2, rest.size()));
}

bool has_bare_line_end(std::string_view text) {
  for (std::size_t at = text.find_first_of("\r\n"); at != text.npos;
       at = text.find_first_of("\r\n", at + 2))
    if (text.substr(at, 2) != "\r\n") return true;
  return false;
}

const std::vector<std::uint32_t>& MessageView::places(std::string_view name) const {
  static const std::vector<std::uint32_t> kNone;
  const auto found = places_.find(to_lower(name));
  return found != places_.end() ? found->second : kNone;
}

}  // namespace fwd::mailauth
