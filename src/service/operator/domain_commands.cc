// forwardemail domain …
#include "service/operator/commands.h"
#include "service/operator/record_words.h"

namespace fwd::service {

Task<Outcome<void>> domain_add(Desk& desk, Call call) {
  model::Domain domain;
  domain.name = call.words[0];
  auto set = set_fields(domain, call.words, 1);
  if (!set.ok()) co_return set.failure();
  auto stored = co_await desk.directory.put_domain(std::move(domain));
  if (!stored.ok()) co_return stored.failure();
  show_record(desk, call, stored.value(), "made the domain " + stored.value().name);
  co_return Outcome<void>{};
}

Task<Outcome<void>> domain_list(Desk& desk, Call call) {
  auto domains = co_await desk.directory.list_domains();
  if (!domains.ok()) co_return domains.failure();
  if (call.json) {
    print_records(desk, domains.value());
    co_return Outcome<void>{};
  }
  std::vector<std::vector<std::string>> rows{{"DOMAIN", "ALIASES", "MADE"}};
  for (const model::Domain& domain : domains.value())
    rows.push_back({domain.name, std::to_string(domain.alias_count),
                    model::format_date(domain.created_at).substr(0, 10)});
  desk.print(text_table(rows));
  co_return Outcome<void>{};
}

Task<Outcome<void>> domain_show(Desk& desk, Call call) {
  auto domain = co_await desk.directory.get_domain(call.words[0]);
  if (!domain.ok()) co_return domain.failure();
  show_record(desk, call, domain.value(), "");
  co_return Outcome<void>{};
}

Task<Outcome<void>> domain_set(Desk& desk, Call call) {
  auto domain = co_await desk.directory.get_domain(call.words[0]);
  if (!domain.ok()) co_return domain.failure();
  auto set = set_fields(domain.value(), call.words, 1);
  if (!set.ok()) co_return set.failure();
  model::Domain changed = domain.value();
  auto stored = co_await desk.directory.put_domain(std::move(changed));
  if (!stored.ok()) co_return stored.failure();
  show_record(desk, call, stored.value(), "changed the domain " + stored.value().name);
  co_return Outcome<void>{};
}

Task<Outcome<void>> domain_remove(Desk& desk, Call call) {
  auto domain = co_await desk.directory.get_domain(call.words[0]);
  if (!domain.ok()) co_return domain.failure();
  auto gone = co_await desk.directory.remove_domain(domain.value().id, call.has("with-contents"));
  if (!gone.ok()) co_return gone.failure();
  show_record(desk, call, domain.value(), "removed the domain " + domain.value().name);
  co_return Outcome<void>{};
}

}  // namespace fwd::service
