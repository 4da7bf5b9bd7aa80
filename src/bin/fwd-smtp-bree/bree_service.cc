// Wires the delivery worker.
#include "bin/fwd-smtp-bree/bree_service.h"

#include <unistd.h>

#include <utility>

#include "bin/fwd-smtp-bree/delivery_options.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "mailauth/route/mx_route.h"
#include "mailauth/route/sts_fetch.h"
#include "net/own_address.h"
#include "net/private_address.h"
#include "net/socket_address.h"
#include "service/daemon/door_connector.h"
#include "service/daemon/resolver_options.h"

namespace fwd::smtp_bree {
namespace {

// Longer messages are worked out on a worker thread.
constexpr std::size_t kInlineOctets = 64 * 1024;

}  // namespace

BreeService::BreeService(daemon::Daemon& daemon)
    : daemon_(daemon),
      workers_(daemon.loop(), daemon.worker_threads()),
      door_(daemon::door_connector(daemon.loop(), daemon.options()), daemon.clock(),
            daemon::door_options(daemon.options())),
      packer_(workers_, kInlineOctets, daemon::message_limits(daemon.options())),
      dialer_(daemon.loop()),
      signer_(std::make_shared<const mailauth::DkimSigner>()) {}

Outcome<void> BreeService::make_network() {
  const config::Options& options = daemon_.options();
  auto resolver = daemon::make_resolver(daemon_.loop(), options);
  if (!resolver.ok()) return resolver.failure();
  resolver_ = std::move(resolver).value();
  net::HttpOptions asking;
  asking.trust = options.text("delivery.trust");
  asking.user_agent += "/" FWD_VERSION;
  asking.allow_private = options.flag("delivery.allow-private");
  auto http = net::HttpClient::make(daemon_.loop(), *resolver_, asking);
  if (!http.ok()) return http.failure();
  http_ = std::move(http).value();
  sts_ = std::make_unique<mailauth::StsPolicies>(*resolver_, door_.state(), daemon_.clock(),
                                                 mailauth::fetch_by(*http_));
  mailauth::TlsPolicyOptions policies;
  policies.use_dane = options.flag("delivery.dane");
  policies.use_sts = options.flag("delivery.mta-sts");
  policies.trust = options.text("delivery.trust");
  auto tls = mailauth::TlsPolicies::make(*resolver_, sts_.get(), policies);
  if (!tls.ok()) return tls.failure();
  tls_ = std::move(tls).value();
  return {};
}

delivery::DeliveryContext BreeService::context() {
  return {door_.queue(),
          door_.deliveries(),
          door_.journal(),
          daemon_.clock(),
          daemon_.log(),
          packer_,
          dialer_,
          *tls_,
          [this](std::string domain) {
            return mailauth::find_route(*resolver_, std::move(domain),
                                        route_options(daemon_.options()), crypto::random_below);
          },
          [this](std::string host) { return find_addresses(std::move(host)); },
          [this](std::shared_ptr<const std::string> message, std::vector<model::SigningKey> keys,
                 std::int64_t unix_time) {
            return sign(std::move(message), std::move(keys), unix_time);
          },
          [this](delivery::HttpPost what) { return post(std::move(what)); },
          crypto::random_below,
          crypto::log_id,
          [this](std::function<std::string()> job) {
            return workers_.run(next_key_++, std::move(job));
          },
          [this](std::string host) { return find_host(std::move(host)); },
          [this](std::shared_ptr<const std::string> message, mailauth::ArcSeal how) {
            return seal(std::move(message), std::move(how));
          },
          &door_.forwarding(),
          resolver_.get(),
          net::is_own_address,
          &door_.state()};
}

Task<Outcome<void>> BreeService::start() {
  const auto made = make_network();
  if (!made.ok()) co_return made.failure();
  auto options = delivery_options(daemon_.options());
  if (!options.ok()) co_return options.failure();
  worker_ = std::make_unique<delivery::Worker>(
      context(), std::make_shared<const delivery::DeliveryOptions>(std::move(options).value()));
  // The door may still be starting: the worker waits for it.
  const auto reached = co_await door_.connect();
  if (!reached.ok()) daemon_.log().warning("door.away", {{"why", reached.failure().private_text}});
  is_working_ = true;
  daemon_.tasks().spawn("delivery", work(*this));
  co_return Outcome<void>{};
}

Task<void> BreeService::work(BreeService& service) {
  co_await service.worker_->run(service.daemon_.stopping());
  service.is_working_ = false;
  service.ended_.set();
}

Task<void> BreeService::serve(std::unique_ptr<net::SocketStream>, std::string) { co_return; }

void BreeService::reload() {
  auto options = delivery_options(daemon_.options());
  if (!options.ok()) {
    daemon_.log().error("smtp.delivery.options.refused",
                        {{"what", options.failure().private_text}});
    return;
  }
  worker_->set_options(
      std::make_shared<const delivery::DeliveryOptions>(std::move(options).value()));
}

Task<void> BreeService::finish() {
  if (is_working_) co_await ended_.wait();
}

Task<std::vector<std::string>> BreeService::find_addresses(std::string host) {
  std::vector<std::string> found;
  if (net::ip_socket_address(host, 0)) {
    found.push_back(std::move(host));
    co_return found;
  }
  // The operator named it: it may well be in his own network.
  mailauth::RouteOptions options = route_options(daemon_.options());
  options.allow_private = true;
  auto finding = mailauth::find_host_addresses(*resolver_, std::move(host), std::move(options));
  found = co_await finding;
  co_return found;
}

// Whoever may name a destination must not reach into our network by it.
Task<std::vector<std::string>> BreeService::find_host(std::string host) {
  const mailauth::RouteOptions options = route_options(daemon_.options());
  std::vector<std::string> found;
  if (net::ip_socket_address(host, 0)) {
    if (options.allow_private || !net::is_private_address(host)) found.push_back(std::move(host));
    co_return found;
  }
  auto finding = mailauth::find_host_addresses(*resolver_, std::move(host), options);
  found = co_await finding;
  co_return found;
}

Task<Outcome<std::string>> BreeService::seal(std::shared_ptr<const std::string> message,
                                             mailauth::ArcSeal how) {
  auto job = [message = std::move(message), how = std::move(how)]() mutable {
    const auto view = mailauth::MessageView::read(std::move(message));
    auto lines = mailauth::seal_arc(*view, how);
    crypto::wipe(how.secret);
    return lines;
  };
  auto running = workers_.run(next_key_++, std::move(job));
  co_return co_await std::move(running);
}

Task<Outcome<std::string>> BreeService::sign(std::shared_ptr<const std::string> message,
                                             std::vector<model::SigningKey> keys,
                                             std::int64_t unix_time) {
  auto job = [signer = signer_, message = std::move(message), keys = std::move(keys),
              unix_time]() mutable {
    auto lines = signer->sign(*message, keys, unix_time);
    for (model::SigningKey& key : keys) crypto::wipe(key.secret);
    return lines;
  };
  co_return co_await workers_.run(next_key_++, std::move(job));
}

Task<Outcome<delivery::HttpSaid>> BreeService::post(delivery::HttpPost post) {
  net::HttpRequest request;
  request.url = std::move(post.url);
  request.allow_clear_text = true;
  request.method = "POST";
  request.lent_body = post.body;
  request.status_only = true;
  request.headers = std::move(post.headers);
  request.limit = post.limit;
  const auto answer = co_await http_->ask(std::move(request));
  if (!answer.ok()) co_return answer.failure();
  co_return delivery::HttpSaid{answer.value().status, answer.value().retry_after};
}

std::vector<std::string> check_deep(const config::Options& options) {
  std::vector<std::string> faults;
  const auto resolving = daemon::resolver_options(options);
  if (!resolving.ok()) faults.push_back(resolving.failure().private_text);
  const std::string anchor = options.path("dns.anchor-file");
  if (::access(anchor.c_str(), R_OK) != 0) faults.push_back(anchor + ": cannot be read");
  const auto delivery = delivery_options(options);
  if (!delivery.ok()) faults.push_back(delivery.failure().private_text);
  return faults;
}

}  // namespace fwd::smtp_bree
