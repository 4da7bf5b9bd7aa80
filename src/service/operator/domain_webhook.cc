// forwardemail domain webhook: where a domain hears of failed attempts, and its key.
#include "service/operator/commands.h"
#include "service/operator/record_words.h"

namespace fwd::service {
namespace {

void show_hook(Desk& desk, const Call& call, const model::BounceHook& hook) {
  if (call.json) {
    format::Json object;
    object.set("url", format::Json(hook.url));
    object.set("key", format::Json(hook.key));
    print_json(desk, object);
    return;
  }
  desk.print("url            " + (hook.url.empty() ? "none" : hook.url) + "\nkey            " +
             hook.key +
             "\nX-Webhook-Signature is the HMAC-SHA256 of the body by this key, in hex.\n");
}

}  // namespace

Task<Outcome<void>> domain_webhook(Desk& desk, Call call) {
  auto domain = co_await desk.directory.get_domain(call.words[0]);
  if (!domain.ok()) co_return domain.failure();
  // One without a key gets a new one when it is stored.
  if (call.has("new-key") || domain.value().webhook_key.empty()) {
    model::Domain changed = domain.value();
    changed.webhook_key.clear();
    domain = co_await desk.directory.put_domain(std::move(changed));
    if (!domain.ok()) co_return domain.failure();
  }
  const auto hook = co_await desk.queue.bounce_hook(domain.value().id);
  if (!hook.ok()) co_return hook.failure();
  show_hook(desk, call, hook.value());
  co_return Outcome<void>{};
}

}  // namespace fwd::service
