// forwardemail mailbox …, and status.
#include "model/date.h"
#include "service/operator/commands.h"
#include "service/operator/record_words.h"

namespace fwd::service {
namespace {

using Stat = model::Directory::MailboxStat;

std::string show_time(std::int64_t seconds) {
  return seconds == 0 ? "never" : model::format_date(model::Date{seconds * 1000});
}

format::Json stat_json(const Stat& stat) {
  const auto number = [](std::uint64_t value) {
    return format::Json(static_cast<std::int64_t>(value));
  };
  format::Json object;
  object.set("id", format::Json(stat.alias_id));
  object.set("address", format::Json(stat.address));
  object.set("exists", format::Json(stat.exists));
  object.set("storage_used", number(stat.file_octets));
  object.set("max_quota", number(stat.quota));
  object.set("waiting", number(stat.waiting));
  object.set("waiting_octets", number(stat.waiting_octets));
  object.set("is_open", format::Json(stat.open));
  object.set("last_login_at",
             stat.last_login == 0 ? format::Json() : format::Json(show_time(stat.last_login)));
  return object;
}

void show_stats(Desk& desk, const Call& call, const std::vector<Stat>& stats) {
  if (call.json) {
    format::Json::Array list;
    for (const Stat& stat : stats) list.push_back(stat_json(stat));
    desk.print(format::write_json(format::Json(std::move(list)), true) + "\n");
    return;
  }
  std::vector<std::vector<std::string>> rows{
      {"MAILBOX", "SIZE", "QUOTA", "WAITING", "OPEN", "LAST LOGIN"}};
  for (const Stat& stat : stats)
    rows.push_back({stat.address, stat.exists ? show_octets(stat.file_octets) : "none yet",
                    show_octets(stat.quota), std::to_string(stat.waiting), stat.open ? "yes" : "no",
                    show_time(stat.last_login)});
  desk.print(text_table(rows));
}

}  // namespace

Task<Outcome<void>> mailbox_list(Desk& desk, Call call) {
  auto stats = co_await desk.directory.mailbox_stats("");
  if (!stats.ok()) co_return stats.failure();
  show_stats(desk, call, stats.value());
  co_return Outcome<void>{};
}

Task<Outcome<void>> mailbox_stat(Desk& desk, Call call) {
  auto alias = co_await desk.directory.get_alias(call.words[0]);
  if (!alias.ok()) co_return alias.failure();
  auto stats = co_await desk.directory.mailbox_stats(alias.value().id);
  if (!stats.ok()) co_return stats.failure();
  show_stats(desk, call, stats.value());
  co_return Outcome<void>{};
}

Task<Outcome<void>> show_status(Desk& desk, Call call) {
  auto domains = co_await desk.directory.list_domains();
  if (!domains.ok()) co_return domains.failure();
  auto stats = co_await desk.directory.mailbox_stats("");
  if (!stats.ok()) co_return stats.failure();
  auto queue = co_await desk.queue.queue_stat();
  if (!queue.ok()) co_return queue.failure();
  std::int64_t aliases = 0;
  std::uint64_t octets = 0, waiting = 0, open = 0;
  for (const model::Domain& domain : domains.value()) aliases += domain.alias_count;
  for (const Stat& stat : stats.value()) {
    octets += stat.file_octets;
    waiting += stat.waiting;
    open += stat.open ? 1 : 0;
  }
  const auto number = [](std::uint64_t value) {
    return format::Json(static_cast<std::int64_t>(value));
  };
  format::Json object;
  object.set("door", format::Json("answers"));
  object.set("domains", number(domains.value().size()));
  object.set("aliases", format::Json(aliases));
  object.set("mailboxes", number(stats.value().size()));
  object.set("mailboxes_open", number(open));
  object.set("storage_used", number(octets));
  object.set("messages_waiting", number(waiting));
  for (const auto state : {model::OutboundState::kPending, model::OutboundState::kQueued,
                           model::OutboundState::kDeferred})
    object.set("outbound_" + std::string(model::outbound_state_name(state)),
               number(queue.value().messages[static_cast<std::size_t>(state)]));
  object.set("outbound_oldest_at",
             queue.value().oldest_waiting == 0
                 ? format::Json()
                 : format::Json(show_time(queue.value().oldest_waiting / 1000)));
  desk.print(call.json ? format::write_json(object, true) + "\n" : text_object(object));
  co_return Outcome<void>{};
}

}  // namespace fwd::service
