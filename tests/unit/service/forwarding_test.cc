// Mail that goes on: what the queue is given, and what the sender is answered.
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>

#include "format/json.h"
#include "service/inbound/fingerprint.h"
#include "service/inbound/forward_outcome.h"
#include "support/smtp_rig.h"
#include "unit/net/scripted_resolver.h"

namespace fwd::test {
namespace {

using model::RecipientState;
using model::SettleForward;

const std::string kContent = "Message-ID: <m@peer.example>\r\nSubject: x\r\n\r\nbody\r\n";
const MemoryForwarding::Word kNoUser{RecipientState::kFailed, 550, "5.1.1",
                                     "550 5.1.1 far@dest.example is not known at mx.dest.example"};
const MemoryForwarding::Word kPolicy{RecipientState::kFailed, 554, "5.7.1", "554 5.7.1 no"};
const MemoryForwarding::Word kLater{RecipientState::kWaiting, 451, "4.7.1", "451 4.7.1 later"};

class ForwardingTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ForwardingTest);
  CPPUNIT_TEST(the_queue_gets_the_message_with_our_trace_and_what_is_known_of_it);
  CPPUNIT_TEST(each_domain_of_a_chain_passes_on_what_it_names);
  CPPUNIT_TEST(a_chain_that_refuses_names_its_address_once);
  CPPUNIT_TEST(a_webhook_is_told_of_the_session);
  CPPUNIT_TEST(a_destination_that_takes_it_is_a_yes_and_kept);
  CPPUNIT_TEST(all_that_refuse_are_a_no_that_names_no_destination);
  CPPUNIT_TEST(the_lowest_code_answers_for_all);
  CPPUNIT_TEST(one_that_takes_it_outweighs_those_that_refuse);
  CPPUNIT_TEST(one_that_may_yet_take_it_is_a_yes_to_who_is_proven);
  CPPUNIT_TEST(who_is_not_proven_keeps_what_nobody_has_taken);
  CPPUNIT_TEST(what_somebody_has_is_not_asked_for_again);
  CPPUNIT_TEST(a_silent_destination_is_waited_for_and_no_longer);
  CPPUNIT_TEST(words_that_come_while_we_wait_count);
  CPPUNIT_TEST(without_waiting_the_answer_is_yes_at_once);
  CPPUNIT_TEST(a_mailbox_that_has_it_outweighs_a_refusal);
  CPPUNIT_TEST(an_ignored_recipient_is_told_yes_beside_a_refusal);
  CPPUNIT_TEST(a_mailbox_in_trouble_drops_what_waits);
  CPPUNIT_TEST(a_full_mailbox_lets_nothing_go_on);
  CPPUNIT_TEST(tags_make_no_copies);
  CPPUNIT_TEST(recipients_that_lead_elsewhere_have_a_most);
  CPPUNIT_TEST(a_full_queue_is_a_later);
  CPPUNIT_TEST(a_second_goal_that_fails_drops_the_first);
  CPPUNIT_TEST(the_next_try_reaches_nobody_twice);
  CPPUNIT_TEST(what_goes_in_circles_is_no_repeat);
  CPPUNIT_TEST(a_door_that_leaves_while_we_wait_changes_no_yes);
  CPPUNIT_TEST(a_settling_that_fails_is_told_to_the_operator);
  CPPUNIT_TEST(a_return_path_spends_its_credit);
  CPPUNIT_TEST(a_message_with_an_id_is_stored_once);
  CPPUNIT_TEST(prints_know_what_makes_a_message);
  CPPUNIT_TEST(codes_of_the_remote_session_are_not_ours);
  CPPUNIT_TEST_SUITE_END();

  ScriptedResolver dns_;
  mailauth::SuffixList suffixes_ = mailauth::SuffixList::builtin();
  mailauth::MessageVerifier verifier_{dns_, mailauth::run_inline};
  SmtpRig rig_;
  bool is_connected_ = false;

  void forward_to(const std::string& name, const std::vector<std::string>& addresses,
                  bool has_mailbox = false) {
    MemoryDeliveries::Alias alias;
    for (const std::string& one : addresses) {
      model::Destination to;
      to.address = one;
      if (one.starts_with("http")) to.kind = model::DestinationKind::kWebhook;
      alias.destinations.push_back(to);
    }
    if (has_mailbox) alias.mailboxes = {name + "@example.test"};
    rig_.deliveries.add(name + "@example.test", alias);
  }
  // One message; gives the reply, "nothing" while there is none.
  std::string send(const std::vector<std::string>& names, const std::string& content = kContent,
                   const std::string& sender = "a@peer.example") {
    if (!is_connected_) {
      rig_.connect();
      rig_.ask("EHLO peer.example");
      is_connected_ = true;
    }
    rig_.ask("MAIL FROM:<" + sender + ">");
    for (const auto& name : names) rig_.ask("RCPT TO:<" + name + "@example.test>");
    rig_.ask("DATA");
    rig_.send(content);
    return rig_.ask(".");
  }
  const MemoryForwarding::Kept& kept(std::size_t at = 0) const {
    return rig_.forwarding.kept.at(rig_.forwarding.order.at(at));
  }
  void expect(const std::string& reply, const std::string& begin) {
    CPPUNIT_ASSERT_EQUAL(begin, reply.substr(0, begin.size()));
  }
  void expect_settled(SettleForward how, std::size_t at = 0) {
    CPPUNIT_ASSERT(kept(at).settled);
    CPPUNIT_ASSERT(*kept(at).settled == how);
  }
  std::vector<std::string> events() const {
    std::vector<std::string> out;
    for (const auto& entry : rig_.journal.entries) out.push_back(entry.event);
    return out;
  }

 public:
  void the_queue_gets_the_message_with_our_trace_and_what_is_known_of_it() {
    forward_to("to", {"far@dest.example"});
    const std::string content =
        "Return-Path: <old@x>\r\nMessage-ID: <m@peer.example>\r\nFrom: A <author@peer.example>\r\n"
        "Date: Thu, 1 Jan 2026 00:00:00 +0000\r\nSubject: =?utf-8?q?f=C3=BCr?=\r\n"
        "TLS-Required: No\r\n\r\nbody\r\n";
    expect(send({"To+tag"}, content), "250 2.0.0 Accepted as ID2");
    const model::NewForward& got = kept().forward;
    CPPUNIT_ASSERT_EQUAL(std::string("ID2"), got.message.id);
    CPPUNIT_ASSERT_EQUAL(std::string("X-Original-To: To+tag@example.test\r\n"
                                     "Received: from peer.example ([192.0.2.1])\r\n"
                                     "\tby mx.example.test with ESMTP\r\n"
                                     "\tid ID2\r\n"
                                     "\tfor <To+tag@example.test>;\r\n"
                                     "\tThu, 1 Jan 2026 00:00:00 +0000\r\n") +
                             content.substr(content.find("Message-ID")),
                         got.message.content);
    CPPUNIT_ASSERT_EQUAL(std::string("a@peer.example"), got.message.envelope_from);
    CPPUNIT_ASSERT_EQUAL(std::string("<m@peer.example>"), got.message.message_id);
    CPPUNIT_ASSERT_EQUAL(std::string("author@peer.example"), got.message.header_from);
    CPPUNIT_ASSERT_EQUAL(std::string("für"), got.message.subject);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1767225600000}, got.message.date);
    CPPUNIT_ASSERT(got.message.tls_optional);  // RFC 8689 §5
    CPPUNIT_ASSERT(got.message.recipients.empty());
    CPPUNIT_ASSERT_EQUAL(std::string("id-example.test"), got.domain_id);
    CPPUNIT_ASSERT_EQUAL(std::string("to@example.test"), got.alias_id);
    CPPUNIT_ASSERT_EQUAL(std::string("To+tag@example.test"), got.facts.shown);
    CPPUNIT_ASSERT_EQUAL(std::string("none"), got.facts.arc_chain);
    CPPUNIT_ASSERT(!got.facts.may_report && !got.facts.may_sign);
    CPPUNIT_ASSERT(got.facts.webhook_json.empty());
    CPPUNIT_ASSERT_EQUAL(std::size_t{64}, got.print.size());
    CPPUNIT_ASSERT(got.spends.empty());
  }

  // chain@example.test: to a mailbox and two destinations of other.test, and to one of its own.
  void make_chain() {
    MemoryDeliveries::Alias alias;
    alias.passed = {"other.test"};
    const auto to = [](const std::string& address, const std::string& alias_id,
                       const std::string& domain_id) {
      model::Destination one;
      one.address = address;
      one.alias_id = alias_id;
      one.domain_id = domain_id;
      return one;
    };
    alias.destinations = {to("far@dest.example", "inner@other.test", "id-other.test"),
                          to("own@dest.example", "chain@example.test", "id-example.test"),
                          to("two@dest.example", "inner@other.test", "id-other.test")};
    rig_.deliveries.add("chain@example.test", alias);
  }
  std::vector<std::string> journal_of(const std::string& domain_id) const {
    std::vector<std::string> out;
    for (const auto& entry : rig_.journal.entries) {
      const auto to = entry.fields.find("destination");
      if (entry.domain_id == domain_id)
        out.push_back(entry.event + ' ' + entry.alias_id + ' ' +
                      (to == entry.fields.end() ? "" : to->second));
    }
    return out;
  }

  void each_domain_of_a_chain_passes_on_what_it_names() {
    make_chain();
    expect(send({"chain"}), "250");
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rig_.forwarding.order.size());
    const model::NewForward& theirs = kept(0).forward;
    CPPUNIT_ASSERT_EQUAL(std::string("id-other.test"), theirs.domain_id);
    CPPUNIT_ASSERT_EQUAL(std::string("inner@other.test"), theirs.alias_id);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, theirs.destinations.size());
    CPPUNIT_ASSERT_EQUAL(std::string("chain@example.test"), theirs.facts.shown);
    const model::NewForward& own = kept(1).forward;
    CPPUNIT_ASSERT_EQUAL(std::string("id-example.test"), own.domain_id);
    CPPUNIT_ASSERT_EQUAL(std::string("chain@example.test"), own.alias_id);
    CPPUNIT_ASSERT_EQUAL(std::string("own@dest.example"), own.destinations.at(0).address);
    CPPUNIT_ASSERT(own.message.id != theirs.message.id);
    // Each journal has its own; where others lead the asked domain does not learn.
    CPPUNIT_ASSERT((std::vector<std::string>{"mx.forwarded inner@other.test far@dest.example",
                                             "mx.forwarded inner@other.test two@dest.example"}) ==
                   journal_of("id-other.test"));
    CPPUNIT_ASSERT((std::vector<std::string>{"mx.forwarded chain@example.test ",
                                             "mx.forwarded chain@example.test ",
                                             "mx.forwarded chain@example.test own@dest.example"}) ==
                   journal_of("id-example.test"));
  }

  void a_chain_that_refuses_names_its_address_once() {
    make_chain();
    for (const char* one : {"far@dest.example", "own@dest.example", "two@dest.example"})
      rig_.forwarding.say(one, kNoUser);
    expect(send({"chain"}), "550 5.1.1 <chain@example.test>: mail");
    expect_settled(SettleForward::kDrop, 0);
    expect_settled(SettleForward::kDrop, 1);
    CPPUNIT_ASSERT(journal_of("id-other.test").back() == "mx.refused inner@other.test ");
  }

  void a_webhook_is_told_of_the_session() {
    forward_to("to", {"https://user:secret@hooks.example/path?key=secret"});
    expect(send({"to"}), "250");
    const auto json = format::parse_json(kept().forward.facts.webhook_json);
    CPPUNIT_ASSERT(json.ok());
    const format::Json& session = *json.value().find("session");
    CPPUNIT_ASSERT_EQUAL(std::string("to@example.test"), *session.find("recipient")->text());
    CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.1"), *session.find("remoteAddress")->text());
    CPPUNIT_ASSERT_EQUAL(std::string("[192.0.2.1]"), *session.find("clientHostname")->text());
    CPPUNIT_ASSERT_EQUAL(std::string("peer.example"), *session.find("hostNameAppearsAs")->text());
    CPPUNIT_ASSERT_EQUAL(std::string("a@peer.example"), *session.find("sender")->text());
    CPPUNIT_ASSERT_EQUAL(std::string("mx.example.test"), *session.find("mta")->text());
    CPPUNIT_ASSERT_EQUAL(std::string("2026-01-01T00:00:00.000Z"),
                         *session.find("arrivalDate")->text());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1767225600000}, *session.find("arrivalTime")->integer());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, json.value().find("recipients")->array()->size());
    const auto& entry = rig_.journal.entries.at(0);
    CPPUNIT_ASSERT_EQUAL(std::string("webhook at hooks.example"), entry.fields.at("destination"));
    for (const auto& line : rig_.log.lines())
      CPPUNIT_ASSERT(line.find("secret") == std::string::npos);
  }

  void a_destination_that_takes_it_is_a_yes_and_kept() {
    forward_to("to", {"far@dest.example"});
    expect(send({"to"}), "250 2.0.0 Accepted as ID2");
    expect_settled(SettleForward::kKeep);
    CPPUNIT_ASSERT((events() == std::vector<std::string>{"mx.forwarded"}));
    const auto& entry = rig_.journal.entries.at(0);
    CPPUNIT_ASSERT_EQUAL(std::string("far@dest.example"), entry.fields.at("destination"));
    CPPUNIT_ASSERT_EQUAL(std::string("delivered"), entry.fields.at("state"));
    CPPUNIT_ASSERT_EQUAL(std::string("to@example.test"), entry.fields.at("to"));
    CPPUNIT_ASSERT_EQUAL(std::string("ID2"), entry.fields.at("queue"));
  }

  void all_that_refuse_are_a_no_that_names_no_destination() {
    forward_to("to", {"far@dest.example"});
    rig_.forwarding.say("far@dest.example", kNoUser);
    const std::string reply = send({"to"});
    expect(reply, "550 5.1.1 <to@example.test>: ");
    CPPUNIT_ASSERT(reply.find("no such address") != std::string::npos);
    CPPUNIT_ASSERT(reply.find("dest.example") == std::string::npos);
    expect_settled(SettleForward::kDrop);
    CPPUNIT_ASSERT((events() == std::vector<std::string>{"mx.forward.failed", "mx.refused"}));
    const auto& fields = rig_.journal.entries.at(0).fields;
    CPPUNIT_ASSERT_EQUAL(kNoUser.response, fields.at("remote_reply"));
    CPPUNIT_ASSERT_EQUAL(std::string("5.1.1"), fields.at("remote_status"));
  }

  void the_lowest_code_answers_for_all() {
    forward_to("to", {"far@dest.example", "two@dest.example"});
    forward_to("also", {"three@dest.example"});
    rig_.forwarding.say("far@dest.example", kPolicy);
    rig_.forwarding.say("two@dest.example", kNoUser);
    rig_.forwarding.say("three@dest.example", kPolicy);
    expect(send({"to", "also"}), "550 5.1.1 <to@example.test>, <also@example.test>: ");
    expect_settled(SettleForward::kDrop, 0);
    expect_settled(SettleForward::kDrop, 1);
    CPPUNIT_ASSERT_EQUAL(std::string("ID2.1"), rig_.forwarding.order.at(1));
  }

  void one_that_takes_it_outweighs_those_that_refuse() {
    forward_to("to", {"far@dest.example", "two@dest.example"});
    rig_.forwarding.say("far@dest.example", kNoUser);
    expect(send({"to"}), "250");
    expect_settled(SettleForward::kKeep);
    CPPUNIT_ASSERT((events() == std::vector<std::string>{"mx.forward.failed", "mx.forwarded"}));
  }

  void one_that_may_yet_take_it_is_a_yes_to_who_is_proven() {
    dns_.txt("peer.example", "v=spf1 ip4:192.0.2.1 -all");
    rig_.resolver = &dns_;
    rig_.complete = [this](service::InboundContext& context) {
      context.verifier = &verifier_;
      context.suffixes = &suffixes_;
    };
    forward_to("to", {"far@dest.example", "two@dest.example"});
    rig_.forwarding.say("far@dest.example", kNoUser);
    rig_.forwarding.say("two@dest.example", kLater);
    expect(send({"to"}, "From: a@peer.example\r\n" + kContent), "250");
    expect_settled(SettleForward::kKeep);
    CPPUNIT_ASSERT_EQUAL(std::string("waiting"), rig_.journal.entries.back().fields.at("state"));
  }

  void who_is_not_proven_keeps_what_nobody_has_taken() {  // RFC 3463 §3.5
    forward_to("to", {"far@dest.example", "two@dest.example"});
    rig_.forwarding.say("far@dest.example", kNoUser);
    rig_.forwarding.say("two@dest.example", kLater);
    const std::string reply = send({"to"});
    expect(reply, "451 4.4.0");
    CPPUNIT_ASSERT(reply.find("dest.example") == std::string::npos);
    expect_settled(SettleForward::kDrop);
    CPPUNIT_ASSERT_EQUAL(std::string("mx.deferred"), events().back());
    // He comes again, and it is tried anew.
    rig_.forwarding.say("two@dest.example", MemoryForwarding::Word{});
    expect(send({"to"}), "250");
    expect_settled(SettleForward::kKeep, 1);
  }

  void what_somebody_has_is_not_asked_for_again() {
    forward_to("to", {"far@dest.example", "two@dest.example"});
    rig_.forwarding.say("far@dest.example", kLater);
    expect(send({"to"}), "250");
    expect_settled(SettleForward::kKeep);
    forward_to("both", {"three@dest.example"}, true);
    rig_.forwarding.say("three@dest.example", kLater);
    expect(send({"both"}), "250");
    expect_settled(SettleForward::kKeep, 1);
  }

  void a_silent_destination_is_waited_for_and_no_longer() {
    forward_to("to", {"far@dest.example"});
    rig_.forwarding.say("far@dest.example", std::nullopt);
    expect(send({"to"}), "nothing");
    rig_.clock.turn(std::chrono::seconds(19));
    CPPUNIT_ASSERT(!rig_.reply());
    CPPUNIT_ASSERT(!kept().settled);
    rig_.clock.turn(std::chrono::seconds(1));
    expect(rig_.reply().value_or("nothing"), "250");
    expect_settled(SettleForward::kKeep);
  }

  void words_that_come_while_we_wait_count() {
    forward_to("to", {"far@dest.example"});
    rig_.forwarding.say("far@dest.example", std::nullopt);
    expect(send({"to"}), "nothing");
    rig_.clock.turn(std::chrono::seconds(5));
    rig_.forwarding.say("far@dest.example", kNoUser);
    run_ready();
    expect(rig_.reply().value_or("nothing"), "550 5.1.1");
    expect_settled(SettleForward::kDrop);
  }

  void without_waiting_the_answer_is_yes_at_once() {
    rig_.options.forward_wait = std::chrono::seconds(0);
    forward_to("to", {"far@dest.example"});
    rig_.forwarding.say("far@dest.example", kNoUser);
    expect(send({"to"}), "250");
    expect_settled(SettleForward::kKeep);
    CPPUNIT_ASSERT_EQUAL(0, rig_.forwarding.awaited);
  }

  void a_mailbox_that_has_it_outweighs_a_refusal() {
    forward_to("to", {"far@dest.example"}, true);
    rig_.forwarding.say("far@dest.example", kNoUser);
    expect(send({"to"}), "250");
    expect_settled(SettleForward::kKeep);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_.deliveries.messages("to@example.test").size());
    CPPUNIT_ASSERT((events() == std::vector<std::string>{"mx.forward.failed", "mx.delivered"}));
  }

  void an_ignored_recipient_is_told_yes_beside_a_refusal() {
    MemoryDeliveries::Alias ignored;
    ignored.kind = model::RecipientKind::kIgnored;
    rig_.deliveries.add("ignored@example.test", ignored);
    forward_to("to", {"far@dest.example"});
    rig_.forwarding.say("far@dest.example", kNoUser);
    expect(send({"to", "ignored"}), "250");
    expect_settled(SettleForward::kKeep);
  }

  void a_mailbox_in_trouble_drops_what_waits() {
    forward_to("to", {"far@dest.example"});
    rig_.forwarding.say("far@dest.example", std::nullopt);
    rig_.deliveries.damaged.insert("hello@example.test");
    expect(send({"to", "hello"}), "451");
    expect_settled(SettleForward::kDrop);
    CPPUNIT_ASSERT((events() == std::vector<std::string>{"mx.deferred", "mx.deferred"}));
  }

  void a_full_mailbox_lets_nothing_go_on() {
    MemoryDeliveries::Alias small;
    small.room = 20;
    rig_.deliveries.add("small@example.test", small);
    forward_to("to", {"far@dest.example"});
    expect(send({"to", "small"}), "452 4.2.2");
    CPPUNIT_ASSERT(rig_.forwarding.order.empty());
  }

  void tags_make_no_copies() {
    for (const char* tag : {"", "+1", "+2", "+3"})
      forward_to(std::string("to") + tag, {std::string("far") + tag + "@dest.example"});
    expect(send({"to+1", "to+2", "to+3", "to"}), "250");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_.forwarding.order.size());
    CPPUNIT_ASSERT_EQUAL(std::string("far+1@dest.example"),
                         kept().forward.destinations.at(0).address);
  }

  void recipients_that_lead_elsewhere_have_a_most() {  // RFC 5321 §4.5.3.1.10
    rig_.options.mailboxes = 3;
    forward_to("many", {"a@dest.example", "b@dest.example", "c@dest.example", "d@dest.example"});
    for (const char* name : {"e", "f", "g", "h"})
      forward_to(name, {std::string(name) + "@dest.example"});
    // One alias may always lead to all of its own.
    expect(send({"many"}), "250");
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, kept().forward.destinations.size());
    rig_.ask("MAIL FROM:<a@peer.example>");
    for (const char* name : {"e", "f", "g"})
      expect(rig_.ask("RCPT TO:<" + std::string(name) + "@example.test>"), "250");
    expect(rig_.ask("RCPT TO:<h@example.test>"), "452 4.5.3");
    expect(rig_.ask("RCPT TO:<many@example.test>"), "452 4.5.3");
    expect(rig_.ask("RCPT TO:<e@example.test>"), "250");
  }

  void a_full_queue_is_a_later() {
    forward_to("to", {"far@dest.example"}, true);
    rig_.forwarding.trouble = Failure{Fault::kOverQuota, "", "the queue is full"};
    expect(send({"to"}), "452 4.3.1");
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, rig_.deliveries.messages("to@example.test").size());
    rig_.forwarding.trouble = Failure{Fault::kUnavailable, "", "the door is down"};
    expect(send({"to"}), "451 4.3.0");
  }

  void a_second_goal_that_fails_drops_the_first() {
    forward_to("to", {"far@dest.example"});
    rig_.forwarding.say("far@dest.example", kLater);
    forward_to("second", {"two@dest.example"});
    rig_.forwarding.untaken = {{"two@dest.example", {Fault::kOverQuota, "", "the queue is full"}}};
    expect(send({"to", "second"}), "452 4.3.1");
    expect_settled(SettleForward::kDrop);
    // Whatever it means that it may not be: only return paths fail alone.
    rig_.forwarding.untaken = {{"two@dest.example", {Fault::kDenied, "", "of another domain"}}};
    expect(send({"to", "second"}, "Message-ID: <2@x>\r\n\r\n"), "550 5.7.1");
    expect_settled(SettleForward::kDrop, 1);
  }

  void the_next_try_reaches_nobody_twice() {  // RFC 5321 §6.1
    forward_to("to", {"far@dest.example"});
    rig_.deliveries.damaged.insert("other@example.test");
    expect(send({"to", "hello", "other"}), "451");
    expect_settled(SettleForward::kDrop);
    rig_.deliveries.damaged.clear();
    expect(send({"to", "hello", "other"}), "250");
    expect_settled(SettleForward::kKeep, 1);
    // Who did not hear our 250 comes once more.
    expect(send({"to", "hello", "other"}), "250");
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rig_.forwarding.order.size());
    for (const char* name : {"hello@example.test", "other@example.test"})
      CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_.deliveries.messages(name).size());
    const auto& entries = rig_.journal.entries;
    CPPUNIT_ASSERT(std::any_of(entries.begin(), entries.end(), [](const auto& entry) {
      return entry.event == "mx.forwarded" && entry.fields.at("state") == "repeat";
    }));
  }

  void what_goes_in_circles_is_no_repeat() {  // RFC 5321 §6.3
    forward_to("to", {"far@dest.example"});
    expect(send({"to"}), "250");
    std::string content = kContent;
    for (int i = 0; i < 24; ++i) {
      content = "Received: by mx.dest.example\r\n" + content;
      expect(send({"to"}, content), "250");
      expect(send({"to"}, content), "250");
      CPPUNIT_ASSERT_EQUAL(static_cast<std::size_t>(i) + 2, rig_.forwarding.order.size());
    }
    // So it meets its end, and its sender hears of it.
    for (int i = 0; i < 5; ++i) content = "Received: by mx.dest.example\r\n" + content;
    expect(send({"to"}, content), "550 5.4.6");
  }

  void a_door_that_leaves_while_we_wait_changes_no_yes() {
    forward_to("to", {"far@dest.example"});
    rig_.forwarding.say("far@dest.example", std::nullopt);
    rig_.forwarding.await_trouble = Failure{Fault::kUnavailable, "", "the door is down"};
    expect(send({"to"}), "250");
    CPPUNIT_ASSERT_EQUAL(1, rig_.forwarding.awaited);
  }

  void a_settling_that_fails_is_told_to_the_operator() {
    forward_to("to", {"far@dest.example"}, true);
    rig_.forwarding.settle_trouble = Failure{Fault::kUnavailable, "", "the door is down"};
    expect(send({"to"}), "250");
    CPPUNIT_ASSERT(!kept().settled);
    const auto& lines = rig_.log.lines();
    CPPUNIT_ASSERT(std::any_of(lines.begin(), lines.end(), [](const auto& line) {
      return line.find("not settled: the door is down") != std::string::npos;
    }));
  }

  void a_return_path_spends_its_credit() {
    MemoryDeliveries::Alias path;
    path.destinations.emplace_back().address = "first@sender.example";
    path.is_return_path = true;
    rig_.deliveries.add("srs0=x@example.test", path);
    rig_.forwarding.credits["SRS0=x@example.test"] = 1;
    const std::string bounce = "From: MAILER-DAEMON@x.example\r\n";
    expect(send({"SRS0=x"}, bounce + kContent, ""), "250");
    CPPUNIT_ASSERT_EQUAL(std::string("SRS0=x@example.test"), kept().forward.spends);
    expect(send({"SRS0=x"}, bounce + "Message-ID: <other@x.example>\r\n\r\n", ""), "550 5.7.1");
  }

  void a_message_with_an_id_is_stored_once() {
    for (int i = 0; i < 3; ++i) expect(send({"hello"}), "250");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_.deliveries.messages("hello@example.test").size());
    for (int i = 0; i < 3; ++i) expect(send({"hello"}, "Subject: alarm\r\n\r\nfire\r\n"), "250");
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, rig_.deliveries.messages("hello@example.test").size());
  }

  void prints_know_what_makes_a_message() {
    const service::PrintOrigin origin{"a@peer.example", ""};
    const auto print = [&origin](const std::string& content) {
      return service::message_print(origin, content);
    };
    const std::string one = print(kContent);
    CPPUNIT_ASSERT_EQUAL(one, print("Received: elsewhere\r\nX-Way: 2\r\n" + kContent));
    CPPUNIT_ASSERT_EQUAL(one,
                         print("message-id:\r\n <m@peer.example>\r\nSUBJECT: x\r\n\r\nbody\r\n"));
    CPPUNIT_ASSERT(one != print("Subject: y\r\n" + kContent));
    CPPUNIT_ASSERT(one != print("Resent-Date: today\r\n" + kContent));
    CPPUNIT_ASSERT(one != print(kContent + "more\r\n"));
    CPPUNIT_ASSERT(print("Message-ID: <m@x>\r\nTo: a\r\n\r\n") !=
                   print("Message-ID: <m@x>\r\nCc: a\r\n\r\n"));
    CPPUNIT_ASSERT(one != service::message_print({"b@peer.example", ""}, kContent));
    CPPUNIT_ASSERT(one != service::message_print({"a@peer.example", "192.0.2.1"}, kContent));
    CPPUNIT_ASSERT_EQUAL(std::string(), print("Subject: x\r\n\r\nMessage-ID: <m@x>\r\n"));
    CPPUNIT_ASSERT_EQUAL(std::string(), print("Message-ID: \r\n\r\nbody"));
    CPPUNIT_ASSERT_EQUAL(std::string(), print(""));
  }

  void codes_of_the_remote_session_are_not_ours() {
    const service::ForwardGoal goal{"to@example.test", "", "", "", {}, false};
    const auto code = [&goal](std::uint16_t remote, const std::string& status) {
      model::Forwarded forwarded;
      auto& to = forwarded.destinations.emplace_back();
      to.state = RecipientState::kFailed;
      to.last.code = remote;
      to.last.status = status;
      const auto reply = service::refusal_of_all({{&goal, forwarded}});
      return std::to_string(reply->code) + " " + reply->enhanced;
    };
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.1.6"), code(551, "5.1.6"));
    CPPUNIT_ASSERT_EQUAL(std::string("554 5.0.0"), code(503, "5.bad.1"));
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.0.0"), code(451, "4.4.7"));
    CPPUNIT_ASSERT_EQUAL(std::string("552 5.2.3"), code(552, "5.2.3"));
    CPPUNIT_ASSERT(!service::refusal_of_all({}));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ForwardingTest);

}  // namespace
}  // namespace fwd::test
