// What a login has not been told yet.
#include "storage/mailbox/session.h"

#include <algorithm>
#include <utility>

namespace fwd::mailbox {

void Session::tell(const News& what) {
  folders.insert(what.folders.begin(), what.folders.end());
  folder_list = folder_list || what.folder_list;
  news.set();
}

void Session::end(std::string reason) {
  if (ended()) return;
  good_bye = std::move(reason);
  const auto leaving = std::exchange(leave, nullptr);
  leaving(*this);
  news.set();
}

model::Notice Session::take_notice() {
  model::Notice notice;
  if (good_bye) {
    notice.kind = model::NoticeKind::kLoggedOut;
    notice.text = *std::exchange(good_bye, std::nullopt);
    folders.clear();
    folder_list = false;
  } else if (folder_list) {
    notice.kind = model::NoticeKind::kFolderListChanged;
    folder_list = false;
  } else {
    notice.kind = model::NoticeKind::kFolderChanged;
    notice.folder = *folders.begin();
    folders.erase(folders.begin());
  }
  if (!has_news() && !ended()) news.clear();
  return notice;
}

}  // namespace fwd::mailbox
