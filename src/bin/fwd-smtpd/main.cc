// fwd-smtpd: takes mail from those who may send.
#include <memory>

#include "bin/fwd-smtpd/smtpd_service.h"
#include "service/daemon/program.h"

int main(int argc, char** argv) {
  fwd::daemon::Program program;
  program.name = "smtpd";
  program.sentence = "Takes mail from people and programs and puts it into the queue.";
  program.roles = {{"submissions", fwd::daemon::Security::kTlsFirst, ""},
                   {"submission", fwd::daemon::Security::kStartTls, ""},
                   {fwd::smtpd::kLocalRole, fwd::daemon::Security::kClear, ""}};
  program.connections_option = "smtp.connections-limit";
  program.per_address_option = "submission.connections-per-address";
  program.write_limit_option = "smtp.write-limit";
  program.make = [](fwd::daemon::Daemon& daemon) {
    return std::make_unique<fwd::smtpd::SmtpdService>(daemon);
  };
  return fwd::daemon::run(program, argc, argv);
}
