#ifndef FWD_NET_SERVICE_MANAGER_H
#define FWD_NET_SERVICE_MANAGER_H

// What systemd is told, and does without when it is not there.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace fwd::net {

// sd_notify(3): "READY=1", "STOPPING=1", "STATUS=…", lines joined by LF.
void notify_manager(const std::string& state);

// How often "WATCHDOG=1" must be told at least; nothing when nobody listens.
std::optional<std::chrono::microseconds> watchdog_limit();

// True when standard error is the journal's own stream (JOURNAL_STREAM).
bool stderr_is_journal();

// One entry of "NAME=value" fields.  False when the journal does not take it.
bool send_to_journal(const std::vector<std::string>& fields);

}  // namespace fwd::net

#endif
