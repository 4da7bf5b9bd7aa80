// What a message gets for what is known of it: each rule, in a real session
// with a scripted DNS.
#include <cppunit/extensions/HelperMacros.h>

#include "mailauth/signatures/arc_seal.h"
#include "service/inbound/evidence.h"
#include "service/inbound/rules.h"
#include "unit/mailauth/finish.h"
#include "unit/mailauth/signed_mail.h"
#include "unit/service/judging_rig.h"

namespace fwd::test {
namespace {

class JudgingTest : public JudgingRig {
  CPPUNIT_TEST_SUITE(JudgingTest);
  CPPUNIT_TEST(good_mail_tells_what_was_found);
  CPPUNIT_TEST(a_dmarc_policy_to_refuse_refuses);
  CPPUNIT_TEST(a_dmarc_policy_to_quarantine_makes_junk);
  CPPUNIT_TEST(dmarc_may_be_told_to_mark_or_to_do_nothing);
  CPPUNIT_TEST(an_aligned_signature_passes_dmarc_whatever_spf_says);
  CPPUNIT_TEST(a_hard_spf_failure_without_dmarc_refuses);
  CPPUNIT_TEST(an_aligned_signature_outweighs_spf);
  CPPUNIT_TEST(trouble_of_the_dns_defers_only_what_hangs_on_it);
  CPPUNIT_TEST(a_signature_covers_no_header_of_two_readings);
  CPPUNIT_TEST(an_author_nobody_can_tell_is_refused);
  CPPUNIT_TEST(neighbours_are_refused_nothing);
  CPPUNIT_TEST(only_a_trusted_sealer_vouches);
  CPPUNIT_TEST(a_sealer_vouches_for_the_author_it_saw);
  CPPUNIT_TEST(a_sample_is_the_same_for_a_message_that_comes_again);
  CPPUNIT_TEST(many_points_make_junk);
  CPPUNIT_TEST(our_own_fields_from_outside_go);
  CPPUNIT_TEST(a_line_that_is_no_field_hides_none);
  CPPUNIT_TEST(a_virus_is_refused);
  CPPUNIT_TEST(rspamd_refuses_marks_and_defers);
  CPPUNIT_TEST(a_scanner_that_is_away);
  CPPUNIT_TEST(a_denied_address_is_not_greeted);
  CPPUNIT_TEST(a_denied_sender_is_refused_at_mail);
  CPPUNIT_TEST(a_stranger_comes_again_and_a_neighbour_need_not);
  CPPUNIT_TEST(the_journal_tells_each_check);
  CPPUNIT_TEST(strangers_words_end_no_field);
  CPPUNIT_TEST_SUITE_END();

 public:
  void good_mail_tells_what_was_found() {
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(mail("a@peer.example")));
    expect_in("Authentication-Results: mx.example.test;", stored());
    expect_in("spf=pass smtp.mailfrom=a@peer.example", stored());
    expect_in("Received-SPF: pass", stored());
    expect_in("X-Forward-Email-Verdict: accepted; points=0/6;", stored());
    expect_in("X-Forward-Email-Sender: rfc822; a@peer.example, mail.peer.example, 192.0.2.1",
              stored());
    CPPUNIT_ASSERT(!was_junk());
  }

  void a_dmarc_policy_to_refuse_refuses() {  // RFC 7489 §6.6.2
    dns_.txt("_dmarc.bank.example", "v=DMARC1; p=reject");
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send(mail("ceo@bank.example")));
    CPPUNIT_ASSERT_EQUAL(std::string("dmarc"), field(*entry("mx.checked"), "decided_by"));
    CPPUNIT_ASSERT_EQUAL(std::string("reject"), field(*entry("mx.dmarc"), "disposition"));
  }

  void a_dmarc_policy_to_quarantine_makes_junk() {
    dns_.txt("_dmarc.bank.example", "v=DMARC1; p=quarantine");
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(mail("ceo@bank.example")));
    CPPUNIT_ASSERT(was_junk());
    expect_in("X-Forward-Email-Verdict: junk; points=1.5/6; decided-by=dmarc;", stored());
  }

  void dmarc_may_be_told_to_mark_or_to_do_nothing() {
    dns_.txt("_dmarc.bank.example", "v=DMARC1; p=reject");
    rig_.options.judging.dmarc = service::Enforcement::kMark;
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(mail("ceo@bank.example")));
    CPPUNIT_ASSERT(was_junk());
    CPPUNIT_ASSERT_EQUAL(std::string("quarantine"), field(*entry("mx.dmarc"), "disposition"));
    CPPUNIT_ASSERT_EQUAL(std::string("local_policy"), field(*entry("mx.dmarc"), "reason"));
  }

  void an_aligned_signature_passes_dmarc_whatever_spf_says() {
    dns_.txt("_dmarc.bank.example", "v=DMARC1; p=reject");
    from_ = "bounce@forwarder.example";
    dns_.txt("forwarder.example", "v=spf1 -all");
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"),
                         send(signed_mail("bank.example", mail("ceo@bank.example"))));
    expect_in("dmarc=pass", stored());
    expect_in("spf=fail", stored());
  }

  void a_hard_spf_failure_without_dmarc_refuses() {  // RFC 7208 §8.4, RFC 7372 §3.2
    dns_.forget("peer.example", net::DnsType::kTxt);
    dns_.txt("peer.example", "v=spf1 -all");
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.2"), send(mail("a@peer.example")));
    CPPUNIT_ASSERT_EQUAL(std::string("spf"), field(*entry("mx.checked"), "decided_by"));
  }

  void an_aligned_signature_outweighs_spf() {
    dns_.forget("peer.example", net::DnsType::kTxt);
    dns_.txt("peer.example", "v=spf1 -all");
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"),
                         send(signed_mail("mail.peer.example", mail("a@peer.example"))));
  }

  void trouble_of_the_dns_defers_only_what_hangs_on_it() {  // RFC 7208 §8.6
    dns_.forget("peer.example", net::DnsType::kTxt);
    dns_.fail("peer.example", net::DnsType::kTxt);
    CPPUNIT_ASSERT_EQUAL(std::string("451 4.4.3"), send(mail("a@peer.example")));
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"),
                         send(signed_mail("peer.example", mail("a@peer.example"))));
  }

  // RFC 5322 §2.2: who ends lines at LF, too, would see another author than was signed.
  void a_signature_covers_no_header_of_two_readings() {
    dns_.txt("_dmarc.bank.example", "v=DMARC1; p=reject");
    const std::string content = "X-A: a\nFrom: Bank <ceo@bank.example>\n\nPay the stranger\r\n" +
                                signed_mail("bank.example", mail("ceo@bank.example"));
    rig_.pipe.peer.ip = "127.0.0.1";  // not even a neighbour
    begin();
    rig_.ask("RSET");
    rig_.ask("MAIL FROM:<" + from_ + "> BODY=BINARYMIME");
    rig_.ask("RCPT TO:<hello@example.test>");
    rig_.send("BDAT " + std::to_string(content.size()) + " LAST\r\n" + content);
    CPPUNIT_ASSERT(rig_.reply().value_or("nothing").starts_with("550 5.6.0"));
    const auto view = mailauth::MessageView::read(content);
    const auto dkim = finish(verifier_.verify_dkim(view, -1));
    CPPUNIT_ASSERT_EQUAL(std::string("permerror"),
                         std::string(mailauth::dkim_word(dkim.at(0).verdict)));
  }

  // RFC 7489 §6.6.1
  void an_author_nobody_can_tell_is_refused() {
    dns_.txt("_dmarc.bank.example", "v=DMARC1; p=reject");
    for (const char* from :
         {"\"Bank\" <ceo@bank.example> (", "<ceo@bank.example>\"", "\"ceo@bank.example\"",
          "<ceo@[192.0.2.9]>", "<ceo@bank .example>", "ceo@bank.example\xff",
          "a@1.x, a@2.x, a@3.x, a@4.x, a@5.x, ceo@bank.example",
          "<ceo@bank.example> (\r\nFrom: a@peer.example", "a@peer.example\r\nFrom: b@peer.example"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(from, std::string("550 5.7.1"), send(mail(from)));
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send("Subject: x\r\n\r\nbody\r\n"));
    rig_.options.judging.dmarc = service::Enforcement::kMark;
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(mail("<ceo@bank.example> (")));
    CPPUNIT_ASSERT(was_junk());
    rig_.options.judging.dmarc = service::Enforcement::kEnforce;
    rig_.pipe.peer.ip = "127.0.0.1";
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(mail("<ceo@bank.example> (")));
  }

  void neighbours_are_refused_nothing() {
    rig_.pipe.peer.ip = "127.0.0.5";
    dns_.txt("_dmarc.bank.example", "v=DMARC1; p=reject");
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(mail("ceo@bank.example")));
    expect_in("dmarc=fail", stored());
    CPPUNIT_ASSERT_EQUAL(std::string("none"), field(*entry("mx.dmarc"), "disposition"));
  }

  // RFC 8617 §7.2.1
  void only_a_trusted_sealer_vouches() {
    const smtp::Peer peer;
    const smtp::Mail letter;
    const service::HeaderScan header;
    const service::Goals goals;
    service::InboundOptions options;
    const service::MessageFacts facts{
        peer, letter, options, header, std::make_shared<const std::string>(), goals, {}};
    service::Evidence evidence;
    evidence.was_asked = true;
    evidence.from.domains = {"bank.example"};
    evidence.arc.emplace();
    evidence.dmarc.emplace();
    evidence.dmarc->verdict = mailauth::DmarcVerdict::kFail;
    evidence.dmarc->applied = mailauth::DmarcPolicy::kReject;
    CPPUNIT_ASSERT(service::judge_dmarc(facts, evidence)->refusal.has_value());
    evidence.arc_is_trusted = true;
    CPPUNIT_ASSERT(!service::judge_dmarc(facts, evidence)->refusal.has_value());
    evidence.dmarc->verdict = mailauth::DmarcVerdict::kTempError;
    CPPUNIT_ASSERT(!service::judge_dmarc(facts, evidence)->refusal.has_value());
    evidence.arc_is_trusted = false;
    CPPUNIT_ASSERT_EQUAL(451, service::judge_dmarc(facts, evidence)->refusal->code);
    // What has a record that asks for nothing needs no second try.
    evidence.dmarc->policy_domain = "bank.example";
    CPPUNIT_ASSERT(!service::judge_dmarc(facts, evidence)->refusal.has_value());
  }

  std::string sealed(const std::string& results, const std::string& content) {
    const TestKey& key = rsa_test_key();
    dns_.forget("s._domainkey.list.example", net::DnsType::kTxt);
    dns_.txt("s._domainkey.list.example", key.record);
    mailauth::ArcSeal seal;
    seal.domain = "list.example";
    seal.selector = "s";
    seal.secret = key.secret;
    seal.authserv_id = "mx.list.example";
    seal.results = results;
    seal.unix_time = 1700000000;
    return mailauth::seal_arc(*mailauth::MessageView::read(content), seal).value() + content;
  }

  // RFC 8617 §7.2: what the sealer tells must be of this message.
  void a_sealer_vouches_for_the_author_it_saw() {
    dns_.txt("_dmarc.bank.example", "v=DMARC1; p=reject");
    rig_.options.judging.trusted_sealers = {"list.example"};
    const std::string content = mail("ceo@bank.example");
    const std::string good = sealed("dmarc=pass header.from=bank.example", content);
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(good));
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"),
                         send(sealed("dmarc=pass header.from=Bank.Example", content)));
    for (const char* results : {"dmarc=pass", "dmarc=pass header.from=evil.example",
                                "dmarc=fail header.from=bank.example"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(results, std::string("550 5.7.1"),
                                   send(sealed(results, content)));
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"),
                         send("From: ceo@other.example\r\n" + good));  // one was added
  }

  void a_sample_is_the_same_for_a_message_that_comes_again() {  // RFC 7489 §6.6.4
    dns_.txt("_dmarc.bank.example", "v=DMARC1; p=reject; pct=50");
    int refused = 0;
    for (int i = 0; i < 40; ++i) {
      const std::string content = mail("ceo@bank.example") + std::to_string(i) + "\r\n";
      const std::string answer = send(content);
      refused += answer.starts_with("550") ? 1 : 0;
      for (int again = 0; again < 3; ++again) CPPUNIT_ASSERT_EQUAL(answer, send(content));
    }
    CPPUNIT_ASSERT(refused > 0 && refused < 40);
  }

  void many_points_make_junk() {
    rig_.options.judging.junk_points = 2;
    from_ = "a@nowhere.example";
    dns_.forget("1.2.0.192.in-addr.arpa", net::DnsType::kPtr);
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(mail("Somebody")));
    CPPUNIT_ASSERT(was_junk());
    expect_in("decided-by=points;", stored());
    rig_.options.judging.refuse_points = 3;
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send(mail("Somebody")));
  }

  void our_own_fields_from_outside_go() {  // RFC 8601 §5
    send(
        "Authentication-Results: mx.example.test; dmarc=pass\r\n"
        "Authentication-Results: other.example; dmarc=pass\r\n"
        "X-Forward-Email-Verdict: accepted; forged\r\nX-Spam-Status: No, forged\r\n" +
        mail("a@peer.example"));
    CPPUNIT_ASSERT(stored().find("mx.example.test; dmarc=pass") == std::string::npos);
    CPPUNIT_ASSERT(stored().find("forged") == std::string::npos);
    expect_in("Authentication-Results: other.example; dmarc=pass", stored());
  }

  void a_line_that_is_no_field_hides_none() {
    const std::string forged =
        "Authentication-Results: mx.example.test; dmarc=pass\r\n"
        "X-Forward-Email-Verdict: accepted; forged\r\nX-Spam-Status: No, forged\r\n"
        "Return-Path: <forged>\r\n";
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"),
                         send("not a field\r\n" + forged + mail("a@peer.example")));
    CPPUNIT_ASSERT(stored().find("mx.example.test; dmarc=pass") == std::string::npos);
    CPPUNIT_ASSERT(stored().find("forged") == std::string::npos);
    expect_in("not a field\r\nFrom: ", stored());
    std::string loop = "not a field\r\n";
    for (int i = 0; i < 40; ++i) loop += "Received: x\r\n";
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.4.6"), send(loop + mail("a@peer.example")));
    std::string large;
    while (large.size() <= 1 << 20) large += "X: " + std::string(500, 'x') + "\r\n";
    CPPUNIT_ASSERT_EQUAL(std::string("552 5.3.4"), send(large + forged + mail("a@peer.example")));
  }

  void a_virus_is_refused() {
    scan_.emplace();
    scan_->virus = scan::VirusVerdict{scan::VirusVerdict::Kind::kFound, "Eicar"};
    CPPUNIT_ASSERT_EQUAL(std::string("554 5.7.1"), send(mail("a@peer.example")));
    // No neighbour is above it.
    rig_.pipe.peer.ip = "127.0.0.1";
    CPPUNIT_ASSERT_EQUAL(std::string("554 5.7.1"), send(mail("a@peer.example")));
  }

  void rspamd_refuses_marks_and_defers() {
    scan_.emplace();
    scan_->spam.emplace();
    scan_->spam->action = scan::SpamAction::kReject;
    CPPUNIT_ASSERT_EQUAL(std::string("554 5.7.1"), send(mail("a@peer.example")));
    scan_->spam->action = scan::SpamAction::kSoftReject;
    CPPUNIT_ASSERT_EQUAL(std::string("451 4.7.1"), send(mail("a@peer.example")));
    scan_->spam->action = scan::SpamAction::kAddHeader;
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(mail("a@peer.example")));
    CPPUNIT_ASSERT(was_junk());
    expect_in("X-Spam-Status: Yes", stored());
  }

  void a_scanner_that_is_away() {
    scan_.emplace();
    scan_->spam_problem = "no answer";
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(mail("a@peer.example")));
    rig_.options.judging.scanners_must_say = true;
    CPPUNIT_ASSERT_EQUAL(std::string("451 4.3.0"), send(mail("a@peer.example")));
  }

  void a_denied_address_is_not_greeted() {  // RFC 5321 §3.1
    deny("192.0.2.0/24");
    CPPUNIT_ASSERT(begin().starts_with("554"));
  }
  void a_denied_sender_is_refused_at_mail() {
    deny("peer.example");
    CPPUNIT_ASSERT(begin().starts_with("550"));
  }

  void a_stranger_comes_again_and_a_neighbour_need_not() {  // RFC 6647 §2
    uses_lists_ = true;
    CPPUNIT_ASSERT(begin().starts_with("450"));
    rig_.clock.turn(std::chrono::minutes(6));
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(mail("a@peer.example")));
    from_ = "b@other.example";
    rig_.pipe.peer.ip = "127.0.0.1";
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(mail("a@peer.example")));
  }

  void the_journal_tells_each_check() {
    send(mail("a@peer.example"));
    const auto* told = entry("mx.checked");
    CPPUNIT_ASSERT(told != nullptr);
    CPPUNIT_ASSERT_EQUAL(std::string("accepted"), field(*told, "verdict"));
    CPPUNIT_ASSERT_EQUAL(std::string("helo iprev from dkim arc dmarc spf"), field(*told, "checks"));
    CPPUNIT_ASSERT_EQUAL(std::string("pass (peer.example by ip4:192.0.2.1)"),
                         field(*told, "check.spf"));
    CPPUNIT_ASSERT_EQUAL(std::string("id-example.test"), told->domain_id);
  }

  void strangers_words_end_no_field() {
    dns_.forget("1.2.0.192.in-addr.arpa", net::DnsType::kPtr);
    from_ = "a@nowhere.example";
    send(
        "From: \"x\r\n y\" <a@peer.example>\r\nDKIM-Signature: v=1; d=a(b\"\\; "
        "s=;;\r\n\r\nbody\r\n");
    expect_in("\r\nX-Forward-Email-Sender: ", stored());
    CPPUNIT_ASSERT(stored().find("\r\n\r\nbody") != std::string::npos);
    const auto verdict = stored().find("X-Forward-Email-Verdict:");
    CPPUNIT_ASSERT(stored().find("X-Forward-Email-Sender:") - verdict < 950);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(JudgingTest);

}  // namespace
}  // namespace fwd::test
