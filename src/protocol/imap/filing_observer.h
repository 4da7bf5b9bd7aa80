#ifndef FWD_PROTOCOL_IMAP_FILING_OBSERVER_H
#define FWD_PROTOCOL_IMAP_FILING_OBSERVER_H

// Told of every COPY and MOVE that put messages into another folder, after its
// success: a daemon may learn from where its users put their mail.

#include <memory>
#include <string>

#include "model/mailbox.h"

namespace fwd::imap {

// Valid during the call only; `mailbox` may be kept, and with it the login.
struct Filing {
  std::shared_ptr<model::Mailbox> mailbox;
  const std::string& session;   // the session's id in the log
  const std::string& alias_id;  // whose mailbox it is
  model::SpecialUse from_use;   // of the folder they came from
  const std::string& to_path;
  const model::CopyResult& result;  // not empty
};

class FilingObserver {
 public:
  virtual ~FilingObserver() = default;
  // Must neither wait nor throw: the client's answer comes after it.
  virtual void filed(const Filing& filing) = 0;
};

}  // namespace fwd::imap

#endif
