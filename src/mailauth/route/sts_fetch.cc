// MTA-STS policy files over HTTPS.
#include "mailauth/route/sts_fetch.h"

#include <utility>

#include "core/text.h"

namespace fwd::mailauth {
namespace {

constexpr std::size_t kLargest = 64 * 1024;
constexpr std::chrono::seconds kLimit{60};

Task<Outcome<std::string>> fetch(net::HttpClient& client, std::string domain) {
  net::HttpRequest request;
  request.url = "https://mta-sts." + domain + "/.well-known/mta-sts.txt";
  request.largest_answer = kLargest;
  request.limit = kLimit;
  auto asking = client.ask(std::move(request));
  Outcome<net::HttpAnswer> answer = co_await asking;
  if (!answer.ok()) {
    Failure failure = answer.failure();
    // Only what cannot be a policy is the policy's fault.
    if (failure.fault == Fault::kBadInput) failure.fault = Fault::kUnavailable;
    if (failure.fault == Fault::kOverLimit) failure.fault = Fault::kBadInput;
    co_return failure;
  }
  if (answer.value().status != 200)
    co_return Failure{Fault::kUnavailable, "",
                      "HTTP status " + std::to_string(answer.value().status)};
  const std::string_view type = answer.value().content_type;
  if (!same_word(trim(type.substr(0, type.find(';'))), "text/plain"))  // RFC 8461 §3.2
    co_return Failure{Fault::kBadInput, "", "the content type is not text/plain"};
  co_return std::move(answer.value().body);
}

}  // namespace

StsFetch fetch_by(net::HttpClient& client) {
  return [&client](std::string domain) { return fetch(client, std::move(domain)); };
}

}  // namespace fwd::mailauth
