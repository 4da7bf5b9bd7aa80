// forwardemail log: what happened to mail.
#include "core/log.h"
#include "core/text.h"
#include "model/date.h"
#include "service/operator/commands.h"

namespace fwd::service {
namespace {

constexpr std::uint64_t kMostEntries = 100'000;

Failure wrong(std::string text) { return {Fault::kBadInput, std::move(text), ""}; }

Outcome<void> read_query(const Call& call, model::JournalQuery& query) {
  if (!call.words.empty()) query.message_id = call.words[0];
  query.event = call.option("event");
  query.address = call.option("address");
  if (call.has("limit")) {
    const auto limit = parse_number(call.option("limit"));
    if (!limit || *limit == 0 || *limit > kMostEntries)
      return wrong("--limit wants a number from 1 to " + std::to_string(kMostEntries));
    query.limit = static_cast<std::uint32_t>(*limit);
  }
  if (call.has("since")) {
    const auto since = model::parse_date(call.option("since"));
    if (!since) return wrong("--since wants a date like 2026-01-31 or 2026-01-31T12:00:00Z");
    query.since_ms = since->ms;
  }
  return {};
}

std::string time_of(const model::JournalEntry& entry) {
  return model::format_date(model::Date{entry.time_ms});
}

format::Json entry_json(const model::JournalEntry& entry) {
  format::Json object;
  object.set("id", format::Json(static_cast<std::int64_t>(entry.id)));
  object.set("time", format::Json(time_of(entry)));
  object.set("event", format::Json(entry.event));
  object.set("message", format::Json(entry.message_id));
  // A field of one of these names is not what we say of the entry.
  for (const auto& [name, value] : entry.fields)
    if (object.find(name) == nullptr) object.set(name, format::Json(value));
  return object;
}

constexpr std::string_view kCheck = "check.";

// The checks of one message below it, in the order they ran:
//   spf          fail (example.org by -all) +3
void show_checks(Desk& desk, const model::JournalEntry& entry) {
  const auto order = entry.fields.find("checks");
  if (order == entry.fields.end()) return;
  constexpr std::size_t kColumn = 13;
  for (const std::string_view name : split(order->second, ' ')) {
    const auto found = entry.fields.find(std::string(kCheck) + std::string(name));
    if (found == entry.fields.end()) continue;
    std::string line = "    " + std::string(name);
    line.append(name.size() < kColumn ? kColumn - name.size() : 1, ' ');
    desk.print(printable(line + found->second) + "\n");
  }
}

void show_entry(Desk& desk, const model::JournalEntry& entry) {
  std::string line = time_of(entry) + " " + entry.event;
  std::vector<LogField> fields;
  if (!entry.message_id.empty()) fields.push_back({"message", entry.message_id});
  for (const auto& [name, value] : entry.fields)
    if (entry.event != "mx.checked" || (name != "checks" && !name.starts_with(kCheck)))
      fields.push_back({name, value});
  desk.print(log_line(line, fields) + "\n");
  if (entry.event == "mx.checked") show_checks(desk, entry);
}

}  // namespace

Task<Outcome<void>> show_log(Desk& desk, Call call) {
  model::JournalQuery query;
  auto read = read_query(call, query);
  if (!read.ok()) co_return read.failure();
  if (call.has("domain")) {
    auto domain = co_await desk.directory.get_domain(call.option("domain"));
    if (!domain.ok()) co_return domain.failure();
    query.domain_id = domain.value().id;
  }
  if (call.has("alias")) {
    auto alias = co_await desk.directory.get_alias(call.option("alias"));
    if (!alias.ok()) co_return alias.failure();
    query.alias_id = alias.value().id;
  }
  auto entries = co_await desk.journal.read(std::move(query));
  if (!entries.ok()) co_return entries.failure();
  if (!call.json) {
    for (const model::JournalEntry& entry : entries.value()) show_entry(desk, entry);
    co_return Outcome<void>{};
  }
  format::Json::Array list;
  for (const model::JournalEntry& entry : entries.value()) list.push_back(entry_json(entry));
  desk.print(json_text(format::Json(std::move(list))));
  co_return Outcome<void>{};
}

}  // namespace fwd::service
