// A message: worked out, packed, and given back octet for octet.
#include "format/html_text.h"
#include "format/outline.h"
#include "fuzz/fuzz.h"

using namespace fwd::format;
using fwd::fuzz::must;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view message = fwd::fuzz::text_of(data, size);
  const PackedMessage packed = pack_message(message);
  std::string content;
  for (const PackedChunk& chunk : packed.chunks) content += unpack_chunk(chunk).value();
  must(content == message && packed.size == size);
  const auto parts = decode_parts(packed.outline.parts);
  must(parts.ok() && !parts.value().empty());
  for (const Part& part : parts.value()) {
    must(part.header_begin <= part.body_begin && part.body_begin <= part.body_end);
    must(part.body_end <= size && part.enclosed_body_begin <= part.body_end);
    const auto body = message.substr(part.body_begin, part.body_end - part.body_begin);
    must(decode_content(body, part.encoding).ok() || !part.encoding.empty());
  }
  must(unpack_text(packed.outline.search_head, kMostSearchText).ok());
  must(unpack_text(packed.outline.search_body, kMostSearchText).ok());
  must(encode_packed(decode_packed(encode_packed(packed)).value()) == encode_packed(packed));
  return 0;
}
