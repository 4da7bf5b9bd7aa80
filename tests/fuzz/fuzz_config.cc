// A configuration file: every fault is told, and none is a crash.
#include <sys/mman.h>
#include <unistd.h>

#include "config/options.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int file = ::memfd_create("forwardemail.conf", MFD_CLOEXEC);
  fwd::fuzz::must(::write(file, data, size) == static_cast<ssize_t>(size));
  static const char* const kPrograms[] = {"imapd", "mxd", "sqlited"};
  const auto loaded =
      fwd::config::load_options({kPrograms[size % 3], "/proc/self/fd/" + std::to_string(file), {}});
  fwd::fuzz::must(loaded.faults.empty() == (loaded.options != nullptr));
  for (const auto& fault : loaded.faults) fwd::fuzz::must(!fault.line().empty());
  if (loaded.options) fwd::fuzz::must(loaded.options->show(true).size() > 100);
  ::close(file);
  return 0;
}
