#ifndef FWD_PROTOCOL_IMAP_STATUS_ITEMS_H
#define FWD_PROTOCOL_IMAP_STATUS_ITEMS_H

// What STATUS, and LIST RETURN (STATUS), can tell of a folder.

#include <vector>

#include "model/folder.h"
#include "protocol/imap/parser.h"
#include "protocol/imap/writer.h"

namespace fwd::imap {

enum class StatusItem : std::uint8_t {
  kMessages,
  kRecent,
  kUidNext,
  kUidValidity,
  kUnseen,
  kDeleted,
  kSize,
  kHighestModSeq,
  kAppendLimit,
  kMailboxId,
};

// "(" status-att *(SP status-att) ")"
bool parse_status_items(Parser& in, std::vector<StatusItem>& out);
bool asks_modseq(const std::vector<StatusItem>& items);

// One untagged STATUS.
void tell_status(Writer& out, const Limits& limits, const model::Folder& folder,
                 const std::vector<StatusItem>& items);

}  // namespace fwd::imap

#endif
