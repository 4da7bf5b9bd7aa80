// One TLS session over a non-blocking socket.
#include "net/tls_session.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/wipe.h"

namespace fwd::net {
namespace {

constexpr std::size_t kRecordSize = 16 * 1024;
// Largest handshake message taken from a peer; a ClientHello is some 2 KB.
constexpr std::size_t kLargestHandshakeMessage = 32 * 1024;
// Records without data that a peer may send in a row.
constexpr int kMostEmptyRecords = 64;
constexpr const char* kClientPriority = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-DHE-RSA";
constexpr const char* kOpportunisticPriority = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";
// Certificates kept of what a peer shows.
constexpr unsigned kMostCertificates = 16;

Failure refused(int code) {
  return Failure{Fault::kUnavailable, "TLS is not available", gnutls_strerror(code)};
}

std::string channel_binding(gnutls_session_t session, gnutls_channel_binding_t kind) {
  gnutls_datum_t data{};
  if (gnutls_session_channel_binding(session, kind, &data) < 0) return {};
  std::string octets(reinterpret_cast<const char*>(data.data), data.size);
  gnutls_free(data.data);
  return octets;
}

// The first DNS name of the server_name extension.
std::string asked_name(gnutls_session_t session) {
  std::array<char, 256> name{};
  std::size_t size = name.size();
  unsigned type = 0;
  if (gnutls_server_name_get(session, name.data(), &size, &type, 0) < 0) return {};
  return type == GNUTLS_NAME_DNS ? std::string(name.data(), size) : std::string();
}

}  // namespace

Outcome<std::unique_ptr<TlsSession>> TlsSession::server(
    int fd, std::shared_ptr<const TlsCredentials> credentials) {
  std::unique_ptr<TlsSession> made(new TlsSession(fd));
  made->is_server_ = true;
  made->credentials_ = std::move(credentials);
  int code = gnutls_init(&made->session_, GNUTLS_SERVER | GNUTLS_NONBLOCK);
  if (code < 0) return refused(code);
  gnutls_session_t session = made->session_;
  code = gnutls_priority_set(session, made->credentials_->priority());
  if (code < 0) return refused(code);
  code = gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, made->credentials_->handle());
  if (code < 0) return refused(code);
  const std::string& key = made->credentials_->ticket_key();
  const gnutls_datum_t ticket{reinterpret_cast<unsigned char*>(const_cast<char*>(key.data())),
                              static_cast<unsigned>(key.size())};
  gnutls_session_ticket_enable_server(session, &ticket);
  made->set_transport();
  return made;
}

Outcome<std::unique_ptr<TlsSession>> TlsSession::client(int fd, const TlsClientOptions& options) {
  std::unique_ptr<TlsSession> made(new TlsSession(fd));
  int code = gnutls_init(&made->session_, GNUTLS_CLIENT | GNUTLS_NONBLOCK);
  if (code < 0) return refused(code);
  gnutls_session_t session = made->session_;
  code = gnutls_priority_set_direct(
      session, options.opportunistic ? kOpportunisticPriority : kClientPriority, nullptr);
  if (code < 0) return refused(code);
  code = gnutls_certificate_allocate_credentials(&made->client_own_);
  if (code < 0) return refused(code);
  if (options.trust == "system") {
    code = gnutls_certificate_set_x509_system_trust(made->client_own_);
  } else if (!options.trust.empty()) {
    code = gnutls_certificate_set_x509_trust_file(made->client_own_, options.trust.c_str(),
                                                  GNUTLS_X509_FMT_PEM);
  }
  if (code < 0) return refused(code);
  code = gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, made->client_own_);
  if (code < 0) return refused(code);
  const std::string& name = options.server_name;
  if (!name.empty()) gnutls_server_name_set(session, GNUTLS_NAME_DNS, name.data(), name.size());
  if (!options.trust.empty())
    gnutls_session_set_verify_cert(session, name.empty() ? nullptr : name.c_str(), 0);
  made->set_transport();
  return made;
}

TlsSession::~TlsSession() {
  if (record_ != nullptr) gnutls_packet_deinit(record_);
  if (session_ != nullptr) gnutls_deinit(session_);
  if (client_own_ != nullptr) gnutls_certificate_free_credentials(client_own_);
}

void TlsSession::set_transport() {
  gnutls_handshake_set_max_packet_length(session_, kLargestHandshakeMessage);
  gnutls_transport_set_ptr(session_, this);
  gnutls_transport_set_vec_push_function(
      session_, [](void* self, const giovec_t* pieces, int count) -> ssize_t {
        return push(self, pieces, count);
      });
  gnutls_transport_set_pull_function(
      session_,
      [](void* self, void* into, std::size_t size) -> ssize_t { return pull(self, into, size); });
  gnutls_transport_set_pull_timeout_function(session_, &TlsSession::pull_timeout);
}

long TlsSession::push(void* self, const void* pieces, int count) {
  auto& tls = *static_cast<TlsSession*>(self);
  static_assert(sizeof(giovec_t) == sizeof(iovec));
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(static_cast<const iovec*>(pieces));
  message.msg_iovlen = static_cast<std::size_t>(count);
  const ssize_t sent = ::sendmsg(tls.fd_, &message, MSG_NOSIGNAL);
  if (sent < 0) tls.note_error(errno);
  return sent;
}

long TlsSession::pull(void* self, void* into, std::size_t size) {
  auto& tls = *static_cast<TlsSession*>(self);
  const ssize_t got = ::recv(tls.fd_, into, size, 0);
  if (got < 0) tls.note_error(errno);
  return got;
}

void TlsSession::note_error(int error) {
  blocked_ = error == EAGAIN || error == EWOULDBLOCK;
  gnutls_transport_set_errno(session_, error);
}

int TlsSession::pull_timeout(void* self, unsigned) {
  pollfd wish{static_cast<TlsSession*>(self)->fd_, POLLIN, 0};
  return ::poll(&wish, 1, 0);  // the loop does the waiting, never GnuTLS
}

// What the peer, the socket or GnuTLS said, as a step's end.
Step TlsSession::after(long code) {
  if (code == GNUTLS_E_AGAIN && blocked_)
    return gnutls_record_get_direction(session_) == 0 ? Step::kWantsRead : Step::kWantsWrite;
  // Without close_notify the data may be cut short; our protocols have their
  // own ends and treat both alike.
  if (code == GNUTLS_E_PREMATURE_TERMINATION) return Step::kEnd;
  trouble_ = gnutls_strerror(static_cast<int>(code));
  if (code == GNUTLS_E_FATAL_ALERT_RECEIVED) {
    const char* alert = gnutls_alert_get_name(gnutls_alert_get(session_));
    if (alert != nullptr) trouble_ += std::string(": ") + alert;
  }
  return Step::kFailed;
}

// GnuTLS says "again" after a session ticket or a key update, too.  The socket
// is watched by its edges, so we go on until it has nothing more; but not for
// ever, for a peer that sends nothing else.
bool TlsSession::may_retry(long code, int& tries) {
  if (code == GNUTLS_E_AGAIN && blocked_) return false;
  if (code != GNUTLS_E_AGAIN && code != GNUTLS_E_INTERRUPTED &&
      code != GNUTLS_E_WARNING_ALERT_RECEIVED)
    return false;
  return ++tries < kMostEmptyRecords;
}

Step TlsSession::handshake() {
  for (int tries = 0;;) {
    blocked_ = false;
    const int code = gnutls_handshake(session_);
    if (code == GNUTLS_E_SUCCESS) return Step::kDone;
    if (may_retry(code, tries)) continue;
    const Step step = after(code);
    if (step == Step::kFailed) gnutls_alert_send_appropriate(session_, code);
    return step;
  }
}

// What was taken of a record is wiped: it may have been a password, and GnuTLS
// gives its memory back as it is.
std::size_t TlsSession::take_record(std::span<char> into) {
  gnutls_datum_t data{};
  gnutls_packet_get(record_, &data, nullptr);
  const std::size_t size = std::min(into.size(), data.size - record_taken_);
  std::memcpy(into.data(), data.data + record_taken_, size);
  wipe(data.data + record_taken_, size);
  record_taken_ += size;
  if (record_taken_ == data.size) {
    gnutls_packet_deinit(std::exchange(record_, nullptr));
    record_taken_ = 0;
  }
  return size;
}

Step TlsSession::read(std::span<char> into, std::size_t& count) {
  for (int tries = 0;;) {
    blocked_ = false;
    if (record_ != nullptr) {
      count = take_record(into);
      return Step::kDone;
    }
    const ssize_t got = gnutls_record_recv_packet(session_, &record_);
    if (got > 0) continue;
    if (got == 0) return Step::kEnd;
    if (may_retry(got, tries)) continue;
    if (got == GNUTLS_E_REHANDSHAKE)  // no renegotiation
      gnutls_alert_send(session_, GNUTLS_AL_WARNING, GNUTLS_A_NO_RENEGOTIATION);
    return after(got);
  }
}

Step TlsSession::write(std::string_view data, std::size_t& count) {
  for (int tries = 0;;) {
    blocked_ = false;
    const ssize_t put =
        gnutls_record_send(session_, data.data(), std::min(data.size(), kRecordSize));
    if (put >= 0) {
      count = static_cast<std::size_t>(put);
      return Step::kDone;
    }
    if (!may_retry(put, tries)) return after(put);
  }
}

void TlsSession::bye() { gnutls_bye(session_, GNUTLS_SHUT_WR); }

TlsState TlsSession::state() const {
  TlsState state;
  state.active = true;
  const char* version = gnutls_protocol_get_name(gnutls_protocol_get_version(session_));
  if (version != nullptr) state.version = version;
#if GNUTLS_VERSION_NUMBER >= 0x030704
  const char* cipher = gnutls_ciphersuite_get(session_);
#else
  const char* cipher = gnutls_cipher_get_name(gnutls_cipher_get(session_));
#endif
  if (cipher != nullptr) state.cipher = cipher;
  // RFC 9266 §4.2: before TLS 1.3 the exporter is bound to the connection only
  // with the extended master secret.
  if (gnutls_protocol_get_version(session_) == GNUTLS_TLS1_3 ||
      gnutls_session_ext_master_secret_status(session_) != 0)
    state.tls_exporter = channel_binding(session_, GNUTLS_CB_TLS_EXPORTER);
  if (is_server_) {
    state.server_name = asked_name(session_);
    state.tls_server_end_point = credentials_->end_point_hash();
  } else {
    unsigned count = 0;
    const gnutls_datum_t* chain = gnutls_certificate_get_peers(session_, &count);
    if (chain != nullptr && count > 0)
      state.tls_server_end_point = tls_end_point_hash(
          std::string_view(reinterpret_cast<const char*>(chain[0].data), chain[0].size));
    for (unsigned i = 0; chain != nullptr && i < std::min(count, kMostCertificates); ++i)
      state.peer_chain.emplace_back(reinterpret_cast<const char*>(chain[i].data), chain[i].size);
  }
  return state;
}

}  // namespace fwd::net
