// Writing the frames of many coroutines onto one stream.
#include "rpc/frame_writer.h"

#include <algorithm>
#include <utility>

#include "core/wipe.h"
#include "rpc/limits.h"

namespace fwd::rpc {

void FrameWriter::put(FrameKind kind, std::uint32_t call,
                      std::initializer_list<std::string_view> pieces) {
  if (stopped_) return;
  if (secret_) {
    std::size_t octets = pending_.size() + kFrameHead;
    for (const std::string_view piece : pieces) octets += piece.size();
    reserve_wiped(pending_, octets);
  }
  put_frame(pending_, kind, call, pieces);
  filled_.set();
}

void FrameWriter::finish() {
  finishing_ = true;
  filled_.set();
}

void FrameWriter::stop() {
  stopped_ = true;
  if (secret_) wipe(pending_);
  std::string().swap(pending_);
  drained_.pulse();
}

Task<void> FrameWriter::room() {
  while (!has_room()) co_await drained_.wait();
}

Task<Outcome<void>> FrameWriter::run() {
  std::string writing;
  for (;;) {
    co_await filled_.wait();
    filled_.clear();
    if (pending_.empty()) {
      if (finishing_) co_return Outcome<void>{};
      continue;
    }
    writing.clear();
    writing.swap(pending_);
    drained_.pulse();
    const bool secret = std::exchange(secret_, false);
    const Outcome<void> written = co_await stream_.write(writing);
    if (secret) wipe(writing);
    if (!written.ok()) co_return written.failure();
    if (finishing_) filled_.set();
    // An idle connection keeps no buffer.
    if (pending_.empty()) std::string().swap(writing);
  }
}

void FrameWriter::put_parcel(FrameKind kind, std::uint32_t call, std::string_view header,
                             Parcel& parcel) {
  if (parcel.secret) secret_ = true;
  std::string sizes = parcel.encode_sizes();
  if (!parcel.is_short()) {
    put(kind, call, {header, sizes});
    return;
  }
  if (parcel.pieces.empty()) {
    put(kind, call, {header, sizes, parcel.head});
    if (parcel.secret) wipe(parcel.head);
    return;
  }
  std::string octets;
  octets.reserve(parcel.octets());
  octets += parcel.head;
  for (const std::string& piece : parcel.pieces) octets += piece;
  put(kind, call, {header, sizes, octets});
}

Task<void> FrameWriter::send_octets(std::uint32_t call, Parcel parcel) {
  for (std::size_t i = 0; i <= parcel.pieces.size(); ++i) {
    std::string octets = std::move(i == 0 ? parcel.head : parcel.pieces[i - 1]);
    for (std::size_t at = 0; at < octets.size(); at += kMostRawFrame) {
      if (!has_room()) co_await room();
      const std::size_t size = std::min(kMostRawFrame, octets.size() - at);
      put(FrameKind::kRaw, call, {std::string_view(octets).substr(at, size)});
    }
  }
}

Task<void> FrameWriter::send(FrameKind kind, std::uint32_t call, std::string header,
                             Parcel parcel) {
  if (!has_room()) co_await room();
  put_parcel(kind, call, header, parcel);
  if (!parcel.is_short()) co_await send_octets(call, std::move(parcel));
}

}  // namespace fwd::rpc
