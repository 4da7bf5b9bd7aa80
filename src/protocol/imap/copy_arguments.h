#ifndef FWD_PROTOCOL_IMAP_COPY_ARGUMENTS_H
#define FWD_PROTOCOL_IMAP_COPY_ARGUMENTS_H

// What COPY and MOVE share: their arguments and their response code.

#include <string>

#include "model/mailbox.h"
#include "protocol/imap/selected_folder.h"
#include "protocol/imap/verbs.h"

namespace fwd::imap {

struct CopyArguments {
  model::UidSet uids;
  std::string target;
};

// copy = "COPY" SP sequence-set SP mailbox
bool parse_copy(Command& command, const SelectedFolder& folder, CopyArguments& out);

// "COPYUID validity from to" (RFC 4315 §3), or "" when nothing was copied.
std::string copyuid_code(const model::CopyResult& result);

}  // namespace fwd::imap

#endif
