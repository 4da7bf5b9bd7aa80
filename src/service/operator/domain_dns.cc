// forwardemail domain dns: what to put into the DNS.
#include "model/published_records.h"
#include "service/operator/commands.h"
#include "service/operator/record_words.h"

namespace fwd::service {
namespace {

using model::PublishedRecord;

format::Json record_json(const PublishedRecord& record) {
  format::Json object;
  object.set("name", format::Json(record.name));
  object.set("type", format::Json(record.type));
  object.set("ttl", format::Json(std::int64_t{model::kPublishedTtl}));
  if (record.type == "MX") object.set("priority", format::Json(std::int64_t{record.priority}));
  object.set("value", format::Json(record.value));
  object.set("purpose", format::Json(record.purpose));
  return object;
}

std::string zone_text(const std::vector<PublishedRecord>& records, const std::string& host) {
  std::string text = "; " + host +
                     " needs A and AAAA records itself, not a CNAME, and the PTR records of its\n"
                     "; addresses must name it.\n"
                     "; Mail to the address behind rua= tells what others received in this name.\n";
  for (const PublishedRecord& record : records) text += model::zone_line(record);
  return text;
}

}  // namespace

Task<Outcome<void>> domain_dns(Desk& desk, Call call) {
  auto domain = co_await desk.directory.get_domain(call.words[0]);
  if (!domain.ok()) co_return domain.failure();
  if (domain.value().dkim_public_key.empty() || domain.value().dkim_ed25519_public_key.empty()) {
    // Storing a domain makes the keys it has not got.
    model::Domain unchanged = domain.value();
    domain = co_await desk.directory.put_domain(std::move(unchanged));
    if (!domain.ok()) co_return domain.failure();
  }
  const auto records = model::published_records(domain.value(), desk.host_name);
  if (!records.ok()) co_return records.failure();
  if (!call.json) {
    desk.print(zone_text(records.value(), records.value().front().value));
    co_return Outcome<void>{};
  }
  format::Json::Array list;
  for (const PublishedRecord& record : records.value()) list.push_back(record_json(record));
  print_json(desk, format::Json(std::move(list)));
  co_return Outcome<void>{};
}

}  // namespace fwd::service
