#ifndef FWD_DOOR_DIRECTORY_KEEPER_H
#define FWD_DOOR_DIRECTORY_KEEPER_H

// Keeps model::Directory: the records of the directory's store, and what a
// change of them means for mailboxes, passwords and sessions.

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "crypto/credentials.h"
#include "door/guesses.h"
#include "door/intentions.h"
#include "door/open_mailboxes.h"
#include "door/recipient_verification.h"
#include "door/signing_keys.h"
#include "door/stores.h"
#include "door/txt_values.h"
#include "door/webhook_keys.h"
#include "model/directory.h"

namespace fwd::door {

class DirectoryKeeper final : public model::Directory {
 public:
  // All must outlive it.
  DirectoryKeeper(Stores& stores, OpenMailboxes& mailboxes, Guesses& guesses, SigningKeys& keys,
                  const WebhookKeys& webhooks, const TxtValues& txt,
                  RecipientVerification& verification)
      : stores_(stores),
        mailboxes_(mailboxes),
        guesses_(guesses),
        keys_(keys),
        webhooks_(webhooks),
        txt_(txt),
        verification_(verification),
        intentions_(stores, mailboxes) {}
  Intentions& intentions() { return intentions_; }

  // Banning or removing a user ends the sessions of all his aliases.
  Task<Outcome<model::User>> put_user(model::User user) override;
  // A new domain gets its signing keys, which takes a good part of a second; one
  // with a webhook and no key for it gets that, too.
  Task<Outcome<model::Domain>> put_domain(model::Domain domain) override;
  // What takes several steps is finished though the caller hangs up.  kBusy: the
  // alias's password is being changed, or the alias removed, by somebody else.

  // Disabling an alias, or taking its mailbox away, ends its sessions.
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
  Task<Outcome<model::NewDomainPassword>> add_domain_password(std::string domain_id,
                                                              std::string user_id,
                                                              std::string description) override;
  Task<Outcome<std::vector<model::Token>>> list_domain_passwords(std::string domain_id) override;
  Task<Outcome<void>> remove_domain_password(std::string domain_id, std::string token_id) override;
  Task<Outcome<std::string>> seal_txt_value(std::string domain_id, std::string value) override;
  Task<Outcome<std::vector<MailboxStat>>> mailbox_stats(std::string alias_id) override;
  Task<Outcome<std::vector<WaitingMail>>> waiting_mail(std::string alias_id,
                                                       std::int64_t after_entry) override;
  Task<Outcome<std::uint64_t>> retry_waiting(std::string alias_id) override;
  Task<Outcome<std::vector<Orphan>>> find_orphans() override;
  Task<Outcome<void>> discard_orphan(std::string alias_id) override;

 private:
  Task<Outcome<model::User>> store_user(model::User user);
  Task<Outcome<model::Alias>> store_alias(model::Alias alias);
  Task<Outcome<void>> remove_domain_whole(std::string id, bool with_contents);
  Task<Outcome<void>> remove_alias_whole(std::string id);
  Task<Outcome<model::NewCredential>> set_password(std::string alias_id,
                                                   model::PasswordChange change);
  Task<Outcome<model::NewCredential>> make_mailbox(directory::LoginRecord login,
                                                   model::PasswordChange change);
  Task<Outcome<model::NewCredential>> change_password(directory::LoginRecord login,
                                                      model::PasswordChange change);
  // A credential for `bundle` by the new password, which is generated when none
  // was chosen and then put into `made`.
  Task<Outcome<crypto::StoredCredential>> make_credential(
      std::shared_ptr<crypto::Bundle> bundle, std::string address, std::string chosen,
      std::string description, std::shared_ptr<model::NewCredential> made);
  // For who began to change an alias that the directory has removed.
  Task<Outcome<void>> remove_rest(std::string alias_id);
  // Makes the next mailbox and its keys known; nothing has changed when it fails.
  Task<Outcome<void>> prepare_mailbox(std::string alias_id, std::shared_ptr<crypto::Bundle> bundle);
  Task<Outcome<void>> check_leftovers(const directory::LoginRecord& login, bool start_over);
  Task<Outcome<std::vector<Orphan>>> look_for_orphans();
  // One look at all there is; what follows from it is looked at again.
  struct Looked {
    std::vector<mailbox::FoundFile> files;
    std::set<std::string> known;       // aliases that have a mailbox
    std::set<std::string> unfinished;  // those with an intention: their files are accounted for
  };
  Task<Outcome<void>> add_file_orphans(std::vector<Orphan>& into, const Looked& looked);
  Task<Outcome<void>> add_mail_orphans(std::vector<Orphan>& into, const Looked& looked);
  Task<Outcome<void>> add_missing(std::vector<Orphan>& into, const Looked& looked);
  Task<Outcome<void>> discard(std::string alias_id);
  // The alias, if there is one; whether it has a mailbox.
  struct Owner {
    std::string address;
    bool has_mailbox = false;
  };
  Task<Outcome<Owner>> find_owner(std::string alias_id);
  Task<Outcome<std::uint64_t>> bring_back(std::string alias_id);
  Task<Outcome<MailboxStat>> stat(directory::LoginRecord login);

  Stores& stores_;
  OpenMailboxes& mailboxes_;
  Guesses& guesses_;
  SigningKeys& keys_;
  const WebhookKeys& webhooks_;
  const TxtValues& txt_;
  RecipientVerification& verification_;
  Intentions intentions_;
};

// The answer to who changes an alias that somebody else is changing.
Failure being_changed();

}  // namespace fwd::door

#endif
