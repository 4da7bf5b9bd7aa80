#ifndef FWD_STORAGE_SQLCIPHER_CONNECTION_H
#define FWD_STORAGE_SQLCIPHER_CONNECTION_H

// A keyed SQLite connection with every open check done; what Database is made of.

#include <string>
#include <string_view>

#include "core/outcome.h"
#include "crypto/secret.h"
#include "storage/sqlcipher/database.h"

struct sqlite3;

namespace fwd::sqlcipher {

// Keys a fresh connection with `key` and the file's identity `salt` (16 octets).
// Gives SQLite's code.
int set_key(sqlite3* handle, const crypto::SecretKey& key, std::string_view salt);

// The first column of a pragma's first row, empty without one or when it failed.
std::string pragma_value(sqlite3* handle, const char* pragma);

// Opens `path` and proves, in this order: our cipher is in force, the key and
// the salt fit, WAL and synchronous=FULL hold; then sets the authorizer.
Outcome<sqlite3*> open_connection(const std::string& path, const crypto::SecretKey& key,
                                  std::string_view salt, const OpenOptions& options);

// Makes what was created in, or removed from, `path`'s folder last.
Outcome<void> sync_folder_of(const std::string& path);

// What an SQLite result code means for the caller; the text names `path`,
// what was being done, and the system's reason.  `handle` may be null.
Failure failure_of(int code, const std::string& path, std::string_view doing, sqlite3* handle);
// kCorrupt in the same words.
Failure damaged(const std::string& path, std::string_view why);

}  // namespace fwd::sqlcipher

#endif
