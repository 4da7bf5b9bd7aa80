#ifndef FWD_PROTOCOL_IMAP_MESSAGE_CONTENT_H
#define FWD_PROTOCOL_IMAP_MESSAGE_CONTENT_H

// The octets of one message, from its row when it is small, else chunk by
// chunk from the keeper.  Lives as long as the answer to one message.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "format/outline.h"
#include "model/mailbox.h"
#include "protocol/imap/writer.h"

namespace fwd::imap {

struct OctetRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

class MessageContent {
 public:
  // Keeps references.  `row` has size and chunks, and parts when asked for.
  MessageContent(model::Mailbox& mailbox, model::FolderId folder, const model::MessageRow& row)
      : mailbox_(mailbox), folder_(folder), row_(row) {}

  std::uint64_t size() const { return row_.size; }
  // The part table, decoded once; kCorrupt.
  Outcome<const std::vector<format::Part>*> parts();
  // Small parts of the message, all in memory; kNotFound when it is gone.
  Task<Outcome<std::string>> read(OctetRange range);
  // Writes the range as a literal; streams what is large.  On a failure
  // nothing, or a broken literal, was written: the caller rolls back or breaks
  // the connection off.
  Task<Outcome<void>> send(OctetRange range, Writer& out);

 private:
  Outcome<std::string_view> inline_octets(OctetRange range);

  model::Mailbox& mailbox_;
  model::FolderId folder_;
  const model::MessageRow& row_;
  std::optional<std::string> whole_;  // of a message that came with its row
  std::optional<std::vector<format::Part>> parts_;
};

}  // namespace fwd::imap

#endif
