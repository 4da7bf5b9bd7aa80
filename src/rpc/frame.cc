// Putting frames into octets and finding them there.
#include "rpc/frame.h"

#include <utility>

#include "core/wipe.h"
#include "rpc/limits.h"

namespace fwd::rpc {
namespace {

constexpr std::size_t kLength = 4;
constexpr std::size_t kKept = 2048;  // what an idle connection's buffer may hold on to
constexpr std::size_t kFixed = 5;    // call and kind, within the length

unsigned char octet(std::string_view octets, std::size_t at) {
  return static_cast<unsigned char>(octets[at]);
}

}  // namespace

void put_u16(std::string& out, std::uint16_t value) {
  const char octets[] = {static_cast<char>(value >> 8), static_cast<char>(value)};
  out.append(octets, sizeof octets);
}

void put_u32(std::string& out, std::uint32_t value) {
  const char octets[] = {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
                         static_cast<char>(value >> 8), static_cast<char>(value)};
  out.append(octets, sizeof octets);
}

std::uint16_t get_u16(std::string_view octets) {
  return static_cast<std::uint16_t>(octet(octets, 0) << 8 | octet(octets, 1));
}

std::uint32_t get_u32(std::string_view octets) {
  return std::uint32_t{octet(octets, 0)} << 24 | std::uint32_t{octet(octets, 1)} << 16 |
         std::uint32_t{octet(octets, 2)} << 8 | octet(octets, 3);
}

std::string RequestHeader::encode() const {
  std::string out;
  put_u16(out, verb);
  put_u32(out, object);
  out += static_cast<char>(credit);
  return out;
}

std::optional<RequestHeader> RequestHeader::decode(std::string_view payload) {
  if (payload.size() < kSize) return std::nullopt;
  RequestHeader header;
  header.verb = get_u16(payload);
  header.object = get_u32(payload.substr(2));
  header.credit = octet(payload, 6);
  return header;
}

void put_frame(std::string& out, FrameKind kind, std::uint32_t call,
               std::initializer_list<std::string_view> pieces) {
  std::size_t size = kFixed;
  for (const std::string_view piece : pieces) size += piece.size();
  put_u32(out, static_cast<std::uint32_t>(size));
  put_u32(out, call);
  out += static_cast<char>(kind);
  for (const std::string_view piece : pieces) out += piece;
}

void FrameParser::feed(std::string_view octets) {
  forget();
  if (taken_ > 0) {
    buffer_.erase(0, taken_);
    taken_ = 0;
  }
  reserve_wiped(buffer_, buffer_.size() + octets.size());
  buffer_ += octets;
}

void FrameParser::forget() {
  const std::size_t given = std::exchange(given_, 0);
  if (given <= kMostSecretFrame) wipe(buffer_.data() + taken_ - given, given);
}

Outcome<std::optional<Frame>> FrameParser::next() {
  if (broken_ != nullptr) return Failure{Fault::kBadInput, "", broken_};
  forget();
  const std::string_view rest = std::string_view(buffer_).substr(taken_);
  if (rest.empty()) {
    // The last frame's payload is not needed by now.
    if (buffer_.capacity() > kKept) std::string().swap(buffer_);
    buffer_.clear();
    taken_ = 0;
    return std::optional<Frame>{};
  }
  if (rest.size() < kLength) return std::optional<Frame>{};
  const std::size_t length = get_u32(rest);
  if (length < kFixed) broken_ = "a frame is too short";
  if (length > kMostFrame) broken_ = "a frame is too long";
  if (broken_ == nullptr && rest.size() > kLength + 4) {
    const unsigned kind = octet(rest, kLength + 4);
    if (kind < 1 || kind > unsigned{static_cast<std::uint8_t>(FrameKind::kRelease)})
      broken_ = "a frame is of no known kind";
    if (kind == unsigned{static_cast<std::uint8_t>(FrameKind::kRaw)} &&
        length > kFixed + kMostRawFrame)
      broken_ = "a raw frame is too long";
  }
  if (broken_ != nullptr) return Failure{Fault::kBadInput, "", broken_};
  if (rest.size() < kLength + length) return std::optional<Frame>{};
  taken_ += kLength + length;
  given_ = length;
  Frame frame;
  frame.call = get_u32(rest.substr(kLength));
  frame.kind = static_cast<FrameKind>(octet(rest, kLength + 4));
  frame.payload = rest.substr(kLength + kFixed, length - kFixed);
  return std::optional<Frame>{frame};
}

}  // namespace fwd::rpc
