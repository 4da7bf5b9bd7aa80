// RSA signatures: GnuTLS believes them; what is no key is told.
#include "crypto/rsa_key.h"

#include <cppunit/extensions/HelperMacros.h>
#include <gnutls/abstract.h>

#include <thread>
#include <vector>

#include "crypto/digest.h"
#include "crypto/signing_pair.h"

namespace fwd::crypto {
namespace {

bool verifies(const std::string& public_key, const std::string& digest,
              const std::string& signature) {
  const auto datum = [](const std::string& text) {
    return gnutls_datum_t{reinterpret_cast<unsigned char*>(const_cast<char*>(text.data())),
                          static_cast<unsigned>(text.size())};
  };
  gnutls_pubkey_t key = nullptr;
  gnutls_pubkey_init(&key);
  const gnutls_datum_t der = datum(public_key), hash = datum(digest), sign = datum(signature);
  const bool good = gnutls_pubkey_import(key, &der, GNUTLS_X509_FMT_DER) == 0 &&
                    gnutls_pubkey_verify_hash2(key, GNUTLS_SIGN_RSA_SHA256, 0, &hash, &sign) >= 0;
  gnutls_pubkey_deinit(key);
  return good;
}

class RsaKeyTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(RsaKeyTest);
  CPPUNIT_TEST(others_believe_its_signatures);
  CPPUNIT_TEST(several_threads_may_sign);
  CPPUNIT_TEST(what_is_no_key_is_told);
  CPPUNIT_TEST_SUITE_END();

  SigningPair pair_ = make_rsa_pair(1024).value();

 public:
  // RFC 8017 §8.2.1
  void others_believe_its_signatures() {
    const auto key = RsaKey::read(pair_.secret.view());
    CPPUNIT_ASSERT(key.ok());
    const std::string signature = key.value()->sign_sha256(sha256("text"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{128}, signature.size());
    CPPUNIT_ASSERT(verifies(pair_.public_key, sha256("text"), signature));
    CPPUNIT_ASSERT(!verifies(pair_.public_key, sha256("other"), signature));
    CPPUNIT_ASSERT_EQUAL(std::string(), key.value()->sign_sha256("no digest"));
  }

  void several_threads_may_sign() {
    const auto key = RsaKey::read(pair_.secret.view());
    const std::string expected = key.value()->sign_sha256(sha256("text"));
    std::vector<std::string> made(4);
    std::vector<std::thread> threads;
    for (std::string& one : made)
      threads.emplace_back([&one, &key] {
        for (int i = 0; i < 50; ++i) one = key.value()->sign_sha256(sha256("text"));
      });
    for (std::thread& one : threads) one.join();
    for (const std::string& one : made) CPPUNIT_ASSERT(one == expected);
  }

  void what_is_no_key_is_told() {
    const std::string pem(pair_.secret.view());
    for (const std::string& bad : {std::string(), std::string("nonsense"), pem.substr(0, 300),
                                   "-----BEGIN CERTIFICATE-----\n" + pem.substr(28)}) {
      const auto key = RsaKey::read(bad);
      CPPUNIT_ASSERT(!key.ok() && key.failure().fault == Fault::kCorrupt);
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RsaKeyTest);

}  // namespace
}  // namespace fwd::crypto
