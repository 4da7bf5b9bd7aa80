// Asks all scanners together.
#include "scan/scanners.h"

#include <utility>

#include "core/all_of.h"
#include "scan/rspamd_answer.h"

namespace fwd::scan {
namespace {

std::string problem_of(const Failure& failure) {
  constexpr std::size_t kMost = 200;
  const std::string text = one_line(failure.private_text, kMost);
  return text.empty() ? fault_name(failure.fault) : text;
}

}  // namespace

Scanners::Scanners(net::Loop& loop, net::Resolver* others, ScannerOptions options)
    : loop_(loop), names_(others), options_(std::move(options)) {}

Outcome<std::unique_ptr<Scanners>> Scanners::make(net::Loop& loop, net::Resolver* others,
                                                  ScannerOptions options) {
  std::unique_ptr<Scanners> made(new Scanners(loop, others, std::move(options)));
  const ScannerOptions& its = made->options_;
  if (!its.rspamd.url.empty()) {
    net::HttpOptions asking;
    asking.allow_private = true;
    asking.most_at_once = its.most_at_once;
    auto http = net::HttpClient::make(loop, made->names_, std::move(asking));
    if (!http.ok()) return http.failure();
    made->http_ = std::move(http).value();
    auto rspamd = Rspamd::make(*made->http_, its.rspamd);
    if (!rspamd.ok()) return rspamd.failure();
    made->rspamd_ = std::move(rspamd).value();
  }
  if (!its.clamd.empty()) {
    auto endpoint = read_endpoint(its.clamd);
    if (!endpoint.ok()) return endpoint.failure();
    ClamdOptions asking;
    asking.endpoint = std::move(endpoint).value();
    asking.limit = its.clamd_limit;
    made->clamd_.emplace(loop, made->names_, std::move(asking));
  }
  return made;
}

Task<bool> Scanners::ask_rspamd(ScanQuestion question, ScanResult& result) {
  auto asking = rspamd_->check(std::move(question));
  auto verdict = co_await asking;
  if (verdict.ok())
    result.spam = std::move(verdict).value();
  else
    result.spam_problem = problem_of(verdict.failure());
  co_return verdict.ok();
}

Task<bool> Scanners::ask_clamd(std::string_view content, ScanResult& result) {
  auto asking = clamd_->scan(content);
  auto verdict = co_await asking;
  if (verdict.ok())
    result.virus = std::move(verdict).value();
  else
    result.virus_problem = problem_of(verdict.failure());
  co_return verdict.ok();
}

Task<ScanResult> Scanners::run(ScanQuestion question) {
  ScanResult result;
  if (!any()) co_return result;
  if (question.content.size() > options_.size_limit) {
    result.is_too_large = true;
    co_return result;
  }
  std::vector<Task<bool>> asking;
  if (clamd_) asking.push_back(ask_clamd(question.content, result));
  if (rspamd_) asking.push_back(ask_rspamd(std::move(question), result));
  auto all = all_of(std::move(asking));
  co_await all;
  co_return result;
}

Task<std::vector<std::string>> Scanners::check() {
  std::vector<std::string> faults;
  if (rspamd_) {
    auto asking = rspamd_->ping();
    const auto answered = co_await asking;
    if (!answered.ok())
      faults.push_back("rspamd at " + options_.rspamd.url + ": " + problem_of(answered.failure()));
  }
  if (clamd_) {
    auto asking = clamd_->ping();
    const auto answered = co_await asking;
    if (!answered.ok())
      faults.push_back("clamd at " + options_.clamd + ": " + problem_of(answered.failure()));
  }
  co_return faults;
}

}  // namespace fwd::scan
