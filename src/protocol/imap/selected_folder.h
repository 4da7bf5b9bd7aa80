#ifndef FWD_PROTOCOL_IMAP_SELECTED_FOLDER_H
#define FWD_PROTOCOL_IMAP_SELECTED_FOLDER_H

// The selected folder as this session's client knows it: which message has
// which sequence number, what was told and what waits to be told.  The truth
// may have moved on; apply() catches up and says what the client must hear.

#include <string>
#include <utility>
#include <vector>

#include "model/mailbox.h"
#include "protocol/imap/parser.h"

namespace fwd::imap {

class SelectedFolder {
 public:
  SelectedFolder(model::OpenFolder opened, bool read_only);

  model::FolderId id() const { return id_; }
  const std::string& path() const { return path_; }
  model::SpecialUse special_use() const { return special_use_; }
  // Its own path, or that of a folder above it, has changed.
  void renamed(const std::string& from, const std::string& to);
  bool read_only() const { return read_only_; }
  std::uint32_t count() const { return static_cast<std::uint32_t>(uids_.size()); }
  const std::vector<model::Uid>& uids() const { return uids_; }
  model::Uid highest_uid() const { return uids_.empty() ? 0 : uids_.back(); }
  // Every change up to here was told, or waits in this object to be told.
  model::ModSeq modseq() const { return modseq_; }
  bool is_recent(model::Uid uid) const { return recent_.contains(uid); }
  std::uint32_t recent_count() const { return static_cast<std::uint32_t>(recent_.count()); }
  const std::vector<std::string>& keywords() const { return keywords_; }

  // 0: the client does not know such a message.
  std::uint32_t sequence_of(model::Uid uid) const;
  // All that the client knows; narrower than 1:* when mail came meanwhile.
  model::UidSet known() const;
  // The UIDs a set means.  False: a sequence number that is not there
  // (RFC 9051 §6.4.8 forgives UIDs that are not there).
  bool resolve(const SequenceSet& set, bool by_uid, model::UidSet& out) const;

  // Those of `within` that the client does not have in its view.
  model::UidSet unknown_among(const model::UidSet& within) const;

  // SEARCH's saved result (RFC 9051 §6.4.4.1); UIDs, so that it stays right
  // while messages go.  Emptied with the folder.
  const model::UidSet& saved() const { return saved_; }
  void save(model::UidSet uids) { saved_ = std::move(uids); }

  // A notice said that something happened.  Set by notices; cleared by apply().
  bool dirty = false;

  // The flags of these were told as they are at `modseq`: their change need
  // not be told again.
  void told(model::Uid uid, model::ModSeq modseq);

  // What catching up found.
  struct News {
    std::vector<model::Changes::Message> changed;  // flags of known messages
    bool exists = false;                           // the count grew
    bool keywords = false;                         // a keyword not known before
  };
  // Takes in what happened; the news wait for take_news(), expunges for take_gone().
  void apply(model::Changes changes);
  News take_news() { return std::exchange(news_, News()); }
  // Known messages that went with these changes.
  model::UidSet lost_in(const model::Changes& changes) const;
  // Expunges may not be told now, and nothing that came after them may be told
  // before them: the changes are left where they are, and this stays dirty.
  void hold(const model::Changes& changes);
  bool held() const { return held_; }
  // Those that are gone and not yet told; forgets them as told.
  bool has_gone() const { return !gone_.empty(); }
  bool is_gone(model::Uid uid) const { return gone_.contains(uid); }
  struct Gone {
    model::UidSet uids;
    std::vector<std::uint32_t> numbers;  // sequence numbers, highest first
  };
  Gone take_gone();
  // These were removed by this session's own command.
  void removed(const model::UidSet& uids);
  // True when one of them is new here.
  bool learn_keywords(const std::vector<std::string>& keywords);

 private:
  struct Told {
    model::ModSeq modseq;
    model::UidSet uids;
  };

  model::FolderId id_;
  std::string path_;
  model::SpecialUse special_use_;
  bool read_only_;
  std::vector<model::Uid> uids_;
  model::ModSeq modseq_;
  model::UidSet recent_;
  std::vector<std::string> keywords_;
  model::UidSet saved_;     // set by SEARCH RETURN (SAVE)
  model::UidSet gone_;      // expunged, EXPUNGE not yet sent
  std::vector<Told> told_;  // since the last apply()
  News news_;               // set by apply(); cleared by take_news()
  bool held_ = false;       // set by hold(); cleared by apply()
};

}  // namespace fwd::imap

#endif
