// The names of special uses.
#include "protocol/imap/special_use.h"

#include <array>
#include <utility>

#include "core/text.h"

namespace fwd::imap {
namespace {

constexpr std::array<std::pair<model::SpecialUse, std::string_view>, 7> kNames = {
    {{model::SpecialUse::kAll, "\\All"},
     {model::SpecialUse::kArchive, "\\Archive"},
     {model::SpecialUse::kDrafts, "\\Drafts"},
     {model::SpecialUse::kFlagged, "\\Flagged"},
     {model::SpecialUse::kJunk, "\\Junk"},
     {model::SpecialUse::kSent, "\\Sent"},
     {model::SpecialUse::kTrash, "\\Trash"}}};

}  // namespace

model::SpecialUse special_use_by_name(std::string_view name) {
  for (const auto& [use, attribute] : kNames)
    if (same_word(attribute.substr(1), name)) return use;
  return model::SpecialUse::kNone;
}

std::string_view special_use_attribute(model::SpecialUse use) {
  for (const auto& [known, attribute] : kNames)
    if (known == use) return attribute;
  return {};
}

}  // namespace fwd::imap
