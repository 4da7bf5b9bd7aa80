// Leaving nothing of a secret behind.
#include "core/wipe.h"

#include <string.h>

namespace fwd {
namespace {

constexpr std::size_t kStackBelow = 16 * 1024;

}  // namespace

void wipe(void* octets, std::size_t size) {
  if (size > 0) ::explicit_bzero(octets, size);
}

void wipe(std::string& octets) {
  octets.resize(octets.capacity());
  wipe(octets.data(), octets.size());
  octets.clear();
}

[[gnu::noinline]] void wipe_stack() {
  char below[kStackBelow];
  ::explicit_bzero(below, sizeof below);
}

void reserve_wiped(std::string& octets, std::size_t size) {
  if (size <= octets.capacity()) return;
  std::string larger;
  larger.reserve(size > 2 * octets.capacity() ? size : 2 * octets.capacity());
  larger = octets;
  wipe(octets);
  octets.swap(larger);
}

}  // namespace fwd
