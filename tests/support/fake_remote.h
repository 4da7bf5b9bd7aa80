#ifndef FWD_TESTS_SUPPORT_FAKE_REMOTE_H
#define FWD_TESTS_SUPPORT_FAKE_REMOTE_H

// A remote mail server played by a script: it answers each command with the
// words it was given, and remembers what it heard.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/event.h"
#include "core/stream.h"
#include "core/task.h"

namespace fwd::test {

struct RemoteScript {
  std::string greeting = "220 mx.example ESMTP\r\n";
  std::string ehlo =
      "250-mx.example\r\n250-PIPELINING\r\n250-SIZE 1000000\r\n250-8BITMIME\r\n"
      "250-SMTPUTF8\r\n250-DSN\r\n250 ENHANCEDSTATUSCODES\r\n";
  std::string ehlo_after_tls;  // "": as before
  // Answers by the command's beginning, upper case: "RCPT TO:<B@", "MAIL".  The
  // longest that fits is taken; "" silence; "hang up" closes.
  std::map<std::string, std::string> answers;
  std::string end_of_data = "250 2.0.0 taken\r\n";  // the answer to content
  std::uint64_t says_at_most = UINT64_MAX;          // octets, then it closes
  std::uint64_t hears_at_most = UINT64_MAX;         // octets, then it closes
};

class FakeRemote {
 public:
  FakeRemote(RemoteScript its_script, Clock& clock)
      : script(std::move(its_script)), clock_(clock) {}

  // One connection, from greeting to its end.
  Task<void> serve(std::unique_ptr<Stream> stream);

  RemoteScript script;
  std::vector<std::string> commands;  // of all connections
  std::vector<std::string> messages;  // content taken, dots unstuffed
  int connections = 0;
  std::uint64_t said = 0;   // octets, in all
  std::uint64_t heard = 0;  // octets of whole commands and content

 private:
  struct Connection;
  Task<bool> say(Connection& c, std::string words);
  Task<bool> obey(Connection& c, std::string line);
  Task<bool> read_content(Connection& c);
  Task<bool> read_chunk(Connection& c, std::string line);
  std::string answer_to(const Connection& c, const std::string& line) const;

  Clock& clock_;
};

}  // namespace fwd::test

#endif
