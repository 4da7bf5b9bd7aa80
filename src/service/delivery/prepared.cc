// Looks at messages, signs them, and reads them for the wire.
#include "service/delivery/prepared.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "crypto/secret.h"
#include "format/header_lines.h"

namespace fwd::delivery {
namespace {

constexpr std::uint64_t kReadSlice = 512 * 1024;
constexpr std::size_t kMostHeader = 256 * 1024;
constexpr std::size_t kMostLine = 998;  // RFC 5321 §4.5.3.1.6, without CRLF

model::BodyKind body_of(const ContentFacts& facts, model::BodyKind declared) {
  // Only who said BINARYMIME may mean it; else a bare CR or LF is a fault.
  if (facts.is_binary && declared == model::BodyKind::kBinaryMime) return declared;
  return facts.is_eight_bit ? model::BodyKind::k8BitMime : model::BodyKind::k7Bit;
}

mailauth::ArcVerdict chain_of(std::string_view word) {
  for (const auto verdict : {mailauth::ArcVerdict::kPass, mailauth::ArcVerdict::kFail})
    if (mailauth::arc_word(verdict) == word) return verdict;
  return mailauth::ArcVerdict::kNone;
}

// Says that a message is being prepared, for as long as it lives.
class UnderWay {
 public:
  explicit UnderWay(std::shared_ptr<Event>& place)
      : event_(std::make_shared<Event>()), place_(place) {
    place_ = event_;
  }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;
  ~UnderWay() {
    place_.reset();
    event_->set();
  }

 private:
  std::shared_ptr<Event> event_;
  std::shared_ptr<Event>& place_;
};

}  // namespace

ContentFacts look_at(const std::string& message) {
  ContentFacts facts;
  const std::size_t header = format::header_size(message);
  facts.has_utf8_header = !is_ascii(std::string_view(message).substr(0, header));
  facts.is_eight_bit = !is_ascii(message);
  std::size_t line = 0;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const char c = message[i];
    const bool is_end = c == '\n' && i > 0 && message[i - 1] == '\r';
    const bool is_bare = (c == '\n' && !is_end) ||
                         (c == '\r' && (i + 1 == message.size() || message[i + 1] != '\n'));
    line = c == '\n' ? 0 : line + 1;
    if (c == '\0' || is_bare || line > kMostLine + 1) facts.is_binary = true;
  }
  return facts;
}

Task<Outcome<std::string>> Preparer::read_whole(std::string id, std::uint64_t size) {
  std::string whole;
  whole.reserve(size);
  while (whole.size() < size) {
    const std::uint64_t most = std::min<std::uint64_t>(kReadSlice, size - whole.size());
    const auto slice = co_await context_.queue.read_outbound(id, whole.size(), most);
    if (!slice.ok()) co_return slice.failure();
    if (slice.value().empty())
      co_return Failure{Fault::kCorrupt, "", "the queue's content is shorter than it says"};
    whole += slice.value();
  }
  co_return whole;
}

// A message that cannot be signed goes without: its recipients may still know
// it by SPF, and an operator's fault must not hold up mail for days.
Task<Outcome<std::string>> Preparer::sign(const model::Claim& claim,
                                          std::shared_ptr<const std::string> message) {
  if (claim.domain.empty()) co_return std::string();
  // Another's mail: our signature would vouch for an author who may be forged, and one
  // of its author's says more.
  if (claim.message.is_forward && !claim.facts.may_sign) co_return std::string();
  if (claim.message.is_forward &&
      format::find_field(std::string_view(*message).substr(0, format::header_size(*message)),
                         "dkim-signature"))
    co_return std::string();
  auto keys = co_await context_.queue.signing_keys(claim.domain);
  if (!keys.ok()) co_return keys.failure();
  if (keys.value().empty()) co_return std::string();
  const std::int64_t now = unix_seconds(context_.clock.wall());
  const auto lines = co_await context_.sign(std::move(message), std::move(keys).value(), now);
  if (lines.ok()) co_return lines.value();
  context_.log.warning("smtp.delivery.unsigned", {{"message", claim.message.id},
                                                  {"domain", claim.domain},
                                                  {"what", lines.failure().private_text}});
  co_return std::string();
}

// What we found when it came in, for those who see it next: it came to them by us.
Task<Outcome<std::string>> Preparer::seal(const model::Claim& claim,
                                          std::shared_ptr<const std::string> message) {
  const bool is_known = claim.message.is_forward && !claim.facts.auth_results.empty();
  if (!is_known || !context_.seal || claim.domain.empty()) co_return std::string();
  auto keys = co_await context_.queue.signing_keys(claim.domain);
  if (!keys.ok()) co_return keys.failure();
  mailauth::ArcSeal how;
  for (model::SigningKey& key : keys.value()) {
    if (key.algorithm == "rsa") {
      how.domain = key.domain;
      how.selector = key.selector;
      how.secret = key.secret;
    }
    crypto::wipe(key.secret);
  }
  if (how.secret.empty()) co_return std::string();
  how.authserv_id = host_;
  how.results = claim.facts.auth_results;
  how.chain = chain_of(claim.facts.arc_chain);
  how.unix_time = unix_seconds(context_.clock.wall());
  auto sealing = context_.seal(std::move(message), std::move(how));
  const auto lines = co_await std::move(sealing);
  if (lines.ok()) co_return lines.value();
  context_.log.warning("smtp.delivery.unsealed",
                       {{"message", claim.message.id},
                        {"domain", claim.domain},
                        {"what", lines.failure().public_text + lines.failure().private_text}});
  co_return std::string();
}

Task<Outcome<std::shared_ptr<const Prepared>>> Preparer::make(const model::Claim& claim) {
  auto made = std::make_shared<Prepared>();
  made->id = claim.message.id;
  made->size = claim.message.size;
  // The message and its copies in the hands of who signs and who seals.
  const unsigned copies = claim.message.is_forward ? 3 : 2;
  const Gate::Share reading = co_await memory_.enter(copies * claim.message.size);
  auto whole = co_await read_whole(claim.message.id, claim.message.size);
  if (!whole.ok()) co_return whole.failure();
  auto content = std::make_shared<const std::string>(std::move(whole).value());
  const ContentFacts facts = look_at(*content);
  made->body = body_of(facts, claim.message.body);
  made->has_utf8_header = facts.has_utf8_header;
  made->header = content->substr(0, std::min(format::header_size(*content), kMostHeader));
  auto lines = co_await sign(claim, content);
  if (!lines.ok()) co_return lines.failure();
  made->signatures = std::move(lines).value();
  auto whole_message = content;
  if (!made->signatures.empty() && claim.message.is_forward)
    whole_message = std::make_shared<const std::string>(made->signatures + *content);
  auto sets = co_await seal(claim, std::move(whole_message));
  if (!sets.ok()) co_return sets.failure();
  made->signatures.insert(0, sets.value());
  if (claim.message.size <= kept_content_) made->kept = std::move(content);
  co_return std::shared_ptr<const Prepared>(std::move(made));
}

Task<Outcome<std::shared_ptr<const Prepared>>> Preparer::prepare(const model::Claim& claim) {
  std::erase_if(entries_, [](const auto& entry) {
    return entry.second.ready.expired() && !entry.second.under_way;
  });
  // Others may come and go while we wait: the entry is looked up each time.
  for (;;) {
    if (auto ready = entries_[claim.message.id].ready.lock()) co_return ready;
    const std::shared_ptr<Event> event = entries_[claim.message.id].under_way;
    if (!event) break;
    co_await event->wait();
  }
  Entry& mine = entries_[claim.message.id];
  const UnderWay mark(mine.under_way);
  auto made = co_await make(claim);
  if (made.ok()) mine.ready = made.value();
  co_return made;
}

Task<Outcome<std::string>> QueueSource::read(std::uint64_t offset, std::uint64_t most) {
  if (offset < message_.signatures.size()) {
    std::string lines = message_.signatures.substr(offset, most);
    co_return lines;
  }
  const std::uint64_t at = offset - message_.signatures.size();
  if (message_.kept)
    co_return message_.kept->substr(std::min<std::uint64_t>(at, message_.size), most);
  co_return co_await queue_.read_outbound(message_.id, at, most);
}

}  // namespace fwd::delivery
