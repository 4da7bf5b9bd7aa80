// Random octets and object ids.
#include "crypto/random.h"

#include <sodium.h>

#include <algorithm>
#include <cstdint>

#include "core/text.h"

namespace fwd::crypto {

bool start() {
  static const bool ready = sodium_init() >= 0;
  return ready;
}

void fill_random(void* to, std::size_t size) {
  if (size > 0) randombytes_buf(to, size);
}

std::string random_octets(std::size_t size) {
  std::string octets(size, '\0');
  fill_random(octets.data(), size);
  return octets;
}

std::size_t random_below(std::size_t bound) {
  std::uint64_t number = 0;
  fill_random(&number, sizeof number);
  return bound == 0 ? 0 : static_cast<std::size_t>(number % bound);
}

std::string object_id(WallTime now) {
  const auto seconds = static_cast<std::uint32_t>(unix_seconds(now));
  std::string octets;
  for (int shift = 24; shift >= 0; shift -= 8) octets += static_cast<char>(seconds >> shift);
  return to_hex(octets + random_octets(8));
}

std::string log_id() {
  static constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string id = random_octets(10);
  for (char& c : id) c = kDigits[static_cast<unsigned char>(c) % kDigits.size()];
  return id;
}

bool is_object_id(std::string_view text) {
  return text.size() == 24 && std::all_of(text.begin(), text.end(), [](char c) {
           return is_digit(c) || (c >= 'a' && c <= 'f');
         });
}

}  // namespace fwd::crypto
