// Compresses and unpacks texts and chunks with zstd; writes and reads a whole packed message.
#include "format/packed_message.h"

#include <zstd.h>

#include <algorithm>

#include "format/record_codec.h"

namespace fwd::format {
namespace {

constexpr int kLevel = 3;
constexpr char kRawTag = 0;
constexpr char kZstdTag = 1;
constexpr std::uint64_t kRecordVersion = 1;
constexpr std::size_t kMostMessageIds = 100;
constexpr std::size_t kMostMessageIdOctets = 998;

Failure corrupt(const char* what) { return {Fault::kCorrupt, "stored message is damaged", what}; }

// A context keeps its tables between calls, which for small texts is most of
// the work.
ZSTD_CCtx* compressor() {
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  thread_local const std::unique_ptr<ZSTD_CCtx, Free> context(ZSTD_createCCtx());
  return context.get();
}

ZSTD_DCtx* decompressor() {
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  thread_local const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
  return context.get();
}

std::string pack(std::string_view text) {
  // A frame that would not fit below the text's own size is of no use.
  std::string out(text.size() + 1, kZstdTag);
  if (text.size() > 1) {
    const std::size_t used = ZSTD_compressCCtx(compressor(), out.data() + 1, text.size() - 1,
                                               text.data(), text.size(), kLevel);
    if (ZSTD_isError(used) == 0) {
      out.resize(used + 1);
      out.shrink_to_fit();
      return out;
    }
  }
  out[0] = kRawTag;
  std::copy(text.begin(), text.end(), out.begin() + 1);
  return out;
}

Outcome<std::string> unpack(std::string_view packed, std::size_t most) {
  if (packed.empty()) return corrupt("nothing to unpack");
  const char tag = packed.front();
  packed.remove_prefix(1);
  if (tag == kRawTag) {
    if (packed.size() > most) return corrupt("unpacks to too much");
    return std::string(packed);
  }
  if (tag != kZstdTag) return corrupt("unknown packing");
  const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN)
    return corrupt("not a zstd frame of known size");
  if (size > most) return corrupt("unpacks to too much");
  if (ZSTD_findFrameCompressedSize(packed.data(), packed.size()) != packed.size())
    return corrupt("not one zstd frame");
  std::string out(static_cast<std::size_t>(size), '\0');
  const std::size_t made =
      ZSTD_decompressDCtx(decompressor(), out.data(), out.size(), packed.data(), packed.size());
  if (ZSTD_isError(made) != 0 || made != out.size()) return corrupt("damaged zstd frame");
  return out;
}

void write_outline(RecordWriter& out, const OutlineColumns& outline) {
  for (const std::string* text :
       {&outline.envelope, &outline.body, &outline.body_structure, &outline.parts, &outline.preview,
        &outline.search_head, &outline.search_body})
    out.text(*text);
  out.number(outline.sent_date.has_value() ? 1 : 0);
  out.signed_number(outline.sent_date.value_or(0));
  out.signed_number(outline.sent_zone);
}

bool read_outline(RecordReader& in, OutlineColumns& outline) {
  for (std::string* text :
       {&outline.envelope, &outline.body, &outline.body_structure, &outline.parts, &outline.preview,
        &outline.search_head, &outline.search_body})
    *text = in.text();
  const std::uint64_t dated = in.number();
  const std::int64_t date = in.signed_number();
  const std::int64_t zone = in.signed_number();
  if (dated > 1 || (dated == 0 && date != 0) || zone < -24 * 60 || zone > 24 * 60) return false;
  if (dated == 1) outline.sent_date = date;
  outline.sent_zone = static_cast<std::int32_t>(zone);
  return true;
}

bool read_chunks(RecordReader& in, PackedMessage& message) {
  const std::uint64_t count = in.number();
  if (count > in.left()) return false;  // each takes more than an octet
  message.chunks.reserve(count);
  std::uint64_t offset = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    PackedChunk chunk;
    chunk.offset = offset;
    const std::uint64_t raw_size = in.number();
    if (raw_size == 0 || raw_size > kChunkSize) return false;
    chunk.raw_size = static_cast<std::uint32_t>(raw_size);
    chunk.packed = in.text(kChunkSize + 1);
    if (in.bad()) return false;
    offset += raw_size;
    message.chunks.push_back(std::move(chunk));
  }
  return offset == message.size;
}

bool read_message_ids(RecordReader& in, PackedMessage& message) {
  const std::uint64_t count = in.number();
  if (count > kMostMessageIds) return false;
  for (std::uint64_t i = 0; i < count; ++i)
    message.message_ids.push_back(in.text(kMostMessageIdOctets));
  return true;
}

}  // namespace

std::string pack_text(std::string_view text) { return text.empty() ? std::string() : pack(text); }

Outcome<std::string> unpack_text(std::string_view packed, std::size_t most) {
  if (packed.empty()) return std::string();
  return unpack(packed, most);
}

std::vector<PackedChunk> pack_chunks(std::string_view content) {
  std::vector<PackedChunk> chunks;
  chunks.reserve(content.size() / kChunkSize + 1);
  for (std::size_t at = 0; at < content.size(); at += kChunkSize) {
    const std::string_view piece = content.substr(at, kChunkSize);
    chunks.push_back({at, static_cast<std::uint32_t>(piece.size()), pack(piece)});
  }
  return chunks;
}

Outcome<std::string> unpack_chunk(const PackedChunk& chunk) {
  if (chunk.raw_size > kChunkSize) return corrupt("chunk too large");
  Outcome<std::string> out = unpack(chunk.packed, chunk.raw_size);
  if (out.ok() && out.value().size() != chunk.raw_size) return corrupt("chunk of another size");
  return out;
}

std::string encode_packed(const PackedMessage& message) {
  RecordWriter out;
  out.number(kRecordVersion);
  out.number(message.size);
  write_outline(out, message.outline);
  out.number(message.chunks.size());
  for (const PackedChunk& chunk : message.chunks) {
    out.number(chunk.raw_size);
    out.text(chunk.packed);
  }
  out.number(message.message_ids.size());
  for (const std::string& id : message.message_ids) out.text(id);
  out.text(message.base_subject);
  return out.take();
}

Outcome<PackedMessage> decode_packed(std::string_view encoded) {
  RecordReader in(encoded);
  if (in.number() != kRecordVersion) return corrupt("unknown version of a packed message");
  PackedMessage message;
  message.size = in.number();
  if (!read_outline(in, message.outline) || !read_chunks(in, message) ||
      !read_message_ids(in, message))
    return corrupt("packed message breaks its own bounds");
  message.base_subject = in.text();
  if (!in.complete()) return corrupt("packed message of another length");
  return message;
}

}  // namespace fwd::format
