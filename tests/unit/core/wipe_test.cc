// What is wiped is gone from where it stood.
#include "core/wipe.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>

namespace fwd {
namespace {

bool is_zero(const char* octets, std::size_t size) {
  return std::all_of(octets, octets + size, [](char c) { return c == '\0'; });
}

class WipeTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(WipeTest);
  CPPUNIT_TEST(a_string_is_wiped_with_all_its_room);
  CPPUNIT_TEST(a_moved_short_string_leaves_nothing);
  CPPUNIT_TEST(the_end_of_a_scope_wipes);
  CPPUNIT_TEST(growing_keeps_the_octets);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_string_is_wiped_with_all_its_room() {
    std::string secret = "a long password that is not kept in the string itself";
    const std::size_t size = secret.size();
    const char* const octets = secret.data();
    secret.resize(3);
    wipe(secret);
    CPPUNIT_ASSERT(secret.empty());
    CPPUNIT_ASSERT(secret.capacity() >= size && secret.data() == octets);
    CPPUNIT_ASSERT(is_zero(octets, size));
  }

  void a_moved_short_string_leaves_nothing() {
    std::string secret = "pass-word";
    const std::string taken = std::move(secret);
    wipe(secret);
    CPPUNIT_ASSERT(is_zero(secret.data(), taken.size()));
  }

  void the_end_of_a_scope_wipes() {
    std::string secret = "a long password that is not kept in the string itself";
    { const WipeAtEnd wiped(secret); }
    CPPUNIT_ASSERT(secret.empty() && is_zero(secret.data(), 20));
  }

  void growing_keeps_the_octets() {
    std::string secret = "secret";
    reserve_wiped(secret, 1000);
    CPPUNIT_ASSERT(secret == "secret" && secret.capacity() >= 1000);
    const char* const octets = secret.data();
    reserve_wiped(secret, 10);
    CPPUNIT_ASSERT(secret.data() == octets);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(WipeTest);

}  // namespace
}  // namespace fwd
