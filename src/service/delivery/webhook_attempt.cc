// Posts messages to webhooks.
//
// What the URL holds beyond its host may be secret and stands in no result, log
// or journal.  Success is 200 and nothing else; trouble on the way, 408, 413, 425,
// 429 and 5xx are tried again; other answers are final.
#include "service/delivery/webhook_attempt.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/text.h"
#include "crypto/digest.h"
#include "format/mail_date.h"
#include "format/message_json.h"
#include "format/web_address.h"

namespace fwd::delivery {
namespace {

using Kind = RecipientVerdict::Kind;

constexpr int kSuccess = 200;
constexpr std::size_t kReadSlice = 1 << 20;
constexpr std::size_t kSignatureHex = 64;

RecipientVerdict verdict_of(Kind kind, std::uint16_t code, const char* status, std::string words) {
  RecipientVerdict verdict;
  verdict.kind = kind;
  verdict.result.code = code;
  verdict.result.status = status;
  verdict.result.response = std::move(words);
  return verdict;
}

bool is_worth_another(int status) {
  return status == 408 || status == 413 || status == 425 || status == 429 || status / 100 == 5;
}

// Retry-After = HTTP-date / delay-seconds (RFC 9110 §10.2.3)
milliseconds wish_of(const std::string& retry_after, std::int64_t now_ms) {
  constexpr std::uint64_t kMost = 7 * 24 * 3600;
  if (const auto seconds = parse_number(retry_after))
    return std::chrono::seconds(std::min(*seconds, kMost));
  const auto date = format::read_mail_date(retry_after);
  if (!date || date->seconds * 1000 <= now_ms) return {};
  return std::min(milliseconds(date->seconds * 1000 - now_ms),
                  milliseconds(std::chrono::seconds(kMost)));
}

RecipientVerdict answered(const HttpSaid& said, std::int64_t now) {
  const std::string words = "the webhook answered " + std::to_string(said.status);
  RecipientVerdict verdict;
  if (said.status == kSuccess) {
    verdict = verdict_of(Kind::kDelivered, 250, "2.0.0", words);
  } else if (is_worth_another(said.status)) {
    verdict = verdict_of(Kind::kTemporary, 421, "4.3.2", words);
    verdict.not_before = wish_of(said.retry_after, now);
  } else {
    verdict = verdict_of(Kind::kPermanent, 550, "5.3.0", words + ", and only 200 is success");
  }
  verdict.result.from_remote = true;
  return verdict;
}

// The client's own words may repeat the URL: they go to the log, cut to its host.
RecipientVerdict not_answered(const Failure& failure) {
  switch (failure.fault) {
    case Fault::kBadInput:
      return verdict_of(Kind::kPermanent, 550, "5.1.3", "the webhook's URL is not one we post to");
    case Fault::kCannot:
      return verdict_of(Kind::kPermanent, 550, "5.7.1", "the webhook is at no public address");
    case Fault::kDenied:
      return verdict_of(Kind::kTemporary, 421, "4.7.5", "the webhook's certificate is not its own");
    case Fault::kTimeout:
      return verdict_of(Kind::kTemporary, 421, "4.4.2", "the webhook did not answer in time");
    case Fault::kBusy:
      return verdict_of(Kind::kTemporary, 421, "4.3.2", "too many web requests at once");
    case Fault::kNotFound:
      return verdict_of(Kind::kTemporary, 421, "4.4.3", "the webhook's host has no address");
    default:
      break;
  }
  return verdict_of(Kind::kTemporary, 421, "4.4.1", "the webhook cannot be reached");
}

bool has_switch(const format::WebAddress& address, std::string_view name) {
  return std::find(address.query.begin(), address.query.end(),
                   std::pair(std::string(name), std::string("false"))) != address.query.end();
}

std::string checksum(std::string_view octets) { return to_hex(crypto::sha256(octets)); }

// One claim's posts: the message is read once.
class Poster {
 public:
  Poster(const DeliveryContext& context, const DeliveryOptions& options, const model::Claim& claim)
      : context_(context), options_(options), claim_(claim) {}

  // The message as it goes on, signatures first; within a share of the memory.
  Task<Outcome<void>> read(const Prepared& prepared);
  Task<Outcome<void>> get_key();
  Task<RecipientVerdict> post(const model::OutboundRecipient& to);

 private:
  std::size_t signature_size() const { return key_.empty() ? 0 : kSignatureHex; }
  // Gives the payload with its signature behind it.  Owns what it needs, as it
  // outlives us when the attempt is given up.
  std::function<std::string()> payload_job(const format::WebAddress& address) const;
  Task<std::string> run(std::function<std::string()> job);
  void tell(const format::WebAddress& address, const Failure& failure) const;

  const DeliveryContext& context_;
  const DeliveryOptions& options_;
  const model::Claim& claim_;
  std::shared_ptr<const std::string> message_;
  std::string key_;
};

Task<Outcome<void>> Poster::read(const Prepared& prepared) {
  auto whole = std::make_shared<std::string>();
  QueueSource source(context_.queue, prepared);
  whole->reserve(source.size());
  while (whole->size() < source.size()) {
    auto reading = source.read(whole->size(), kReadSlice);
    const auto slice = co_await reading;
    if (!slice.ok()) co_return slice.failure();
    if (slice.value().empty())
      co_return Failure{Fault::kCorrupt, "", "the queue's content is shorter than it says"};
    *whole += slice.value();
  }
  message_ = std::move(whole);
  co_return Outcome<void>{};
}

Task<Outcome<void>> Poster::get_key() {
  if (claim_.message.domain_id.empty()) co_return Outcome<void>{};
  auto asking = context_.queue.bounce_hook(claim_.message.domain_id);
  auto hook = co_await asking;
  if (!hook.ok()) co_return hook.failure();
  key_ = std::move(hook.value().key);
  co_return Outcome<void>{};
}

Task<RecipientVerdict> Poster::post(const model::OutboundRecipient& to) {
  const auto address = format::parse_web_address(to.address);
  if (!address) co_return not_answered({Fault::kBadInput, "", ""});
  HttpPost post;
  post.url = address->plain;
  post.limit = options_.webhook_limit;
  auto writing = run(payload_job(*address));
  post.body = co_await writing;
  const std::string signature = post.body.substr(post.body.size() - signature_size());
  post.body.resize(post.body.size() - signature_size());
  post.headers = {{"Content-Type", "application/json"}};
  if (!address->user.empty() || !address->password.empty())
    post.headers.emplace_back("Authorization",
                              "Basic " + to_base64(address->user + ":" + address->password));
  if (!signature.empty()) post.headers.emplace_back("X-Webhook-Signature", signature);
  const Instant begin = context_.clock.now();
  auto asking = context_.post_http(std::move(post));
  const auto said = co_await asking;
  const std::int64_t now = unix_milliseconds(context_.clock.wall());
  RecipientVerdict verdict = said.ok() ? answered(said.value(), now) : not_answered(said.failure());
  if (!said.ok()) tell(*address, said.failure());
  verdict.result.duration_ms = static_cast<std::uint32_t>(
      std::chrono::duration_cast<milliseconds>(context_.clock.now() - begin).count());
  co_return verdict;
}

std::function<std::string()> Poster::payload_job(const format::WebAddress& address) const {
  format::MessageJsonOptions json;
  json.with_attachments = !has_switch(address, "attachments");
  json.with_raw = !has_switch(address, "raw");
  json.most = options_.webhook_payload;
  json.checksum = &checksum;
  return [message = message_, extra = claim_.facts.webhook_json, json, key = key_] {
    std::string body = format::message_json(*message, extra, json);
    if (!key.empty()) body += to_hex(crypto::hmac_sha256(key, body));
    return body;
  };
}

Task<std::string> Poster::run(std::function<std::string()> job) {
  if (!context_.run_job) co_return job();
  auto running = context_.run_job(std::move(job));
  co_return co_await running;
}

void Poster::tell(const format::WebAddress& address, const Failure& failure) const {
  const bool is_safe = failure.private_text.find("://") == std::string::npos;
  const std::vector<LogField> fields{{"message", claim_.message.id},
                                     {"host", address.host},
                                     {"fault", fault_name(failure.fault)},
                                     {"what", is_safe ? failure.private_text : ""}};
  context_.log.event("smtp.delivery.webhook.failed", fields, LogLevel::kInfo);
}

// Whether the place as a whole answers: it is left alone for a while else.
void judge_place(AttemptOutcome& outcome) {
  for (const RecipientVerdict& one : outcome.recipients) {
    if (one.result.from_remote) outcome.is_destination_up = true;
    if (!one.result.from_remote && one.result.status.starts_with("4.4."))
      outcome.is_destination_down = true;
  }
  if (outcome.is_destination_up) outcome.is_destination_down = false;
}

AttemptOutcome all_of_them(const model::Claim& claim, const RecipientVerdict& verdict) {
  AttemptOutcome outcome;
  outcome.recipients.assign(claim.message.recipients.size(), verdict);
  return outcome;
}

}  // namespace

Task<AttemptOutcome> post_webhook(const DeliveryContext& context, const DeliveryOptions& options,
                                  Preparer& preparer, Gate& memory, const model::Claim& claim) {
  const std::int64_t now = unix_milliseconds(context.clock.wall());
  RecipientVerdict trouble =
      verdict_of(Kind::kTemporary, 451, "4.3.0", "Temporary trouble on our side");
  trouble.result.time = now;
  if (!context.post_http) co_return all_of_them(claim, trouble);
  auto preparing = preparer.prepare(claim);
  const auto prepared = co_await preparing;
  if (!prepared.ok()) {
    context.log.warning("smtp.delivery.unreadable",
                        {{"message", claim.message.id}, {"what", prepared.failure().private_text}});
    co_return all_of_them(claim, trouble);
  }
  // The message, and its payload while it grows: a text that grows is there twice.
  const std::size_t size = prepared.value()->signatures.size() + prepared.value()->size;
  const std::size_t payload = std::min(options.webhook_payload, 5 * size + kReadSlice);
  auto entering = memory.enter(size + 2 * payload);
  const Gate::Share share = co_await entering;
  Poster poster(context, options, claim);
  const auto read = co_await poster.read(*prepared.value());
  if (!read.ok()) co_return all_of_them(claim, trouble);
  const auto keyed = co_await poster.get_key();
  if (!keyed.ok()) co_return all_of_them(claim, trouble);
  AttemptOutcome outcome;
  for (const model::OutboundRecipient& to : claim.message.recipients) {
    auto posting = poster.post(to);
    RecipientVerdict verdict = co_await posting;
    verdict.result.time = unix_milliseconds(context.clock.wall());
    outcome.recipients.push_back(std::move(verdict));
  }
  judge_place(outcome);
  co_return outcome;
}

}  // namespace fwd::delivery
