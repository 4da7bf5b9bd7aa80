#ifndef FWD_SERVICE_DAEMON_PROGRAM_H
#define FWD_SERVICE_DAEMON_PROGRAM_H

// What makes one daemon differ from another.  A main.cc fills a Program and
// calls run():
//
//   int main(int argc, char** argv) {
//     daemon::Program program;
//     program.name = "imapd";
//     program.sentence = "Serves mailboxes over IMAP.";
//     program.roles = {{"imaps", daemon::Security::kTlsFirst, ""},
//                      {"imap", daemon::Security::kStartTls, "imap.clear-text-port"}};
//     program.connections_option = "imap.connections-limit";
//     program.per_address_option = "imap.connections-per-address";
//     program.make = [](daemon::Daemon& d) { return std::make_unique<ImapService>(d); };
//     return daemon::run(program, argc, argv);
//   }

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/options.h"
#include "core/outcome.h"
#include "core/task.h"
#include "net/listener.h"
#include "net/socket_stream.h"

namespace fwd::daemon {

class Daemon;

// What a daemon does, once it stands.  Lives on the loop's thread.
class Service {
 public:
  virtual ~Service() = default;

  // Makes ready (opens stores, reaches the door).  No connection is accepted
  // before it ends; a failure ends the daemon.
  virtual Task<Outcome<void>> start() = 0;

  // One connection, from its beginning to its end; TLS is done already where
  // the role begins with it.  Destroyed when the daemon cannot wait any longer;
  // before that Daemon::stopping() is set, so that it can say good-bye.
  virtual Task<void> serve(std::unique_ptr<net::SocketStream> stream, std::string role) = 0;

  // What one connection too many is told, in clear text.
  virtual std::string refusal(const std::string& role) {
    (void)role;
    return {};
  }

  // The options have changed.
  virtual void reload() {}

  // After the last session, before the loop ends.
  virtual Task<void> finish() { co_return; }
};

enum class Security {
  kTlsFirst,  // begins with a handshake
  kStartTls,  // may become TLS
  kClear,     // never TLS (the door's Unix socket)
};

struct Role {
  std::string_view name;  // as in FileDescriptorName= and --listen
  Security security = Security::kClear;
  std::string_view only_if;  // a bool option that must be yes; "" always
};

struct Program {
  std::string_view name;      // as in the option table: "imapd"; the file is fwd-imapd
  std::string_view sentence;  // for --help
  std::vector<Role> roles;    // sockets it may be given
  // Options with the limits of connections; "" for none.
  std::string_view connections_option;
  std::string_view per_address_option;
  // How long a peer may take nothing; "" for the usual.
  std::string_view write_limit_option;
  std::function<std::unique_ptr<Service>(Daemon&)> make;
  // More faults for --check=deep, a sentence each.  May be empty.
  std::function<std::vector<std::string>(const config::Options&)> check_deep;

  bool uses_tls() const;
  std::string file_name() const { return "fwd-" + std::string(name); }
};

// The whole life of a daemon.  Gives the exit status: 0, 1 (could not start or
// a check failed), 2 (the command line is wrong), 78 (the configuration is).
int run(const Program& program, int argc, char** argv);

}  // namespace fwd::daemon

#endif
