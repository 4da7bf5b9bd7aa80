// Passwords, recovery codes, and the bundles they open.
#include "crypto/credentials.h"

#include <cppunit/extensions/HelperMacros.h>

#include <set>

#include "core/text.h"
#include "crypto/seal.h"

namespace fwd::crypto {
namespace {

bool same(const Bundle& a, const Bundle& b) {
  return equal(a.mailbox_key.view(), b.mailbox_key.view()) &&
         equal(a.inbox_secret.view(), b.inbox_secret.view());
}

constexpr char kChosenPassword[] = "violet-kumquat-96 orbits";

class CredentialsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(CredentialsTest);
  CPPUNIT_TEST(generated_passwords_are_long_clear_and_distinct);
  CPPUNIT_TEST(recovery_codes_forgive_how_they_are_typed);
  CPPUNIT_TEST(a_mistyped_recovery_code_is_noticed);
  CPPUNIT_TEST(passwords_are_prepared_alike_however_they_are_composed);
  CPPUNIT_TEST(weak_passwords_are_told_why);
  CPPUNIT_TEST(a_generated_password_opens_by_plain_and_by_scram);
  CPPUNIT_TEST(generated_passwords_may_share_a_salt);
  CPPUNIT_TEST(a_chosen_password_opens_by_plain_only);
  CPPUNIT_TEST(a_recovery_code_opens_the_bundle_but_is_no_login);
  CPPUNIT_TEST(a_new_password_opens_the_same_mailbox);
  CPPUNIT_TEST(the_right_one_of_several_is_found);
  CPPUNIT_TEST(nothing_of_the_keys_is_stored_in_clear);
  CPPUNIT_TEST_SUITE_END();

  const Bundle bundle_ = Bundle::random();

 public:
  void generated_passwords_are_long_clear_and_distinct() {
    std::set<std::string> seen;
    for (int i = 0; i < 200; i++) {
      const std::string password = make_generated_password();
      CPPUNIT_ASSERT_EQUAL(std::size_t{24}, password.size());
      for (const char c : password) {
        CPPUNIT_ASSERT(is_alnum(c));
        CPPUNIT_ASSERT(std::string_view("0Oo1lI").find(c) == std::string_view::npos);
      }
      CPPUNIT_ASSERT(seen.insert(password).second);
    }
  }

  void recovery_codes_forgive_how_they_are_typed() {
    for (int i = 0; i < 50; i++) {
      const std::string code = make_recovery_code();
      CPPUNIT_ASSERT_EQUAL(std::size_t{34}, code.size());
      const std::string normal = normalise_recovery_code(code).value();
      CPPUNIT_ASSERT_EQUAL(std::size_t{28}, normal.size());
      std::string typed = "  " + to_lower(code) + "\n";
      for (char& c : typed) {
        if (c == '-') c = ' ';
        if (c == '0') c = 'o';
        if (c == '1') c = 'l';
      }
      CPPUNIT_ASSERT_EQUAL(normal, normalise_recovery_code(typed).value());
    }
  }

  void a_mistyped_recovery_code_is_noticed() {
    const std::string code = make_recovery_code();
    for (const std::string& bad :
         {std::string(), code.substr(1), code + "7", code + code, "U" + code.substr(1)})
      CPPUNIT_ASSERT(normalise_recovery_code(bad).failure().fault == Fault::kBadInput);
    int unnoticed = 0;
    for (std::size_t at = 0; at < code.size(); at++) {
      std::string bad = code;
      if (bad[at] == '-') continue;
      bad[at] = bad[at] == '7' ? '8' : '7';
      if (normalise_recovery_code(bad).ok()) unnoticed++;
    }
    CPPUNIT_ASSERT(unnoticed <= 1);  // each by chance one in 1024
  }

  // RFC 8265 §4.2
  void passwords_are_prepared_alike_however_they_are_composed() {
    CPPUNIT_ASSERT(prepare_password("plain ASCII ~").value().view() == "plain ASCII ~");
    CPPUNIT_ASSERT(equal(prepare_password("caf\xC3\xA9").value().view(),
                         prepare_password("cafe\xCC\x81").value().view()));
    for (const std::string& bad :
         {std::string(), std::string("a\tb"), std::string("a\0b", 3), std::string("\xff"),
          std::string("a\x7f"), std::string(513, 'a')})
      CPPUNIT_ASSERT(prepare_password(bad).failure().fault == Fault::kBadInput);
  }

  void weak_passwords_are_told_why() {
    for (const char* weak : {"password", "12345678", "qwertyuiop", "aaaaaaaaaaaa", "P@ssw0rd1",
                             "abcdefgh", "2026-01-01", "x7", "letmein2"}) {
      const Strength strength = password_strength(weak, {});
      CPPUNIT_ASSERT_MESSAGE(weak, strength.score < kGoodScore && !strength.why.empty());
      CPPUNIT_ASSERT(make_chosen(weak, bundle_, {}).failure().fault == Fault::kBadInput);
    }
    for (const std::string& strong :
         {std::string(kChosenPassword), make_generated_password(), std::string(400, 'x') + "7Kq"}) {
      const Strength strength = password_strength(strong, {});
      CPPUNIT_ASSERT_MESSAGE(strong, strong.size() > 100 || strength.score >= kGoodScore);
      CPPUNIT_ASSERT(strength.score < kGoodScore || strength.why.empty());
    }
    const std::string name = "wolframina.zyx";
    CPPUNIT_ASSERT(password_strength(name, {}).score >
                   password_strength(name, {"wolframina.zyx"}).score);
    CPPUNIT_ASSERT_EQUAL(password_strength(name, {"wolframina.zyx"}).score,
                         password_strength(name, {"Wolframina.ZYX"}).score);
  }

  void a_generated_password_opens_by_plain_and_by_scram() {
    const std::string password = make_generated_password();
    const StoredCredential stored = make_generated(password, bundle_).value();
    CPPUNIT_ASSERT(same(bundle_, open_plain(stored, password).value()));
    CPPUNIT_ASSERT(open_plain(stored, password + "x").failure().fault == Fault::kBadLogin);
    CPPUNIT_ASSERT(open_plain(stored, "").failure().fault == Fault::kBadLogin);
    CPPUNIT_ASSERT(stored.has_scram());
    const ScramKeys keys = make_scram_keys(password, stored.salt, stored.scram_iterations);
    CPPUNIT_ASSERT(equal(keys.verifier.stored_key, stored.scram().stored_key));
    CPPUNIT_ASSERT(equal(keys.verifier.server_key, stored.scram().server_key));
    CPPUNIT_ASSERT(same(bundle_, open_scram(stored, keys.client_key).value()));
    CPPUNIT_ASSERT(open_scram(stored, SecretKey::random()).failure().fault == Fault::kBadLogin);
  }

  void generated_passwords_may_share_a_salt() {
    const StoredCredential one = make_generated(make_generated_password(), bundle_).value();
    const StoredCredential two =
        make_generated(make_generated_password(), bundle_, one.salt).value();
    CPPUNIT_ASSERT(one.salt == two.salt && one.salt.size() == kScramSaltSize);
    CPPUNIT_ASSERT(one.scram_stored_key != two.scram_stored_key);
  }

  void a_chosen_password_opens_by_plain_only() {
    const StoredCredential stored = make_chosen(kChosenPassword, bundle_, {}).value();
    CPPUNIT_ASSERT(!stored.has_scram() && stored.sealed_scram.empty());
    CPPUNIT_ASSERT(stored.argon.memory_kib >= 19456 && stored.argon.passes >= 2);
    CPPUNIT_ASSERT(same(bundle_, open_plain(stored, kChosenPassword).value()));
    CPPUNIT_ASSERT(open_plain(stored, "wrong").failure().fault == Fault::kBadLogin);
    CPPUNIT_ASSERT(open_scram(stored, SecretKey::random()).failure().fault == Fault::kBadLogin);
    CPPUNIT_ASSERT(!make_chosen(kChosenPassword, bundle_, {}, ArgonCost{64, 1}).ok());
  }

  void a_recovery_code_opens_the_bundle_but_is_no_login() {
    const std::string code = make_recovery_code();
    const StoredCredential stored = make_recovery(code, bundle_).value();
    CPPUNIT_ASSERT(same(bundle_, open_plain(stored, to_lower(code)).value()));
    CPPUNIT_ASSERT(!open_plain(stored, make_recovery_code()).ok());
    CPPUNIT_ASSERT(!make_recovery("not a code", bundle_).ok());
    CPPUNIT_ASSERT(open_any({&stored, 1}, code).failure().fault == Fault::kBadLogin);
  }

  void a_new_password_opens_the_same_mailbox() {
    const std::string old_password = make_generated_password();
    const StoredCredential old = make_generated(old_password, bundle_).value();
    const Bundle opened = open_plain(old, old_password).value();
    const StoredCredential renewed = make_chosen(kChosenPassword, opened, {}).value();
    CPPUNIT_ASSERT(same(bundle_, open_plain(renewed, kChosenPassword).value()));
    CPPUNIT_ASSERT(!open_plain(renewed, old_password).ok());
  }

  void the_right_one_of_several_is_found() {
    const std::string one = make_generated_password(), two = make_generated_password();
    std::vector<StoredCredential> all;
    all.push_back(make_chosen(kChosenPassword, bundle_, {}).value());
    all.push_back(make_generated(one, bundle_).value());
    all.push_back(make_generated(two, bundle_).value());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, open_any(all, two).value().which);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, open_any(all, one).value().which);
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, open_any(all, kChosenPassword).value().which);
    CPPUNIT_ASSERT(open_any(all, "wrong").failure().fault == Fault::kBadLogin);
    CPPUNIT_ASSERT(open_any({}, "wrong").failure().fault == Fault::kBadLogin);
    CPPUNIT_ASSERT(open_any({}, "").failure().fault == Fault::kBadLogin);
    all[1].sealed_plain = "damaged";
    CPPUNIT_ASSERT(open_any(all, one).failure().fault == Fault::kBadLogin);
  }

  void nothing_of_the_keys_is_stored_in_clear() {
    const std::string password = make_generated_password();
    const StoredCredential stored = make_generated(password, bundle_).value();
    const std::string all = stored.salt + stored.scram_stored_key + stored.scram_server_key +
                            stored.sealed_scram + stored.sealed_plain;
    for (const std::string_view part :
         {bundle_.mailbox_key.view(), bundle_.inbox_secret.view(), std::string_view(password)})
      CPPUNIT_ASSERT(all.find(part) == std::string::npos);
    CPPUNIT_ASSERT(stored.sealed_plain.size() == 64 + kSealOverhead);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CredentialsTest);

}  // namespace
}  // namespace fwd::crypto
