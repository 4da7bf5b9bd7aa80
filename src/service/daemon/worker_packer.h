#ifndef FWD_SERVICE_DAEMON_WORKER_PACKER_H
#define FWD_SERVICE_DAEMON_WORKER_PACKER_H

// Packs long messages on worker threads, short ones on the spot.

#include <cstddef>
#include <cstdint>

#include "config/options.h"
#include "format/message_packer.h"
#include "format/outline.h"
#include "net/workers.h"

namespace fwd::daemon {

// The options called "message.".
format::OutlineLimits message_limits(const config::Options& options);

class WorkerPacker final : public format::MessagePacker {
 public:
  // Messages of more than `inline_octets` go to `workers`, which must outlive this.
  WorkerPacker(net::Workers& workers, std::size_t inline_octets, format::OutlineLimits limits)
      : workers_(workers), inline_octets_(inline_octets), limits_(limits) {}
  Task<Outcome<format::PackedMessage>> pack(std::string message) override;

 private:
  net::Workers& workers_;
  std::size_t inline_octets_;
  format::OutlineLimits limits_;
  std::uint64_t next_key_ = 0;  // spreads messages over the threads
};

}  // namespace fwd::daemon

#endif
