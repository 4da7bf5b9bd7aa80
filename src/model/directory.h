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
#include "model/records.h"

namespace fwd::model {

// What a new password or credential gave back.  Shown once, never stored.
struct NewCredential {
  std::string address;
  std::string password;       // the generated one; empty when the person chose it
  std::string recovery_code;  // only when the mailbox was made by this call
};

// How a mailbox that already has a password gets another.
struct PasswordChange {
  std::string new_password;      // empty: generate 24 characters
  std::string current_password;  // rewraps the mailbox's keys …
  std::string recovery_code;     // … as this does when the password is lost
  bool start_over = false;       // or: delete the mailbox and begin a new one
  std::string description;
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
  // kBadLogin: the current password or code is wrong; kBadInput: the new
  // password is too weak (it says why).
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

  // What an operator may know of a mailbox without its password.
  struct MailboxStat {
    std::string alias_id, address;
    bool exists = false;  // a password was set, the file is there
    std::uint64_t file_octets = 0;
    std::uint64_t quota = 0;
    std::uint64_t waiting = 0;  // sealed messages not yet drained
    std::uint64_t waiting_octets = 0;
    bool open = false;            // somebody is logged in
    std::int64_t last_login = 0;  // seconds since 1970, 0: never
  };
  virtual Task<Outcome<std::vector<MailboxStat>>> mailbox_stats(std::string alias_id) = 0;
};

}  // namespace fwd::model

#endif
