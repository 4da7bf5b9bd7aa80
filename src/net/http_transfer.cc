// libcurl on our Loop, and one request through it.
#include "net/http_transfer.h"

#include <curl/curl.h>
#include <event2/event.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "core/text.h"
#include "net/loop_wait.h"
#include "net/private_address.h"
#include "net/socket_address.h"

namespace fwd::net {
namespace {

constexpr long kConnectSeconds = 20;
constexpr long kMostConnections = 100;

std::string part_of(CURLU* url, CURLUPart part, unsigned flags) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  const std::string found = text;
  curl_free(text);
  return found;
}

}  // namespace

Outcome<UrlParts> read_url(const std::string& url, bool allow_clear_text) {
  const Failure failure{Fault::kBadInput, "", "that is no address of a web page we ask"};
  const std::unique_ptr<CURLU, void (*)(CURLU*)> parsed(curl_url(), curl_url_cleanup);
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
    return failure;
  const std::string scheme = part_of(parsed.get(), CURLUPART_SCHEME, 0);
  if (scheme != "https" && !(allow_clear_text && scheme == "http")) return failure;
  if (!part_of(parsed.get(), CURLUPART_USER, 0).empty()) return failure;
  UrlParts parts;
  parts.host = part_of(parsed.get(), CURLUPART_HOST, 0);
  const auto port = parse_number(part_of(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT));
  if (parts.host.empty() || !port || *port == 0 || *port > 65535) return failure;
  parts.port = static_cast<std::uint16_t>(*port);
  return parts;
}

struct CurlTransfer::Inside {
  Inside(CurlLoop& its_curl, const HttpRequest& request, bool may_use_private)
      : curl(its_curl),
        own_body(request.lent_body.empty() ? request.body : std::string()),
        body(request.lent_body.empty() ? std::string_view(own_body) : request.lent_body),
        largest(request.largest_answer),
        allow_private(may_use_private) {}

  CurlLoop& curl;
  std::string own_body;
  std::string_view body;  // of the request
  std::size_t largest = 0;
  bool allow_private = false;
  CURL* easy = nullptr;
  curl_slist* headers = nullptr;
  curl_slist* resolved = nullptr;
  bool is_added = false;
  bool status_only = false;
  bool was_too_large = false;
  bool was_enough = false;
  bool was_private = false;
  Event ended;
  CURLcode result = CURLE_OK;
  std::array<char, CURL_ERROR_SIZE> trouble{};
  HttpAnswer answer;
  std::string redirect;

  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* to) noexcept {
    auto& self = *static_cast<Inside*>(to);
    if (self.status_only) {
      self.was_enough = true;
      return size + 1;  // not what came: ends the transfer
    }
    if (self.answer.body.size() + size > self.largest) {
      self.was_too_large = true;
      return 0;
    }
    self.answer.body.append(data, size);
    return size;
  }

  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* to) noexcept {
    auto& self = *static_cast<Inside*>(to);
    constexpr std::string_view kRetryAfter = "retry-after:";
    const std::string_view line(data, size);
    if (starts_with_word(line, kRetryAfter) && size < 200) {
      std::string_view value = line.substr(kRetryAfter.size());
      while (!value.empty() && (value.back() == '\r' || value.back() == '\n'))
        value.remove_suffix(1);
      self.answer.retry_after = trim(value);
    }
    return size;
  }

  // The last look before a connection: whatever a name led to.
  static curl_socket_t on_open(void* to, curlsocktype, curl_sockaddr* address) noexcept {
    auto& self = *static_cast<Inside*>(to);
    sockaddr_storage storage{};
    std::copy_n(reinterpret_cast<const char*>(&address->addr),
                std::min<std::size_t>(address->addrlen, sizeof storage),
                reinterpret_cast<char*>(&storage));
    if (!self.allow_private &&
        (address->family == AF_UNIX || is_private_address(to_peer_address(storage).ip))) {
      self.was_private = true;
      return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                    address->protocol);
  }

  void end(CURLcode code) {
    result = code;
    long status = 0;
    const char* text = nullptr;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    if (curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &text) == CURLE_OK && text != nullptr)
      answer.content_type = text;
    if (curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &text) == CURLE_OK && text != nullptr)
      redirect = text;
    ended.set();
  }

  Failure failure() const {
    const std::string said = trouble[0] != '\0' ? trouble.data() : curl_easy_strerror(result);
    if (was_private) return Failure{Fault::kCannot, "", "not a public address"};
    if (was_too_large) return Failure{Fault::kOverLimit, "", "the answer is too large"};
    switch (result) {
      case CURLE_PEER_FAILED_VERIFICATION:
      case CURLE_SSL_ISSUER_ERROR:
        return Failure{Fault::kDenied, "", said};
      case CURLE_OPERATION_TIMEDOUT:
        return Failure{Fault::kTimeout, "", said};
      default:
        return Failure{Fault::kUnavailable, "", said};
    }
  }
};

struct CurlLoop::Inside {
  explicit Inside(Loop& loop) : base(loop.base()) {}

  event_base* base;
  CURLM* multi = nullptr;
  event* timer = nullptr;

  static int on_socket(CURL*, curl_socket_t fd, int what, void* to, void* watched) noexcept {
    auto& self = *static_cast<Inside*>(to);
    auto* watch = static_cast<event*>(watched);
    if (watch != nullptr) event_free(watch);
    watch = nullptr;
    if (what != CURL_POLL_REMOVE) {
      short wish = EV_PERSIST;
      if ((what & CURL_POLL_IN) != 0) wish = static_cast<short>(wish | EV_READ);
      if ((what & CURL_POLL_OUT) != 0) wish = static_cast<short>(wish | EV_WRITE);
      watch = event_new(self.base, fd, wish, &Inside::on_ready, &self);
      event_add(watch, nullptr);
    }
    curl_multi_assign(self.multi, fd, watch);
    return 0;
  }

  static int on_timer(CURLM*, long milliseconds, void* to) noexcept {
    auto& self = *static_cast<Inside*>(to);
    if (milliseconds < 0) {
      event_del(self.timer);
      return 0;
    }
    timeval span{};
    span.tv_sec = static_cast<time_t>(milliseconds / 1000);
    span.tv_usec = static_cast<suseconds_t>(milliseconds % 1000 * 1000);
    event_add(self.timer, &span);
    return 0;
  }

  static void on_ready(evutil_socket_t fd, short what, void* to) noexcept {
    const CallbackScope scope;
    int happened = 0;
    if ((what & EV_READ) != 0) happened |= CURL_CSELECT_IN;
    if ((what & EV_WRITE) != 0) happened |= CURL_CSELECT_OUT;
    static_cast<Inside*>(to)->act(fd, happened);
  }
  static void on_timeout(evutil_socket_t, short, void* to) noexcept {
    const CallbackScope scope;
    static_cast<Inside*>(to)->act(CURL_SOCKET_TIMEOUT, 0);
  }

  void act(curl_socket_t fd, int happened) {
    int running = 0;
    curl_multi_socket_action(multi, fd, happened, &running);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      void* transfer = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
      static_cast<CurlTransfer::Inside*>(transfer)->end(message->data.result);
    }
  }
};

CurlLoop::CurlLoop(Loop& loop) : inside_(std::make_unique<Inside>(loop)) {
  Inside& in = *inside_;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  in.multi = curl_multi_init();
  in.timer = event_new(in.base, -1, 0, &Inside::on_timeout, &in);
  if (in.multi == nullptr) return;
  curl_multi_setopt(in.multi, CURLMOPT_SOCKETFUNCTION, &Inside::on_socket);
  curl_multi_setopt(in.multi, CURLMOPT_SOCKETDATA, &in);
  curl_multi_setopt(in.multi, CURLMOPT_TIMERFUNCTION, &Inside::on_timer);
  curl_multi_setopt(in.multi, CURLMOPT_TIMERDATA, &in);
  curl_multi_setopt(in.multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, kMostConnections);
}

CurlLoop::~CurlLoop() {
  Inside& in = *inside_;
  if (in.multi != nullptr) curl_multi_cleanup(in.multi);
  event_free(in.timer);
  curl_global_cleanup();
}

bool CurlLoop::ok() const { return inside_->multi != nullptr; }

namespace {

template <typename T>
void set(CURL* easy, CURLoption option, T value) {
  curl_easy_setopt(easy, option, value);
}

void allow_schemes(CURL* easy, bool allow_clear_text) {
#if LIBCURL_VERSION_NUM >= 0x075500
  set(easy, CURLOPT_PROTOCOLS_STR, allow_clear_text ? "https,http" : "https");
#else
  set(easy, CURLOPT_PROTOCOLS,
      static_cast<long>(allow_clear_text ? CURLPROTO_HTTPS | CURLPROTO_HTTP : CURLPROTO_HTTPS));
#endif
}

// "+" lets the entry age; libcurl asks nobody else for that name.
std::string resolve_line(const UrlParts& parts, const std::vector<std::string>& ips) {
  std::vector<std::string> written;
  for (const std::string& ip : ips)
    written.push_back(ip.find(':') == ip.npos ? ip : "[" + ip + "]");
  return "+" + parts.host + ":" + std::to_string(parts.port) + ":" + join(written, ",");
}

}  // namespace

CurlTransfer::CurlTransfer(CurlLoop& curl, const HttpRequest& request, const UrlParts& parts,
                           const std::vector<std::string>& ips, const HttpOptions& options)
    : inside_(std::make_unique<Inside>(curl, request, options.allow_private)) {
  Inside& in = *inside_;
  in.easy = curl_easy_init();
  if (in.easy == nullptr) return;
  CURL* easy = in.easy;
  set(easy, CURLOPT_URL, request.url.c_str());
  set(easy, CURLOPT_PRIVATE, &in);
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_PROXY, "");
  set(easy, CURLOPT_ERRORBUFFER, in.trouble.data());
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  set(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (options.trust != "system") {
    set(easy, CURLOPT_CAINFO, options.trust.c_str());
    set(easy, CURLOPT_CAPATH, static_cast<char*>(nullptr));
  }
  set(easy, CURLOPT_WRITEFUNCTION, &Inside::on_body);
  set(easy, CURLOPT_WRITEDATA, &in);
  set(easy, CURLOPT_HEADERFUNCTION, &Inside::on_header);
  set(easy, CURLOPT_HEADERDATA, &in);
  set(easy, CURLOPT_OPENSOCKETFUNCTION, &Inside::on_open);
  set(easy, CURLOPT_OPENSOCKETDATA, &in);
  in.status_only = request.status_only;
  if (!request.status_only)
    set(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.largest_answer));
  allow_schemes(easy, request.allow_clear_text);
  if (request.method == "POST") {
    set(easy, CURLOPT_POST, 1L);
    set(easy, CURLOPT_POSTFIELDS, in.body.data());
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(in.body.size()));
    in.headers = curl_slist_append(in.headers, "Expect:");
  }
  for (const auto& [name, value] : request.headers)
    in.headers = curl_slist_append(in.headers, (name + ": " + value).c_str());
  set(easy, CURLOPT_HTTPHEADER, in.headers);
  if (!request.unix_socket.empty()) {
    set(easy, CURLOPT_UNIX_SOCKET_PATH, request.unix_socket.c_str());
    return;
  }
  const bool is_literal = parts.host.front() == '[' || ip_socket_address(parts.host, parts.port);
  if (!is_literal) in.resolved = curl_slist_append(nullptr, resolve_line(parts, ips).c_str());
  set(easy, CURLOPT_RESOLVE, in.resolved);
}

CurlTransfer::~CurlTransfer() {
  Inside& in = *inside_;
  if (in.is_added) curl_multi_remove_handle(in.curl.inside().multi, in.easy);
  if (in.easy != nullptr) curl_easy_cleanup(in.easy);
  curl_slist_free_all(in.headers);
  curl_slist_free_all(in.resolved);
}

Task<Outcome<HttpAnswer>> CurlTransfer::run() {
  Inside& in = *inside_;
  in.is_added =
      in.easy != nullptr && curl_multi_add_handle(in.curl.inside().multi, in.easy) == CURLM_OK;
  if (!in.is_added) co_return Failure{Fault::kUnavailable, "", "libcurl takes no more"};
  co_await in.ended.wait();
  if (in.result != CURLE_OK && !in.was_enough) {
    if (in.result == CURLE_FILESIZE_EXCEEDED) in.was_too_large = true;
    co_return in.failure();
  }
  co_return std::move(in.answer);
}

const std::string& CurlTransfer::redirect_url() const { return inside_->redirect; }

}  // namespace fwd::net
