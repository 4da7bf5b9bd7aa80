// Hands the page cipher to SQLCipher, in the layout its release wants.
#include "storage/sqlcipher/provider.h"

#include <link.h>
#include <sqlcipher/sqlite3.h>

#include <atomic>
#include <cstring>
#include <mutex>
#include <string>

#include "crypto/random.h"
#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/page_cipher.h"

// Exported by every libsqlcipher, declared in no header Debian ships.  Before
// 4.0 sqlcipher_malloc takes an int: the same register on 64-bit systems.
extern "C" {
int sqlcipher_register_provider(void*);
void* sqlcipher_get_provider(void);
void* sqlcipher_malloc(sqlite3_uint64);
}

namespace fwd::sqlcipher {
namespace {

static_assert(sizeof(void*) == 8, "sqlcipher_malloc() is declared for 64-bit systems");

using Octets = unsigned char*;

const char* provider_name(void*) { return kProviderName; }
const char* cipher_name(void*) { return kCipherName; }
const char* library_name(void*) { return "libsodium"; }
int key_size(void*) { return 32; }
int iv_size(void*) { return kIvSize; }
int block_size(void*) { return 16; }
int tag_size3(void*) { return kTagSize; }
int tag_size4(void*, int) { return kTagSize; }
int no_fips(void*) { return 0; }
int activate(void*) { return SQLITE_OK; }
int start_up(void) { return SQLITE_OK; }
void shut_down(void) {}
int add_random(void*, void*, int) { return SQLITE_OK; }
// The library always asks for its compiled default first.
int set_cipher(void*, const char*) { return SQLITE_OK; }
int compare(void*, void*) { return 1; }
int copy(void* to, void* from) {
  page_cipher::copy(to, from);
  return SQLITE_OK;
}
int derive3(void* c, const unsigned char* pass, int pass_size, Octets salt, int salt_size, int work,
            int size, Octets key) {
  return page_cipher::derive(c, pass, pass_size, salt, salt_size, work, size, key);
}
int derive4(void* c, int, const unsigned char* pass, int pass_size, Octets salt, int salt_size,
            int work, int size, Octets key) {
  return page_cipher::derive(c, pass, pass_size, salt, salt_size, work, size, key);
}
int authenticate4(void* c, int, Octets key, int size, Octets in, int in_size, Octets page,
                  int page_size, Octets out) {
  return page_cipher::authenticate(c, key, size, in, in_size, page, page_size, out);
}

using Crypt = int (*)(void*, int, Octets, int, Octets, Octets, int, Octets);
using Authenticate3 = int (*)(void*, Octets, int, Octets, int, Octets, int, Octets);
using Authenticate4 = int (*)(void*, int, Octets, int, Octets, int, Octets, int, Octets);
using Derive3 = int (*)(void*, const unsigned char*, int, Octets, int, int, int, Octets);
using Derive4 = int (*)(void*, int, const unsigned char*, int, Octets, int, int, int, Octets);
using Name = const char* (*)(void*);
using Number = int (*)(void*);
using Randomness = int (*)(void*, void*, int);

struct Layout3 {  // 3.4.1, 3.4.2
  Number activate = sqlcipher::activate, deactivate = sqlcipher::activate;
  Name name = provider_name;
  Randomness add_random = sqlcipher::add_random, random = page_cipher::random;
  Authenticate3 authenticate = page_cipher::authenticate;
  Derive3 derive = derive3;
  Crypt crypt = page_cipher::crypt;
  int (*set_cipher)(void*, const char*) = sqlcipher::set_cipher;
  Name cipher = cipher_name;
  Number key = key_size, iv = iv_size, block = block_size, tag = tag_size3;
  int (*copy)(void*, void*) = sqlcipher::copy;
  int (*compare)(void*, void*) = sqlcipher::compare;
  int (*init)(void**) = page_cipher::init;
  int (*free)(void**) = page_cipher::free;
  Number fips = no_fips;
  Name version = library_name;
};

struct Common4 {
  Name name = provider_name;
  Randomness add_random = sqlcipher::add_random, random = page_cipher::random;
  Authenticate4 authenticate = authenticate4;
  Derive4 derive = derive4;
  Crypt crypt = page_cipher::crypt;
  Name cipher = cipher_name;
  Number key = key_size, iv = iv_size, block = block_size;
  int (*tag)(void*, int) = tag_size4;
  int (*init)(void**) = page_cipher::init;
  int (*free)(void**) = page_cipher::free;
  Number fips = no_fips;
  Name version = library_name;
};

struct Layout44 {  // 4.4 to 4.6
  Number activate = sqlcipher::activate, deactivate = sqlcipher::activate;
  Common4 common;
};

struct Layout47 {  // from 4.7
  int (*init)(void) = start_up;
  void (*shutdown)(void) = shut_down;
  Common4 common;
  void* next = nullptr;
};

static_assert(sizeof(Layout3) == 20 * sizeof(void*));
static_assert(sizeof(Layout44) == 17 * sizeof(void*));
static_assert(sizeof(Layout47) == 18 * sizeof(void*));

template <typename Layout>
void* make_layout() {
  void* memory = sqlcipher_malloc(sizeof(Layout));  // the library frees it
  if (memory != nullptr) {
    const Layout layout;
    std::memcpy(memory, &layout, sizeof layout);
  }
  return memory;
}

// "3.4.1", "4.6.1 community": the layout, or null for one nobody has tried.
void* layout_for(const std::string& version) {
  int major = 0, minor = 0;
  if (std::sscanf(version.c_str(), "%d.%d", &major, &minor) != 2) return nullptr;
  if (major == 3 && minor >= 4) return make_layout<Layout3>();
  if (major == 4 && minor >= 4 && minor <= 6) return make_layout<Layout44>();
  if (major == 4 && minor >= 7) return make_layout<Layout47>();
  return nullptr;
}

int is_plain_sqlite(dl_phdr_info* info, std::size_t, void*) {
  return std::strstr(info->dlpi_name, "libsqlite3") != nullptr ? 1 : 0;
}

std::atomic<bool> open_allowed{false};

Failure refusal(std::string why) {
  return {Fault::kUnavailable, "Storage is unavailable", "page cipher: " + std::move(why)};
}

Outcome<void> register_once() {
  if (!crypto::start()) return refusal("libsodium cannot be initialised");
  // Both libraries have the same names; one process with both crashes.
  if (dl_iterate_phdr(is_plain_sqlite, nullptr) != 0)
    return refusal("libsqlite3 is loaded beside libsqlcipher: find out what links it");
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);  // one lock less per allocation
  if (sqlite3_initialize() != SQLITE_OK) return refusal("SQLCipher cannot be initialised");

  static sqlite3* sentinel = nullptr;
  if (sqlite3_open(":memory:", &sentinel) != SQLITE_OK) return refusal("no memory database");
  const std::string version = pragma_value(sentinel, "PRAGMA cipher_version");
  if (version.empty()) return refusal("this is SQLite without SQLCipher");
  void* layout = layout_for(version);
  if (layout == nullptr) return refusal("SQLCipher " + version + " has not been tried");
  sqlcipher_register_provider(layout);
  if (sqlcipher_get_provider() != layout) return refusal("SQLCipher did not take the cipher");

  set_key(sentinel, crypto::SecretKey::random(), std::string(kSaltSize, 's'));
  if (pragma_value(sentinel, "PRAGMA cipher_provider") != kProviderName)
    return refusal("SQLCipher uses another cipher than ours");
  pragma_value(sentinel, "PRAGMA cipher_log_level = NONE");  // 4.x writes to stderr
  open_allowed = true;
  return {};
}

}  // namespace

Outcome<void> register_page_cipher() {
  static std::once_flag once;
  static Outcome<void> result;
  std::call_once(once, [] { result = register_once(); });
  return result;
}

bool may_open() { return open_allowed; }
void refuse() { open_allowed = false; }

}  // namespace fwd::sqlcipher
