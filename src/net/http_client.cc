// Asks web servers of others.
#include "net/http_client.h"

#include <algorithm>
#include <string_view>

#include "core/all_of.h"
#include "net/http_transfer.h"
#include "net/private_address.h"
#include "net/socket_address.h"

namespace fwd::net {
namespace {

constexpr std::size_t kMostAddresses = 8;

bool is_header_text(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == '\x7f'; });
}

Outcome<void> check(const HttpRequest& request) {
  if (request.method != "GET" && request.method != "POST")
    return Failure{Fault::kBadInput, "", "the method is neither GET nor POST"};
  for (const auto& [name, value] : request.headers)
    if (name.empty() || name.find_first_of(": \t") != name.npos || !is_header_text(name) ||
        !is_header_text(value))
      return Failure{Fault::kBadInput, "", "a header field is not valid"};
  if (!request.unix_socket.empty() && request.most_redirects > 0)
    return Failure{Fault::kBadInput, "", "a Unix socket leads nowhere else"};
  return {};
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

struct HttpClient::Inside {
  Inside(Loop& its_loop, Resolver& its_resolver, HttpOptions its_options)
      : loop(its_loop), resolver(its_resolver), options(std::move(its_options)), curl(its_loop) {}

  Loop& loop;
  Resolver& resolver;
  HttpOptions options;
  CurlLoop curl;
  std::size_t asking = 0;
};

namespace {

// The host's addresses that we may connect to.
Task<Outcome<std::vector<std::string>>> usable_addresses(Resolver& resolver, std::string host,
                                                         bool allow_private) {
  std::vector<std::string> found;
  const bool is_literal = host.front() == '[' || ip_socket_address(host, 443).has_value();
  if (is_literal) {
    if (host.front() == '[') host = host.substr(1, host.size() - 2);
    found.push_back(host);
  } else {
    std::vector<Task<Outcome<DnsAnswer>>> asking;
    asking.push_back(resolver.resolve(host, DnsType::kAaaa));
    asking.push_back(resolver.resolve(host, DnsType::kA));
    auto all = all_of(std::move(asking));
    const auto answers = co_await all;
    const Failure* trouble = nullptr;
    for (const auto& answer : answers) {
      if (!answer->ok()) trouble = &answer->failure();
      if (!answer->ok()) continue;
      for (std::string& ip : addresses(answer->value())) found.push_back(std::move(ip));
    }
    if (found.empty() && trouble != nullptr) co_return *trouble;
    if (found.empty()) co_return Failure{Fault::kNotFound, "", "there is no host " + host};
  }
  if (!allow_private) std::erase_if(found, is_private_address);
  if (found.empty()) co_return Failure{Fault::kCannot, "", host + " is not a public address"};
  found.resize(std::min(found.size(), kMostAddresses));
  co_return found;
}

}  // namespace

HttpClient::HttpClient() = default;
HttpClient::~HttpClient() = default;

Outcome<std::unique_ptr<HttpClient>> HttpClient::make(Loop& loop, Resolver& resolver,
                                                      HttpOptions options) {
  std::unique_ptr<HttpClient> made(new HttpClient);
  made->inside_ = std::make_unique<Inside>(loop, resolver, std::move(options));
  if (!made->inside_->curl.ok()) return Failure{Fault::kUnavailable, "", "libcurl does not start"};
  return made;
}

Task<Outcome<HttpAnswer>> HttpClient::ask_all(HttpRequest request) {
  Inside& in = *inside_;
  for (int hops = 0;; ++hops) {
    const Outcome<UrlParts> url = read_url(request.url, request.allow_clear_text);
    if (!url.ok()) co_return url.failure();
    const UrlParts parts = url.value();
    std::vector<std::string> ips;
    if (request.unix_socket.empty()) {
      auto resolving = usable_addresses(in.resolver, parts.host, in.options.allow_private);
      Outcome<std::vector<std::string>> found = co_await resolving;
      if (!found.ok()) co_return found.failure();
      ips = std::move(found).value();
    }
    CurlTransfer transfer(in.curl, request, parts, ips, in.options);
    auto going = transfer.run();
    Outcome<HttpAnswer> answer = co_await going;
    const bool leads_on = answer.ok() && request.method == "GET" && request.most_redirects > 0 &&
                          is_redirect(answer.value().status) && !transfer.redirect_url().empty();
    if (!leads_on) co_return answer;
    if (hops >= request.most_redirects) co_return Failure{Fault::kDenied, "", "too many redirects"};
    request.url = transfer.redirect_url();
  }
}

Task<Outcome<HttpAnswer>> HttpClient::ask(HttpRequest request) {
  struct Place {
    std::size_t& count;
    explicit Place(std::size_t& its_count) : count(its_count) { ++count; }
    ~Place() { --count; }
  };
  auto checked = check(request);
  if (!checked.ok()) co_return checked.failure();
  if (inside_->asking >= inside_->options.most_at_once)
    co_return Failure{Fault::kBusy, "", "too many web requests at once"};
  const Place place(inside_->asking);
  Clock& clock = inside_->loop.clock();
  const Instant deadline = clock.now() + request.limit;
  auto asking = ask_all(std::move(request));
  auto answer = co_await before(clock, deadline, std::move(asking));
  if (!answer) co_return Failure{Fault::kTimeout, "", "no answer in time"};
  co_return *std::move(answer);
}

}  // namespace fwd::net
