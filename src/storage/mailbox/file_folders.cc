// Folders of one mailbox: listing, making, deleting, subscribing.
#include <algorithm>
#include <utility>

#include "core/text.h"
#include "storage/mailbox/contents.h"
#include "storage/mailbox/expunged.h"
#include "storage/mailbox/folder_tree.h"
#include "storage/mailbox/mailbox_file.h"
#include "storage/mailbox/subscriptions.h"

namespace fwd::mailbox {
namespace {

Failure no_such_folder() { return Failure{Fault::kNotFound, "there is no such folder", ""}; }

Outcome<void> check_special_use(Change& change, model::SpecialUse use) {
  using model::SpecialUse;
  if (use == SpecialUse::kNone) return {};
  if (use == SpecialUse::kInbox || use == SpecialUse::kAll || use == SpecialUse::kFlagged ||
      use > SpecialUse::kTrash)
    return Failure{Fault::kCannot, "a new folder cannot have this special use", ""};
  auto select = change.database().prepare("SELECT 1 FROM folders WHERE special_use = ?");
  select.bind(1, static_cast<std::int64_t>(use));
  auto taken = select.step();
  if (!taken.ok()) return taken.failure();
  if (taken.value())
    return Failure{Fault::kCannot, "another folder has this special use already", ""};
  return {};
}

Outcome<void> remove_row(Change& change, const FolderRow& row) {
  auto remove = change.database().prepare("DELETE FROM folders WHERE id = ?");
  remove.bind(1, row.folder.id);
  if (auto done = remove.run(); !done.ok()) return done;
  return leave_subscription(change, row);
}

// Frees the contents of all messages of a folder that goes.
Outcome<void> clear_folder(Change& change, const FolderRow& row) {
  auto done = for_each_message(
      change.database(), row.folder.id, model::UidSet::all(), UINT32_MAX,
      [&](MessageRecord& record) { return release_content(change, record.content); });
  if (!done.ok()) return done;
  auto remove = change.database().prepare("DELETE FROM messages WHERE folder = ?");
  remove.bind(1, row.folder.id);
  if (auto removed = remove.run(); !removed.ok()) return removed;
  return forget_expunged(change.database(), row.folder.id);
}

}  // namespace

Outcome<std::vector<model::Folder>> MailboxFile::list_folders() {
  auto select = database_->prepare(select_folders("ORDER BY path"));
  std::vector<model::Folder> out;
  for (;;) {
    auto more = select.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) break;
    FolderRow row = folder_row(select);
    auto recent = count_recent(*database_, row);
    if (!recent.ok()) return recent.failure();
    row.folder.recent = recent.value();
    out.push_back(std::move(row.folder));
  }
  auto bare = bare_subscriptions(*database_);
  if (!bare.ok()) return bare.failure();
  for (std::string& path : bare.value()) {
    model::Folder missing;
    missing.path = std::move(path);
    missing.exists = missing.selectable = false;
    out.push_back(std::move(missing));
  }
  return out;
}

Outcome<model::Folder> MailboxFile::get_folder(const std::string& path) {
  auto normal = normal_path(path, limits_);
  if (!normal.ok()) return no_such_folder();
  auto found = find_folder(*database_, normal.value());
  if (!found.ok()) return found.failure();
  if (!found.value()) return no_such_folder();
  FolderRow& row = *found.value();
  auto recent = count_recent(*database_, row);
  if (!recent.ok()) return recent.failure();
  row.folder.recent = recent.value();
  return std::move(row.folder);
}

Outcome<model::Folder> MailboxFile::create_folder(const std::string& path, model::SpecialUse use,
                                                  std::int64_t now) {
  auto normal = normal_path(path, limits_);
  if (!normal.ok()) return normal.failure();
  model::Folder made;
  auto done = change(now, [&](Change& change) -> Outcome<void> {
    auto found = find_folder(change.database(), normal.value());
    if (!found.ok()) return found.failure();
    if (found.value() && found.value()->folder.selectable)
      return Failure{Fault::kExists, "the folder exists", ""};
    if (auto checked = check_special_use(change, use); !checked.ok()) return checked;
    // A name that was kept for its children becomes a new folder with a new id.
    if (found.value()) {
      auto removed = remove_row(change, *found.value());
      if (!removed.ok()) return removed;
    }
    auto row = add_folder(change, normal.value(), true);
    if (!row.ok()) return row.failure();
    row.value()->folder.special_use = use;
    change.save(*row.value());
    made = row.value()->folder;
    return {};
  });
  if (!done.ok()) return done.failure();
  return made;
}

Outcome<void> MailboxFile::delete_folder(const std::string& path, std::int64_t now) {
  auto normal = normal_path(path, limits_);
  if (!normal.ok()) return no_such_folder();
  return change(now, [&](Change& change) -> Outcome<void> {
    auto found = find_folder(change.database(), normal.value());
    if (!found.ok()) return found.failure();
    if (!found.value()) return no_such_folder();
    if (found.value()->folder.special_use != model::SpecialUse::kNone)
      return Failure{Fault::kCannot, "this folder cannot be deleted", ""};
    FolderRow& row = change.adopt(std::move(*found.value()));
    auto children = list_below(change.database(), row.folder.path);
    if (!children.ok()) return children.failure();
    // RFC 9051 §6.3.5: a name that is only kept for its children cannot go before them.
    if (!row.folder.selectable && !children.value().empty())
      return Failure{Fault::kCannot, "the folder has folders below it", ""};
    if (auto cleared = clear_folder(change, row); !cleared.ok()) return cleared;
    if (auto left = note_former_name(change, row.folder); !left.ok()) return left;
    change.touch(row);
    change.tell_folder_list();
    if (!children.value().empty()) {
      empty_row(row);
      row.folder.selectable = false;
      return {};
    }
    return remove_row(change, row);
  });
}

Outcome<void> MailboxFile::subscribe(const std::string& path, bool subscribed, std::int64_t now) {
  auto normal = normal_path(path, limits_);
  if (!normal.ok()) return subscribed ? normal.failure() : no_such_folder();
  return change(now, [&](Change& change) -> Outcome<void> {
    auto found = find_folder(change.database(), normal.value());
    if (!found.ok()) return found.failure();
    if (!found.value()) {
      if (subscribed) return add_bare_subscription(change, normal.value());
      auto taken = take_bare_subscription(change, normal.value());
      if (!taken.ok()) return taken.failure();
      return taken.value() ? Outcome<void>{} : no_such_folder();
    }
    FolderRow& row = change.adopt(std::move(*found.value()));
    if (row.folder.subscribed != subscribed) change.tell_folder_list();
    row.folder.subscribed = row.asked_for = subscribed;
    change.save(row);
    return {};
  });
}

}  // namespace fwd::mailbox
