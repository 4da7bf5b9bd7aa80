// Locked, wiped memory.
#include "crypto/secret.h"

#include <cppunit/extensions/HelperMacros.h>

#include <stdexcept>
#include <vector>

namespace fwd::crypto {
namespace {

class SecretTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SecretTest);
  CPPUNIT_TEST(a_secret_holds_what_it_was_given);
  CPPUNIT_TEST(taking_wipes_the_source);
  CPPUNIT_TEST(moving_leaves_nothing_behind);
  CPPUNIT_TEST(a_slot_comes_back_wiped);
  CPPUNIT_TEST(thousands_of_keys_are_distinct);
  CPPUNIT_TEST(a_key_has_32_octets);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_secret_holds_what_it_was_given() {
    for (std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{64}, std::size_t{65}, std::size_t{10000}}) {
      const std::string octets(size, 'x');
      const Secret secret{std::string_view(octets)};
      CPPUNIT_ASSERT(secret.view() == octets);
      CPPUNIT_ASSERT(secret.clone().view() == octets);
      CPPUNIT_ASSERT(Secret(size).view() == std::string(size, '\0'));
    }
    CPPUNIT_ASSERT(equal("abc", "abc") && !equal("abc", "abd") && !equal("abc", "ab") &&
                   equal("", ""));
  }

  void taking_wipes_the_source() {
    std::string octets = "correct horse battery staple, and more than fits a small string";
    const std::size_t size = octets.size();
    const char* was = octets.data();
    const Secret secret = Secret::take(octets);
    CPPUNIT_ASSERT(octets.empty() && octets.data() == was);
    for (std::size_t i = 0; i < size; i++) CPPUNIT_ASSERT(was[i] == '\0');
    CPPUNIT_ASSERT(secret.size() == size);
  }

  void moving_leaves_nothing_behind() {
    Secret first{std::string_view("abc")};
    Secret second = std::move(first);
    CPPUNIT_ASSERT(first.empty() && first.data() == nullptr && second.view() == "abc");
    first = std::move(second);
    CPPUNIT_ASSERT(first.view() == "abc" && second.empty());
  }

  void a_slot_comes_back_wiped() {
    const unsigned char* where = nullptr;
    {
      const Secret secret{std::string_view("marker")};
      where = secret.data();
    }
    for (int i = 0; i < 64; i++) CPPUNIT_ASSERT(where[i] == 0);
    const Secret next(64);
    CPPUNIT_ASSERT(next.data() == where);
  }

  void thousands_of_keys_are_distinct() {
    std::vector<SecretKey> keys;
    for (unsigned i = 0; i < 5000; i++) {
      SecretKey key = SecretKey::zero();
      key.data()[0] = static_cast<unsigned char>(i);
      key.data()[31] = static_cast<unsigned char>(i >> 8);
      keys.push_back(std::move(key));
    }
    for (unsigned i = 0; i < 5000; i++)
      CPPUNIT_ASSERT(keys[i].data()[0] == (i & 255) && keys[i].data()[31] == (i >> 8));
    CPPUNIT_ASSERT(!equal(SecretKey::random().view(), SecretKey::random().view()));
  }

  void a_key_has_32_octets() {
    CPPUNIT_ASSERT_THROW(SecretKey::from("short"), std::logic_error);
    CPPUNIT_ASSERT(SecretKey::from(std::string(32, 'k')).view() == std::string(32, 'k'));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SecretTest);

}  // namespace
}  // namespace fwd::crypto
