#ifndef FWD_FORMAT_RECORD_CODEC_H
#define FWD_FORMAT_RECORD_CODEC_H

// Length-prefixed records of our own: numbers of seven bits an octet, lowest
// first, and texts behind their length.  What a reader gives is bounded by the
// octets it was given.

#include <cstdint>
#include <string>
#include <string_view>

namespace fwd::format {

class RecordWriter {
 public:
  void number(std::uint64_t value);
  void signed_number(std::int64_t value);
  void text(std::string_view value);
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

// After the first field that does not fit, bad() is true and everything that
// follows reads as zero or empty.
class RecordReader {
 public:
  explicit RecordReader(std::string_view octets) : rest_(octets) {}

  std::uint64_t number();
  std::int64_t signed_number();
  std::string text(std::size_t most = SIZE_MAX);

  bool bad() const { return bad_; }
  // Everything was read and nothing is left.
  bool complete() const { return !bad_ && rest_.empty(); }
  std::size_t left() const { return rest_.size(); }

 private:
  std::string_view rest_;
  bool bad_ = false;
};

}  // namespace fwd::format

#endif
