// fwd-smtp-bree: delivers the outbound queue.
#include <memory>

#include "bin/fwd-smtp-bree/bree_service.h"
#include "service/daemon/program.h"

int main(int argc, char** argv) {
  fwd::daemon::Program program;
  program.name = "smtp-bree";
  program.sentence = "Delivers queued mail to mailboxes here and to other servers.";
  program.make = [](fwd::daemon::Daemon& daemon) {
    return std::make_unique<fwd::smtp_bree::BreeService>(daemon);
  };
  program.check_deep = fwd::smtp_bree::check_deep;
  return fwd::daemon::run(program, argc, argv);
}
