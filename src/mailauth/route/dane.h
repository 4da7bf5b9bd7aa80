#ifndef FWD_MAILAUTH_ROUTE_DANE_H
#define FWD_MAILAUTH_ROUTE_DANE_H

// DANE for SMTP (RFC 7672): the TLSA records of a host, and whether a chain of
// certificates matches one.

#include <cstdint>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "core/task.h"
#include "mailauth/route/mx_route.h"
#include "net/certificate_chain.h"
#include "net/resolver.h"

namespace fwd::mailauth {

// RFC 6698 §2.1
struct TlsaRecord {
  std::uint8_t usage = 0;     // 2 DANE-TA, 3 DANE-EE; others cannot be used (RFC 7672 §3.1.3)
  std::uint8_t selector = 0;  // 0 the certificate, 1 its public key
  std::uint8_t matching = 0;  // 0 whole, 1 SHA-256, 2 SHA-512
  std::string data;           // octets
};

struct TlsaAnswer {
  std::string base;  // the name the records were found at, for SNI and names
  bool is_found = false;
  std::vector<TlsaRecord> usable;   // found, but empty: encrypt without a check
  std::vector<std::string> listed;  // all, as text: "3 1 1 0b9f…" (RFC 8460 §4.4)
};

// The records at _<port>._tcp of the host, if its route is secure (RFC 7672
// §2.2).  A failure means that the host must not be used now (§2.1.2).
Task<Outcome<TlsaAnswer>> find_tlsa(net::Resolver& resolver, const MxRoute& route,
                                    const MxHost& host, std::uint16_t port);

// Reads records from the DNS; what is malformed or not usable is left out.
std::vector<TlsaRecord> usable_tlsa(const net::DnsAnswer& answer);
std::string tlsa_text(const std::string& rdata);

// RFC 7672 §3.1.  `names`: one of them must be the certificate's for DANE-TA;
// DANE-EE looks at neither names nor dates.
net::ChainVerdict match_tlsa(const net::CertificateChain& chain,
                             const std::vector<TlsaRecord>& records,
                             const std::vector<std::string>& names);

}  // namespace fwd::mailauth

#endif
