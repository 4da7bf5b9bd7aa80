#ifndef FWD_TESTS_UNIT_NET_NET_TEST_H
#define FWD_TESTS_UNIT_NET_NET_TEST_H

// What tests with real sockets share: a loop that runs one task to its end, a
// folder that goes away, joined sockets, and certificates made on the spot.

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/task_group.h"
#include "net/loop.h"
#include "net/socket_stream.h"

namespace fwd::net {

class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

// Writes `name`.crt and `name`.key: a self-signed certificate for localhost.
void make_certificate(const TemporaryFolder& folder, const std::string& name, bool is_rsa = false);
std::shared_ptr<const TlsCredentials> load_certificate(const TemporaryFolder& folder,
                                                       const std::string& name);

// Two ends of a Unix socket pair; `buffer` octets of send buffer each when not 0.
std::pair<Fd, Fd> socket_pair(int buffer = 0);

// A socket of that kind (SOCK_STREAM, SOCK_DGRAM) at a free port of 127.0.0.1.
struct BoundSocket {
  Fd socket;
  std::string port;
};
BoundSocket bind_loopback(int kind);

// Reads until the end of input, at most `step` octets at a time.
Task<std::string> read_all(Stream& stream, std::size_t step);

// A loop, tasks on it, and a bound on the time a hanging test may take.
class LoopRunner {
 public:
  LoopRunner();
  ~LoopRunner();
  Loop& loop() { return loop_; }
  TaskGroup& tasks() { return tasks_; }
  void spawn(Task<void> work) { tasks_.spawn("test", std::move(work)); }
  // Runs the loop until `work` ends; throws its exception.
  void run(Task<void> work);

 private:
  Task<void> finish(Task<void> work);
  Loop loop_;
  std::vector<std::string> bugs_;
  TaskGroup tasks_{[this](const std::string&, const std::string& what) {
    bugs_.push_back(what);
    loop_.stop();
  }};
};

}  // namespace fwd::net

#endif
