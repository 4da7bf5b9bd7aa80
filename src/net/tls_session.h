#ifndef FWD_NET_TLS_SESSION_H
#define FWD_NET_TLS_SESSION_H

// One TLS session over a non-blocking socket: steps, never waits.  It keeps no
// buffer once a record was read whole.  For net/ only; see socket_stream.h.

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/outcome.h"
#include "core/stream.h"
#include "net/tls_credentials.h"

struct gnutls_session_int;
struct mbuffer_st;

namespace fwd::net {

// How one step on a socket ended.
enum class Step {
  kDone,
  kWantsRead,   // again when the socket can be read
  kWantsWrite,  // again when the socket can be written
  kEnd,         // the peer will send no more
  kFailed,      // for good
};

struct TlsClientOptions {
  std::string server_name;  // sent as SNI and, when verifying, looked for in the certificate
  // Whom to trust: "" nobody is checked (opportunistic TLS, or somebody checks
  // TlsState::peer_chain afterwards), "system" the system's authorities, else a
  // PEM file.
  std::string trust;
  // Where the other choice is clear text: takes key exchanges without forward
  // secrecy, too.  Never below TLS 1.2 (RFC 8996).
  bool opportunistic = false;
};

class TlsSession {
 public:
  static Outcome<std::unique_ptr<TlsSession>> server(
      int fd, std::shared_ptr<const TlsCredentials> credentials);
  static Outcome<std::unique_ptr<TlsSession>> client(int fd, const TlsClientOptions& options);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  Step handshake();
  // `count`: octets read or taken; set on kDone.  A write that did not end
  // with kDone must be repeated with the same data.
  Step read(std::span<char> into, std::size_t& count);
  Step write(std::string_view data, std::size_t& count);
  // Tries once to send close_notify.
  void bye();

  TlsState state() const;
  // Why the last step failed, for the log.
  const std::string& trouble() const { return trouble_; }

 private:
  explicit TlsSession(int fd) : fd_(fd) {}
  void set_transport();
  std::size_t take_record(std::span<char> into);
  Step after(long code);
  bool may_retry(long code, int& tries);
  void note_error(int error);
  static long push(void* self, const void* pieces, int count);
  static long pull(void* self, void* into, std::size_t size);
  static int pull_timeout(void* self, unsigned milliseconds);

  int fd_;
  gnutls_session_int* session_ = nullptr;
  std::shared_ptr<const TlsCredentials> credentials_;        // a server's
  gnutls_certificate_credentials_st* client_own_ = nullptr;  // a client's
  mbuffer_st* record_ = nullptr;                             // read in part
  std::size_t record_taken_ = 0;
  bool is_server_ = false;
  bool blocked_ = false;  // the socket, not GnuTLS, ended the last call
  std::string trouble_;
};

}  // namespace fwd::net

#endif
