// Packs long messages on worker threads.
#include "service/daemon/worker_packer.h"

#include <memory>
#include <utility>

namespace fwd::daemon {
namespace {

// A job owns all it uses: the session may be gone before it ends.
struct PackJob {
  std::shared_ptr<const std::string> message;
  format::OutlineLimits limits;
  format::PackedMessage operator()() const { return format::pack_message(*message, limits); }
};

}  // namespace

format::OutlineLimits message_limits(const config::Options& options) {
  format::OutlineLimits limits;
  limits.depth = options.integer("message.depth-limit");
  limits.parts = options.integer("message.parts-limit");
  limits.header_octets = options.size("message.header-limit");
  limits.header_fields = options.integer("message.header-fields-limit");
  limits.search_octets = options.size("message.search-limit");
  return limits;
}

Task<Outcome<format::PackedMessage>> WorkerPacker::pack(std::string message) {
  if (message.size() <= inline_octets_) co_return format::pack_message(message, limits_);
  PackJob job{std::make_shared<const std::string>(std::move(message)), limits_};
  auto packing = workers_.run(next_key_++, std::move(job));
  auto packed = co_await packing;
  co_return std::move(packed);
}

}  // namespace fwd::daemon
