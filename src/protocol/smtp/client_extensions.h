#ifndef FWD_PROTOCOL_SMTP_CLIENT_EXTENSIONS_H
#define FWD_PROTOCOL_SMTP_CLIENT_EXTENSIONS_H

// What a remote server offered in its answer to EHLO (RFC 5321 §4.1.1.1).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fwd::smtp {

struct Extensions {
  bool extended = false;          // it answered EHLO, not only HELO
  bool pipelining = false;        // RFC 2920 §2
  bool size = false;              // RFC 1870 §3
  std::uint64_t size_limit = 0;   // octets; 0: it did not say
  bool eight_bit = false;         // RFC 6152 §2
  bool binary = false;            // RFC 3030 §3
  bool chunking = false;          // RFC 3030 §2
  bool smtp_utf8 = false;         // RFC 6531 §3.2
  bool dsn = false;               // RFC 3461 §3
  bool require_tls = false;       // RFC 8689 §2
  bool enhanced_codes = false;    // RFC 2034 §3
  bool start_tls = false;         // RFC 3207 §2
  std::vector<std::string> auth;  // mechanisms, upper case (RFC 4954 §3)
  // RFC 9422 §4; 0: it did not say.
  std::uint64_t mail_max = 0;  // transactions in one connection
  std::uint64_t rcpt_max = 0;  // recipients in one transaction

  bool offers_auth(std::string_view mechanism) const;
};

// `text`: the lines of a 250 reply to EHLO, joined by LF; the first names the
// host.  What is not known, or malformed, is passed over.
Extensions parse_extensions(std::string_view text);

}  // namespace fwd::smtp

#endif
