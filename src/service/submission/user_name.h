#ifndef FWD_SERVICE_SUBMISSION_USER_NAME_H
#define FWD_SERVICE_SUBMISSION_USER_NAME_H

// What a user of this machine is called.

#include <pwd.h>

#include <functional>
#include <string>

#include "core/outcome.h"

namespace fwd::submission {

// getpwuid_r(3)
using FindUser = std::function<int(uid_t, passwd*, char*, std::size_t, passwd**)>;

// The login name, or "uid1234" of somebody who has no entry.  kUnavailable:
// the name service did not answer; later it may.
Outcome<std::string> user_name(uid_t uid, const FindUser& find = ::getpwuid_r);

}  // namespace fwd::submission

#endif
