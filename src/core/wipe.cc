// Overwrites secrets.
#include "core/wipe.h"

#include <cstring>

namespace fwd {

void wipe(std::string& text) noexcept {
  text.resize(text.capacity());  // allocates nothing
  ::explicit_bzero(text.data(), text.size());
  text.clear();
}

}  // namespace fwd
