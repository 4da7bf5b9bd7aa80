#ifndef FWD_NET_HTTP_CLIENT_H
#define FWD_NET_HTTP_CLIENT_H

// Asks web servers of others: GET and POST over HTTP/1.1 and 2, by libcurl on
// our Loop.  Everything about it is bounded, for the URL and the answer may be
// a stranger's:
//  * names are resolved by our Resolver, at every redirect anew;
//  * private addresses (net/private_address.h) are refused, after resolving;
//  * no proxy, cookie, .netrc or environment is looked at.

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/outcome.h"
#include "core/task.h"
#include "net/loop.h"
#include "net/resolver.h"

namespace fwd::net {

struct HttpOptions {
  std::string trust = "system";  // or a PEM file of authorities
  bool allow_private = false;
  std::string user_agent = "forwardemail-server";
  std::size_t most_at_once = 50;  // kBusy beyond
};

struct HttpRequest {
  std::string url;                // "https://…"
  bool allow_clear_text = false;  // "http://…", too
  std::string method = "GET";     // or "POST"
  std::string body;               // of a POST
  // In place of `body` when not empty: not copied, and must stay until ask() ends.
  std::string_view lent_body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::size_t largest_answer = 64 * 1024;                      // octets of body: kOverLimit
  std::chrono::milliseconds limit = std::chrono::seconds(60);  // in all, redirects too
  int most_redirects = 0;                                      // of a GET: kDenied beyond
  // Connect there, whatever the URL's host is; wants allow_private.
  std::string unix_socket;
  // Only the status counts: the transfer ends behind the answer's header, however
  // long the rest is.
  bool status_only = false;
};

struct HttpAnswer {
  int status = 0;
  std::string content_type;  // "text/plain; charset=utf-8"
  std::string retry_after;
  std::string body;
};

class HttpClient {
 public:
  // Must be destroyed before the loop and after whoever asks.  kUnavailable:
  // libcurl does not start.
  static Outcome<std::unique_ptr<HttpClient>> make(Loop& loop, Resolver& resolver,
                                                   HttpOptions options);
  ~HttpClient();

  // An answer, of any status; a redirect that is not followed is one.
  //   kBadInput    no URL we take, a header with a line end
  //   kDenied      a certificate that is not the host's, too many redirects
  //   kCannot      a private address
  //   kNotFound    no such host
  //   kOverLimit   the answer is larger than allowed
  //   kTimeout, kBusy, kUnavailable (the private text says what)
  Task<Outcome<HttpAnswer>> ask(HttpRequest request);

 private:
  struct Inside;
  HttpClient();
  Task<Outcome<HttpAnswer>> ask_all(HttpRequest request);
  std::unique_ptr<Inside> inside_;
};

}  // namespace fwd::net

#endif
