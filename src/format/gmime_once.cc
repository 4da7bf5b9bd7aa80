// Starts GMime once a process.
#include "format/gmime_once.h"

#include <gmime/gmime.h>

namespace fwd::format {

void start_gmime() {
  static const bool started = [] {
    g_mime_init();
    return true;
  }();
  static_cast<void>(started);
}

}  // namespace fwd::format
