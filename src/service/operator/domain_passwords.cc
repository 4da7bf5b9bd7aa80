// forwardemail domain password …: passwords with which one may send as any
// address of a domain.
#include "service/operator/commands.h"
#include "service/operator/record_words.h"

namespace fwd::service {
namespace {

format::Json token_json(const model::Token& token) {
  format::Json object;
  object.set("id", format::Json(token.id));
  object.set("user", format::Json(token.user));
  object.set("description", format::Json(token.description));
  object.set("created_at", format::Json(model::format_date(token.created_at)));
  return object;
}

// What is shown once.
void show_password(Desk& desk, const Call& call, const model::NewDomainPassword& made) {
  if (call.json) {
    format::Json object;
    object.set("id", format::Json(made.id));
    object.set("username", format::Json(made.address));
    object.set("password", format::Json(made.password));
    print_json(desk, object);
    return;
  }
  desk.print("user name      " + made.address + "\npassword       " + made.password +
             "\nIt is not shown again. Whoever has it may send as any address of the domain.\n");
}

}  // namespace

Task<Outcome<void>> domain_password_add(Desk& desk, Call call) {
  auto domain = co_await desk.directory.get_domain(call.words[0]);
  if (!domain.ok()) co_return domain.failure();
  std::string user_id;
  if (call.has("user")) {
    auto user = co_await desk.directory.get_user(call.option("user"));
    if (!user.ok()) co_return user.failure();
    user_id = user.value().id;
  }
  auto making = desk.directory.add_domain_password(domain.value().id, std::move(user_id),
                                                   call.option("description"));
  const Outcome<model::NewDomainPassword> made = co_await making;
  if (!made.ok()) co_return made.failure();
  show_password(desk, call, made.value());
  co_return Outcome<void>{};
}

Task<Outcome<void>> domain_password_list(Desk& desk, Call call) {
  auto domain = co_await desk.directory.get_domain(call.words[0]);
  if (!domain.ok()) co_return domain.failure();
  auto tokens = co_await desk.directory.list_domain_passwords(domain.value().id);
  if (!tokens.ok()) co_return tokens.failure();
  if (call.json) {
    format::Json::Array list;
    for (const model::Token& token : tokens.value()) list.push_back(token_json(token));
    print_json(desk, format::Json(std::move(list)));
    co_return Outcome<void>{};
  }
  std::vector<std::vector<std::string>> rows{{"ID", "MADE", "DESCRIPTION"}};
  for (const model::Token& token : tokens.value())
    rows.push_back(
        {token.id, model::format_date(token.created_at).substr(0, 10), token.description});
  desk.print(text_table(rows));
  co_return Outcome<void>{};
}

Task<Outcome<void>> domain_password_remove(Desk& desk, Call call) {
  auto domain = co_await desk.directory.get_domain(call.words[0]);
  if (!domain.ok()) co_return domain.failure();
  auto gone = co_await desk.directory.remove_domain_password(domain.value().id, call.words[1]);
  if (!gone.ok()) co_return gone.failure();
  if (call.json) {
    format::Json object;
    object.set("id", format::Json(call.words[1]));
    print_json(desk, object);
  } else {
    desk.print("removed the password " + call.words[1] + " of " + domain.value().name + "\n");
  }
  co_return Outcome<void>{};
}

}  // namespace fwd::service
