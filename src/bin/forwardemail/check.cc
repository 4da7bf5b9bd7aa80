// Examining the files every daemon needs.
#include "bin/forwardemail/check.h"

#include <algorithm>

#include "config/options.h"
#include "crypto/server_key.h"
#include "net/tls_credentials.h"

namespace fwd::command {
namespace {

constexpr auto kRenewBefore = std::chrono::hours(24 * 21);

void add(std::vector<std::string>& faults, std::string fault) {
  if (std::find(faults.begin(), faults.end(), fault) == faults.end())
    faults.push_back(std::move(fault));
}

void check_certificate(const config::Options& options, WallTime now,
                       std::vector<std::string>& faults) {
  const std::string file = options.path("tls.certificate");
  const auto loaded = net::TlsCredentials::load(file, options.path("tls.key"));
  if (!loaded.ok()) {
    add(faults, loaded.failure().private_text);
  } else if (loaded.value()->valid_until() <= now) {
    add(faults, file + ": the certificate has expired");
  } else if (loaded.value()->valid_until() - now < kRenewBefore) {
    add(faults, file + ": the certificate expires in less than 21 days; renew it");
  } else if (loaded.value()->valid_from() > now) {
    add(faults, file + ": the certificate is not valid yet");
  }
}

}  // namespace

std::vector<std::string> check_files(const std::string& config_file, WallTime now) {
  std::vector<std::string> faults;
  for (const char* program : {"sqlited", "mxd", "imapd", "forwardemail"}) {
    const config::Loaded loaded = config::load_options({program, config_file, {}});
    for (const config::OptionFault& fault : loaded.faults) add(faults, fault.line());
    if (!loaded.options) continue;
    if (std::string_view(program) == "mxd") check_certificate(*loaded.options, now, faults);
    if (std::string_view(program) == "sqlited") {
      const auto key = crypto::load_server_key(loaded.options->path("secrets.server-key"));
      if (!key.ok()) add(faults, key.failure().private_text);
    }
  }
  return faults;
}

}  // namespace fwd::command
