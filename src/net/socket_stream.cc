// A Stream over a socket.
#include "net/socket_stream.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "net/loop_wait.h"
#include "net/socket_address.h"

namespace fwd::net {
namespace {

// A stream that moves this much without waiting lets the others have a turn.
constexpr std::size_t kTurnSize = 256 * 1024;
// What close() reads and drops where nothing lingers, so that unread input does
// not make the kernel reset the connection and lose our last words.
constexpr std::size_t kDrainSize = 256 * 1024;

Task<bool> edge_came(Event& edge) {
  co_await edge.wait();
  co_return true;
}

}  // namespace

// The one libevent event of a stream.
struct SocketStream::Watch {
  struct event event {};

  Watch(SocketStream& stream, event_base* base, int fd) {
    event_assign(&event, base, fd, EV_READ | EV_WRITE | EV_PERSIST | EV_ET, &Watch::fire, &stream);
    event_add(&event, nullptr);
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() { event_del(&event); }

  static void fire(evutil_socket_t, short what, void* argument) noexcept {
    const CallbackScope scope;
    auto& stream = *static_cast<SocketStream*>(argument);
    if ((what & EV_READ) != 0) stream.readable_.pulse();
    if ((what & EV_WRITE) != 0) stream.writable_.pulse();
  }
};

SocketStream::SocketStream(Loop& loop, Fd socket, StreamOptions options)
    : loop_(loop), socket_(std::move(socket)), options_(std::move(options)) {
  const int flags = ::fcntl(socket_.get(), F_GETFL);
  if ((flags & O_NONBLOCK) == 0) ::fcntl(socket_.get(), F_SETFL, flags | O_NONBLOCK);
  note_addresses();
  watch_ = std::make_unique<Watch>(*this, loop_.base(), socket_.get());
}

SocketStream::~SocketStream() { close(); }

void SocketStream::note_addresses() {
  peer_ = peer_address(socket_.get());
  local_ = local_address(socket_.get());
}

Failure SocketStream::failure() const {
  return Failure{Fault::kClosed, "", trouble_.empty() ? "the connection is closed" : trouble_};
}

Step SocketStream::step_read(std::span<char> into, std::size_t& count) {
  if (session_) return session_->read(into, count);
  for (;;) {
    const ssize_t got = ::recv(socket_.get(), into.data(), into.size(), 0);
    if (got > 0) {
      count = static_cast<std::size_t>(got);
      return Step::kDone;
    }
    if (got == 0) return Step::kEnd;
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return Step::kWantsRead;
    trouble_ = std::strerror(errno);
    return Step::kFailed;
  }
}

Step SocketStream::step_write(std::string_view data, std::size_t& count) {
  if (session_) return session_->write(data, count);
  for (;;) {
    const ssize_t put = ::send(socket_.get(), data.data(), data.size(), MSG_NOSIGNAL);
    if (put >= 0) {
      count = static_cast<std::size_t>(put);
      return Step::kDone;
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return Step::kWantsWrite;
    trouble_ = std::strerror(errno);
    return Step::kFailed;
  }
}

Task<Outcome<std::size_t>> SocketStream::read_some(std::span<char> into) {
  for (;;) {
    if (closed_) co_return std::size_t{0};
    if (into.empty()) co_return Failure{Fault::kBug, "", "a read into nothing"};
    if (moved_ >= kTurnSize) {
      moved_ = 0;
      LoopTimer turn(loop_.base());
      co_await turn;
      continue;
    }
    std::size_t count = 0;
    const Step step = step_read(into, count);
    if (step == Step::kDone) {
      moved_ += count;
      co_return count;
    }
    if (step == Step::kEnd) co_return std::size_t{0};
    if (step == Step::kFailed) {
      if (session_) trouble_ = session_->trouble();
      co_return failure();
    }
    moved_ = 0;
    if (step == Step::kWantsRead) {
      acknowledge_now();
      co_await readable_.wait();
    } else {
      co_await writable_.wait();
    }
  }
}

// A peer that sends the last octets of a literal in a packet of their own holds
// them back until the packets before are acknowledged, which our kernel delays
// by 40 ms while it hopes for an answer to carry it.  We have none: we wait.
void SocketStream::acknowledge_now() {
  if (peer_.ip.empty()) return;
  const int one = 1;
  ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_QUICKACK, &one, sizeof one);
}

Task<bool> SocketStream::wait_for(Event& edge, std::chrono::milliseconds limit) {
  moved_ = 0;
  auto waiting = edge_came(edge);
  const auto came = co_await before(loop_.clock(), loop_.clock().now() + limit, std::move(waiting));
  co_return came.has_value();
}

Task<Outcome<void>> SocketStream::write(std::string_view data) {
  while (!data.empty()) {
    if (closed_) co_return failure();
    if (moved_ >= kTurnSize) {
      moved_ = 0;
      LoopTimer turn(loop_.base());
      co_await turn;
      continue;
    }
    std::size_t count = 0;
    const Step step = step_write(data, count);
    if (step == Step::kDone) {
      moved_ += count;
      data.remove_prefix(count);
    } else if (step == Step::kEnd || step == Step::kFailed) {
      if (session_) trouble_ = session_->trouble();
      co_return failure();
    } else {
      auto waiting =
          wait_for(step == Step::kWantsWrite ? writable_ : readable_, options_.write_limit);
      const bool came = co_await waiting;
      if (!came) co_return Failure{Fault::kTimeout, "", "the peer takes nothing"};
    }
  }
  co_return Outcome<void>{};
}

bool SocketStream::may_start_tls() const {
  return options_.tls != nullptr && session_ == nullptr && !closed_;
}

Task<Outcome<void>> SocketStream::start_tls() {
  if (!may_start_tls()) co_return Failure{Fault::kCannot, "TLS is not available", ""};
  auto made = TlsSession::server(socket_.get(), options_.tls);
  options_.tls.reset();
  if (!made.ok()) co_return made.failure();
  auto shaking = handshake(std::move(made).value());
  co_return co_await shaking;
}

Task<Outcome<void>> SocketStream::start_tls_client(TlsClientOptions options) {
  if (session_ != nullptr || closed_)
    co_return Failure{Fault::kCannot, "", "TLS has begun already, or the stream is closed"};
  auto made = TlsSession::client(socket_.get(), options);
  if (!made.ok()) co_return made.failure();
  auto shaking = handshake(std::move(made).value());
  co_return co_await shaking;
}

Task<Step> SocketStream::shake_hands() {
  for (;;) {
    if (closed_) co_return Step::kEnd;
    const Step step = session_->handshake();
    if (step == Step::kWantsRead) {
      co_await readable_.wait();
    } else if (step == Step::kWantsWrite) {
      co_await writable_.wait();
    } else {
      co_return step;
    }
  }
}

Task<Outcome<void>> SocketStream::handshake(std::unique_ptr<TlsSession> session) {
  session_ = std::move(session);
  auto shaking = shake_hands();
  const auto step = co_await before(loop_.clock(), loop_.clock().now() + options_.handshake_limit,
                                    std::move(shaking));
  if (step == Step::kDone) {
    tls_ = session_->state();
    co_return Outcome<void>{};
  }
  trouble_ = "TLS handshake: ";
  trouble_ += !step                ? "the peer was too slow"
              : step == Step::kEnd ? "the peer has gone"
                                   : session_->trouble();
  close();
  if (!step) co_return Failure{Fault::kTimeout, "", trouble_};
  co_return failure();
}

Outcome<PeerCredentials> SocketStream::peer_credentials() const {
  ucred who{};
  socklen_t size = sizeof who;
  if (::getsockopt(socket_.get(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0 || who.pid == 0)
    return Failure{Fault::kCannot, "", "the peer is not on a Unix socket"};
  return PeerCredentials{who.uid, who.gid, who.pid};
}

void SocketStream::finish_writing() {
  if (closed_) return;
  if (tls_.active) session_->bye();
  ::shutdown(socket_.get(), SHUT_WR);
}

void SocketStream::close() {
  if (closed_) return;
  closed_ = true;
  watch_.reset();
  if (tls_.active) session_->bye();
  session_.reset();
  ::shutdown(socket_.get(), SHUT_WR);
  if (options_.lingering != nullptr && !peer_.ip.empty())
    options_.lingering->take(std::move(socket_), std::move(options_.place));
  else
    drain();
  socket_.reset();
  options_.place.reset();
  readable_.pulse();
  writable_.pulse();
}

void SocketStream::drain() {
  std::array<char, 4096> rest;
  for (std::size_t drained = 0; drained < kDrainSize;) {
    const ssize_t got = ::recv(socket_.get(), rest.data(), rest.size(), 0);
    if (got <= 0) return;
    drained += static_cast<std::size_t>(got);
  }
}

}  // namespace fwd::net
