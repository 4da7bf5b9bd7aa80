#ifndef FWD_TESTS_SUPPORT_MEMORY_MAILBOX_H
#define FWD_TESTS_SUPPORT_MEMORY_MAILBOX_H

// A keeper of mailboxes in memory: the promises of model/mailbox.h and
// model/logins.h with their real semantics (UIDs, modseqs, expunge records,
// notices to every open handle), for tests of those who ask for them.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/clock.h"
#include "model/logins.h"
#include "model/mailbox.h"

namespace fwd::test {

struct MemoryAccount;

// One account's data; handles to it may be many.
class MemoryStore {
 public:
  // `clock` dates messages.  Makes INBOX, Drafts, Sent Mail, Archive, Spam, Trash.
  MemoryStore(Clock& clock, std::string alias_id, std::string address);
  ~MemoryStore();

  // What a login gets.
  std::shared_ptr<model::Mailbox> open();
  model::LoggedIn log_in();

  // Mail comes in, as a delivery does; gives its UID.
  model::Uid deliver(const std::string& path, std::string_view message, model::Flags flags = {});
  // Every handle is told that its login has ended.
  void log_out_all(const std::string& why);
  void set_quota(std::uint64_t octets);
  // Every call fails so until it is set to nothing.
  void fail_with(std::optional<Failure> failure);
  // Breaks the packed octets of one message's last chunk.
  void corrupt(const std::string& path, model::Uid uid);
  // Forgets expunge records: what a client that was away for long meets.
  void forget_expunges();
  // Calls made so far, by name.
  const std::map<std::string, int>& calls() const;

 private:
  std::shared_ptr<MemoryAccount> account_;
};

// Logins over stores.  SCRAM is what the test puts in.
class MemoryLogins final : public model::Logins {
 public:
  using BeginScram = std::function<Outcome<std::unique_ptr<model::ScramExchange>>(
      const std::string& client_first, bool offered_plus)>;

  void add(const std::string& address, const std::string& password, MemoryStore& store);
  void set_scram(BeginScram begin) { begin_ = std::move(begin); }

  Task<Outcome<model::LoggedIn>> log_in(model::LoginContext context, std::string address,
                                        std::string password) override;
  Task<Outcome<std::unique_ptr<model::ScramExchange>>> begin_scram(model::LoginContext context,
                                                                   std::string client_first,
                                                                   bool offered_plus) override;

 private:
  struct User {
    std::string password;
    MemoryStore* store;
  };
  std::map<std::string, User> users_;
  BeginScram begin_;
};

}  // namespace fwd::test

#endif
