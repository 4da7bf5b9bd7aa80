#ifndef FWD_DOOR_RETURN_PATHS_H
#define FWD_DOOR_RETURN_PATHS_H

// Return paths by the Sender Rewriting Scheme, so that what bounces comes back
// to us and nobody makes one up:
//
//   SRS0=HHHHHH=TT=example.test=hello@fe-bounces.example.test
//        hash   day sender's domain and local part
//
// The hash is HMAC-SHA-256 under a key made from the server key, six characters
// of base 32: no case to be lost on the way, and 30 bits.  A guess costs a RCPT
// on port 25, so trying half of them within the ten days a path holds would
// take over 300 a second, as there are two keys; and who succeeds may put a message
// without a sender into one mailbox, no more.  Longer ones would leave less of the 64 octets
// that a local part has (RFC 5321 §4.5.3.1.1).
//
// What somebody here sent himself is hashed under a key of its own: so a path says
// whether what comes back to it may tell where an alias leads.

#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/outcome.h"
#include "crypto/secret.h"

namespace fwd::door {

class ReturnPaths {
 public:
  explicit ReturnPaths(const crypto::SecretKey& server_key);

  // For what an envelope sender sent himself, at `domain`.  A sender that cannot be written so
  // (too long, or its local part needs quotes) is its own return path.
  std::string make(const std::string& sender, const std::string& domain, WallTime now) const;

  // For the sender of what goes on from here at `domain`: as make(); one that is
  // itself another host's return path becomes "SRS1=hash=host==rest", so that what
  // bounces goes to the first of them in one step; and one too long for either
  // "SRS0=hash=day=~=token", by its token.  Empty stays empty; without a domain the
  // sender is its own.
  std::string make_forward(const std::string& sender, const std::string& domain,
                           WallTime now) const;
  // What stands for a sender when it is too long; "" when it fits.  Always the same.
  std::string token_for(const std::string& sender, const std::string& domain, WallTime now) const;

  // Whether a local part is meant to be one.
  static bool is_meant(std::string_view local);
  // The sender it was made for, of either kind.  kDenied: forged, or older than ten days.
  Outcome<std::string> open(std::string_view local, WallTime now) const;
  // Of any of both.  An SRS1 has no date of its own.
  struct Opened {
    std::string sender;  // or
    std::string token;   // what stands for it
    bool is_own =
        false;  // make()'s for certain: also false of those from before there were two keys
  };
  Outcome<Opened> open_any(std::string_view local, WallTime now) const;

 private:
  Outcome<Opened> open_first(std::string_view local, WallTime now) const;
  // "" when it does not fit.
  std::string make_first(const crypto::SecretKey& key, const std::string& sender,
                         const std::string& domain, WallTime now) const;
  std::string make_second(const std::string& sender, const std::string& domain) const;
  crypto::SecretKey key_, own_key_;
};

}  // namespace fwd::door

#endif
