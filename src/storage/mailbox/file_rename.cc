// Renaming folders.
#include <utility>

#include "storage/mailbox/folder_tree.h"
#include "storage/mailbox/mailbox_file.h"
#include "storage/mailbox/transfer.h"

namespace fwd::mailbox {
namespace {

// RFC 9051 §6.3.6: INBOX stays, its messages move to a new folder, its children
// stay where they are.
Outcome<void> rename_inbox(Change& change, FolderRow& inbox, const std::string& to) {
  auto made = add_folder(change, to, true);
  if (!made.ok()) return made.failure();
  model::CopyResult moved;
  return transfer_messages(change, inbox, model::UidSet::all(), *made.value(), Transfer::kMove,
                           moved);
}

Outcome<void> rename_tree(Change& change, FolderRow& row, const std::string& to) {
  const std::string from = row.folder.path;
  auto below = list_below(change.database(), from);
  if (!below.ok()) return below.failure();
  for (const FolderRow& child : below.value()) {
    const std::string path = to + child.folder.path.substr(from.size());
    auto checked = normal_path(path, change.limits());
    if (!checked.ok()) return checked.failure();
  }
  if (auto parents = add_parents(change, to); !parents.ok()) return parents;
  if (auto done = take_name(change, row, to); !done.ok()) return done;
  for (FolderRow& child : below.value()) {
    const std::string path = to + child.folder.path.substr(from.size());
    FolderRow& held = change.adopt(std::move(child));
    if (auto done = take_name(change, held, path); !done.ok()) return done;
  }
  return {};
}

}  // namespace

Outcome<void> MailboxFile::rename_folder(const std::string& from, const std::string& to,
                                         std::int64_t now) {
  auto old_path = normal_path(from, limits_);
  if (!old_path.ok()) return Failure{Fault::kNotFound, "there is no such folder", ""};
  auto new_path = normal_path(to, limits_);
  if (!new_path.ok()) return new_path.failure();
  return change(now, [&](Change& change) -> Outcome<void> {
    auto found = find_folder(change.database(), old_path.value());
    if (!found.ok()) return found.failure();
    if (!found.value()) return Failure{Fault::kNotFound, "there is no such folder", ""};
    auto taken = find_folder(change.database(), new_path.value());
    if (!taken.ok()) return taken.failure();
    if (taken.value()) return Failure{Fault::kExists, "the folder exists", ""};
    FolderRow& row = change.adopt(std::move(*found.value()));
    if (row.folder.special_use == model::SpecialUse::kInbox)
      return rename_inbox(change, row, new_path.value());
    if (is_below(new_path.value(), old_path.value()))
      return Failure{Fault::kCannot, "a folder cannot move below itself", ""};
    return rename_tree(change, row, new_path.value());
  });
}

}  // namespace fwd::mailbox
