// Asks systemd's library who this machine is.
#include "net/machine_id.h"

#include <systemd/sd-id128.h>

namespace fwd::net {
namespace {

// This program's own, made at random once.
constexpr sd_id128_t kProgram =
    SD_ID128_MAKE(fe, a7, 9a, 9b, b4, 8d, 13, 5d, d8, d3, 9d, 1e, 83, 31, 1c, 2d);

}  // namespace

std::string machine_id() {
  sd_id128_t id;
  if (::sd_id128_get_machine_app_specific(kProgram, &id) < 0 &&
      ::sd_id128_get_boot_app_specific(kProgram, &id) < 0)
    return {};
  char text[SD_ID128_STRING_MAX];
  return ::sd_id128_to_string(id, text);
}

}  // namespace fwd::net
