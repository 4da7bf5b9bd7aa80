// forwardemail allow … and deny …: who is let in or kept out by name.
#include <utility>

#include "config/kind.h"
#include "model/date.h"
#include "service/operator/commands.h"
#include "service/operator/record_words.h"

namespace fwd::service {
namespace {

using model::ListedSender;
using model::ListKind;

constexpr std::uint64_t kLongest = std::uint64_t{10} * 366 * 24 * 3600 * 1000;

std::string kind_word(ListKind kind) { return kind == ListKind::kAllow ? "allow" : "deny"; }

std::string date_text(std::int64_t ms) {
  return ms == 0 ? std::string() : model::format_date(model::Date{ms});
}

format::Json entry_json(const ListedSender& entry) {
  format::Json object;
  object.set("list", format::Json(kind_word(entry.kind)));
  object.set("value", format::Json(entry.value));
  object.set("reason", format::Json(entry.reason));
  object.set("is_learned", format::Json(entry.is_learned));
  object.set("created_at", format::Json(date_text(entry.created)));
  if (entry.expires != 0) object.set("expires_at", format::Json(date_text(entry.expires)));
  return object;
}

// Milliseconds since 1970; 0 when the call says nothing of an end.
Outcome<std::int64_t> expiry(const Desk& desk, const Call& call) {
  if (!call.has("for")) return std::int64_t{0};
  const auto span = config::parse_quantity(call.option("for"), config::Shape::kTime);
  if (!span || *span == 0 || *span > kLongest)
    return Failure{Fault::kBadInput, "--for wants a time such as 12h or 30d", ""};
  return unix_milliseconds(desk.clock.wall()) + static_cast<std::int64_t>(*span);
}

// So that `forwardemail log` tells of it; what was done stays done without.
Task<void> note(Desk& desk, std::string event, const ListedSender& entry) {
  model::JournalEntry told;
  told.event = std::move(event);
  told.fields = {{"by", "operator"}, {"list", kind_word(entry.kind)}, {"value", entry.value}};
  if (!entry.reason.empty()) told.fields["why"] = entry.reason;
  if (entry.expires != 0) told.fields["until"] = date_text(entry.expires);
  auto writing = desk.journal.write(std::move(told));
  static_cast<void>(co_await writing);
}

Task<Outcome<void>> add(Desk& desk, Call call, ListKind kind) {
  const auto expires = expiry(desk, call);
  if (!expires.ok()) co_return expires.failure();
  ListedSender entry;
  entry.kind = kind;
  entry.value = call.words[0];
  entry.reason = call.option("reason");
  entry.expires = expires.value();
  auto putting = desk.sender_lists.put_listed(std::move(entry));
  const Outcome<ListedSender> put = co_await putting;
  if (!put.ok()) co_return put.failure();
  auto noting = note(desk, "operator.list.added", put.value());
  co_await noting;
  if (call.json) {
    print_json(desk, entry_json(put.value()));
  } else {
    const std::string until =
        put.value().expires == 0 ? "" : " until " + date_text(put.value().expires);
    desk.print(
        printable((kind == ListKind::kAllow ? "allowed " : "denied ") + put.value().value + until) +
        "\n");
  }
  co_return Outcome<void>{};
}

Task<Outcome<void>> list(Desk& desk, Call call, ListKind kind) {
  std::vector<ListedSender> entries;
  for (;;) {
    auto asking = desk.sender_lists.list_listed(kind, entries.empty() ? "" : entries.back().value);
    Outcome<std::vector<ListedSender>> page = co_await asking;
    if (!page.ok()) co_return page.failure();
    const bool is_last = page.value().size() < model::kMostListedPage;
    for (ListedSender& entry : page.value()) entries.push_back(std::move(entry));
    if (is_last) break;
  }
  if (call.json) {
    format::Json::Array listed;
    for (const ListedSender& entry : entries) listed.push_back(entry_json(entry));
    print_json(desk, format::Json(std::move(listed)));
    co_return Outcome<void>{};
  }
  std::vector<std::vector<std::string>> rows{{"VALUE", "BY", "SINCE", "UNTIL", "REASON"}};
  for (const ListedSender& entry : entries)
    rows.push_back({entry.value, entry.is_learned ? "learned" : "operator",
                    date_text(entry.created).substr(0, 10), date_text(entry.expires).substr(0, 10),
                    entry.reason});
  desk.print(text_table(rows));
  co_return Outcome<void>{};
}

Task<Outcome<void>> remove(Desk& desk, Call call, ListKind kind) {
  const auto value = model::listed_value(call.words[0]);
  if (!value.ok()) co_return value.failure();
  auto removing = desk.sender_lists.remove_listed(kind, value.value());
  const Outcome<void> removed = co_await removing;
  if (!removed.ok()) co_return removed.failure();
  ListedSender gone;
  gone.kind = kind;
  gone.value = value.value();
  auto noting = note(desk, "operator.list.removed", gone);
  co_await noting;
  if (call.json) {
    format::Json object;
    object.set("list", format::Json(kind_word(kind)));
    object.set("value", format::Json(value.value()));
    print_json(desk, object);
  } else {
    desk.print(printable(value.value() + " is no longer on the list of the " +
                         (kind == ListKind::kAllow ? "allowed" : "denied")) +
               "\n");
  }
  co_return Outcome<void>{};
}

}  // namespace

Task<Outcome<void>> allow_add(Desk& desk, Call call) {
  return add(desk, std::move(call), ListKind::kAllow);
}
Task<Outcome<void>> allow_list(Desk& desk, Call call) {
  return list(desk, std::move(call), ListKind::kAllow);
}
Task<Outcome<void>> allow_remove(Desk& desk, Call call) {
  return remove(desk, std::move(call), ListKind::kAllow);
}
Task<Outcome<void>> deny_add(Desk& desk, Call call) {
  return add(desk, std::move(call), ListKind::kDeny);
}
Task<Outcome<void>> deny_list(Desk& desk, Call call) {
  return list(desk, std::move(call), ListKind::kDeny);
}
Task<Outcome<void>> deny_remove(Desk& desk, Call call) {
  return remove(desk, std::move(call), ListKind::kDeny);
}

}  // namespace fwd::service
