#ifndef FWD_MODEL_DIRECTORY_H
#define FWD_MODEL_DIRECTORY_H

// Directory: users, domains, aliases and their credentials.  Records have all
// the fields of the reference's models (see records.h); a field we do not yet
// act on is kept and given back unchanged.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "core/task.h"
#include "core/wipe.h"
#include "model/records.h"

namespace fwd::model {

// What a new password or credential gave back.  Shown once, never stored.
struct NewCredential {
  std::string address;
  std::string password;       // the generated one; empty when the person chose it
  std::string recovery_code;  // only when the mailbox was made by this call
};

// How a mailbox that already has a password gets another.  Wipes its secrets
// when it dies, and when they were moved out of it.
struct PasswordChange {
  PasswordChange() = default;
  PasswordChange(const PasswordChange&) = default;
  PasswordChange(PasswordChange&&) = default;
  PasswordChange& operator=(const PasswordChange&) = default;
  PasswordChange& operator=(PasswordChange&&) = default;
  ~PasswordChange() {
    for (std::string* secret : {&new_password, &current_password, &recovery_code}) wipe(*secret);
  }
  std::string new_password;      // empty: generate 24 characters
  std::string current_password;  // rewraps the mailbox's keys …
  std::string recovery_code;     // … as this does when the password is lost
  bool start_over = false;       // or: delete the mailbox and begin a new one
  std::string description;
  // Who asks for it: a wrong password or code counts as a wrong login from there,
  // or, when it is empty, at this alias.
  std::string peer_ip;
};

// A password of a whole domain for sending.  Shown once, never stored.
struct NewDomainPassword {
  std::string id;        // of its Token
  std::string address;   // "*@example.test"
  std::string password;  // 24 characters
};

class Directory {
 public:
  virtual ~Directory() = default;

  // Every put checks the whole record (records.h) and answers kBadInput with
  // the field's name and rule, kExists for a taken name, kNotFound for a
  // missing parent, kWrongState when `updated_at` is not the stored one.
  // An empty id makes a new record; the stored record is given back.
  virtual Task<Outcome<User>> put_user(User user) = 0;
  virtual Task<Outcome<Domain>> put_domain(Domain domain) = 0;
  virtual Task<Outcome<Alias>> put_alias(Alias alias) = 0;

  // By id or by name: an address for users, a domain name for domains.
  virtual Task<Outcome<User>> get_user(std::string id_or_email) = 0;
  virtual Task<Outcome<Domain>> get_domain(std::string id_or_name) = 0;
  virtual Task<Outcome<Alias>> get_alias(std::string id_or_address) = 0;

  virtual Task<Outcome<std::vector<User>>> list_users() = 0;
  virtual Task<Outcome<std::vector<Domain>>> list_domains() = 0;
  // Aliases of one domain, or of all when empty; ordered by name.
  virtual Task<Outcome<std::vector<Alias>>> list_aliases(std::string domain_id) = 0;

  // A user must have no domains, a domain no aliases unless `with_contents`.
  virtual Task<Outcome<void>> remove_user(std::string id) = 0;
  virtual Task<Outcome<void>> remove_domain(std::string id, bool with_contents) = 0;
  virtual Task<Outcome<void>> remove_alias(std::string id) = 0;

  // Makes or changes the alias's password, and its mailbox with the first one.
  // kWrongState: it has a password and none of the three ways is given;
  // kBadLogin: the current password or code is wrong; kBusy: too many of these,
  // or somebody else is changing the alias; kBadInput: the new password is too
  // weak (it says why).
  virtual Task<Outcome<NewCredential>> set_alias_password(std::string alias_id,
                                                          PasswordChange change) = 0;

  // Passwords with which one may send as any address of a domain (records.h:
  // Token).  `user_id`: whose mail it counts as; empty: the domain's first admin.
  // kOverLimit: the domain has as many as it may have; kNotFound.
  virtual Task<Outcome<NewDomainPassword>> add_domain_password(std::string domain_id,
                                                               std::string user_id,
                                                               std::string description);
  // Without their hashes.
  virtual Task<Outcome<std::vector<Token>>> list_domain_passwords(std::string domain_id);
  virtual Task<Outcome<void>> remove_domain_password(std::string domain_id, std::string token_id);

  // The text of a TXT record of the domain with `value` sealed, for who does not
  // want the world to read where mail goes: resolve_recipient() takes it like
  // the open one.  kBadInput: empty, or more than 2000 octets; kNotFound.
  virtual Task<Outcome<std::string>> seal_txt_value(std::string domain_id, std::string value);

  // What an operator may know of a mailbox without its password.
  struct MailboxStat {
    std::string alias_id, address;
    bool exists = false;  // a password was set, the file is there
    std::uint64_t file_octets = 0;
    std::uint64_t quota = 0;
    std::uint64_t waiting = 0;  // sealed messages not yet drained
    std::uint64_t waiting_octets = 0;
    std::uint64_t set_aside = 0;  // of those: could not be taken in, see waiting_mail()
    bool open = false;            // somebody is logged in
    std::int64_t last_login = 0;  // seconds since 1970, 0: never
  };
  virtual Task<Outcome<std::vector<MailboxStat>>> mailbox_stats(std::string alias_id) = 0;

  // One sealed message that waits for its owner's login, or that could not be
  // taken in at one and was set aside.
  struct WaitingMail {
    std::int64_t entry = 0;   // counts up
    std::string message_id;   // our log's id of the message
    std::int64_t stored = 0;  // seconds since 1970
    std::uint64_t octets = 0;
    bool is_aside = false;
    std::int64_t aside_since = 0;  // seconds since 1970; 0: not known
    std::string why;               // it was set aside, in the log's words
  };
  // Those above `after_entry`, ascending, at most kWaitingPage; none: no more.
  virtual Task<Outcome<std::vector<WaitingMail>>> waiting_mail(std::string alias_id,
                                                               std::int64_t after_entry) = 0;
  static constexpr std::uint32_t kWaitingPage = 1000;
  // Lets what was set aside be taken in after all, at once when the mailbox is
  // open, else at the next login; what fails again is set aside again.  Gives
  // how many.
  virtual Task<Outcome<std::uint64_t>> retry_waiting(std::string alias_id) = 0;

  // What should not be: files and spooled mail without a mailbox in the
  // directory, mailboxes without a file.  Nothing of it is ever removed unasked.
  enum class OrphanKind : std::uint8_t {
    kFile = 1,        // a file that is no known mailbox's
    kMail = 2,        // sealed mail for a mailbox that is not known
    kMissing = 3,     // a mailbox whose file is gone
    kUnfinished = 4,  // a removal, or a beginning anew, that cannot be finished now
  };
  struct Orphan {
    OrphanKind kind = OrphanKind::kFile;
    std::string alias_id;       // empty: a file's name does not tell
    std::string address;        // when there is such an alias
    std::string path;           // kFile
    std::uint64_t entries = 0;  // kMail
    std::uint64_t octets = 0;   // kFile, kMail
  };
  // Finishes what was left unfinished, then looks.  At most kMostOrphans.
  virtual Task<Outcome<std::vector<Orphan>>> find_orphans() = 0;
  static constexpr std::size_t kMostOrphans = 1000;
  // Removes the file and the spooled mail of an alias that is no more.
  // kWrongState: it is there; kBadInput: no alias id; kNotFound: nothing is left.
  virtual Task<Outcome<void>> discard_orphan(std::string alias_id) = 0;
};

}  // namespace fwd::model

#endif
