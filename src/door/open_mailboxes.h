#ifndef FWD_DOOR_OPEN_MAILBOXES_H
#define FWD_DOOR_OPEN_MAILBOXES_H

// Which mailboxes somebody has open, and how mail gets into one: straight into
// its file while it is open, sealed into the spool otherwise.
//
//   closed --log in--> draining --spool empty--> direct --last log out--> closed
//              mail goes to the spool   |            mail goes to the file
//              and is drained after ----+

#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/event.h"
#include "core/outcome.h"
#include "core/task.h"
#include "crypto/credentials.h"
#include "door/gates.h"
#include "door/stores.h"
#include "model/mailbox.h"

namespace fwd::door {

class OpenMailboxes {
 public:
  explicit OpenMailboxes(Stores& stores)
      : stores_(stores), life_(std::make_shared<OpenMailboxes*>(this)) {}

  // Opens the mailbox with its keys and takes in what waits in the spool; what
  // cannot be taken in stays there and shuts nobody out.  The mailbox counts as
  // open until the last pointer is gone.  kBusy: it is open too often;
  // kUnavailable: it is being made anew.
  Task<Outcome<std::shared_ptr<model::Mailbox>>> open(std::string alias_id, crypto::Bundle bundle,
                                                      std::uint64_t quota);

  // Stores all of them, durably.  `inbox_public` of each mailbox is asked of
  // the directory.  kUnavailable, and nothing stored: one is being made anew.
  struct Target {
    std::string alias_id;
    mailbox::Incoming incoming;
  };
  Task<Outcome<void>> deliver(std::vector<Target> targets);

  // Lets what was set aside in the spool be taken in after all: now when somebody
  // has the mailbox open, else at the next login.  Gives how many.
  Task<Outcome<std::uint64_t>> bring_back(std::string alias_id);

  // Octets of mail the mailbox holds and that wait for it; may be half a minute old.
  Task<Outcome<std::uint64_t>> used(std::string alias_id);
  // Counts mail that is about to be delivered, so that deliveries side by side
  // do not fill the same room.  kOverQuota.
  Task<Outcome<void>> take_room(std::string alias_id, std::uint64_t octets, std::uint64_t quota);

  // Counts whatever may end a login: who reads the same number before he looks at
  // a credential and after he opened the mailbox by it knows that it still holds.
  std::uint64_t changes() const { return changes_; }
  void note_change() { ++changes_; }

  // Passed by whoever opens a mailbox here or delivers to it.
  Gates& gates() { return gates_; }

  // Forgets what was remembered of an alias whose mailbox was made anew or removed.
  void forget(const std::string& alias_id);

 private:
  // A mailbox somebody has open.
  struct Open {
    Open(std::string id, crypto::SecretKey secret)
        : alias_id(std::move(id)), inbox_secret(std::move(secret)) {}
    std::string alias_id;
    crypto::SecretKey inbox_secret;
    bool direct = false;    // the spool was empty once: mail goes to the file
    bool draining = false;  // a drain is under way; others wait for `drained`
    Event drained;
  };
  // One login's hold on a mailbox.
  struct Held {
    ~Held();
    std::shared_ptr<model::Mailbox> mailbox;
    std::shared_ptr<Open> open;
    std::weak_ptr<OpenMailboxes*> door;
  };
  struct Usage {
    std::uint64_t octets = 0;
    Instant read_at;
  };

  std::shared_ptr<Open> find_open(const std::string& alias_id) const;
  Task<Outcome<void>> drain(std::shared_ptr<Open> open);
  Task<Outcome<void>> drain_all(std::shared_ptr<Open> open);
  Task<Outcome<void>> set_aside(std::string alias_id, std::int64_t entry, Failure why);
  void report(const std::string& alias_id, std::int64_t entry, const Failure& why) const;
  Task<Outcome<std::string>> inbox_public(std::string alias_id);
  Task<Outcome<spool::SpoolEntry>> seal(std::string alias_id, mailbox::Incoming incoming);

  // Tells the directory how much the mailbox holds, when that has changed.
  void note_used(const std::string& alias_id);
  Task<void> write_used(std::string alias_id, std::uint64_t octets);
  Task<Outcome<std::uint64_t>> file_used(std::string alias_id);

  Stores& stores_;
  std::shared_ptr<OpenMailboxes*> life_;  // handles may outlive us
  Gates gates_;
  std::uint64_t changes_ = 0;
  std::unordered_map<std::string, std::weak_ptr<Open>> open_;
  std::unordered_map<std::string, std::string> inbox_keys_;  // public halves; bounded
  std::unordered_map<std::string, Usage> usage_;             // bounded
  std::unordered_map<std::string, std::uint64_t> noted_;     // bounded
};

}  // namespace fwd::door

#endif
