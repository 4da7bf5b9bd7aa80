#ifndef FWD_DOOR_STORES_H
#define FWD_DOOR_STORES_H

// What the door joins, and what its parts share.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/clock.h"
#include "core/task_group.h"
#include "crypto/secret.h"
#include "model/directory.h"
#include "model/state.h"
#include "net/workers.h"
#include "storage/directory/directory_store.h"
#include "storage/mailbox/mailbox_store.h"
#include "storage/queue/queue_file.h"
#include "storage/spool/spool.h"

namespace fwd::door {

// How often a wrong password is taken, and how its answer is timed.
struct LoginLimits {
  // A refusal is given this long after the question, whatever it cost.
  std::chrono::milliseconds failure_delay = std::chrono::seconds(1);
  std::uint64_t failures_per_address = 10;
  std::chrono::seconds failures_window = std::chrono::hours(1);
  std::size_t password_octets = 128;
  std::size_t sessions_per_alias = 60;
};

// What the daemon may want to log.  Any of these may be empty.
struct Events {
  // Mail could not be taken into its mailbox at a login; it is kept in the spool.
  // `entry`: the one set aside there, 0: all of it waits on.
  std::function<void(const std::string& alias_id, std::int64_t entry, const Failure& why)>
      on_mail_trouble;
  // The operator brought back what had been set aside.
  std::function<void(const std::string& alias_id, std::uint64_t entries)> on_mail_back;
  // A removal or a beginning anew that had been cut short was finished, or could not be.
  std::function<void(const directory::Intention& intention, const Outcome<void>& done)> on_finished;
  // Found at the start; nothing is done about it.
  std::function<void(const model::Directory::Orphan& orphan)> on_orphan;
  // A day has ended; `stat`: how the queue stands.
  std::function<void(const queue::QueueDay& day, const model::QueueStat& stat)> on_queue_day;
  // Mail waits too long (the oldest of it), or none does any more.
  std::function<void(const std::optional<queue::OldMessage>& oldest)> on_queue_age;
};

// All of these outlive everything in this folder.
struct Stores {
  Clock& clock;
  net::Workers& workers;     // files
  net::Workers& stretchers;  // Argon2id: never in the way of a file
  directory::DirectoryStore& directory;
  mailbox::MailboxStore& mailboxes;
  spool::Spool& spool;
  model::State& state;
  // Shared with jobs, which run on while the door closes.
  std::shared_ptr<const crypto::SecretKey> server_key;
  TaskGroup& tasks;  // what is finished though its caller hung up
  LoginLimits login;
  Events events;
};

}  // namespace fwd::door

#endif
