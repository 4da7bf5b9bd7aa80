// Seals and opens one page when SQLCipher asks.
#include "storage/sqlcipher/page_cipher.h"

#include <sqlcipher/sqlite3.h>

#include <cstdint>
#include <cstring>
#include <new>

#include "crypto/page.h"
#include "crypto/random.h"
#include "storage/sqlcipher/provider.h"

namespace fwd::sqlcipher {
namespace {

constexpr int kKeySize = 32;
constexpr int kPageNumberSize = 4;
static_assert(kSaltSize + kPageNumberSize == crypto::kPageAdditionalSize);
// SQLCipher xors the salt with this before it derives the authentication key.
constexpr unsigned char kSaltMask = 0x3a;
// … and asks for two rounds, in that role only.
constexpr int kFastRounds = 2;

thread_local std::uint64_t failures = 0;

}  // namespace

struct PageCipher {
  unsigned char salt[kSaltSize] = {};
  bool ready = false;     // derive() was called in the role we know
  bool poisoned = false;  // asked for what we do not do; everything fails from now on
};

std::uint64_t auth_failures() { return failures; }

namespace page_cipher {
namespace {

// 3.4.1 ignores the result and would write the buffer as it is: noise, then,
// never plain text and never a valid tag.
int fail_closed(PageCipher* cipher, unsigned char* out, int size) {
  if (cipher != nullptr) cipher->poisoned = true;
  failures++;
  if (out != nullptr && size > 0) crypto::fill_random(out, static_cast<std::size_t>(size));
  return SQLITE_ERROR;
}

}  // namespace

int init(void** cipher) {
  *cipher = new (std::nothrow) PageCipher;
  return *cipher == nullptr ? SQLITE_NOMEM : SQLITE_OK;
}

int free(void** cipher) {
  delete static_cast<PageCipher*>(*cipher);
  *cipher = nullptr;
  return SQLITE_OK;
}

void copy(void* to, const void* from) {
  *static_cast<PageCipher*>(to) = *static_cast<const PageCipher*>(from);
}

// Cannot fail: libsodium aborts when the system has no randomness.
int random(void*, void* to, int size) {
  if (size > 0) crypto::fill_random(to, static_cast<std::size_t>(size));
  return SQLITE_OK;
}

int crypt(void* cipher, int, unsigned char* key, int key_size, unsigned char* iv, unsigned char* in,
          int in_size, unsigned char* out) {
  auto* self = static_cast<PageCipher*>(cipher);
  if (self == nullptr || self->poisoned || !self->ready || key_size != kKeySize || in_size <= 0)
    return fail_closed(self, out, in_size);
  crypto::page_stream(key, iv, in, static_cast<std::size_t>(in_size), out);
  return SQLITE_OK;
}

// `in` is the ciphertext with its iv behind it.  To seal, SQLCipher wants the
// tag right behind those; to check, it wants it elsewhere and keeps the stored
// one there: so we can compare for ourselves.  The self test proves both.
int authenticate(void* cipher, unsigned char* key, int key_size, unsigned char* in, int in_size,
                 unsigned char* page, int page_size, unsigned char* out) {
  auto* self = static_cast<PageCipher*>(cipher);
  if (self == nullptr || self->poisoned || !self->ready || key_size != kKeySize ||
      page_size != kPageNumberSize || in_size <= kIvSize)
    return fail_closed(self, out, kTagSize);
  const bool sealing = out == in + in_size;
  unsigned char additional[crypto::kPageAdditionalSize];
  std::memcpy(additional, self->salt, kSaltSize);
  std::memcpy(additional + kSaltSize, page, kPageNumberSize);
  const auto size = static_cast<std::size_t>(in_size - kIvSize);
  crypto::page_tag(key, in + size, additional, in, size, out);
  if (!sealing && !crypto::same_tag(out, in + in_size)) failures++;
  return SQLITE_OK;
}

// Called to make the authentication key out of the page key: one AEAD key, so
// it is the same one.  Called for a passphrase: refused, only raw keys exist.
int derive(void* cipher, const unsigned char* pass, int pass_size, const unsigned char* salt,
           int salt_size, int work, int key_size, unsigned char* key) {
  auto* self = static_cast<PageCipher*>(cipher);
  if (self == nullptr || pass_size != kKeySize || key_size != kKeySize || salt_size != kSaltSize ||
      work != kFastRounds)
    return fail_closed(self, key, key_size);
  std::memmove(key, pass, kKeySize);
  for (int i = 0; i < kSaltSize; i++)
    self->salt[i] = static_cast<unsigned char>(salt[i] ^ kSaltMask);
  self->ready = true;
  return SQLITE_OK;
}

}  // namespace page_cipher
}  // namespace fwd::sqlcipher
