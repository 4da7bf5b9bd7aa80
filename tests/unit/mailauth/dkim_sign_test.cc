// DKIM signatures: their shape, RFC 8463's example, what is refused.
#include "mailauth/signatures/dkim_sign.h"

#include <cppunit/extensions/HelperMacros.h>
#include <gnutls/x509.h>

#include "core/text.h"
#include "crypto/digest.h"
#include "mailauth/signatures/dkim_canon.h"
#include "unit/mailauth/published_mail.h"

namespace fwd::mailauth {
namespace {

using test::kDinner;

model::SigningKey ed25519_key() {
  model::SigningKey key;
  key.domain = "football.example.com";
  key.selector = "brisbane";
  key.algorithm = "ed25519";
  key.secret = *from_base64("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=");  // RFC 8463 §A.1
  return key;
}

model::SigningKey rsa_key() {
  static const std::string pem = [] {
    gnutls_x509_privkey_t made = nullptr;
    gnutls_x509_privkey_init(&made);
    gnutls_x509_privkey_generate(made, GNUTLS_PK_RSA, 2048, 0);
    gnutls_datum_t out{};
    gnutls_x509_privkey_export2_pkcs8(made, GNUTLS_X509_FMT_PEM, nullptr, GNUTLS_PKCS_PLAIN, &out);
    std::string text(reinterpret_cast<const char*>(out.data), out.size);
    gnutls_free(out.data);
    gnutls_x509_privkey_deinit(made);
    return text;
  }();
  model::SigningKey key;
  key.domain = "football.example.com";
  key.selector = "test";
  key.algorithm = "rsa";
  key.secret = pem;
  return key;
}

std::string without_folding(const std::string& text) {
  std::string plain;
  for (const char c : text)
    if (c != '\r' && c != '\n' && c != '\t' && c != ' ') plain += c;
  return plain;
}

class DkimSignTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DkimSignTest);
  CPPUNIT_TEST(both_algorithms_sign_one_message);
  CPPUNIT_TEST(the_example_has_the_body_hash_of_the_rfc);
  CPPUNIT_TEST(from_is_signed_once_more_than_it_is_there);
  CPPUNIT_TEST(the_same_message_and_time_give_the_same_signature);
  CPPUNIT_TEST(messages_that_cannot_be_signed_are_refused);
  CPPUNIT_TEST(keys_that_cannot_be_used_are_told);
  CPPUNIT_TEST(odd_bodies_and_headers_are_signed);
  CPPUNIT_TEST(our_body_hash_is_the_librarys);
  CPPUNIT_TEST(fields_are_relaxed_as_the_rfc_shows);
  CPPUNIT_TEST_SUITE_END();

  DkimSigner signer_;

  std::string sign(const std::string& message, const std::vector<model::SigningKey>& keys) {
    const auto made = signer_.sign(message, keys, 1528637909);
    CPPUNIT_ASSERT_MESSAGE(made.ok() ? "" : made.failure().private_text, made.ok());
    return made.value();
  }

 public:
  void both_algorithms_sign_one_message() {
    const std::string fields = sign(kDinner, {rsa_key(), ed25519_key()});
    const std::string plain = without_folding(fields);
    CPPUNIT_ASSERT(plain.find("a=rsa-sha256;") != plain.npos);
    CPPUNIT_ASSERT(plain.find("a=ed25519-sha256;") != plain.npos);
    CPPUNIT_ASSERT(plain.find("c=relaxed/relaxed;") != plain.npos);
    CPPUNIT_ASSERT(plain.find("t=1528637909;") != plain.npos);
    CPPUNIT_ASSERT(plain.find(";l=") == plain.npos);
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, fields.find("DKIM-Signature: "));
    CPPUNIT_ASSERT_EQUAL(std::string("\r\n"), fields.substr(fields.size() - 2));
    for (std::size_t at = fields.find('\n'); at != fields.npos; at = fields.find('\n', at + 1)) {
      CPPUNIT_ASSERT_EQUAL('\r', fields[at - 1]);
      const bool goes_on = at + 1 == fields.size() || fields[at + 1] == ' ' ||
                           fields[at + 1] == '\t' || fields.compare(at + 1, 5, "DKIM-") == 0;
      CPPUNIT_ASSERT(goes_on);
    }
  }

  // RFC 8463 §A.3
  void the_example_has_the_body_hash_of_the_rfc() {
    const std::string plain = without_folding(sign(kDinner, {ed25519_key()}));
    CPPUNIT_ASSERT(plain.find("bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;") != plain.npos);
    CPPUNIT_ASSERT(plain.find("d=football.example.com;") != plain.npos);
    CPPUNIT_ASSERT(plain.find("s=brisbane;") != plain.npos);
    // 64 octets of signature.
    const std::size_t at = plain.find(";b=");
    CPPUNIT_ASSERT(at != plain.npos);
    const auto octets = from_base64(plain.substr(at + 3, 88));
    CPPUNIT_ASSERT(octets && octets->size() == 64);
  }

  // RFC 6376 §8.15
  void from_is_signed_once_more_than_it_is_there() {
    const std::string plain = to_lower(without_folding(sign(kDinner, {ed25519_key()})));
    const std::size_t begin = plain.find(";h=") + 3;
    const std::string list = ":" + plain.substr(begin, plain.find(';', begin) - begin) + ":";
    const std::size_t first = list.find(":from:");
    CPPUNIT_ASSERT(first != list.npos && list.find(":from:", first + 1) != list.npos);
    for (const char* name : {":to:", ":subject:", ":date:", ":message-id:"})
      CPPUNIT_ASSERT_MESSAGE(name, list.find(name) != list.npos);
  }

  void the_same_message_and_time_give_the_same_signature() {
    const std::string one = sign(kDinner, {ed25519_key()});
    CPPUNIT_ASSERT_EQUAL(one, sign(kDinner, {ed25519_key()}));
    CPPUNIT_ASSERT(one !=
                   sign("X-Not-Signed: 1\r\nCc: a@b.example\r\n" + kDinner, {ed25519_key()}));
  }

  void messages_that_cannot_be_signed_are_refused() {
    for (const std::string& bad :
         {std::string("To: a@b\r\n\r\nx\r\n"), std::string("From: a@b\n\nx\n"),
          std::string("From: a@b\r\n\r\nx\ry\r\n"), std::string("From a@b\r\n\r\n"),
          std::string(" From: a@b\r\n\r\n"), std::string()}) {
      const auto made = signer_.sign(bad, {ed25519_key()}, 1);
      CPPUNIT_ASSERT_MESSAGE(bad, !made.ok());
      CPPUNIT_ASSERT(made.failure().fault == Fault::kBadInput);
    }
  }

  void keys_that_cannot_be_used_are_told() {
    model::SigningKey short_key = ed25519_key();
    short_key.secret.pop_back();
    model::SigningKey no_pem = rsa_key();
    no_pem.secret = "nonsense";
    model::SigningKey wrong_kind = rsa_key();
    wrong_kind.algorithm = "dsa";
    for (const model::SigningKey& key : {short_key, no_pem, wrong_kind}) {
      const auto made = signer_.sign(kDinner, {key}, 1);
      CPPUNIT_ASSERT(!made.ok() && made.failure().fault == Fault::kCorrupt);
      CPPUNIT_ASSERT(made.failure().private_text.find(key.selector) != std::string::npos);
    }
    CPPUNIT_ASSERT_EQUAL(std::string(), sign(kDinner, {}));
  }

  void odd_bodies_and_headers_are_signed() {
    const std::string head = "From: a@b.example\r\nSubject: a\r\n\tb\r\n";
    sign(head, {ed25519_key()});
    sign(head + "\r\n", {ed25519_key()});
    sign(head + "\r\n" + std::string(3 << 20, 'x'), {ed25519_key()});
    sign(head + "\r\nno end of line", {ed25519_key()});
    sign(head + "Subject: again\r\nX: " + std::string(100000, 'y') + "\r\n\r\nbody\r\n",
         {ed25519_key(), rsa_key()});
  }

  void our_body_hash_is_the_librarys() {
    const auto hash_of = [](const std::string& field) {
      const std::string plain = without_folding(field);
      const std::size_t begin = plain.find(";bh=");
      return plain.substr(begin, plain.find(';', begin + 1) - begin);
    };
    unsigned state = 7;
    const auto random = [&state](unsigned below) {
      state = state * 1103515245 + 12345;
      return (state >> 16) % below;
    };
    static constexpr std::string_view kPieces[] = {" ", "\t",  "\r\n", "\r\n\r\n",
                                                   "a", "b  ", ".",    "\xc3"};
    for (int i = 0; i < 200; ++i) {
      std::string body;
      for (unsigned n = random(40); n > 0; --n) body += kPieces[random(8)];
      const std::string message = "From: a@b.example\r\n\r\n" + body;
      CPPUNIT_ASSERT_EQUAL_MESSAGE(to_hex(body), hash_of(sign(message, {rsa_key()})),
                                   hash_of(sign(message, {ed25519_key()})));
    }
    const std::string large = "From: a@b.example\r\n\r\n" + std::string(100000, 'x') + "\r\n" +
                              std::string(50000, ' ') + "\r\nend";
    CPPUNIT_ASSERT_EQUAL(hash_of(sign(large, {rsa_key()})), hash_of(sign(large, {ed25519_key()})));
  }

  // RFC 6376 §3.4.5
  void fields_are_relaxed_as_the_rfc_shows() {
    CPPUNIT_ASSERT_EQUAL(std::string("a:X"), relaxed_field("A: X"));
    CPPUNIT_ASSERT_EQUAL(std::string("b:Y Z"), relaxed_field("B : Y\t\r\n\tZ  "));
    CPPUNIT_ASSERT_EQUAL(std::string("c:"), relaxed_field("C:"));
    CPPUNIT_ASSERT_EQUAL(crypto::sha256(" C\r\nD E\r\n"),
                         relaxed_body_hash(" C \r\nD \t E\r\n\r\n\r\n"));
    CPPUNIT_ASSERT_EQUAL(crypto::sha256(""), relaxed_body_hash("\r\n \r\n"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DkimSignTest);

}  // namespace
}  // namespace fwd::mailauth
