// Who is let in and kept out by name.
#include "service/inbound/sender_check.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>

#include "support/memory_sender_lists.h"
#include "unit/mailauth/finish.h"

namespace fwd::test {
namespace {

using model::ListKind;
using service::SenderFacts;
using service::Standing;

format::Address address(const char* text) {
  return format::parse_mailbox(text, format::AddressCharset::kUtf8).value();
}

SenderFacts stranger() {
  SenderFacts facts;
  facts.ip = "203.0.113.7";
  facts.host = "out.mail.example.test";
  facts.sender = address("Bob+news@Lists.Sender.test");
  facts.author = address("alice@author.test");
  return facts;
}

struct Lists {
  HandClock clock;
  MemorySenderLists kept{clock};
  service::StaticLists configured;

  service::SenderVerdict ask(const SenderFacts& facts) {
    return finish(service::check_sender(kept, configured, facts));
  }
  Standing standing(const SenderFacts& facts) { return ask(facts).decision.standing; }
};

}  // namespace

class SenderCheckTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SenderCheckTest);
  CPPUNIT_TEST(a_sender_may_be_named_in_many_ways);
  CPPUNIT_TEST(keys_stand_in_order_once_each_and_are_bounded);
  CPPUNIT_TEST(what_is_more_exact_decides);
  CPPUNIT_TEST(the_operator_goes_before_what_was_learned);
  CPPUNIT_TEST(allow_beats_deny_at_the_same_exactness);
  CPPUNIT_TEST(a_forged_name_lets_nobody_in);
  CPPUNIT_TEST(networks_of_our_own_are_let_in_unless_named);
  CPPUNIT_TEST(the_configured_lists_count_as_well);
  CPPUNIT_TEST(without_the_door_the_configured_lists_decide);
  CPPUNIT_TEST(refusals_say_what_they_are_about_and_no_more);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_sender_may_be_named_in_many_ways() {
    for (const char* value :
         {"203.0.113.7", "203.0.113.0/24", "203.0.0.0/8", "203.0.113.6/31", "out.mail.example.test",
          "mail.example.test", "example.test", "*.test", "bob+news@lists.sender.test",
          "bob@lists.sender.test", "lists.sender.test", "sender.test", "alice@author.test",
          "author.test", "signer.test"}) {
      Lists lists;
      lists.kept.add(ListKind::kDeny, value);
      SenderFacts facts = stranger();
      facts.signing_domains = {"mail.signer.test"};
      CPPUNIT_ASSERT_MESSAGE(value, lists.standing(facts) == Standing::kDenied);
    }
    for (const char* value : {"203.0.113.8", "203.0.114.0/24", "xample.test", "carol@author.test",
                              "news@lists.sender.test", "*.example"}) {
      Lists lists;
      lists.kept.add(ListKind::kDeny, value);
      CPPUNIT_ASSERT_MESSAGE(value, lists.standing(stranger()) == Standing::kUnlisted);
    }
  }

  void keys_stand_in_order_once_each_and_are_bounded() {
    SenderFacts facts = stranger();
    facts.ip = "2001:db8::7";
    facts.author = address("a@b.c.d.e.f.g.h.i.j.k.l.m.test");
    facts.signing_domains.assign(50, "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.example");
    facts.signing_domains.emplace_back("late.example");
    const auto keys = service::list_keys(facts);
    CPPUNIT_ASSERT(keys.size() <= model::kMostListedAsked && keys.size() > 130);
    auto values = service::key_values(keys);
    for (std::size_t i = 1; i < keys.size(); ++i)
      CPPUNIT_ASSERT(keys[i - 1].exactness <= keys[i].exactness);
    CPPUNIT_ASSERT(std::find(values.begin(), values.end(), "late.example") == values.end());
    std::sort(values.begin(), values.end());
    CPPUNIT_ASSERT(std::adjacent_find(values.begin(), values.end()) == values.end());
    CPPUNIT_ASSERT(service::list_keys(SenderFacts{}).empty());
  }

  void what_is_more_exact_decides() {
    const struct {
      const char *allowed, *denied;
      Standing standing;
    } rows[] = {{"203.0.113.0/28", "203.0.113.0/24", Standing::kAllowed},
                {"203.0.113.0/24", "203.0.113.0/28", Standing::kDenied},
                {"mail.example.test", "example.test", Standing::kAllowed},
                {"example.test", "mail.example.test", Standing::kDenied},
                {"example.test", "bob@lists.sender.test", Standing::kDenied},
                {"203.0.113.7", "lists.sender.test", Standing::kAllowed},
                {"203.0.0.0/16", "*.test", Standing::kAllowed}};
    for (const auto& row : rows) {
      Lists lists;
      lists.kept.add(ListKind::kAllow, row.allowed);
      lists.kept.add(ListKind::kDeny, row.denied);
      CPPUNIT_ASSERT_MESSAGE(std::string(row.allowed) + " " + row.denied,
                             lists.standing(stranger()) == row.standing);
    }
  }

  void the_operator_goes_before_what_was_learned() {
    const auto learn = [](Lists& lists, const char* value) {
      model::ListedSender learned;
      learned.value = value;
      learned.is_learned = true;
      CPPUNIT_ASSERT(finish(lists.kept.put_listed(learned)).ok());
    };
    SenderFacts facts = stranger();
    facts.sender_is_proven = true;
    facts.signing_domains = {"mail.signer.test"};
    for (const char* allowed : {"203.0.0.0/8", "*.test", "example.test", "sender.test",
                                "bob@lists.sender.test", "signer.test"})
      for (const char* learned : {"203.0.113.7", "bob+news@lists.sender.test", "sender.test"}) {
        if (std::string(allowed) == learned) continue;
        Lists lists;
        learn(lists, learned);
        CPPUNIT_ASSERT(lists.standing(facts) == Standing::kDenied);
        std::vector<std::string> faults;
        lists.configured = service::StaticLists::read({allowed}, {}, faults);
        CPPUNIT_ASSERT_MESSAGE(allowed, lists.standing(facts) == Standing::kAllowed);
      }
    // Not who only says that he is it; and what the operator denies is final.
    Lists lists;
    learn(lists, "203.0.113.7");
    lists.kept.add(ListKind::kAllow, "author.test");
    CPPUNIT_ASSERT(lists.standing(facts) == Standing::kDenied);
    lists.kept.add(ListKind::kDeny, "203.0.113.0/24");
    CPPUNIT_ASSERT(!lists.ask(facts).decision.is_learned);
    // A network that is trusted is the operator's word, too.
    Lists own;
    learn(own, "203.0.113.7");
    facts.is_neighbour = true;
    CPPUNIT_ASSERT(own.standing(facts) == Standing::kAllowed);
  }

  void allow_beats_deny_at_the_same_exactness() {
    Lists lists;
    lists.kept.add(ListKind::kDeny, "203.0.113.7", "bad");
    lists.kept.add(ListKind::kAllow, "out.mail.example.test", "good");
    const auto verdict = lists.ask(stranger());
    CPPUNIT_ASSERT(verdict.decision.standing == Standing::kAllowed);
    CPPUNIT_ASSERT_EQUAL(std::string("host out.mail.example.test: good"), verdict.finding.why);
    CPPUNIT_ASSERT_EQUAL(std::string("allowed"), verdict.finding.result);
    lists.kept.add(ListKind::kDeny, "out.mail.example.test");
    CPPUNIT_ASSERT(lists.standing(stranger()) == Standing::kAllowed);
  }

  void a_forged_name_lets_nobody_in() {
    Lists lists;
    lists.kept.add(ListKind::kAllow, "alice@author.test");
    lists.kept.add(ListKind::kAllow, "sender.test");
    lists.kept.add(ListKind::kDeny, "203.0.113.0/24");
    SenderFacts facts = stranger();
    CPPUNIT_ASSERT(lists.standing(facts) == Standing::kDenied);
    facts.author_is_proven = true;
    CPPUNIT_ASSERT(lists.standing(facts) == Standing::kAllowed);
    facts.author_is_proven = false;
    facts.sender_is_proven = true;
    CPPUNIT_ASSERT(lists.standing(facts) == Standing::kAllowed);
  }

  void networks_of_our_own_are_let_in_unless_named() {
    Lists lists;
    SenderFacts facts;
    facts.ip = "10.0.0.9";
    CPPUNIT_ASSERT(lists.standing(facts) == Standing::kUnlisted);
    facts.is_neighbour = true;
    CPPUNIT_ASSERT(lists.standing(facts) == Standing::kAllowed);
    lists.kept.add(ListKind::kDeny, "10.0.0.0/24");
    CPPUNIT_ASSERT(lists.standing(facts) == Standing::kDenied);
  }

  void the_configured_lists_count_as_well() {
    Lists lists;
    std::vector<std::string> faults;
    lists.configured = service::StaticLists::read({"Mail.Example.test", "nonsense"},
                                                  {"203.0.113.99/24", "*.a.b"}, faults);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, faults.size());
    CPPUNIT_ASSERT(faults[0].find("smtp.allowlist: nonsense: ") == 0);
    SenderFacts facts = stranger();
    CPPUNIT_ASSERT(lists.standing(facts) == Standing::kAllowed);
    facts.host.clear();
    const auto verdict = lists.ask(facts);
    CPPUNIT_ASSERT(verdict.decision.standing == Standing::kDenied);
    CPPUNIT_ASSERT_EQUAL(std::string("peer 203.0.113.0/24: smtp.denylist"), verdict.finding.why);
  }

  void without_the_door_the_configured_lists_decide() {
    Lists lists;
    std::vector<std::string> faults;
    lists.configured = service::StaticLists::read({}, {"203.0.113.7"}, faults);
    lists.kept.refuses = Failure{Fault::kUnavailable, "", "away"};
    const auto denied = lists.ask(stranger());
    CPPUNIT_ASSERT(denied.is_partial && denied.decision.standing == Standing::kDenied);
    SenderFacts other = stranger();
    other.ip = "203.0.113.8";
    const auto passed = lists.ask(other);
    CPPUNIT_ASSERT(passed.is_partial && passed.decision.standing == Standing::kUnlisted);
    CPPUNIT_ASSERT_EQUAL(std::string("the door's lists are away"), passed.finding.why);
  }

  void refusals_say_what_they_are_about_and_no_more() {
    service::ListDecision decision{Standing::kDenied, "203.0.113.7", "peer", "our secret", false};
    auto reply = service::list_refusal(decision, service::Moment::kGreeting);
    CPPUNIT_ASSERT(reply.code == 554 && reply.enhanced == "5.7.1" && reply.close);
    CPPUNIT_ASSERT_EQUAL(std::string("Your host is not accepted here"), reply.text);
    decision.what = "author";
    reply = service::list_refusal(decision, service::Moment::kMail);
    CPPUNIT_ASSERT(reply.code == 550 && reply.text == "This sender is not accepted here");
    decision.is_learned = true;
    reply = service::list_refusal(decision, service::Moment::kMail);
    CPPUNIT_ASSERT(reply.code == 450 && reply.enhanced == "4.7.1" && !reply.close);
    CPPUNIT_ASSERT_EQUAL(421, service::list_refusal(decision, service::Moment::kGreeting).code);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SenderCheckTest);

}  // namespace fwd::test
