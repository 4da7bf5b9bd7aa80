#ifndef FWD_RPC_FRAME_READER_H
#define FWD_RPC_FRAME_READER_H

// Reads frames from a stream and hands each to a function, until it ends.

#include <functional>

#include "core/outcome.h"
#include "core/stream.h"
#include "core/task.h"
#include "rpc/frame.h"

namespace fwd::rpc {

// Ends with success when the peer closed between two frames; else with
// kBadInput (not frames, or what `on_frame` said of one), kClosed (ended
// within a frame), or the stream's failure.  The frame given to `on_frame`
// lives as long as that call; `on_frame` must not destroy the running task.
//
// `on_part`, when given, is told whenever more of a frame is waited for, how many
// octets of it are held by now; its failure ends the reading as well.
Task<Outcome<void>> read_frames(Stream& stream,
                                std::function<Outcome<void>(const Frame& frame)> on_frame,
                                std::function<Outcome<void>(std::size_t held)> on_part = {});

}  // namespace fwd::rpc

#endif
