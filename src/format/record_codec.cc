// Length-prefixed records: numbers of seven bits an octet, texts behind their length.
#include "format/record_codec.h"

namespace fwd::format {

void RecordWriter::number(std::uint64_t value) {
  while (value >= 0x80) {
    out_ += static_cast<char>(0x80 | (value & 0x7F));
    value >>= 7;
  }
  out_ += static_cast<char>(value);
}

// The sign goes into the lowest bit, so that small negative numbers stay short.
void RecordWriter::signed_number(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  number(value < 0 ? ~(bits << 1) : bits << 1);
}

void RecordWriter::text(std::string_view value) {
  number(value.size());
  out_ += value;
}

std::uint64_t RecordReader::number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; !bad_; shift += 7) {
    if (rest_.empty()) break;
    const auto octet = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    // One spelling a number: no zero octet at the end, nothing past 64 bits.
    if (shift == 63 && octet > 1) break;
    if (shift > 0 && octet == 0) break;
    value |= std::uint64_t{octet & 0x7FU} << shift;
    if (octet < 0x80) return value;
  }
  bad_ = true;
  return 0;
}

std::int64_t RecordReader::signed_number() {
  const std::uint64_t bits = number();
  return static_cast<std::int64_t>((bits & 1) != 0 ? ~(bits >> 1) : bits >> 1);
}

std::string RecordReader::text(std::size_t most) {
  const std::uint64_t size = number();
  if (bad_ || size > rest_.size() || size > most) {
    bad_ = true;
    return {};
  }
  std::string value(rest_.substr(0, size));
  rest_.remove_prefix(size);
  return value;
}

}  // namespace fwd::format
