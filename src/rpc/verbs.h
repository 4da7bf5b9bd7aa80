#ifndef FWD_RPC_VERBS_H
#define FWD_RPC_VERBS_H

// The verb table: every question that can be put at the door, and whose it is
// to put.  Client, server and the test of authority all go by this one list.

#include <cstdint>
#include <span>
#include <string_view>

#include "rpc/role.h"

namespace fwd::rpc {

// The numbers travel: never renumber.  One hundred for each promise.
enum class Verb : std::uint16_t {
  kLogIn = 101,
  kBeginScram = 102,
  kFinishScram = 103,

  kFindRecipient = 201,
  kDeliver = 202,

  kStateAdd = 301,
  kStateGet = 302,
  kStateSet = 303,
  kStateSetIfAbsent = 304,
  kStateRemove = 305,
  kStateLock = 306,
  kStateUnlock = 307,

  kJournalWrite = 401,
  kJournalRead = 402,
  kJournalForgetBefore = 403,

  kPutUser = 501,
  kPutDomain = 502,
  kPutAlias = 503,
  kGetUser = 504,
  kGetDomain = 505,
  kGetAlias = 506,
  kListUsers = 507,
  kListDomains = 508,
  kListAliases = 509,
  kRemoveUser = 510,
  kRemoveDomain = 511,
  kRemoveAlias = 512,
  kSetAliasPassword = 513,
  kMailboxStats = 514,
  kWaitingMail = 515,
  kRetryWaiting = 516,
  kFindOrphans = 517,
  kDiscardOrphan = 518,
  kAddDomainPassword = 521,
  kListDomainPasswords = 522,
  kRemoveDomainPassword = 523,
  kSealTxtValue = 524,

  kListFolders = 601,
  kGetFolder = 602,
  kCreateFolder = 603,
  kDeleteFolder = 604,
  kRenameFolder = 605,
  kSubscribe = 606,
  kOpenFolder = 607,
  kChangesSince = 608,
  kFetch = 609,
  kReadContent = 610,
  kStoreFlags = 611,
  kExpunge = 612,
  kAppend = 613,
  kCopy = 614,
  kMove = 615,
  kQuota = 616,
  kSyncNotices = 617,

  kLogInToSend = 701,
  kBeginScramToSend = 702,
  kFinishScramToSend = 703,
  kLetLocalSend = 704,
  kSubmit = 705,

  kClaim = 801,
  kReadOutbound = 802,
  kReport = 803,
  kProlong = 804,
  kSigningKeys = 805,
  kListOutbound = 806,
  kActOnOutbound = 807,
  kQueueStat = 808,
  kBounceHook = 809,
  kForwardOwners = 810,

  kForward = 901,
  kAwaitForward = 902,
  kSettleForward = 903,
  kGetVacation = 904,
  kSendReply = 905,
  kConfirmRecipient = 906,
  kFindForwarded = 907,

  kFindListed = 1001,
  kPutListed = 1002,
  kRemoveListed = 1003,
  kListListed = 1004,
};

// What the frame's object must be for a verb.
enum class Needs : std::uint8_t {
  kNothing,      // 0
  kNewNumber,    // a number not in use on this connection; becomes an object
  kScram,        // a SCRAM exchange this connection began
  kMailbox,      // a mailbox this connection has logged in to
  kSenderScram,  // a SCRAM exchange this connection began in order to send
  kSender,       // one who has logged in on this connection to send
};

struct VerbRow {
  Verb verb;
  std::string_view name;  // for logs
  Needs needs;
  bool streams;  // answers with batches
  RoleSet roles;
};

std::span<const VerbRow> all_verbs();
// Nullptr for a number that is no verb.
const VerbRow* find_verb(std::uint16_t number);

}  // namespace fwd::rpc

#endif
