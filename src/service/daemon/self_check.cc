// What --check=deep looks at.
#include "service/daemon/self_check.h"

#include <sys/stat.h>

namespace fwd::daemon {
namespace {

// A file that others than its owner and group may touch, when it is there.
void check_mode(const std::string& path, mode_t forbidden, const char* what,
                std::vector<std::string>& faults) {
  struct stat found {};
  if (::stat(path.c_str(), &found) == 0 && (found.st_mode & forbidden) != 0)
    faults.push_back(path + ": everybody may " + what + " it");
}

void check_tls(const config::Options& options, WallTime now, std::vector<std::string>& faults) {
  const std::string key = options.path("tls.key");
  check_mode(key, S_IROTH | S_IWOTH, "read or change", faults);
  const auto loaded = net::TlsCredentials::load(options.path("tls.certificate"), key);
  if (!loaded.ok()) {
    faults.push_back(loaded.failure().private_text);
  } else if (loaded.value()->valid_until() <= now) {
    faults.push_back(options.path("tls.certificate") + ": the certificate has expired");
  } else if (loaded.value()->valid_from() > now) {
    faults.push_back(options.path("tls.certificate") + ": the certificate is not valid yet");
  }
}

}  // namespace

std::vector<std::string> check_deep(const Program& program, const config::Options& options,
                                    WallTime now) {
  std::vector<std::string> faults;
  check_mode(options.file(), S_IWOTH, "change", faults);
  if (program.uses_tls()) check_tls(options, now, faults);
  if (program.check_deep)
    for (std::string& fault : program.check_deep(options)) faults.push_back(std::move(fault));
  return faults;
}

}  // namespace fwd::daemon
