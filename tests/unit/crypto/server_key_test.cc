// The file of the server key.
#include "crypto/server_key.h"

#include <cppunit/extensions/HelperMacros.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/text.h"
#include "crypto/random.h"

namespace fwd::crypto {
namespace {

class ServerKeyTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ServerKeyTest);
  CPPUNIT_TEST(a_made_key_loads);
  CPPUNIT_TEST(a_key_is_never_written_over);
  CPPUNIT_TEST(hex_and_raw_are_the_same_key);
  CPPUNIT_TEST(a_missing_key_says_which_file_and_how_to_make_it);
  CPPUNIT_TEST(a_file_open_to_others_is_refused);
  CPPUNIT_TEST(defaults_and_fragments_are_refused);
  CPPUNIT_TEST_SUITE_END();

  std::string folder_, path_;

  void write(const std::string& octets) const {
    std::filesystem::remove(path_);
    std::ofstream(path_, std::ios::binary) << octets;
    chmod(path_.c_str(), 0600);
  }
  void assert_refused(const std::string& octets) const {
    write(octets);
    auto key = load_server_key(path_);
    CPPUNIT_ASSERT(!key.ok() && key.failure().fault == Fault::kUnavailable);
    CPPUNIT_ASSERT(key.failure().private_text.find(path_) != std::string::npos);
    CPPUNIT_ASSERT(key.failure().public_text.find(path_) == std::string::npos);
  }

 public:
  void setUp() override {
    char name[] = "/tmp/check_crypto.XXXXXX";
    CPPUNIT_ASSERT(mkdtemp(name) != nullptr);
    folder_ = name;
    path_ = folder_ + "/server.key";
  }
  void tearDown() override { std::filesystem::remove_all(folder_); }

  void a_made_key_loads() {
    CPPUNIT_ASSERT(make_server_key(path_).ok());
    struct stat found {};
    CPPUNIT_ASSERT(stat(path_.c_str(), &found) == 0 && (found.st_mode & 07777) == 0600);
    const SecretKey key = load_server_key(path_).value();
    CPPUNIT_ASSERT(equal(key.view(), load_server_key(path_).value().view()));
    CPPUNIT_ASSERT(make_server_key(folder_ + "/2").ok());
    CPPUNIT_ASSERT(!equal(key.view(), load_server_key(folder_ + "/2").value().view()));
  }

  void a_key_is_never_written_over() {
    write("precious");
    CPPUNIT_ASSERT(make_server_key(path_).failure().fault == Fault::kExists);
    CPPUNIT_ASSERT_EQUAL(std::uintmax_t{8}, std::filesystem::file_size(path_));
    CPPUNIT_ASSERT(make_server_key(folder_ + "/no/key").failure().fault == Fault::kUnavailable);
  }

  void hex_and_raw_are_the_same_key() {
    const std::string octets = random_octets(32);
    for (const std::string& form :
         {octets, to_hex(octets), to_hex(octets) + "\n", to_upper(to_hex(octets)) + "\r\n"}) {
      write(form);
      CPPUNIT_ASSERT(load_server_key(path_).value().view() == octets);
    }
  }

  void a_missing_key_says_which_file_and_how_to_make_it() {
    const Failure failure = load_server_key(path_).failure();
    CPPUNIT_ASSERT(failure.fault == Fault::kUnavailable);
    CPPUNIT_ASSERT(failure.private_text.find(path_) == 0);
    CPPUNIT_ASSERT(failure.private_text.find("/dev/urandom > " + path_) != std::string::npos);
  }

  void a_file_open_to_others_is_refused() {
    write(random_octets(32));
    for (const mode_t good : {0400U, 0600U, 0440U, 0640U}) {
      chmod(path_.c_str(), good);
      CPPUNIT_ASSERT(load_server_key(path_).ok());
    }
    for (const mode_t bad : {0644U, 0604U, 0660U, 0602U, 0601U}) {
      chmod(path_.c_str(), bad);
      CPPUNIT_ASSERT(!load_server_key(path_).ok());
    }
    CPPUNIT_ASSERT(!load_server_key(folder_).ok());
    if (geteuid() == 0) {
      chmod(path_.c_str(), 0600);
      CPPUNIT_ASSERT(chown(path_.c_str(), 12345, 12345) == 0);
      CPPUNIT_ASSERT(!load_server_key(path_).ok());
    }
  }

  void defaults_and_fragments_are_refused() {
    std::string counted;
    for (char c = 0; c < 32; c++) counted += c;
    for (const std::string& bad :
         {std::string(), std::string("\n"), std::string(32, '\0'), std::string(64, '0'),
          std::string(32, 'x'), counted, to_hex(counted), std::string(64, 'z'),
          std::string("changemechangemechangemechangeme"), random_octets(31), random_octets(33),
          to_hex(random_octets(31)), to_hex(random_octets(33)), to_hex(random_octets(64))})
      assert_refused(bad);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServerKeyTest);

}  // namespace
}  // namespace fwd::crypto
