#ifndef FWD_RPC_FRAME_WRITER_H
#define FWD_RPC_FRAME_WRITER_H

// Puts the frames of many coroutines on one stream, whole and in order.  What
// is put while a write is under way goes out together in the next one.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "core/event.h"
#include "core/outcome.h"
#include "core/stream.h"
#include "core/task.h"
#include "rpc/frame.h"
#include "rpc/parcel.h"

namespace fwd::rpc {

class FrameWriter {
 public:
  // Keeps a reference.
  explicit FrameWriter(Stream& stream) : stream_(stream) {}

  // Writes what is put, until the stream fails or finish() was called and all
  // is out.  One task runs it for as long as the writer is used.
  Task<Outcome<void>> run();
  void finish();
  // Nobody reads any more: what is put from now on is dropped, and nobody
  // waits for room.
  void stop();

  // Appends one frame; never waits.  For frames that are bounded by something
  // else; those that are not wait for room() first.
  void put(FrameKind kind, std::uint32_t call, std::initializer_list<std::string_view> pieces);
  bool has_room() const { return pending_.size() < kRoom; }
  // Returns when there is room.
  Task<void> room();

  // Sends `parcel` behind `header` in a frame of `kind`, and raw frames after
  // it when it is long.  Waits for room before each.
  Task<void> send(FrameKind kind, std::uint32_t call, std::string header, Parcel parcel);
  // The first frame alone; send_octets() follows when !is_short(parcel).
  void put_parcel(FrameKind kind, std::uint32_t call, std::string_view header, Parcel& parcel);
  Task<void> send_octets(std::uint32_t call, Parcel parcel);

 private:
  static constexpr std::size_t kRoom = 256 * 1024;
  Stream& stream_;
  std::string pending_;  // put and not yet being written
  Event filled_;         // set while pending_ holds something, and by finish()
  Event drained_;        // pulsed when pending_ was taken away
  bool finishing_ = false;
  bool stopped_ = false;
  bool secret_ = false;  // something in pending_ is
};

}  // namespace fwd::rpc

#endif
