// fwd-imapd: serves mailboxes by IMAP.
#include <memory>

#include "bin/fwd-imapd/imap_service.h"
#include "service/daemon/program.h"
#include "service/daemon/scan_options.h"

int main(int argc, char** argv) {
  fwd::daemon::Program program;
  program.name = "imapd";
  program.sentence = "Serves mailboxes by IMAP.";
  program.roles = {{"imaps", fwd::daemon::Security::kTlsFirst, ""},
                   {"imap", fwd::daemon::Security::kStartTls, "imap.clear-text-port"}};
  program.connections_option = "imap.connections-limit";
  program.per_address_option = "imap.connections-per-address";
  program.write_limit_option = "imap.write-limit";
  program.make = [](fwd::daemon::Daemon& daemon) {
    return std::make_unique<fwd::imapd::ImapService>(daemon);
  };
  program.check_deep = fwd::daemon::check_controller;
  return fwd::daemon::run(program, argc, argv);
}
