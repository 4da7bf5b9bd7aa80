#ifndef FWD_RPC_FRAME_H
#define FWD_RPC_FRAME_H

// Frames: the units of the door's language on a stream, most significant octet
// first.
//
//   +--------------+--------------+---------+------------ ... -+
//   | u32 length   | u32 call     | u8 kind | payload          |
//   +--------------+--------------+---------+------------ ... -+
//     of all that    0: the whole
//     follows it     connection
//
// A connection begins with a hello each way; the client need not wait for the
// door's.  One broken frame ends the connection: no frame after it is believed.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "core/outcome.h"

namespace fwd::rpc {

// The numbers travel: add at the end.
enum class FrameKind : std::uint8_t {
  kHello = 1,     // both: wire::Hello; call 0, the first frame
  kRequest = 2,   // client: verb, object, credit, parcel (see RequestHeader)
  kReply = 3,     // server: parcel; the last word of a call
  kFailure = 4,   // server: wire::Failed; the last word of a call, or (call 0) of the connection
  kBatch = 5,     // server: parcel; costs one credit
  kEnd = 6,       // server: the last word of a stream: a last batch, or nothing
  kMore = 7,      // client: u32 further credit; server: an upload may begin
  kRaw = 8,       // both: the next octets of the call's unfinished parcel
  kNotice = 9,    // server: u32 object, wire::Notice; call 0
  kCancel = 10,   // client: the answer is not wanted; the server still says a last word
  kRelease = 11,  // client: u32 object is not needed any more; call 0
};

struct Frame {
  FrameKind kind = FrameKind::kHello;
  std::uint32_t call = 0;
  std::string_view payload;
};

// What stands before the parcel of a request.
struct RequestHeader {
  static constexpr std::size_t kSize = 7;
  std::uint16_t verb = 0;
  std::uint32_t object = 0;  // which mailbox or SCRAM exchange; 0: none
  std::uint8_t credit = 0;   // batches the client is ready for
  std::string encode() const;
  // Nothing when `payload` is shorter.
  static std::optional<RequestHeader> decode(std::string_view payload);
};

// Finds frames in octets; knows no stream.  The fuzzer's entry to this file.
class FrameParser {
 public:
  void feed(std::string_view octets);
  // The next whole frame; nothing: feed more.  Its payload stays valid until
  // next() or feed().  kBadInput, for ever: the octets are not frames.
  Outcome<std::optional<Frame>> next();
  // Octets of a frame that has not come to its end.
  std::size_t held() const { return buffer_.size() - taken_; }
  // True when no part of a frame waits.
  bool at_boundary() const { return taken_ == buffer_.size(); }

 private:
  // Wipes the frame that was given out, when it may have held a password.
  void forget();

  std::string buffer_;     // next to nothing while idle
  std::size_t taken_ = 0;  // octets of buffer_ already given out
  std::size_t given_ = 0;  // of them, those of the latest frame
  const char* broken_ = nullptr;
};

void put_u16(std::string& out, std::uint16_t value);
void put_u32(std::string& out, std::uint32_t value);
// The first octets of `octets`, which must hold as many.
std::uint16_t get_u16(std::string_view octets);
std::uint32_t get_u32(std::string_view octets);

// Octets of a frame before its payload.
inline constexpr std::size_t kFrameHead = 9;
// Appends one frame whose payload is `pieces` in a row.
void put_frame(std::string& out, FrameKind kind, std::uint32_t call,
               std::initializer_list<std::string_view> pieces);

}  // namespace fwd::rpc

#endif
