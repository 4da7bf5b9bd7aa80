#ifndef FWD_SERVICE_DELIVERY_SESSION_H
#define FWD_SERVICE_DELIVERY_SESSION_H

// A conversation with one remote host that is ready for a transaction:
// connected, greeted, and as safe as its policy demands.

#include <memory>
#include <optional>
#include <string>

#include "mailauth/route/tls_policy.h"
#include "mailauth/route/tls_report.h"
#include "protocol/smtp/client.h"
#include "service/delivery/context.h"

namespace fwd::delivery {

struct RemoteHost {
  std::string name;
  std::string ip;
  std::uint16_t port = 25;
  bool is_tls_first = false;      // TLS before the greeting
  bool is_tls_forbidden = false;  // a smarthost in clear text
  std::string user, password;     // of a smarthost; "" for none
};

class RemoteSession {
 public:
  RemoteSession(std::unique_ptr<RemoteStream> remote, Clock& clock, smtp::ClientOptions options)
      : remote_(std::move(remote)), client_(remote_->stream(), clock, std::move(options)) {}
  ~RemoteSession() { remote_->stream().close(); }
  RemoteSession(const RemoteSession&) = delete;
  RemoteSession& operator=(const RemoteSession&) = delete;

  smtp::Client& client() { return client_; }
  RemoteStream& remote() { return *remote_; }

  std::string host, ip;
  std::string tls;              // for AttemptResult::tls
  std::shared_ptr<void> place;  // among the connections to this host

 private:
  std::unique_ptr<RemoteStream> remote_;
  smtp::Client client_;
};

// Why there is no session.
struct SessionTrouble {
  enum class Next : std::uint8_t {
    kAddress,    // another address of this host may do
    kHost,       // this host has spoken
    kClearText,  // TLS failed and nothing demands it: once more without
  };
  Next next = Next::kAddress;
  smtp::RemoteReply reply;
  bool from_remote = false;
};

struct Opened {
  std::unique_ptr<RemoteSession> session;  // null exactly when there is trouble
  SessionTrouble trouble;
};

struct OpenQuestion {
  RemoteHost host;
  mailauth::TlsPolicy policy;
  bool without_tls = false;  // after kClearText
  Instant end = Instant::max();
  std::string message_id;  // for the journal's TLS results
};

// Keeps a result for TLS reports (RFC 8460).  Both must outlive the task.
Task<void> note_tls_result(const DeliveryContext& context, const mailauth::TlsPolicy& policy,
                           const mailauth::TlsSessionResult& result);

Task<Opened> open_session(const DeliveryContext& context, const DeliveryOptions& options,
                          OpenQuestion question);

}  // namespace fwd::delivery

#endif
