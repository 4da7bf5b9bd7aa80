// Reads and drops what peers say after our last word.
#include "net/lingering_sockets.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "net/loop_wait.h"

namespace fwd::net {
namespace {

// Dropped from one socket before the others have their turn.
constexpr std::uint64_t kTurnSize = 1024 * 1024;

enum class Drained { kAll, kMore, kClosed };

// Drops what has come, at most `most` octets, and counts it.  MSG_TRUNC: the
// kernel does so without copying (tcp(7)).
Drained drain(int fd, std::uint64_t most, std::uint64_t& count) {
  for (std::uint64_t here = 0; here < most;) {
    const ssize_t got = ::recv(fd, nullptr, static_cast<std::size_t>(most - here), MSG_TRUNC);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return Drained::kAll;
    if (got <= 0) return Drained::kClosed;
    here += static_cast<std::uint64_t>(got);
    count += static_cast<std::uint64_t>(got);
  }
  return Drained::kMore;
}

timeval until(Instant when, Instant now) {
  const auto left = std::chrono::duration_cast<std::chrono::microseconds>(
      std::max(when - now, Instant::duration::zero()));
  return {static_cast<time_t>(left.count() / 1000000),
          static_cast<suseconds_t>(left.count() % 1000000)};
}

}  // namespace

struct LingeringSockets::Lingering {
  Lingering(LingeringSockets& the_owner, Fd the_socket, std::shared_ptr<void> the_place)
      : owner(the_owner), socket(std::move(the_socket)), place(std::move(the_place)) {
    event_assign(&event, owner.loop_.base(), socket.get(), EV_READ | EV_PERSIST, &Lingering::fire,
                 this);
  }
  Lingering(const Lingering&) = delete;
  Lingering& operator=(const Lingering&) = delete;
  ~Lingering() { event_del(&event); }

  // True when there is nothing more to wait for.
  bool is_done() {
    const std::uint64_t left = octets - std::min(octets, dropped);
    const Drained drained = drain(socket.get(), std::min(left, kTurnSize), dropped);
    return drained == Drained::kClosed || dropped >= octets;
  }

  static void fire(evutil_socket_t, short, void* self) noexcept {
    const CallbackScope scope;
    auto& lingering = *static_cast<Lingering*>(self);
    if (lingering.is_done()) lingering.owner.drop(lingering.self);
  }

  LingeringSockets& owner;
  Fd socket;
  std::shared_ptr<void> place;
  Sockets::iterator self;
  Instant ends;
  std::uint64_t octets = 0;  // it may drop
  std::uint64_t dropped = 0;
  struct event event {};
};

// One for all: those that came first end first.
struct LingeringSockets::Timer {
  explicit Timer(LingeringSockets& owner) {
    event_assign(&event, owner.loop_.base(), -1, 0, &Timer::fire, &owner);
  }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() { event_del(&event); }

  static void fire(evutil_socket_t, short, void* owner) noexcept {
    const CallbackScope scope;
    static_cast<LingeringSockets*>(owner)->drop_overdue();
  }

  struct event event {};
};

LingeringSockets::LingeringSockets(Loop& loop, LingerLimits limits)
    : loop_(loop), limits_(limits), timer_(std::make_unique<Timer>(*this)) {}

LingeringSockets::~LingeringSockets() = default;

void LingeringSockets::take(Fd socket, std::shared_ptr<void> place) {
  auto made = std::make_unique<Lingering>(*this, std::move(socket), std::move(place));
  made->octets = limits_.octets;
  if (made->is_done() || limits_.time.count() == 0) return;
  made->ends = loop_.clock().now() + limits_.time;
  event_add(&made->event, nullptr);
  sockets_.push_back(std::move(made));
  sockets_.back()->self = std::prev(sockets_.end());
  if (sockets_.size() > 1) return;
  const timeval wait = until(sockets_.front()->ends, loop_.clock().now());
  event_add(&timer_->event, &wait);
}

void LingeringSockets::drop(Sockets::iterator which) {
  sockets_.erase(which);
  if (sockets_.empty()) event_del(&timer_->event);
}

void LingeringSockets::drop_overdue() {
  const Instant now = loop_.clock().now();
  while (!sockets_.empty() && sockets_.front()->ends <= now) sockets_.pop_front();
  if (sockets_.empty()) return;
  const timeval wait = until(sockets_.front()->ends, now);
  event_add(&timer_->event, &wait);
}

}  // namespace fwd::net
