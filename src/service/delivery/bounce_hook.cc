// Writes bounce webhooks.
#include "service/delivery/bounce_hook.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "crypto/digest.h"
#include "format/header_lines.h"
#include "format/json.h"
#include "service/delivery/remote_words.h"

namespace fwd::delivery {
namespace {

using format::Json;

constexpr std::chrono::seconds kPostLimit{5};
constexpr std::size_t kMostFields = 200;
constexpr std::size_t kMostHooks = 100;  // and other tasks, at once

smtp::RemoteReply reply_of(const model::AttemptResult& result) {
  return {result.code, result.status, result.response};
}

Json text_of(std::string_view header, std::string_view name) {
  const auto found = format::find_field(header, name);
  return found ? Json(format::unfold(*found)) : Json();
}

Json fields_of(std::string_view header) {
  Json fields{Json::Object{}};
  format::HeaderLines lines(header);
  std::size_t count = 0;
  for (auto line = lines.next(); line && count < kMostFields; line = lines.next(), ++count)
    if (!line->name.empty()) fields.set(to_lower(line->name), Json(format::unfold(line->value)));
  return fields;
}

Json bounce_of(const model::AttemptResult& result, bool is_final) {
  const Category category = category_of(reply_of(result), result.from_remote);
  Json bounce{Json::Object{}};
  bounce.set("action", Json(is_final                           ? "reject"
                            : category == Category::kBlocklist ? "slowdown"
                                                               : "defer"));
  bounce.set("message", Json(result.response));
  bounce.set("category", Json(category_name(category)));
  bounce.set("code", Json(std::int64_t{result.code}));
  bounce.set("status", Json(result.status));
  bounce.set("line", Json());
  return bounce;
}

}  // namespace

HttpPost bounce_post(const model::BounceHook& hook, const model::Claim& claim,
                     const model::OutboundRecipient& recipient, const model::AttemptResult& result,
                     bool is_final, std::string_view header) {
  Json body{Json::Object{}};
  body.set("email_id", Json(claim.message.id));
  body.set("list_id", text_of(header, "list-id"));
  body.set("list_unsubscribe", text_of(header, "list-unsubscribe"));
  body.set("feedback_id", text_of(header, "feedback-id"));
  body.set("recipient", Json(recipient.address));
  body.set("message", Json(result.response));
  body.set("response", Json(result.response));
  body.set("response_code", Json(std::int64_t{result.code}));
  body.set("truth_source", result.mx.empty() ? Json() : Json(result.mx));
  body.set("bounce", bounce_of(result, is_final));
  body.set("headers", fields_of(header));
  body.set("bounced_at", Json(result.time));
  HttpPost post;
  post.url = hook.url;
  post.body = format::write_json(body);
  post.limit = kPostLimit;
  post.headers = {{"Content-Type", "application/json"}};
  if (!hook.key.empty())
    post.headers.emplace_back("X-Webhook-Signature",
                              to_hex(crypto::hmac_sha256(hook.key, post.body)));
  return post;
}

void BounceHooks::tell(const model::Claim& claim, const model::Report& report,
                       std::shared_ptr<const Prepared> message) {
  const bool any =
      std::any_of(report.recipients.begin(), report.recipients.end(),
                  [](const auto& one) { return one.state != model::RecipientState::kDelivered; });
  if (!any || !context_.post_http || claim.message.domain_id.empty() || claim.message.is_forward)
    return;
  if (tasks_.size() >= kMostHooks) {
    recorder_.note_hook_failed(claim, "too many under way");
    return;
  }
  tasks_.spawn("hook", post(*this, claim, report, std::move(message)));
}

Task<void> BounceHooks::post(BounceHooks& hooks, model::Claim claim, model::Report report,
                             std::shared_ptr<const Prepared> message) {
  const auto hook = co_await hooks.context_.queue.bounce_hook(claim.message.domain_id);
  if (!hook.ok()) hooks.recorder_.note_hook_failed(claim, hook.failure().private_text);
  if (!hook.ok() || hook.value().url.empty()) co_return;
  const std::string_view header = message ? message->header : std::string_view();
  for (std::size_t i = 0; i < report.recipients.size(); ++i) {
    const model::RecipientReport& one = report.recipients[i];
    if (one.state == model::RecipientState::kDelivered) continue;
    HttpPost said = bounce_post(hook.value(), claim, claim.message.recipients[i], one.result,
                                one.state == model::RecipientState::kFailed, header);
    const auto answer = co_await hooks.context_.post_http(std::move(said));
    if (answer.ok() && answer.value().status / 100 == 2) continue;
    const std::string what = answer.ok() ? "it answered " + std::to_string(answer.value().status)
                                         : answer.failure().private_text;
    hooks.recorder_.note_hook_failed(claim, what);
  }
}

}  // namespace fwd::delivery
