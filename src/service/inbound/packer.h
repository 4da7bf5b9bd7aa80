#ifndef FWD_SERVICE_INBOUND_PACKER_H
#define FWD_SERVICE_INBOUND_PACKER_H

// Where a message is worked out and compressed: here and now, or, when it is
// long, on a worker thread, so that no session waits for another's attachment.

#include <cstddef>
#include <string>

#include "core/outcome.h"
#include "core/task.h"
#include "format/packed_message.h"

namespace fwd::net {
class Workers;
}

namespace fwd::service {

class Packer {
 public:
  virtual ~Packer() = default;
  virtual Task<Outcome<format::PackedMessage>> pack(std::string message) = 0;
};

class InlinePacker final : public Packer {
 public:
  Task<Outcome<format::PackedMessage>> pack(std::string message) override;
};

class WorkerPacker final : public Packer {
 public:
  // Messages of more than `inline_octets` go to `workers`, which must outlive this.
  WorkerPacker(net::Workers& workers, std::size_t inline_octets)
      : workers_(workers), inline_octets_(inline_octets) {}
  Task<Outcome<format::PackedMessage>> pack(std::string message) override;

 private:
  net::Workers& workers_;
  std::size_t inline_octets_;
  std::uint64_t next_key_ = 0;  // spreads messages over the threads
};

}  // namespace fwd::service

#endif
