#ifndef FWD_STORAGE_DIRECTORY_DIRECTORY_STORE_H
#define FWD_STORAGE_DIRECTORY_DIRECTORY_STORE_H

// The embedded keeper of the directory: DirectoryFile on a worker thread, and
// the index asked on the spot.  Keeps the record verbs of model::Directory and
// the look-up of model::Deliveries; the verbs that need keys and mailboxes
// are joined to it where those are.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/clock.h"
#include "core/task.h"
#include "model/deliveries.h"
#include "model/sender_lists.h"
#include "net/workers.h"
#include "storage/directory/directory_file.h"

namespace fwd::directory {

class DirectoryStore {
 public:
  // All jobs run on the worker thread that `worker_key` names.  `workers` and
  // `clock` must outlive the store.
  DirectoryStore(std::shared_ptr<DirectoryFile> file, net::Workers& workers, Clock& clock,
                 std::uint64_t worker_key);

  // Records: as model/directory.h says.
  Task<Outcome<model::User>> put_user(model::User user);
  Task<Outcome<model::Domain>> put_domain(model::Domain domain);
  // `join`: as directory_file.h says; runs on the worker.
  Task<Outcome<model::Alias>> put_alias(model::Alias alias, DirectoryFile::JoinAlias join = {});
  Task<Outcome<model::User>> get_user(std::string id_or_email);
  Task<Outcome<model::Domain>> get_domain(std::string id_or_name);
  Task<Outcome<model::Alias>> get_alias(std::string id_or_address);
  Task<Outcome<std::vector<model::User>>> list_users();
  Task<Outcome<std::vector<model::Domain>>> list_domains();
  Task<Outcome<std::vector<model::Alias>>> list_aliases(std::string domain_id);
  Task<Outcome<void>> remove_user(std::string id);
  Task<Outcome<void>> remove_alias(std::string id);

  // As directory_file.h says.
  Task<Outcome<std::vector<std::string>>> remove_domain(std::string id, bool with_contents);
  Task<Outcome<std::vector<Intention>>> list_intentions();
  Task<Outcome<void>> intend_to_prepare(std::string alias_id);
  Task<Outcome<void>> intend_to_remove(std::string alias_id);
  Task<Outcome<void>> forget_intention(std::string alias_id);
  Task<Outcome<std::vector<std::string>>> list_mailboxes();

  // As model/deliveries.h says, but for kFull and size_limit: whose quota is
  // reached only the mailboxes know.  With records it is worked out on a worker.
  Task<Outcome<model::Recipient>> resolve_recipient(model::RecipientQuestion question);
  Task<Outcome<model::Recipient>> find_recipient(std::string address) {
    return resolve_recipient(model::RecipientQuestion{std::move(address)});
  }
  // Octets the alias's mailbox may hold; kNotFound.
  Task<Outcome<std::uint64_t>> quota(std::string alias_id);

  // Credentials: as directory_file.h says.
  Task<Outcome<std::optional<LoginRecord>>> find_login(std::string address);
  Task<Outcome<LoginRecord>> get_login(std::string alias_id);
  Task<Outcome<SenderRecord>> get_sender(std::string alias_id, std::string domain,
                                         std::string user_id);
  Task<Outcome<void>> make_mailbox(std::string alias_id, std::string inbox_public,
                                   std::vector<crypto::StoredCredential> credentials,
                                   bool start_over, std::int64_t spool_up_to = 0);
  Task<Outcome<void>> remove_mailbox(std::string alias_id);
  Task<Outcome<void>> replace_credentials(std::string alias_id,
                                          std::vector<crypto::StoredCredential> credentials);
  Task<Outcome<std::int64_t>> append_credential(std::string alias_id,
                                                crypto::StoredCredential credential);
  Task<Outcome<void>> remove_credential(std::string alias_id, std::int64_t id);
  // As directory_file.h says.
  Task<Outcome<void>> note_used(std::string alias_id, std::uint64_t octets);
  Task<Outcome<std::optional<std::uint64_t>>> noted_used(std::string alias_id);
  // Remembers that the alias logged in now; written at most once in ten
  // minutes for each alias, so that a login costs no commit.
  Task<Outcome<void>> note_login(std::string alias_id);

  // Sender lists: as listed_rows.h says.
  Task<Outcome<std::vector<model::ListedSender>>> find_listed(std::vector<std::string> values);
  Task<Outcome<model::ListedSender>> put_listed(model::ListedSender entry);
  Task<Outcome<void>> remove_listed(model::ListKind kind, std::string value);
  Task<Outcome<std::vector<model::ListedSender>>> list_listed(model::ListKind kind,
                                                              std::string after);
  Task<Outcome<void>> forget_expired_listed();

 private:
  model::Date now() const;

  std::shared_ptr<DirectoryFile> file_;
  net::Workers& workers_;
  Clock& clock_;
  std::uint64_t worker_key_;
  std::unordered_map<std::string, std::int64_t> noted_logins_;  // unix seconds last written
};

}  // namespace fwd::directory

#endif
