#ifndef FWD_MODEL_LOGINS_H
#define FWD_MODEL_LOGINS_H

// Logins: from a name and a proof to a Mailbox.  The keeper checks the proof;
// a protocol daemon only carries it.

#include <memory>
#include <string>

#include "core/outcome.h"
#include "core/task.h"
#include "model/mailbox.h"

namespace fwd::model {

// Who is at the other end, for rate limits and the journal.
struct LoginContext {
  std::string service;  // "imap", "pop3", "smtp", "caldav", …
  std::string peer_ip;
  std::string session;  // the session's id in the log
};

struct LoggedIn {
  std::string alias_id;  // 24 hex digits
  std::string address;   // as it is written in the directory: "hello@example.test"
  std::shared_ptr<Mailbox> mailbox;
};

// One SCRAM exchange (RFC 5802 §3).  Ends when destroyed.
class ScramExchange {
 public:
  virtual ~ScramExchange() = default;
  // r=…,s=…,i=… to be sent to the client.
  virtual const std::string& server_first() const = 0;
  // `client_final`: the client's last message.  `binding_data`: the raw octets
  // of the channel binding the client named, empty without one.  kBadLogin.
  struct Verdict {
    std::string server_final;  // "v=…"
    LoggedIn login;
  };
  virtual Task<Outcome<Verdict>> finish(std::string client_final, std::string binding_data) = 0;
};

class Logins {
 public:
  virtual ~Logins() = default;
  // kBadLogin for an unknown name, a wrong password, a disabled alias, or an
  // alias without a mailbox: all alike and after the same time.  kBusy: too
  // many wrong passwords from this address.  kUnavailable: our fault.
  // The address may carry a +tag, which is ignored.
  virtual Task<Outcome<LoggedIn>> log_in(LoginContext context, std::string address,
                                         std::string password) = 0;
  // `client_first`: the client's whole first message, gs2 header and all
  // (RFC 5802 §7).  `tls_bindings`: whether the server offered -PLUS, so that a
  // "y" flag is caught as a downgrade.
  virtual Task<Outcome<std::unique_ptr<ScramExchange>>> begin_scram(LoginContext context,
                                                                    std::string client_first,
                                                                    bool offered_plus) = 0;
};

}  // namespace fwd::model

#endif
