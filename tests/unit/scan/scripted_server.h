#ifndef FWD_TESTS_UNIT_SCAN_SCRIPTED_SERVER_H
#define FWD_TESTS_UNIT_SCAN_SCRIPTED_SERVER_H

// A server on a Unix socket, with a thread of its own: hears one question a
// connection, up to a mark, and gives the answer a test has written down.

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "net/fd.h"

namespace fwd::test {

class ScriptedServer {
 public:
  // True when `heard` is the whole question.
  using IsWhole = std::function<bool(const std::string& heard)>;

  // `answer` "": says nothing and waits until the other end gives up.
  ScriptedServer(std::string path, IsWhole is_whole, std::string answer);
  ~ScriptedServer();
  std::vector<std::string> heard();

  // Whole by its Content-Length.
  static bool is_whole_http(const std::string& heard);

 private:
  void serve();
  void serve_one(int fd);

  IsWhole is_whole_;
  std::string answer_;
  net::Fd listening_;
  std::mutex mutex_;
  std::vector<std::string> heard_;
  std::thread thread_;
};

std::string http_answer(const std::string& status, const std::string& body);

}  // namespace fwd::test

#endif
