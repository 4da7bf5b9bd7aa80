// The names of faults.
#include "core/outcome.h"

namespace fwd {

const char* fault_name(Fault fault) {
  switch (fault) {
    case Fault::kBadInput:
      return "bad-input";
    case Fault::kWrongState:
      return "wrong-state";
    case Fault::kDenied:
      return "denied";
    case Fault::kNotFound:
      return "not-found";
    case Fault::kExists:
      return "exists";
    case Fault::kOverLimit:
      return "over-limit";
    case Fault::kBusy:
      return "busy";
    case Fault::kUnavailable:
      return "unavailable";
    case Fault::kCorrupt:
      return "corrupt";
    case Fault::kBug:
      return "bug";
    case Fault::kClosed:
      return "closed";
    case Fault::kTimeout:
      return "timeout";
    case Fault::kBadLogin:
      return "bad-login";
    case Fault::kOverQuota:
      return "over-quota";
    case Fault::kCannot:
      return "cannot";
  }
  return "unknown";
}

}  // namespace fwd
