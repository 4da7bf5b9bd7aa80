#ifndef FWD_NET_LINGERING_SOCKETS_H
#define FWD_NET_LINGERING_SOCKETS_H

// Sockets after our last word, until the peer has read it.  A socket that is
// closed while octets still come is reset, and a peer that is reset may lose
// what we said last: so we go on reading and drop it, for a while.

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>

#include "core/clock.h"
#include "net/fd.h"
#include "net/loop.h"

namespace fwd::net {

struct LingerLimits {
  std::chrono::milliseconds time{0};  // at most so long; 0: not at all
  std::uint64_t octets = 0;           // read and dropped from one socket
};

class LingeringSockets {
 public:
  // `loop` must outlive it.
  LingeringSockets(Loop& loop, LingerLimits limits);
  // Closes them all.
  ~LingeringSockets();
  LingeringSockets(const LingeringSockets&) = delete;
  LingeringSockets& operator=(const LingeringSockets&) = delete;

  // For sockets taken from now on.
  void set_limits(LingerLimits limits) { limits_ = limits; }

  // Takes a TCP socket that does not block and whose writing side is shut.  It
  // is closed, and `place` given back, when the peer has closed its own side,
  // or at a limit.
  void take(Fd socket, std::shared_ptr<void> place);
  std::size_t size() const { return sockets_.size(); }

 private:
  struct Lingering;
  struct Timer;
  using Sockets = std::list<std::unique_ptr<Lingering>>;

  void drop(Sockets::iterator which);
  void drop_overdue();

  Loop& loop_;
  LingerLimits limits_;
  Sockets sockets_;  // in the order in which they came
  std::unique_ptr<Timer> timer_;
};

}  // namespace fwd::net

#endif
