#ifndef FWD_RPC_SERVER_H
#define FWD_RPC_SERVER_H

// DoorServer: the door's side of the language.  Takes what callers ask to the
// promises, as far as their role and their logins reach (authority.h).

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/outcome.h"
#include "core/stream.h"
#include "core/task.h"
#include "model/deliveries.h"
#include "model/directory.h"
#include "model/forwarding.h"
#include "model/journal.h"
#include "model/logins.h"
#include "model/queue.h"
#include "model/sender_lists.h"
#include "model/state.h"
#include "model/submission.h"
#include "rpc/budget.h"
#include "rpc/limits.h"
#include "rpc/load.h"
#include "rpc/role.h"

namespace fwd::rpc {

// Who keeps what.  A verb of a promise that nobody keeps is answered kCannot.
struct Promises {
  model::Logins* logins = nullptr;
  model::Deliveries* deliveries = nullptr;
  model::Directory* directory = nullptr;
  std::function<model::State*(Role role)> state;  // what callers of that role keep
  model::Journal* journal = nullptr;
  model::Submission* submission = nullptr;
  model::Queue* queue = nullptr;
  model::Forwarding* forwarding = nullptr;
  model::SenderLists* sender_lists = nullptr;
};

// What the daemon may want to log.  Neither may destroy the server.
struct ServerEvents {
  // A caller asked for what is not his: the verb's name, or its number when it
  // is no verb.
  std::function<void(Role role, const std::string& verb)> on_denied;
  // A call ended by an exception; its caller was told kBug.
  std::function<void(const std::string& verb, const std::string& what)> on_bug;
};

class DoorServer {
 public:
  // The promises must outlive the server, and the server its serve() tasks.
  DoorServer(Promises promises, ServerEvents events, Limits limits = {});
  DoorServer(const DoorServer&) = delete;
  DoorServer& operator=(const DoorServer&) = delete;

  // Serves one connection until it ends; its calls and logins end with it.
  // Success when the caller hung up; kBadInput when he broke the language.
  Task<Outcome<void>> serve(std::unique_ptr<Stream> stream, Role role);

 private:
  Promises promises_;
  ServerEvents events_;
  Limits limits_;
  // By role, so that one broken daemon cannot hold up the others.
  struct Shared {
    explicit Shared(const Limits& limits)
        : uploads(limits.upload_octets), load(limits.load_octets) {}
    Budget uploads;
    Load load;
  };
  std::array<Shared, kRoleCount> shared_;
};

}  // namespace fwd::rpc

#endif
