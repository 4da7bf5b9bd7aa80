// forwardemail alias vacation …
#include <utility>

#include "service/operator/commands.h"
#include "service/operator/record_words.h"

namespace fwd::service {
namespace {

Failure wrong(std::string text) { return {Fault::kBadInput, std::move(text), ""}; }

// A date as an operator writes it; "" is none.
Outcome<void> set_date(const Call& call, const char* option, model::Date& into) {
  if (!call.has(option)) return {};
  const std::string text = call.option(option);
  if (text.empty()) {
    into = {};
    return {};
  }
  const auto date = model::parse_date(text);
  if (!date) return wrong("'" + text + "' is not a date: 2026-01-31 or 2026-01-31T12:00:00Z");
  into = *date;
  return {};
}

Outcome<void> change(const Desk& desk, const Call& call, model::VacationResponder& vacation) {
  if (call.has("on") && call.has("off")) return wrong("give one of --on and --off");
  if (call.has("on")) vacation.is_enabled = true;
  if (call.has("off")) vacation.is_enabled = false;
  for (const auto& set :
       {set_date(call, "from", vacation.start_date), set_date(call, "until", vacation.end_date)})
    if (!set.ok()) return set;
  if (call.has("subject")) vacation.subject = call.option("subject");
  if (call.has("message-file")) {
    auto text = desk.read_file(call.option("message-file"));
    if (!text.ok()) return text.failure();
    vacation.message = std::move(text.value());
  }
  if (vacation.is_enabled && vacation.message.empty())
    return wrong("there is no message yet: give --message-file");
  return {};
}

std::string show(const model::Alias& alias, const Desk& desk) {
  const model::VacationResponder& vacation = alias.vacation_responder;
  const model::Date now{unix_milliseconds(desk.clock.wall())};
  const bool is_over = !vacation.end_date.empty() && vacation.end_date <= now;
  const bool is_to_come = vacation.start_date > now;
  std::string text = "answers  ";
  if (!vacation.is_enabled)
    text += "no\n";
  else
    text += is_over ? "no more\n" : is_to_come ? "not yet\n" : "yes\n";
  if (!vacation.start_date.empty()) text += "from     " + format_date(vacation.start_date) + "\n";
  if (!vacation.end_date.empty()) text += "until    " + format_date(vacation.end_date) + "\n";
  if (!vacation.subject.empty()) text += "subject  " + vacation.subject + "\n";
  if (!vacation.message.empty()) text += "\n" + vacation.message;
  if (!text.ends_with('\n')) text += '\n';
  return printable(text);
}

}  // namespace

Task<Outcome<void>> alias_vacation(Desk& desk, Call call) {
  auto found = co_await desk.directory.get_alias(call.words[0]);
  if (!found.ok()) co_return found.failure();
  model::Alias alias = std::move(found.value());
  if (!call.options.empty()) {
    const auto changed = change(desk, call, alias.vacation_responder);
    if (!changed.ok()) co_return changed;
    auto stored = co_await desk.directory.put_alias(std::move(alias));
    if (!stored.ok()) co_return stored.failure();
    alias = std::move(stored.value());
  }
  if (call.json)
    show_record(desk, call, alias, "");
  else
    desk.print(show(alias, desk));
  co_return Outcome<void>{};
}

}  // namespace fwd::service
