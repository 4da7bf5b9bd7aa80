// Packs long messages on worker threads.
#include "service/daemon/worker_packer.h"

#include <memory>
#include <utility>

#include "format/outline.h"

namespace fwd::daemon {
namespace {

// A job owns all it uses: the session may be gone before it ends.
struct PackJob {
  std::shared_ptr<const std::string> message;
  format::PackedMessage operator()() const { return format::pack_message(*message); }
};

}  // namespace

Task<Outcome<format::PackedMessage>> WorkerPacker::pack(std::string message) {
  if (message.size() <= inline_octets_) co_return format::pack_message(message);
  PackJob job{std::make_shared<const std::string>(std::move(message))};
  auto packing = workers_.run(next_key_++, std::move(job));
  auto packed = co_await packing;
  co_return std::move(packed);
}

}  // namespace fwd::daemon
