// What rests on disk and travels between daemons: octets that are not ours, or
// were ours once, must be refused and never cost more than they may.
#include "format/outline.h"
#include "fuzz/fuzz.h"

using namespace fwd::format;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view in = fwd::fuzz::text_of(data, size);
  const auto text = unpack_text(in, 100'000);
  if (text.ok()) fwd::fuzz::must(text.value().size() <= 100'000);
  const auto parts = decode_parts(in);
  if (parts.ok())
    fwd::fuzz::must(decode_parts(encode_parts(parts.value())).value() == parts.value());
  const auto message = decode_packed(in);
  if (!message.ok()) return 0;
  std::uint64_t octets = 0;
  for (const PackedChunk& chunk : message.value().chunks) {
    octets += chunk.raw_size;
    const auto content = unpack_chunk(chunk);
    if (content.ok()) fwd::fuzz::must(content.value().size() == chunk.raw_size);
  }
  fwd::fuzz::must(octets == message.value().size);
  return 0;
}
