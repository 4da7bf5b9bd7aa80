// Finds hosts and what is asked of their TLS.
#include "service/delivery/way.h"

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace fwd::delivery {
namespace {

constexpr std::uint16_t kMailPort = 25;

}  // namespace

bool goes_past_us(const model::OutboundRecipient& recipient) {
  return recipient.kind == model::DestinationKind::kHost || recipient.port != kMailPort;
}

Way::Way(const DeliveryContext& context, const DeliveryOptions& options, const model::Claim& claim)
    : context_(context), options_(options), claim_(claim), domain_(claim.destination) {
  const auto& all = claim.message.recipients;
  if (all.empty() || !goes_past_us(all[0])) return;
  if (all[0].kind == model::DestinationKind::kHost) {
    named_ = &all[0];
    return;
  }
  port_ = all[0].port;
  domain_.resize(std::min(domain_.size(), domain_.rfind('/')));
}

Task<mailauth::MxRoute> Way::find_route() const {
  if (named_ != nullptr) co_return co_await find_named_route();
  if (port_ != 0) co_return co_await find_route_by_port();
  if (!options_.smarthost) co_return co_await context_.find_route(domain_);
  mailauth::MxRoute route;
  route.domain = domain_;
  mailauth::MxHost host;
  host.name = options_.smarthost->host;
  host.addresses = co_await context_.find_addresses(host.name);
  if (host.addresses.empty())
    route.problem =
        mailauth::RouteProblem{false, "4.4.3", "The smarthost " + host.name + " has no address"};
  else
    route.hosts.push_back(std::move(host));
  co_return route;
}

// The host that a destination names, whatever its domain says.
Task<mailauth::MxRoute> Way::find_named_route() const {
  mailauth::MxRoute route;
  route.domain = domain_;
  mailauth::MxHost host;
  host.name = named_->host;
  bool is_us = same_word(host.name, options_.host) && named_->port == options_.port;
  if (!is_us && context_.find_host) host.addresses = co_await context_.find_host(host.name);
  // On another port somebody else may take mail here.
  if (named_->port == kMailPort && context_.is_own_address)
    is_us = std::erase_if(host.addresses, context_.is_own_address) > 0 || is_us;
  if (is_us && host.addresses.empty())
    route.problem = mailauth::RouteProblem{true, "5.4.6", "Mail for " + host.name + " loops"};
  else if (host.addresses.empty())
    route.problem =
        mailauth::RouteProblem{false, "4.4.3", host.name + " has no address that may be used"};
  else
    route.hosts.push_back(std::move(host));
  co_return route;
}

// A domain whose mail comes to us has its own server at its own name.
Task<mailauth::MxRoute> Way::find_route_by_port() const {
  auto finding = context_.find_route(domain_);
  mailauth::MxRoute route = co_await std::move(finding);
  if (!route.problem || route.problem->status != "5.4.6" || !context_.find_host) co_return route;
  mailauth::MxHost host;
  host.name = domain_;
  auto asking = context_.find_host(host.name);
  host.addresses = co_await std::move(asking);
  if (host.addresses.empty()) co_return route;
  route.problem.reset();
  route.hosts.push_back(std::move(host));
  co_return route;
}

mailauth::TlsPolicy Way::plain_policy(const mailauth::MxHost& host) const {
  mailauth::TlsPolicy policy;
  policy.domain = domain_;
  policy.server_name = host.name;
  policy.names = {host.name};
  if (claim_.message.require_tls) policy.level = mailauth::TlsLevel::kVerify;
  return policy;
}

Task<mailauth::TlsPolicy> Way::policy_for(const mailauth::MxRoute& route,
                                          const mailauth::MxHost& host) const {
  if (named_ != nullptr || port_ != 0) co_return plain_policy(host);
  if (options_.smarthost) co_return smarthost_policy(host);
  mailauth::TlsQuestion question;
  question.domain = domain_;
  question.require_tls = claim_.message.require_tls;
  question.tls_optional = claim_.message.tls_optional;
  question.port = options_.port;
  co_return co_await context_.tls.policy_for(std::move(question), route, host);
}

mailauth::TlsPolicy Way::smarthost_policy(const mailauth::MxHost& host) const {
  mailauth::TlsPolicy policy = plain_policy(host);
  policy.level = mailauth::TlsLevel::kVerify;
  if (options_.smarthost->tls == Smarthost::Tls::kEncrypted)
    policy.level = mailauth::TlsLevel::kEncrypt;
  if (options_.smarthost->tls == Smarthost::Tls::kNone)
    policy.level = mailauth::TlsLevel::kOpportunistic;
  if (!claim_.message.require_tls || policy.level == mailauth::TlsLevel::kVerify) return policy;
  // RFC 8689 §4.2.1: the certificate must be checked, and we were told not to.
  policy.level = mailauth::TlsLevel::kRefuse;
  policy.is_permanent = true;
  policy.status = "5.7.10";
  policy.reason = "The message requires TLS, and mail goes by the smarthost " + host.name +
                  " without a look at its certificate";
  return policy;
}

RemoteHost Way::remote_host(const mailauth::MxHost& host, const std::string& ip) const {
  RemoteHost remote;
  remote.name = host.name;
  remote.ip = ip;
  remote.port = options_.port;
  if (named_ != nullptr) {
    remote.port = named_->port;
  } else if (port_ != 0) {
    remote.port = port_;
  } else if (options_.smarthost) {
    remote.port = options_.smarthost->port;
    remote.is_tls_first = options_.smarthost->tls == Smarthost::Tls::kImplicit;
    remote.is_tls_forbidden = options_.smarthost->tls == Smarthost::Tls::kNone;
    remote.user = options_.smarthost->user;
    remote.password = options_.smarthost->password;
  }
  return remote;
}

}  // namespace fwd::delivery
