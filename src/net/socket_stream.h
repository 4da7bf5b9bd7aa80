#ifndef FWD_NET_SOCKET_STREAM_H
#define FWD_NET_SOCKET_STREAM_H

// A Stream over a TCP or Unix socket, in clear text or TLS.
//
// The socket is watched edge-triggered, so that a connection costs one
// epoll_ctl in its life, and there is no buffer between kernel and reader.
// It must be destroyed before its Loop.

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <string>

#include "core/event.h"
#include "core/stream.h"
#include "net/fd.h"
#include "net/lingering_sockets.h"
#include "net/loop.h"
#include "net/tls_session.h"

namespace fwd::net {

// Who is at the other end of a Unix socket (SO_PEERCRED).
struct PeerCredentials {
  uid_t uid = 0;
  gid_t gid = 0;
  pid_t pid = 0;
};

struct StreamOptions {
  // What start_tls() shows; null: no TLS.
  std::shared_ptr<const TlsCredentials> tls;
  // How long a handshake may take in all.
  std::chrono::milliseconds handshake_limit = std::chrono::seconds(30);
  // How long a peer may refuse to take a single octet: kTimeout after that.
  std::chrono::milliseconds write_limit = std::chrono::minutes(5);
  // Given back when the socket is closed (see Listener).
  std::shared_ptr<void> place;
  // Takes the socket of a TCP connection, and its place, when the stream is
  // closed; null: it is closed at once.
  std::shared_ptr<LingeringSockets> lingering;
};

class SocketStream final : public Stream {
 public:
  // Takes a connected socket and makes it non-blocking.
  SocketStream(Loop& loop, Fd socket, StreamOptions options = {});
  ~SocketStream() override;
  SocketStream(const SocketStream&) = delete;
  SocketStream& operator=(const SocketStream&) = delete;

  Task<Outcome<std::size_t>> read_some(std::span<char> into) override;
  Task<Outcome<void>> write(std::string_view data) override;
  // The server's handshake, for STARTTLS and for ports that begin with TLS.
  // A failed handshake closes the stream: kClosed, or kTimeout.
  Task<Outcome<void>> start_tls() override;
  bool may_start_tls() const override;
  // The client's handshake.
  Task<Outcome<void>> start_tls_client(TlsClientOptions options);

  const TlsState& tls() const override { return tls_; }
  const PeerAddress& peer() const override { return peer_; }
  const PeerAddress& local() const override { return local_; }
  // kCannot when the peer is not at a Unix socket of this machine.
  Outcome<PeerCredentials> peer_credentials() const;

  // No more will be written; reading goes on (half-close).
  void finish_writing();
  void close() override;

 private:
  struct Watch;
  friend Task<Outcome<void>> finish_connecting(SocketStream& stream);

  Step step_read(std::span<char> into, std::size_t& count);
  Step step_write(std::string_view data, std::size_t& count);
  Task<Outcome<void>> handshake(std::unique_ptr<TlsSession> session);
  Task<Step> shake_hands();
  void acknowledge_now();
  void drain();
  Task<bool> wait_for(Event& edge, std::chrono::milliseconds limit);
  Failure failure() const;
  void note_addresses();

  Loop& loop_;
  Fd socket_;
  StreamOptions options_;
  std::unique_ptr<Watch> watch_;
  Event readable_;  // pulsed at every edge
  Event writable_;
  std::size_t moved_ = 0;  // octets since this stream last let others run
  std::unique_ptr<TlsSession> session_;
  TlsState tls_;
  PeerAddress peer_, local_;
  bool closed_ = false;
  std::string trouble_;  // why it failed, for the log
};

}  // namespace fwd::net

#endif
