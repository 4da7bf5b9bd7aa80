// Chains of ARC: made, continued, verified, and broken in every way.
#include <cppunit/extensions/HelperMacros.h>

#include "mailauth/signatures/arc_set.h"
#include "mailauth/signatures/message_verifier.h"
#include "unit/mailauth/finish.h"
#include "unit/mailauth/sealed_mail.h"
#include "unit/net/scripted_resolver.h"

namespace fwd::mailauth {
namespace {

constexpr std::int64_t kNow = test::kSealedAt;

const std::string kPlain =
    "DKIM-Signature: v=1; something of the author\r\n"
    "From: a@b.example\r\n"
    "To: list@c.example\r\n"
    "Subject: Hello\r\n"
    "Authentication-Results: other.example; spf=pass\r\n"
    "\r\n"
    "Hello \t world \r\n\r\n";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  CPPUNIT_ASSERT_MESSAGE(what, at != text.npos);
  return text.replace(at, what.size(), with);
}

class ArcTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ArcTest);
  CPPUNIT_TEST(a_message_without_sets_has_no_chain);
  CPPUNIT_TEST(what_we_seal_we_verify);
  CPPUNIT_TEST(the_three_fields_are_as_the_rfc_wants_them);
  CPPUNIT_TEST(a_chain_grows_set_by_set);
  CPPUNIT_TEST(a_changed_message_breaks_the_newest_set);
  CPPUNIT_TEST(an_intermediary_may_change_the_message_and_seal_it_anew);
  CPPUNIT_TEST(a_changed_set_breaks_the_seals_behind_it);
  CPPUNIT_TEST(sets_must_be_whole_and_in_sequence);
  CPPUNIT_TEST(the_chain_says_none_once_and_pass_ever_after);
  CPPUNIT_TEST(a_chain_that_failed_stays_failed);
  CPPUNIT_TEST(instances_are_read_strictly);
  CPPUNIT_TEST(seals_are_read_strictly);
  CPPUNIT_TEST(message_signatures_are_read_strictly);
  CPPUNIT_TEST(the_two_signatures_of_a_set_may_have_two_owners);
  CPPUNIT_TEST(a_field_that_was_not_there_may_be_signed_but_not_added);
  CPPUNIT_TEST(a_set_that_is_there_twice_breaks_the_chain);
  CPPUNIT_TEST(an_old_message_signature_that_is_broken_counts_as_not_passed);
  CPPUNIT_TEST(a_chain_of_others_may_use_ed25519_and_simple_forms);
  CPPUNIT_TEST(a_body_signed_in_part_is_told);
  CPPUNIT_TEST(without_keys_a_chain_fails);
  CPPUNIT_TEST(a_chain_has_at_most_50_sets);
  CPPUNIT_TEST(what_must_not_be_sealed_is_not);
  CPPUNIT_TEST(results_are_folded_between_them);
  CPPUNIT_TEST_SUITE_END();

  test::ScriptedResolver dns_;

  ArcResult verify(const std::string& message, AuthLimits limits = {}) {
    const MessageVerifier verifier(dns_, run_inline, limits);
    return test::finish(verifier.verify_arc(MessageView::read(message), kNow));
  }
  std::string word(const std::string& message) {
    const ArcResult result = verify(message);
    CPPUNIT_ASSERT_EQUAL(result.verdict == ArcVerdict::kFail, !result.problem.empty());
    return std::string(arc_word(result.verdict));
  }
  std::string sealed(const std::string& message, const std::string& domain, ArcVerdict chain) {
    dns_.forget("r._domainkey." + domain, net::DnsType::kTxt);
    dns_.txt("r._domainkey." + domain, test::rsa_test_key().record);
    return test::sealed_by(message, domain, chain);
  }
  std::string chain_of(std::size_t sets) {
    std::string message = kPlain;
    for (std::size_t i = 0; i < sets; ++i)
      message = sealed(message, "d" + std::to_string(i + 1) + ".example",
                       i == 0 ? ArcVerdict::kNone : ArcVerdict::kPass);
    return message;
  }
  // A first set with these tags in its signature and its seal.
  std::string set_with(const std::string& message_tags, const std::string& seal_tags,
                       const std::string& message = kPlain) {
    dns_.forget("r._domainkey.d1.example", net::DnsType::kTxt);
    dns_.txt("r._domainkey.d1.example", test::rsa_test_key().record);
    const std::string secret = test::rsa_test_key().secret;
    const std::string results = "ARC-Authentication-Results: i=1; mx.d1.example; none\r\n";
    const std::string with_message =
        test::signed_by(secret, message_tags, results + message, SignatureKind::kArcMessage,
                        "ARC-Message-Signature");
    const std::string field =
        with_message.substr(0, with_message.size() - results.size() - message.size());
    const auto digest_of = [&](const std::string& tags) {
      return crypto::sha256(relaxed_field(results.substr(0, results.size() - 2)) + "\r\n" +
                            relaxed_field(field.substr(0, field.size() - 2)) + "\r\n" +
                            relaxed_field("ARC-Seal: " + tags));
    };
    std::string tags = seal_tags;
    const std::size_t at = tags.find("%S");
    CPPUNIT_ASSERT(at != tags.npos);
    tags.erase(at, 2);
    tags.insert(at, to_base64(crypto::rsa_sign(secret, digest_of(tags)).value()));
    return "ARC-Seal: " + tags + "\r\n" + with_message;
  }
  static constexpr const char* kMessageTags =
      "i=1; a=rsa-sha256; d=d1.example; s=r; c=relaxed/relaxed; h=from:to; bh=%B; b=%S";
  static constexpr const char* kSealTags = "i=1; a=rsa-sha256; cv=none; d=d1.example; s=r; b=%S";

 public:
  void a_message_without_sets_has_no_chain() {
    const ArcResult result = verify(kPlain);
    CPPUNIT_ASSERT(result.verdict == ArcVerdict::kNone);
    CPPUNIT_ASSERT_EQUAL(0U, result.instances);
    CPPUNIT_ASSERT(result.problem.empty() && result.domains.empty());
  }

  void what_we_seal_we_verify() {
    const ArcResult result = verify(chain_of(1));
    CPPUNIT_ASSERT_EQUAL(std::string(), result.problem);
    CPPUNIT_ASSERT(result.verdict == ArcVerdict::kPass && !result.is_temporary);
    CPPUNIT_ASSERT_EQUAL(1U, result.instances);
    CPPUNIT_ASSERT_EQUAL(0U, result.oldest_pass);
    CPPUNIT_ASSERT_EQUAL(std::string("d1.example"), result.newest_domain);
    CPPUNIT_ASSERT_EQUAL(std::string("r"), result.newest_selector);
    CPPUNIT_ASSERT_EQUAL(
        std::string(
            "mx.d1.example;\tspf=pass smtp.mailfrom=b.example;\tdkim=pass header.d=b.example"),
        result.newest_results);
  }

  void the_three_fields_are_as_the_rfc_wants_them() {  // RFC 8617 §4.1
    const std::string message = chain_of(1);
    const auto view = MessageView::read(message);
    CPPUNIT_ASSERT_EQUAL(std::string("ARC-Seal"), std::string(view->fields()[0].name));
    CPPUNIT_ASSERT_EQUAL(std::string("ARC-Message-Signature"), std::string(view->fields()[1].name));
    CPPUNIT_ASSERT_EQUAL(std::string("ARC-Authentication-Results"),
                         std::string(view->fields()[2].name));
    for (const std::string_view line : split(view->header(), '\n'))
      CPPUNIT_ASSERT(line.size() < 100);
    Signature signature, seal;
    CPPUNIT_ASSERT_EQUAL(std::string(),
                         read_signature(*view, 0, SignatureKind::kArcSeal, 100, seal));
    CPPUNIT_ASSERT_EQUAL(std::string(),
                         read_signature(*view, 1, SignatureKind::kArcMessage, 100, signature));
    CPPUNIT_ASSERT_EQUAL(std::string("none"), seal.chain);
    CPPUNIT_ASSERT(seal.time && *seal.time == static_cast<std::uint64_t>(kNow));
    const auto& names = signature.names;
    const auto count = [&names](const char* name) {
      return std::count(names.begin(), names.end(), name);
    };
    CPPUNIT_ASSERT_EQUAL(2L, static_cast<long>(count("from")));
    CPPUNIT_ASSERT_EQUAL(1L, static_cast<long>(count("dkim-signature")));
    CPPUNIT_ASSERT_EQUAL(0L, static_cast<long>(count("authentication-results")));
    for (const std::string& name : names) CPPUNIT_ASSERT(!name.starts_with("arc-"));
  }

  void a_chain_grows_set_by_set() {
    const ArcResult result = verify(chain_of(5));
    CPPUNIT_ASSERT_EQUAL(std::string(), result.problem);
    CPPUNIT_ASSERT(result.verdict == ArcVerdict::kPass);
    CPPUNIT_ASSERT_EQUAL(5U, result.instances);
    CPPUNIT_ASSERT_EQUAL(std::string("d5.example"), result.newest_domain);
    CPPUNIT_ASSERT_EQUAL(std::size_t{5}, result.domains.size());
    CPPUNIT_ASSERT_EQUAL(std::string("d1.example"), result.domains.front());
    CPPUNIT_ASSERT_EQUAL(0U, result.oldest_pass);
    CPPUNIT_ASSERT_EQUAL(1, dns_.asked("r._domainkey.d1.example", net::DnsType::kTxt));
  }

  void a_changed_message_breaks_the_newest_set() {
    const std::string message = chain_of(2);
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word("Received: by x\r\n" + message));
    CPPUNIT_ASSERT_EQUAL(std::string("fail"), word(message + "footer\r\n"));
    CPPUNIT_ASSERT_EQUAL(std::string("fail"),
                         word(replaced(message, "Subject: Hello", "Subject: [x]")));
    CPPUNIT_ASSERT_EQUAL(std::string("fail"), word("From: evil@b.example\r\n" + message));
    CPPUNIT_ASSERT_EQUAL(std::string("fail"),
                         word(replaced(message, "DKIM-Signature: v", "DKIM-Signature: w")));
    CPPUNIT_ASSERT_EQUAL(std::string("pass"),
                         word(replaced(message, "other.example", "changed.example")));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, verify(message + "x").domains.size());
  }

  void an_intermediary_may_change_the_message_and_seal_it_anew() {  // RFC 8617 §5.2, step 5
    std::string message = chain_of(2) + "footer of a list\r\n";
    message = sealed(message, "d3.example", ArcVerdict::kPass);
    ArcResult result = verify(message);
    CPPUNIT_ASSERT_EQUAL(std::string(), result.problem);
    CPPUNIT_ASSERT_EQUAL(3U, result.oldest_pass);
    message = sealed(message, "d4.example", ArcVerdict::kPass);
    result = verify(message);
    CPPUNIT_ASSERT(result.verdict == ArcVerdict::kPass);
    CPPUNIT_ASSERT_EQUAL(3U, result.oldest_pass);
  }

  void a_changed_set_breaks_the_seals_behind_it() {
    const std::string message = chain_of(3);
    for (const auto& [what, with] :
         {std::pair{"i=1; mx.d1.example;\r\n\tspf=pass", "i=1; mx.d1.example;\r\n\tspf=fail"},
          std::pair{"i=2; mx.d2.example", "i=2; my.d2.example"},
          std::pair{"i=3; mx.d3.example", "i=3; my.d3.example"}})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(what, std::string("fail"), word(replaced(message, what, with)));
    // Relaxed, so blanks may change.
    CPPUNIT_ASSERT_EQUAL(std::string("pass"),
                         word(replaced(message, "ARC-Seal: i=3; a", "arc-seal :\r\n   i=3;  a")));
  }

  void sets_must_be_whole_and_in_sequence() {  // RFC 8617 §5.2, steps 3.1 and 3.2
    const std::string message = chain_of(3);
    const auto without = [&message](const std::string& name, int instance) {
      const auto view = MessageView::read(message);
      std::string left;
      for (const MessageField& field : view->fields())
        if (!(field.name == name &&
              field.value.find("i=" + std::to_string(instance)) != field.value.npos))
          left += std::string(field.raw) + "\r\n";
      return left + "\r\n" + std::string(view->body());
    };
    for (const char* name : {"ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results"})
      for (const int instance : {1, 2, 3}) {
        const std::string left = without(name, instance);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(left, std::string("fail"), word(left));
      }
    for (const std::string& twice :
         {std::string("ARC-Authentication-Results: i=2; x; none\r\n"),
          std::string("ARC-Authentication-Results: i=5; x; none\r\n"),
          std::string("ARC-Authentication-Results: nonsense\r\n"),
          std::string("ARC-Seal: nonsense\r\n"), std::string("ARC-Message-Signature: i=1\r\n")})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(twice, std::string("fail"), word(twice + message));
    // The order of the fields in the header means nothing.
    const auto view = MessageView::read(message);
    std::string upside_down;
    for (auto field = view->fields().rbegin(); field != view->fields().rend(); ++field)
      if (field->name.starts_with("ARC-")) upside_down += std::string(field->raw) + "\r\n";
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(upside_down + kPlain));
  }

  void the_chain_says_none_once_and_pass_ever_after() {  // RFC 8617 §5.2, step 3.3
    for (const char* chain : {"pass", "fail", "odd", ""}) {
      const std::string message =
          set_with(kMessageTags, replaced(kSealTags, "cv=none", "cv=" + std::string(chain)));
      CPPUNIT_ASSERT_EQUAL_MESSAGE(chain, std::string("fail"), word(message));
    }
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(set_with(kMessageTags, kSealTags)));
    CPPUNIT_ASSERT_EQUAL(std::string("pass"),
                         word(set_with(kMessageTags, replaced(kSealTags, "cv=none", "cv=None"))));
    std::string second = chain_of(2);
    CPPUNIT_ASSERT_EQUAL(std::string("cv= of set 2 is wrong"),
                         verify(replaced(second, "cv=pass", "cv=none")).problem);
  }

  void a_chain_that_failed_stays_failed() {  // RFC 8617 §5.1.2, §5.2 step 2
    const std::string broken = chain_of(2) + "x";
    const std::string message = sealed(broken, "d3.example", ArcVerdict::kFail);
    CPPUNIT_ASSERT(message.find("cv=fail") != message.npos);
    const ArcResult result = verify(message);
    CPPUNIT_ASSERT(result.verdict == ArcVerdict::kFail);
    CPPUNIT_ASSERT_EQUAL(std::string("it was broken before"), result.problem);
    CPPUNIT_ASSERT_EQUAL(3U, result.instances);
    // Nobody need go on.
    const auto again =
        seal_arc(*MessageView::read(message), test::seal_of("d4.example", ArcVerdict::kFail));
    CPPUNIT_ASSERT(again.ok() && again.value().empty());
    // The seal of a broken chain signs its own set alone.
    const auto view = MessageView::read(message);
    Signature seal;
    CPPUNIT_ASSERT_EQUAL(std::string(), read_signature(*view, 0, SignatureKind::kArcSeal, 1, seal));
    const std::string own = relaxed_field(view->fields()[2].raw) + "\r\n" +
                            relaxed_field(view->fields()[1].raw) + "\r\n" +
                            relaxed_without_signature(*view, seal);
    const DkimKey key = read_key(test::rsa_test_key().record, SignatureAlgorithm::kRsaSha256);
    CPPUNIT_ASSERT(key.verifies(crypto::sha256(own), seal.octets));
    // A chain that is no chain can be marked, too.
    const std::string nonsense = "ARC-Seal: nonsense\r\n" + kPlain;
    CPPUNIT_ASSERT(sealed(nonsense, "d1.example", ArcVerdict::kFail).find("i=1; a") !=
                   nonsense.npos);
  }

  void instances_are_read_strictly() {  // RFC 8617 §4.2.1
    CPPUNIT_ASSERT_EQUAL(50U, *read_instance("50"));
    CPPUNIT_ASSERT_EQUAL(1U, *read_instance("01"));
    for (const char* bad : {"", "0", "00", "51", "99", "001", "-1", "+1", "1 ", "a", "1.0"})
      CPPUNIT_ASSERT_MESSAGE(bad, !read_instance(bad));
    for (const char* good :
         {"i=1;", " i=1 ; x", "\r\n\ti = 1;", "(a (b\\)) c) i=(x)1(y);", "i=01;"})
      CPPUNIT_ASSERT_MESSAGE(good, read_arc_results(good) && read_arc_results(good)->instance == 1);
    for (const char* bad :
         {"", "i", "i=", "i=1", "I=1;", "i=51;", "i=1x;", "x; i=1;", "(i=1;", "i=1 2;"})
      CPPUNIT_ASSERT_MESSAGE(bad, !read_arc_results(bad));
  }

  void seals_are_read_strictly() {  // RFC 8617 §4.1.3
    for (const char* tags :
         {"i=1; a=rsa-sha256; cv=none; d=d1.example; s=r; h=from; b=%S",
          "i=1; a=rsa-sha1; cv=none; d=d1.example; s=r; b=%S",
          "i=1; a=; cv=none; d=d1.example; s=r; b=%S", "i=1; cv=none; d=d1.example; s=r; b=%S",
          "i=1; a=rsa-sha256; d=d1.example; s=r; b=%S", "i=1; a=rsa-sha256; cv=none; s=r; b=%S",
          "i=1; a=rsa-sha256; cv=none; d=d1.example; b=%S",
          "i=1; a=rsa-sha256; cv=none; d=d1.example; S=r; b=%S",
          "i=1; a=rsa-sha256; cv=none; d=d1.example; s=r; s=r; b=%S",
          "i=1; a=rsa-sha256;; cv=none; d=d1.example; s=r; b=%S",
          "i=1; _=; a=rsa-sha256; cv=none; d=d1.example; s=r; b=%S",
          "i=0; a=rsa-sha256; cv=none; d=d1.example; s=r; b=%S",
          "a=rsa-sha256; cv=none; d=d1.example; s=r; b=%S",
          "i=1; a=rsa-sha256; cv=none; d=d1.example; s=other; b=%S",
          "i=1; a=rsa-sha256; cv=none; d=d1.example; s=r; t=x; b=%S",
          "i=1; a=rsa-sha256; cv=none; d=d1.example; s=r; b=AA%S"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(tags, std::string("fail"), word(set_with(kMessageTags, tags)));
    for (const char* tags :
         {"s=r; d=d1.example; cv=none; a=rsa-sha256; i=1; b=%S; w=unknown; bh=AAAA",
          "i=1;a=RSA-SHA256;cv=none;d=D1.example;s=r;t=5;b=%S;",
          "\r\n\ti = 1 ; a = rsa-sha256; cv = none; d=d1.example; s=r; b = \r\n\t%S \r\n\t"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(tags, std::string("pass"), word(set_with(kMessageTags, tags)));
  }

  void message_signatures_are_read_strictly() {  // RFC 8617 §4.1.2
    const std::string tags = kMessageTags;
    for (const std::string& bad :
         {replaced(tags, "h=from:to", "h=from:arc-seal"), replaced(tags, "h=from:to", "h=to"),
          replaced(tags, "h=from:to", "h="), replaced(tags, "a=rsa-sha256", "a=rsa-poptart"),
          replaced(tags, "a=rsa-sha256", "a="), replaced(tags, "bh=%B", "bh="),
          replaced(tags, "bh=%B", "bh=AAAA"), replaced(tags, "d=d1", "d=d9"),
          replaced(tags, "i=1", "i=51"), replaced(tags, "c=relaxed/relaxed", "c=odd"),
          tags + "; x=5", tags + "; q=http", tags + "; s=r"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(bad, std::string("fail"), word(set_with(bad, kSealTags)));
    for (const std::string& good :
         {replaced(tags, "c=relaxed/relaxed; ", ""),
          replaced(tags, "relaxed/relaxed", "simple/relaxed"), tags + "; x=1800000000; t=1",
          tags + "; l=3", tags + "; v=1",
          replaced(tags, "h=from:to", "h=from:arc-message-signature:arc-authentication-results")})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(good, std::string("pass"), word(set_with(good, kSealTags)));
  }

  void the_two_signatures_of_a_set_may_have_two_owners() {
    dns_.txt("other._domainkey.d7.example", test::rsa_test_key().record);
    const std::string tags = replaced(replaced(kMessageTags, "s=r", "s=other"), "d=d1", "d=d7");
    const ArcResult result = verify(set_with(tags, kSealTags));
    CPPUNIT_ASSERT_EQUAL(std::string(), result.problem);
    CPPUNIT_ASSERT_EQUAL(std::string("d1.example"), result.newest_domain);
  }

  void a_field_that_was_not_there_may_be_signed_but_not_added() {
    const std::string message = set_with(
        replaced(kMessageTags, "from:to", "From : To:\r\n\t x-none:FROM:subject"), kSealTags);
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(message));
    CPPUNIT_ASSERT_EQUAL(std::string("fail"), word("X-None: 1\r\n" + message));
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word("X-Other: 1\r\n" + message));
  }

  void a_set_that_is_there_twice_breaks_the_chain() {
    const std::string message = chain_of(1);
    const std::string set = message.substr(0, message.size() - kPlain.size());
    CPPUNIT_ASSERT_EQUAL(std::string("fail"), word(set + message));
  }

  void an_old_message_signature_that_is_broken_counts_as_not_passed() {
    const std::string first =
        set_with(replaced(kMessageTags, "a=rsa-sha256", "a=rsa-sha1"), kSealTags);
    CPPUNIT_ASSERT_EQUAL(std::string("fail"), word(first));
    const ArcResult result = verify(sealed(first, "d2.example", ArcVerdict::kPass));
    CPPUNIT_ASSERT_EQUAL(std::string(), result.problem);
    CPPUNIT_ASSERT_EQUAL(2U, result.oldest_pass);
  }

  void a_chain_of_others_may_use_ed25519_and_simple_forms() {
    const auto pair = crypto::make_ed25519_pair();
    dns_.txt("e._domainkey.d1.example", "k=ed25519; p=" + to_base64(pair.public_key));
    const std::string results = "ARC-Authentication-Results: i=1; x; none\r\n";
    std::string message =
        test::signed_by(std::string(pair.secret.view()),
                        "i=1; a=ed25519-sha256; d=d1.example; s=e; c=simple; h=from; bh=%B; b=%S",
                        results + kPlain, SignatureKind::kArcMessage, "ARC-Message-Signature");
    const std::string field = message.substr(0, message.find("\r\n"));
    const std::string seal = "ARC-Seal: i=1; a=ed25519-sha256; cv=none; d=d1.example; s=e; b=";
    const std::string digest =
        crypto::sha256(relaxed_field(results.substr(0, results.size() - 2)) + "\r\n" +
                       relaxed_field(field) + "\r\n" + relaxed_field(seal));
    message = seal + to_base64(crypto::ed25519_sign(pair.secret.view(), digest)) + "\r\n" + message;
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(message));
    CPPUNIT_ASSERT_EQUAL(std::string("fail"), word(replaced(message, "Hello \t", "Hello ")));
    CPPUNIT_ASSERT_EQUAL(std::string("pass"),
                         word(sealed(message, "d2.example", ArcVerdict::kPass)));
  }

  void a_body_signed_in_part_is_told() {  // RFC 6376 §8.2
    ArcResult result = verify(set_with(kMessageTags, kSealTags));
    CPPUNIT_ASSERT(result.verdict == ArcVerdict::kPass && result.signs_whole_body);
    result = verify(set_with(std::string("l=3; ") + kMessageTags, kSealTags) + "more\r\n");
    CPPUNIT_ASSERT(result.verdict == ArcVerdict::kPass && !result.signs_whole_body);
  }

  void without_keys_a_chain_fails() {
    const std::string message = chain_of(2);
    dns_.fail("r._domainkey.d1.example", net::DnsType::kTxt);
    ArcResult result = verify(message);
    CPPUNIT_ASSERT(result.verdict == ArcVerdict::kFail && result.is_temporary);
    CPPUNIT_ASSERT_EQUAL(std::string("d2.example"), result.newest_domain);
    dns_.forget("r._domainkey.d2.example", net::DnsType::kTxt);
    result = verify(message);
    CPPUNIT_ASSERT(result.verdict == ArcVerdict::kFail && !result.is_temporary);
    const test::TestKey& small = test::rsa_test_key(512);
    dns_.txt("r._domainkey.d2.example", small.record);
    CPPUNIT_ASSERT(verify(message).verdict == ArcVerdict::kFail);
  }

  void a_chain_has_at_most_50_sets() {  // RFC 8617 §5.2, step 1
    const std::string message = chain_of(50);
    AuthLimits limits;
    limits.keys = 50;
    CPPUNIT_ASSERT_EQUAL(std::string(), verify(message, limits).problem);
    CPPUNIT_ASSERT(verify(message, limits).verdict == ArcVerdict::kPass);
    const auto more =
        seal_arc(*MessageView::read(message), test::seal_of("d51.example", ArcVerdict::kPass));
    CPPUNIT_ASSERT(more.ok() && more.value().empty());
    CPPUNIT_ASSERT_EQUAL(std::string("fail"), word("ARC-Seal: i=51\r\n" + message));
    limits.arc_sets = 2;
    CPPUNIT_ASSERT_EQUAL(std::string("there are too many sets"), verify(message, limits).problem);
    std::string many = kPlain;
    for (std::size_t i = 0; i < kMostHeaderFields; ++i) many.insert(0, "X: y\r\n");
    CPPUNIT_ASSERT_EQUAL(std::string("fail"), word(chain_of(1).substr(0, 1200) + "\r\n" + many));
  }

  void what_must_not_be_sealed_is_not() {
    const auto fault = [this](const std::string& message, const ArcSeal& seal) {
      const auto made = seal_arc(*MessageView::read(message), seal);
      CPPUNIT_ASSERT(!made.ok());
      return made.failure().fault;
    };
    const ArcSeal first = test::seal_of("d1.example", ArcVerdict::kNone);
    CPPUNIT_ASSERT(fault("To: x\r\n\r\n", first) == Fault::kBadInput);
    CPPUNIT_ASSERT(fault("From: x\r\n\r\na\nb", first) == Fault::kBadInput);
    CPPUNIT_ASSERT(fault(chain_of(1), first) == Fault::kBadInput);
    CPPUNIT_ASSERT(fault(kPlain, test::seal_of("d1.example", ArcVerdict::kPass)) ==
                   Fault::kBadInput);
    CPPUNIT_ASSERT(fault("ARC-Seal: x\r\n" + kPlain,
                         test::seal_of("d1.example", ArcVerdict::kPass)) == Fault::kBadInput);
    ArcSeal bad = first;
    bad.results = "spf=pass\r\nX-Injected: yes";
    CPPUNIT_ASSERT(fault(kPlain, bad) == Fault::kBadInput);
    bad = first;
    bad.secret = "nonsense";
    CPPUNIT_ASSERT(fault(kPlain, bad) == Fault::kCorrupt);
  }

  void results_are_folded_between_them() {
    ArcSeal seal = test::seal_of("d1.example", ArcVerdict::kNone);
    seal.results = "";
    const auto fields = seal_arc(*MessageView::read(kPlain), seal);
    CPPUNIT_ASSERT(
        fields.value().ends_with("ARC-Authentication-Results: i=1; mx.d1.example;\r\n\tnone\r\n"));
    seal.results = "a=b; c=d;";
    CPPUNIT_ASSERT(seal_arc(*MessageView::read(kPlain), seal)
                       .value()
                       .ends_with("mx.d1.example;\r\n\ta=b;\r\n\tc=d;\r\n"));
    seal.results = "a=b (;x);\r\n\tc=d; \t\r\n e=f";
    CPPUNIT_ASSERT(seal_arc(*MessageView::read(kPlain), seal)
                       .value()
                       .ends_with("mx.d1.example;\r\n\ta=b (;x);\r\n\tc=d;\r\n\te=f\r\n"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ArcTest);

}  // namespace
}  // namespace fwd::mailauth
