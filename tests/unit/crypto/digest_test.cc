// Digests and key derivation against the RFCs' vectors.
#include "crypto/digest.h"

#include <cppunit/extensions/HelperMacros.h>

#include "core/text.h"
#include "crypto/random.h"

namespace fwd::crypto {
namespace {

std::string hex(const char* digits) { return *from_hex(digits); }

class DigestTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DigestTest);
  CPPUNIT_TEST(sha256_and_blake2b_agree_with_known_answers);
  CPPUNIT_TEST(hmac_agrees_with_rfc_4231);
  CPPUNIT_TEST(hkdf_agrees_with_rfc_5869);
  CPPUNIT_TEST(pbkdf2_agrees_with_rfc_7914);
  CPPUNIT_TEST(argon2id_depends_on_everything_and_is_bounded);
  CPPUNIT_TEST(object_ids_sort_by_time);
  CPPUNIT_TEST_SUITE_END();

 public:
  void sha256_and_blake2b_agree_with_known_answers() {
    CPPUNIT_ASSERT_EQUAL(
        std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        to_hex(sha256("abc")));
    CPPUNIT_ASSERT_EQUAL(
        std::string("bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"),
        to_hex(blake2b_256("abc")));
    CPPUNIT_ASSERT_EQUAL(std::size_t{16}, blake2b(16, "abc").size());
  }

  // RFC 4231 §4.3, §4.7
  void hmac_agrees_with_rfc_4231() {
    CPPUNIT_ASSERT_EQUAL(
        std::string("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")));
    CPPUNIT_ASSERT_EQUAL(
        std::string("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        to_hex(hmac_sha256_key(std::string(131, '\xaa'),
                               "Test Using Larger Than Block-Size Key - Hash Key First")
                   .view()));
  }

  // RFC 5869 §A.1, §A.3
  void hkdf_agrees_with_rfc_5869() {
    CPPUNIT_ASSERT_EQUAL(
        std::string("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                    "34007208d5b887185865"),
        to_hex(hkdf_sha256(std::string(22, '\x0b'), hex("000102030405060708090a0b0c"),
                           hex("f0f1f2f3f4f5f6f7f8f9"), 42)
                   .view()));
    CPPUNIT_ASSERT_EQUAL(
        std::string("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                    "9d201395faa4b61a96c8"),
        to_hex(hkdf_sha256(std::string(22, '\x0b'), {}, {}, 42).view()));
  }

  // RFC 7914 §11
  void pbkdf2_agrees_with_rfc_7914() {
    CPPUNIT_ASSERT_EQUAL(
        std::string("55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"),
        to_hex(pbkdf2_sha256("passwd", "salt", 1).view()));
    CPPUNIT_ASSERT_EQUAL(
        std::string("4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"),
        to_hex(pbkdf2_sha256("Password", "NaCl", 80000).view()));
  }

  void argon2id_depends_on_everything_and_is_bounded() {
    const std::string salt(16, 's');
    const ArgonCost cheap{64, 1};
    const auto key = [&](std::string_view password, std::string_view with, ArgonCost cost) {
      return std::string(argon2id(password, with, cost).value().view());
    };
    const std::string one = key("password", salt, cheap);
    CPPUNIT_ASSERT(one == key("password", salt, cheap));
    CPPUNIT_ASSERT(one != key("passwore", salt, cheap));
    CPPUNIT_ASSERT(one != key("password", std::string(16, 't'), cheap));
    CPPUNIT_ASSERT(one != key("password", salt, {128, 1}));
    CPPUNIT_ASSERT(one != key("password", salt, {64, 2}));
    for (const ArgonCost bad : {ArgonCost{0, 1}, ArgonCost{64, 0}, ArgonCost{1U << 30, 1}})
      CPPUNIT_ASSERT(argon2id("p", salt, bad).failure().fault == Fault::kBadInput);
    CPPUNIT_ASSERT(argon2id("p", "short", cheap).failure().fault == Fault::kBadInput);
  }

  void object_ids_sort_by_time() {
    const std::string early = object_id(WallTime(std::chrono::seconds(1767225600)));
    const std::string late = object_id(WallTime(std::chrono::seconds(1767225601)));
    CPPUNIT_ASSERT(is_object_id(early) && is_object_id(late) && early < late);
    CPPUNIT_ASSERT_EQUAL(std::string("6955b900"), early.substr(0, 8));
    CPPUNIT_ASSERT(object_id(WallTime{}) != object_id(WallTime{}));
    for (const char* bad : {"", "6955b900", "6955B90000000000000000ff", "6955b900000000000000000g"})
      CPPUNIT_ASSERT(!is_object_id(bad));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DigestTest);

}  // namespace
}  // namespace fwd::crypto
