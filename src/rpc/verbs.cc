// The verb table.
#include "rpc/verbs.h"

#include <algorithm>

namespace fwd::rpc {
namespace {

using enum Role;

// Who signs people in to their mailboxes.
constexpr RoleSet kLogins = {kImapd, kPop3d, kDavd, kWebd};
// Reading and deleting mail; and all the rest of a mailbox.
constexpr RoleSet kReaders = {kImapd, kPop3d, kWebd};
constexpr RoleSet kMailers = {kImapd, kWebd};
// Looking after, and changing, users, domains and aliases.
constexpr RoleSet kKeepers = {kWebd, kBree, kOperator};
constexpr RoleSet kAdmins = {kWebd, kOperator};
constexpr RoleSet kState = {kMxd, kSmtpd, kWebd, kBree, kSmtpBree, kSqliteBree, kOperator};
// Taking mail to be sent; carrying it out; looking after it.
constexpr RoleSet kSenders = {kSmtpd};
constexpr RoleSet kCarriers = {kSmtpBree};
// Passing on what came in.
constexpr RoleSet kForwarders = {kMxd, kSmtpBree};
constexpr RoleSet kQueueKeepers = {kOperator};
constexpr RoleSet kWriters = {kMxd, kSmtpd, kWebd, kBree, kSmtpBree, kSqliteBree, kOperator};

constexpr VerbRow kVerbs[] = {
    {Verb::kLogIn, "log_in", Needs::kNewNumber, false, kLogins},
    {Verb::kBeginScram, "begin_scram", Needs::kNewNumber, false, kLogins},
    {Verb::kFinishScram, "finish_scram", Needs::kScram, false, kLogins},

    {Verb::kFindRecipient,
     "find_recipient",
     Needs::kNothing,
     false,
     {kMxd, kSmtpd, kSmtpBree, kOperator}},
    {Verb::kDeliver, "deliver", Needs::kNothing, false, {kMxd, kSmtpBree}},

    {Verb::kStateAdd, "state_add", Needs::kNothing, false, kState},
    {Verb::kStateGet, "state_get", Needs::kNothing, false, kState},
    {Verb::kStateSet, "state_set", Needs::kNothing, false, kState},
    {Verb::kStateSetIfAbsent, "state_set_if_absent", Needs::kNothing, false, kState},
    {Verb::kStateRemove, "state_remove", Needs::kNothing, false, kState},
    {Verb::kStateLock, "state_lock", Needs::kNothing, false, kState},
    {Verb::kStateUnlock, "state_unlock", Needs::kNothing, false, kState},

    {Verb::kJournalWrite, "journal_write", Needs::kNothing, false, kWriters},
    {Verb::kJournalRead, "journal_read", Needs::kNothing, false, kKeepers},
    {Verb::kJournalForgetBefore,
     "journal_forget_before",
     Needs::kNothing,
     false,
     {kBree, kSqliteBree, kOperator}},

    {Verb::kPutUser, "put_user", Needs::kNothing, false, kKeepers},
    {Verb::kPutDomain, "put_domain", Needs::kNothing, false, kKeepers},
    {Verb::kPutAlias, "put_alias", Needs::kNothing, false, kKeepers},
    {Verb::kGetUser, "get_user", Needs::kNothing, false, kKeepers},
    {Verb::kGetDomain, "get_domain", Needs::kNothing, false, kKeepers},
    {Verb::kGetAlias, "get_alias", Needs::kNothing, false, kKeepers},
    {Verb::kListUsers, "list_users", Needs::kNothing, false, kKeepers},
    {Verb::kListDomains, "list_domains", Needs::kNothing, false, kKeepers},
    {Verb::kListAliases, "list_aliases", Needs::kNothing, false, kKeepers},
    {Verb::kRemoveUser, "remove_user", Needs::kNothing, false, kAdmins},
    {Verb::kRemoveDomain, "remove_domain", Needs::kNothing, false, kAdmins},
    {Verb::kRemoveAlias, "remove_alias", Needs::kNothing, false, kAdmins},
    {Verb::kSetAliasPassword, "set_alias_password", Needs::kNothing, false, kAdmins},
    {Verb::kMailboxStats,
     "mailbox_stats",
     Needs::kNothing,
     false,
     {kWebd, kBree, kSqliteBree, kOperator}},
    {Verb::kWaitingMail, "waiting_mail", Needs::kNothing, false, {kOperator}},
    {Verb::kRetryWaiting, "retry_waiting", Needs::kNothing, false, {kOperator}},
    {Verb::kFindOrphans, "find_orphans", Needs::kNothing, false, {kOperator}},
    {Verb::kDiscardOrphan, "discard_orphan", Needs::kNothing, false, {kOperator}},
    {Verb::kAddDomainPassword, "add_domain_password", Needs::kNothing, false, kAdmins},
    {Verb::kListDomainPasswords, "list_domain_passwords", Needs::kNothing, false, kAdmins},
    {Verb::kRemoveDomainPassword, "remove_domain_password", Needs::kNothing, false, kAdmins},
    {Verb::kSealTxtValue, "seal_txt_value", Needs::kNothing, false, kAdmins},

    {Verb::kListFolders, "list_folders", Needs::kMailbox, false, kReaders},
    {Verb::kGetFolder, "get_folder", Needs::kMailbox, false, kReaders},
    {Verb::kCreateFolder, "create_folder", Needs::kMailbox, false, kMailers},
    {Verb::kDeleteFolder, "delete_folder", Needs::kMailbox, false, kMailers},
    {Verb::kRenameFolder, "rename_folder", Needs::kMailbox, false, kMailers},
    {Verb::kSubscribe, "subscribe", Needs::kMailbox, false, kMailers},
    {Verb::kOpenFolder, "open_folder", Needs::kMailbox, false, kReaders},
    {Verb::kChangesSince, "changes_since", Needs::kMailbox, false, kReaders},
    {Verb::kFetch, "fetch", Needs::kMailbox, true, kReaders},
    {Verb::kReadContent, "read_content", Needs::kMailbox, true, kReaders},
    {Verb::kStoreFlags, "store_flags", Needs::kMailbox, false, kReaders},
    {Verb::kExpunge, "expunge", Needs::kMailbox, false, kReaders},
    {Verb::kAppend, "append", Needs::kMailbox, false, kMailers},
    {Verb::kCopy, "copy", Needs::kMailbox, false, kMailers},
    {Verb::kMove, "move", Needs::kMailbox, false, kMailers},
    {Verb::kQuota, "quota", Needs::kMailbox, false, kReaders},
    {Verb::kSyncNotices, "sync_notices", Needs::kMailbox, false, kReaders},

    {Verb::kLogInToSend, "log_in_to_send", Needs::kNewNumber, false, kSenders},
    {Verb::kBeginScramToSend, "begin_scram_to_send", Needs::kNewNumber, false, kSenders},
    {Verb::kFinishScramToSend, "finish_scram_to_send", Needs::kSenderScram, false, kSenders},
    {Verb::kLetLocalSend, "let_local_send", Needs::kNewNumber, false, kSenders},
    {Verb::kSubmit, "submit", Needs::kSender, false, kSenders},

    {Verb::kClaim, "claim", Needs::kNothing, false, kCarriers},
    {Verb::kReadOutbound, "read_outbound", Needs::kNothing, false, kCarriers},
    {Verb::kReport, "report", Needs::kNothing, false, kCarriers},
    {Verb::kProlong, "prolong", Needs::kNothing, false, kCarriers},
    {Verb::kSigningKeys, "signing_keys", Needs::kNothing, false, kCarriers},
    {Verb::kListOutbound, "list_outbound", Needs::kNothing, false, kQueueKeepers},
    {Verb::kActOnOutbound, "act_on_outbound", Needs::kNothing, false, kQueueKeepers},
    {Verb::kQueueStat, "queue_stat", Needs::kNothing, false, kQueueKeepers},
    {Verb::kBounceHook, "bounce_hook", Needs::kNothing, false, {kSmtpBree, kOperator}},
    {Verb::kForwardOwners, "forward_owners", Needs::kNothing, false, kCarriers},

    {Verb::kForward, "forward", Needs::kNothing, false, kForwarders},
    {Verb::kAwaitForward, "await_forward", Needs::kNothing, false, {kMxd}},
    {Verb::kSettleForward, "settle_forward", Needs::kNothing, false, kForwarders},
    {Verb::kGetVacation, "get_vacation", Needs::kNothing, false, {kMxd}},
    {Verb::kSendReply, "send_reply", Needs::kNothing, false, {kMxd}},
    {Verb::kConfirmRecipient, "confirm_recipient", Needs::kNothing, false, kForwarders},
    {Verb::kFindForwarded, "find_forwarded", Needs::kNothing, false, {kMxd}},

    {Verb::kFindListed, "find_listed", Needs::kNothing, false, {kMxd, kSmtpd, kOperator}},
    // fwd-mxd only for what it learned, see serve_sender_lists.cc.
    {Verb::kPutListed, "put_listed", Needs::kNothing, false, {kMxd, kWebd, kBree, kOperator}},
    {Verb::kRemoveListed, "remove_listed", Needs::kNothing, false, kAdmins},
    // fwd-mxd only who is let in, see serve_sender_lists.cc.
    {Verb::kListListed, "list_listed", Needs::kNothing, false, {kMxd, kWebd, kOperator}},
};

}  // namespace

std::span<const VerbRow> all_verbs() { return kVerbs; }

const VerbRow* find_verb(std::uint16_t number) {
  const auto before = [](const VerbRow& row, std::uint16_t n) {
    return static_cast<std::uint16_t>(row.verb) < n;
  };
  const VerbRow* const at = std::lower_bound(std::begin(kVerbs), std::end(kVerbs), number, before);
  const bool found = at != std::end(kVerbs) && static_cast<std::uint16_t>(at->verb) == number;
  return found ? at : nullptr;
}

}  // namespace fwd::rpc
