#ifndef FWD_STORAGE_MAILBOX_MAILBOX_FILE_H
#define FWD_STORAGE_MAILBOX_MAILBOX_FILE_H

// One mailbox's file: every verb of model::Mailbox, blocking, on one thread at
// a time.  What a verb promises is said in model/mailbox.h.
//
// Verbs under "changes" run inside a transaction, or a savepoint, that the
// caller opens and ends (database().transaction(…)); one that fails has to be
// rolled back.  Each takes one modseq.  `now`: seconds since 1970.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "crypto/secret.h"
#include "model/mailbox.h"
#include "storage/mailbox/change.h"
#include "storage/mailbox/incoming.h"
#include "storage/mailbox/limits.h"
#include "storage/sqlcipher/database.h"

namespace fwd::mailbox {

// Where one FETCH stands between two batches.
struct FetchCursor {
  model::FolderId folder = 0;
  model::UidSet uids;
  std::uint32_t columns = 0;
  model::ModSeq changed_since = 0;
  bool narrowed = false;   // uids were cut down to what changed
  std::size_t range = 0;   // of uids
  std::uint64_t next = 0;  // the first uid not yet looked at
  bool ended = false;
};

// The same for reading one message's octets.
struct ContentCursor {
  model::FolderId folder = 0;
  model::Uid uid = 0;
  std::uint64_t offset = 0, end = 0;  // still wanted: [offset, end)
  std::int64_t content = 0;           // 0: not looked up yet
  std::int64_t chunks = 0;            // how many it has
  std::int64_t next = 0;              // the next chunk's number
  bool ended = false;
};

class MailboxFile {
 public:
  // Makes the file with its default folders, whole or not at all.  kExists.
  static Outcome<void> create(const std::string& path, const crypto::SecretKey& key,
                              const std::string& alias_id, std::int64_t now);
  // kNotFound: no such file.  kCorrupt: damaged, wrong key, or another alias's.
  static Outcome<std::unique_ptr<MailboxFile>> open(const std::string& path,
                                                    const crypto::SecretKey& key,
                                                    const std::string& alias_id, int cache_pages,
                                                    Limits limits = {});

  sqlcipher::Database& database() { return *database_; }
  // What committed changes have to tell since the last call.  The caller drops
  // it when the transaction failed.
  News take_news();

  // --- reading -------------------------------------------------------------
  Outcome<std::vector<model::Folder>> list_folders();
  Outcome<model::Folder> get_folder(const std::string& path);
  // The next rows of a fetch; none and !cursor.ended: call again.
  Outcome<std::vector<model::MessageRow>> fetch(FetchCursor& cursor);
  Outcome<std::vector<format::PackedChunk>> read_content(ContentCursor& cursor);
  Outcome<std::uint64_t> used();
  Outcome<std::int64_t> spool_mark();
  // The file's pages, and that all counts are what they count.  kCorrupt.
  Outcome<void> check();

  // --- changes -------------------------------------------------------------
  Outcome<model::Folder> create_folder(const std::string& path, model::SpecialUse use,
                                       std::int64_t now);
  Outcome<void> delete_folder(const std::string& path, std::int64_t now);
  Outcome<void> rename_folder(const std::string& from, const std::string& to, std::int64_t now);
  Outcome<void> subscribe(const std::string& path, bool subscribed, std::int64_t now);
  Outcome<model::OpenFolder> open_folder(model::FolderId folder, bool claim_recent,
                                         std::int64_t now);
  Outcome<model::Changes> changes_since(model::FolderId folder, model::ModSeq since,
                                        const model::UidSet& known, bool claim_recent,
                                        std::int64_t now);
  Outcome<model::StoreResult> store_flags(model::FolderId folder, const model::UidSet& uids,
                                          model::FlagChange how, const model::Flags& flags,
                                          model::ModSeq unchanged_since, std::int64_t now);
  Outcome<model::UidSet> expunge(model::FolderId folder, const model::UidSet& uids,
                                 std::int64_t now);
  // `quota`: octets; 0: no limit.
  Outcome<model::CopyResult> append(const std::string& path,
                                    const std::vector<model::NewMessage>& messages,
                                    std::uint64_t quota, std::int64_t now);
  Outcome<model::CopyResult> copy(model::FolderId from, const model::UidSet& uids,
                                  const std::string& to_path, std::int64_t now);
  Outcome<model::CopyResult> move(model::FolderId from, const model::UidSet& uids,
                                  const std::string& to_path, std::int64_t now);
  Outcome<void> deliver(const std::vector<Incoming>& incoming, std::uint64_t quota,
                        std::int64_t now);
  Outcome<void> drain(const std::vector<Drained>& drained, std::int64_t now);

 private:
  MailboxFile(std::unique_ptr<sqlcipher::Database> database, Limits limits);
  // Runs `body` as one change and keeps its news.
  Outcome<void> change(std::int64_t now, const std::function<Outcome<void>(Change&)>& body);

  std::unique_ptr<sqlcipher::Database> database_;
  const Limits limits_;
  News news_;
};

}  // namespace fwd::mailbox

#endif
