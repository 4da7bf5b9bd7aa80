// Maps faults to replies.
#include "protocol/smtp/failure_reply.h"

namespace fwd::smtp {

Reply reply_to(const Failure& failure) {
  switch (failure.fault) {
    case Fault::kOverLimit:
      return {552, "5.3.4", "Message too big for this system"};
    case Fault::kOverQuota:
      return {452, "4.2.2", "Mailbox full"};
    case Fault::kBusy:
      return {451, "4.3.2", "Busy, try again later"};
    case Fault::kBadInput:
    case Fault::kWrongState:
    case Fault::kDenied:
    case Fault::kNotFound:
    case Fault::kExists:
    case Fault::kUnavailable:
    case Fault::kCorrupt:
    case Fault::kBug:
    case Fault::kClosed:
    case Fault::kTimeout:
    case Fault::kBadLogin:
    case Fault::kCannot:
      break;
  }
  return {451, "4.3.0", "Temporary trouble on this side, try again later"};
}

Reply login_reply(const Failure& failure) {
  const auto text = [&failure](const char* usual) {
    return failure.public_text.empty() ? std::string(usual) : failure.public_text;
  };
  switch (failure.fault) {
    case Fault::kBadLogin:
    case Fault::kBadInput:
    case Fault::kNotFound:
      return {535, "5.7.8", "Wrong name or password"};
    case Fault::kCannot:
    case Fault::kDenied:
      // One without a word is between our daemons.
      if (!failure.public_text.empty()) return {535, "5.7.1", failure.public_text};
      break;
    case Fault::kBusy:
    case Fault::kOverLimit:
      return {454, "4.7.0", text("Too many wrong passwords or sessions, try again later")};
    case Fault::kWrongState:
    case Fault::kExists:
    case Fault::kUnavailable:
    case Fault::kCorrupt:
    case Fault::kBug:
    case Fault::kClosed:
    case Fault::kTimeout:
    case Fault::kOverQuota:
      break;
  }
  return {454, "4.7.0", "Temporary trouble on this side, try again later"};
}

}  // namespace fwd::smtp
