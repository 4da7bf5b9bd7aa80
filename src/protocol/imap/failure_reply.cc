// From a Failure to IMAP's words for it.
#include "protocol/imap/failure_reply.h"

namespace fwd::imap {
namespace {

struct Words {
  Reply::Kind kind;
  const char* code;
  const char* text;  // when the failure has no public text
};

Words words(Fault fault) {
  using enum Reply::Kind;
  switch (fault) {
    case Fault::kBadInput:
      return {kNo, "CANNOT", "That is not possible"};
    case Fault::kWrongState:
      return {kNo, "", "Not now"};
    case Fault::kDenied:
      return {kNo, "NOPERM", "Not allowed"};
    case Fault::kNotFound:
      return {kNo, "NONEXISTENT", "There is no such mailbox"};
    case Fault::kExists:
      return {kNo, "ALREADYEXISTS", "It exists already"};
    case Fault::kOverLimit:
      return {kNo, "LIMIT", "A limit was reached"};
    case Fault::kBusy:
      return {kNo, "INUSE", "Busy, try again"};
    case Fault::kUnavailable:
    case Fault::kTimeout:
      return {kNo, "UNAVAILABLE", "Temporarily unavailable, try again"};
    case Fault::kCorrupt:
      return {kNo, "CORRUPTION", "Stored data is damaged; the operator was told"};
    case Fault::kBug:
      return {kNo, "SERVERBUG", "Internal error"};
    case Fault::kClosed:
      return {kBye, "UNAVAILABLE", "The mailbox was closed"};
    case Fault::kBadLogin:
      return {kNo, "AUTHENTICATIONFAILED", "Wrong name or password"};
    case Fault::kOverQuota:
      return {kNo, "OVERQUOTA", "The mailbox is full"};
    case Fault::kCannot:
      return {kNo, "CANNOT", "That cannot be done"};
  }
  return {kNo, "SERVERBUG", "Internal error"};
}

}  // namespace

Reply failure_reply(const Failure& failure) {
  const Words w = words(failure.fault);
  return {w.kind, w.code, failure.public_text.empty() ? w.text : failure.public_text};
}

bool is_internal(Fault fault) {
  return fault == Fault::kUnavailable || fault == Fault::kTimeout || fault == Fault::kCorrupt ||
         fault == Fault::kBug;
}

}  // namespace fwd::imap
