#ifndef FWD_CRYPTO_SERVER_KEY_H
#define FWD_CRYPTO_SERVER_KEY_H

// The server key: 32 octets in a file that only fwd-sqlited is given.

#include <string>

#include "core/outcome.h"
#include "crypto/secret.h"

namespace fwd::crypto {

// The file holds 64 hex digits (and a line's end) or 32 raw octets, belongs to
// root or to us, and is open to no others (0400, 0600, 0440, 0640).
// kUnavailable: missing, unreadable, too open, too short, or a default nobody
// drew at random; private_text names the file and how to make it.
Outcome<SecretKey> load_server_key(const std::string& path);

// Draws a key and writes it, 0600, to the disk for good.  kExists: the file is
// there (it is never written over); kUnavailable.
Outcome<void> make_server_key(const std::string& path);

}  // namespace fwd::crypto

#endif
