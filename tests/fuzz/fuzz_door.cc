// The door: a caller of the role that the first octet names says the rest.
#include "fuzz/fuzz.h"
#include "unit/rpc/door_pair.h"

namespace {

fwd::Task<void> say(fwd::Stream& stream, std::string octets) {
  auto writing = stream.write(octets);
  const auto done = co_await writing;
  static_cast<void>(done.ok());
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  fwd::test::PairOptions options;
  options.role = fwd::rpc::all_roles()[data[0] % fwd::rpc::kRoleCount];
  options.limits.upload_octets = 1 << 20;
  fwd::test::DoorPair pair(options);
  const auto caller = pair.open();
  auto saying = say(*caller, std::string(fwd::fuzz::text_of(data + 1, size - 1)));
  if (!saying.start(std::noop_coroutine())) fwd::run_ready();
  caller->close();
  fwd::run_ready();
  fwd::fuzz::must(pair.bugs.empty() && pair.ended.size() == 1);
  return 0;
}
