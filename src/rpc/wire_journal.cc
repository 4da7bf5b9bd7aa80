// Values of Journal as protobuf messages and back.
#include "rpc/wire_journal.h"

#include <utility>

namespace fwd::rpc {

void to_wire(const model::JournalEntry& entry, wire::JournalEntry& out) {
  out.set_id(entry.id);
  out.set_time_ms(entry.time_ms);
  out.set_event(entry.event);
  out.set_message_id(entry.message_id);
  out.set_domain_id(entry.domain_id);
  out.set_alias_id(entry.alias_id);
  for (const auto& [key, value] : entry.fields) {
    wire::Pair& pair = *out.add_fields();
    pair.set_key(key);
    pair.set_value(value);
  }
}

model::JournalEntry from_wire(wire::JournalEntry& in) {
  model::JournalEntry entry;
  entry.id = in.id();
  entry.time_ms = in.time_ms();
  entry.event = std::move(*in.mutable_event());
  entry.message_id = std::move(*in.mutable_message_id());
  entry.domain_id = std::move(*in.mutable_domain_id());
  entry.alias_id = std::move(*in.mutable_alias_id());
  for (wire::Pair& pair : *in.mutable_fields())
    entry.fields.emplace(std::move(*pair.mutable_key()), std::move(*pair.mutable_value()));
  return entry;
}

void to_wire(const model::JournalQuery& query, wire::JournalQuery& out) {
  out.set_message_id(query.message_id);
  out.set_domain_id(query.domain_id);
  out.set_alias_id(query.alias_id);
  out.set_event(query.event);
  out.set_address(query.address);
  out.set_since_ms(query.since_ms);
  out.set_until_ms(query.until_ms);
  out.set_limit(query.limit);
}

model::JournalQuery from_wire(wire::JournalQuery& in) {
  model::JournalQuery query;
  query.message_id = std::move(*in.mutable_message_id());
  query.domain_id = std::move(*in.mutable_domain_id());
  query.alias_id = std::move(*in.mutable_alias_id());
  query.event = std::move(*in.mutable_event());
  query.address = std::move(*in.mutable_address());
  query.since_ms = in.since_ms();
  query.until_ms = in.until_ms();
  query.limit = in.limit();
  return query;
}

}  // namespace fwd::rpc
