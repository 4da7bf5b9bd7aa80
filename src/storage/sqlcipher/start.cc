// The start-up self test: nothing is opened unless our page cipher is proven in force.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>

#include "core/text.h"
#include "crypto/page.h"
#include "crypto/random.h"
#include "storage/sqlcipher/database.h"
#include "storage/sqlcipher/provider.h"

namespace fwd::sqlcipher {
namespace {

constexpr char kMarker[] = "this text must not be found in the file";
constexpr std::size_t kPage = kPageSize;
constexpr std::size_t kReserve = kIvSize + kTagSize;

Failure refusal(const std::string& why) {
  return {Fault::kUnavailable, "Storage is unavailable", "page cipher self test: " + why};
}

// Deletes what the test wrote, however it ends.
class Scratch {
 public:
  explicit Scratch(const std::string& folder) {
    path_ = folder + "/.self-test-" + to_hex(crypto::random_octets(8));
  }
  ~Scratch() {
    for (const char* end : {"", "-wal", "-shm", "-journal"}) unlink((path_ + end).c_str());
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& path() const { return path_; }

  Outcome<std::string> read() const {
    const int fd = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return refusal(path_ + ": " + std::strerror(errno));
    std::string octets;
    char buffer[kPage];
    ssize_t size = 0;
    while ((size = ::read(fd, buffer, sizeof buffer)) > 0)
      octets.append(buffer, static_cast<std::size_t>(size));
    close(fd);
    if (size < 0) return refusal(path_ + ": cannot be read");
    return octets;
  }

  Outcome<void> flip_bit(std::size_t at) const {
    const int fd = ::open(path_.c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0) return refusal(path_ + ": " + std::strerror(errno));
    unsigned char octet = 0;
    bool done = pread(fd, &octet, 1, static_cast<off_t>(at)) == 1;
    octet ^= 0x10;
    done = done && pwrite(fd, &octet, 1, static_cast<off_t>(at)) == 1;
    close(fd);
    if (!done) return refusal(path_ + ": cannot be changed");
    return {};
  }

 private:
  std::string path_;
};

// Three pages of row and overflow, so that the last page is an overflow page:
// the one SQLCipher would hand out as zeroes.
Outcome<void> write_rows(const std::string& path, const crypto::SecretKey& key,
                         std::string_view salt) {
  OpenOptions options;
  options.create = true;
  auto database = Database::open(path, key, salt, options);
  if (!database.ok()) return database.failure();
  std::string value;
  while (value.size() < 3 * kPage) value += kMarker;
  auto made = database.value()->execute("CREATE TABLE rows (value BLOB NOT NULL)");
  if (!made.ok()) return made;
  return database.value()->prepare("INSERT INTO rows VALUES (?)").bind_blob(1, value).run();
}

// Every page, opened by libsodium's one-shot function.
Outcome<void> open_by_hand(const std::string& file, const crypto::SecretKey& key,
                           std::string_view salt) {
  if (file.size() < 4 * kPage || file.size() % kPage != 0) return refusal("unexpected file size");
  if (file.find(kMarker) != std::string::npos) return refusal("plain text in the file");
  if (file.compare(0, kSaltSize, salt) != 0) return refusal("the salt is not in its place");
  bool found = false;
  for (std::size_t at = 0, page = 1; at < file.size(); at += kPage, page++) {
    const std::size_t begin = page == 1 ? kSaltSize : 0;
    const auto* octets = reinterpret_cast<const unsigned char*>(file.data()) + at;
    const std::size_t size = kPage - kReserve - begin;
    unsigned char additional[kSaltSize + 4] = {};
    std::memcpy(additional, salt.data(), kSaltSize);
    for (std::size_t i = 0; i < 4; i++)
      additional[kSaltSize + i] = static_cast<unsigned char>(page >> (8 * i));
    std::string plain(size, '\0');
    if (!crypto::open_page(key.data(), octets + kPage - kReserve, additional, octets + begin, size,
                           octets + kPage - kTagSize,
                           reinterpret_cast<unsigned char*>(plain.data())))
      return refusal("page " + std::to_string(page) + " is not XChaCha20-Poly1305");
    found = found || plain.find(kMarker) != std::string::npos;
  }
  if (!found) return refusal("the rows are not in the file");
  return {};
}

// A flipped bit must be seen, by our own counter, and no row be given.
Outcome<void> catch_flipped_bit(const Scratch& scratch, std::size_t at,
                                const crypto::SecretKey& key, std::string_view salt) {
  if (auto flipped = scratch.flip_bit(at); !flipped.ok()) return flipped;
  const std::uint64_t before = auth_failures();
  auto database = Database::open(scratch.path(), key, salt, OpenOptions{});
  if (!database.ok()) return database.failure();
  auto row = database.value()->prepare("SELECT value FROM rows").step();
  if (row.ok() || row.failure().fault != Fault::kCorrupt || auth_failures() == before)
    return refusal("a flipped bit went unseen");
  return {};
}

Outcome<void> self_test(const std::string& folder) {
  const auto key = crypto::SecretKey::random();
  const std::string salt = crypto::random_octets(kSaltSize);
  const Scratch scratch(folder);
  if (auto written = write_rows(scratch.path(), key, salt); !written.ok()) return written;
  auto file = scratch.read();
  if (!file.ok()) return file.failure();
  if (auto opened = open_by_hand(file.value(), key, salt); !opened.ok()) return opened;
  auto stranger = Database::open(scratch.path(), crypto::SecretKey::random(), salt, OpenOptions{});
  if (stranger.ok()) return refusal("a wrong key opened the file");
  return catch_flipped_bit(scratch, file.value().size() - kPage + 7, key, salt);
}

}  // namespace

Outcome<void> start(const std::string& scratch_folder) {
  static std::mutex mutex;
  static std::optional<Outcome<void>> result;
  std::lock_guard lock(mutex);
  if (result) return *result;
  result = register_page_cipher();
  if (!result->ok()) return *result;
  result = self_test(scratch_folder);
  if (!result->ok()) refuse();
  return *result;
}

}  // namespace fwd::sqlcipher
