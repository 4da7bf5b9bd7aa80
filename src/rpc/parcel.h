#ifndef FWD_RPC_PARCEL_H
#define FWD_RPC_PARCEL_H

// Parcel: what one request, reply or batch carries: an encoded protobuf
// message, and pieces of raw octets that the message announces and that are
// never copied into it (chunks of mail, long columns).
//
//   first frame:  u32 octets of head | u32 pieces | u32 octets of each | octets
//   raw frames:   more octets
//
// The octets are the head and the pieces in a row.  A short parcel has all of
// them in its first frame, a long one all of them in raw frames; so a door can
// look at the sizes before it lets a long upload begin.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"

namespace fwd::rpc {

struct Parcel {
  std::string head;
  std::vector<std::string> pieces;
  bool secret = false;  // the head holds a password: it is wiped when it was sent

  std::uint64_t octets() const;
  bool is_short() const;
  // The table before the octets.
  std::string encode_sizes() const;
};

// Takes a parcel together as its frames come.
class ParcelReader {
 public:
  // `payload`: what the first frame holds after any header.  kBadInput: not a
  // parcel; kOverLimit: more than `most` octets, or a head of more than
  // `most_head` (a reader so refused is empty).
  Outcome<void> begin(std::string_view payload, std::uint64_t most, std::uint64_t most_head);
  bool active() const { return active_; }
  bool complete() const { return missing_ == 0; }
  std::uint64_t octets() const { return octets_; }
  // kBadInput: more octets than announced.
  Outcome<void> feed(std::string_view octets);
  // Gives the complete parcel and is ready for the next.
  Parcel take();

 private:
  void fill(std::string_view octets);
  Parcel parcel_;
  std::vector<std::uint32_t> sizes_;  // head first
  std::size_t at_ = 0;                // the one being filled
  std::uint64_t octets_ = 0;
  std::uint64_t missing_ = 0;
  bool active_ = false;
};

}  // namespace fwd::rpc

#endif
