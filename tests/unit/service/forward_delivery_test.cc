// The worker with mail that came in from outside and goes on.
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>

#include "format/delivery_report.h"
#include "support/delivery_rig.h"

namespace fwd::test {
namespace {

using model::DestinationKind;
using model::RecipientState;

const std::string kBob = "bob@other.example";

model::Destination to(const std::string& address, const std::string& host = "",
                      std::uint16_t port = 25) {
  model::Destination goal;
  goal.address = address;
  if (!host.empty()) goal.kind = DestinationKind::kHost;
  goal.host = host;
  goal.port = port;
  return goal;
}

RemoteScript refusing(const std::string& words) {
  RemoteScript script;
  script.answers["RCPT"] = words;
  return script;
}

class ForwardDeliveryTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ForwardDeliveryTest);
  CPPUNIT_TEST(a_forward_goes_out_sealed_and_not_signed_again);
  CPPUNIT_TEST(what_nobody_signed_is_signed_here);
  CPPUNIT_TEST(an_author_who_may_be_forged_is_not_signed_for);
  CPPUNIT_TEST(a_seal_that_cannot_be_made_is_logged);
  CPPUNIT_TEST(a_destination_may_name_host_and_port);
  CPPUNIT_TEST(a_destination_may_name_a_port_alone);
  CPPUNIT_TEST(what_went_round_too_often_goes_on_no_more);
  CPPUNIT_TEST(a_named_host_is_not_ourselves_nor_nowhere);
  CPPUNIT_TEST(a_failure_is_told_without_the_destination);
  CPPUNIT_TEST(nobody_is_told_who_may_be_forged);
  CPPUNIT_TEST(nobody_is_told_while_the_sender_waits);
  CPPUNIT_TEST(delays_are_not_told);
  CPPUNIT_TEST(mail_of_ours_goes_on_where_an_alias_leads);
  CPPUNIT_TEST(mail_of_ours_goes_where_txt_records_lead);
  CPPUNIT_TEST(mail_of_ours_is_kept_and_goes_on_once);
  CPPUNIT_TEST(the_rules_of_domains_hold_for_what_is_led_on);
  CPPUNIT_TEST(nothing_goes_to_a_return_path_from_here);
  CPPUNIT_TEST(what_leads_to_one_place_by_two_ways_goes_there_once);
  CPPUNIT_TEST(what_goes_round_inside_neither_multiplies_nor_goes_on_for_ever);
  CPPUNIT_TEST(what_leads_on_from_here_is_told_of_by_its_first_address);
  CPPUNIT_TEST(trouble_with_handing_on_is_tried_again);
  CPPUNIT_TEST_SUITE_END();

  DeliveryRig rig_;
  int parts_ = 0;

  void serve(const std::string& ip, RemoteScript script = {}) {
    rig_.route("other.example", {{"mx.other.example", ip}});
    rig_.net.add(ip, std::move(script));
    rig_.start();
  }
  const model::NewOutbound& notice(std::size_t report) {
    return rig_.queue.reports.at(report).notices.at(0);
  }
  std::size_t entries(const std::string& event) {
    return static_cast<std::size_t>(std::count_if(
        rig_.journal.entries.begin(), rig_.journal.entries.end(),
        [&](const auto& one) { return one.event == event && one.message_id.starts_with("F"); }));
  }

 public:
  void a_forward_goes_out_sealed_and_not_signed_again() {
    serve("192.0.2.1");
    const std::string id = rig_.forward({to(kBob)});
    CPPUNIT_ASSERT(rig_.recipient(id).state == RecipientState::kDelivered);
    const std::string& message = rig_.net.at("192.0.2.1").messages.at(0);
    CPPUNIT_ASSERT(message.starts_with("ARC-Seal: i=1\r\nReceived:"));
    CPPUNIT_ASSERT_EQUAL(0, rig_.signings);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_.seals.size());
    CPPUNIT_ASSERT_EQUAL(std::string("spf=pass"), rig_.seals[0].results);
    CPPUNIT_ASSERT_EQUAL(std::string("smtp.example.test"), rig_.seals[0].authserv_id);
    CPPUNIT_ASSERT_EQUAL(std::string("sel"), rig_.seals[0].selector);
  }

  void what_nobody_signed_is_signed_here() {
    serve("192.0.2.1");
    rig_.forward({to(kBob)}, false, [](model::NewForward& one) {
      one.message.content = "From: stranger@far.example\r\n\r\nHello\r\n";
      one.facts.arc_chain = "pass";
    });
    CPPUNIT_ASSERT_EQUAL(1, rig_.signings);
    CPPUNIT_ASSERT(rig_.net.at("192.0.2.1")
                       .messages.at(0)
                       .starts_with("ARC-Seal: i=1\r\nDKIM-Signature: s=x\r\nFrom:"));
    CPPUNIT_ASSERT(rig_.seals.at(0).chain == mailauth::ArcVerdict::kPass);
    // What nobody looked at is not sealed.
    rig_.forward({to(kBob)}, false, [](model::NewForward& one) { one.facts.auth_results = ""; });
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_.seals.size());
  }

  void an_author_who_may_be_forged_is_not_signed_for() {
    serve("192.0.2.1");
    rig_.forward({to(kBob)}, false, [](model::NewForward& one) {
      one.message.content = "From: ceo@example.test\r\n\r\nPay this\r\n";
      one.facts.may_sign = false;
    });
    CPPUNIT_ASSERT_EQUAL(0, rig_.signings);
    CPPUNIT_ASSERT(
        rig_.net.at("192.0.2.1").messages.at(0).starts_with("ARC-Seal: i=1\r\nFrom: ceo@"));
  }

  void a_seal_that_cannot_be_made_is_logged() {
    rig_.sealed.clear();
    serve("192.0.2.1");
    const std::string id = rig_.forward({to(kBob)});
    CPPUNIT_ASSERT(rig_.recipient(id).state == RecipientState::kDelivered);
    CPPUNIT_ASSERT(rig_.logged("smtp.delivery.unsealed"));
  }

  void a_destination_may_name_host_and_port() {
    rig_.options.smarthost.emplace();
    rig_.options.smarthost->host = "smart.example";
    rig_.addresses["inner.example"] = {"192.0.2.9"};
    rig_.net.add("192.0.2.9");
    rig_.start();
    const std::string id = rig_.forward({to(kBob, "inner.example", 2525)});
    CPPUNIT_ASSERT(rig_.recipient(id).state == RecipientState::kDelivered);
    CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.9:2525"), rig_.net.dialled.at(0));
    CPPUNIT_ASSERT(rig_.tls.questions.empty());
    // An address of ours is not delivered here when another host is named.
    const std::string ours = rig_.forward({to("anna@example.test", "inner.example", 2525)});
    CPPUNIT_ASSERT(rig_.recipient(ours).state == RecipientState::kDelivered);
    CPPUNIT_ASSERT(rig_.deliveries.messages("anna@example.test").empty());
  }

  void a_destination_may_name_a_port_alone() {
    serve("192.0.2.1");
    const std::string id = rig_.forward({to(kBob, "", 2525)});
    CPPUNIT_ASSERT(rig_.recipient(id).state == RecipientState::kDelivered);
    CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.1:2525"), rig_.net.dialled.at(0));
    CPPUNIT_ASSERT(rig_.tls.questions.empty());
    // Our own address on another port is its domain's own server, and never we again.
    mailauth::MxRoute& route = rig_.routes["example.test"];
    route.domain = "example.test";
    route.problem = mailauth::RouteProblem{true, "5.4.6", "loops"};
    rig_.addresses["example.test"] = {"192.0.2.9"};
    rig_.net.add("192.0.2.9");
    const std::string ours = rig_.forward({to("anna@example.test", "", 2525)});
    CPPUNIT_ASSERT(rig_.recipient(ours).state == RecipientState::kDelivered);
    CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.9:2525"), rig_.net.dialled.at(1));
    CPPUNIT_ASSERT(rig_.deliveries.messages("anna@example.test").empty());
    CPPUNIT_ASSERT(rig_.forwarding.order.empty());
  }

  void what_went_round_too_often_goes_on_no_more() {
    MemoryDeliveries::Alias alias;
    alias.destinations = {to(kBob)};
    rig_.deliveries.add("list@example.test", alias);
    rig_.options.received = 5;
    rig_.start();
    for (const std::size_t rounds : {std::size_t{5}, std::size_t{6}}) {
      const std::string id =
          rig_.forward({to("list@example.test")}, false, [&](model::NewForward& one) {
            one.message.content = "From: stranger@far.example\r\n\r\nHello\r\n";
            for (std::size_t i = 0; i < rounds; ++i)
              one.message.content.insert(0, "Received: by smtp.example.test\r\n");
          });
      const bool is_loop = rounds > 5;
      CPPUNIT_ASSERT(rig_.recipient(id).state ==
                     (is_loop ? RecipientState::kFailed : RecipientState::kDelivered));
      if (is_loop) CPPUNIT_ASSERT_EQUAL(std::string("5.4.6"), rig_.recipient(id).last.status);
    }
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_.forwarding.order.size());
  }

  void a_named_host_is_not_ourselves_nor_nowhere() {
    rig_.start();
    const std::string self = rig_.forward({to(kBob, "SMTP.example.test", 25)});
    CPPUNIT_ASSERT(rig_.recipient(self).state == RecipientState::kFailed);
    CPPUNIT_ASSERT_EQUAL(std::string("5.4.6"), rig_.recipient(self).last.status);
    // Nor by another name of ours, but for what listens here beside us.
    rig_.addresses["also.example"] = {"198.51.100.1"};
    rig_.net.add("198.51.100.1");
    const std::string also = rig_.forward({to(kBob, "also.example", 25)});
    CPPUNIT_ASSERT_EQUAL(std::string("5.4.6"), rig_.recipient(also).last.status);
    CPPUNIT_ASSERT(rig_.net.dialled.empty());
    const std::string beside = rig_.forward({to(kBob, "also.example", 2525)});
    CPPUNIT_ASSERT(rig_.recipient(beside).state == RecipientState::kDelivered);
    const std::string nowhere = rig_.forward({to(kBob, "hidden.example", 25)});
    CPPUNIT_ASSERT(rig_.recipient(nowhere).state == RecipientState::kWaiting);
    CPPUNIT_ASSERT_EQUAL(std::string("4.4.3"), rig_.recipient(nowhere).last.status);
  }

  void a_failure_is_told_without_the_destination() {
    serve("192.0.2.1",
          refusing("550 5.1.1 <bob@other.example> is unknown to mx.other.example\r\n"));
    const std::string id = rig_.forward({to(kBob), to("rob@other.example")});
    CPPUNIT_ASSERT(rig_.recipient(id).state == RecipientState::kFailed);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_.queue.reports.at(0).notices.size());
    const model::NewOutbound& told = notice(0);
    CPPUNIT_ASSERT_EQUAL(std::string("stranger@far.example"), told.recipients.at(0).address);
    for (const char* secret : {"bob@", "rob@", "other.example", "192.0.2.1"})
      CPPUNIT_ASSERT_MESSAGE(secret, told.content.find(secret) == std::string::npos);
    const auto report = format::parse_delivery_report(told.content);
    CPPUNIT_ASSERT(report && report->recipients.size() == 1);
    CPPUNIT_ASSERT_EQUAL(std::string("hello@example.test"), report->recipients[0].address);
    CPPUNIT_ASSERT_EQUAL(std::string("5.1.1"), report->recipients[0].status);
    CPPUNIT_ASSERT(told.content.find("Original-Recipient: rfc822;hello@example.test") !=
                   std::string::npos);
    CPPUNIT_ASSERT(told.content.find("Remote-MTA") == std::string::npos);
    // The alias's people learn it all.
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, entries("forward.failed"));
    CPPUNIT_ASSERT(rig_.logged("rob@other.example"));
  }

  void nobody_is_told_who_may_be_forged() {
    serve("192.0.2.1", refusing("550 5.1.1 no\r\n"));
    rig_.forward({to(kBob)}, false, [](model::NewForward& one) { one.facts.may_report = false; });
    rig_.forward({to(kBob)}, false,
                 [](model::NewForward& one) { one.message.envelope_from.clear(); });
    for (const auto& report : rig_.queue.reports) CPPUNIT_ASSERT(report.notices.empty());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, entries("forward.failed"));
  }

  void nobody_is_told_while_the_sender_waits() {
    serve("192.0.2.1", refusing("550 5.1.1 no such user\r\n"));
    const std::string id = rig_.forward({to(kBob)}, true);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_.queue.reports.size());
    CPPUNIT_ASSERT(rig_.queue.reports[0].recipients.at(0).is_untold);
    CPPUNIT_ASSERT(rig_.queue.reports[0].notices.empty());
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, entries("forward.failed"));
    rig_.queue.keep(id);
    run_ready();
    CPPUNIT_ASSERT(rig_.queue.reports.size() >= 2);  // the notice itself goes nowhere
    CPPUNIT_ASSERT(rig_.recipient(id).state == RecipientState::kFailed);
    CPPUNIT_ASSERT(notice(1).content.find("550 5.1.1 no such user") != std::string::npos);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, entries("forward.failed"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, entries("smtp.delivery.failed"));
    CPPUNIT_ASSERT_EQUAL(1, rig_.net.at("192.0.2.1").connections);
  }

  void delays_are_not_told() {
    serve("192.0.2.1", refusing("450 4.2.0 later\r\n"));
    rig_.forward({to(kBob)});
    for (int i = 0; i < 12; ++i) rig_.clock.turn(std::chrono::hours(1));
    CPPUNIT_ASSERT(rig_.queue.reports.size() > 2);
    for (const auto& report : rig_.queue.reports) CPPUNIT_ASSERT(report.notices.empty());
  }

  void mail_of_ours_goes_on_where_an_alias_leads() {
    MemoryDeliveries::Alias alias;
    alias.destinations = {to(kBob)};
    rig_.deliveries.add("list@example.test", alias);
    rig_.start();
    const std::string id = rig_.send({"list@example.test"});
    CPPUNIT_ASSERT(rig_.recipient(id).state == RecipientState::kDelivered);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_.forwarding.order.size());
    const auto& kept = rig_.forwarding.kept.at(rig_.forwarding.order[0]);
    CPPUNIT_ASSERT(kept.settled == model::SettleForward::kKeep);
    const model::NewForward& what = kept.forward;
    CPPUNIT_ASSERT(what.domain_id == "id-example.test" && what.spends.empty());
    CPPUNIT_ASSERT(what.destinations == alias.destinations);
    CPPUNIT_ASSERT(what.facts.may_report && what.facts.shown == "list@example.test");
    CPPUNIT_ASSERT_EQUAL(std::string("auth=pass"), what.facts.auth_results);
    CPPUNIT_ASSERT_EQUAL(std::string("anna@example.test"), what.message.envelope_from);
    CPPUNIT_ASSERT(what.message.content.starts_with("Received: by smtp.example.test"));
    CPPUNIT_ASSERT(what.message.content.find("\r\nDKIM-Signature: s=x\r\nFrom:") !=
                   std::string::npos);
    CPPUNIT_ASSERT(what.message.content.find("Return-Path") == std::string::npos);
    CPPUNIT_ASSERT(rig_.deliveries.deliveries().empty());
  }

  void mail_of_ours_goes_where_txt_records_lead() {
    MemoryDeliveries::Alias alias;
    alias.destinations = {to(kBob)};
    rig_.deliveries.add("list@told.example", alias);
    rig_.deliveries.dns_domains = {"told.example"};
    rig_.dns.fail("told.example", net::DnsType::kTxt);
    rig_.start();
    const std::string early = rig_.send({"list@told.example"});
    CPPUNIT_ASSERT(rig_.recipient(early).state == RecipientState::kWaiting);
    rig_.dns.txt("say.example", "list:bob@other.example");
    rig_.dns.cname("told.example", "say.example");
    rig_.clock.turn(std::chrono::minutes(20));
    CPPUNIT_ASSERT(rig_.recipient(early).state == RecipientState::kDelivered);
    CPPUNIT_ASSERT(rig_.deliveries.records == std::vector<std::string>{"list:bob@other.example"});
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_.forwarding.order.size());
  }

  void mail_of_ours_is_kept_and_goes_on_once() {
    MemoryDeliveries::Alias alias;
    alias.destinations = {to(kBob)};
    alias.mailboxes = {"both@example.test"};
    rig_.deliveries.add("both@example.test", alias);
    rig_.start();
    rig_.forwarding.settle_trouble = Failure{Fault::kUnavailable, "", "away"};
    rig_.queue.report_trouble = Failure{Fault::kCorrupt, "", "lost"};
    const std::string id = rig_.send({"both@example.test"});
    rig_.queue.report_trouble.reset();
    rig_.clock.turn(std::chrono::minutes(20));
    CPPUNIT_ASSERT(rig_.recipient(id).state == RecipientState::kDelivered);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_.deliveries.messages("both@example.test").size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_.forwarding.order.size());
  }

  void lead(const std::string& address, const std::vector<std::string>& places) {
    MemoryDeliveries::Alias alias;
    for (const std::string& one : places) alias.destinations.push_back(to(one));
    rig_.deliveries.add(address, alias);
  }
  // What was handed on since goes back into the queue; false when nothing was.
  bool feed_back(std::size_t& seen) {
    const std::size_t end = rig_.forwarding.order.size();
    const bool is_any = seen < end;
    for (; seen < end; ++seen) {
      model::NewForward one = rig_.forwarding.kept.at(rig_.forwarding.order[seen]).forward;
      one.message.id = "F-" + std::to_string(seen);
      // Each place by itself, as domains of their own would be.
      const auto places = one.destinations;
      for (const model::Destination& place : places) {
        model::NewForward part = one;
        part.message.id += "-" + std::to_string(++parts_);
        part.destinations = {place};
        rig_.queue.add_forward(std::move(part), "told.example", false);
      }
    }
    run_ready();
    return is_any;
  }

  // The state of a forward to victim@told.example that came with this Received line.
  RecipientState came(const std::string& received, bool is_proven = true) {
    return rig_
        .recipient(rig_.forward({to("victim@told.example")}, false,
                                [&](auto& one) {
                                  one.message.header_from = "author@far.example";
                                  one.message.content =
                                      received + "From: author@far.example\r\n\r\nHello\r\n";
                                  one.facts.may_report = one.facts.may_sign = is_proven;
                                }))
        .state;
  }

  void the_rules_of_domains_hold_for_what_is_led_on() {
    const auto line = [](const std::string& how) {
      return "Received: from x ([198.51.100.9]) ([192.0.2.7])\r\n\tby mx.example.test with " + how +
             "\r\n\tid 1;\r\n\tThu, 1 Jan 2026 00:00:00 +0000\r\n";
    };
    const auto kIn = RecipientState::kDelivered, kOut = RecipientState::kFailed;
    MemoryDeliveries::Alias alias;
    alias.mailboxes = {"victim@told.example"};
    alias.passed = {"inner.example"};
    rig_.deliveries.add("victim@told.example", alias);
    rig_.start();
    for (const char* domain : {"told.example", "inner.example"}) {
      model::RecipientRules& rules = rig_.deliveries.rules[domain];
      CPPUNIT_ASSERT(came(line("ESMTP")) == kIn);
      rules.require_tls = true;
      CPPUNIT_ASSERT(came(line("ESMTP")) == kOut && came("") == kOut);
      CPPUNIT_ASSERT(came(line("ESMTPS")) == kIn && came(line("UTF8SMTPS")) == kIn);
      // What the peer wrote itself is below ours.
      CPPUNIT_ASSERT(came(line("ESMTP") + line("ESMTPS")) == kOut);
      CPPUNIT_ASSERT(rig_.recipient(rig_.send({"victim@told.example"})).state == kIn);
      rules.require_tls = false;
      for (const char* denied : {"stranger@far.example", "author@far.example", "192.0.2.7"}) {
        rules.denylist = {denied};
        CPPUNIT_ASSERT(came(line("ESMTP")) == kOut);
        CPPUNIT_ASSERT(rig_.recipient(rig_.send({"victim@told.example"})).state == kIn);
      }
      rules.denylist = {"anna@example.test", "198.51.100.9"};
      CPPUNIT_ASSERT(came(line("ESMTP")) == kIn);
      CPPUNIT_ASSERT(rig_.recipient(rig_.send({"victim@told.example"})).state == kOut);
      rules.denylist.clear();
      rules.allowlist = {"far.example"};
      CPPUNIT_ASSERT(came(line("ESMTP")) == kIn && came(line("ESMTP"), false) == kOut);
      CPPUNIT_ASSERT(rig_.recipient(rig_.send({"victim@told.example"})).state == kOut);
      rules.allowlist = {"192.0.2.7", "anna@example.test"};
      CPPUNIT_ASSERT(came(line("ESMTP"), false) == kIn);
      CPPUNIT_ASSERT(rig_.recipient(rig_.send({"victim@told.example"})).state == kIn);
      rules.allowlist.clear();
    }
  }

  void nothing_goes_to_a_return_path_from_here() {
    const std::string report =
        "From: mailer-daemon@secret.example\r\nMIME-Version: 1.0\r\nContent-Type:"
        " multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x.example\r\n"
        "\r\nFinal-Recipient: rfc822; b@secret.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        "--b--\r\n";
    MemoryDeliveries::Alias path;
    path.is_return_path = true;
    path.destinations = {to("joe@sender.example")};
    rig_.deliveries.add("srs0=x@example.test", path);
    path.destinations.clear();
    path.mailboxes = {"anna@example.test"};
    rig_.deliveries.add("srs0=y@example.test", path);
    rig_.forwarding.credits["srs0=x@example.test"] = 1;
    rig_.start();
    for (const char* address : {"srs0=x@example.test", "srs0=y@example.test"})
      for (const std::string& text :
           {report, std::string("From: x@example.test\r\n\r\nHello\r\n")}) {
        std::vector<std::string> ids;
        ids.push_back(rig_.send({address}, [&](model::NewOutbound& one) {
          one.envelope_from.clear();
          one.content = text;
        }));
        ids.push_back(rig_.forward({to(address)}, false, [&](model::NewForward& one) {
          one.message.envelope_from.clear();
          one.message.content = text;
        }));
        for (const std::string& id : ids) {
          CPPUNIT_ASSERT(rig_.recipient(id).state == RecipientState::kFailed);
          CPPUNIT_ASSERT_EQUAL(std::string("5.7.1"), rig_.recipient(id).last.status);
        }
      }
    CPPUNIT_ASSERT(rig_.forwarding.order.empty());
    CPPUNIT_ASSERT(rig_.deliveries.deliveries().empty());
    CPPUNIT_ASSERT_EQUAL(1U, rig_.forwarding.credits["srs0=x@example.test"]);
  }

  void what_leads_to_one_place_by_two_ways_goes_there_once() {
    lead("one@example.test", {kBob});
    lead("two@example.test", {kBob});
    rig_.start();
    rig_.send({"one@example.test", "two@example.test"});
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_.forwarding.order.size());
    // The copies of what came from outside are messages of their own in the queue.
    for (const char* address : {"one@example.test", "two@example.test"})
      rig_.forward({to(address)}, false, [](model::NewForward& one) { one.facts.origin = "0a1b"; });
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rig_.forwarding.order.size());
    // Another message is another, however alike.
    rig_.forward({to("one@example.test")}, false,
                 [](model::NewForward& one) { one.facts.origin = "0a1c"; });
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, rig_.forwarding.order.size());
    rig_.send({"one@example.test"});
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, rig_.forwarding.order.size());
  }

  void what_goes_round_inside_neither_multiplies_nor_goes_on_for_ever() {
    for (const char* one : {"a@told.example", "b@told.example"})
      lead(one, {"x@more.example", "y@more.example"});
    for (const char* one : {"x@more.example", "y@more.example"})
      lead(one, {"a@told.example", "b@told.example"});
    rig_.start();
    rig_.forward({to("a@told.example")});
    std::size_t seen = 0;
    for (int rounds = 0; rounds < 50 && seen < 1000; ++rounds)
      if (!feed_back(seen)) break;
    CPPUNIT_ASSERT_EQUAL(model::kMostChain, rig_.forwarding.order.size());
    const auto end =
        std::find_if(rig_.queue.reports.begin(), rig_.queue.reports.end(),
                     [](const auto& one) { return one.recipients.at(0).result.status == "5.4.6"; });
    CPPUNIT_ASSERT(end != rig_.queue.reports.end());
    const auto& last = *end;
    CPPUNIT_ASSERT(last.recipients[0].result.response.find("too many others") != std::string::npos);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, last.notices.size());
    CPPUNIT_ASSERT_EQUAL(std::string("stranger@far.example"),
                         last.notices[0].recipients.at(0).address);
    CPPUNIT_ASSERT(last.notices[0].content.find("Status: 5.4.6") != std::string::npos);
    CPPUNIT_ASSERT(last.notices[0].content.find("told.example") == std::string::npos);
  }

  void what_leads_on_from_here_is_told_of_by_its_first_address() {
    MemoryDeliveries::Alias alias;
    alias.destinations = {to(kBob)};
    rig_.deliveries.add("secret@told.example", alias);
    serve("192.0.2.1", refusing("550 5.1.1 no such user\r\n"));
    rig_.forward({to("secret@told.example")});
    model::NewForward inner = rig_.forwarding.kept.at(rig_.forwarding.order.at(0)).forward;
    CPPUNIT_ASSERT_EQUAL(std::string("hello@example.test"), inner.facts.shown);
    CPPUNIT_ASSERT(inner.facts.may_report);
    CPPUNIT_ASSERT(inner.message.content.find("told.example") == std::string::npos);
    inner.message.id = "F9";
    rig_.queue.add_forward(std::move(inner), "told.example", false);
    run_ready();
    const auto& report = rig_.queue.reports.at(1);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, report.notices.size());
    CPPUNIT_ASSERT_EQUAL(std::string("mailer-daemon@example.test"), report.notices[0].header_from);
    CPPUNIT_ASSERT(report.notices[0].content.find("hello@example.test") != std::string::npos);
    CPPUNIT_ASSERT(report.notices[0].content.find("told.example") == std::string::npos);
  }

  void trouble_with_handing_on_is_tried_again() {
    MemoryDeliveries::Alias alias;
    alias.destinations = {to(kBob)};
    alias.mailboxes = {"both@example.test"};
    rig_.deliveries.add("both@example.test", alias);
    rig_.forwarding.trouble = Failure{Fault::kUnavailable, "", "away"};
    rig_.start();
    const std::string id = rig_.send({"both@example.test"});
    CPPUNIT_ASSERT(rig_.recipient(id).state == RecipientState::kWaiting);
    rig_.forwarding.trouble.reset();
    rig_.clock.turn(std::chrono::minutes(20));
    CPPUNIT_ASSERT(rig_.recipient(id).state == RecipientState::kDelivered);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_.deliveries.messages("both@example.test").size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_.forwarding.order.size());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ForwardDeliveryTest);

}  // namespace
}  // namespace fwd::test
