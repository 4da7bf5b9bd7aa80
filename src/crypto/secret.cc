// Locked, wiped memory for secrets: a pool of small slots, libsodium for the rest.
#include "crypto/secret.h"

#include <sodium.h>
#include <sys/mman.h>

#include <atomic>
#include <cstring>
#include <mutex>
#include <new>
#include <stdexcept>
#include <vector>

#include "crypto/random.h"

namespace fwd::crypto {
namespace {

constexpr std::size_t kSlot = 64;
constexpr std::size_t kRegion = 65536;

std::atomic<bool> all_locked{true};

void need_sodium() {
  if (!start()) throw std::runtime_error("libsodium cannot be initialised");
}

// Slots of kSlot octets.  Regions are never given back: what once held keys
// stays locked.  Slots come back wiped.
class Pool {
 public:
  unsigned char* take() {
    std::lock_guard lock(mutex_);
    if (free_.empty()) add_region();
    unsigned char* slot = free_.back();
    free_.pop_back();
    return slot;
  }

  void give_back(unsigned char* slot) {
    sodium_memzero(slot, kSlot);
    std::lock_guard lock(mutex_);
    free_.push_back(slot);  // never grows: add_region() reserved a place for every slot
  }

 private:
  void add_region() {
    free_.reserve((++regions_) * (kRegion / kSlot));
    void* memory =
        mmap(nullptr, kRegion, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    madvise(memory, kRegion, MADV_DONTDUMP);
    if (mlock(memory, kRegion) != 0) all_locked = false;
    auto* first = static_cast<unsigned char*>(memory);
    for (std::size_t at = kRegion; at > 0; at -= kSlot) free_.push_back(first + at - kSlot);
  }

  std::mutex mutex_;
  std::vector<unsigned char*> free_;
  std::size_t regions_ = 0;
};

// Never destroyed: secrets in static objects may outlive every other static.
Pool& pool() {
  static Pool* const one = new Pool;
  return *one;
}

unsigned char* obtain(std::size_t size) {
  if (size == 0) return nullptr;
  need_sodium();
  if (size <= kSlot) return pool().take();
  auto* memory = static_cast<unsigned char*>(sodium_malloc(size));
  if (memory == nullptr) throw std::bad_alloc();
  sodium_memzero(memory, size);
  return memory;
}

void release(unsigned char* memory, std::size_t size) {
  if (memory == nullptr) return;
  if (size <= kSlot) {
    pool().give_back(memory);
  } else {
    sodium_free(memory);  // wipes
  }
}

}  // namespace

Secret::Secret(std::size_t size) : data_(obtain(size)), size_(size) {}

Secret::Secret(std::string_view octets) : Secret(octets.size()) {
  if (!octets.empty()) std::memcpy(data_, octets.data(), octets.size());
}

Secret Secret::take(std::string& octets) {
  Secret secret{std::string_view(octets)};
  wipe(octets);
  return secret;
}

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    release(data_, size_);
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

Secret::~Secret() { release(data_, size_); }

Secret Secret::clone() const { return Secret(view()); }

std::string_view Secret::view() const { return {reinterpret_cast<const char*>(data_), size_}; }

bool Secret::locked() { return all_locked; }

bool equal(std::string_view a, std::string_view b) {
  return a.size() == b.size() && (a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0);
}

SecretKey SecretKey::random() {
  SecretKey key = zero();
  randombytes_buf(key.data(), kSize);
  return key;
}

SecretKey SecretKey::zero() { return SecretKey(Secret(kSize)); }

SecretKey SecretKey::from(std::string_view octets) {
  if (octets.size() != kSize) throw std::logic_error("a secret key is 32 octets long");
  return SecretKey(Secret(octets));
}

}  // namespace fwd::crypto
