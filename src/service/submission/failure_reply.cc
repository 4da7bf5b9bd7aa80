// Maps the faults of submit() to replies.
#include "service/submission/failure_reply.h"

namespace fwd::submission {

smtp::Reply submit_reply(const Failure& failure) {
  const auto text = [&failure](const char* usual) {
    return failure.public_text.empty() ? std::string(usual) : failure.public_text;
  };
  // A rule tells the person what it is.  A refusal without a word is between
  // our daemons, and no reason to give the message up.
  const bool is_rule = !failure.public_text.empty();
  switch (failure.fault) {
    case Fault::kBadLogin:
      return {535, "5.7.8", text("Your login holds no more, log in again")};
    case Fault::kCannot:
      if (is_rule) return {535, "5.7.1", failure.public_text};
      break;
    case Fault::kDenied:
    case Fault::kBusy:
      if (is_rule) return {550, "5.7.1", failure.public_text};
      break;
    case Fault::kBadInput:
      if (is_rule) return {550, "5.6.0", failure.public_text};
      break;
    case Fault::kOverLimit:
      return {552, "5.3.4", text("Message too big for this system")};
    case Fault::kOverQuota:
      return {452, "4.3.1", text("No room for the message now, try again later")};
    case Fault::kClosed:  // what was logged in to is no more, and only a new login helps
      return {421, "4.3.0", text("Your session is over, log in again"), true};
    case Fault::kWrongState:
    case Fault::kNotFound:
    case Fault::kExists:
    case Fault::kUnavailable:
    case Fault::kCorrupt:
    case Fault::kBug:
    case Fault::kTimeout:
      break;
  }
  return {451, "4.3.0", text("Temporary trouble on this side, try again later")};
}

}  // namespace fwd::submission
