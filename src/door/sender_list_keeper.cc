// Checks what is to be listed.
#include "door/sender_list_keeper.h"

#include <utility>

#include "core/text.h"

namespace fwd::door {
namespace {

// What was learned is no judgement for ever.
constexpr std::int64_t kLongestLearned = std::int64_t{366} * 24 * 3600 * 1000;

Failure bad(const char* what) { return {Fault::kBadInput, what, ""}; }

// Spells the value, and says what is wrong with the rest.
Outcome<void> check(model::ListedSender& entry, std::int64_t now) {
  if (entry.kind != model::ListKind::kAllow && entry.kind != model::ListKind::kDeny)
    return bad("kind is neither allow nor deny");
  auto value = model::listed_value(entry.value);
  if (!value.ok()) return value.failure();
  entry.value = std::move(value).value();
  if (entry.reason.size() > model::kMostListedReason) return bad("reason is too long");
  if (!is_visible(entry.reason)) return bad("reason has characters that cannot be shown");
  if (entry.expires != 0 && entry.expires <= now) return bad("expires is in the past");
  if (entry.is_learned && (entry.expires == 0 || entry.expires - now > kLongestLearned))
    return bad("expires: what was learned holds for a year at the most");
  return {};
}

}  // namespace

Task<Outcome<std::vector<model::ListedSender>>> SenderListKeeper::find_listed(
    std::vector<std::string> values) {
  if (values.size() > model::kMostListedAsked) co_return bad("too many values");
  co_return co_await stores_.directory.find_listed(std::move(values));
}

Task<Outcome<model::ListedSender>> SenderListKeeper::put_listed(model::ListedSender entry) {
  const auto checked = check(entry, unix_milliseconds(stores_.clock.wall()));
  if (!checked.ok()) co_return checked.failure();
  co_return co_await stores_.directory.put_listed(std::move(entry));
}

Task<Outcome<void>> SenderListKeeper::remove_listed(model::ListKind kind, std::string value) {
  auto spelled = model::listed_value(value);
  if (!spelled.ok()) co_return spelled.failure();
  co_return co_await stores_.directory.remove_listed(kind, std::move(spelled).value());
}

Task<Outcome<std::vector<model::ListedSender>>> SenderListKeeper::list_listed(model::ListKind kind,
                                                                              std::string after) {
  return stores_.directory.list_listed(kind, std::move(after));
}

}  // namespace fwd::door
