// RSA signatures, and reading keys of both forms.
#include "crypto/rsa.h"

#include <cppunit/extensions/HelperMacros.h>

#include "core/text.h"
#include "crypto/digest.h"
#include "crypto/signing_pair.h"

namespace fwd::crypto {
namespace {

class RsaTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(RsaTest);
  CPPUNIT_TEST(a_signature_fits_its_key_and_digest_alone);
  CPPUNIT_TEST(a_plain_public_key_is_read_like_its_info);
  CPPUNIT_TEST(what_is_no_key_is_none);
  CPPUNIT_TEST(a_secret_that_can_sign_is_known);
  CPPUNIT_TEST(no_failure_tells_a_secret);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_signature_fits_its_key_and_digest_alone() {  // RFC 8017 §8.2
    const auto pair = make_rsa_pair(1024), other = make_rsa_pair(1024);
    const std::string digest = sha256("text");
    const auto signature = rsa_sign(pair.value().secret.view(), digest);
    CPPUNIT_ASSERT(signature.ok() && signature.value().size() == 128);
    const auto key = RsaPublicKey::read(pair.value().public_key);
    CPPUNIT_ASSERT(key && key->bits() == 1024);
    CPPUNIT_ASSERT(key->verifies(digest, signature.value()));
    CPPUNIT_ASSERT(!key->verifies(sha256("other"), signature.value()));
    CPPUNIT_ASSERT(!key->verifies(digest, signature.value().substr(1)));
    CPPUNIT_ASSERT(!key->verifies(digest, ""));
    CPPUNIT_ASSERT(!key->verifies("", signature.value()));
    CPPUNIT_ASSERT(
        !RsaPublicKey::read(other.value().public_key)->verifies(digest, signature.value()));
  }

  void a_plain_public_key_is_read_like_its_info() {  // RFC 8017 §A.1.1
    const std::string info = make_rsa_pair(2048).value().public_key;
    // The plain key is all behind the BIT STRING's count of unused bits.
    const std::string plain = info.substr(24);
    const auto key = RsaPublicKey::read(plain);
    CPPUNIT_ASSERT(key && key->bits() == 2048);
    CPPUNIT_ASSERT_EQUAL(to_hex(info), to_hex(key->subject_public_key_info()));
    CPPUNIT_ASSERT_EQUAL(to_hex(info), to_hex(RsaPublicKey::read(info)->subject_public_key_info()));
    for (std::size_t size = 0; size < plain.size(); ++size)
      CPPUNIT_ASSERT(!RsaPublicKey::read(plain.substr(0, size)));
    CPPUNIT_ASSERT(!RsaPublicKey::read(plain + "x"));
  }

  void what_is_no_key_is_none() {
    CPPUNIT_ASSERT(!RsaPublicKey::read(""));
    CPPUNIT_ASSERT(!RsaPublicKey::read("nonsense"));
    CPPUNIT_ASSERT(!RsaPublicKey::read(*from_hex("30060201000201")));
    CPPUNIT_ASSERT(!RsaPublicKey::read(*from_hex("3080")));
    CPPUNIT_ASSERT(!RsaPublicKey::read(*from_hex("3083ffffff")));
    // SubjectPublicKeyInfo of an Ed25519 key (RFC 8410 §10.1).
    CPPUNIT_ASSERT(!RsaPublicKey::read(
        *from_base64("MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=")));
  }

  void a_secret_that_can_sign_is_known() {
    const auto pair = make_rsa_pair(1024);
    const std::string_view secret = pair.value().secret.view();
    CPPUNIT_ASSERT(is_rsa_secret(secret));
    CPPUNIT_ASSERT(!is_rsa_secret(""));
    CPPUNIT_ASSERT(!is_rsa_secret("nonsense"));
    CPPUNIT_ASSERT(!is_rsa_secret(secret.substr(0, secret.size() / 2)));
    // An Ed25519 key (RFC 8410 §10.3).
    CPPUNIT_ASSERT(
        !is_rsa_secret("-----BEGIN PRIVATE KEY-----\n"
                       "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
                       "-----END PRIVATE KEY-----\n"));
  }

  void no_failure_tells_a_secret() {
    const auto failed = rsa_sign("-----BEGIN PRIVATE KEY-----\nSECRET\n", sha256(""));
    CPPUNIT_ASSERT(!failed.ok() && failed.failure().fault == Fault::kCorrupt);
    CPPUNIT_ASSERT(failed.failure().private_text.find("SECRET") == std::string::npos);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RsaTest);

}  // namespace
}  // namespace fwd::crypto
