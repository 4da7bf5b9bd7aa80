// The selected folder as this session's client knows it.
#include "protocol/imap/selected_folder.h"

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace fwd::imap {

SelectedFolder::SelectedFolder(model::OpenFolder opened, bool read_only)
    : id_(opened.folder.id),
      path_(std::move(opened.folder.path)),
      special_use_(opened.folder.special_use),
      read_only_(read_only),
      uids_(std::move(opened.uids)),
      modseq_(opened.folder.highest_modseq),
      recent_(std::move(opened.recent)),
      keywords_(std::move(opened.keywords)) {}

void SelectedFolder::renamed(const std::string& from, const std::string& to) {
  if (from == "INBOX") return;  // only its messages have moved
  if (path_ == from || path_.starts_with(from + '/')) path_.replace(0, from.size(), to);
}

std::uint32_t SelectedFolder::sequence_of(model::Uid uid) const {
  const auto at = std::lower_bound(uids_.begin(), uids_.end(), uid);
  if (at == uids_.end() || *at != uid) return 0;
  return static_cast<std::uint32_t>(at - uids_.begin()) + 1;
}

model::UidSet SelectedFolder::known() const {
  if (uids_.empty()) return {};
  return model::UidSet{{uids_.front(), uids_.back()}};
}

bool SelectedFolder::resolve(const SequenceSet& set, bool by_uid, model::UidSet& out) const {
  out = {};
  if (set.saved) {
    out = saved_.intersect(known());
    return true;
  }
  model::UidSet wanted;
  for (model::UidRange range : set.ranges) {
    const bool open = range.first == 0 || range.last == 0;
    const std::uint32_t star = by_uid ? highest_uid() : count();
    if (range.first == 0) range.first = star;
    if (range.last == 0) range.last = star;
    if (by_uid) {
      if (star != 0) wanted.add(range.first, range.last);
      continue;
    }
    if (range.first > range.last) std::swap(range.first, range.last);
    // In an empty folder "1:*" means nothing, and is what clients ask.
    if (count() == 0 && open && range.last <= 1) continue;
    if (range.first == 0 || range.last > count()) return false;
    // No message between two known ones is unknown: UIDs only grow.
    out.add(uids_[range.first - 1], uids_[range.last - 1]);
  }
  if (by_uid) out = wanted.intersect(known());
  return true;
}

model::UidSet SelectedFolder::unknown_among(const model::UidSet& within) const {
  model::UidSet out;
  for (const model::UidRange& range : within.ranges()) {
    std::uint64_t next = range.first;
    auto at = std::lower_bound(uids_.begin(), uids_.end(), range.first);
    for (; at != uids_.end() && *at <= range.last; ++at) {
      if (*at > next) out.add(static_cast<model::Uid>(next), *at - 1);
      next = std::uint64_t{*at} + 1;
    }
    if (next <= range.last) out.add(static_cast<model::Uid>(next), range.last);
  }
  return out;
}

void SelectedFolder::told(model::Uid uid, model::ModSeq modseq) {
  if (told_.empty() || told_.back().modseq != modseq) told_.push_back({modseq, {}});
  told_.back().uids.add(uid);
}

bool SelectedFolder::learn_keywords(const std::vector<std::string>& keywords) {
  bool learnt = false;
  for (const std::string& keyword : keywords) {
    const auto same = [&](const std::string& known) { return same_word(known, keyword); };
    if (std::any_of(keywords_.begin(), keywords_.end(), same)) continue;
    keywords_.push_back(keyword);
    learnt = true;
  }
  return learnt;
}

model::UidSet SelectedFolder::lost_in(const model::Changes& changes) const {
  model::UidSet lost;
  if (!changes.expunged_complete) {
    for (const model::Uid uid : uids_)
      if (!std::binary_search(changes.uids.begin(), changes.uids.end(), uid)) lost.add(uid);
  }
  for (const model::UidRange& range : changes.expunged.ranges()) {
    auto at = std::lower_bound(uids_.begin(), uids_.end(), range.first);
    for (; at != uids_.end() && *at <= range.last; ++at) lost.add(*at);
  }
  return lost;
}

void SelectedFolder::hold(const model::Changes& changes) {
  held_ = dirty = true;
  // They were told with a lower modseq: they are told again with their own.
  told_.clear();
  for (const model::UidRange& range : changes.recent.ranges()) recent_.add(range.first, range.last);
}

void SelectedFolder::apply(model::Changes changes) {
  held_ = dirty = false;
  const model::Uid last = highest_uid();
  const model::UidSet lost = lost_in(changes);
  for (const model::UidRange& range : lost.ranges()) gone_.add(range.first, range.last);
  const auto was_told = [&](const model::Changes::Message& message) {
    return std::any_of(told_.begin(), told_.end(), [&](const Told& told) {
      return told.modseq == message.modseq && told.uids.contains(message.uid);
    });
  };
  for (model::Changes::Message& message : changes.messages) {
    news_.keywords = learn_keywords(message.flags.keywords) || news_.keywords;
    if (message.uid > last) {
      uids_.push_back(message.uid);
      news_.exists = true;
    } else if (sequence_of(message.uid) != 0 && !was_told(message)) {
      news_.changed.push_back(std::move(message));
    }
  }
  for (const model::UidRange& range : changes.recent.ranges()) recent_.add(range.first, range.last);
  modseq_ = std::max(modseq_, changes.highest_modseq);
  told_.clear();
}

void SelectedFolder::removed(const model::UidSet& uids) {
  for (const model::UidRange& range : uids.ranges()) {
    auto at = std::lower_bound(uids_.begin(), uids_.end(), range.first);
    for (; at != uids_.end() && *at <= range.last; ++at) gone_.add(*at);
  }
}

SelectedFolder::Gone SelectedFolder::take_gone() {
  Gone gone;
  gone.uids = std::exchange(gone_, {});
  std::vector<model::Uid> kept;
  std::uint32_t number = 0;
  for (const model::Uid uid : uids_) {
    ++number;
    if (gone.uids.contains(uid)) {
      gone.numbers.push_back(number);
    } else {
      kept.push_back(uid);
    }
  }
  std::reverse(gone.numbers.begin(), gone.numbers.end());
  kept.shrink_to_fit();
  uids_ = std::move(kept);
  model::UidSet recent;
  for (const model::UidRange& range : recent_.ranges()) {
    auto at = std::lower_bound(uids_.begin(), uids_.end(), range.first);
    for (; at != uids_.end() && *at <= range.last; ++at) recent.add(*at);
  }
  recent_ = std::move(recent);
  return gone;
}

}  // namespace fwd::imap
