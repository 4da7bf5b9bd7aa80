// Rows of messages in batches of bounded size, and the octets of one message.
#include <algorithm>
#include <utility>

#include "core/text.h"
#include "storage/mailbox/contents.h"
#include "storage/mailbox/mailbox_file.h"

namespace fwd::mailbox {
namespace {

using sqlcipher::Database;
using sqlcipher::Statement;

constexpr std::uint32_t kOutlineColumns = model::kColEnvelope | model::kColBody |
                                          model::kColBodyStructure | model::kColParts |
                                          model::kColPreview;
constexpr std::uint32_t kTextColumns = model::kColSearchHead | model::kColSearchBody;
constexpr std::size_t kRowOctets = 64;         // what a row weighs at least
constexpr std::size_t kRangesPerBatch = 2000;  // looked at, found or not

Failure lost_content() {
  return Failure{Fault::kCorrupt, "", "a message has lost its outline or its octets"};
}

model::MessageRow light_row(const Statement& select, std::uint32_t columns, std::int64_t& content) {
  MessageRecord record = message_record(select);
  content = record.content;
  model::MessageRow row;
  row.uid = record.uid;
  row.modseq = record.modseq;
  row.flags = std::move(record.flags);
  row.internal_date = record.internal_date;
  row.save_date = record.save_date;
  row.size = record.size;
  if ((columns & model::kColIds) != 0) {
    row.email_id = to_hex(record.email_id);
    row.thread_id = to_hex(record.thread_id);
  }
  row.outline.sent_date = record.sent_date;
  row.outline.sent_zone = record.sent_zone;
  return row;
}

Outcome<void> add_outline(Database& database, std::int64_t content, std::uint32_t columns,
                          format::OutlineColumns& outline) {
  auto select = database.prepare(
      "SELECT envelope, body, preview, body_structure, parts FROM outlines WHERE content = ?");
  select.bind(1, content);
  auto found = select.step();
  if (!found.ok()) return found.failure();
  if (!found.value()) return lost_content();
  if ((columns & model::kColEnvelope) != 0) outline.envelope = select.text(0);
  if ((columns & model::kColBody) != 0) outline.body = select.text(1);
  if ((columns & model::kColPreview) != 0) outline.preview = select.text(2);
  if ((columns & model::kColBodyStructure) != 0) outline.body_structure = select.text(3);
  if ((columns & model::kColParts) != 0) outline.parts = select.text(4);
  return {};
}

Outcome<void> add_search_texts(Database& database, std::int64_t content, std::uint32_t columns,
                               format::OutlineColumns& outline) {
  auto select = database.prepare("SELECT head, body FROM search_texts WHERE content = ?");
  select.bind(1, content);
  auto found = select.step();
  if (!found.ok()) return found.failure();
  if (!found.value()) return lost_content();
  if ((columns & model::kColSearchHead) != 0) outline.search_head = select.text(0);
  if ((columns & model::kColSearchBody) != 0) outline.search_body = select.text(1);
  return {};
}

format::PackedChunk chunk_of(const Statement& select) {
  format::PackedChunk chunk;
  chunk.offset = static_cast<std::uint64_t>(select.integer(0));
  chunk.raw_size = static_cast<std::uint32_t>(select.integer(1));
  chunk.packed = select.text(2);
  return chunk;
}

Outcome<void> add_chunks(Database& database, std::int64_t content, model::MessageRow& row) {
  auto select = database.prepare(
      "SELECT start, raw_size, packed FROM chunks WHERE id >= ? AND id < ? ORDER BY id");
  select.bind(1, chunk_row(content, 0)).bind(2, chunk_row(content + 1, 0));
  std::uint64_t octets = 0;
  for (;;) {
    auto more = select.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) break;
    row.chunks.push_back(chunk_of(select));
    octets += row.chunks.back().raw_size;
  }
  if (octets != row.size) return lost_content();
  row.has_content = true;
  return {};
}

// Fills what `columns` asks for beyond the message's own row; gives what the
// row weighs.
Outcome<std::size_t> fill_row(Database& database, std::int64_t content, std::uint32_t columns,
                              model::MessageRow& row) {
  if ((columns & kOutlineColumns) != 0)
    if (auto done = add_outline(database, content, columns, row.outline); !done.ok())
      return done.failure();
  if ((columns & kTextColumns) != 0)
    if (auto done = add_search_texts(database, content, columns, row.outline); !done.ok())
      return done.failure();
  if ((columns & model::kColContent) != 0 && row.size <= model::kInlineContent)
    if (auto done = add_chunks(database, content, row); !done.ok()) return done.failure();
  const format::OutlineColumns& outline = row.outline;
  std::size_t octets = kRowOctets + outline.envelope.size() + outline.body.size() +
                       outline.body_structure.size() + outline.parts.size() +
                       outline.preview.size() + outline.search_head.size() +
                       outline.search_body.size();
  for (const format::PackedChunk& chunk : row.chunks) octets += chunk.packed.size();
  return octets;
}

// Cuts the cursor's set down to what changed, by the index of modseqs.
Outcome<void> narrow(Database& database, FetchCursor& cursor) {
  if (cursor.narrowed || cursor.changed_since == 0) return {};
  cursor.narrowed = true;
  auto select = database.prepare("SELECT uid FROM messages WHERE folder = ? AND modseq > ?");
  select.bind(1, cursor.folder);
  select.bind(2,
              static_cast<std::int64_t>(std::min<model::ModSeq>(cursor.changed_since, INT64_MAX)));
  std::vector<model::Uid> changed;
  for (;;) {
    auto more = select.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) break;
    changed.push_back(static_cast<model::Uid>(select.integer(0)));
  }
  std::sort(changed.begin(), changed.end());
  model::UidSet set;
  for (const model::Uid uid : changed) set.add(uid);
  cursor.uids = cursor.uids.intersect(set);
  return {};
}

// One batch under way.
struct Batch {
  std::vector<model::MessageRow> rows;
  std::size_t octets = 0;
  bool full(const Limits& limits) const {
    return rows.size() >= limits.batch_rows || octets >= limits.batch_octets;
  }
};

// Adds rows of the cursor's present range until the batch is full; then the
// cursor stands behind the last one, else at the next range.
Outcome<void> fetch_range(Database& database, FetchCursor& cursor, const Limits& limits,
                          Batch& batch) {
  const model::UidRange& range = cursor.uids.ranges()[cursor.range];
  auto select = database.prepare(
      select_messages("WHERE folder = ? AND uid >= ? AND uid <= ? AND +modseq > ? ORDER BY uid"));
  select.bind(1, cursor.folder);
  select.bind(2, std::max<std::int64_t>(range.first, static_cast<std::int64_t>(cursor.next)));
  select.bind(3, std::int64_t{range.last});
  select.bind(4,
              static_cast<std::int64_t>(std::min<model::ModSeq>(cursor.changed_since, INT64_MAX)));
  while (!batch.full(limits)) {
    auto more = select.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) {
      cursor.next = 0;
      ++cursor.range;
      return {};
    }
    std::int64_t content = 0;
    model::MessageRow row = light_row(select, cursor.columns, content);
    auto octets = fill_row(database, content, cursor.columns, row);
    if (!octets.ok()) return octets.failure();
    batch.octets += octets.value();
    cursor.next = std::uint64_t{row.uid} + 1;
    batch.rows.push_back(std::move(row));
  }
  return {};
}

}  // namespace

Outcome<std::vector<model::MessageRow>> MailboxFile::fetch(FetchCursor& cursor) {
  if (auto done = narrow(*database_, cursor); !done.ok()) return done.failure();
  Batch batch;
  for (std::size_t looked = 0; looked < kRangesPerBatch && !batch.full(limits_); ++looked) {
    if (cursor.range >= cursor.uids.ranges().size()) {
      cursor.ended = true;
      break;
    }
    auto done = fetch_range(*database_, cursor, limits_, batch);
    if (!done.ok()) return done.failure();
  }
  return std::move(batch.rows);
}

namespace {

// Looks the message up, and by halving the chunk that holds the first octet.
Outcome<void> start_content(Database& database, ContentCursor& cursor) {
  auto select = database.prepare(
      "SELECT contents.id, contents.size, contents.chunks FROM messages"
      " JOIN contents ON contents.id = messages.content WHERE folder = ? AND uid = ?");
  select.bind(1, cursor.folder).bind(2, std::int64_t{cursor.uid});
  auto found = select.step();
  if (!found.ok()) return found.failure();
  if (!found.value()) return Failure{Fault::kNotFound, "the message is gone", ""};
  cursor.content = select.integer(0);
  cursor.end = std::min(cursor.end, static_cast<std::uint64_t>(select.integer(1)));
  cursor.chunks = select.integer(2);
  select.reset();
  std::int64_t low = 0, high = cursor.chunks;  // the wanted one is in [low, high)
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    auto probe = database.prepare("SELECT start FROM chunks WHERE id = ?");
    probe.bind(1, chunk_row(cursor.content, middle));
    auto there = probe.step();
    if (!there.ok()) return there.failure();
    if (!there.value()) return lost_content();
    (static_cast<std::uint64_t>(probe.integer(0)) <= cursor.offset ? low : high) = middle;
  }
  cursor.next = low;
  return {};
}

}  // namespace

Outcome<std::vector<format::PackedChunk>> MailboxFile::read_content(ContentCursor& cursor) {
  if (cursor.content == 0)
    if (auto done = start_content(*database_, cursor); !done.ok()) return done.failure();
  std::vector<format::PackedChunk> out;
  std::size_t octets = 0;
  auto select = database_->prepare(
      "SELECT start, raw_size, packed FROM chunks WHERE id >= ? AND id < ? ORDER BY id");
  select.bind(1, chunk_row(cursor.content, cursor.next));
  select.bind(2, chunk_row(cursor.content + 1, 0));
  while (cursor.offset < cursor.end && octets < limits_.batch_octets) {
    auto more = select.step();
    if (!more.ok()) return more.failure();
    // The message may have gone between two batches.
    if (!more.value()) return Failure{Fault::kNotFound, "the message is gone", ""};
    out.push_back(chunk_of(select));
    ++cursor.next;
    octets += out.back().packed.size();
    cursor.offset = out.back().offset + out.back().raw_size;
  }
  cursor.ended = cursor.offset >= cursor.end;
  return out;
}

}  // namespace fwd::mailbox
