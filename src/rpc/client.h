#ifndef FWD_RPC_CLIENT_H
#define FWD_RPC_CLIENT_H

// The door, as a daemon sees it: objects that keep the promises by asking.

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "core/clock.h"
#include "core/outcome.h"
#include "core/stream.h"
#include "core/task.h"
#include "rpc/door.h"
#include "rpc/limits.h"
#include "rpc/remote_deliveries.h"
#include "rpc/remote_directory.h"
#include "rpc/remote_forwarding.h"
#include "rpc/remote_journal.h"
#include "rpc/remote_logins.h"
#include "rpc/remote_queue.h"
#include "rpc/remote_sender_lists.h"
#include "rpc/remote_state.h"
#include "rpc/remote_submission.h"

namespace fwd::rpc {

// One connection for everything, logins as well.  Mailboxes and senders hold
// the connection and may outlive the client.
class DoorClient final : private Door {
 public:
  explicit DoorClient(std::unique_ptr<Stream> stream, Limits limits = {});

  model::Logins& logins() { return logins_; }
  model::Deliveries& deliveries() { return deliveries_; }
  model::Directory& directory() { return directory_; }
  model::State& state() { return state_; }
  model::Journal& journal() { return journal_; }
  model::Submission& submission() { return submission_; }
  model::Queue& queue() { return queue_; }
  model::Forwarding& forwarding() { return forwarding_; }
  model::SenderLists& sender_lists() { return sender_lists_; }

  bool connected() const { return link_->connected(); }
  // Set once the connection is lost.
  Event& closed() { return link_->closed(); }
  std::string why_closed() const { return link_->why_closed(); }
  void close() { link_->close(); }

 private:
  Task<Outcome<Parcel>> ask(Verb verb, Parcel request, std::chrono::milliseconds wait) override;
  Task<Outcome<std::shared_ptr<Link>>> link_for_login() override;

  std::shared_ptr<Link> link_;
  RemoteLogins logins_{*this};
  RemoteDeliveries deliveries_{*this};
  RemoteDirectory directory_{*this};
  RemoteState state_{*this};
  RemoteJournal journal_{*this};
  RemoteSubmission submission_{*this};
  RemoteQueue queue_{*this};
  RemoteForwarding forwarding_{*this};
  RemoteSenderLists sender_lists_{*this};
};

// Connects to the door's socket.
using Connector = std::function<Task<Outcome<std::unique_ptr<Stream>>>()>;

// Survives a restart of the door: one shared connection, opened when it is
// needed and again after it was lost, and one more for each login.  What was
// under way when a connection is lost ends with kUnavailable and is not
// repeated: it may have been obeyed.  While the door cannot be reached, calls
// fail at once and a new attempt is made after a growing pause.
class DoorPool final : private Door {
 public:
  struct Options {
    Limits limits;
    std::chrono::milliseconds first_pause{100};
    std::chrono::milliseconds longest_pause{5000};
    // A connection attempt that takes longer, the door's greeting included,
    // has failed: somebody else may hold the socket of a door that is down.
    std::chrono::milliseconds connect_timeout{5000};
    // A question that was not answered by then has failed, obeyed or not; one
    // that may wait at the door for something to come has that time besides.
    std::chrono::milliseconds answer_timeout{120000};
  };
  // `clock` must outlive the pool.
  DoorPool(Connector connector, Clock& clock, Options options);
  DoorPool(Connector connector, Clock& clock);

  model::Logins& logins() { return logins_; }
  model::Deliveries& deliveries() { return deliveries_; }
  model::Directory& directory() { return directory_; }
  model::State& state() { return state_; }
  model::Journal& journal() { return journal_; }
  model::Submission& submission() { return submission_; }
  model::Queue& queue() { return queue_; }
  model::Forwarding& forwarding() { return forwarding_; }
  model::SenderLists& sender_lists() { return sender_lists_; }

  // Connects now, or says why not: for start-up checks.
  Task<Outcome<void>> connect();

 private:
  Task<Outcome<Parcel>> ask(Verb verb, Parcel request, std::chrono::milliseconds wait) override;
  Task<Outcome<std::shared_ptr<Link>>> link_for_login() override;
  Task<Outcome<std::shared_ptr<Link>>> open_link();
  Task<Outcome<std::shared_ptr<Link>>> shared_link();
  void note_failure(Failure why);

  Connector connector_;
  Clock& clock_;
  Options options_;
  std::shared_ptr<Link> shared_;
  bool connecting_ = false;              // somebody is opening the shared connection
  Event attempted_;                      // pulsed when he has an answer
  std::optional<Failure> last_failure_;  // of the last attempt
  Instant next_attempt_{};
  std::chrono::milliseconds pause_{};
  RemoteLogins logins_{*this};
  RemoteDeliveries deliveries_{*this};
  RemoteDirectory directory_{*this};
  RemoteState state_{*this};
  RemoteJournal journal_{*this};
  RemoteSubmission submission_{*this};
  RemoteQueue queue_{*this};
  RemoteForwarding forwarding_{*this};
  RemoteSenderLists sender_lists_{*this};
};

}  // namespace fwd::rpc

#endif
