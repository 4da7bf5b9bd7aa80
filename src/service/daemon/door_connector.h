#ifndef FWD_SERVICE_DAEMON_DOOR_CONNECTOR_H
#define FWD_SERVICE_DAEMON_DOOR_CONNECTOR_H

// How a program of this host reaches the door.

#include <string>

#include "config/options.h"
#include "net/loop.h"
#include "rpc/client.h"

namespace fwd::daemon {

// Connects to door.socket.  The loop must outlive the connector.
rpc::Connector door_connector(net::Loop& loop, const config::Options& options);

// Limits and time-outs of a pool of such connections.
rpc::DoorPool::Options door_options(const config::Options& options);

// server.hostname, or the system's own name when it is not set.
std::string host_name(const config::Options& options);

}  // namespace fwd::daemon

#endif
