// forwardemail domain encrypt-txt: aliases for a TXT record that nobody can read.
#include "service/operator/commands.h"
#include "service/operator/record_words.h"

namespace fwd::service {

Task<Outcome<void>> domain_encrypt_txt(Desk& desk, Call call) {
  auto domain = co_await desk.directory.get_domain(call.words[0]);
  if (!domain.ok()) co_return domain.failure();
  auto value = desk.read_secret("Aliases: ");
  if (!value.ok()) co_return value.failure();
  auto sealing = desk.directory.seal_txt_value(domain.value().id, std::move(value).value());
  auto record = co_await sealing;
  if (!record.ok()) co_return record.failure();
  if (call.json) {
    format::Json object;
    object.set("name", format::Json(domain.value().name));
    object.set("type", format::Json("TXT"));
    object.set("value", format::Json(record.value()));
    print_json(desk, object);
  } else {
    desk.print(record.value() + "\n");
  }
  co_return Outcome<void>{};
}

}  // namespace fwd::service
