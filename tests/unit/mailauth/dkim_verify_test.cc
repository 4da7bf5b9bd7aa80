// DKIM signatures verified: the examples of the RFCs, and what goes wrong.
#include "mailauth/signatures/dkim_verify.h"

#include <cppunit/extensions/HelperMacros.h>

#include "core/all_of.h"
#include "mailauth/signatures/dkim_library.h"
#include "mailauth/signatures/dkim_sign.h"
#include "mailauth/signatures/message_verifier.h"
#include "net/workers.h"
#include "unit/mailauth/finish.h"
#include "unit/mailauth/published_mail.h"
#include "unit/mailauth/signed_mail.h"
#include "unit/net/net_test.h"
#include "unit/net/scripted_resolver.h"

namespace fwd::mailauth {
namespace {

constexpr std::int64_t kNow = 1700000000;

using test::kDinner;
using test::kDinnerSigned;

const std::string kPlain =
    "Received: by a.example; Mon, 1 Jan 2024 00:00:00 +0000\r\n"
    "From: a@b.example\r\n"
    "To:  x@y.example,\r\n\tz@y.example\r\n"
    "Subject: one\r\n"
    "Subject: two\r\n"
    "\r\n"
    "Hello \t world \r\n\r\nbye\r\n\r\n";
const std::string kTags = "v=1; a=rsa-sha256; d=b.example; s=r; h=from:to; bh=%B; b=%S";

class DkimVerifyTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DkimVerifyTest);
  CPPUNIT_TEST(the_example_of_rfc_6376_passes);
  CPPUNIT_TEST(both_signatures_of_rfc_8463_pass);
  CPPUNIT_TEST(what_we_sign_passes_and_what_was_changed_does_not);
  CPPUNIT_TEST(all_forms_of_fields_and_bodies_verify);
  CPPUNIT_TEST(the_library_and_we_agree);
  CPPUNIT_TEST(what_the_library_misreads_is_read_by_us);
  CPPUNIT_TEST(many_names_of_many_fields_cost_little);
  CPPUNIT_TEST(a_length_covers_the_beginning_only);
  CPPUNIT_TEST(broken_signatures_are_permanent_errors);
  CPPUNIT_TEST(times_are_judged);
  CPPUNIT_TEST(an_identity_is_of_the_domain);
  CPPUNIT_TEST(keys_are_judged);
  CPPUNIT_TEST(key_records_are_read_strictly);
  CPPUNIT_TEST(keys_of_every_size_we_may_trust_are_read);
  CPPUNIT_TEST(of_several_records_the_usable_one_is_taken);
  CPPUNIT_TEST(no_answer_from_the_dns_is_a_temporary_error);
  CPPUNIT_TEST(one_key_is_asked_for_once);
  CPPUNIT_TEST(signatures_beyond_the_limit_are_passed_over);
  CPPUNIT_TEST(fields_of_one_name_count_from_the_bottom);
  CPPUNIT_TEST(a_field_added_to_an_oversigned_name_breaks_it);
  CPPUNIT_TEST(odd_messages_have_an_answer);
  CPPUNIT_TEST(several_messages_are_verified_at_once);
  CPPUNIT_TEST(a_header_beyond_all_bounds_is_refused);
  CPPUNIT_TEST_SUITE_END();

  test::ScriptedResolver dns_;

  std::vector<DkimResult> verify(const std::string& message, std::int64_t now = kNow,
                                 AuthLimits limits = {}) {
    const MessageVerifier verifier(dns_, run_inline, limits);
    return test::finish(verifier.verify_dkim(MessageView::read(message), now));
  }
  DkimResult only(const std::string& message, std::int64_t now = kNow) {
    const auto results = verify(message, now);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, results.size());
    return results[0];
  }
  std::string word(const std::string& message, std::int64_t now = kNow) {
    const DkimResult result = only(message, now);
    CPPUNIT_ASSERT_EQUAL(result.verdict == DkimVerdict::kPass, result.problem.empty());
    return std::string(dkim_word(result.verdict));
  }
  std::string with_tags(const std::string& tags, const std::string& message = kPlain) {
    return test::signed_by(test::rsa_test_key().secret, tags, message);
  }
  // kTags with one tag replaced or added.
  static std::string tags_but(const std::string& name, const std::string& value) {
    std::string made;
    bool is_there = false;
    for (const std::string_view tag : split(kTags, ';')) {
      const std::string_view plain = trim(tag);
      const bool is_it = plain.substr(0, plain.find('=')) == name;
      is_there = is_there || is_it;
      if (is_it && value.empty()) continue;
      if (!made.empty()) made += "; ";
      made += is_it ? name + "=" + value : std::string(plain);
    }
    return is_there ? made : name + "=" + value + "; " + made;
  }

 public:
  void setUp() override { dns_.txt("r._domainkey.b.example", test::rsa_test_key().record); }

  void the_example_of_rfc_6376_passes() {  // RFC 6376 §A.2 and §A.3
    const std::string message =
        "DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;\r\n"
        "      c=simple/simple; q=dns/txt; i=joe@football.example.com;\r\n"
        "      h=Received : From : To : Subject : Date : Message-ID;\r\n"
        "      bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
        "      b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB\r\n"
        "        4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut\r\n"
        "        KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV\r\n"
        "        4bmp/YzhwvcubU4=;\r\n"
        "Received: from client1.football.example.com  [192.0.2.1]\r\n"
        "      by submitserver.example.com with SUBMISSION;\r\n"
        "      Fri, 11 Jul 2003 21:01:54 -0700 (PDT)\r\n" +
        kDinner;
    dns_.txt(
        "brisbane._domainkey.example.com",
        "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fW"
        "n7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0"
        "fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB");
    // The hash is that of a body with one space between its sentences.
    std::string body_of_the_hash = message;
    body_of_the_hash.replace(body_of_the_hash.find("game.  "), 7, "game. ");
    const DkimResult result = only(body_of_the_hash);
    CPPUNIT_ASSERT_EQUAL(std::string(), result.problem);
    CPPUNIT_ASSERT(result.verdict == DkimVerdict::kPass);
    CPPUNIT_ASSERT_EQUAL(std::string("example.com"), result.domain);
    CPPUNIT_ASSERT_EQUAL(std::string("brisbane"), result.selector);
    CPPUNIT_ASSERT_EQUAL(std::string("joe@football.example.com"), result.identity);
    CPPUNIT_ASSERT_EQUAL(std::string("rsa-sha256"), result.algorithm);
    CPPUNIT_ASSERT_EQUAL(std::string("AuUoFEfD"), result.signature_start);
    CPPUNIT_ASSERT_EQUAL(1024U, result.key_bits);
    CPPUNIT_ASSERT(!result.is_testing && !result.body_length);
    CPPUNIT_ASSERT(only(message).verdict == DkimVerdict::kFail);
  }

  void both_signatures_of_rfc_8463_pass() {  // RFC 8463 §A.2 and §A.3
    dns_.txt("brisbane._domainkey.football.example.com",
             "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
    dns_.txt("test._domainkey.football.example.com",
             "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk"
             "08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvq"
             "MKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB");
    for (const DkimResult& result : verify(kDinnerSigned)) {
      CPPUNIT_ASSERT_EQUAL_MESSAGE(result.algorithm, std::string(), result.problem);
      CPPUNIT_ASSERT(result.verdict == DkimVerdict::kPass);
    }
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, verify(kDinnerSigned).size());
    for (const DkimResult& result : verify(kDinnerSigned + "P.S.\r\n"))
      CPPUNIT_ASSERT(result.verdict == DkimVerdict::kFail);
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, verify(kDinner).size());
  }

  void what_we_sign_passes_and_what_was_changed_does_not() {
    const auto pair = crypto::make_ed25519_pair();
    dns_.txt("e._domainkey.b.example", "k=ed25519; p=" + to_base64(pair.public_key));
    model::SigningKey rsa, ed25519;
    rsa.domain = ed25519.domain = "b.example";
    rsa.selector = "r";
    rsa.algorithm = "rsa";
    rsa.secret = test::rsa_test_key().secret;
    ed25519.selector = "e";
    ed25519.algorithm = "ed25519";
    ed25519.secret = std::string(pair.secret.view());
    const std::string fields = DkimSigner().sign(kPlain, {rsa, ed25519}, kNow).value();
    const auto both_are = [this](const std::string& message, DkimVerdict wanted) {
      const auto results = verify(message);
      CPPUNIT_ASSERT_EQUAL(std::size_t{2}, results.size());
      for (const DkimResult& result : results)
        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.algorithm + result.problem,
                                     std::string(dkim_word(wanted)),
                                     std::string(dkim_word(result.verdict)));
    };
    both_are(fields + kPlain, DkimVerdict::kPass);
    both_are("X-Other: 1\r\n" + fields + kPlain, DkimVerdict::kPass);
    both_are("From: evil@b.example\r\n" + fields + kPlain, DkimVerdict::kFail);
    both_are(fields + kPlain + "more\r\n", DkimVerdict::kFail);
    std::string changed = fields + kPlain;
    changed.replace(changed.find("Subject: two"), 12, "Subject: 2wo");
    both_are(changed, DkimVerdict::kFail);
    changed = fields + kPlain;
    changed.replace(changed.find("t=1700000000"), 12, "t=1700000001");
    CPPUNIT_ASSERT(verify(changed)[0].verdict == DkimVerdict::kFail);
  }

  void all_forms_of_fields_and_bodies_verify() {  // RFC 6376 §3.4
    for (const char* form : {"simple", "relaxed", "simple/simple", "simple/relaxed",
                             "relaxed/simple", "Relaxed/RELAXED"})
      for (const char* body : {"", "x", "x\r\n", "\r\n\r\n", " \t\r\n", "a\r\n\r\n \r\nb \t c  "}) {
        const std::string message = with_tags(
            tags_but("c", form), "From: a@b.example\r\nTo:  b\r\n  c \r\n\r\n" + std::string(body));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(message, std::string("pass"), word(message));
      }
    // RFC 6376 §3.4.6: relaxed forgives blanks, simple does not.
    const auto respaced = [this](const char* form) {
      std::string message = with_tags(tags_but("c", form));
      message.replace(message.find("To:  x@y.example,\r\n\t"), 20, "TO: x@y.example,  ");
      message.replace(message.find("Hello \t world \r\n"), 16, "Hello world\r\n");
      return word(message);
    };
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), respaced("relaxed/relaxed"));
    CPPUNIT_ASSERT_EQUAL(std::string("fail"), respaced("relaxed/simple"));
    CPPUNIT_ASSERT_EQUAL(std::string("fail"), respaced("simple/relaxed"));
  }

  void the_library_and_we_agree() {
    unsigned state = 11;
    const auto random = [&state](unsigned below) {
      state = state * 1103515245 + 12345;
      return (state >> 16) % below;
    };
    static constexpr std::string_view kBody[] = {" ", "\t",  "\r\n", "\r\n\r\n",
                                                 "a", "b  ", "=",    "\xc3"};
    static constexpr std::string_view kFields[] = {
        "From: a@b.example\r\n",     "To: x\r\n", "to :y\r\n\t z \r\n", "Subject:\r\n \r\n s\r\n",
        "From:  \tc@d.example \r\n", "X:\r\n",    "Subject: (b=)\r\n"};
    static constexpr const char* kForms[] = {"simple/simple", "simple/relaxed", "relaxed/simple",
                                             "relaxed/relaxed"};
    static constexpr const char* kLists[] = {"from", "From : To:to :Subject",
                                             "subject:from:from:x:to:to", "To:From:Reply-To:X"};
    const auto key = crypto::RsaPublicKey::read(*from_base64(
        test::rsa_test_key().record.substr(test::rsa_test_key().record.find("p=") + 2)));
    for (int i = 0; i < 200; ++i) {
      std::string text = std::string(kFields[0]);
      for (unsigned n = random(8); n > 0; --n) text += kFields[random(7)];
      text += "\r\n";
      for (unsigned n = random(30); n > 0; --n) text += kBody[random(8)];
      std::string tags = tags_but("h", kLists[random(4)]) + ";c=" + kForms[random(4)];
      if (random(4) == 0) tags += "; l=" + std::to_string(random(4));
      std::string message = test::signed_by(test::rsa_test_key().secret, tags, text);
      if (random(3) == 0) message.insert(message.size() - random(20), 1, "x \r"[random(2)]);
      const auto view = MessageView::read(message);
      DkimCase one;
      CPPUNIT_ASSERT_EQUAL(std::string(),
                           read_signature(*view, 0, SignatureKind::kDkim, 1000, one.signature));
      if (!library_reads(*view, one.signature)) continue;
      one.key.rsa = key;
      const RsaAnswer theirs = ask_library(*view, {{&one.signature, &*key}})[0];
      const std::string hash = hash_bodies(*view, {&one.signature})[0];
      const bool body_fits = hash == one.signature.body_hash;
      CPPUNIT_ASSERT_EQUAL_MESSAGE(message, theirs == RsaAnswer::kGood,
                                   body_fits && fits_header(*view, one.signature, one.key));
      CPPUNIT_ASSERT_EQUAL_MESSAGE(message, hash.empty(), theirs == RsaAnswer::kUnread);
      if (!hash.empty())
        CPPUNIT_ASSERT_EQUAL_MESSAGE(message, theirs == RsaAnswer::kBadBody, !body_fits);
    }
  }

  void what_the_library_misreads_is_read_by_us() {
    std::string long_list = "from";
    while (long_list.size() < 5000) long_list += ":x-some-field";
    for (const std::string& tags :
         {tags_but("h", long_list), tags_but("h", "from:dkim-signature"), tags_but("ab", "1"),
          std::string("v=1; a=rsa-sha256; d=b.example; s=r; h=from; bh=%B; b = %S")}) {
      const std::string message = with_tags(tags);
      const auto view = MessageView::read(message);
      Signature signature;
      CPPUNIT_ASSERT_EQUAL(std::string(),
                           read_signature(*view, 0, SignatureKind::kDkim, 1000, signature));
      CPPUNIT_ASSERT(!library_reads(*view, signature));
      CPPUNIT_ASSERT_EQUAL_MESSAGE(tags, std::string("pass"), word(message));
      CPPUNIT_ASSERT_EQUAL_MESSAGE(tags, std::string("fail"), word(message + "x"));
    }
    // A signature that covers another one.
    const std::string both =
        test::signed_by(test::rsa_test_key().secret,
                        tags_but("h", "from:dkim-signature:dkim-signature"), with_tags(kTags));
    for (const DkimResult& result : verify(both))
      CPPUNIT_ASSERT(result.verdict == DkimVerdict::kPass);
  }

  void many_names_of_many_fields_cost_little() {
    std::string many = kPlain, names = "from";
    for (int i = 0; i < 4000; ++i) many.insert(0, "X:\r\n");
    for (int i = 0; i < 900; ++i) names += ":x";
    const std::string message = with_tags(tags_but("h", names), many);
    const auto view = MessageView::read(message);
    Signature signature;
    CPPUNIT_ASSERT_EQUAL(std::string(),
                         read_signature(*view, 0, SignatureKind::kDkim, 1000, signature));
    CPPUNIT_ASSERT(!library_reads(*view, signature));
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(message));
  }

  void a_length_covers_the_beginning_only() {  // RFC 6376 §3.5, §8.2
    const std::string message = with_tags(tags_but("l", "5") + "; c=simple/simple");
    CPPUNIT_ASSERT_EQUAL(std::string("policy"), word(message));
    CPPUNIT_ASSERT_EQUAL(std::string("policy"), word(message + "more\r\n"));
    const std::string whole =
        with_tags(tags_but("l", "3") + "; c=simple/simple", "From: a@b.example\r\n\r\na\r\n");
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(whole));
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(whole + "\r\n"));
    CPPUNIT_ASSERT_EQUAL(std::string("policy"), word(whole + "more\r\n"));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{5}, *only(message).body_length);
    CPPUNIT_ASSERT_EQUAL(std::string("policy"), word(with_tags(tags_but("l", "0"))));
    CPPUNIT_ASSERT_EQUAL(std::string("permerror"), word(with_tags(tags_but("l", "5000"))));
    CPPUNIT_ASSERT_EQUAL(std::string("permerror"),
                         word(with_tags(tags_but("l", std::string(70, '9')))));
  }

  void broken_signatures_are_permanent_errors() {  // RFC 6376 §6.1.1
    for (const std::string& tags : {tags_but("v", "2"),
                                    tags_but("v", ""),
                                    tags_but("a", ""),
                                    tags_but("a", "rsa-md5"),
                                    tags_but("a", "rsa-sha1"),
                                    tags_but("d", ""),
                                    tags_but("d", "-"),
                                    tags_but("s", ""),
                                    tags_but("s", "a..b"),
                                    tags_but("s", "a b"),
                                    tags_but("h", ""),
                                    tags_but("h", "to"),
                                    tags_but("h", "from:fr om"),
                                    tags_but("h", "::"),
                                    tags_but("bh", ""),
                                    tags_but("bh", "AAAA"),
                                    tags_but("bh", "$"),
                                    tags_but("b", ""),
                                    tags_but("b", "!"),
                                    tags_but("b", std::string(700, 'A')),
                                    tags_but("c", "odd"),
                                    tags_but("c", "simple/odd"),
                                    tags_but("c", ""),
                                    tags_but("q", "http"),
                                    tags_but("l", "x"),
                                    tags_but("l", "-1"),
                                    tags_but("t", "soon"),
                                    tags_but("x", "1e9"),
                                    kTags + "; s=r",
                                    kTags + ";;",
                                    "=1; " + kTags,
                                    "1=1; " + kTags,
                                    kTags + "; V",
                                    std::string(),
                                    std::string("nonsense")}) {
      const std::string message = with_tags(tags);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(tags, std::string("permerror"), word(message));
    }
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(with_tags(kTags + ";")));
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(with_tags(kTags + "; \r\n\t")));
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(with_tags(kTags + "; unknown_tag2=x;y=")));
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(with_tags(tags_but("q", "http:dns/txt"))));
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(with_tags(tags_but("h", "from::to:"))));
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(with_tags(tags_but("d", "B.Example"))));
    // Still told, for Authentication-Results.
    const DkimResult result = only(with_tags(tags_but("v", "2")));
    CPPUNIT_ASSERT_EQUAL(std::string("b.example"), result.domain);
    CPPUNIT_ASSERT_EQUAL(std::string("@b.example"), result.identity);
    CPPUNIT_ASSERT_EQUAL(std::size_t{8}, result.signature_start.size());
  }

  void times_are_judged() {
    const std::string message = with_tags(tags_but("x", "1700000100") + "; t=1700000000");
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(message, 1700000100));
    CPPUNIT_ASSERT_EQUAL(std::string("fail"), word(message, 1700000101));
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(message, 1600000000));  // from the future
    CPPUNIT_ASSERT_EQUAL(std::string("permerror"),
                         word(with_tags(tags_but("x", "1700000000") + "; t=1700000000")));
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(with_tags(tags_but("x", "999999999999"))));
  }

  void an_identity_is_of_the_domain() {
    for (const char* good : {"@b.example", "me@b.example", "@sub.b.example", "a=40b@x.y.B.Example"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(good, std::string("pass"), word(with_tags(tags_but("i", good))));
    for (const char* bad : {"@example", "@xb.example", "b.example", "@", "@other.example"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(bad, std::string("permerror"),
                                   word(with_tags(tags_but("i", bad))));
    // RFC 6376 §3.6.1: t=s
    dns_.txt("strict._domainkey.b.example", "t=y:s; " + test::rsa_test_key().record.substr(9));
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(with_tags(tags_but("s", "strict"))));
    CPPUNIT_ASSERT_EQUAL(std::string("permerror"),
                         word(with_tags(tags_but("s", "strict") + "; i=@sub.b.example")));
    CPPUNIT_ASSERT(only(with_tags(tags_but("s", "strict"))).is_testing);
  }

  void keys_are_judged() {
    CPPUNIT_ASSERT_EQUAL(std::string("permerror"), word(with_tags(tags_but("s", "missing"))));
    dns_.txt("gone._domainkey.b.example", "v=DKIM1; p=");
    CPPUNIT_ASSERT_EQUAL(std::string("the key has been revoked"),
                         only(with_tags(tags_but("s", "gone"))).problem);
    dns_.txt("other._domainkey.b.example", test::rsa_test_key(1032).record);
    CPPUNIT_ASSERT_EQUAL(std::string("fail"), word(with_tags(tags_but("s", "other"))));
    const TestBits kSizes[] = {{512, "policy"}, {1016, "policy"}};  // RFC 8301 §3.2
    for (const TestBits& size : kSizes) {
      const test::TestKey& key = test::rsa_test_key(size.bits);
      dns_.forget("small._domainkey.b.example", net::DnsType::kTxt);
      dns_.txt("small._domainkey.b.example", key.record);
      const std::string message = test::signed_by(key.secret, tags_but("s", "small"), kPlain);
      CPPUNIT_ASSERT_EQUAL(std::string(size.word), word(message));
      CPPUNIT_ASSERT_EQUAL(size.bits, only(message).key_bits);
    }
  }

  void key_records_are_read_strictly() {  // RFC 6376 §3.6.1
    const std::string p =
        test::rsa_test_key().record.substr(test::rsa_test_key().record.find("p="));
    const auto read = [](const std::string& record) {
      return read_key(record, SignatureAlgorithm::kRsaSha256).trouble == DkimKey::Trouble::kNone;
    };
    for (const std::string& good :
         {p, "v=DKIM1;" + p, p + "; n=a note=with more", "k=RSA; h=sha1:sha256;" + p,
          "s=email:other; " + p, "s=*;t=y;" + p + ";", "v=DKIM1; g=*; x=y; " + p + " ; "})
      CPPUNIT_ASSERT_MESSAGE(good, read(good));
    for (const std::string& bad :
         {std::string(), std::string("v=DKIM1"), std::string("v=spf1 -all"), std::string("p=AAAA"),
          "v=DKIM2; " + p, p + "; v=DKIM1", "k=ed25519; " + p, "h=sha1; " + p, "s=tls; " + p,
          p + "; " + p, std::string("p=%%"), std::string(9000, ' ') + p})
      CPPUNIT_ASSERT_MESSAGE(bad, !read(bad));
    CPPUNIT_ASSERT(read_key("k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo",
                            SignatureAlgorithm::kEd25519Sha256)
                       .trouble == DkimKey::Trouble::kNone);
    CPPUNIT_ASSERT(read_key("k=ed25519; p=AAAA", SignatureAlgorithm::kEd25519Sha256).trouble ==
                   DkimKey::Trouble::kPermanent);
    // The name of a key may be an alias.
    dns_.cname("alias._domainkey.b.example", "r._domainkey.b.example");
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(with_tags(tags_but("s", "alias"))));
  }

  void keys_of_every_size_we_may_trust_are_read() {  // RFC 8301 §3.2
    const test::TestKey& key = test::rsa_test_key(4096);
    dns_.txt("large._domainkey.b.example", key.record);
    CPPUNIT_ASSERT_EQUAL(std::string("pass"),
                         word(test::signed_by(key.secret, tags_but("s", "large"), kPlain)));
  }

  void of_several_records_the_usable_one_is_taken() {  // RFC 6376 §6.1.2
    dns_.txt("many._domainkey.b.example", "v=spf1 -all");
    dns_.txt("many._domainkey.b.example", test::rsa_test_key().record);
    dns_.txt("many._domainkey.b.example", "v=DKIM1; p=");
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(with_tags(tags_but("s", "many"))));
  }

  void no_answer_from_the_dns_is_a_temporary_error() {
    dns_.fail("down._domainkey.b.example", net::DnsType::kTxt);
    CPPUNIT_ASSERT_EQUAL(std::string("temperror"), word(with_tags(tags_but("s", "down"))));
    dns_.fail("none._domainkey.b.example", net::DnsType::kTxt, Fault::kBadInput);
    CPPUNIT_ASSERT_EQUAL(std::string("permerror"), word(with_tags(tags_but("s", "none"))));
  }

  void one_key_is_asked_for_once() {
    verify(with_tags(kTags, with_tags(kTags, with_tags(kTags))));
    CPPUNIT_ASSERT_EQUAL(1, dns_.asked("r._domainkey.b.example", net::DnsType::kTxt));
  }

  void signatures_beyond_the_limit_are_passed_over() {
    std::string message = kPlain;
    for (int i = 0; i < 20; ++i) message = with_tags(tags_but("n", std::to_string(i)), message);
    AuthLimits limits;
    CPPUNIT_ASSERT_EQUAL(limits.signatures, verify(message).size());
    for (const DkimResult& result : verify(message))
      CPPUNIT_ASSERT(result.verdict == DkimVerdict::kPass);
    limits.signatures = 2;
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, verify(message, kNow, limits).size());
    limits.signed_fields = 1;
    CPPUNIT_ASSERT(verify(message, kNow, limits)[0].verdict == DkimVerdict::kPermError);
  }

  void fields_of_one_name_count_from_the_bottom() {  // RFC 6376 §5.4.2
    const std::string message = with_tags(tags_but("h", "from:subject"));
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word("Subject: zero\r\n" + message));
    std::string first = message, last = message;
    first.replace(first.find("Subject: one"), 12, "Subject: 1ne");
    last.replace(last.find("Subject: two"), 12, "Subject: 2wo");
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(first));
    CPPUNIT_ASSERT_EQUAL(std::string("fail"), word(last));
  }

  void a_field_added_to_an_oversigned_name_breaks_it() {  // RFC 6376 §5.4.2, §8.15
    const std::string message = with_tags(tags_but("h", "from:from:cc"));
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(message));
    CPPUNIT_ASSERT_EQUAL(std::string("fail"), word("From: evil@b.example\r\n" + message));
    CPPUNIT_ASSERT_EQUAL(std::string("fail"), word("Cc: evil@b.example\r\n" + message));
  }

  void odd_messages_have_an_answer() {
    // RFC 6376 §5.3 is for signers; what came in is taken as it is.
    for (const char* odd :
         {"From: a@b.example\r\n\r\na\nb\rc", "From: a@b.example\r\nno field\r\n\r\nx",
          "From: \0 b\r\n\r\n", "From: undisclosed\r\n\r\n", "From: a@b.example\r\n"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(odd, std::string("pass"), word(with_tags(kTags, odd)));
    // But others would see a second field here.
    CPPUNIT_ASSERT_EQUAL(std::string("permerror"),
                         word(with_tags(kTags, "From: a\nTo: b\r\n\r\nx")));
    std::string bare = with_tags(kTags, "From: a@b.example\r\n\r\na\r\nb\r\n");
    bare.replace(bare.find("a\r\nb"), 4, "a\nb");
    CPPUNIT_ASSERT_EQUAL(std::string("fail"), word(bare));
    // Of a message without From the signature covers that there is none.
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), word(with_tags(kTags, "To: x\r\n\r\n")));
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, verify("").size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, verify("\r\nDKIM-Signature: v=1\r\n").size());
  }

  void several_messages_are_verified_at_once() {
    const auto verify_all = [](const MessageVerifier& verifier,
                               std::vector<std::shared_ptr<const MessageView>> messages,
                               std::vector<std::string>& words) -> Task<void> {
      std::vector<Task<std::vector<DkimResult>>> work;
      for (const auto& message : messages) work.push_back(verifier.verify_dkim(message, kNow));
      auto all = all_of(std::move(work));
      const auto results = co_await all;
      for (const auto& result : results) words.emplace_back(dkim_word(result->front().verdict));
    };
    net::LoopRunner runner;
    net::Workers workers(runner.loop(), 3);
    const MessageVerifier verifier(dns_, on_workers(workers));
    const std::string good = with_tags(kTags);
    std::vector<std::shared_ptr<const MessageView>> messages;
    std::vector<std::string> words;
    for (int i = 0; i < 20; ++i) messages.push_back(MessageView::read(i % 2 ? good : good + "x"));
    runner.run(verify_all(verifier, messages, words));
    CPPUNIT_ASSERT_EQUAL(std::size_t{20}, words.size());
    for (std::size_t i = 0; i < 20; ++i)
      CPPUNIT_ASSERT_EQUAL(std::string(i % 2 ? "pass" : "fail"), words[i]);
  }

  void a_header_beyond_all_bounds_is_refused() {
    std::string many = kPlain;
    for (std::size_t i = 0; i < kMostHeaderFields; ++i) many.insert(0, "X: y\r\n");
    CPPUNIT_ASSERT_EQUAL(std::string("policy"), word(with_tags(kTags, many)));
    CPPUNIT_ASSERT_EQUAL(
        std::string("policy"),
        word(with_tags(kTags, "X: " + std::string(kMostHeaderOctets, 'x') + "\r\n" + kPlain)));
    CPPUNIT_ASSERT(!dns_.asked("r._domainkey.b.example", net::DnsType::kTxt));
  }

 private:
  struct TestBits {
    unsigned bits;
    const char* word;
  };
};

CPPUNIT_TEST_SUITE_REGISTRATION(DkimVerifyTest);

}  // namespace
}  // namespace fwd::mailauth
