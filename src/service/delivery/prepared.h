#ifndef FWD_SERVICE_DELIVERY_PREPARED_H
#define FWD_SERVICE_DELIVERY_PREPARED_H

// A message made ready once for all its claims: looked at and signed.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "core/event.h"
#include "protocol/smtp/client_content.h"
#include "service/delivery/context.h"
#include "service/delivery/gate.h"

namespace fwd::delivery {

struct Prepared {
  std::string id;
  std::string signatures;                         // header fields that go before the content
  std::uint64_t size = 0;                         // octets of the content without them
  model::BodyKind body = model::BodyKind::k7Bit;  // what the content truly is
  bool has_utf8_header = false;
  std::string header;  // with its empty line; at most 256 KB of it
  // The content when it is short (DeliveryOptions::kept_content): what is kept
  // so is bounded by the claims under way and not charged to the memory gate.
  std::shared_ptr<const std::string> kept;
};

// What must be known of the octets of a message.
struct ContentFacts {
  bool is_eight_bit = false;
  bool is_binary = false;  // NUL, a bare CR or LF, or a line beyond RFC 5321 §4.5.3.1.6
  bool has_utf8_header = false;
};
ContentFacts look_at(const std::string& message);

class Preparer {
 public:
  // Messages of at most `kept_content` octets are kept in memory.
  // `host`: our name, for seals.
  Preparer(const DeliveryContext& context, std::size_t kept_content, Gate& memory, std::string host)
      : context_(context), kept_content_(kept_content), memory_(memory), host_(std::move(host)) {}

  // Claims of one message that are under way at the same time share the answer.
  Task<Outcome<std::shared_ptr<const Prepared>>> prepare(const model::Claim& claim);
  // The whole content; its octets must be within a share of the memory.
  Task<Outcome<std::string>> read_whole(std::string id, std::uint64_t size);

 private:
  struct Entry {
    std::weak_ptr<const Prepared> ready;
    std::shared_ptr<Event> under_way;  // set while somebody prepares it
  };
  Task<Outcome<std::shared_ptr<const Prepared>>> make(const model::Claim& claim);
  Task<Outcome<std::string>> sign(const model::Claim& claim,
                                  std::shared_ptr<const std::string> message);

  Task<Outcome<std::string>> seal(const model::Claim& claim,
                                  std::shared_ptr<const std::string> message);

  const DeliveryContext& context_;
  std::size_t kept_content_;
  Gate& memory_;
  std::string host_;
  std::map<std::string, Entry> entries_;  // by message id, while somebody holds it
};

// Reads a prepared message from its beginning, signatures first.
class QueueSource final : public smtp::ContentSource {
 public:
  QueueSource(model::Queue& queue, const Prepared& message) : queue_(queue), message_(message) {}
  std::uint64_t size() const override { return message_.signatures.size() + message_.size; }
  Task<Outcome<std::string>> read(std::uint64_t offset, std::uint64_t most) override;

 private:
  model::Queue& queue_;
  const Prepared& message_;
};

}  // namespace fwd::delivery

#endif
