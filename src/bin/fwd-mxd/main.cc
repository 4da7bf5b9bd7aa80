// fwd-mxd: takes mail from other servers.
#include <memory>

#include "bin/fwd-mxd/mx_options.h"
#include "bin/fwd-mxd/mx_service.h"
#include "service/daemon/program.h"

int main(int argc, char** argv) {
  fwd::daemon::Program program;
  program.name = "mxd";
  program.sentence = "Takes mail from other servers by SMTP.";
  program.roles = {{"smtp", fwd::daemon::Security::kStartTls, ""}};
  program.connections_option = "smtp.connections-limit";
  program.per_address_option = "smtp.connections-per-address";
  program.write_limit_option = "smtp.write-limit";
  program.make = [](fwd::daemon::Daemon& daemon) {
    return std::make_unique<fwd::mxd::MxService>(daemon);
  };
  program.check_deep = fwd::mxd::check_deep;
  return fwd::daemon::run(program, argc, argv);
}
