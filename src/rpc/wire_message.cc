// Messages and folders as protobuf messages and back.
#include "rpc/wire.h"

namespace fwd::rpc {
namespace {

// Columns longer than this go behind the message.
constexpr std::size_t kLongColumn = 4096;

// Moves a column into its field, or behind the message under its number.
template <typename Set>
void put_column(std::string text, std::uint32_t number, Set set, wire::Outline& out,
                std::vector<std::string>& pieces) {
  if (text.empty()) return;
  if (text.size() <= kLongColumn) {
    set(std::move(text));
    return;
  }
  out.set_raw_columns(out.raw_columns() | 1U << number);
  pieces.push_back(std::move(text));
}

// The other way; false when its piece is missing.
bool take_column(std::string* field, std::uint32_t number, const wire::Outline& in, Pieces& pieces,
                 std::string& into) {
  if ((in.raw_columns() & 1U << number) == 0) {
    into = std::move(*field);
    return true;
  }
  Outcome<std::string> piece = pieces.take();
  if (!piece.ok()) return false;
  into = std::move(piece).value();
  return true;
}

void outline_to_wire(format::OutlineColumns in, wire::Outline& out,
                     std::vector<std::string>& pieces) {
  const auto put = [&](std::string& text, std::uint32_t number, auto set) {
    put_column(std::move(text), number, set, out, pieces);
  };
  put(in.envelope, 2, [&](std::string t) { out.set_envelope(std::move(t)); });
  put(in.body, 3, [&](std::string t) { out.set_body(std::move(t)); });
  put(in.body_structure, 4, [&](std::string t) { out.set_body_structure(std::move(t)); });
  put(in.parts, 5, [&](std::string t) { out.set_parts(std::move(t)); });
  put(in.preview, 6, [&](std::string t) { out.set_preview(std::move(t)); });
  put(in.search_head, 7, [&](std::string t) { out.set_search_head(std::move(t)); });
  put(in.search_body, 8, [&](std::string t) { out.set_search_body(std::move(t)); });
  if (in.sent_date) out.set_sent_date(*in.sent_date);
  out.set_sent_zone(in.sent_zone);
}

Outcome<format::OutlineColumns> outline_from_wire(wire::Outline& in, Pieces& pieces) {
  format::OutlineColumns out;
  const bool whole = take_column(in.mutable_envelope(), 2, in, pieces, out.envelope) &&
                     take_column(in.mutable_body(), 3, in, pieces, out.body) &&
                     take_column(in.mutable_body_structure(), 4, in, pieces, out.body_structure) &&
                     take_column(in.mutable_parts(), 5, in, pieces, out.parts) &&
                     take_column(in.mutable_preview(), 6, in, pieces, out.preview) &&
                     take_column(in.mutable_search_head(), 7, in, pieces, out.search_head) &&
                     take_column(in.mutable_search_body(), 8, in, pieces, out.search_body);
  if (!whole) return bad_wire("a column is missing");
  if (in.has_sent_date()) out.sent_date = in.sent_date();
  out.sent_zone = in.sent_zone();
  return out;
}

template <typename Repeated>
void chunks_to_wire(std::vector<format::PackedChunk>& chunks, Repeated& out,
                    std::vector<std::string>& pieces) {
  for (format::PackedChunk& chunk : chunks) to_wire(std::move(chunk), *out.Add(), pieces);
}

template <typename Repeated>
Outcome<std::vector<format::PackedChunk>> chunks_from_wire(Repeated& in, Pieces& pieces) {
  std::vector<format::PackedChunk> chunks;
  chunks.reserve(static_cast<std::size_t>(in.size()));
  for (const wire::Chunk& chunk : in) {
    Outcome<format::PackedChunk> one = from_wire(chunk, pieces);
    if (!one.ok()) return one.failure();
    chunks.push_back(std::move(one).value());
  }
  return chunks;
}

}  // namespace

void to_wire(const model::Folder& folder, wire::Folder& out) {
  out.set_id(folder.id);
  out.set_object_id(folder.object_id);
  out.set_path(folder.path);
  out.set_special_use(static_cast<std::uint32_t>(folder.special_use));
  out.set_subscribed(folder.subscribed);
  out.set_selectable(folder.selectable);
  out.set_uid_validity(folder.uid_validity);
  out.set_uid_next(folder.uid_next);
  out.set_highest_modseq(folder.highest_modseq);
  out.set_messages(folder.messages);
  out.set_unseen(folder.unseen);
  out.set_deleted(folder.deleted);
  out.set_recent(folder.recent);
  out.set_size(folder.size);
  out.set_missing(!folder.exists);
}

Outcome<model::Folder> from_wire(wire::Folder& in) {
  const auto special_use = special_use_of(in.special_use());
  if (!special_use) return bad_wire("a special use that does not exist");
  model::Folder folder;
  folder.id = in.id();
  folder.object_id = std::move(*in.mutable_object_id());
  folder.path = std::move(*in.mutable_path());
  folder.special_use = *special_use;
  folder.subscribed = in.subscribed();
  folder.selectable = in.selectable();
  folder.uid_validity = in.uid_validity();
  folder.uid_next = in.uid_next();
  folder.highest_modseq = in.highest_modseq();
  folder.messages = in.messages();
  folder.unseen = in.unseen();
  folder.deleted = in.deleted();
  folder.recent = in.recent();
  folder.size = in.size();
  folder.exists = !in.missing();
  return folder;
}

void to_wire(format::PackedChunk chunk, wire::Chunk& out, std::vector<std::string>& pieces) {
  out.set_offset(chunk.offset);
  out.set_raw_size(chunk.raw_size);
  pieces.push_back(std::move(chunk.packed));
}

Outcome<format::PackedChunk> from_wire(const wire::Chunk& in, Pieces& pieces) {
  Outcome<std::string> packed = pieces.take();
  if (!packed.ok()) return packed.failure();
  if (in.raw_size() > format::kChunkSize) return bad_wire("a chunk that is too large");
  return format::PackedChunk{in.offset(), in.raw_size(), std::move(packed).value()};
}

void to_wire(format::PackedMessage message, wire::Packed& out, std::vector<std::string>& pieces) {
  out.set_size(message.size);
  outline_to_wire(std::move(message.outline), *out.mutable_outline(), pieces);
  chunks_to_wire(message.chunks, *out.mutable_chunks(), pieces);
  add_texts(message.message_ids, *out.mutable_message_ids());
  out.set_base_subject(std::move(message.base_subject));
}

Outcome<format::PackedMessage> from_wire(wire::Packed& in, Pieces& pieces) {
  format::PackedMessage message;
  message.size = in.size();
  Outcome<format::OutlineColumns> outline = outline_from_wire(*in.mutable_outline(), pieces);
  if (!outline.ok()) return outline.failure();
  message.outline = std::move(outline).value();
  auto chunks = chunks_from_wire(*in.mutable_chunks(), pieces);
  if (!chunks.ok()) return chunks.failure();
  message.chunks = std::move(chunks).value();
  message.message_ids = take_texts(*in.mutable_message_ids());
  message.base_subject = std::move(*in.mutable_base_subject());
  return message;
}

void to_wire(model::MessageRow row, wire::Row& out, std::vector<std::string>& pieces) {
  out.set_uid(row.uid);
  out.set_modseq(row.modseq);
  out.set_system_flags(row.flags.system);
  add_texts(row.flags.keywords, *out.mutable_keywords());
  out.set_internal_date(row.internal_date);
  out.set_save_date(row.save_date);
  out.set_size(row.size);
  out.set_email_id(std::move(row.email_id));
  out.set_thread_id(std::move(row.thread_id));
  if (row.outline != format::OutlineColumns{})
    outline_to_wire(std::move(row.outline), *out.mutable_outline(), pieces);
  out.set_has_content(row.has_content);
  chunks_to_wire(row.chunks, *out.mutable_chunks(), pieces);
}

Outcome<model::MessageRow> from_wire(wire::Row& in, Pieces& pieces) {
  model::MessageRow row;
  row.uid = in.uid();
  row.modseq = in.modseq();
  row.flags.system = static_cast<std::uint8_t>(in.system_flags());
  row.flags.keywords = take_texts(*in.mutable_keywords());
  row.internal_date = in.internal_date();
  row.save_date = in.save_date();
  row.size = in.size();
  row.email_id = std::move(*in.mutable_email_id());
  row.thread_id = std::move(*in.mutable_thread_id());
  if (in.has_outline()) {
    Outcome<format::OutlineColumns> outline = outline_from_wire(*in.mutable_outline(), pieces);
    if (!outline.ok()) return outline.failure();
    row.outline = std::move(outline).value();
  }
  row.has_content = in.has_content();
  auto chunks = chunks_from_wire(*in.mutable_chunks(), pieces);
  if (!chunks.ok()) return chunks.failure();
  row.chunks = std::move(chunks).value();
  return row;
}

}  // namespace fwd::rpc
