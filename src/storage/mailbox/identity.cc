// What follows from an alias's id.
#include "storage/mailbox/identity.h"

#include <algorithm>

#include "crypto/digest.h"

namespace fwd::mailbox {

bool is_alias_id(std::string_view id) {
  return id.size() >= 4 && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string file_salt(std::string_view alias_id) { return short_digest(alias_id); }

std::string file_path(std::string_view alias_id) {
  std::string path(alias_id.substr(alias_id.size() - 2));
  path += '/';
  path += alias_id;
  return path + ".sqlite";
}

std::uint64_t worker_key(std::string_view alias_id) {
  std::uint64_t key = 0;
  for (const char octet : short_digest(alias_id).substr(8))
    key = (key << 8) | static_cast<unsigned char>(octet);
  return key;
}

std::string short_digest(std::string_view text) { return crypto::blake2b(16, text); }

}  // namespace fwd::mailbox
