// What copies of a message share.
#include "storage/mailbox/contents.h"

#include "storage/mailbox/threads.h"

namespace fwd::mailbox {
namespace {

using sqlcipher::Database;

constexpr std::size_t kMostChunks = 1 << 20;

std::size_t outline_octets(const format::OutlineColumns& outline) {
  return outline.envelope.size() + outline.body.size() + outline.body_structure.size() +
         outline.parts.size() + outline.preview.size() + outline.search_head.size() +
         outline.search_body.size();
}

Outcome<void> add_outline(Database& database, std::int64_t content,
                          const format::OutlineColumns& outline) {
  auto insert = database.prepare(
      "INSERT INTO outlines(content, envelope, body, preview, body_structure, parts)"
      " VALUES(?, ?, ?, ?, ?, ?)");
  insert.bind(1, content).bind_blob_view(2, outline.envelope).bind_blob_view(3, outline.body);
  insert.bind_blob_view(4, outline.preview).bind_blob_view(5, outline.body_structure);
  insert.bind_blob_view(6, outline.parts);
  if (auto done = insert.run(); !done.ok()) return done;
  auto texts = database.prepare("INSERT INTO search_texts(content, head, body) VALUES(?, ?, ?)");
  texts.bind(1, content).bind_blob_view(2, outline.search_head);
  texts.bind_blob_view(3, outline.search_body);
  return texts.run();
}

Outcome<void> add_chunks(Database& database, std::int64_t content,
                         const std::vector<format::PackedChunk>& chunks) {
  std::int64_t number = 0;
  for (const format::PackedChunk& chunk : chunks) {
    auto insert =
        database.prepare("INSERT INTO chunks(id, start, raw_size, packed) VALUES(?, ?, ?, ?)");
    insert.bind(1, chunk_row(content, number++));
    insert.bind(2, static_cast<std::int64_t>(chunk.offset)).bind(3, std::int64_t{chunk.raw_size});
    insert.bind_blob_view(4, chunk.packed);
    if (auto done = insert.run(); !done.ok()) return done;
  }
  return {};
}

Outcome<void> remove_content(Change& change, std::int64_t content) {
  Database& database = change.database();
  auto chunks = database.prepare("DELETE FROM chunks WHERE id >= ? AND id < ?");
  chunks.bind(1, chunk_row(content, 0)).bind(2, chunk_row(content + 1, 0));
  if (auto done = chunks.run(); !done.ok()) return done;
  for (const std::string_view sql :
       {"DELETE FROM outlines WHERE content = ?", "DELETE FROM search_texts WHERE content = ?",
        "DELETE FROM contents WHERE id = ?"}) {
    auto remove = database.prepare(sql);
    remove.bind(1, content);
    if (auto done = remove.run(); !done.ok()) return done;
  }
  return unlink_thread(database, content);
}

}  // namespace

std::uint64_t stored_octets(const format::PackedMessage& message) {
  std::uint64_t octets = outline_octets(message.outline);
  for (const format::PackedChunk& chunk : message.chunks) octets += chunk.packed.size();
  return octets;
}

Outcome<void> check_message(const format::PackedMessage& message, const Limits& limits) {
  std::uint64_t end = 0;
  for (const format::PackedChunk& chunk : message.chunks) {
    if (chunk.offset != end || chunk.raw_size == 0 || chunk.raw_size > format::kChunkSize ||
        chunk.packed.size() > format::kChunkSize)
      return Failure{Fault::kBadInput, "the message's chunks do not follow one another", ""};
    end += chunk.raw_size;
  }
  if (end != message.size)
    return Failure{Fault::kBadInput, "the message's chunks are not all of it", ""};
  if (message.size > limits.message_octets || message.chunks.size() > kMostChunks ||
      outline_octets(message.outline) > limits.outline_octets)
    return Failure{Fault::kOverLimit, "the message is too large", ""};
  return {};
}

Outcome<std::int64_t> add_content(Change& change, const format::PackedMessage& message) {
  Database& database = change.database();
  const auto octets = static_cast<std::int64_t>(stored_octets(message));
  auto insert =
      database.prepare("INSERT INTO contents(shares, octets, size, chunks) VALUES(1, ?, ?, ?)");
  insert.bind(1, octets).bind(2, static_cast<std::int64_t>(message.size));
  insert.bind(3, static_cast<std::int64_t>(message.chunks.size()));
  if (auto done = insert.run(); !done.ok()) return done.failure();
  const std::int64_t content = database.last_insert_id();
  auto outline = add_outline(database, content, message.outline);
  if (!outline.ok()) return outline.failure();
  auto chunks = add_chunks(database, content, message.chunks);
  if (!chunks.ok()) return chunks.failure();
  change.add_used(octets);
  return content;
}

Outcome<void> share_content(Change& change, std::int64_t content) {
  auto update = change.database().prepare("UPDATE contents SET shares = shares + 1 WHERE id = ?");
  update.bind(1, content);
  return update.run();
}

Outcome<void> release_content(Change& change, std::int64_t content) {
  auto select = change.database().prepare("SELECT shares, octets FROM contents WHERE id = ?");
  select.bind(1, content);
  auto found = select.step();
  if (!found.ok()) return found.failure();
  if (!found.value()) return Failure{Fault::kCorrupt, "", "a message without its content"};
  const std::int64_t shares = select.integer(0), octets = select.integer(1);
  select.reset();
  if (shares > 1) {
    auto update = change.database().prepare("UPDATE contents SET shares = shares - 1 WHERE id = ?");
    update.bind(1, content);
    return update.run();
  }
  change.add_used(-octets);
  return remove_content(change, content);
}

}  // namespace fwd::mailbox
