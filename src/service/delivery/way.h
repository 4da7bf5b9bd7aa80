#ifndef FWD_SERVICE_DELIVERY_WAY_H
#define FWD_SERVICE_DELIVERY_WAY_H

// Which hosts a claim's mail goes to, and how they are spoken to.

#include <cstdint>
#include <string>

#include "service/delivery/context.h"
#include "service/delivery/session.h"

namespace fwd::delivery {

// By the first that fits:
//   a destination that names a host   that one, with no look at its domain
//   one with a port of its own        its domain's hosts on that port, or the domain itself
//                                     where these are we; without MTA-STS and DANE
//   a smarthost                       that one
//   else                              the domain's hosts
class Way {
 public:
  // Keeps references.
  Way(const DeliveryContext& context, const DeliveryOptions& options, const model::Claim& claim);

  Task<mailauth::MxRoute> find_route() const;
  Task<mailauth::TlsPolicy> policy_for(const mailauth::MxRoute& route,
                                       const mailauth::MxHost& host) const;
  RemoteHost remote_host(const mailauth::MxHost& host, const std::string& ip) const;

 private:
  Task<mailauth::MxRoute> find_named_route() const;
  Task<mailauth::MxRoute> find_route_by_port() const;
  mailauth::TlsPolicy plain_policy(const mailauth::MxHost& host) const;
  mailauth::TlsPolicy smarthost_policy(const mailauth::MxHost& host) const;

  const DeliveryContext& context_;
  const DeliveryOptions& options_;
  const model::Claim& claim_;
  std::string domain_;
  // All recipients of a claim say the same.
  const model::OutboundRecipient* named_ = nullptr;  // says which host
  std::uint16_t port_ = 0;                           // asked for; 0: none is
};

// Whether a recipient's mail goes out even when its address is one of ours.
bool goes_past_us(const model::OutboundRecipient& recipient);

}  // namespace fwd::delivery

#endif
