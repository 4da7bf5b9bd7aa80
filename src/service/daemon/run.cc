// The command line of a daemon, and its process: limits, modes, sockets.
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <string>

#include "config/command_line.h"
#include "service/daemon/daemon.h"
#include "service/daemon/self_check.h"

namespace fwd::daemon {
namespace {

constexpr int kFailed = 1;
constexpr int kBadUsage = 2;
constexpr int kBadConfiguration = 78;  // EX_CONFIG of sysexits(3)

constexpr config::Switch kSwitches[] = {
    {"config", "FILE", "", "Read FILE in place of the usual forwardemail.conf."},
    {"set", "NAME=VALUE", "", "Set an option, over what the files say."},
    {"listen", "ROLE=ADDRESS", "", "Listen at 127.0.0.1:2525, [::1]:993 or /path as ROLE."},
    {"log", "FORM", "", "Log as journal fields or as text; else what standard error is."},
    {"check", "DEPTH", "plain",
     "Tell every fault of the configuration and end; "
     "deep looks at certificates, files and stores as well."},
    {"show", "WHICH", "changed", "Show options that differ from their default, or all, and end."},
    {"help", "", "", "Show this text."},
    {"version", "", "", "Show the version."},
};

void say(std::FILE* to, const std::string& text) { std::fputs(text.c_str(), to); }

std::string help(const Program& program) {
  std::string roles;
  for (const Role& role : program.roles) roles += " " + std::string(role.name);
  return "Usage: " + program.file_name() + " [OPTION…]\n" + std::string(program.sentence) + "\n\n" +
         config::help_text(kSwitches) + "\nRoles of sockets:" + roles + "\n";
}

void raise_limits() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
}

// Secrets are in memory: no core, no debugger, no file that others may read.
void close_process() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  ::umask(0077);
  std::signal(SIGPIPE, SIG_IGN);
  raise_limits();
}

// Handed-over sockets and those of --listen, each with a role we know.
Outcome<std::vector<net::ListenSocket>> gather_sockets(const Program& program,
                                                       const std::vector<std::string>& specs,
                                                       const config::Options& options) {
  auto sockets = net::inherited_sockets();
  if (!sockets.ok()) return sockets;
  for (const std::string& spec : specs) {
    auto opened = net::open_listen_socket(spec);
    if (!opened.ok()) return opened.failure();
    sockets.value().push_back(std::move(opened).value());
  }
  for (const net::ListenSocket& socket : sockets.value()) {
    const Role* known = nullptr;
    for (const Role& role : program.roles)
      if (role.name == socket.role) known = &role;
    if (known == nullptr) return Failure{Fault::kBadInput, "", "no such role: " + socket.role};
    if (!known->only_if.empty() && !options.flag(known->only_if))
      return Failure{Fault::kBadInput, "",
                     socket.role + " is served only if " + std::string(known->only_if) + " is yes"};
  }
  if (sockets.value().empty() && !program.roles.empty())
    return Failure{Fault::kBadInput, "",
                   "no socket to listen on: want one from systemd, or --listen"};
  return sockets;
}

int check(const Program& program, const config::Options& options, bool deep) {
  std::vector<std::string> faults;
  if (deep) {
    net::Loop loop;
    faults = check_deep(program, options, loop.clock().wall());
  }
  for (const std::string& fault : faults) say(stderr, program.file_name() + ": " + fault + "\n");
  if (faults.empty()) say(stdout, program.file_name() + ": no fault found\n");
  return faults.empty() ? 0 : kFailed;
}

int serve(const Program& program, const config::CommandLine& line,
          std::shared_ptr<const config::Options> options, config::LoadRequest source) {
  close_process();
  net::Loop loop;
  LogForm form = LogForm::kAuto;
  if (line.value("log") == "journal") form = LogForm::kJournal;
  if (line.value("log") == "text") form = LogForm::kText;
  LogSink log(program.file_name(), form, loop.clock());
  auto sockets = gather_sockets(program, line.values("listen"), *options);
  if (!sockets.ok()) {
    const Failure& failure = sockets.failure();
    log.error("daemon.start.failed",
              {{"fault", fault_name(failure.fault)}, {"why", failure.private_text}});
    return kFailed;
  }
  Daemon daemon(program, loop, log, std::move(options), std::move(source));
  return daemon.live(std::move(sockets).value());
}

bool is_one_of(const config::CommandLine& line, std::string_view name, std::string_view a,
               std::string_view b) {
  return !line.has(name) || line.value(name) == a || line.value(name) == b;
}

}  // namespace

int run(const Program& program, int argc, char** argv) {
  auto parsed = config::parse_command_line(
      kSwitches, std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc), false);
  const std::string hint = "\nTry " + program.file_name() + " --help\n";
  if (!parsed.ok()) {
    say(stderr, program.file_name() + ": " + parsed.failure().public_text + hint);
    return kBadUsage;
  }
  const config::CommandLine& line = parsed.value();
  if (!is_one_of(line, "log", "journal", "text") || !is_one_of(line, "check", "plain", "deep") ||
      !is_one_of(line, "show", "changed", "all")) {
    say(stderr,
        program.file_name() + ": want --log=journal|text, --check[=deep], --show[=all]" + hint);
    return kBadUsage;
  }
  if (line.has("help") || line.has("version")) {
    say(stdout, line.has("help") ? help(program) : program.file_name() + " " + FWD_VERSION + "\n");
    return 0;
  }
  config::LoadRequest source{std::string(program.name), line.value("config"), line.values("set")};
  config::Loaded loaded = config::load_options(source);
  for (const config::OptionFault& fault : loaded.faults) say(stderr, fault.line() + "\n");
  if (!loaded.options) return kBadConfiguration;
  if (line.has("show")) say(stdout, loaded.options->show(line.value("show") == "all"));
  if (line.has("check")) return check(program, *loaded.options, line.value("check") == "deep");
  if (line.has("show")) return 0;
  try {
    return serve(program, line, std::move(loaded.options), std::move(source));
  } catch (const std::exception& bug) {
    say(stderr, program.file_name() + ": " + bug.what() + "\n");
    return kFailed;
  }
}

}  // namespace fwd::daemon
