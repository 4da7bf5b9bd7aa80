#ifndef FWD_STORAGE_MAILBOX_SCHEMA_H
#define FWD_STORAGE_MAILBOX_SCHEMA_H

// The tables of one mailbox file, as steps from version to version.
//
//   mailbox        one row: whose it is, and its counters
//   folders        with their counts, kept by code in the same transaction
//   messages       small columns only, in order of folder and uid
//   contents       what copies share: how often it is used, octets, chunks
//   outlines       the columns FETCH gives out      (one row a content)
//   search_texts   the columns SEARCH looks into    (one row a content)
//   chunks         the message itself, id = content << 20 | number
//   expunged       what is gone, for QRESYNC, bounded
//   keywords       each keyword's one spelling
//   thread_links   from a message id to its thread
//   deliveries     which were stored lately
//   former_names   the last UIDVALIDITY a path had before its folder left it

#include <cstdint>
#include <string>

#include "core/outcome.h"
#include "storage/sqlcipher/database.h"

namespace fwd::mailbox {

// Takes the file to the newest version.  kCorrupt: made by a newer release.
Outcome<void> migrate_schema(sqlcipher::Database& database);

// The first rows of a new mailbox: its counters and the default folders INBOX,
// Drafts, Sent Mail, Archive, Spam, Trash.  `now`: seconds since 1970.
Outcome<void> fill_new_mailbox(sqlcipher::Database& database, const std::string& alias_id,
                               std::int64_t now);

}  // namespace fwd::mailbox

#endif
