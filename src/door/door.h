#ifndef FWD_DOOR_DOOR_H
#define FWD_DOOR_DOOR_H

// The door whole: opens everything below one folder with keys made from the
// server key, joins it, and keeps it.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "core/task_group.h"
#include "door/delivery_keeper.h"
#include "door/directory_keeper.h"
#include "door/forwarding_keeper.h"
#include "door/login_keeper.h"
#include "door/open_mailboxes.h"
#include "door/queue_keeper.h"
#include "door/queue_watch.h"
#include "door/return_paths.h"
#include "door/sender_list_keeper.h"
#include "door/signing_keys.h"
#include "door/stores.h"
#include "door/submission_keeper.h"
#include "door/webhook_keys.h"
#include "net/workers.h"
#include "storage/journal/journal_store.h"
#include "storage/state/state_store.h"

namespace fwd::door {

struct DoorOptions {
  std::string folder;           // made when missing
  std::string server_key_file;  // see crypto/server_key.h
  directory::FileOptions directory;
  mailbox::StoreOptions mailboxes;  // `folder` is made below the folder when empty
  spool::SpoolOptions spool;        // `folder` is made below the folder
  LoginLimits logins;
  Events events;
  std::vector<std::string> state_owners;  // each with its own keys and room
  state::StateLimits state_limits;        // of each
  std::chrono::milliseconds journal_retention = std::chrono::hours(24 * 7);
  journal::JournalBounds journal_bounds;
  queue::QueueOptions queue;
  std::chrono::milliseconds queue_retention = std::chrono::hours(24 * 30);  // after the end
  std::chrono::milliseconds queue_age = std::chrono::hours(4);  // mail may wait; 0: no limit
  SubmissionLimits submission;
};

class Door {
 public:
  // kUnavailable or kCorrupt; private_text says which file could not be opened,
  // and why.  `loop` and `workers` must outlive it.
  static Task<Outcome<std::unique_ptr<Door>>> open(net::Loop& loop, net::Workers& workers,
                                                   DoorOptions options);

  model::Logins& logins() { return *logins_; }
  model::Deliveries& deliveries() { return *deliveries_; }
  model::Directory& directory() { return *directory_keeper_; }
  // What callers of that name keep; nullptr for one that DoorOptions do not name.
  model::State* state(const std::string& owner) { return state_->find(owner); }
  model::Journal& journal() { return *journal_; }
  model::Queue& queue() { return *queue_keeper_; }
  model::Submission& submission() { return *submission_; }
  model::SenderLists& sender_lists() { return *sender_lists_; }
  model::Forwarding& forwarding() { return *forwarding_; }

  // What runs beside: writing behind, forgetting old entries of the journal, ended
  // messages of the queue and expired entries of the sender lists, watching the
  // queue's age.
  void start_upkeep(TaskGroup& tasks);
  // What may change while the door is open.
  void set_journal_limits(std::chrono::milliseconds retention, journal::JournalBounds bounds) {
    options_.journal_retention = retention;
    journal_->set_bounds(bounds);
  }
  void set_queue_retention(std::chrono::milliseconds span) { options_.queue_retention = span; }
  void set_queue_age(std::chrono::milliseconds age) { watch_->set_age(age); }
  void set_submission(SubmissionLimits limits) { submission_->set_limits(std::move(limits)); }
  // Finishes what is under way and writes all that waits.
  Task<void> flush();

 private:
  Door(net::Loop& loop, net::Workers& workers, DoorOptions options, crypto::SecretKey server_key);
  Task<Outcome<void>> open_all();
  void join();  // once all are open
  Task<void> forget_old_entries();
  Task<void> tell_orphans();
  Task<void> forget_old_messages();
  Task<void> forget_expired_listed();

  net::Loop& loop_;
  net::Workers& workers_;
  net::Workers stretchers_;
  net::Workers key_makers_;
  DoorOptions options_;
  std::shared_ptr<const crypto::SecretKey> server_key_;
  std::unique_ptr<directory::DirectoryStore> directory_;
  std::unique_ptr<state::StateStore> state_;
  std::unique_ptr<journal::JournalStore> journal_;
  std::unique_ptr<mailbox::MailboxStore> mailboxes_;
  std::unique_ptr<spool::Spool> spool_;
  std::unique_ptr<queue::QueueStore> queue_;
  std::unique_ptr<Stores> stores_;
  std::unique_ptr<OpenMailboxes> open_mailboxes_;
  std::unique_ptr<Guesses> guesses_;
  std::unique_ptr<ReturnPaths> paths_;
  std::unique_ptr<SigningKeys> keys_;
  std::unique_ptr<WebhookKeys> webhooks_;
  std::unique_ptr<RecipientVerification> verification_;
  std::unique_ptr<TxtValues> txt_;
  std::unique_ptr<LoginProof> proof_;
  std::unique_ptr<LoginKeeper> logins_;
  std::unique_ptr<DeliveryKeeper> deliveries_;
  std::unique_ptr<DirectoryKeeper> directory_keeper_;
  std::unique_ptr<QueueKeeper> queue_keeper_;
  std::unique_ptr<QueueWatch> watch_;
  std::unique_ptr<SubmissionKeeper> submission_;
  std::unique_ptr<SenderListKeeper> sender_lists_;
  std::unique_ptr<ForwardingKeeper> forwarding_;
  // Last, so that it goes first.  What runs there hands its exceptions to those who wait.
  TaskGroup tasks_{[](const std::string&, const std::string&) {}};
};

}  // namespace fwd::door

#endif
