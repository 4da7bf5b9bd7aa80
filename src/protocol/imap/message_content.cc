// The octets of one message.
#include "protocol/imap/message_content.h"

#include <algorithm>
#include <utility>

namespace fwd::imap {
namespace {

Failure corrupt(const char* what) { return Failure{Fault::kCorrupt, "", what}; }

// Walks the chunks of one range in order and gives the octets that belong to it.
class ChunkWalk {
 public:
  ChunkWalk(std::unique_ptr<model::Batches<format::PackedChunk>> batches, OctetRange range)
      : batches_(std::move(batches)), range_(range), next_(range.begin) {}

  bool done() const { return next_ == range_.end; }

  // The next run of octets, never empty.
  Task<Outcome<std::string>> next() {
    while (at_ == chunks_.size()) {
      auto fetching = batches_->next();
      auto batch = co_await fetching;
      if (!batch.ok()) co_return batch.failure();
      chunks_ = std::move(batch).value();
      at_ = 0;
      if (chunks_.empty()) co_return corrupt("a message ends before its size");
    }
    const format::PackedChunk& chunk = chunks_[at_++];
    auto raw = format::unpack_chunk(chunk);
    if (!raw.ok()) co_return raw.failure();
    const std::uint64_t chunk_end = chunk.offset + raw.value().size();
    if (chunk.offset > next_ || chunk_end <= next_)
      co_return corrupt("the chunks of a message have a gap");
    std::string octets = std::move(raw).value();
    const std::uint64_t skipped = next_ - chunk.offset;
    const std::uint64_t end = std::min(chunk_end, range_.end);
    octets.resize(static_cast<std::size_t>(end - chunk.offset));
    octets.erase(0, static_cast<std::size_t>(skipped));
    next_ = end;
    co_return octets;
  }

 private:
  std::unique_ptr<model::Batches<format::PackedChunk>> batches_;
  OctetRange range_;
  std::uint64_t next_;
  std::vector<format::PackedChunk> chunks_;
  std::size_t at_ = 0;
};

}  // namespace

Outcome<const std::vector<format::Part>*> MessageContent::parts() {
  if (!parts_) {
    auto decoded = format::decode_parts(row_.outline.parts);
    if (!decoded.ok()) return decoded.failure();
    if (decoded.value().empty()) return corrupt("a part table is empty");
    parts_ = std::move(decoded).value();
  }
  return &*parts_;
}

Outcome<std::string_view> MessageContent::inline_octets(OctetRange range) {
  if (!whole_) {
    std::string whole;
    for (const format::PackedChunk& chunk : row_.chunks) {
      auto raw = format::unpack_chunk(chunk);
      if (!raw.ok()) return raw.failure();
      whole += raw.value();
    }
    if (whole.size() != row_.size) return corrupt("a message has not its size");
    whole_ = std::move(whole);
  }
  if (range.begin > range.end || range.end > whole_->size())
    return corrupt("a part lies outside its message");
  return std::string_view(*whole_).substr(static_cast<std::size_t>(range.begin),
                                          static_cast<std::size_t>(range.end - range.begin));
}

Task<Outcome<std::string>> MessageContent::read(OctetRange range) {
  if (row_.has_content) {
    const auto octets = inline_octets(range);
    if (!octets.ok()) co_return octets.failure();
    co_return std::string(octets.value());
  }
  if (range.begin > range.end || range.end > row_.size)
    co_return corrupt("a part lies outside its message");
  std::string out;
  ChunkWalk walk(mailbox_.read_content(folder_, row_.uid, range.begin, range.end - range.begin),
                 range);
  while (!walk.done()) {
    auto walking = walk.next();
    const auto octets = co_await walking;
    if (!octets.ok()) co_return octets.failure();
    out += octets.value();
  }
  co_return out;
}

Task<Outcome<void>> MessageContent::send(OctetRange range, Writer& out) {
  if (row_.has_content || range.begin == range.end) {
    const auto octets = row_.has_content ? inline_octets(range) : std::string_view();
    if (!octets.ok()) co_return octets.failure();
    out.literal(octets.value());
    co_return Outcome<void>{};
  }
  if (range.begin > range.end || range.end > row_.size)
    co_return corrupt("a part lies outside its message");
  ChunkWalk walk(mailbox_.read_content(folder_, row_.uid, range.begin, range.end - range.begin),
                 range);
  bool begun = false;
  while (!walk.done()) {
    auto walking = walk.next();
    const auto octets = co_await walking;
    if (!octets.ok()) co_return octets.failure();
    // The count goes out only once the first octets are at hand.
    if (!std::exchange(begun, true)) out.literal_begin(range.end - range.begin);
    out.raw(octets.value());
    if (!co_await out.flush_if_full()) co_return Failure{Fault::kClosed, "", "the peer is gone"};
  }
  co_return Outcome<void>{};
}

}  // namespace fwd::imap
