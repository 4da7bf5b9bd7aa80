// SCRAM-SHA-256: the RFC's exchange, and what must be refused.
#include "crypto/scram.h"

#include <cppunit/extensions/HelperMacros.h>

#include "core/text.h"
#include "crypto/digest.h"
#include "crypto/scram_message.h"

namespace fwd::crypto {
namespace {

// A client, written from RFC 5802 §3 and from nothing of ours but HMAC.
std::string client_final(const std::string& password, const ScramServer& server,
                         const std::string& gs2, const std::string& binding = {}) {
  const std::string& first = server.server_first();
  const std::string nonce(first.substr(2, first.find(',') - 2));
  const std::size_t s = first.find(",s=") + 3, i = first.find(",i=");
  const std::string salt = *from_base64(first.substr(s, i - s));
  const auto rounds = static_cast<std::uint32_t>(*parse_number(first.substr(i + 3)));
  const std::string salted(pbkdf2_sha256(password, salt, rounds).view());
  const std::string client_key = hmac_sha256(salted, "Client Key");
  const std::string without = "c=" + to_base64(gs2 + binding) + ",r=" + nonce;
  const std::string auth = server.client_first().bare + "," + first + "," + without;
  std::string proof = hmac_sha256(sha256(client_key), auth);
  for (std::size_t at = 0; at < proof.size(); at++)
    proof[at] = static_cast<char>(proof[at] ^ client_key[at]);
  return without + ",p=" + to_base64(proof);
}

class ScramTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ScramTest);
  CPPUNIT_TEST(the_exchange_of_rfc_7677_succeeds);
  CPPUNIT_TEST(a_wrong_password_is_a_bad_login);
  CPPUNIT_TEST(any_of_several_passwords_fits);
  CPPUNIT_TEST(the_client_key_is_given);
  CPPUNIT_TEST(channel_bindings_must_match);
  CPPUNIT_TEST(a_downgrade_is_refused);
  CPPUNIT_TEST(an_exchange_answers_once);
  CPPUNIT_TEST(no_octet_of_the_last_message_can_be_changed);
  CPPUNIT_TEST(names_are_decoded);
  CPPUNIT_TEST(bad_first_messages_are_refused);
  CPPUNIT_TEST(bad_last_messages_are_refused);
  CPPUNIT_TEST(extensions_are_passed_over);
  CPPUNIT_TEST(a_decoy_looks_alike_and_never_fits);
  CPPUNIT_TEST(a_verifier_is_read_as_it_was_written);
  CPPUNIT_TEST_SUITE_END();

  static ScramVerifier verifier(const char* password = "pencil") {
    return make_scram_keys(password, "sixteen octets..", 4096).verifier;
  }
  static ScramServer begin(const std::string& message, bool plus = false) {
    auto first = parse_client_first(message, plus);
    CPPUNIT_ASSERT_MESSAGE(message, first.ok());
    return ScramServer(std::move(first).value(), {verifier()});
  }
  static void assert_refused(Fault fault, const std::string& message, bool plus = false) {
    auto first = parse_client_first(message, plus);
    CPPUNIT_ASSERT_MESSAGE(message, !first.ok() && first.failure().fault == fault);
  }

 public:
  void a_verifier_is_read_as_it_was_written() {
    const ScramVerifier made = make_scram_keys("secret", "0123456789abcdef", 4096).verifier;
    const std::string text = write_scram_verifier(made);
    const auto read = read_scram_verifier(text);
    CPPUNIT_ASSERT(read && read->salt == made.salt && read->iterations == 4096);
    CPPUNIT_ASSERT(read->stored_key == made.stored_key && read->server_key == made.server_key);
    for (std::size_t size = 0; size < text.size(); ++size)
      CPPUNIT_ASSERT(!read_scram_verifier(std::string_view(text).substr(0, size)));
    CPPUNIT_ASSERT(!read_scram_verifier("SCRAM-SHA-256$0" + text.substr(18)));
  }

  // RFC 7677 §3
  void the_exchange_of_rfc_7677_succeeds() {
    const std::string salt = *from_base64("W22ZaJ0SNY7soEsUEjb6gQ==");
    auto first = parse_client_first("n,,n=user,r=rOprNGfwEbeRWgbNEkqO", false);
    CPPUNIT_ASSERT(first.ok() && first.value().username == "user");
    ScramServer server(std::move(first).value(), {make_scram_keys("pencil", salt, 4096).verifier},
                       "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
    CPPUNIT_ASSERT_EQUAL(std::string("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                                     "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"),
                         server.server_first());
    auto proven = server.finish(
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
        "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        {});
    CPPUNIT_ASSERT(proven.ok());
    CPPUNIT_ASSERT_EQUAL(std::string("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="),
                         proven.value().server_final);
  }

  void a_wrong_password_is_a_bad_login() {
    ScramServer server = begin("n,,n=user,r=abc");
    auto proven = server.finish(client_final("pencils", server, "n,,"), {});
    CPPUNIT_ASSERT(proven.failure().fault == Fault::kBadLogin);
  }

  void any_of_several_passwords_fits() {
    auto first = parse_client_first("n,,n=user,r=abc", false).value();
    ScramServer server(std::move(first), {verifier("one"), verifier("two"), verifier("three")});
    auto proven = server.finish(client_final("two", server, "n,,"), {});
    CPPUNIT_ASSERT(proven.ok() && proven.value().which == 1);
  }

  void the_client_key_is_given() {
    ScramServer server = begin("y,,n=user,r=abc");
    auto proven = server.finish(client_final("pencil", server, "y,,"), {});
    CPPUNIT_ASSERT(proven.ok());
    const ScramKeys keys = make_scram_keys("pencil", "sixteen octets..", 4096);
    CPPUNIT_ASSERT(equal(keys.client_key.view(), proven.value().client_key.view()));
  }

  // RFC 9266 §2, RFC 5929 §4
  void channel_bindings_must_match() {
    const std::string gs2 = "p=tls-exporter,,", data(32, 'b');
    for (const auto& [client, ours, good] :
         {std::tuple{data, data, true}, std::tuple{data, std::string(32, 'x'), false},
          std::tuple{std::string(), data, false}, std::tuple{data, std::string(), false},
          std::tuple{std::string(), std::string(), false}}) {
      ScramServer server = begin(gs2 + "n=user,r=abc", true);
      CPPUNIT_ASSERT_EQUAL(std::string("tls-exporter"), server.client_first().binding_name);
      auto proven = server.finish(client_final("pencil", server, gs2, client), ours);
      CPPUNIT_ASSERT_EQUAL(good, proven.ok());
    }
    ScramServer server = begin("p=tls-server-end-point,,n=user,r=abc", true);
    auto proven =
        server.finish(client_final("pencil", server, "p=tls-server-end-point,,", data), data);
    CPPUNIT_ASSERT(proven.ok());
    // Without a binding there is nothing to compare with, whatever our side has.
    ScramServer plain = begin("n,,n=user,r=abc", true);
    CPPUNIT_ASSERT(plain.finish(client_final("pencil", plain, "n,,"), data).ok());
    // The flag was changed on the way.
    ScramServer changed = begin("n,,n=user,r=abc", true);
    CPPUNIT_ASSERT(!changed.finish(client_final("pencil", changed, "y,,"), {}).ok());
  }

  // RFC 5802 §6
  void a_downgrade_is_refused() {
    assert_refused(Fault::kBadLogin, "y,,n=user,r=abc", true);
    CPPUNIT_ASSERT(parse_client_first("y,,n=user,r=abc", false).ok());
    CPPUNIT_ASSERT(parse_client_first("n,,n=user,r=abc", true).ok());
    assert_refused(Fault::kBadLogin, "p=tls-exporter,,n=user,r=abc", false);
    assert_refused(Fault::kBadLogin, "p=tls-unique,,n=user,r=abc", true);
  }

  void an_exchange_answers_once() {
    ScramServer server = begin("n,,n=user,r=abc");
    const std::string last = client_final("pencil", server, "n,,");
    CPPUNIT_ASSERT(server.finish(last, {}).ok());
    CPPUNIT_ASSERT(server.finish(last, {}).failure().fault == Fault::kWrongState);
  }

  void no_octet_of_the_last_message_can_be_changed() {
    std::size_t size = 1;
    for (std::size_t at = 0; at < size; at++) {
      ScramServer server = begin("n,,n=user,r=abc");
      std::string last = client_final("pencil", server, "n,,");
      size = last.size();
      last[at] = static_cast<char>(last[at] ^ 1);
      CPPUNIT_ASSERT_MESSAGE(last, !server.finish(last, {}).ok());
    }
  }

  void names_are_decoded() {
    auto first = parse_client_first("n,,n=a=2Cb=3Dc@x.test,r=abc", false);
    CPPUNIT_ASSERT_EQUAL(std::string("a,b=c@x.test"), first.value().username);
    first = parse_client_first("n,a=me@x.test,n=Me@x.test,r=abc", false);
    CPPUNIT_ASSERT_EQUAL(std::string("n,a=me@x.test,"), first.value().gs2_header);
    assert_refused(Fault::kBadLogin, "n,a=you@x.test,n=me@x.test,r=abc");
  }

  // RFC 5802 §7
  void bad_first_messages_are_refused() {
    for (const std::string message : {"",
                                      "n",
                                      "n,",
                                      "n,,",
                                      "x,,n=user,r=abc",
                                      "p=,,n=user,r=abc",
                                      "p=a b,,n=user,r=abc",
                                      "N,,n=user,r=abc",
                                      "n,n=user,r=abc",
                                      "n,,n=,r=abc",
                                      "n,,n=us=er,r=abc",
                                      "n,,n=a=2,r=abc",
                                      "n,,n=a=2c,r=abc",
                                      "n,,n=user",
                                      "n,,n=user,r=",
                                      "n,,n=user,r=a b",
                                      "n,,r=abc,n=user",
                                      "n,,m=x,n=user,r=abc",
                                      "n,,n=user,r=abc,",
                                      "n,,n=user,r=abc,x",
                                      "n,,n=user,r=abc,m=x",
                                      "n,,n=user,r=abc,x=1,",
                                      "n,a=,n=user,r=abc",
                                      "n,b=c,n=user,r=abc",
                                      "n,,n=\xff,r=abc",
                                      "n,,n=user,r=\xc3\xa9"})
      assert_refused(Fault::kBadInput, message, true);
    assert_refused(Fault::kBadInput, std::string("n,,n=a\0b,r=abc", 14));
    assert_refused(Fault::kBadInput, "n,,n=" + std::string(2000, 'a') + ",r=abc");
    assert_refused(Fault::kBadInput, "n,,n=user,r=" + std::string(2000, 'a'));
    assert_refused(Fault::kBadInput, "n,,n=user,r=abc,x=" + std::string(5000, 'a'));
  }

  void bad_last_messages_are_refused() {
    for (const char* message :
         {"", "c=biws", "c=biws,r=abc",
          "r=abc,c=biws,p=YQ==", "c=biws,r=,p=YQ==", "c=biw,r=abc,p=YQ==", "c=biws,r=abc,p=Y",
          "c=biws,r=abc,m=x,p=YQ==", "c=biws,r=abc,,p=YQ==", "biws,r=abc,p=YQ==", ",p=YQ=="})
      CPPUNIT_ASSERT_MESSAGE(message,
                             parse_client_final(message).failure().fault == Fault::kBadInput);
    CPPUNIT_ASSERT(!parse_client_final("c=biws,r=" + std::string(5000, 'a') + ",p=YQ==").ok());
    CPPUNIT_ASSERT(parse_client_final("c=biws,r=abc,p=YQ==").ok());
  }

  void extensions_are_passed_over() {
    ScramServer server = begin("n,,n=user,r=abc,x=1,y=two");
    CPPUNIT_ASSERT(server.finish(client_final("pencil", server, "n,,"), {}).ok());
    CPPUNIT_ASSERT(parse_client_final("c=biws,r=abc,x=1,p=YQ==").value().without_proof ==
                   "c=biws,r=abc,x=1");
  }

  void a_decoy_looks_alike_and_never_fits() {
    const auto key = SecretKey::from(std::string(32, 'k'));
    const ScramVerifier decoy = scram_decoy(key, "Nobody@x.test");
    CPPUNIT_ASSERT(decoy.salt == scram_decoy(key, "nobody@X.test").salt);
    CPPUNIT_ASSERT(decoy.salt != scram_decoy(key, "nobody2@x.test").salt);
    CPPUNIT_ASSERT(decoy.salt != scram_decoy(SecretKey::random(), "nobody@x.test").salt);
    CPPUNIT_ASSERT_EQUAL(kScramSaltSize, decoy.salt.size());
    CPPUNIT_ASSERT_EQUAL(kScramIterations, decoy.iterations);
    auto first = parse_client_first("n,,n=nobody@x.test,r=abc", false).value();
    ScramServer server(std::move(first), {decoy});
    CPPUNIT_ASSERT_EQUAL(begin("n,,n=user,r=abc").server_first().size(),
                         server.server_first().size());
    auto proven = server.finish(client_final("pencil", server, "n,,"), {});
    CPPUNIT_ASSERT(proven.failure().fault == Fault::kBadLogin);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ScramTest);

}  // namespace
}  // namespace fwd::crypto
