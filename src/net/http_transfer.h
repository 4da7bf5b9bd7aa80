#ifndef FWD_NET_HTTP_TRANSFER_H
#define FWD_NET_HTTP_TRANSFER_H

// libcurl on our Loop, and one request through it.  For net/ only; see
// http_client.h.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/event.h"
#include "core/outcome.h"
#include "core/task.h"
#include "net/http_client.h"
#include "net/loop.h"

namespace fwd::net {

struct UrlParts {
  std::string host;  // A-labels; an IPv6 address in brackets
  std::uint16_t port = 0;
};
// kBadInput: not https (or http when allowed), a name and password within.
Outcome<UrlParts> read_url(const std::string& url, bool allow_clear_text);

// A multi handle whose sockets and timer are watched by the Loop.
class CurlLoop {
 public:
  explicit CurlLoop(Loop& loop);
  ~CurlLoop();
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;
  bool ok() const;

  struct Inside;
  Inside& inside() { return *inside_; }

 private:
  std::unique_ptr<Inside> inside_;
};

// One request to one host; destroying it ends it.
class CurlTransfer {
 public:
  CurlTransfer(CurlLoop& curl, const HttpRequest& request, const UrlParts& parts,
               const std::vector<std::string>& ips, const HttpOptions& options);
  ~CurlTransfer();
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  Task<Outcome<HttpAnswer>> run();
  // Where the answer leads to, whole; "" nowhere.
  const std::string& redirect_url() const;

  struct Inside;

 private:
  std::unique_ptr<Inside> inside_;
};

}  // namespace fwd::net

#endif
