// Asks the system for a user's name.
#include "service/submission/user_name.h"

#include <cerrno>
#include <cstring>
#include <vector>

namespace fwd::submission {
namespace {

constexpr std::size_t kFirstSize = 4096;
constexpr std::size_t kMostSize = 1024 * 1024;

}  // namespace

Outcome<std::string> user_name(uid_t uid, const FindUser& find) {
  std::vector<char> text(kFirstSize);
  for (;;) {
    passwd entry{};
    passwd* found = nullptr;
    const int error = find(uid, &entry, text.data(), text.size(), &found);
    if (error == 0 && found != nullptr) return std::string(found->pw_name);
    // Some name services say so of nobody, too.
    if (error == 0 || error == ENOENT || error == ESRCH) return "uid" + std::to_string(uid);
    if (error == EINTR) continue;
    if (error != ERANGE || text.size() >= kMostSize)
      return Failure{Fault::kUnavailable, "", std::string("getpwuid_r: ") + std::strerror(error)};
    text.resize(text.size() * 2);
  }
}

}  // namespace fwd::submission
