#ifndef FWD_SCAN_RSPAMD_H
#define FWD_SCAN_RSPAMD_H

// Asks rspamd what a message is worth, and teaches it, over its HTTP protocol.
//
// The operator names where it listens, so private addresses are fine, and
// clear text is: "http://127.0.0.1:11333", "https://scan.example.net", or
// "unix:/path" for a daemon without a network.

#include <chrono>
#include <string>
#include <string_view>

#include "net/http_client.h"
#include "scan/verdicts.h"

namespace fwd::scan {

struct RspamdOptions {
  std::string url;
  std::string password;  // "" none
  std::chrono::milliseconds limit = std::chrono::seconds(10);
};

enum class Lesson { kSpam, kHam };
const char* lesson_name(Lesson lesson);  // "spam", "ham"

class Rspamd {
 public:
  // Keeps a reference to `http`, which must allow private addresses.
  // kBadInput: the URL is none of the above.
  static Outcome<Rspamd> make(net::HttpClient& http, RspamdOptions options);

  // A worker's address.  kUnavailable, kTimeout: it is away, busy, or talks
  // nonsense; kDenied: it wants another password.
  Task<Outcome<SpamVerdict>> check(ScanQuestion question);

  // A controller's address.  That it knew this message already is success.
  // kCannot: it finds nothing to learn in it; else as check().
  // `content` must stay until the end.
  Task<Outcome<void>> learn(Lesson lesson, std::string_view content);

  // Says whether it answers.
  Task<Outcome<void>> ping();

 private:
  Rspamd(net::HttpClient& http, RspamdOptions options, std::string base, std::string unix_socket);
  net::HttpRequest request(std::string_view path) const;
  static Outcome<void> usable(const net::HttpAnswer& answer);

  net::HttpClient* http_;
  RspamdOptions options_;
  std::string base_;  // the URL without its last slash
  std::string unix_socket_;
};

}  // namespace fwd::scan

#endif
