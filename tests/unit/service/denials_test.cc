// Who is denied for what was found in his mail, and what the journal tells whom.
#include "unit/mailauth/finish.h"
#include "unit/service/judging_rig.h"

namespace fwd::test {
namespace {

using model::ListKind;
using std::chrono::hours;
using std::chrono::minutes;

class DenialsTest : public JudgingRig {
  CPPUNIT_TEST_SUITE(DenialsTest);
  CPPUNIT_TEST(an_address_that_sends_spam_is_denied_for_a_while);
  CPPUNIT_TEST(three_viruses_are_enough);
  CPPUNIT_TEST(verdicts_are_counted_for_a_day);
  CPPUNIT_TEST(a_domain_is_denied_after_its_addresses);
  CPPUNIT_TEST(good_mail_of_others_spares_the_domain);
  CPPUNIT_TEST(domains_of_strangers_are_never_denied_whole);
  CPPUNIT_TEST(where_nobody_is_proven_the_host_is_counted);
  CPPUNIT_TEST(nobody_has_another_denied);
  CPPUNIT_TEST(a_signed_message_counts_once_however_often_it_comes);
  CPPUNIT_TEST(who_is_let_in_is_not_counted);
  CPPUNIT_TEST(what_the_operator_ended_begins_from_nothing);
  CPPUNIT_TEST(it_may_be_switched_off);
  CPPUNIT_TEST(refusals_before_a_recipient_are_in_the_operators_journal);
  CPPUNIT_TEST(a_domain_reads_only_of_its_own_rules_and_people);
  CPPUNIT_TEST_SUITE_END();

  void finds(scan::SpamAction action) {
    scan_.emplace();
    scan_->spam.emplace();
    scan_->spam->action = action;
  }
  void finds_virus() {
    scan_.emplace();
    scan_->virus = scan::VirusVerdict{scan::VirusVerdict::Kind::kFound, "Eicar"};
  }
  void send_times(int times, const std::string& content) {
    for (int i = 0; i < times; ++i) send(content);
  }
  bool is_denied(const std::string& value) {
    auto asking = lists_.find_listed({value});
    const auto found = finish(std::move(asking));
    return found.ok() && !found.value().empty();
  }
  const std::string spam_ = mail("a@peer.example");

 public:
  void setUp() override {
    JudgingRig::setUp();
    take_from({});
    finds(scan::SpamAction::kReject);
  }

  void an_address_that_sends_spam_is_denied_for_a_while() {
    send_times(4, spam_);
    CPPUNIT_ASSERT(!is_denied("a@peer.example"));
    CPPUNIT_ASSERT_EQUAL(std::string("554 5.7.1"), send(spam_));
    CPPUNIT_ASSERT(is_denied("a@peer.example") && !is_denied("peer.example"));
    const std::string answer = begin();
    CPPUNIT_ASSERT_MESSAGE(answer, answer.starts_with("450 4.7.1"));
    expect_in("spam or viruses came from it", answer);
    // In the journal of those whom it was for.
    const auto* told = entry("mx.sender.denied");
    CPPUNIT_ASSERT(told != nullptr && !told->domain_id.empty());
    CPPUNIT_ASSERT_EQUAL(std::string("a@peer.example"), field(*told, "value"));
    CPPUNIT_ASSERT_EQUAL(std::string("spam"), field(*told, "why"));
    CPPUNIT_ASSERT(!told->fields.contains("to"));
    from_ = "b@peer.example";
    CPPUNIT_ASSERT(begin().starts_with("250"));
    from_ = "a+tag@peer.example";
    CPPUNIT_ASSERT(begin().starts_with("450"));
    rig_.clock.turn(hours(30 * 24));
    CPPUNIT_ASSERT(begin().starts_with("250"));
  }

  void three_viruses_are_enough() {
    finds_virus();
    send_times(2, spam_);
    CPPUNIT_ASSERT(!is_denied("a@peer.example"));
    send(spam_);
    CPPUNIT_ASSERT(is_denied("a@peer.example"));
    CPPUNIT_ASSERT_EQUAL(std::string("viruses"), field(*entry("mx.sender.denied"), "why"));
  }

  void verdicts_are_counted_for_a_day() {
    send_times(4, spam_);
    rig_.clock.turn(hours(24));
    send_times(4, spam_);
    CPPUNIT_ASSERT(!is_denied("a@peer.example"));
  }

  void a_domain_is_denied_after_its_addresses() {
    for (const char* name : {"b", "c", "d"}) {
      from_ = std::string(name) + "@peer.example";
      send_times(3, mail(from_));
    }
    CPPUNIT_ASSERT(!is_denied("peer.example"));
    from_ = "e@peer.example";
    send(mail(from_));
    CPPUNIT_ASSERT(is_denied("peer.example") && !is_denied("e@peer.example"));
    CPPUNIT_ASSERT_EQUAL(std::string("spam or viruses"), field(*entry("mx.sender.denied"), "why"));
  }

  void good_mail_of_others_spares_the_domain() {
    finds(scan::SpamAction::kNone);
    from_ = "good@peer.example";
    send_times(12, mail(from_));
    finds(scan::SpamAction::kReject);
    for (const char* name : {"b", "c", "d"}) {
      from_ = std::string(name) + "@peer.example";
      send_times(4, mail(from_));
    }
    CPPUNIT_ASSERT(!is_denied("peer.example"));
    send_times(1, mail(from_));
    CPPUNIT_ASSERT(is_denied("peer.example"));
  }

  void domains_of_strangers_are_never_denied_whole() {
    protection_.denials.shared = {"peer.example"};
    send_times(20, spam_);
    CPPUNIT_ASSERT(is_denied("a@peer.example") && !is_denied("peer.example"));
    for (const char* name : {"b", "c", "d", "e"}) {
      from_ = std::string(name) + "@peer.example";
      send_times(4, mail(from_));
    }
    CPPUNIT_ASSERT(!is_denied("peer.example") && !is_denied("192.0.2.1"));
  }

  void where_nobody_is_proven_the_host_is_counted() {
    from_ = "x@nobody.example";
    send_times(9, mail("y@another.example"));
    CPPUNIT_ASSERT(!is_denied("192.0.2.1"));
    send(mail("y@another.example"));
    CPPUNIT_ASSERT(is_denied("192.0.2.1"));
    CPPUNIT_ASSERT(!is_denied("x@nobody.example") && !is_denied("another.example"));
    CPPUNIT_ASSERT(begin().starts_with("421 4.7.1"));
  }

  void nobody_has_another_denied() {
    // Forged: From of a domain that does not speak of it, and MAIL FROM with a soft failure.
    dns_.txt("victim.example", "v=spf1 ~all");
    from_ = "v@victim.example";
    send_times(9, mail("v@victim.example"));
    from_ = "a@peer.example";
    send_times(4, mail("v@victim.example"));
    CPPUNIT_ASSERT(!is_denied("v@victim.example") && !is_denied("victim.example"));
    // Trouble of the DNS makes nobody a stranger.
    protection_.denials.others = 1;
    dns_.fail("slow.example", net::DnsType::kTxt);
    from_ = "s@slow.example";
    rig_.options.judging.spf = service::Enforcement::kOff;
    send(mail("s@slow.example"));
    CPPUNIT_ASSERT(!is_denied("192.0.2.1") && !is_denied("slow.example"));
  }

  void a_signed_message_counts_once_however_often_it_comes() {
    const std::string content = signed_mail("victim.example", mail("v@victim.example"));
    send_times(4, content);
    rig_.clock.turn(minutes(1));
    send_times(20, "X-Another: field\r\n" + content);
    CPPUNIT_ASSERT(!is_denied("v@victim.example") && !is_denied("victim.example"));
    // Who sends it is proven, too, and counted each time.
    CPPUNIT_ASSERT(is_denied("a@peer.example"));
  }

  void who_is_let_in_is_not_counted() {
    take_from({"peer.example"});
    send_times(12, spam_);
    take_from({});
    lists_.refuses = Failure{Fault::kUnavailable, "", "away"};
    send_times(6, spam_);
    lists_.refuses.reset();
    rig_.pipe.peer.ip = "127.0.0.1";
    send_times(12, spam_);
    CPPUNIT_ASSERT(!is_denied("a@peer.example") && !is_denied("peer.example"));
    CPPUNIT_ASSERT(!is_denied("127.0.0.1"));
  }

  void what_the_operator_ended_begins_from_nothing() {
    send_times(5, spam_);
    CPPUNIT_ASSERT(is_denied("a@peer.example"));
    CPPUNIT_ASSERT(finish(lists_.remove_listed(ListKind::kDeny, "a@peer.example")).ok());
    send_times(4, spam_);
    CPPUNIT_ASSERT(!is_denied("a@peer.example"));
    send(spam_);
    CPPUNIT_ASSERT(is_denied("a@peer.example"));
  }

  void it_may_be_switched_off() {
    protection_.denials.time = std::chrono::seconds(0);
    send_times(20, spam_);
    protection_.denials.time = hours(24);
    protection_.denials.spam = protection_.denials.others = 0;
    send_times(20, spam_);
    CPPUNIT_ASSERT(!is_denied("a@peer.example") && !is_denied("peer.example"));
  }

  void refusals_before_a_recipient_are_in_the_operators_journal() {
    protection_.rates.journalled = 3;
    deny("a@peer.example");
    for (int i = 0; i < 2; ++i) CPPUNIT_ASSERT(begin().starts_with("550"));
    deny("192.0.2.1");
    for (int i = 0; i < 5; ++i) CPPUNIT_ASSERT(begin().starts_with("554"));
    int kept = 0;
    for (const auto& one : rig_.journal.entries) {
      if (one.event != "mx.refused") continue;
      ++kept;
      CPPUNIT_ASSERT(one.domain_id.empty() && field(one, "peer") == "192.0.2.1");
      expect_in("lists: ", field(one, "reason"));
    }
    // Each begin() is a policy of its own, with a memory of its own.
    CPPUNIT_ASSERT_EQUAL(7, kept);
    const auto& first = rig_.journal.entries.front();
    CPPUNIT_ASSERT_EQUAL(std::string("a@peer.example"), field(first, "from"));
    CPPUNIT_ASSERT_EQUAL(std::string("550"), field(first, "code"));
  }

  // One tenant's lists and people are no other's to read.
  void a_domain_reads_only_of_its_own_rules_and_people() {
    scan_.reset();
    rig_.deliveries.add("hello@other.test");
    rig_.deliveries.rules["example.test"].denylist = {"bad.example"};
    dns_.txt("_dmarc.peer.example", "v=DMARC1; p=none");
    begin();
    CPPUNIT_ASSERT(rig_.ask("RCPT TO:<hello@other.test>").starts_with("452"));
    rig_.ask("DATA");
    rig_.send(mail("x@bad.example"));
    CPPUNIT_ASSERT(rig_.ask(".").starts_with("550"));
    const auto* checked = entry("mx.checked");
    expect_in("denied", field(*checked, "check.rules"));
    CPPUNIT_ASSERT(field(*checked, "check.rules").find("hello@") == std::string::npos);
    const std::string own = checked->domain_id;
    for (const auto& one : rig_.journal.entries)
      if (field(one, "to") != "hello@other.test") CPPUNIT_ASSERT_EQUAL(own, one.domain_id);
    // Two domains without rules: each reads how it was judged, and DMARC's entry, which names
    // a domain of recipients, is in the journal of that one.
    rig_.deliveries.rules.clear();
    rig_.journal.entries.clear();
    begin("hello@other.test");
    rig_.ask("RCPT TO:<hello@example.test>");
    rig_.ask("DATA");
    rig_.send(mail("a@peer.example"));
    CPPUNIT_ASSERT(rig_.ask(".").starts_with("250"));
    const auto* dmarc = entry("mx.dmarc");
    CPPUNIT_ASSERT(dmarc != nullptr);
    CPPUNIT_ASSERT_EQUAL(std::string("other.test"), field(*dmarc, "envelope-to"));
    CPPUNIT_ASSERT(dmarc->domain_id != own && !dmarc->domain_id.empty());
    for (const auto& one : rig_.journal.entries) {
      CPPUNIT_ASSERT(!one.fields.contains("check.rules"));
      const std::string& stranger = one.domain_id == own ? "hello@other" : "hello@example";
      for (const auto& [name, value] : one.fields)
        CPPUNIT_ASSERT_MESSAGE(name, value.find(stranger) == std::string::npos);
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DenialsTest);

}  // namespace
}  // namespace fwd::test
