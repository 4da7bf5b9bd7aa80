#ifndef FWD_NET_MACHINE_ID_H
#define FWD_NET_MACHINE_ID_H

// What tells this machine from all others, whatever their names.

#include <string>

namespace fwd::net {

// 32 hex digits, made of /etc/machine-id as machine-id(5) asks for, so that they give it
// away to nobody; without that file of the kernel's boot, which lasts until the next.
// "" when there is neither.
std::string machine_id();

}  // namespace fwd::net

#endif
