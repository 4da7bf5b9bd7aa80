// Keys that sign mail, and hashes of generated passwords.
#include "crypto/signing_pair.h"

#include <cppunit/extensions/HelperMacros.h>

#include "core/text.h"
#include "crypto/password.h"

namespace fwd::crypto {
namespace {

class SigningPairTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SigningPairTest);
  CPPUNIT_TEST(an_rsa_pair_is_what_dkim_libraries_read);
  CPPUNIT_TEST(an_ed25519_pair_has_32_octets_each);
  CPPUNIT_TEST(a_generated_password_matches_its_hash_alone);
  CPPUNIT_TEST_SUITE_END();

 public:
  void an_rsa_pair_is_what_dkim_libraries_read() {  // RFC 6376 §3.3
    const auto pair = make_rsa_pair(2048);
    CPPUNIT_ASSERT(pair.ok());
    CPPUNIT_ASSERT(pair.value().secret.view().starts_with("-----BEGIN PRIVATE KEY-----\n"));
    CPPUNIT_ASSERT(to_base64(pair.value().public_key)
                       .starts_with("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"));
    const auto other = make_rsa_pair(1024);
    CPPUNIT_ASSERT(other.ok() && other.value().public_key.size() < 200);
    CPPUNIT_ASSERT(!make_rsa_pair(1).ok());
  }

  void an_ed25519_pair_has_32_octets_each() {  // RFC 8463 §4
    const SigningPair one = make_ed25519_pair(), two = make_ed25519_pair();
    CPPUNIT_ASSERT_EQUAL(std::size_t{32}, one.secret.size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{32}, one.public_key.size());
    CPPUNIT_ASSERT(one.public_key != two.public_key);
  }

  void a_generated_password_matches_its_hash_alone() {
    const std::string password = make_generated_password();
    const std::string hash = hash_generated_password(password);
    CPPUNIT_ASSERT(hash.find(password) == std::string::npos);
    CPPUNIT_ASSERT(hash != hash_generated_password(password));
    CPPUNIT_ASSERT(matches_generated_password(hash, password));
    CPPUNIT_ASSERT(!matches_generated_password(hash, password + "x"));
    CPPUNIT_ASSERT(!matches_generated_password(hash, ""));
    for (const char* broken : {"", "s256$", "s256$$", "s256$AAAA$", "argon2id$x$y", "s256$!$!"})
      CPPUNIT_ASSERT(!matches_generated_password(broken, ""));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SigningPairTest);

}  // namespace
}  // namespace fwd::crypto
