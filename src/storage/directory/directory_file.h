#ifndef FWD_STORAGE_DIRECTORY_DIRECTORY_FILE_H
#define FWD_STORAGE_DIRECTORY_DIRECTORY_FILE_H

// directory.sqlite: the records of users, domains, aliases, and what logging in
// needs.  Blocking; used by one worker thread at a time.  The index, which may
// be asked from any thread, is changed with each commit.
//
// Faults of any call: kUnavailable, kCorrupt (see sqlcipher/database.h).  Those
// of the records are in model/directory.h.  `now` is the time of the change.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "model/records.h"
#include "storage/directory/credential_row.h"
#include "storage/directory/intention.h"
#include "storage/directory/recipient_index.h"
#include "storage/sqlcipher/database.h"

namespace fwd::directory {

struct FileOptions {
  std::size_t most_indexed_aliases = 200'000;  // kept in memory for RCPT
  // Of a mailbox for which neither alias, domain nor owner says one.
  std::uint64_t default_quota = model::kDefaultQuota;
  int cache_pages = 2048;
  std::size_t credentials = 100;             // of one alias
  std::size_t mailboxes = 25;                // one alias may lead to
  std::size_t listed = 100'000;              // entries of the sender lists
  std::string txt_prefix = "forward-email";  // of TXT records that hold aliases
};

// All that decides whether one may send, in one look.  What is gone is not there.
struct SenderRecord {
  std::optional<LoginRecord> login;  // of the alias
  std::optional<model::Alias> alias;
  std::optional<model::Domain> domain;
  std::optional<model::User> user;  // whose mail it is
  bool is_unlimited = false;        // the user, or an admin of the domain, runs the system
};

class DirectoryFile {
 public:
  // Opens or makes the file and fills the index.  `salt`: see Database::open.
  static Outcome<std::shared_ptr<DirectoryFile>> open(const std::string& path,
                                                      const crypto::SecretKey& key,
                                                      std::string_view salt,
                                                      FileOptions options = {});

  Outcome<model::User> put_user(model::User user, model::Date now);
  Outcome<model::Domain> put_domain(model::Domain domain, model::Date now);
  // `join` has the last word on what is stored, in the same transaction; `before` is
  // what is stored now, null for a new one.  What it fails with changes nothing.
  using JoinAlias = std::function<Outcome<void>(model::Alias& alias, const model::Alias* before,
                                                const model::Domain& domain)>;
  Outcome<model::Alias> put_alias(model::Alias alias, model::Date now, const JoinAlias& join = {});
  Outcome<model::User> get_user(const std::string& id_or_email);
  Outcome<model::Domain> get_domain(const std::string& id_or_name);
  Outcome<model::Alias> get_alias(const std::string& id_or_address);
  Outcome<std::vector<model::User>> list_users();
  Outcome<std::vector<model::Domain>> list_domains();
  Outcome<std::vector<model::Alias>> list_aliases(const std::string& domain_id);
  Outcome<void> remove_user(const std::string& id);
  // Gives the aliases that went with it, each with an intention to remove.
  Outcome<std::vector<std::string>> remove_domain(const std::string& id, bool with_contents,
                                                  model::Date now);
  // Leaves an intention to remove.
  Outcome<void> remove_alias(const std::string& id, model::Date now);

  Outcome<std::vector<Intention>> list_intentions();
  // kPrepare, before a next file is made; kNotFound without the alias,
  // kWrongState when there is an intention already.
  Outcome<void> intend_to_prepare(const std::string& alias_id, model::Date now);
  // kRemove, for what an alias left behind that is no more; kWrongState: it is there.
  Outcome<void> intend_to_remove(const std::string& alias_id, model::Date now);
  Outcome<void> forget_intention(const std::string& alias_id);
  // The aliases that have a mailbox.
  Outcome<std::vector<std::string>> list_mailboxes();

  // Nothing for an address that is no alias's own (catch-all and expressions
  // have no login).  A +tag is ignored.
  Outcome<std::optional<LoginRecord>> find_login(const std::string& address);
  Outcome<LoginRecord> get_login(const std::string& alias_id);  // kNotFound
  // `alias_id` may be empty; `domain` is an id or a name; `user_id` empty: the
  // alias's, or the domain's first admin.
  Outcome<SenderRecord> get_sender(const std::string& alias_id, const std::string& domain,
                                   const std::string& user_id);
  // Makes the mailbox known with its first credentials: all or nothing.
  // kExists when it has one, unless `start_over`, which replaces all of it.
  // Leaves the intention kReplace with `spool_up_to`.
  Outcome<void> make_mailbox(const std::string& alias_id, const std::string& inbox_public,
                             const std::vector<crypto::StoredCredential>& credentials,
                             bool start_over, std::int64_t spool_up_to, model::Date now);
  // Forgets mailbox and credentials.  kNotFound when there is no mailbox.
  Outcome<void> remove_mailbox(const std::string& alias_id);
  // All credentials of the alias in one step; kNotFound without a mailbox.
  Outcome<void> replace_credentials(const std::string& alias_id,
                                    const std::vector<crypto::StoredCredential>& credentials);
  // Gives the row's id.
  Outcome<std::int64_t> append_credential(const std::string& alias_id,
                                          const crypto::StoredCredential& credential);
  Outcome<void> remove_credential(const std::string& alias_id, std::int64_t id);
  // Octets of mail in its file, noted by who has the mailbox open.
  Outcome<void> note_used(const std::string& alias_id, std::uint64_t octets);
  Outcome<std::optional<std::uint64_t>> noted_used(const std::string& alias_id);
  Outcome<void> note_login(const std::string& alias_id, std::int64_t unix_seconds);

  // The answer when the index has not got all that it wants.
  Outcome<model::Recipient> find_in_file(const model::RecipientQuestion& question, model::Date now);
  // Octets its mailbox may hold; kNotFound.
  Outcome<std::uint64_t> quota(const std::string& alias_id);

  RecipientIndex& index() { return index_; }
  sqlcipher::Database& database() { return *database_; }
  const FileOptions& options() const { return options_; }

 private:
  DirectoryFile(std::unique_ptr<sqlcipher::Database> database, FileOptions options);

  Outcome<void> fill_index();
  Outcome<void> write_members(const model::Domain& domain);
  Outcome<void> write_alias(const model::Alias& alias, const RoutedAlias& route, bool fresh);
  // Gives aliases of an earlier release what routing wants of their documents.
  Outcome<void> carry_leads_over();
  Outcome<void> fill_login(LoginRecord& login);
  Outcome<void> write_credentials(const std::string& alias_id,
                                  const std::vector<crypto::StoredCredential>& credentials);
  Outcome<void> write_intention(const Intention& intention);
  Outcome<bool> has_mailbox(const std::string& alias_id);

  std::unique_ptr<sqlcipher::Database> database_;
  const FileOptions options_;
  RecipientIndex index_;
};

}  // namespace fwd::directory

#endif
