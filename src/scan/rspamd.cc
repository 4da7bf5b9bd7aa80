// Asks rspamd, and teaches it.
#include "scan/rspamd.h"

#include <utility>

#include "format/json.h"
#include "scan/endpoint.h"
#include "scan/rspamd_answer.h"

namespace fwd::scan {
namespace {

constexpr std::size_t kLargestAnswer = 1024 * 1024;
constexpr std::size_t kMostHeader = 1000;
constexpr std::size_t kMostRecipients = 1000;
constexpr int kKnownAlready = 208;
constexpr int kTooLittle = 204;
constexpr int kConditionDenied = 404;

// What it says of itself when it does not do what it was asked.
std::string said(const net::HttpAnswer& answer) {
  constexpr std::size_t kMost = 200;
  const auto parsed = format::parse_json(answer.body, {64 * 1024, 4, 1000});
  if (parsed.ok())
    for (const char* name : {"error", "message"})
      if (const format::Json* value = parsed.value().find(name); value && value->text())
        return one_line(*value->text(), kMost);
  return "HTTP " + std::to_string(answer.status);
}

void add(net::HttpRequest& request, const char* name, std::string_view value) {
  std::string line = one_line(value, kMostHeader);
  if (!line.empty()) request.headers.emplace_back(name, std::move(line));
}

}  // namespace

const char* lesson_name(Lesson lesson) { return lesson == Lesson::kSpam ? "spam" : "ham"; }

Rspamd::Rspamd(net::HttpClient& http, RspamdOptions options, std::string base,
               std::string unix_socket)
    : http_(&http),
      options_(std::move(options)),
      base_(std::move(base)),
      unix_socket_(std::move(unix_socket)) {}

Outcome<Rspamd> Rspamd::make(net::HttpClient& http, RspamdOptions options) {
  std::string base = options.url;
  if (base.starts_with("unix:")) {
    const auto endpoint = read_endpoint(base);
    if (!endpoint.ok()) return endpoint.failure();
    return Rspamd(http, std::move(options), "http://localhost", endpoint.value().unix_path);
  }
  if (!base.starts_with("http://") && !base.starts_with("https://"))
    return Failure{Fault::kBadInput, "", "want a URL or unix:/path, not " + base};
  while (base.back() == '/') base.pop_back();
  return Rspamd(http, std::move(options), std::move(base), "");
}

net::HttpRequest Rspamd::request(std::string_view path) const {
  net::HttpRequest request;
  request.url = base_ + std::string(path);
  request.unix_socket = unix_socket_;
  request.allow_clear_text = true;
  request.largest_answer = kLargestAnswer;
  request.limit = options_.limit;
  if (!options_.password.empty()) request.headers.emplace_back("Password", options_.password);
  return request;
}

Outcome<void> Rspamd::usable(const net::HttpAnswer& answer) {
  if (answer.status == 200) return {};
  const bool is_denied = answer.status == 401 || answer.status == 403;
  return Failure{is_denied ? Fault::kDenied : Fault::kUnavailable, "", "rspamd: " + said(answer)};
}

Task<Outcome<SpamVerdict>> Rspamd::check(ScanQuestion question) {
  net::HttpRequest asked = request("/checkv2");
  asked.method = "POST";
  asked.lent_body = question.content;
  asked.headers.emplace_back("Content-Type", "application/octet-stream");
  add(asked, "IP", question.ip);
  add(asked, "Helo", question.helo);
  add(asked, "Hostname", question.hostname);
  add(asked, "From", "<" + question.sender + ">");
  for (const std::string& recipient : question.recipients) {
    if (asked.headers.size() >= kMostRecipients) break;
    add(asked, "Rcpt", "<" + recipient + ">");
  }
  add(asked, "Deliver-To", question.deliver_to);
  add(asked, "Queue-Id", question.queue_id);
  auto asking = http_->ask(std::move(asked));
  const auto answer = co_await asking;
  if (!answer.ok()) co_return answer.failure();
  const auto is_usable = usable(answer.value());
  if (!is_usable.ok()) co_return is_usable.failure();
  co_return read_spam_verdict(answer.value().body);
}

Task<Outcome<void>> Rspamd::learn(Lesson lesson, std::string_view content) {
  net::HttpRequest asked = request(lesson == Lesson::kSpam ? "/learnspam" : "/learnham");
  asked.method = "POST";
  asked.lent_body = content;
  asked.headers.emplace_back("Content-Type", "application/octet-stream");
  auto asking = http_->ask(std::move(asked));
  const auto answer = co_await asking;
  if (!answer.ok()) co_return answer.failure();
  const int status = answer.value().status;
  const std::string words = said(answer.value());
  const bool is_denied = status == kConditionDenied;
  // What it knew already is 208, or 404 with such words when it keeps its
  // hashes in a file.
  const bool is_known = is_denied && words.find("already learned") != words.npos;
  if (status == kKnownAlready || is_known) co_return Outcome<void>{};
  if (status == kTooLittle || is_denied)
    co_return Failure{Fault::kCannot, "", "rspamd learns nothing from it: " + words};
  co_return usable(answer.value());
}

Task<Outcome<void>> Rspamd::ping() {
  auto asking = http_->ask(request("/ping"));
  const auto answer = co_await asking;
  if (!answer.ok()) co_return answer.failure();
  co_return usable(answer.value());
}

}  // namespace fwd::scan
