#ifndef FWD_CRYPTO_SECRET_H
#define FWD_CRYPTO_SECRET_H

// Octets that must not be swapped, dumped or left behind: locked memory that
// no core holds, wiped when freed.  Moves, never copies by accident.
//
// Up to 64 octets (every key) live in slots of a few locked regions, so that
// thousands of mailbox keys cost 64 octets each; larger ones live in memory of
// their own between guard pages.  Where the process may lock no more
// (RLIMIT_MEMLOCK) the memory is still left out of cores and wiped:
// Secret::locked() says so.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "core/wipe.h"

namespace fwd::crypto {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::size_t size);         // zeroes
  explicit Secret(std::string_view octets);  // copies in
  // Copies in and wipes `octets`.
  static Secret take(std::string& octets);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  Secret clone() const;  // the one, visible, way to copy
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const unsigned char* data() const { return data_; }
  unsigned char* data() { return data_; }
  std::string_view view() const;

  // False once a region could not be locked into memory.
  static bool locked();

 private:
  unsigned char* data_ = nullptr;
  std::size_t size_ = 0;
};

// Constant-time comparison of two strings of octets (their lengths are no secret).
bool equal(std::string_view a, std::string_view b);

using fwd::wipe;

// A Secret of exactly 32 octets.
class SecretKey {
 public:
  static constexpr std::size_t kSize = 32;
  static SecretKey random();
  static SecretKey zero();  // to be filled through data()
  // `octets` must be 32 long; a bug (std::logic_error) otherwise.
  static SecretKey from(std::string_view octets);
  SecretKey clone() const { return SecretKey(secret_.clone()); }
  const unsigned char* data() const { return secret_.data(); }
  unsigned char* data() { return secret_.data(); }
  std::string_view view() const { return secret_.view(); }

 private:
  explicit SecretKey(Secret secret) : secret_(std::move(secret)) {}
  Secret secret_;
};

}  // namespace fwd::crypto

#endif
