// Reads and writes trace fields.
#include "service/delivery/trace.h"

#include "core/text.h"
#include "format/header_lines.h"

namespace fwd::delivery {

Arrival read_arrival(std::string_view content, std::uint32_t hops) {
  Arrival arrival;
  format::HeaderLines fields(content.substr(0, format::header_size(content)));
  std::uint32_t seen = 0;
  while (const auto field = fields.next()) {
    if (!same_word(field->name, "received") || seen++ < hops) continue;
    const std::string_view line = field->raw;
    const std::size_t by = line.find("\r\n\tby ");
    if (by == std::string_view::npos) break;
    const std::string_view from = line.substr(0, by);
    const std::size_t begin = from.rfind(" ([");
    if (begin != std::string_view::npos && from.ends_with("])"))
      arrival.ip = from.substr(begin + 3, from.size() - begin - 5);
    if (arrival.ip.starts_with("IPv6:")) arrival.ip.erase(0, 5);
    const std::string_view how = line.substr(by, line.find("\r\n", by + 2) - by);
    arrival.over_tls = how.ends_with(" with ESMTPS") || how.ends_with(" with UTF8SMTPS");
    break;
  }
  return arrival;
}

std::string assemble(const std::string& lines, std::string_view content) {
  std::string whole = lines;
  const std::size_t header = format::header_size(content);
  std::size_t seen = 0;
  format::HeaderLines fields(content.substr(0, header));
  while (const auto field = fields.next()) {
    seen += field->raw.size();
    if (to_lower(field->name) != "return-path") whole += field->raw;
  }
  whole += content.substr(seen);
  return whole;
}

std::size_t count_received(std::string_view content) {
  std::size_t count = 0;
  format::HeaderLines fields(content.substr(0, format::header_size(content)));
  while (const auto field = fields.next()) count += same_word(field->name, "received") ? 1 : 0;
  return count;
}

}  // namespace fwd::delivery
