#ifndef FWD_SCAN_CLAMD_H
#define FWD_SCAN_CLAMD_H

// Asks ClamAV's daemon whether a message holds a virus: one connection a
// question, over TCP or a Unix socket.

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "net/loop.h"
#include "net/resolver.h"
#include "net/socket_stream.h"
#include "scan/endpoint.h"
#include "scan/verdicts.h"

namespace fwd::scan {

struct ClamdOptions {
  Endpoint endpoint;
  std::chrono::milliseconds limit = std::chrono::seconds(30);  // of a question in all
};

class Clamd {
 public:
  // Keeps references; both must outlive it.
  Clamd(net::Loop& loop, net::Resolver& names, ClamdOptions options)
      : loop_(&loop), names_(&names), options_(std::move(options)) {}

  // kUnavailable, kTimeout: it is away, fails, or talks nonsense.  That it
  // finds the message too large is an answer.  `content` must stay until the end.
  Task<Outcome<VirusVerdict>> scan(std::string_view content);
  // Says whether it answers.
  Task<Outcome<void>> ping();

 private:
  Task<Outcome<std::unique_ptr<net::SocketStream>>> connect();
  Task<Outcome<VirusVerdict>> scan_whole(std::string_view content);
  Task<Outcome<void>> ping_whole();

  net::Loop* loop_;
  net::Resolver* names_;
  ClamdOptions options_;
};

}  // namespace fwd::scan

#endif
