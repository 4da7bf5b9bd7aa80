#ifndef FWD_MAILAUTH_SIGNATURES_DKIM_SIGN_H
#define FWD_MAILAUTH_SIGNATURES_DKIM_SIGN_H

// DKIM signatures (RFC 6376, RFC 8463) for a message on its way out.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "model/queue.h"

namespace fwd::mailauth {

// Blocks (RSA takes about a millisecond, hashing the body more): run it on a
// net::Workers thread.  May be used by several threads at once.
class DkimSigner {
 public:
  DkimSigner();
  ~DkimSigner();
  DkimSigner(const DkimSigner&) = delete;
  DkimSigner& operator=(const DkimSigner&) = delete;

  // The DKIM-Signature fields for all of `keys`, one after another, each ended
  // by CRLF, to be put before the message.  `message`: whole, with CRLF, as it
  // will go out.  relaxed/relaxed, From oversigned, no l=, `unix_time` as t=.
  // kBadInput: the message has no From, or a bare LF or CR;
  // kCorrupt: a key cannot be used.
  Outcome<std::string> sign(const std::string& message, const std::vector<model::SigningKey>& keys,
                            std::int64_t unix_time) const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace fwd::mailauth

#endif
