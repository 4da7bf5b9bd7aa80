// What the door finds amiss with its files, in words; forwardemail mailbox discard.
#include "service/operator/commands.h"

namespace fwd::service {
namespace {

using Orphan = model::Directory::Orphan;
using Kind = model::Directory::OrphanKind;

std::string start_over(const Orphan& orphan) {
  return "'forwardemail alias password " + orphan.address + " --start-over'";
}

std::string discard(const Orphan& orphan) {
  return "'forwardemail mailbox discard " + orphan.alias_id + "'";
}

std::string sentence(const Orphan& orphan) {
  const std::string& who = orphan.address.empty() ? orphan.alias_id : orphan.address;
  const std::string mails =
      std::to_string(orphan.entries) + (orphan.entries == 1 ? " message waits" : " messages wait");
  switch (orphan.kind) {
    case Kind::kFile:
      if (orphan.alias_id.empty() || !(orphan.address.empty() || orphan.path.ends_with(".sqlite")))
        return orphan.path + ": not a file of the door's; look at it, and delete it by hand";
      if (orphan.address.empty())
        return orphan.path + ": a file of an alias that is no more; " + discard(orphan) +
               " deletes it";
      return orphan.path + ": a mailbox file that the directory does not know; " +
             start_over(orphan) + " deletes it";
    case Kind::kMail:
      if (orphan.address.empty())
        return mails + " for an alias that is no more; " + discard(orphan) + " deletes what waits";
      return mails + " for " + who + ", which has no mailbox; " + start_over(orphan) +
             " deletes what waits";
    case Kind::kMissing:
      return who + ": the mailbox's file is missing; put it back from a backup, or " +
             start_over(orphan) + " begins an empty one";
    case Kind::kUnfinished:
      return who +
             ": a removal or a beginning anew could not be finished; see door.unfinished in "
             "the log of fwd-sqlited";
  }
  return who;
}

}  // namespace

Task<Outcome<void>> examine_door(Desk& desk, std::vector<std::string>& faults) {
  auto found = co_await desk.directory.find_orphans();
  if (!found.ok()) co_return found.failure();
  for (const Orphan& orphan : found.value()) faults.push_back(sentence(orphan));
  if (found.value().size() >= model::Directory::kMostOrphans)
    faults.push_back("there may be more like these: look again when they are gone");
  co_return Outcome<void>{};
}

Task<Outcome<void>> mailbox_discard(Desk& desk, Call call) {
  auto gone = co_await desk.directory.discard_orphan(call.words[0]);
  if (!gone.ok()) co_return gone.failure();
  format::Json object;
  object.set("id", format::Json(call.words[0]));
  desk.print(call.json ? json_text(object)
                       : "deleted what " + call.words[0] + " had left behind\n");
  co_return Outcome<void>{};
}

}  // namespace fwd::service
