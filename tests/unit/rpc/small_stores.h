#ifndef FWD_TESTS_UNIT_RPC_SMALL_STORES_H
#define FWD_TESTS_UNIT_RPC_SMALL_STORES_H

// Keepers that say what they were asked and answer what the test laid out.

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/event.h"
#include "model/deliveries.h"
#include "model/directory.h"
#include "model/logins.h"

namespace fwd::test {

class SmallMailbox final : public model::Mailbox {
 public:
  SmallMailbox();
  ~SmallMailbox() override;

  // What the test lays out or looks at.
  std::vector<std::string> asked;       // "get_folder INBOX", …, in order
  std::vector<model::MessageRow> rows;  // of every folder; ascending by uid
  std::string content;                  // of every message
  std::size_t rows_per_batch = 100;
  std::size_t batches_given = 0;
  int streams_alive = 0;
  std::vector<model::NewMessage> appended;
  model::OpenFolder opened;
  model::Changes changes;
  model::StoreResult stored;
  model::CopyResult copied;
  model::UidSet removed;
  Event gate;  // quota() waits for it; set from the start
  int quota_waiting = 0;
  bool throws = false;           // quota() does
  std::optional<Failure> fails;  // list_folders() answers this
  static int alive;
  void notify(model::Notice notice);
  void end_notices(Failure why);

  Task<Outcome<std::vector<model::Folder>>> list_folders() override;
  Task<Outcome<model::Folder>> get_folder(std::string path) override;
  Task<Outcome<model::Folder>> create_folder(std::string path,
                                             model::SpecialUse special_use) override;
  Task<Outcome<void>> delete_folder(std::string path) override;
  Task<Outcome<void>> rename_folder(std::string from, std::string to) override;
  Task<Outcome<void>> subscribe(std::string path, bool subscribed) override;
  Task<Outcome<model::OpenFolder>> open_folder(model::FolderId folder, bool claim_recent) override;
  Task<Outcome<model::Changes>> changes_since(model::FolderId folder, model::ModSeq since,
                                              model::UidSet known, bool claim_recent) override;
  std::unique_ptr<model::Batches<model::MessageRow>> fetch(model::FolderId folder,
                                                           model::UidSet uids,
                                                           std::uint32_t columns,
                                                           model::ModSeq changed_since) override;
  std::unique_ptr<model::Batches<format::PackedChunk>> read_content(model::FolderId folder,
                                                                    model::Uid uid,
                                                                    std::uint64_t offset,
                                                                    std::uint64_t length) override;
  Task<Outcome<model::StoreResult>> store_flags(model::FolderId folder, model::UidSet uids,
                                                model::FlagChange change, model::Flags flags,
                                                model::ModSeq unchanged_since) override;
  Task<Outcome<model::UidSet>> expunge(model::FolderId folder, model::UidSet uids) override;
  Task<Outcome<model::CopyResult>> append(std::string path,
                                          std::vector<model::NewMessage> messages) override;
  Task<Outcome<model::CopyResult>> copy(model::FolderId from, model::UidSet uids,
                                        std::string to_path) override;
  Task<Outcome<model::CopyResult>> move(model::FolderId from, model::UidSet uids,
                                        std::string to_path) override;
  Task<Outcome<model::Quota>> quota() override;
  Task<Outcome<model::Notice>> next_notice() override;
  bool has_notice() const override { return !notices_.empty(); }
  Task<Outcome<void>> sync_notices() override { co_return Outcome<void>{}; }

  model::Folder folder;  // what folder verbs answer

 private:
  std::deque<model::Notice> notices_;
  std::optional<Failure> notices_ended_;
  Event noticed_;
};

// A row with every column filled and its content.
model::MessageRow make_row(model::Uid uid, const std::string& content);
std::vector<format::PackedChunk> make_chunks(const std::string& content);

// "hello@example.test" with "secret" is let in, to `mailbox`.
class SmallLogins final : public model::Logins {
 public:
  std::shared_ptr<SmallMailbox> mailbox = std::make_shared<SmallMailbox>();
  Event gate;  // log_in() waits for it; set from the start
  model::LoginContext last_context;
  SmallLogins() { gate.set(); }
  Task<Outcome<model::LoggedIn>> log_in(model::LoginContext context, std::string address,
                                        std::string password) override;
  Task<Outcome<std::unique_ptr<model::ScramExchange>>> begin_scram(model::LoginContext context,
                                                                   std::string client_first,
                                                                   bool offered_plus) override;
};

class SmallDeliveries final : public model::Deliveries {
 public:
  model::RecipientQuestion last_question;
  std::optional<model::Recipient> answer;  // in place of the usual one
  std::vector<model::Delivery> delivered;
  Event gate;  // deliver() waits for it; set from the start
  SmallDeliveries() { gate.set(); }
  Task<Outcome<model::Recipient>> resolve_recipient(model::RecipientQuestion question) override;
  Task<Outcome<void>> deliver(model::Delivery delivery) override;
};

class SmallDirectory final : public model::Directory {
 public:
  std::vector<std::string> asked;
  model::User user;
  model::Domain domain;
  std::function<void(model::Domain& put)> on_put_domain;
  model::Alias alias;
  model::PasswordChange last_change;
  Task<Outcome<model::User>> put_user(model::User put) override;
  Task<Outcome<model::Domain>> put_domain(model::Domain put) override;
  Task<Outcome<model::Alias>> put_alias(model::Alias put) override;
  Task<Outcome<model::User>> get_user(std::string id_or_email) override;
  Task<Outcome<model::Domain>> get_domain(std::string id_or_name) override;
  Task<Outcome<model::Alias>> get_alias(std::string id_or_address) override;
  Task<Outcome<std::vector<model::User>>> list_users() override;
  Task<Outcome<std::vector<model::Domain>>> list_domains() override;
  Task<Outcome<std::vector<model::Alias>>> list_aliases(std::string domain_id) override;
  Task<Outcome<void>> remove_user(std::string id) override;
  Task<Outcome<void>> remove_domain(std::string id, bool with_contents) override;
  Task<Outcome<void>> remove_alias(std::string id) override;
  Task<Outcome<model::NewCredential>> set_alias_password(std::string alias_id,
                                                         model::PasswordChange change) override;
  Task<Outcome<std::vector<MailboxStat>>> mailbox_stats(std::string alias_id) override;
  Task<Outcome<std::vector<WaitingMail>>> waiting_mail(std::string alias_id,
                                                       std::int64_t after_entry) override;
  Task<Outcome<std::uint64_t>> retry_waiting(std::string alias_id) override;
  Task<Outcome<std::vector<Orphan>>> find_orphans() override;
  Task<Outcome<void>> discard_orphan(std::string alias_id) override;
  Task<Outcome<model::NewDomainPassword>> add_domain_password(std::string domain_id,
                                                              std::string user_id,
                                                              std::string description) override;
  Task<Outcome<std::vector<model::Token>>> list_domain_passwords(std::string domain_id) override;
  Task<Outcome<void>> remove_domain_password(std::string domain_id, std::string token_id) override;
  Task<Outcome<std::string>> seal_txt_value(std::string domain_id, std::string value) override;
};

}  // namespace fwd::test

#endif
