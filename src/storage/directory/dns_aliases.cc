// Finds what TXT records say of a local part.
#include "storage/directory/dns_aliases.h"

#include <utility>

#include "core/text.h"
#include "format/alias_pattern.h"
#include "format/domain_name.h"
#include "storage/directory/expansion.h"
#include "storage/directory/routes.h"

namespace fwd::directory {
namespace {

using format::ForwardElement;

constexpr std::size_t kMostPatterns = 10;  // compiled anew for each question

}  // namespace

Outcome<DnsAliases> DnsAliases::read(const std::vector<std::string>& records,
                                     std::string_view prefix) {
  const auto unusable = [](std::string why) { return Failure{Fault::kWrongState, "", why}; };
  format::ForwardRecords found = format::read_forward_records(records, prefix);
  if (found.is_too_long) return unusable("the TXT records are too many or too long");
  if (found.verifications.size() > 1)
    return unusable("there is more than one site verification among the TXT records");
  std::vector<ForwardElement> elements = format::parse_forward_values(found.values);
  if (elements.size() > format::kMostForwardElements)
    return unusable("the TXT records have too many elements");
  DnsAliases aliases;
  aliases.port_ = found.port;
  std::size_t patterns = 0;
  for (ForwardElement& element : elements) {
    if (element.kind == ForwardElement::Kind::kBad) continue;
    Entry entry;
    if (element.kind == ForwardElement::Kind::kPattern) {
      if (++patterns > kMostPatterns) return unusable("the TXT records have too many expressions");
      auto pattern = format::AliasPattern::parse(element.name);
      if (!pattern.ok()) continue;
      entry.pattern = std::make_shared<const format::AliasPattern>(std::move(pattern).value());
    } else if (element.kind == ForwardElement::Kind::kName) {
      entry.key = name_key(element.name);
      entry.other_key = name_key(format::domain_to_unicode(to_lower(element.name)));
    }
    entry.element = std::move(element);
    aliases.entries_.push_back(std::move(entry));
  }
  return aliases;
}

// Where the entry sends `local`; nothing when it is not meant.
std::optional<std::string> DnsAliases::target(const Entry& entry, const std::string& local,
                                              bool with_patterns, bool with_catch_all) {
  const std::string& to = entry.element.destination;
  switch (entry.element.kind) {
    case ForwardElement::Kind::kName:
      if (entry.key != local && entry.other_key != local) return std::nullopt;
      return to;
    case ForwardElement::Kind::kPattern:
      if (!with_patterns) return std::nullopt;
      return expand_target(*entry.pattern, local, to);
    case ForwardElement::Kind::kAny:
      if (!with_catch_all) return std::nullopt;
      return to;
    case ForwardElement::Kind::kBad:
      break;
  }
  return std::nullopt;
}

DnsAliases::Match DnsAliases::find(const std::string& local, bool with_patterns,
                                   bool with_catch_all) const {
  Match match;
  for (const Entry& entry : entries_) {
    auto to = target(entry, local, with_patterns, with_catch_all);
    if (!to) continue;
    if (entry.element.refusal != ForwardElement::Refusal::kNone) {
      match.refusal = entry.element.refusal;
      return match;
    }
    const bool is_wide = entry.element.kind == ForwardElement::Kind::kAny;
    (is_wide ? match.wide : match.specific).push_back(std::move(*to));
  }
  return match;
}

}  // namespace fwd::directory
