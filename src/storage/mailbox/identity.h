#ifndef FWD_STORAGE_MAILBOX_IDENTITY_H
#define FWD_STORAGE_MAILBOX_IDENTITY_H

// What follows from an alias's id: its file's name, its file's salt, and the
// worker that serves it.

#include <cstdint>
#include <string>
#include <string_view>

namespace fwd::mailbox {

// Ids are 4 to 64 lower-case hex digits; anything else names no file.
bool is_alias_id(std::string_view id);

// The first 16 octets of BLAKE2b(alias id): the file's identity.
std::string file_salt(std::string_view alias_id);

// "ab/<alias id>.sqlite", ab being the id's last two digits.
std::string file_path(std::string_view alias_id);

// Names the worker thread.
std::uint64_t worker_key(std::string_view alias_id);

// 16 octets of BLAKE2b(text).
std::string short_digest(std::string_view text);

}  // namespace fwd::mailbox

#endif
