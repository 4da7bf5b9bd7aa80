// Messages on their way into closed mailboxes as octets.
#include "door/incoming_codec.h"

#include "format/record_codec.h"

namespace fwd::door {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kMostKeywords = 1000;

}  // namespace

std::string encode_incoming(const mailbox::Incoming& incoming) {
  format::RecordWriter out;
  out.number(kVersion);
  out.text(incoming.delivery_id);
  out.number(static_cast<std::uint64_t>(incoming.folder));
  out.number(incoming.flags.system);
  out.number(incoming.flags.keywords.size());
  for (const std::string& keyword : incoming.flags.keywords) out.text(keyword);
  out.signed_number(incoming.internal_date);
  out.text(format::encode_packed(incoming.message));
  return out.take();
}

Outcome<mailbox::Incoming> decode_incoming(std::string_view octets) {
  const Failure damaged{Fault::kCorrupt, "internal error", "a sealed message cannot be read"};
  format::RecordReader in(octets);
  if (in.number() != kVersion) return damaged;
  mailbox::Incoming incoming;
  incoming.delivery_id = in.text();
  const std::uint64_t folder = in.number();
  if (folder > static_cast<std::uint64_t>(model::SpecialUse::kTrash)) return damaged;
  incoming.folder = static_cast<model::SpecialUse>(folder);
  incoming.flags.system = static_cast<std::uint8_t>(in.number());
  const std::uint64_t keywords = in.number();
  if (keywords > kMostKeywords) return damaged;
  for (std::uint64_t i = 0; i < keywords; ++i) incoming.flags.add_keyword(in.text());
  incoming.internal_date = in.signed_number();
  auto message = format::decode_packed(in.text());
  if (!in.complete()) return damaged;
  if (!message.ok()) return message.failure();
  incoming.message = std::move(message.value());
  return incoming;
}

}  // namespace fwd::door
