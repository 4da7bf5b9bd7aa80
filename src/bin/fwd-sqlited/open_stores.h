#ifndef FWD_BIN_FWD_SQLITED_OPEN_STORES_H
#define FWD_BIN_FWD_SQLITED_OPEN_STORES_H

// Opens everything below data.folder with keys made from the server key, and
// holds it together.

#include <memory>
#include <optional>

#include "config/options.h"
#include "core/task_group.h"
#include "door/delivery_keeper.h"
#include "door/directory_keeper.h"
#include "door/login_keeper.h"
#include "door/open_mailboxes.h"
#include "door/stores.h"
#include "net/workers.h"
#include "rpc/server.h"
#include "storage/journal/journal_store.h"
#include "storage/state/state_store.h"

namespace fwd::sqlited {

class OpenStores {
 public:
  // kUnavailable or kCorrupt with which file could not be opened, and why.
  // `loop` and `workers` must outlive it.
  static Task<Outcome<std::unique_ptr<OpenStores>>> open(net::Loop& loop, net::Workers& workers,
                                                         const config::Options& options);

  rpc::Promises promises();
  // What runs beside: writing behind, forgetting old entries of the journal.
  void start_upkeep(TaskGroup& tasks);
  void set_journal_retention(std::chrono::milliseconds retention) { retention_ = retention; }
  // Writes all that waits.
  Task<void> flush();

 private:
  OpenStores(net::Loop& loop, net::Workers& workers, crypto::SecretKey server_key);
  Task<Outcome<void>> open_all(const config::Options& options);
  Task<void> forget_old_entries();

  net::Loop& loop_;
  net::Workers& workers_;
  net::Workers stretchers_;
  crypto::SecretKey server_key_;
  std::chrono::milliseconds retention_{};
  std::unique_ptr<directory::DirectoryStore> directory_;
  std::unique_ptr<state::StateStore> state_;
  std::unique_ptr<journal::JournalStore> journal_;
  std::unique_ptr<mailbox::MailboxStore> mailboxes_;
  std::unique_ptr<spool::Spool> spool_;
  std::unique_ptr<door::Stores> stores_;
  std::unique_ptr<door::OpenMailboxes> open_mailboxes_;
  std::unique_ptr<door::LoginKeeper> logins_;
  std::unique_ptr<door::DeliveryKeeper> deliveries_;
  std::unique_ptr<door::DirectoryKeeper> directory_keeper_;
};

}  // namespace fwd::sqlited

#endif
