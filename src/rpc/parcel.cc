// Cutting parcels into frames' payloads and taking them together again.
#include "rpc/parcel.h"

#include <algorithm>
#include <utility>

#include "rpc/frame.h"
#include "rpc/limits.h"

namespace fwd::rpc {

std::uint64_t Parcel::octets() const {
  std::uint64_t sum = head.size();
  for (const std::string& piece : pieces) sum += piece.size();
  return sum;
}

bool Parcel::is_short() const { return octets() <= kInlineParcel; }

std::string Parcel::encode_sizes() const {
  std::string out;
  out.reserve(8 + 4 * pieces.size());
  put_u32(out, static_cast<std::uint32_t>(head.size()));
  put_u32(out, static_cast<std::uint32_t>(pieces.size()));
  for (const std::string& piece : pieces) put_u32(out, static_cast<std::uint32_t>(piece.size()));
  return out;
}

Outcome<void> ParcelReader::begin(std::string_view payload, std::uint64_t most,
                                  std::uint64_t most_head) {
  if (active_) return Failure{Fault::kBadInput, "", "a parcel began within another"};
  if (payload.size() < 8) return Failure{Fault::kBadInput, "", "a parcel is too short"};
  const std::size_t pieces = get_u32(payload.substr(4));
  if (pieces > kMostPieces || payload.size() < 8 + 4 * pieces)
    return Failure{Fault::kBadInput, "", "a parcel's table of sizes is wrong"};
  sizes_.assign(1, get_u32(payload));
  payload.remove_prefix(8);
  for (std::size_t i = 0; i < pieces; ++i) {
    sizes_.push_back(get_u32(payload));
    payload.remove_prefix(4);
  }
  octets_ = 0;
  for (const std::uint32_t size : sizes_) octets_ += size;
  if (payload.size() != (octets_ <= kInlineParcel ? octets_ : 0))
    return Failure{Fault::kBadInput, "", "a parcel's octets are not where they belong"};
  if (octets_ > most || sizes_[0] > most_head)
    return Failure{Fault::kOverLimit, "", "a parcel is too large"};
  active_ = true;
  at_ = 0;
  missing_ = octets_;
  parcel_ = Parcel{};
  parcel_.pieces.resize(pieces);
  fill(payload);
  return {};
}

void ParcelReader::fill(std::string_view octets) {
  while (!octets.empty()) {
    std::string& into = at_ == 0 ? parcel_.head : parcel_.pieces[at_ - 1];
    const std::size_t size = sizes_[at_];
    const std::size_t n = std::min(octets.size(), size - into.size());
    // A size is only a promise: no more memory at once than one chunk's.
    if (into.empty()) into.reserve(std::min(size, kMostRawFrame));
    into += octets.substr(0, n);
    octets.remove_prefix(n);
    missing_ -= n;
    if (into.size() == size) ++at_;
  }
}

Outcome<void> ParcelReader::feed(std::string_view octets) {
  if (!active_ || octets.empty() || octets.size() > missing_)
    return Failure{Fault::kBadInput, "", "raw octets that nobody announced"};
  fill(octets);
  return {};
}

Parcel ParcelReader::take() {
  active_ = false;
  sizes_.clear();
  return std::exchange(parcel_, Parcel{});
}

}  // namespace fwd::rpc
