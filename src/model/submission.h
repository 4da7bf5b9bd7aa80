#ifndef FWD_MODEL_SUBMISSION_H
#define FWD_MODEL_SUBMISSION_H

// Submission: what those who send mail ask of the door (RFC 6409).  The keeper
// checks who it is and what they may; the daemon reads the message and carries
// what it says.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "core/task.h"
#include "model/logins.h"
#include "model/outbound.h"

namespace fwd::model {

// Who sends.
struct Sender {
  std::string alias_id;   // empty for a domain's password and for local programs
  std::string domain_id;  // empty for local programs
  std::string user_id;    // whose mail it is, for limits
  // "hello@example.test"; "*@example.test" for a domain's password; for a local
  // program the address its mail goes out under.
  std::string address;
  bool is_whole_domain = false;
  bool is_local_program = false;
};

struct Submitted {
  std::string id;          // the queue's id of the message
  bool is_repeat = false;  // it was in the queue already; accepted once
};

// One who has logged in to send.  Ends when destroyed.
class SenderSession {
 public:
  virtual ~SenderSession() = default;
  virtual const Sender& sender() const = 0;
  // Success: durable.  Checked anew each time, as a password may have been
  // changed since the login:
  //   kBadLogin    the login holds no more (535)
  //   kCannot      sending is not enabled for the domain; says what to do (535)
  //   kDenied      suspended, or an address that is not the sender's to use (550)
  //   kBusy        as many as are allowed a day (550 5.7.1 of the spec); says when again
  //   kOverLimit   recipients or size (452, 552)
  //   kOverQuota   queue or disk full (452)
  //   kUnavailable store down (451)
  //   kClosed      the session is over: one must log in again (421)
  virtual Task<Outcome<Submitted>> submit(NewOutbound message) = 0;
};

class SenderScram {
 public:
  virtual ~SenderScram() = default;
  virtual const std::string& server_first() const = 0;
  struct Verdict {
    std::string server_final;
    std::shared_ptr<SenderSession> session;
  };
  virtual Task<Outcome<Verdict>> finish(std::string client_final, std::string binding_data) = 0;
};

class Submission {
 public:
  virtual ~Submission() = default;
  // As Logins: an alias's password, or, for "*@domain" or any address of the
  // domain, a password of the whole domain.
  virtual Task<Outcome<std::shared_ptr<SenderSession>>> log_in_to_send(LoginContext context,
                                                                       std::string address,
                                                                       std::string password) = 0;
  // For an alias by its own password, or for "*@domain" by one of the whole domain.
  virtual Task<Outcome<std::unique_ptr<SenderScram>>> begin_scram_to_send(LoginContext context,
                                                                          std::string client_first,
                                                                          bool offered_plus) = 0;
  // A program on this machine, known by the uid of its socket; `user` is that
  // uid's name.
  virtual Task<Outcome<std::shared_ptr<SenderSession>>> let_local_send(LoginContext context,
                                                                       std::uint32_t uid,
                                                                       std::string user) = 0;
};

}  // namespace fwd::model

#endif
