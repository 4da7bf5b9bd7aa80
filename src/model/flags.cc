// Changing the flags of one message.
#include "model/flags.h"

#include <algorithm>

#include "core/text.h"

namespace fwd::model {
namespace {

bool keyword_less(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [](char x, char y) { return to_lower(x) < to_lower(y); });
}

}  // namespace

bool Flags::has_keyword(std::string_view keyword) const {
  return std::any_of(keywords.begin(), keywords.end(),
                     [&](const std::string& k) { return same_word(k, keyword); });
}

bool Flags::add_keyword(std::string_view keyword) {
  const auto at = std::lower_bound(keywords.begin(), keywords.end(), keyword, keyword_less);
  if (at != keywords.end() && same_word(*at, keyword)) return false;
  keywords.insert(at, std::string(keyword));
  return true;
}

bool Flags::remove_keyword(std::string_view keyword) {
  return std::erase_if(keywords, [&](const std::string& k) { return same_word(k, keyword); }) > 0;
}

bool apply(FlagChange change, const Flags& flags, Flags& current) {
  const Flags before = current;
  if (change == FlagChange::kReplace) current = Flags{};
  if (change == FlagChange::kRemove) {
    current.system = static_cast<std::uint8_t>(current.system & ~flags.system);
    for (const std::string& keyword : flags.keywords) current.remove_keyword(keyword);
  } else {
    current.system = static_cast<std::uint8_t>(current.system | flags.system);
    for (const std::string& keyword : flags.keywords) current.add_keyword(keyword);
  }
  return current != before;
}

}  // namespace fwd::model
