// Who is denied for what was found in his mail, and what the journal tells whom.
#include <algorithm>
#include <iterator>

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
  CPPUNIT_TEST(a_signature_alone_accuses_nobody_of_spam);
  CPPUNIT_TEST(a_signed_message_counts_once_however_often_it_comes);
  CPPUNIT_TEST(who_signs_below_the_author_does_not_speak_for_him);
  CPPUNIT_TEST(one_message_counts_once_a_day);
  CPPUNIT_TEST(what_we_put_off_is_not_counted);
  CPPUNIT_TEST(good_mail_spares_an_address);
  CPPUNIT_TEST(good_mail_of_anybody_spares_the_host_that_brings_it);
  CPPUNIT_TEST(without_rspamd_what_is_clean_is_good);
  CPPUNIT_TEST(an_organisation_is_counted_as_one);
  CPPUNIT_TEST(one_network_makes_only_so_many_entries);
  CPPUNIT_TEST(whom_the_operator_lets_in_is_not_stopped_by_what_was_learned);
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
  // Each another message, in any test.
  void send_times(int times, const std::string& content) {
    for (int i = 0; i < times; ++i) send(content + std::to_string(++sent_) + "\r\n");
  }
  void send_again(int times, const std::string& content) {
    for (int i = 0; i < times; ++i) send(content);
  }
  void send_good(int times, const std::string& content) {
    const auto before = scan_;
    finds(scan::SpamAction::kNone);
    send_again(times, content);
    scan_ = before;
  }
  bool is_denied(const std::string& value) {
    auto asking = lists_.find_listed({value});
    const auto found = finish(std::move(asking));
    return found.ok() && !found.value().empty();
  }
  // What a stranger may add to a message signed by somebody else: a good signature.
  std::string also_signed(const std::string& domain, int time, const std::string& content) {
    const TestKey& key = rsa_test_key();
    dns_.txt("s._domainkey." + domain, key.record);
    return signed_by(key.secret,
                     "v=1; a=rsa-sha256; c=relaxed/relaxed; d=" + domain + "; s=s; t=" +
                         std::to_string(1'000'000'000 + time) + "; h=from:subject; bh=%B; b=%S",
                     content);
  }
  const std::string spam_ = mail("a@peer.example");
  int sent_ = 0;

 public:
  void setUp() override {
    JudgingRig::setUp();
    take_from({});
    finds(scan::SpamAction::kReject);
  }

  void an_address_that_sends_spam_is_denied_for_a_while() {
    send_times(4, spam_);
    CPPUNIT_ASSERT(!is_denied("a@peer.example"));
    CPPUNIT_ASSERT_EQUAL(std::string("554 5.7.1"), send(spam_ + "the fifth\r\n"));
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
    send_times(1, spam_);
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
    send_times(1, mail(from_));
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
    send_times(1, mail("y@another.example"));
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

  // Anybody may send it again, on a way that makes rspamd refuse it.
  void a_signature_alone_accuses_nobody_of_spam() {
    from_ = "x@nobody.example";
    for (int i = 0; i < 30; ++i) {
      const std::string text = mail("v@victim.example") + std::to_string(i) + "\r\n";
      send(also_signed("evil.example", i, signed_mail("victim.example", text)));
    }
    CPPUNIT_ASSERT(!is_denied("v@victim.example") && !is_denied("victim.example"));
    CPPUNIT_ASSERT(!is_denied("192.0.2.1"));
    // Not with DMARC, either, which the signature passes; nor by who may send for a
    // name below the author's.
    dns_.txt("_dmarc.victim.example", "v=DMARC1; p=none");
    dns_.txt("tenant.victim.example", "v=spf1 ip4:192.0.2.1 -all");
    protection_.denials.shared = {"victim.example"};
    from_ = "t@tenant.victim.example";
    for (int i = 0; i < 4; ++i) {
      const std::string text = mail("v@victim.example") + "again " + std::to_string(i) + "\r\n";
      send(signed_mail("victim.example", text));
      from_ = "t" + from_;
    }
    from_ = "x@nobody.example";
    for (int i = 0; i < 4; ++i)
      send(signed_mail("victim.example",
                       mail("v@victim.example") + "more " + std::to_string(i) + "\r\n"));
    CPPUNIT_ASSERT(!is_denied("v@victim.example") && !is_denied("victim.example"));
  }

  void a_signed_message_counts_once_however_often_it_comes() {
    // Of its own when only its author's signature is there, so that it is proven.
    finds_virus();
    protection_.denials.others = 3;
    const std::string text = mail("v@victim.example");
    const std::string content = signed_mail("victim.example", text);
    for (int i = 0; i < 20; ++i) {
      // Another sender, other fields, more and other signatures, other white space.
      from_ = "x" + std::to_string(i) + "@other" + std::to_string(i) + ".example";
      std::string again = "X-Another: field\r\n" + also_signed("evil.example", i, content);
      if (i % 2 == 0) again = also_signed("victim.example", i, again);
      send(again + (i % 3 == 0 ? "\r\n\r\n" : ""));
      rig_.clock.turn(minutes(1));
    }
    CPPUNIT_ASSERT(!is_denied("v@victim.example") && !is_denied("victim.example"));
    // Others do.
    for (int i = 0; i < 2; ++i)
      send(signed_mail("victim.example", text + std::to_string(i) + "\r\n"));
    CPPUNIT_ASSERT(is_denied("v@victim.example") && is_denied("victim.example"));
  }

  void who_signs_below_the_author_does_not_speak_for_him() {
    finds_virus();
    from_ = "x@nobody.example";
    for (int i = 0; i < 5; ++i)
      send(signed_mail("tenant.victim.example",
                       mail("v@victim.example") + std::to_string(i) + "\r\n"));
    CPPUNIT_ASSERT(!is_denied("v@victim.example") && !is_denied("victim.example"));
    // It does when the domain itself says so.
    dns_.txt("_dmarc.victim.example", "v=DMARC1; p=none");
    for (int i = 5; i < 8; ++i)
      send(signed_mail("tenant.victim.example",
                       mail("v@victim.example") + std::to_string(i) + "\r\n"));
    CPPUNIT_ASSERT(is_denied("v@victim.example"));
  }

  void one_message_counts_once_a_day() {
    send_again(20, spam_);
    CPPUNIT_ASSERT(!is_denied("a@peer.example") && !is_denied("peer.example"));
    from_ = "x@nobody.example";
    for (int i = 0; i < 20; ++i) send(mail("y" + std::to_string(i) + "@another.example"));
    CPPUNIT_ASSERT(!is_denied("192.0.2.1"));
    send_times(9, mail("y@another.example"));
    CPPUNIT_ASSERT(is_denied("192.0.2.1"));
  }

  void what_we_put_off_is_not_counted() {
    // Junk is taken, but the store of the mailbox is away.
    rig_.options.judging.spam_is_refused = false;
    from_ = "x@nobody.example";
    for (int i = 0; i < 12; ++i) {
      rig_.deliveries.damaged.insert("hello@example.test");
      const std::string text = mail("y@another.example") + std::to_string(i) + "\r\n";
      CPPUNIT_ASSERT(send("Message-ID: <1@x>\r\n" + text).starts_with("451"));
    }
    CPPUNIT_ASSERT(!is_denied("192.0.2.1"));
    // Once it is taken it is.
    rig_.deliveries.damaged.clear();
    for (int i = 0; i < 10; ++i) {
      const std::string text = mail("y@another.example") + std::to_string(i) + "\r\n";
      CPPUNIT_ASSERT(send("Message-ID: <1@x>\r\n" + text).starts_with("250"));
    }
    CPPUNIT_ASSERT(is_denied("192.0.2.1"));
  }

  void good_mail_spares_an_address() {
    // A list of which one post in fifty is spam.
    send_good(50, spam_);
    send_times(40, spam_);
    CPPUNIT_ASSERT(!is_denied("a@peer.example") && !is_denied("peer.example"));
    send_times(11, spam_);
    CPPUNIT_ASSERT(is_denied("a@peer.example"));
  }

  void good_mail_of_anybody_spares_the_host_that_brings_it() {
    from_ = "x@nobody.example";
    send_good(30, signed_mail("good.example", mail("v@good.example")));
    take_from({"friend.example"});
    send_good(20, signed_mail("friend.example", mail("f@friend.example")));
    take_from({});
    from_ = "a@peer.example";
    send_good(50, spam_);
    from_ = "x@nobody.example";
    send_times(100, mail("y@another.example"));
    CPPUNIT_ASSERT(!is_denied("192.0.2.1"));
    CPPUNIT_ASSERT(begin().starts_with("250"));
    send_times(1, mail("y@another.example"));
    CPPUNIT_ASSERT(is_denied("192.0.2.1"));
  }

  void without_rspamd_what_is_clean_is_good() {
    scan_.emplace();
    scan_->virus = scan::VirusVerdict{};
    send_again(10, spam_);
    finds_virus();
    send_times(10, spam_);
    CPPUNIT_ASSERT(!is_denied("a@peer.example") && !is_denied("peer.example"));
    send_times(1, spam_);
    CPPUNIT_ASSERT(is_denied("a@peer.example") && is_denied("peer.example"));
  }

  void an_organisation_is_counted_as_one() {
    for (int i = 0; i < 10; ++i) {
      const std::string domain = "d" + std::to_string(i) + ".many.example";
      dns_.txt(domain, "v=spf1 ip4:192.0.2.1 -all");
      from_ = "a@" + domain;
      send(mail(from_) + std::to_string(i) + "\r\n");
    }
    CPPUNIT_ASSERT(is_denied("many.example") && !is_denied("d0.many.example"));
    // Not when strangers, or the recipient, have addresses anywhere in it.
    protection_.denials.shared = {"free.uni.example"};
    for (const char* domain : {"lab.uni.example", "mx.example.test", "example.test"}) {
      dns_.txt(domain, "v=spf1 ip4:192.0.2.1 -all");
      for (int i = 0; i < 12; ++i) {
        from_ = "a" + std::to_string(i) + "@" + domain;
        send(mail(from_) + std::to_string(i) + "\r\n");
      }
    }
    CPPUNIT_ASSERT(!is_denied("uni.example") && !is_denied("example.test"));
  }

  // Names cost next to nothing.
  void one_network_makes_only_so_many_entries() {
    for (int i = 0; i < 600; ++i) {
      const std::string domain = "d" + std::to_string(i) + ".example";
      dns_.txt(domain, "v=spf1 ip4:192.0.2.1 -all");
      from_ = "a@" + domain;
      if (i % 2 == 0)
        send_good(1, mail(from_));
      else
        send_times(1, mail(from_));
    }
    const std::size_t made = rig_.state.count("verdicts.");
    CPPUNIT_ASSERT_MESSAGE(std::to_string(made), made > 400 && made < 900);
    // Who was known before is counted all the same.
    send_good(1, mail(from_ = "a@d0.example"));
    CPPUNIT_ASSERT_EQUAL(made, rig_.state.count("verdicts."));
    for (const char* room : {"verdicts.named", "verdicts.good", "verdicts.host", "verdicts.seen",
                             "verdicts.bad", "verdicts.new"})
      CPPUNIT_ASSERT_MESSAGE(
          room, rig_.state.count(std::string(room) + ':') > 0 &&
                    std::count(std::begin(model::kRooms), std::end(model::kRooms), room) == 1);
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

  // At the greeting nobody is known but by his address.
  void whom_the_operator_lets_in_is_not_stopped_by_what_was_learned() {
    from_ = "x@nobody.example";
    send_times(10, mail("y@another.example"));
    CPPUNIT_ASSERT(is_denied("192.0.2.1") && begin().starts_with("421 4.7.1"));
    scan_.reset();
    const std::string good = signed_mail("friend.example", mail("f@friend.example"));
    for (const char* allowed :
         {"mail.peer.example", "*.example", "192.0.2.0/24", "friend.example", "f@friend.example"}) {
      take_from({allowed});
      CPPUNIT_ASSERT_MESSAGE(allowed, send(good).starts_with("250"));
    }
    // An address that was learned, and its domain that is let in.
    take_from({"peer.example"});
    model::ListedSender learned;
    learned.value = "a@peer.example";
    learned.is_learned = true;
    CPPUNIT_ASSERT(finish(lists_.put_listed(learned)).ok());
    from_ = "a@peer.example";
    CPPUNIT_ASSERT(send(spam_).starts_with("250"));
    // Others are stopped later, and no less.
    take_from({"friend.example"});
    CPPUNIT_ASSERT_EQUAL(std::string("450 4.7.1"), send(spam_));
    from_ = "x@nobody.example";
    CPPUNIT_ASSERT_EQUAL(std::string("450 4.7.1"), send(mail("y@another.example")));
    // The door's entries are the operator's, too.
    take_from({});
    CPPUNIT_ASSERT(begin().starts_with("421 4.7.1"));
    lists_.add(ListKind::kAllow, "198.51.100.1");
    CPPUNIT_ASSERT(begin().starts_with("421 4.7.1"));
    lists_.add(ListKind::kAllow, "f@friend.example");
    CPPUNIT_ASSERT(send(good).starts_with("250"));
    // His own denials hold at the greeting.
    deny("192.0.2.1");
    CPPUNIT_ASSERT(begin().starts_with("554 5.7.1"));
  }

  void what_the_operator_ended_begins_from_nothing() {
    send_times(5, spam_);
    CPPUNIT_ASSERT(is_denied("a@peer.example"));
    CPPUNIT_ASSERT(finish(lists_.remove_listed(ListKind::kDeny, "a@peer.example")).ok());
    send_times(4, spam_);
    CPPUNIT_ASSERT(!is_denied("a@peer.example"));
    send_times(1, spam_);
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
