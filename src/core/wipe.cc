// Leaving nothing of a secret behind.
#include "core/wipe.h"

#include <string.h>

namespace fwd {

void wipe(void* octets, std::size_t size) {
  if (size > 0) ::explicit_bzero(octets, size);
}

void wipe(std::string& octets) {
  octets.resize(octets.capacity());
  wipe(octets.data(), octets.size());
  octets.clear();
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
