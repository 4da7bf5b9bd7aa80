#ifndef FWD_STORAGE_MAILBOX_SESSION_H
#define FWD_STORAGE_MAILBOX_SESSION_H

// One login's view of a mailbox: what it has not been told yet, and the
// model::Mailbox that a protocol holds.  All on the loop's thread.

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "core/clock.h"
#include "core/event.h"
#include "model/mailbox.h"
#include "storage/mailbox/box.h"

namespace fwd::mailbox {

struct Session {
  std::shared_ptr<Box> box;
  Clock* clock = nullptr;
  // Takes the session off its box; empty once the login has ended.
  std::function<void(Session&)> leave;
  bool ended() const { return !leave; }

  // Not told yet:
  std::set<model::FolderId> folders;
  bool folder_list = false;
  std::optional<std::string> good_bye;  // why the login ended
  Event news;

  void tell(const News& what);
  // Ends the login.  `reason` is told as kLoggedOut.
  void end(std::string reason);
  bool has_news() const { return good_bye || folder_list || !folders.empty(); }
  model::Notice take_notice();
  std::int64_t now() const { return unix_seconds(clock->wall()); }
};

// Leaves the mailbox when destroyed.
std::shared_ptr<model::Mailbox> make_handle(std::shared_ptr<Session> session);

}  // namespace fwd::mailbox

#endif
