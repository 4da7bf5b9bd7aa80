// Reads TXT records that hold aliases.
#include "format/forward_record.h"

#include <arpa/inet.h>

#include <algorithm>

#include "core/text.h"

namespace fwd::format {
namespace {

constexpr std::size_t kMostRecords = 100;
constexpr std::size_t kMostOctets = 64 * 1024;
constexpr std::size_t kMostRefusal = 3;

bool is_url(std::string_view text) {
  return starts_with_word(text, "http://") || starts_with_word(text, "https://");
}

bool is_ipv6(std::string_view text) {
  in6_addr address{};
  return inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

// Where the expression that begins at `at` ends: behind its flags.  npos: it has no end.
std::size_t expression_end(std::string_view text, std::size_t at) {
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '/') {
      const std::size_t end = std::min(text.find_first_not_of("gi", i + 1), text.size());
      if (end == text.size() || text[end] == ':' || text[end] == ',' || text[end] == ' ')
        return end;
    }
  }
  return std::string_view::npos;
}

// Octets of the element at the front of `list`.
std::size_t element_size(std::string_view list) {
  const std::size_t start = list.find_first_not_of(" \t!");
  if (start == std::string_view::npos || list[start] != '/')
    return std::min(list.find(','), list.size());
  const std::size_t end = expression_end(list, start);
  return std::min(list.find(',', end == std::string_view::npos ? start : end), list.size());
}

// Name and destination of what is not refused.
ForwardElement parse_leading(std::string_view text) {
  ForwardElement element;
  std::size_t colon = std::string_view::npos;
  element.kind = ForwardElement::Kind::kName;
  if (text.starts_with('/')) {
    element.kind = ForwardElement::Kind::kPattern;
    const std::size_t end = expression_end(text, 0);
    if (end != std::string_view::npos) colon = text.find(':', end);
  } else if (!is_url(text) && !is_ipv6(text)) {
    colon = text.find(':');
  }
  if (element.kind == ForwardElement::Kind::kName && colon == std::string_view::npos)
    return {ForwardElement::Kind::kAny, {}, "", std::string(text)};
  if (colon != std::string_view::npos) {
    element.name = trim(text.substr(0, colon));
    element.destination = trim(text.substr(colon + 1));
  }
  if (element.name == "*") element = {ForwardElement::Kind::kAny, {}, "", element.destination};
  const bool has_name = !element.name.empty() || element.kind == ForwardElement::Kind::kAny;
  if (!has_name || element.destination.empty())
    return {ForwardElement::Kind::kBad, {}, std::string(text), ""};
  return element;
}

ForwardElement parse_element(std::string_view text) {
  const std::size_t marks = std::min(text.find_first_not_of('!'), text.size());
  if (marks == 0) return parse_leading(text);
  const std::string_view rest = trim(text.substr(marks));
  const bool is_pattern = rest.starts_with('/');
  const std::size_t end =
      is_pattern ? expression_end(rest, 0) : std::min(rest.find(':'), rest.size());
  if (marks > kMostRefusal || end == 0 || end == std::string_view::npos)
    return {ForwardElement::Kind::kBad, {}, std::string(text), ""};
  ForwardElement element;
  element.kind = is_pattern ? ForwardElement::Kind::kPattern : ForwardElement::Kind::kName;
  element.refusal = marks == 1   ? ForwardElement::Refusal::kIgnored
                    : marks == 2 ? ForwardElement::Refusal::kSoft
                                 : ForwardElement::Refusal::kHard;
  element.name = trim(rest.substr(0, end));
  if (element.name == "*") element = {ForwardElement::Kind::kAny, element.refusal, "", ""};
  return element;
}

}  // namespace

ForwardRecords read_forward_records(const std::vector<std::string>& texts,
                                    std::string_view prefix) {
  ForwardRecords records;
  std::size_t octets = 0, count = 0;
  for (const std::string& whole : texts) {
    const std::string_view text = trim(whole);
    if (!starts_with_word(text, prefix)) continue;
    const std::string_view rest = text.substr(prefix.size());
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view kind = rest.substr(0, equals);
    const std::string_view value = trim(rest.substr(equals + 1));
    octets += text.size();
    if (++count > kMostRecords || octets > kMostOctets) {
      records.is_too_long = true;
      break;
    }
    if (kind.empty()) {
      records.values.emplace_back(value);
    } else if (same_word(kind, "-site-verification")) {
      records.verifications.emplace_back(value);
    } else if (same_word(kind, "-port")) {
      const auto port = parse_number(value);
      if (port && *port > 0 && *port <= 65535)
        records.port = std::min(records.port.value_or(65535), static_cast<std::uint16_t>(*port));
    }
  }
  std::sort(records.values.begin(), records.values.end());
  return records;
}

std::vector<ForwardElement> parse_forward_values(const std::vector<std::string>& values) {
  std::vector<ForwardElement> elements;
  for (const std::string& value : values) {
    std::string_view list = value;
    while (!list.empty()) {
      const std::size_t size = element_size(list);
      const std::string_view text = trim(list.substr(0, size));
      list.remove_prefix(std::min(size + 1, list.size()));
      if (text.empty()) continue;
      if (elements.size() > kMostForwardElements) return elements;
      elements.push_back(parse_element(text));
    }
  }
  return elements;
}

}  // namespace fwd::format
