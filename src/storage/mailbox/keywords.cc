// Each keyword's one spelling.
#include "storage/mailbox/keywords.h"

#include <algorithm>
#include <optional>
#include <string>

#include "core/text.h"

namespace fwd::mailbox {
namespace {

constexpr std::uint8_t kSystemFlags = 31;

// RFC 9051 §9 flag-keyword = "$MDNSent" / … / atom.
bool is_keyword(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 127 && std::string_view("(){%*\"\\]").find(c) == std::string_view::npos;
  });
}

Outcome<std::optional<std::string>> find_spelling(sqlcipher::Database& database,
                                                  const std::string& folded) {
  auto select = database.prepare("SELECT name FROM keywords WHERE folded = ?");
  select.bind(1, folded);
  auto found = select.step();
  if (!found.ok()) return found.failure();
  if (!found.value()) return std::optional<std::string>();
  return std::optional<std::string>(select.text(0));
}

Outcome<void> learn_spelling(Change& change, const std::string& folded,
                             const std::string& keyword) {
  auto count = change.database().prepare("SELECT count(*) FROM keywords");
  auto counted = count.step();
  if (!counted.ok()) return counted.failure();
  if (static_cast<std::size_t>(count.integer(0)) >= change.limits().keywords)
    return Failure{Fault::kOverLimit, "the mailbox has too many keywords", ""};
  auto insert = change.database().prepare("INSERT INTO keywords(folded, name) VALUES(?, ?)");
  insert.bind(1, folded).bind(2, keyword);
  return insert.run();
}

}  // namespace

Outcome<model::Flags> spell_flags(Change& change, const model::Flags& flags, bool learn) {
  model::Flags out;
  out.system = static_cast<std::uint8_t>(flags.system & kSystemFlags);
  if (flags.keywords.size() > change.limits().message_keywords)
    return Failure{Fault::kOverLimit, "too many keywords", ""};
  for (const std::string& keyword : flags.keywords) {
    if (!is_keyword(keyword)) return Failure{Fault::kBadInput, "not a keyword", ""};
    if (keyword.size() > change.limits().keyword_octets)
      return Failure{Fault::kOverLimit, "a keyword is too long", ""};
    const std::string folded = to_lower(std::string_view(keyword));
    auto known = find_spelling(change.database(), folded);
    if (!known.ok()) return known.failure();
    if (known.value()) {
      out.add_keyword(*known.value());
    } else if (learn) {
      if (auto done = learn_spelling(change, folded, keyword); !done.ok()) return done.failure();
      out.add_keyword(keyword);
    }
  }
  return out;
}

}  // namespace fwd::mailbox
