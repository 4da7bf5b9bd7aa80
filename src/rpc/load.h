#ifndef FWD_RPC_LOAD_H
#define FWD_RPC_LOAD_H

// What the connections of one role make the door hold in memory before it has
// answered: unfinished frames, and calls with the requests that came with them.
// Who puts on too much is refused, and hung up on when that does not stop him;
// nobody waits, so no caller can hold up another.

#include <cstdint>

namespace fwd::rpc {

// Must outlive its shares.
class Load {
 public:
  explicit Load(std::uint64_t most) : most_(most) {}
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;
  std::uint64_t octets() const { return octets_; }
  bool is_over() const { return octets_ > most_; }
  bool is_far_over() const { return octets_ > most_ + most_ / 4; }

 private:
  friend class LoadShare;
  const std::uint64_t most_;
  std::uint64_t octets_ = 0;
};

// What one frame or call puts on; taken off when destroyed.
class LoadShare {
 public:
  explicit LoadShare(Load& load) : load_(load) {}
  LoadShare(const LoadShare&) = delete;
  LoadShare& operator=(const LoadShare&) = delete;
  ~LoadShare() { set(0); }
  void set(std::uint64_t octets) {
    load_.octets_ += octets - octets_;
    octets_ = octets;
  }

 private:
  Load& load_;
  std::uint64_t octets_ = 0;
};

}  // namespace fwd::rpc

#endif
