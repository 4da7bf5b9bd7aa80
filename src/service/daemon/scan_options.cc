// Reads what scanners there are, and looks whether they answer.
#include "service/daemon/scan_options.h"

#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <utility>

#include "core/task_group.h"
#include "net/loop.h"

namespace fwd::daemon {
namespace {

constexpr std::size_t kMostPassword = 1000;

// No such file: no password.
Outcome<std::string> read_password(const std::string& file) {
  if (::access(file.c_str(), F_OK) != 0 && errno == ENOENT) return std::string();
  std::string password;
  std::ifstream in(file);
  if (!std::getline(in, password) || password.empty() || password.size() > kMostPassword)
    return Failure{Fault::kUnavailable, "",
                   file + ": cannot be read, or has no password on its first line"};
  return password;
}

Outcome<scan::RspamdOptions> rspamd_options(const config::Options& options, std::string url) {
  scan::RspamdOptions out;
  out.url = std::move(url);
  out.limit = options.time("scan.rspamd-limit");
  if (out.url.empty()) return out;
  auto password = read_password(options.path("scan.rspamd-password-file"));
  if (!password.ok()) return password.failure();
  out.password = std::move(password).value();
  return out;
}

Task<void> look(net::Loop& loop, scan::Scanners& scanners, std::vector<std::string>& faults) {
  auto checking = scanners.check();
  faults = co_await checking;
  loop.stop();
}

std::vector<std::string> check(Outcome<scan::ScannerOptions> options) {
  if (!options.ok()) return {options.failure().private_text};
  net::Loop loop;
  auto scanners = scan::Scanners::make(loop, nullptr, std::move(options).value());
  if (!scanners.ok()) return {scanners.failure().private_text};
  std::vector<std::string> faults;
  TaskGroup tasks([&](const std::string&, const std::string& what) {
    faults.push_back(what);
    loop.stop();
  });
  tasks.spawn("check", look(loop, *scanners.value(), faults));
  if (tasks.size() > 0) loop.run();
  return faults;
}

}  // namespace

Outcome<scan::ScannerOptions> scanner_options(const config::Options& options) {
  auto rspamd = rspamd_options(options, options.text("scan.rspamd-url"));
  if (!rspamd.ok()) return rspamd.failure();
  scan::ScannerOptions out;
  out.rspamd = std::move(rspamd).value();
  out.clamd = options.text("scan.clamd");
  out.clamd_limit = options.time("scan.clamd-limit");
  out.size_limit = options.size("scan.size-limit");
  // Nobody gets past the scanner because many come at once.
  out.most_at_once = options.integer("smtp.connections-limit");
  return out;
}

bool scanners_defer(const config::Options& options) {
  return options.choice("scan.when-down") == "defer";
}

Outcome<scan::RspamdOptions> controller_options(const config::Options& options) {
  return rspamd_options(options, options.text("scan.rspamd-controller-url"));
}

std::vector<std::string> check_scanners(const config::Options& options) {
  return check(scanner_options(options));
}

std::vector<std::string> check_controller(const config::Options& options) {
  auto controller = controller_options(options);
  if (!controller.ok()) return {controller.failure().private_text};
  scan::ScannerOptions asked;
  asked.rspamd = std::move(controller).value();
  return check(std::move(asked));
}

}  // namespace fwd::daemon
