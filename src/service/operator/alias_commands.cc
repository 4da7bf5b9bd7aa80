// forwardemail alias …
#include "service/operator/commands.h"
#include "service/operator/record_words.h"

namespace fwd::service {
namespace {

Failure wrong(std::string text) { return {Fault::kBadInput, std::move(text), ""}; }

// What is shown once.
void show_credential(Desk& desk, const Call& call, const model::NewCredential& made) {
  if (call.json) {
    format::Json object;
    object.set("username", format::Json(made.address));
    object.set("password", format::Json(made.password));
    if (!made.recovery_code.empty()) object.set("recovery_code", format::Json(made.recovery_code));
    desk.print(json_text(object));
    return;
  }
  std::string text = "user name      " + made.address + "\n";
  if (!made.password.empty()) text += "password       " + made.password + "\n";
  if (!made.recovery_code.empty()) {
    text += "recovery code  " + made.recovery_code + "\n";
    text +=
        "Neither is shown again. The recovery code opens the mailbox when the password is lost:\n";
    text += "whoever loses both loses the mail.\n";
  } else if (!made.password.empty()) {
    text += "It is not shown again.\n";
  }
  desk.print(text);
}

}  // namespace

Task<Outcome<void>> alias_add(Desk& desk, Call call) {
  const std::string address = call.words[0];
  const std::size_t at = address.rfind('@');
  if (at == std::string::npos || at == 0 || at + 1 == address.size())
    co_return wrong("'" + address + "' is not an address: name@domain");
  auto domain = co_await desk.directory.get_domain(address.substr(at + 1));
  if (!domain.ok()) co_return domain.failure();
  model::Alias alias;
  alias.domain = domain.value().id;
  alias.name = address.substr(0, at);
  alias.has_imap = call.has("password");
  auto set = set_fields(alias, call.words, 1);
  if (!set.ok()) co_return set.failure();
  auto stored = co_await desk.directory.put_alias(std::move(alias));
  if (!stored.ok()) co_return stored.failure();
  if (!call.has("password")) {
    show_record(desk, call, stored.value(), "made the alias " + address);
    co_return Outcome<void>{};
  }
  model::PasswordChange first;
  auto made = co_await desk.directory.set_alias_password(stored.value().id, std::move(first));
  if (!made.ok()) {
    // An alias without its mailbox is not what was asked for.
    auto undone = co_await desk.directory.remove_alias(stored.value().id);
    co_return undone.ok() ? made.failure() : undone.failure();
  }
  show_credential(desk, call, made.value());
  co_return Outcome<void>{};
}

Task<Outcome<void>> alias_list(Desk& desk, Call call) {
  std::vector<model::Domain> domains;
  if (call.words.empty()) {
    auto all = co_await desk.directory.list_domains();
    if (!all.ok()) co_return all.failure();
    domains = std::move(all.value());
  } else {
    auto one = co_await desk.directory.get_domain(call.words[0]);
    if (!one.ok()) co_return one.failure();
    domains.push_back(std::move(one.value()));
  }
  std::vector<model::Alias> listed;
  std::vector<std::vector<std::string>> rows{{"ALIAS", "MAILBOX", "ENABLED", "RECIPIENTS"}};
  for (const model::Domain& domain : domains) {
    auto aliases = co_await desk.directory.list_aliases(domain.id);
    if (!aliases.ok()) co_return aliases.failure();
    for (model::Alias& alias : aliases.value()) {
      std::string recipients;
      for (const std::string& recipient : alias.recipients)
        recipients += (recipients.empty() ? "" : ",") + recipient;
      rows.push_back({alias.name + "@" + domain.name, alias.has_imap ? "yes" : "no",
                      alias.is_enabled ? "yes" : "no", recipients});
      listed.push_back(std::move(alias));
    }
  }
  if (call.json) {
    print_records(desk, listed);
  } else {
    desk.print(text_table(rows));
  }
  co_return Outcome<void>{};
}

Task<Outcome<void>> alias_show(Desk& desk, Call call) {
  auto alias = co_await desk.directory.get_alias(call.words[0]);
  if (!alias.ok()) co_return alias.failure();
  show_record(desk, call, alias.value(), "");
  co_return Outcome<void>{};
}

Task<Outcome<void>> alias_set(Desk& desk, Call call) {
  auto alias = co_await desk.directory.get_alias(call.words[0]);
  if (!alias.ok()) co_return alias.failure();
  auto set = set_fields(alias.value(), call.words, 1);
  if (!set.ok()) co_return set.failure();
  model::Alias changed = alias.value();
  auto stored = co_await desk.directory.put_alias(std::move(changed));
  if (!stored.ok()) co_return stored.failure();
  show_record(desk, call, stored.value(), "changed the alias " + call.words[0]);
  co_return Outcome<void>{};
}

Task<Outcome<void>> alias_remove(Desk& desk, Call call) {
  auto alias = co_await desk.directory.get_alias(call.words[0]);
  if (!alias.ok()) co_return alias.failure();
  auto gone = co_await desk.directory.remove_alias(alias.value().id);
  if (!gone.ok()) co_return gone.failure();
  show_record(desk, call, alias.value(), "removed the alias " + call.words[0]);
  co_return Outcome<void>{};
}

Task<Outcome<void>> alias_password(Desk& desk, Call call) {
  const int ways =
      int{call.has("current")} + int{call.has("recovery")} + int{call.has("start-over")};
  if (ways > 1) co_return wrong("give one of --current, --recovery and --start-over");
  auto alias = co_await desk.directory.get_alias(call.words[0]);
  if (!alias.ok()) co_return alias.failure();
  model::PasswordChange change;
  change.description = call.option("description");
  change.start_over = call.has("start-over");
  const auto ask = [&](const char* option, const char* prompt, std::string& into) {
    if (!call.has(option)) return Outcome<void>{};
    auto read = desk.read_secret(prompt);
    if (!read.ok()) return Outcome<void>(read.failure());
    if (read.value().empty()) return Outcome<void>(wrong("nothing was given"));
    into = std::move(read.value());
    return Outcome<void>{};
  };
  for (const auto& read : {ask("current", "Current password: ", change.current_password),
                           ask("recovery", "Recovery code: ", change.recovery_code),
                           ask("choose", "New password: ", change.new_password)})
    if (!read.ok()) co_return read.failure();
  auto made = co_await desk.directory.set_alias_password(alias.value().id, std::move(change));
  if (!made.ok()) co_return made.failure();
  const WipeAtEnd password(made.value().password), code(made.value().recovery_code);
  show_credential(desk, call, made.value());
  co_return Outcome<void>{};
}

}  // namespace fwd::service
