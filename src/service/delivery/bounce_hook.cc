// Writes bounce webhooks.
#include "service/delivery/bounce_hook.h"

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

}  // namespace fwd::delivery
