// Who is spared, and what a message gets while not all is known of it.
#include "mailauth/signatures/arc_seal.h"
#include "unit/service/judging_rig.h"

namespace fwd::test {
namespace {

// A DNS in which every packet is lost.
class SilentResolver final : public net::Resolver {
 public:
  Task<Outcome<net::DnsAnswer>> resolve(std::string, net::DnsType) override {
    co_await never_.wait();
    co_return Failure{Fault::kBug, "", ""};
  }

 private:
  Event never_;
};

class JudgingDoubtTest : public JudgingRig {
  CPPUNIT_TEST_SUITE(JudgingDoubtTest);
  CPPUNIT_TEST(points_of_what_is_spared_do_not_count);
  CPPUNIT_TEST(who_may_vouch_and_was_not_heard_defers);
  CPPUNIT_TEST(a_signature_that_could_not_be_asked_defers_spf);
  CPPUNIT_TEST(who_may_be_let_in_by_his_host_comes_again);
  CPPUNIT_TEST(lists_that_are_away_refuse_nobody_for_good);
  CPPUNIT_TEST(only_named_networks_are_trusted);
  CPPUNIT_TEST(without_a_dns_neighbours_wait_little_and_strangers_come_again);
  CPPUNIT_TEST(backscatter_is_junk_and_refused_of_listed_hosts);
  CPPUNIT_TEST(an_allowed_signer_does_not_prove_the_author);
  CPPUNIT_TEST(a_domain_lets_in_only_who_is_proven);
  CPPUNIT_TEST(a_domain_lets_in_a_host_by_its_confirmed_name);
  CPPUNIT_TEST(who_cannot_be_proven_now_comes_again);
  CPPUNIT_TEST(a_denied_name_needs_no_proof);
  CPPUNIT_TEST(what_has_no_sender_is_let_in_by_its_proven_author);
  CPPUNIT_TEST(what_has_no_sender_is_denied_by_its_host_and_its_author);
  CPPUNIT_TEST(a_report_that_the_lists_do_not_take_is_read_in_junk);
  CPPUNIT_TEST(the_greylist_knows_a_proven_organisation);
  CPPUNIT_TEST_SUITE_END();

 public:
  void points_of_what_is_spared_do_not_count() {
    rig_.options.judging.junk_points = 1;
    rig_.options.judging.refuse_points = 2;
    from_ = "a@bank.example";
    dns_.txt("bank.example", "v=spf1 -all");
    dns_.txt("_dmarc.bank.example", "v=DMARC1; p=reject");
    rig_.pipe.peer.ip = "127.0.0.1";
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(mail("ceo@bank.example")));
    CPPUNIT_ASSERT(!was_junk());
    expect_in("X-Forward-Email-Verdict: accepted; points=0/1;", stored());
  }

  void who_may_vouch_and_was_not_heard_defers() {  // RFC 8617 §7.2.1
    dns_.txt("_dmarc.bank.example", "v=DMARC1; p=reject");
    mailauth::ArcSeal seal;
    seal.domain = "list.example";
    seal.selector = "s";
    seal.secret = rsa_test_key().secret;
    seal.authserv_id = "mx.list.example";
    seal.results = "dmarc=fail";
    const std::string plain = mail("ceo@bank.example");
    const auto fields = mailauth::seal_arc(*mailauth::MessageView::read(plain), seal);
    CPPUNIT_ASSERT(fields.ok());
    const std::string& chain = fields.value();
    dns_.txt("s._domainkey.list.example", rsa_test_key().record);
    rig_.options.judging.trusted_sealers = {"list.example"};
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send(chain + plain));
    dns_.forget("s._domainkey.list.example", net::DnsType::kTxt);
    dns_.fail("s._domainkey.list.example", net::DnsType::kTxt);
    CPPUNIT_ASSERT_EQUAL(std::string("451 4.4.3"), send(chain + plain));
    rig_.options.judging.trusted_sealers = {"another.example"};
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send(chain + plain));
  }

  void a_signature_that_could_not_be_asked_defers_spf() {  // RFC 6376 §6.1.2
    dns_.forget("peer.example", net::DnsType::kTxt);
    dns_.txt("peer.example", "v=spf1 -all");
    const std::string content = signed_mail("peer.example", mail("a@peer.example"));
    dns_.forget("s._domainkey.peer.example", net::DnsType::kTxt);
    dns_.fail("s._domainkey.peer.example", net::DnsType::kTxt);
    CPPUNIT_ASSERT_EQUAL(std::string("451 4.4.3"), send(content));
    // Another's signature would not have helped.
    const std::string other = signed_mail("other.example", mail("a@peer.example"));
    dns_.forget("s._domainkey.other.example", net::DnsType::kTxt);
    dns_.fail("s._domainkey.other.example", net::DnsType::kTxt);
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.2"), send(other));
  }

  void who_may_be_let_in_by_his_host_comes_again() {
    dns_.txt("_dmarc.bank.example", "v=DMARC1; p=reject");
    dns_.forget("1.2.0.192.in-addr.arpa", net::DnsType::kPtr);
    dns_.fail("1.2.0.192.in-addr.arpa", net::DnsType::kPtr);
    take_from({"other.example"});
    CPPUNIT_ASSERT_EQUAL(std::string("451 4.4.3"), send(mail("ceo@bank.example")));
    take_from({"198.51.100.1"});
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send(mail("ceo@bank.example")));
    lists_.add(model::ListKind::kAllow, "mail.other.example");
    CPPUNIT_ASSERT_EQUAL(std::string("451 4.4.3"), send(mail("ceo@bank.example")));
  }

  void lists_that_are_away_refuse_nobody_for_good() {
    dns_.txt("_dmarc.bank.example", "v=DMARC1; p=reject");
    take_from({});
    lists_.refuses = Failure{Fault::kUnavailable, "", "away"};
    CPPUNIT_ASSERT_EQUAL(std::string("451 4.3.0"), send(mail("ceo@bank.example")));
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(mail("a@peer.example")));
    deny("192.0.2.0/24");
    CPPUNIT_ASSERT(begin().starts_with("421"));
  }

  void only_named_networks_are_trusted() {
    dns_.txt("_dmarc.bank.example", "v=DMARC1; p=reject");
    for (const char* ip : {"10.0.0.5", "192.168.1.1", "172.17.0.1", "fd00::1", "fe80::1"}) {
      rig_.pipe.peer.ip = ip;
      CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send(mail("ceo@bank.example")));
    }
    for (const char* ip : {"127.0.0.9", "::1", "::ffff:127.0.0.1"}) {
      rig_.pipe.peer.ip = ip;
      CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(mail("ceo@bank.example")));
    }
    std::vector<std::string> faults;
    rig_.options.trusted_networks = service::read_networks({"192.168.0.0/16", "home"}, faults);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, faults.size());
    rig_.pipe.peer.ip = "192.168.1.1";
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(mail("ceo@bank.example")));
    rig_.pipe.peer.ip = "127.0.0.1";
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send(mail("ceo@bank.example")));
  }

  void without_a_dns_neighbours_wait_little_and_strangers_come_again() {
    SilentResolver silent;
    rig_.resolver = &silent;
    const auto seconds_until = [this](const std::string& reply) {
      CPPUNIT_ASSERT(begin().starts_with("250"));
      rig_.ask("DATA");
      rig_.send(mail("a@bank.example"));
      rig_.send(".\r\n");
      for (int seconds = 0; seconds <= 60; ++seconds) {
        if (const auto heard = rig_.reply(); heard && !heard->starts_with("354")) {
          expect_in(reply, *heard);
          return seconds;
        }
        rig_.clock.turn(std::chrono::seconds(1));
      }
      return -1;
    };
    CPPUNIT_ASSERT_EQUAL(30, seconds_until("451 4.4.3"));
    rig_.pipe.peer.ip = "127.0.0.1";
    CPPUNIT_ASSERT_EQUAL(5, seconds_until("250 2.0.0"));
    expect_in("spf=temperror", stored());
    rig_.options.judging.limit = std::chrono::seconds(3);
    CPPUNIT_ASSERT_EQUAL(3, seconds_until("250 2.0.0"));
    rig_.cancel();  // before its resolver goes
  }

  void backscatter_is_junk_and_refused_of_listed_hosts() {
    take_from({});
    from_ = "";
    const std::string report = mail("mailer-daemon@peer.example");
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(report));
    CPPUNIT_ASSERT(was_junk());
    protection_.backscatter_lists.lists = {{"ips.example", false, 5}};
    dns_.a("1.2.0.192.ips.example", "127.0.0.2");
    CPPUNIT_ASSERT_EQUAL(std::string("554 5.7.1"), send(report));
    // Who has a sender is not asked about.
    from_ = "a@peer.example";
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(mail("a@peer.example")));
  }

  void an_allowed_signer_does_not_prove_the_author() {
    dns_.txt("_dmarc.bank.example", "v=DMARC1; p=reject");
    take_from({"peer.example"});
    // By its signature and by its sender.
    dns_.forget("1.2.0.192.in-addr.arpa", net::DnsType::kPtr);
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"),
                         send(signed_mail("peer.example", mail("ceo@bank.example"))));
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send(mail("ceo@bank.example")));
    take_from({"192.0.2.1"});
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(mail("ceo@bank.example")));
  }

  void a_domain_lets_in_only_who_is_proven() {
    auto& allowed = rig_.deliveries.rules["example.test"].allowlist;
    allowed = {"friend.example"};
    // As written by a stranger: in From, in MAIL FROM without SPF, and with one that fails softly.
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send(mail("f@friend.example")));
    from_ = "f@friend.example";
    CPPUNIT_ASSERT(begin().starts_with("250"));
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send(mail("f@friend.example")));
    dns_.txt("friend.example", "v=spf1 ~all");
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send(mail("f@friend.example")));
    CPPUNIT_ASSERT_EQUAL(std::string("rules"), field(*entry("mx.checked"), "decided_by"));
    CPPUNIT_ASSERT(rig_.deliveries.deliveries().empty());
    // Another's good signature proves nobody else.
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"),
                         send(signed_mail("peer.example", mail("f@friend.example"))));
    // By SPF, by an aligned signature.
    from_ = "a@peer.example";
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"),
                         send(signed_mail("friend.example", mail("f@friend.example"))));
    allowed = {"a@peer.example"};
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(mail("somebody@other.example")));
    // A network that is trusted vouches.
    allowed = {"friend.example"};
    rig_.pipe.peer.ip = "127.0.0.1";
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(mail("f@friend.example")));
  }

  void a_domain_lets_in_a_host_by_its_confirmed_name() {
    rig_.deliveries.rules["example.test"].allowlist = {"mail.peer.example"};
    from_ = "x@other.example";
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(mail("x@other.example")));
    // The name does not lead back.
    dns_.forget("mail.peer.example", net::DnsType::kA);
    dns_.a("mail.peer.example", "192.0.2.99");
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send(mail("x@other.example")));
  }

  void who_cannot_be_proven_now_comes_again() {
    auto& allowed = rig_.deliveries.rules["example.test"].allowlist;
    allowed = {"f@friend.example"};
    from_ = "f@friend.example";
    dns_.fail("friend.example", net::DnsType::kTxt);
    CPPUNIT_ASSERT_EQUAL(std::string("451 4.4.3"), send(mail("f@friend.example")));
    // Nobody is let in by what would not have been enough.
    allowed = {"else.example"};
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send(mail("f@friend.example")));
    allowed = {"f@friend.example"};
    dns_.forget("friend.example", net::DnsType::kTxt);
    dns_.txt("friend.example", "v=spf1 -all");
    const std::string content = signed_mail("friend.example", mail("f@friend.example"));
    dns_.forget("s._domainkey.friend.example", net::DnsType::kTxt);
    dns_.fail("s._domainkey.friend.example", net::DnsType::kTxt);
    CPPUNIT_ASSERT_EQUAL(std::string("451 4.4.3"), send(content));
  }

  void a_denied_name_needs_no_proof() {
    rig_.deliveries.rules["example.test"].denylist = {"friend.example"};
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send(mail("f@friend.example")));
    from_ = "f@friend.example";
    CPPUNIT_ASSERT(begin().starts_with("550 5.7.1"));
  }

  void what_has_no_sender_is_let_in_by_its_proven_author() {
    rig_.deliveries.rules["example.test"].allowlist = {"friend.example"};
    from_ = "";
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send(mail("f@friend.example")));
    const std::string content = signed_mail("friend.example", mail("f@friend.example"));
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(content));
    CPPUNIT_ASSERT(!was_junk());
  }

  void what_has_no_sender_is_denied_by_its_host_and_its_author() {
    auto& denied = rig_.deliveries.rules["example.test"].denylist;
    from_ = "";
    denied = {"evil.example"};
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send(mail("ceo@evil.example")));
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(mail("ceo@good.example")));
    denied = {"mail.peer.example"};
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send(mail("ceo@good.example")));
    // Whoever calls himself a postmaster writes no report by that.
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send(mail("postmaster@good.example")));
  }

  void a_report_that_the_lists_do_not_take_is_read_in_junk() {  // RFC 6522 §3
    auto& rules = rig_.deliveries.rules["example.test"];
    rules.allowlist = {"203.0.113.7"};
    from_ = "";
    const std::string report =
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n" +
        mail("ceo@evil.example");
    // Also where reports are worth nothing.
    uses_lists_ = true;
    protection_.greylist.delay = std::chrono::seconds(0);
    protection_.backscatter_points = 0;
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0"), send(report));
    CPPUNIT_ASSERT(was_junk());
    from_ = "ceo@evil.example";
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), begin().substr(0, 9));
    // What goes on to another server has no Junk.
    MemoryDeliveries::Alias leads;
    leads.destinations = {{}};
    leads.destinations[0].address = "far@dest.example";
    rig_.deliveries.add("hello@example.test", leads);
    from_ = "";
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.7.1"), send(report));
  }

  void the_greylist_knows_a_proven_organisation() {
    uses_lists_ = true;
    for (const char* name : {"x1.peer.example", "x2.peer.example"}) dns_.txt(name, "v=spf1 +all");
    from_ = "a@x1.peer.example";
    CPPUNIT_ASSERT(begin().starts_with("450"));
    CPPUNIT_ASSERT_EQUAL(std::string("peer.example"),
                         suffixes_.organisational_domain("x2.peer.example"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(JudgingDoubtTest);

}  // namespace
}  // namespace fwd::test
