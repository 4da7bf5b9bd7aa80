#ifndef FWD_CORE_MEMORY_PIPE_H
#define FWD_CORE_MEMORY_PIPE_H

// Two Streams joined in memory: what one end writes the other end reads.
// Sessions are tested, fuzzed and measured over it, without a port.

#include <cstdint>
#include <memory>
#include <utility>

#include "core/stream.h"

namespace fwd {

struct MemoryPipeOptions {
  std::size_t capacity = 64 * 1024;      // octets under way before a writer waits
  std::size_t most_per_read = SIZE_MAX;  // 1 plays a conversation byte by byte
  bool offers_tls = false;               // start_tls() succeeds by setting tls().active
  TlsState tls;                          // what tls() shows from the start or after start_tls()
  PeerAddress peer{"192.0.2.1", 49152};
  PeerAddress local{"198.51.100.1", 25};
};

// first: the server's end, seen through `options`; second: the client's end.
std::pair<std::unique_ptr<Stream>, std::unique_ptr<Stream>> make_memory_pipe(
    MemoryPipeOptions options = {});

}  // namespace fwd

#endif
