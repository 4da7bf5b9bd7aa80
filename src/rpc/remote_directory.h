#ifndef FWD_RPC_REMOTE_DIRECTORY_H
#define FWD_RPC_REMOTE_DIRECTORY_H

// Directory, kept by asking the door.

#include "model/directory.h"
#include "rpc/door.h"

namespace fwd::rpc {

class RemoteDirectory final : public model::Directory {
 public:
  explicit RemoteDirectory(Door& door) : door_(door) {}
  Task<Outcome<model::User>> put_user(model::User user) override;
  Task<Outcome<model::Domain>> put_domain(model::Domain domain) override;
  Task<Outcome<model::Alias>> put_alias(model::Alias alias) override;
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

 private:
  Task<Outcome<void>> remove(Verb verb, std::string id, bool with_contents);
  Door& door_;
};

}  // namespace fwd::rpc

#endif
