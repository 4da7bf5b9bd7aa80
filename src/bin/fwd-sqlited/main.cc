// fwd-sqlited: the one door to data and keys.
#include <memory>

#include "bin/fwd-sqlited/door_service.h"
#include "crypto/server_key.h"
#include "service/daemon/program.h"

namespace {

std::vector<std::string> check_deep(const fwd::config::Options& options) {
  std::vector<std::string> faults;
  const auto key = fwd::crypto::load_server_key(options.path("secrets.server-key"));
  if (!key.ok()) faults.push_back(key.failure().private_text);
  return faults;
}

}  // namespace

int main(int argc, char** argv) {
  fwd::daemon::Program program;
  program.name = "sqlited";
  program.sentence = "Keeps mailboxes, directory and keys; the other daemons ask it.";
  program.roles = {{"door", fwd::daemon::Security::kClear, ""}};
  program.connections_option = "door.connections-limit";
  program.make = [](fwd::daemon::Daemon& daemon) {
    return std::make_unique<fwd::sqlited::DoorService>(daemon);
  };
  program.check_deep = check_deep;
  return fwd::daemon::run(program, argc, argv);
}
