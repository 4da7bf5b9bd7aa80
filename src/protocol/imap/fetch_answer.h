#ifndef FWD_PROTOCOL_IMAP_FETCH_ANSWER_H
#define FWD_PROTOCOL_IMAP_FETCH_ANSWER_H

// One untagged FETCH: a message's row and octets as the items asked for.

#include "core/outcome.h"
#include "core/task.h"
#include "model/mailbox.h"
#include "protocol/imap/fetch_program.h"
#include "protocol/imap/message_content.h"

namespace fwd::imap {

class Session;

// Writes "* n FETCH (…)".  After a failure some of it may have been written.
// kCannot: a part's encoding cannot be undone (RFC 3516 §4.3 UNKNOWN-CTE).
Task<Outcome<void>> write_fetch(Session& session, const FetchProgram& program,
                                const model::MessageRow& row, std::uint32_t number);

// The header fields of `header` that are named (or not named), with the empty
// line at the end (RFC 9051 §6.4.5.1).
std::string filter_header(std::string_view header, const std::vector<std::string>& names,
                          bool keep_named);

}  // namespace fwd::imap

#endif
