// Reads and makes the file of the server key.
#include "crypto/server_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bitset>
#include <cerrno>
#include <cstring>

#include "core/text.h"

namespace fwd::crypto {
namespace {

constexpr std::size_t kMostOctets = 2 * SecretKey::kSize + 2;  // hex, CR, LF
// 32 random octets have about 30 different values; fewer than this come by
// chance less than once in 10^13 keys.
constexpr std::size_t kLeastDifferent = 16;

Failure unusable(const std::string& path, const std::string& why) {
  return {Fault::kUnavailable, "Storage is unavailable",
          path + ": " + why +
              "; a server key is made with: (umask 077; head -c 32 /dev/urandom > " + path +
              ") — with another key than before no mail can be opened"};
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

// Written by hand or left from an example: all alike, or counted up.
bool is_drawn_at_random(const SecretKey& key) {
  std::bitset<256> seen, steps;
  for (std::size_t i = 0; i < SecretKey::kSize; i++) {
    seen.set(key.data()[i]);
    if (i > 0) steps.set(static_cast<unsigned char>(key.data()[i] - key.data()[i - 1]));
  }
  return seen.count() >= kLeastDifferent && steps.count() >= kLeastDifferent;
}

Outcome<void> check_file(int fd, const std::string& path) {
  struct stat found {};
  if (fstat(fd, &found) != 0) return unusable(path, std::strerror(errno));
  if (!S_ISREG(found.st_mode)) return unusable(path, "not a regular file");
  if ((found.st_mode & (S_IRWXO | S_IWGRP | S_IXGRP)) != 0)
    return unusable(path, "open to others than its owner (chmod 0600, or 0640 for a group)");
  if (found.st_uid != 0 && found.st_uid != geteuid())
    return unusable(path, "belongs to another user than root and the daemon's");
  return {};
}

}  // namespace

Outcome<SecretKey> load_server_key(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0)
    return unusable(path, errno == ENOENT ? "there is no server key" : std::strerror(errno));
  if (auto checked = check_file(file.get(), path); !checked.ok()) return checked.failure();
  Secret octets(kMostOctets + 1);
  const ssize_t got = ::read(file.get(), octets.data(), octets.size());
  if (got < 0) return unusable(path, std::strerror(errno));
  std::string_view text = octets.view().substr(0, static_cast<std::size_t>(got));
  SecretKey key = SecretKey::zero();
  if (text.size() == SecretKey::kSize) {
    std::memcpy(key.data(), text.data(), text.size());
  } else {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
    auto decoded = from_hex(text);
    if (!decoded || decoded->size() != SecretKey::kSize) {
      if (decoded) wipe(*decoded);
      return unusable(path, "not 64 hex digits, nor 32 octets");
    }
    std::memcpy(key.data(), decoded->data(), SecretKey::kSize);
    wipe(*decoded);
  }
  if (!is_drawn_at_random(key)) return unusable(path, "a default or example, not a random key");
  return key;
}

Outcome<void> make_server_key(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.get() < 0) {
    if (errno == EEXIST)
      return Failure{Fault::kExists, "It exists already", path + ": there is a server key already"};
    return Failure{Fault::kUnavailable, "Cannot be written", path + ": " + std::strerror(errno)};
  }
  const SecretKey key = SecretKey::random();
  std::string text = to_hex(key.view()) + "\n";
  const bool written =
      ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      fchmod(file.get(), 0600) == 0 && fsync(file.get()) == 0;
  const int reason = errno;
  wipe(text);
  if (!written) {
    unlink(path.c_str());  // ours, and half a key is none
    return Failure{Fault::kUnavailable, "Cannot be written", path + ": " + std::strerror(reason)};
  }
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || fsync(directory.get()) != 0)
    return Failure{Fault::kUnavailable, "Cannot be written", folder + ": " + std::strerror(errno)};
  return {};
}

}  // namespace fwd::crypto
