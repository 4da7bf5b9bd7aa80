#ifndef FWD_CORE_STREAM_H
#define FWD_CORE_STREAM_H

// What a conversation needs of its connection, and nothing more: so that a
// daemon, a test, a fuzzer and a benchmark can all hold one.  Implemented over
// sockets in net/, in memory by MemoryPipe.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "core/task.h"

namespace fwd {

// An address as text and number: "192.0.2.1", "2001:db8::1", or "" for a Unix socket.
struct PeerAddress {
  std::string ip;
  std::uint16_t port = 0;
};

// What the handshake agreed on; empty strings before TLS.
struct TlsState {
  bool active = false;
  std::string version;      // "TLS1.3"
  std::string cipher;       // "TLS_AES_256_GCM_SHA384"
  std::string server_name;  // the name the client asked for, if any
  // Channel bindings for SCRAM-…-PLUS, raw octets; empty when not available.
  std::string tls_exporter;          // RFC 9266 §4.2
  std::string tls_server_end_point;  // RFC 5929 §4.1
  // The certificates that the peer of our own handshake showed, DER, its own
  // first: for those who check after it (DANE, MTA-STS).
  std::vector<std::string> peer_chain;
};

// One reader and one writer may use a Stream at the same time, not two of a
// kind.  All failures are final: kClosed, kTimeout, or kUnavailable.
class Stream {
 public:
  virtual ~Stream() = default;

  // Waits for at least one octet; gives how many were put into `into`.
  // 0 means that the peer will send no more.  Cancelling loses nothing.
  // `into` is touched only in the last, unbroken run before the task ends, so
  // all readers of a thread may share one scratch buffer.
  virtual Task<Outcome<std::size_t>> read_some(std::span<char> into) = 0;

  // Returns once all of `data` was handed to the connection; waits while the
  // peer does not take it.  `data` must stay until then.  A cancelled write
  // leaves the stream unusable.
  virtual Task<Outcome<void>> write(std::string_view data) = 0;

  // Runs the server's side of a TLS handshake (STARTTLS).  What was read
  // before belongs to the clear-text conversation: the caller must have
  // dropped its buffer (RFC 3207 §4.2, RFC 9051 §6.2.1).
  virtual Task<Outcome<void>> start_tls() = 0;
  virtual bool may_start_tls() const = 0;

  virtual const TlsState& tls() const = 0;
  virtual const PeerAddress& peer() const = 0;
  virtual const PeerAddress& local() const = 0;

  // Sends what TLS needs to say good-bye and shuts the connection; never waits.
  virtual void close() = 0;
};

}  // namespace fwd

#endif
