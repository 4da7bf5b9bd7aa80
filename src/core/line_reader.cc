// Lines and counted octets from a stream.
#include "core/line_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/wipe.h"

namespace fwd {
namespace {

constexpr std::size_t kReadSize = 16 * 1024;

// Takes the CR of a CRLF off `text` and says whether any CR is left.
LineEnd finish_line(std::string& text) {
  if (text.empty() || text.back() != '\r') return LineEnd::kBareLf;
  text.pop_back();
  return text.find('\r') == std::string::npos ? LineEnd::kWhole : LineEnd::kBareLf;
}

}  // namespace

LineReader::LineReader(Stream& stream, Clock& clock, std::chrono::milliseconds idle)
    : stream_(stream), clock_(clock), idle_(idle) {}

void LineReader::take(std::size_t octets) {
  if (secret_) wipe(buffer_.data() + taken_, octets);
  taken_ += octets;
  if (taken_ >= buffer_.size()) {
    std::string().swap(buffer_);
    taken_ = 0;
  }
  searched_ = taken_;
}

void LineReader::discard() {
  take(buffer_.size() - taken_);
  dropped_ = 0;
}

Task<Outcome<bool>> LineReader::fill() {
  if (end_of_input_) co_return false;
  // One scratch buffer a thread: a Stream fills it only as its read ends, so a
  // thousand idle sessions wait with no buffer of their own.
  thread_local std::array<char, kReadSize> chunk;
  auto reading = stream_.read_some(chunk);
  auto got = co_await before(clock_, clock_.now() + idle_, std::move(reading));
  if (!got) co_return Failure{Fault::kTimeout, "timeout", "the peer was silent for too long"};
  if (!got->ok()) co_return got->failure();
  if (got->value() == 0) {
    end_of_input_ = true;
    co_return false;
  }
  if (secret_) reserve_wiped(buffer_, buffer_.size() + got->value());
  if (taken_ > 0 && taken_ * 2 > buffer_.size()) {
    buffer_.erase(0, taken_);
    searched_ -= std::min(searched_, taken_);
    taken_ = 0;
  }
  buffer_.append(chunk.data(), got->value());
  if (secret_) wipe(chunk.data(), got->value());
  co_return true;
}

Task<Outcome<Line>> LineReader::read_line(std::size_t limit) {
  for (;;) {
    const std::size_t lf = buffer_.find('\n', std::max(searched_, taken_));
    if (lf != std::string::npos) {
      Line line{buffer_.substr(taken_, lf - taken_), LineEnd::kWhole};
      take(lf + 1 - taken_);
      line.end = finish_line(line.text);
      if (std::exchange(dropped_, 0) > 0 || line.text.size() > limit) line.end = LineEnd::kTooLong;
      if (line.end == LineEnd::kTooLong) line.text.clear();
      co_return line;
    }
    searched_ = buffer_.size();
    if (buffer_.size() - taken_ > limit + 1) {
      dropped_ += buffer_.size() - taken_;
      take(buffer_.size() - taken_);
    }
    auto more = co_await fill();
    if (!more.ok()) co_return more.failure();
    if (!more.value()) {
      Line line{std::string(buffered()), LineEnd::kEndOfInput};
      take(line.text.size());
      co_return line;
    }
  }
}

Task<Outcome<std::string>> LineReader::read_some(std::size_t most) {
  if (buffered().empty()) {
    auto more = co_await fill();
    if (!more.ok()) co_return more.failure();
    if (!more.value()) co_return std::string();
  }
  std::string out(buffered().substr(0, most));
  take(out.size());
  co_return out;
}

}  // namespace fwd
