// The life of a daemon, in a child process that is told and asked as systemd does.
#include "service/daemon/daemon.h"

#include <cppunit/extensions/HelperMacros.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>

#include "core/first_of.h"
#include "net/connect.h"
#include "net/fd.h"
#include "net/socket_address.h"
#include "service/daemon/log_sink.h"
#include "unit/net/net_test.h"

namespace fwd::daemon {
namespace {

Task<void> wait_for(Event& event) { co_await event.wait(); }

// Greets with the idle limit of today; says good-bye when asked to stop; a
// client that sends "stay" is served until it is thrown out.
class Greeter final : public Service {
 public:
  explicit Greeter(Daemon& daemon) : daemon_(daemon) {}

  Task<Outcome<void>> start() override {
    if (daemon_.options().integer("smtp.recipients-limit") == 13)
      co_return Failure{Fault::kUnavailable, "", "thirteen at table"};
    co_return Outcome<void>{};
  }
  Task<void> serve(std::unique_ptr<net::SocketStream> stream, std::string) override {
    const auto idle = daemon_.options().time("smtp.idle-limit");
    const std::string greeting = std::to_string(idle.count()) + "\n";
    auto told = co_await stream->write(greeting);
    if (!told.ok()) co_return;
    std::string into(100, '\0');
    auto reading = stream->read_some(into);
    auto stopping = wait_for(daemon_.stopping());
    const auto won = co_await first_of(std::move(reading), std::move(stopping));
    if (won.index() == 0) {
      if (into.starts_with("bug")) throw std::runtime_error("as asked");
      auto noted = co_await stream->write("ok\n");
      if (!noted.ok()) co_return;
      auto for_ever = stream->read_some(into);
      co_await for_ever;
      co_return;
    }
    auto bye = co_await stream->write("421 bye\n");
    (void)bye;
  }
  std::string refusal(const std::string&) override { return "421 full\n"; }

 private:
  Daemon& daemon_;
};

Program greeter(bool with_tls) {
  Program program;
  program.name = "mxd";
  program.sentence = "Greets.";
  program.roles = {{"smtp", Security::kClear, ""}, {"other", Security::kClear, ""}};
  if (with_tls) program.roles.push_back({"smtps", Security::kTlsFirst, ""});
  program.connections_option = "smtp.connections-limit";
  program.make = [](Daemon& daemon) { return std::make_unique<Greeter>(daemon); };
  program.check_deep = [](const config::Options& options) {
    std::vector<std::string> faults;
    if (options.integer("smtp.recipients-limit") == 13) faults.emplace_back("thirteen at table");
    return faults;
  };
  return program;
}

// The greeting over TLS, trusting only the certificate of `trust`.
Task<void> greet(net::Loop& loop, std::string path, std::string trust, std::string& greeting) {
  auto stream = co_await net::connect_unix(loop, path, std::chrono::seconds(30));
  CPPUNIT_ASSERT(stream.ok());
  net::TlsClientOptions options;
  options.server_name = "localhost";
  options.trust = trust;
  auto shaken = co_await stream.value()->start_tls_client(options);
  if (!shaken.ok()) co_return;
  std::string into(100, '\0');
  auto got = co_await stream.value()->read_some(into);
  if (got.ok()) greeting = into.substr(0, got.value());
}

class DaemonTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DaemonTest);
  CPPUNIT_TEST(it_tells_when_it_is_ready_and_stops_gracefully);
  CPPUNIT_TEST(a_good_reload_is_taken_and_a_bad_one_is_not);
  CPPUNIT_TEST(one_connection_too_many_is_told_so);
  CPPUNIT_TEST(a_bug_ends_one_session_only);
  CPPUNIT_TEST(a_second_signal_does_not_wait_for_sessions);
  CPPUNIT_TEST(its_process_is_closed_to_others);
  CPPUNIT_TEST(a_renewed_certificate_is_taken_and_a_broken_one_is_not);
  CPPUNIT_TEST(a_stop_does_not_wait_for_a_handshake);
  CPPUNIT_TEST(a_failed_start_is_told);
  CPPUNIT_TEST(checks_and_shows_end_at_once);
  CPPUNIT_TEST(events_become_fields_or_lines);
  CPPUNIT_TEST_SUITE_END();

  std::string folder_;
  net::Fd notices_;
  net::Fd output_;
  pid_t child_ = -1;
  bool with_tls_ = false;

 public:
  void setUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "fwd-daemon-XXXXXX";
    CPPUNIT_ASSERT(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    notices_ = net::Fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto address = net::unix_socket_address(folder_ + "/notify");
    CPPUNIT_ASSERT_EQUAL(0, ::bind(notices_.get(), address->get(), address->size));
    const timeval patience{30, 0};
    ::setsockopt(notices_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    configure("smtp.idle-limit = 1m\n");
  }
  void tearDown() override {
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
    std::filesystem::remove_all(folder_);
  }

 private:
  void configure(const std::string& text) { std::ofstream(folder_ + "/conf") << text; }

  void start(std::vector<std::string> arguments) {
    int ends[2];
    CPPUNIT_ASSERT_EQUAL(0, ::pipe(ends));
    output_ = net::Fd(ends[0]);
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::dup2(ends[1], STDERR_FILENO);
      ::close(ends[0]);
      ::close(ends[1]);
      ::setenv("NOTIFY_SOCKET", (folder_ + "/notify").c_str(), 1);
      ::unsetenv("JOURNAL_STREAM");
      arguments.insert(arguments.begin(), {"fwd-mxd", "--config=" + folder_ + "/conf"});
      std::vector<char*> argv;
      for (std::string& argument : arguments) argv.push_back(argument.data());
      const Program program = greeter(with_tls_);
      const int status = run(program, static_cast<int>(argv.size()), argv.data());
      std::fflush(stdout);
      ::_exit(status);
    }
    ::close(ends[1]);
  }
  void start_listening() { start({"--listen=smtp=" + folder_ + "/s"}); }

  // The next thing systemd would hear.
  std::string notice() {
    std::array<char, 512> text{};
    const ssize_t got = ::recv(notices_.get(), text.data(), text.size(), 0);
    return got > 0 ? std::string(text.data(), static_cast<std::size_t>(got)) : "nothing";
  }

  net::Fd connect() {
    net::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto address = net::unix_socket_address(folder_ + "/s");
    CPPUNIT_ASSERT_EQUAL(0, ::connect(fd.get(), address->get(), address->size));
    const timeval patience{30, 0};
    ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return fd;
  }
  static std::string hear(const net::Fd& fd) {
    std::array<char, 100> text{};
    const ssize_t got = ::recv(fd.get(), text.data(), text.size(), 0);
    return std::string(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  }

  // The exit status; what was printed goes to `printed`.
  int end(std::string& printed) {
    std::array<char, 4096> text{};
    ssize_t got = 0;
    while ((got = ::read(output_.get(), text.data(), text.size())) > 0)
      printed.append(text.data(), static_cast<std::size_t>(got));
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  static void expect(const std::string& text, const std::string& part) {
    CPPUNIT_ASSERT_MESSAGE("no \"" + part + "\" in: " + text, text.find(part) != std::string::npos);
  }

 public:
  void it_tells_when_it_is_ready_and_stops_gracefully() {
    start_listening();
    CPPUNIT_ASSERT_EQUAL(std::string("READY=1"), notice());
    const net::Fd client = connect();
    CPPUNIT_ASSERT_EQUAL(std::string("60000\n"), hear(client));
    ::kill(child_, SIGTERM);
    CPPUNIT_ASSERT_EQUAL(std::string("STOPPING=1"), notice());
    CPPUNIT_ASSERT_EQUAL(std::string("421 bye\n"), hear(client));
    CPPUNIT_ASSERT_EQUAL(std::string(), hear(client));
    std::string printed;
    CPPUNIT_ASSERT_EQUAL(0, end(printed));
    expect(printed, " fwd-mxd notice daemon.start version=");
    expect(printed, "daemon.ready listens=\"smtp=" + folder_ + "/s\"\n");
    expect(printed, "daemon.stop sessions=1\n");
    expect(printed, "daemon.end\n");
  }

  void a_good_reload_is_taken_and_a_bad_one_is_not() {
    start_listening();
    notice();
    const net::Fd before = connect();
    CPPUNIT_ASSERT_EQUAL(std::string("60000\n"), hear(before));
    configure("smtp.idle-limit = 2m\n");
    ::kill(child_, SIGHUP);
    expect(notice(), "RELOADING=1\nMONOTONIC_USEC=");
    CPPUNIT_ASSERT_EQUAL(std::string("READY=1"), notice());
    CPPUNIT_ASSERT_EQUAL(std::string("120000\n"), hear(connect()));
    configure("smtp.idle-limit = never\n");
    ::kill(child_, SIGHUP);
    notice();
    CPPUNIT_ASSERT_EQUAL(std::string("READY=1"), notice());
    CPPUNIT_ASSERT_EQUAL(std::string("120000\n"), hear(connect()));
    ::kill(child_, SIGINT);
    std::string printed;
    CPPUNIT_ASSERT_EQUAL(0, end(printed));
    expect(printed, "daemon.reload.refused");
    expect(printed, "conf:1: smtp.idle-limit: want a time from 10s to 1h, not ");
  }

  void one_connection_too_many_is_told_so() {
    configure("smtp.connections-limit = 1\n");
    start_listening();
    notice();
    const net::Fd first = connect();
    CPPUNIT_ASSERT_EQUAL(std::string("180000\n"), hear(first));
    const net::Fd second = connect();
    CPPUNIT_ASSERT_EQUAL(std::string("421 full\n"), hear(second));
  }

  void a_bug_ends_one_session_only() {
    start_listening();
    notice();
    const net::Fd client = connect();
    hear(client);
    CPPUNIT_ASSERT_EQUAL(ssize_t{3}, ::send(client.get(), "bug", 3, 0));
    CPPUNIT_ASSERT_EQUAL(std::string(), hear(client));
    CPPUNIT_ASSERT_EQUAL(std::string("60000\n"), hear(connect()));
    ::kill(child_, SIGTERM);
    std::string printed;
    CPPUNIT_ASSERT_EQUAL(0, end(printed));
    expect(printed, "error daemon.bug task=smtp what=\"as asked\"\n");
  }

  void a_second_signal_does_not_wait_for_sessions() {
    start_listening();
    notice();
    const net::Fd client = connect();
    hear(client);
    CPPUNIT_ASSERT_EQUAL(ssize_t{4}, ::send(client.get(), "stay", 4, 0));
    CPPUNIT_ASSERT_EQUAL(std::string("ok\n"), hear(client));
    ::kill(child_, SIGTERM);
    CPPUNIT_ASSERT_EQUAL(std::string("STOPPING=1"), notice());
    ::kill(child_, SIGTERM);
    CPPUNIT_ASSERT_EQUAL(std::string(), hear(client));
    std::string printed;
    CPPUNIT_ASSERT_EQUAL(0, end(printed));
    expect(printed, "daemon.stop.forced sessions=1\n");
  }

  void its_process_is_closed_to_others() {
    start_listening();
    notice();
    rlimit core{1, 1};
    CPPUNIT_ASSERT_EQUAL(0, ::prlimit(child_, RLIMIT_CORE, nullptr, &core));
    CPPUNIT_ASSERT_EQUAL(rlim_t{0}, core.rlim_max);
    std::ifstream status("/proc/" + std::to_string(child_) + "/status");
    std::string umask;
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("Umask:")) umask = line.substr(6);
    expect(umask, "0077");
    struct stat socket {};
    CPPUNIT_ASSERT_EQUAL(0, ::stat((folder_ + "/s").c_str(), &socket));
    CPPUNIT_ASSERT_EQUAL(mode_t{0660}, socket.st_mode & 0777);
  }

  void a_renewed_certificate_is_taken_and_a_broken_one_is_not() {
    with_tls_ = true;
    const net::TemporaryFolder keys;
    const auto renew = [&keys](const char* name) {
      net::make_certificate(keys, name);
      for (const char* end : {".crt", ".key"})
        std::filesystem::copy(keys.file(std::string(name) + end),
                              keys.file(std::string("now") + end),
                              std::filesystem::copy_options::overwrite_existing);
    };
    const auto reload = [this] {
      ::kill(child_, SIGHUP);
      notice();
      notice();
    };
    renew("a");
    configure("tls.certificate = " + keys.file("now.crt") + "\ntls.key = " + keys.file("now.key") +
              "\n");
    start({"--listen=smtps=" + folder_ + "/s"});
    CPPUNIT_ASSERT_EQUAL(std::string("READY=1"), notice());
    net::LoopRunner runner;
    const auto hear_with = [&](const char* name) {
      std::string greeting;
      runner.run(
          greet(runner.loop(), folder_ + "/s", keys.file(std::string(name) + ".crt"), greeting));
      return greeting;
    };
    CPPUNIT_ASSERT_EQUAL(std::string("180000\n"), hear_with("a"));
    renew("b");
    reload();
    CPPUNIT_ASSERT_EQUAL(std::string("180000\n"), hear_with("b"));
    CPPUNIT_ASSERT_EQUAL(std::string(), hear_with("a"));
    std::ofstream(keys.file("now.key")) << "not a key";
    reload();
    CPPUNIT_ASSERT_EQUAL(std::string("180000\n"), hear_with("b"));
    ::kill(child_, SIGTERM);
    std::string printed;
    CPPUNIT_ASSERT_EQUAL(0, end(printed));
    expect(printed, "error daemon.reload.refused");
    expect(printed, "info tls.failed role=smtps");
  }

  // The stop limit is 20 s, a handshake may take longer.
  void a_stop_does_not_wait_for_a_handshake() {
    with_tls_ = true;
    const net::TemporaryFolder keys;
    net::make_certificate(keys, "a");
    configure("tls.certificate = " + keys.file("a.crt") + "\ntls.key = " + keys.file("a.key") +
              "\n");
    start({"--listen=smtps=" + folder_ + "/s"});
    CPPUNIT_ASSERT_EQUAL(std::string("READY=1"), notice());
    const net::Fd silent = connect();
    const net::Fd also_silent = connect();
    net::LoopRunner runner;
    std::string greeting;  // once it came, the two before were accepted
    runner.run(greet(runner.loop(), folder_ + "/s", keys.file("a.crt"), greeting));
    CPPUNIT_ASSERT_EQUAL(std::string("180000\n"), greeting);
    ::kill(child_, SIGTERM);
    std::string printed;
    CPPUNIT_ASSERT_EQUAL(0, end(printed));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(printed, std::string::npos, printed.find("daemon.stop.forced"));
  }

  void a_failed_start_is_told() {
    start({"--listen=smtp=" + folder_ + "/s", "--set", "smtp.recipients-limit=13"});
    std::string printed;
    CPPUNIT_ASSERT_EQUAL(1, end(printed));
    expect(printed, "error daemon.start.failed fault=unavailable why=\"thirteen at table\"\n");
    CPPUNIT_ASSERT_EQUAL(std::string("STOPPING=1"), notice());
    for (const char* listen : {"--log=text", "--listen=imaps=127.0.0.1:0", "--listen=nonsense"}) {
      printed.clear();
      start({listen});
      CPPUNIT_ASSERT_EQUAL(1, end(printed));
      expect(printed, "daemon.start.failed fault=bad-input");
    }
  }

  void checks_and_shows_end_at_once() {
    const auto with = [this](std::vector<std::string> arguments, int wanted,
                             const std::string& part) {
      std::string printed;
      start(std::move(arguments));
      const int status = end(printed);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(printed, wanted, status);
      expect(printed, part);
    };
    with({"--help"}, 0, "--listen ROLE=ADDRESS");
    with({"--version"}, 0, "fwd-mxd ");
    with({"--check"}, 0, "no fault found");
    with({"--check=deep"}, 0, "no fault found");
    with({"--check=deep", "--set=smtp.recipients-limit=13"}, 1, "thirteen at table");
    with({"--check=sharply"}, 2, "--help");
    with({"--nonsense"}, 2, "--help");
    with({"--show"}, 0, "smtp.idle-limit = 1m  # " + folder_ + "/conf:1\n");
    with({"--show=all"}, 0, "smtp.received-limit = 25  # default\n");
    with({"--check", "--set", "a.b=1"}, 78, "command line: a.b: there is no such option");
    ::chmod((folder_ + "/conf").c_str(), 0666);
    with({"--check=deep"}, 1, "conf: everybody may change it");
  }

  void events_become_fields_or_lines() {
    const std::vector<LogField> fields{{"peer", "192.0.2.1"}, {"a-b", "two\nlines"}};
    const auto journal = journal_fields("fwd-mxd", "smtp.session.end", fields, LogLevel::kNotice);
    const std::vector<std::string> wanted{
        "MESSAGE=smtp.session.end peer=192.0.2.1 a-b=\"two\\x0alines\"",
        "PRIORITY=5",
        "SYSLOG_IDENTIFIER=fwd-mxd",
        "FWD_EVENT=smtp.session.end",
        "FWD_PEER=192.0.2.1",
        "FWD_A_B=two\nlines"};
    CPPUNIT_ASSERT(wanted == journal);
    CPPUNIT_ASSERT_EQUAL(std::string("2026-01-01T00:00:00.007Z fwd-mxd error x peer=192.0.2.1\n"),
                         text_line("fwd-mxd", "x", {{"peer", "192.0.2.1"}}, LogLevel::kError,
                                   WallTime(std::chrono::milliseconds(1767225600007))));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DaemonTest);

}  // namespace
}  // namespace fwd::daemon
