#ifndef FWD_RPC_WIRE_JOURNAL_H
#define FWD_RPC_WIRE_JOURNAL_H

// Values of Journal as protobuf messages and back.  For this folder only.

#include <wire/journal.pb.h>

#include "model/journal.h"

namespace fwd::rpc {

void to_wire(const model::JournalEntry& entry, wire::JournalEntry& out);
model::JournalEntry from_wire(wire::JournalEntry& in);
void to_wire(const model::JournalQuery& query, wire::JournalQuery& out);
model::JournalQuery from_wire(wire::JournalQuery& in);

}  // namespace fwd::rpc

#endif
