#ifndef FWD_PROTOCOL_SASL_KEEPER_H
#define FWD_PROTOCOL_SASL_KEEPER_H

// Keeper: who checks a proof.  A protocol gives one that asks the promise it
// stands on (Logins, Submission) and keeps what a success gave.

#include <string>

#include "core/outcome.h"
#include "core/task.h"

namespace fwd::sasl {

class Keeper {
 public:
  virtual ~Keeper() = default;
  // Failures are those of model/logins.h: kBadLogin when the proof is wrong.
  virtual Task<Outcome<void>> check_password(std::string name, std::string password) = 0;
  // Begins anew; gives server-first-message (RFC 5802 §7).  `client_first`: the
  // whole of the client's, gs2 header and all.  `offered_plus`: so that a "y"
  // flag is caught as a downgrade.
  virtual Task<Outcome<std::string>> begin_scram(std::string client_first, bool offered_plus) = 0;
  // Ends what was begun; gives server-final-message.  `binding_data`: the raw
  // octets of the channel binding that the client named, empty without one.
  virtual Task<Outcome<std::string>> finish_scram(std::string client_final,
                                                  std::string binding_data) = 0;
};

}  // namespace fwd::sasl

#endif
