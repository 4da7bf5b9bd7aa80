// Walks over the raw fields of a header block.
#include "format/header_lines.h"

#include <algorithm>

#include "core/text.h"

namespace fwd::format {
namespace {

// The first line of `text` with its end.
std::string_view first_line(std::string_view text) {
  const std::size_t at = text.find('\n');
  return at == std::string_view::npos ? text : text.substr(0, at + 1);
}

bool is_empty_line(std::string_view line) { return line == "\n" || line == "\r\n"; }

// The field's name before the colon, or "": printable ASCII, spaces allowed
// only before the colon (the obsolete form of RFC 5322 §4.5.8).
std::string_view field_name(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  std::string_view name = line.substr(0, colon);
  while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.remove_suffix(1);
  const auto is_name = [](char c) { return c > 32 && c < 127; };
  return std::all_of(name.begin(), name.end(), is_name) ? name : std::string_view{};
}

}  // namespace

std::optional<HeaderLine> HeaderLines::next() {
  std::string_view line = first_line(rest_);
  if (line.empty() || is_empty_line(line)) return std::nullopt;
  HeaderLine found;
  found.name = field_name(line);
  std::size_t size = line.size();
  while (size < rest_.size() && (rest_[size] == ' ' || rest_[size] == '\t'))
    size += first_line(rest_.substr(size)).size();
  found.raw = rest_.substr(0, size);
  rest_.remove_prefix(size);
  std::string_view value = found.raw;
  if (!found.name.empty()) value.remove_prefix(found.raw.find(':') + 1);
  if (value.ends_with('\n')) value.remove_suffix(1);
  if (value.ends_with('\r')) value.remove_suffix(1);
  found.value = value;
  return found;
}

std::size_t header_size(std::string_view message) {
  std::size_t at = 0;
  while (at < message.size()) {
    const std::string_view line = first_line(message.substr(at));
    at += line.size();
    if (is_empty_line(line)) break;
  }
  return at;
}

std::size_t count_fields(std::string_view block, std::string_view name) {
  std::size_t count = 0;
  HeaderLines lines(block);
  while (const auto line = lines.next())
    if (!line->name.empty() && same_word(line->name, name)) ++count;
  return count;
}

std::optional<std::string_view> find_field(std::string_view block, std::string_view name) {
  HeaderLines lines(block);
  while (const auto line = lines.next())
    if (!line->name.empty() && same_word(line->name, name)) return line->value;
  return std::nullopt;
}

std::string pick_fields(std::string_view block, const std::vector<std::string>& names,
                        bool except) {
  std::string out;
  std::size_t walked = 0;
  HeaderLines lines(block);
  while (const auto line = lines.next()) {
    walked += line->raw.size();
    const bool named = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return !line->name.empty() && same_word(line->name, name);
    });
    if (named != except) out += line->raw;
  }
  if (!out.empty() && out.back() != '\n') out += "\r\n";
  const std::string_view end = block.substr(walked);
  out += end.starts_with('\n') ? "\n" : "\r\n";
  return out;
}

std::string unfold(std::string_view value) {
  std::string out;
  out.reserve(value.size());
  for (const char c : value)
    if (c != '\r' && c != '\n' && c != '\0') out += c;
  return std::string(trim(out));
}

}  // namespace fwd::format
