// Reading frames from a stream.
#include "rpc/frame_reader.h"

#include <array>
#include <span>
#include <string_view>
#include <utility>

#include "core/wipe.h"
#include "rpc/limits.h"
namespace fwd::rpc {
namespace {

// One for all readers of a thread: it is filled and emptied in one unbroken run.
std::span<char> scratch() {
  thread_local std::array<char, 64 * 1024> octets;
  return octets;
}

}  // namespace

Task<Outcome<void>> read_frames(Stream& stream,
                                std::function<Outcome<void>(const Frame& frame)> on_frame,
                                std::function<Outcome<void>(std::size_t held)> on_part) {
  FrameParser parser;
  for (;;) {
    for (;;) {
      const Outcome<std::optional<Frame>> frame = parser.next();
      if (!frame.ok()) co_return frame.failure();
      if (!frame.value()) break;
      Outcome<void> taken = on_frame(*frame.value());
      if (!taken.ok()) co_return taken.failure();
    }
    if (on_part) {
      Outcome<void> may = on_part(parser.held());
      if (!may.ok()) co_return may.failure();
    }
    const Outcome<std::size_t> n = co_await stream.read_some(scratch());
    if (!n.ok()) co_return n.failure();
    if (n.value() == 0) {
      if (parser.at_boundary()) co_return Outcome<void>{};
      co_return Failure{Fault::kClosed, "", "the connection ended within a frame"};
    }
    parser.feed(std::string_view(scratch().data(), n.value()));
    if (n.value() <= kMostSecretFrame) wipe(scratch().data(), n.value());
  }
}

}  // namespace fwd::rpc
