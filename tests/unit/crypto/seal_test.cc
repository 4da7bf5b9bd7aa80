// Sealing: what was tampered with does not open.
#include "crypto/seal.h"

#include <cppunit/extensions/HelperMacros.h>

#include "core/text.h"
#include "crypto/page.h"
#include "crypto/random.h"

namespace fwd::crypto {
namespace {

class SealTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SealTest);
  CPPUNIT_TEST(what_was_sealed_opens);
  CPPUNIT_TEST(no_octet_can_be_changed_or_cut);
  CPPUNIT_TEST(key_and_purpose_must_be_the_same);
  CPPUNIT_TEST(subkeys_differ_by_purpose_and_key);
  CPPUNIT_TEST(the_inbox_opens_with_both_secrets_only);
  CPPUNIT_TEST(no_octet_of_inbox_mail_can_be_changed_or_cut);
  CPPUNIT_TEST(useless_public_keys_are_refused);
  CPPUNIT_TEST(x25519_agrees_with_rfc_7748);
  CPPUNIT_TEST(a_page_is_libsodiums_one_shot_function);
  CPPUNIT_TEST_SUITE_END();

  const SecretKey key_ = SecretKey::random();

  template <typename Open>
  static void assert_tamper_proof(std::string sealed, Open open) {
    CPPUNIT_ASSERT(open(sealed).ok());
    for (std::size_t at = 0; at < sealed.size(); at++)
      for (const unsigned bit : {1U, 0x80U}) {
        sealed[at] = static_cast<char>(static_cast<unsigned char>(sealed[at]) ^ bit);
        // X25519 ignores a public key's top bit (RFC 7748 §5); the key binds it all the same.
        CPPUNIT_ASSERT(open(sealed).failure().fault == Fault::kCorrupt);
        sealed[at] = static_cast<char>(static_cast<unsigned char>(sealed[at]) ^ bit);
      }
    for (std::size_t size = 0; size < sealed.size(); size++)
      CPPUNIT_ASSERT(!open(sealed.substr(0, size)).ok());
    CPPUNIT_ASSERT(!open(sealed + "x").ok());
  }

 public:
  void what_was_sealed_opens() {
    for (const std::size_t size : {0, 1, 64, 100000}) {
      const std::string plain(size, 'p');
      const std::string sealed = seal(key_, "test", plain);
      CPPUNIT_ASSERT_EQUAL(size + kSealOverhead, sealed.size());
      CPPUNIT_ASSERT(open_sealed(key_, "test", sealed).value() == plain);
      CPPUNIT_ASSERT(open_sealed_secret(key_, "test", sealed).value().view() == plain);
    }
    CPPUNIT_ASSERT(seal(key_, "test", "same") != seal(key_, "test", "same"));
  }

  void no_octet_can_be_changed_or_cut() {
    const std::string sealed = seal(key_, "test", "a secret");
    assert_tamper_proof(sealed, [&](const std::string& s) { return open_sealed(key_, "test", s); });
    assert_tamper_proof(sealed,
                        [&](const std::string& s) { return open_sealed_secret(key_, "test", s); });
  }

  void key_and_purpose_must_be_the_same() {
    const std::string sealed = seal(key_, "dkim a.test", "a secret");
    CPPUNIT_ASSERT(!open_sealed(key_, "dkim b.test", sealed).ok());
    CPPUNIT_ASSERT(!open_sealed(SecretKey::random(), "dkim a.test", sealed).ok());
  }

  void subkeys_differ_by_purpose_and_key() {
    CPPUNIT_ASSERT(equal(subkey(key_, "a").view(), subkey(key_, "a").view()));
    CPPUNIT_ASSERT(!equal(subkey(key_, "a").view(), subkey(key_, "b").view()));
    CPPUNIT_ASSERT(!equal(subkey(key_, "a").view(), subkey(SecretKey::random(), "a").view()));
  }

  void the_inbox_opens_with_both_secrets_only() {
    const InboxPair inbox = make_inbox_pair(), other = make_inbox_pair();
    CPPUNIT_ASSERT_EQUAL(kInboxPublicSize, inbox.public_key.size());
    const std::string mail(70000, 'm');
    const std::string sealed = seal_to_inbox(inbox.public_key, key_, mail, "box 1").value();
    CPPUNIT_ASSERT_EQUAL(mail.size() + kInboxOverhead, sealed.size());
    CPPUNIT_ASSERT(sealed.find("mmm") == std::string::npos);
    CPPUNIT_ASSERT(open_from_inbox(inbox.secret, key_, sealed, "box 1").value() == mail);
    CPPUNIT_ASSERT(!open_from_inbox(inbox.secret, key_, sealed, "box 2").ok());
    CPPUNIT_ASSERT(!open_from_inbox(other.secret, key_, sealed, "box 1").ok());
    CPPUNIT_ASSERT(!open_from_inbox(inbox.secret, SecretKey::random(), sealed, "box 1").ok());
    CPPUNIT_ASSERT(seal_to_inbox(inbox.public_key, key_, mail, "box 1").value() != sealed);
  }

  void no_octet_of_inbox_mail_can_be_changed_or_cut() {
    const InboxPair inbox = make_inbox_pair();
    assert_tamper_proof(
        seal_to_inbox(inbox.public_key, key_, "mail").value(),
        [&](const std::string& s) { return open_from_inbox(inbox.secret, key_, s); });
  }

  void useless_public_keys_are_refused() {
    for (const std::string& bad :
         {std::string(), std::string(31, 'x'), std::string(32, '\0'), std::string(33, 'x')})
      CPPUNIT_ASSERT(seal_to_inbox(bad, key_, "mail").failure().fault == Fault::kBadInput);
  }

  // RFC 7748 §6.1
  void x25519_agrees_with_rfc_7748() {
    const auto alice = SecretKey::from(
        *from_hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
    CPPUNIT_ASSERT_EQUAL(
        std::string("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"),
        to_hex(inbox_public_of(alice)));
  }

  void a_page_is_libsodiums_one_shot_function() {
    for (const std::size_t size : {1, 15, 16, 4048, 4064}) {
      const std::string plain = random_octets(size), iv = random_octets(16),
                        additional = random_octets(20);
      const auto octets = [](const std::string& s) {
        return reinterpret_cast<const unsigned char*>(s.data());
      };
      std::string sealed(size, '\0'), opened(size, '\0'), tag(16, '\0');
      page_stream(key_.data(), octets(iv), octets(plain), size,
                  reinterpret_cast<unsigned char*>(sealed.data()));
      page_tag(key_.data(), octets(iv), octets(additional), octets(sealed), size,
               reinterpret_cast<unsigned char*>(tag.data()));
      CPPUNIT_ASSERT(open_page(key_.data(), octets(iv), octets(additional), octets(sealed), size,
                               octets(tag), reinterpret_cast<unsigned char*>(opened.data())));
      CPPUNIT_ASSERT(opened == plain);
      tag[3] = static_cast<char>(tag[3] ^ 1);
      CPPUNIT_ASSERT(!open_page(key_.data(), octets(iv), octets(additional), octets(sealed), size,
                                octets(tag), reinterpret_cast<unsigned char*>(opened.data())));
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SealTest);

}  // namespace
}  // namespace fwd::crypto
