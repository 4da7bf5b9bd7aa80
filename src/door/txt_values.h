#ifndef FWD_DOOR_TXT_VALUES_H
#define FWD_DOOR_TXT_VALUES_H

// Sealed values of TXT records that hold aliases, so that the DNS does not tell
// the world where mail goes:
//
//   forward-email=<base64 of crypto::seal(…)>
//
// The key is made from the server key, and the domain's name is bound to it: a
// record copied into another domain is of no use there.  No open value looks
// like one, as it has a ":", "@", "." or "!".

#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "crypto/secret.h"

namespace fwd::door {

class TxtValues {
 public:
  TxtValues(const crypto::SecretKey& server_key, std::string prefix);

  // The whole record.  `domain` is a domain_key; kBadInput: see model/directory.h.
  Outcome<std::string> seal(std::string_view domain, std::string_view value) const;
  // The records with what is sealed in them opened.  kUnavailable: one cannot be.
  Outcome<std::vector<std::string>> open(std::string_view domain,
                                         std::vector<std::string> records) const;

 private:
  crypto::SecretKey key_;
  std::string prefix_;
};

}  // namespace fwd::door

#endif
