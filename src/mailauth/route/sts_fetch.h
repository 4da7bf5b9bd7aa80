#ifndef FWD_MAILAUTH_ROUTE_STS_FETCH_H
#define FWD_MAILAUTH_ROUTE_STS_FETCH_H

// MTA-STS policy files over HTTPS (RFC 8461 §3.3).

#include "mailauth/route/mta_sts.h"
#include "net/http_client.h"

namespace fwd::mailauth {

// No redirects, 64 KB, one minute, "text/plain", a certificate for
// mta-sts.<domain>.  `client` must outlive what is made of it.
StsFetch fetch_by(net::HttpClient& client);

}  // namespace fwd::mailauth

#endif
