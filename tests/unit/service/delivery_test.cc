// The worker that empties the queue, against remotes of all tempers.
#include <cppunit/extensions/HelperMacros.h>

#include "core/text.h"
#include "format/delivery_report.h"
#include "support/delivery_rig.h"

namespace fwd::test {
namespace {

using model::RecipientState;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const std::string kBob = "bob@other.example";

class DeliveryTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DeliveryTest);
  CPPUNIT_TEST(a_message_goes_to_its_mx);
  CPPUNIT_TEST(our_own_addresses_are_delivered_here);
  CPPUNIT_TEST(what_our_directory_refuses_bounces);
  CPPUNIT_TEST(the_next_host_is_tried_when_one_is_down);
  CPPUNIT_TEST(a_4xx_greeting_leads_to_the_next_host);
  CPPUNIT_TEST(a_null_mx_is_a_domain_without_mail);
  CPPUNIT_TEST(a_5xx_greeting_everywhere_is_final);
  CPPUNIT_TEST(a_dead_destination_is_paused_longer_and_longer);
  CPPUNIT_TEST(greylisting_is_waited_out);
  CPPUNIT_TEST(one_of_three_recipients_bounces);
  CPPUNIT_TEST(five_days_are_enough);
  CPPUNIT_TEST(long_last_words_are_cut_between_characters);
  CPPUNIT_TEST(what_expires_within_a_pause_ends_without_an_attempt);
  CPPUNIT_TEST(a_delay_is_told_once);
  CPPUNIT_TEST(what_waited_for_its_hour_is_not_delayed_by_that);
  CPPUNIT_TEST(notify_is_obeyed);
  CPPUNIT_TEST(success_is_told_when_nobody_else_will);
  CPPUNIT_TEST(bounces_do_not_bounce);
  CPPUNIT_TEST(no_such_domain_is_final);
  CPPUNIT_TEST(a_blocklist_pauses_the_destination);
  CPPUNIT_TEST(a_recipients_own_blacklist_is_no_matter_of_the_host);
  CPPUNIT_TEST(connections_are_used_again);
  CPPUNIT_TEST(a_connection_closed_behind_our_back_costs_nothing);
  CPPUNIT_TEST(idle_connections_are_closed);
  CPPUNIT_TEST(connections_to_a_host_are_bounded);
  CPPUNIT_TEST(many_recipients_take_several_transactions);
  CPPUNIT_TEST(tls_that_fails_falls_back_to_clear_text);
  CPPUNIT_TEST(tls_that_is_demanded_never_falls_back);
  CPPUNIT_TEST(a_wrong_certificate_leads_to_the_next_host);
  CPPUNIT_TEST(a_refused_host_is_passed_over);
  CPPUNIT_TEST(requiretls_goes_only_where_it_is_offered);
  CPPUNIT_TEST(a_smarthost_takes_everything);
  CPPUNIT_TEST(requiretls_goes_to_a_smarthost_that_is_checked);
  CPPUNIT_TEST(a_lost_answer_is_tried_again);
  CPPUNIT_TEST(a_drop_at_any_octet_loses_and_doubles_nothing);
  CPPUNIT_TEST(silence_is_bounded);
  CPPUNIT_TEST(an_attempt_is_bounded_as_a_whole);
  CPPUNIT_TEST(the_answer_to_a_whole_message_is_waited_for);
  CPPUNIT_TEST(waiting_for_a_free_connection_is_bounded);
  CPPUNIT_TEST(long_messages_are_streamed);
  CPPUNIT_TEST(eight_bit_content_is_seen_whatever_was_declared);
  CPPUNIT_TEST(a_key_that_fails_does_not_hold_mail_up);
  CPPUNIT_TEST(one_message_is_signed_once_for_all_destinations);
  CPPUNIT_TEST(the_doors_absence_is_waited_out);
  CPPUNIT_TEST(a_report_waits_for_the_door);
  CPPUNIT_TEST(a_report_is_repeated_as_soon_as_a_door_is_there_again);
  CPPUNIT_TEST(what_is_claimed_again_before_its_report_is_not_sent_again);
  CPPUNIT_TEST(an_attempt_that_is_claimed_again_goes_on);
  CPPUNIT_TEST(a_notice_that_cannot_be_queued_undoes_no_report);
  CPPUNIT_TEST(a_lost_lease_ends_the_attempt);
  CPPUNIT_TEST(leases_are_prolonged);
  CPPUNIT_TEST(a_door_that_is_away_ends_no_attempt);
  CPPUNIT_TEST(a_stop_gives_back_what_it_cannot_finish);
  CPPUNIT_TEST(an_operators_end_tries_nothing);
  CPPUNIT_TEST(failed_attempts_are_posted);
  CPPUNIT_TEST(a_webhook_that_fails_is_written_down_and_not_asked_again);
  CPPUNIT_TEST(every_attempt_is_written_down);
  CPPUNIT_TEST_SUITE_END();

  std::unique_ptr<DeliveryRig> rig_;
  RemoteScript script_;

  RecipientState state(const std::string& id, std::size_t number = 0) {
    return rig_->recipient(id, number).state;
  }
  void check_state(RecipientState wanted, const std::string& id, std::size_t number = 0) {
    const auto& one = rig_->recipient(id, number);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(one.last.response, static_cast<int>(wanted),
                                 static_cast<int>(one.state));
  }
  int tls_results() {
    int results = 0;
    for (const auto& entry : rig_->journal.entries) results += entry.event == "tls.result" ? 1 : 0;
    return results;
  }
  std::vector<std::string> anna() { return rig_->deliveries.messages("anna@example.test"); }
  FakeRemote& remote(const std::string& ip = "192.0.2.1") { return rig_->net.at(ip); }
  bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }

 public:
  void setUp() override {
    rig_ = std::make_unique<DeliveryRig>();
    rig_->route("other.example",
                {{"mx1.other.example", "192.0.2.1"}, {"mx2.other.example", "192.0.2.2"}});
  }
  void tearDown() override { rig_.reset(); }

  void a_message_goes_to_its_mx() {
    rig_->net.add("192.0.2.1");
    rig_->start();
    const std::string id = rig_->send({kBob});
    check_state(RecipientState::kDelivered, id);
    const model::AttemptResult& last = rig_->recipient(id).last;
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0 taken"), last.response);
    CPPUNIT_ASSERT_EQUAL(std::string("mx1.other.example"), last.mx);
    CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.1"), last.ip);
    CPPUNIT_ASSERT(last.from_remote && !last.was_relayed);
    CPPUNIT_ASSERT(has(remote().commands[1],
                       "MAIL FROM:<SRS0=x=fe-bounces.example.test@fe-bounces.example.test>"));
    CPPUNIT_ASSERT_EQUAL("DKIM-Signature: s=x\r\n" + rig_->queue.content(id),
                         remote().messages.at(0));
    CPPUNIT_ASSERT(anna().empty());
  }

  void our_own_addresses_are_delivered_here() {
    rig_->deliveries.add("ben@example.test");
    rig_->start();
    rig_->send({"ben@example.test"},
               [](auto& m) { m.content = "Return-Path: <x>\r\n" + m.content; });
    const auto& got = rig_->deliveries.messages("ben@example.test");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, got.size());
    CPPUNIT_ASSERT(got[0].starts_with(
        "Return-Path: <anna@example.test>\r\nX-Original-To: ben@example.test\r\n"
        "Received: by smtp.example.test\r\n\tid M1\r\n\tfor <ben@example.test>;\r\n"));
    CPPUNIT_ASSERT(has(got[0], "+0000\r\nFrom: anna@example.test\r\n"));
    CPPUNIT_ASSERT(rig_->net.dialled.empty());
    check_state(RecipientState::kDelivered, "M1");
  }

  void what_our_directory_refuses_bounces() {
    rig_->deliveries.add("off@example.test", {model::RecipientKind::kHardDisabled, 0, {}});
    rig_->deliveries.add("full@example.test", {model::RecipientKind::kFull, 0, {}});
    rig_->start();
    rig_->send({"off@example.test", "full@example.test", "nobody@example.test"});
    check_state(RecipientState::kFailed, "M1", 0);
    check_state(RecipientState::kWaiting, "M1", 1);
    check_state(RecipientState::kFailed, "M1", 2);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, anna().size());
    CPPUNIT_ASSERT(has(anna()[0], "nobody@example.test") && has(anna()[0], "off@example.test"));
    CPPUNIT_ASSERT(!has(anna()[0], "full@example.test"));
  }

  void the_next_host_is_tried_when_one_is_down() {  // RFC 5321 §5.1
    rig_->net.add("192.0.2.2");
    rig_->start();
    rig_->send({kBob});
    check_state(RecipientState::kDelivered, "M1");
    CPPUNIT_ASSERT_EQUAL(std::string("mx2.other.example"), rig_->recipient("M1").last.mx);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rig_->net.dialled.size());
  }

  void a_4xx_greeting_leads_to_the_next_host() {
    script_.greeting = "421 4.3.2 too busy\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->net.add("192.0.2.2");
    rig_->start();
    rig_->send({kBob});
    check_state(RecipientState::kDelivered, "M1");
  }

  void a_null_mx_is_a_domain_without_mail() {  // RFC 7504 §4
    rig_->routes["other.example"] = {};
    rig_->routes["other.example"].problem = mailauth::RouteProblem{true, "5.1.10", "no mail here"};
    rig_->start();
    const std::string id = rig_->send({kBob});
    check_state(RecipientState::kFailed, id);
    CPPUNIT_ASSERT_EQUAL(std::uint16_t{556}, rig_->recipient(id).last.code);
  }

  void a_5xx_greeting_everywhere_is_final() {  // RFC 7504 §4
    script_.greeting = "554 5.3.2 this host takes no mail\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->net.add("192.0.2.2", script_);
    rig_->start();
    rig_->send({kBob});
    check_state(RecipientState::kFailed, "M1");
    CPPUNIT_ASSERT(has(anna().at(0), "554 5.3.2 this host takes no mail"));
    rig_->net.add("192.0.2.2", [] {
      RemoteScript s;
      s.greeting = "421 later\r\n";
      return s;
    }());
    rig_->send({kBob});
    check_state(RecipientState::kWaiting, "M3");
  }

  void a_dead_destination_is_paused_longer_and_longer() {
    rig_->start();
    rig_->send({kBob});
    check_state(RecipientState::kWaiting, "M1");
    CPPUNIT_ASSERT_EQUAL(std::string("4.4.1"), rig_->recipient("M1").last.status);
    auto& destination = rig_->queue.destinations["other.example"];
    CPPUNIT_ASSERT_EQUAL(1U, destination.failures);
    CPPUNIT_ASSERT(has(destination.reason, "cannot be reached: connection refused"));
    const std::size_t dialled = rig_->net.dialled.size();
    rig_->send({kBob});  // another message does not knock again
    CPPUNIT_ASSERT_EQUAL(dialled, rig_->net.dialled.size());
    rig_->clock.turn(seconds(91));
    CPPUNIT_ASSERT_EQUAL(2 * dialled + 2, rig_->net.dialled.size());
    for (int i = 0; i < 60; ++i) rig_->clock.turn(minutes(2));
    const std::uint32_t tried = rig_->recipient("M1").attempts;
    CPPUNIT_ASSERT(tried >= 5 && tried <= 8);
    rig_->net.add("192.0.2.1");
    rig_->clock.turn(hours(24));
    check_state(RecipientState::kDelivered, "M1");
    CPPUNIT_ASSERT_EQUAL(0U, destination.failures);
  }

  void greylisting_is_waited_out() {
    script_.answers["RCPT"] = "450 4.2.0 greylisted, come back\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    rig_->send({kBob});
    check_state(RecipientState::kWaiting, "M1");
    CPPUNIT_ASSERT_EQUAL(0U, rig_->queue.destinations["other.example"].failures);
    remote().script.answers.clear();
    rig_->clock.turn(seconds(60));
    check_state(RecipientState::kWaiting, "M1");
    rig_->clock.turn(seconds(60));
    check_state(RecipientState::kDelivered, "M1");
    CPPUNIT_ASSERT_EQUAL(2U, rig_->recipient("M1").attempts);
  }

  void one_of_three_recipients_bounces() {
    script_.answers["RCPT TO:<EVE@"] = "550 5.1.1 no such user here\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    rig_->send({kBob, "eve@other.example", "ian@other.example"},
               [](auto& m) { m.envelope_id = "E1"; });
    check_state(RecipientState::kDelivered, "M1", 0);
    check_state(RecipientState::kFailed, "M1", 1);
    check_state(RecipientState::kDelivered, "M1", 2);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, remote().messages.size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, anna().size());
    const auto report = format::parse_delivery_report(anna()[0]);
    CPPUNIT_ASSERT(report.has_value());
    CPPUNIT_ASSERT_EQUAL(std::string("E1"), report->envelope_id);
    CPPUNIT_ASSERT_EQUAL(std::string("<M1@example.test>"), report->original_message_id);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, report->recipients.size());
    CPPUNIT_ASSERT_EQUAL(std::string("eve@other.example"), report->recipients[0].address);
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.1.1 no such user here"),
                         report->recipients[0].response);
    CPPUNIT_ASSERT(has(anna()[0], "Return-Path: <>\r\n"));
    CPPUNIT_ASSERT(has(anna()[0], "Subject: hello\r\n"));
    CPPUNIT_ASSERT(!has(anna()[0], "\r\nHello\r\n"));  // the header alone
  }

  void five_days_are_enough() {
    script_.answers["RCPT"] = "451 4.7.1 not now\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    rig_->send({kBob}, [](auto& m) { m.recipients[0].notify = model::kNotifyFailure; });
    for (int i = 0; i < 5 * 24; ++i) {
      rig_->clock.turn(minutes(59));
      check_state(RecipientState::kWaiting, "M1");
    }
    rig_->clock.turn(hours(4));
    check_state(RecipientState::kFailed, "M1");
    CPPUNIT_ASSERT_EQUAL(std::string("5.4.7"), rig_->recipient("M1").last.status);
    CPPUNIT_ASSERT_EQUAL(std::string("Tried for 5 days, without success: 451 4.7.1 not now"),
                         rig_->recipient("M1").last.response);
    const std::uint32_t tried = rig_->recipient("M1").attempts;
    CPPUNIT_ASSERT(tried >= 12 && tried <= 20);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, anna().size());
    CPPUNIT_ASSERT(has(anna()[0], "    Tried for 5 days"));  // in our name
    CPPUNIT_ASSERT(!has(anna()[0], " said:"));
  }

  void long_last_words_are_cut_between_characters() {
    std::string words = "451 4.7.1 ";
    for (int i = 0; i < 480; ++i) words += "\xc3\xa9";
    for (const char* more : {"", "x"}) {
      setUp();
      script_.answers["RCPT"] = words + more + words.substr(10, 40) + "\r\n";
      rig_->net.add("192.0.2.1", script_);
      rig_->start();
      rig_->send({kBob});
      for (int i = 0; i < 5 * 25; ++i) rig_->clock.turn(hours(1));
      check_state(RecipientState::kFailed, "M1");
      const std::string& last = rig_->recipient("M1").last.response;
      CPPUNIT_ASSERT(last.size() > 990 && last.size() <= 1000);
      CPPUNIT_ASSERT(is_utf8(last));
    }
  }

  void what_expires_within_a_pause_ends_without_an_attempt() {
    rig_->start();
    const std::int64_t now = unix_milliseconds(rig_->clock.wall());
    rig_->queue.destinations["other.example"] = {9, now + 86400000, "mx cannot be reached"};
    rig_->send({kBob}, [&](auto& m) { m.expires = now + 3600000; });
    rig_->clock.turn(minutes(59));
    check_state(RecipientState::kWaiting, "M1");
    rig_->clock.turn(minutes(2));
    check_state(RecipientState::kFailed, "M1");
    CPPUNIT_ASSERT(rig_->net.dialled.empty());
    CPPUNIT_ASSERT_EQUAL(std::string("5.4.7"), rig_->recipient("M1").last.status);
    CPPUNIT_ASSERT(rig_->recipient("M1").last.response.ends_with(": mx cannot be reached"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, anna().size());
    CPPUNIT_ASSERT_EQUAL(9U, rig_->queue.destinations["other.example"].failures);
  }

  void a_delay_is_told_once() {
    script_.answers["RCPT"] = "451 4.7.1 not now\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    rig_->send({kBob});
    for (int i = 0; i < 3; ++i) rig_->clock.turn(hours(1));
    CPPUNIT_ASSERT(anna().empty());
    for (int i = 0; i < 24; ++i) rig_->clock.turn(hours(1));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, anna().size());
    CPPUNIT_ASSERT(has(anna()[0], "Action: delayed") && has(anna()[0], "We go on trying until"));
    CPPUNIT_ASSERT(rig_->recipient("M1").delay_told);
  }

  void what_waited_for_its_hour_is_not_delayed_by_that() {  // RFC 4865 §4
    script_.answers["RCPT"] = "451 4.7.1 not now\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    rig_->send({kBob});
    rig_->queue.message("M1").not_before =
        unix_milliseconds(rig_->clock.wall() + std::chrono::hours(20));
    for (int i = 0; i < 22; ++i) rig_->clock.turn(hours(1));
    CPPUNIT_ASSERT(rig_->recipient("M1").attempts > 3);
    CPPUNIT_ASSERT(anna().empty());
    for (int i = 0; i < 20; ++i) rig_->clock.turn(hours(1));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, anna().size());
  }

  void notify_is_obeyed() {  // RFC 3461 §5.2
    script_.answers["RCPT"] = "550 5.1.1 no\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    rig_->send({kBob}, [](auto& m) { m.recipients[0].notify = model::kNotifyNever; });
    rig_->send({kBob}, [](auto& m) { m.recipients[0].notify = model::kNotifySuccess; });
    CPPUNIT_ASSERT(anna().empty());
    rig_->send({kBob}, [](auto& m) { m.recipients[0].notify = model::kNotifyFailure; });
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, anna().size());
    rig_->send({kBob}, [](auto& m) { m.returns = model::ReturnContent::kFull; });
    CPPUNIT_ASSERT(has(anna().at(1), "\r\nHello\r\n"));
  }

  void success_is_told_when_nobody_else_will() {  // RFC 3461 §5.2.2
    rig_->deliveries.add("ben@example.test");
    script_.ehlo = "250 mx.example\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    const auto asks = [](auto& m) { m.recipients[0].notify = model::kNotifySuccess; };
    rig_->send({"ben@example.test"}, asks);
    CPPUNIT_ASSERT(has(anna().at(0), "Action: delivered"));
    rig_->send({kBob}, asks);
    CPPUNIT_ASSERT(has(anna().at(1), "Action: relayed"));
    rig_->clock.turn(minutes(5));  // the idle connection is gone
    remote().script.ehlo = "250-mx.example\r\n250 DSN\r\n";
    rig_->send({kBob}, asks);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, anna().size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, remote().messages.size());
  }

  void bounces_do_not_bounce() {
    script_.answers["RCPT"] = "550 5.1.1 no\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    rig_->send({kBob}, [](auto& m) { m.envelope_from = ""; });
    check_state(RecipientState::kFailed, "M1");
    CPPUNIT_ASSERT(rig_->queue.reports.at(0).notices.empty());
    CPPUNIT_ASSERT(remote().commands.at(1).starts_with("MAIL FROM:<> "));
  }

  void no_such_domain_is_final() {
    rig_->start();
    rig_->send({"x@nowhere.example"});
    check_state(RecipientState::kFailed, "M1");
    CPPUNIT_ASSERT(has(anna().at(0), "The domain of the address does not exist"));
    CPPUNIT_ASSERT(!rig_->queue.reports.at(0).has_destination);
  }

  void a_blocklist_pauses_the_destination() {
    script_.answers["MAIL"] =
        "550 5.7.1 your host is listed by Spamhaus, see https://x.example\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    rig_->send({kBob});
    check_state(RecipientState::kWaiting, "M1");
    const std::int64_t now = unix_milliseconds(rig_->clock.wall());
    const auto& destination = rig_->queue.destinations["other.example"];
    CPPUNIT_ASSERT_EQUAL(now + 3600000, destination.paused_until);
    CPPUNIT_ASSERT_EQUAL(now + 3600000, rig_->recipient("M1").next_attempt);
    CPPUNIT_ASSERT(has(destination.reason, "Spamhaus"));
    CPPUNIT_ASSERT(rig_->logged("smtp.delivery.blocked destination=other.example"));
    remote().script.answers["MAIL"] = "550 5.7.1 content looks like spam\r\n";
    rig_->clock.turn(minutes(61));
    check_state(RecipientState::kFailed, "M1");
  }

  void a_recipients_own_blacklist_is_no_matter_of_the_host() {
    script_.answers["RCPT TO:<BOB@"] = "550 5.1.1 sender address blacklisted by this recipient\r\n";
    script_.answers["RCPT TO:<EVE@"] = "550 5.7.1 you are in my blacklist\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    const auto is_up = [this] {
      const auto& known = rig_->queue.destinations["other.example"];
      return known.failures == 0 && known.paused_until == 0;
    };
    rig_->send({kBob});
    check_state(RecipientState::kFailed, "M1");
    CPPUNIT_ASSERT(is_up());
    rig_->send({"eve@other.example", "ian@other.example"});  // the host takes mail of ours
    check_state(RecipientState::kFailed, "M3", 0);
    check_state(RecipientState::kDelivered, "M3", 1);
    CPPUNIT_ASSERT(is_up());
    remote().script.end_of_data = "550 5.7.1 a link in it is in the Spamhaus DBL\r\n";
    rig_->send({"ian@other.example"});
    check_state(RecipientState::kFailed, "M5");
    CPPUNIT_ASSERT(is_up());
    rig_->send({"eve@other.example"});  // of the host, as far as it can be told
    check_state(RecipientState::kWaiting, "M7");
    CPPUNIT_ASSERT(!is_up());
  }

  void connections_are_used_again() {
    rig_->route("third.example", {{"mx1.other.example", "192.0.2.1"}});
    rig_->net.add("192.0.2.1");
    rig_->start();
    for (int i = 0; i < 3; ++i) rig_->send({kBob});
    rig_->send({"c@third.example"});  // the same host for another domain
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, remote().messages.size());
    CPPUNIT_ASSERT_EQUAL(1, remote().connections);
  }

  void a_connection_closed_behind_our_back_costs_nothing() {
    rig_->net.add("192.0.2.1");
    rig_->start();
    rig_->send({kBob});
    remote().script.answers["MAIL"] = "hang up";
    rig_->send({kBob});
    check_state(RecipientState::kWaiting, "M2");
    CPPUNIT_ASSERT_EQUAL(2, remote().connections);
    remote().script.answers.clear();
    rig_->clock.turn(minutes(3));
    check_state(RecipientState::kDelivered, "M2");
  }

  void idle_connections_are_closed() {
    rig_->net.add("192.0.2.1");
    rig_->start();
    rig_->send({kBob});
    CPPUNIT_ASSERT(remote().commands.back() != "QUIT");
    rig_->clock.turn(seconds(11));
    CPPUNIT_ASSERT_EQUAL(std::string("QUIT"), remote().commands.back());
  }

  void connections_to_a_host_are_bounded() {
    rig_->options.connections_per_host = 2;
    script_.end_of_data = "";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    for (int i = 0; i < 5; ++i) rig_->send({kBob});
    CPPUNIT_ASSERT_EQUAL(2, remote().connections);
    CPPUNIT_ASSERT_EQUAL(std::size_t{5}, rig_->worker().under_way());
    remote().script.end_of_data = "250 ok\r\n";
    rig_->clock.turn(minutes(11));  // the first two are given up
    rig_->clock.turn(minutes(11));
    for (std::size_t i = 1; i <= 5; ++i)
      check_state(RecipientState::kDelivered, "M" + std::to_string(i));
  }

  void many_recipients_take_several_transactions() {  // RFC 9422 §4.2
    script_.ehlo = "250-mx.example\r\n250 LIMITS RCPTMAX=3\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    std::vector<std::string> to;
    for (int i = 0; i < 8; ++i) to.push_back("u" + std::to_string(i) + "@other.example");
    rig_->send(to);
    for (std::size_t i = 0; i < 8; ++i) check_state(RecipientState::kDelivered, "M1", i);
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, remote().messages.size());
    CPPUNIT_ASSERT_EQUAL(1, remote().connections);
  }

  void tls_that_fails_falls_back_to_clear_text() {
    script_.ehlo = "250-mx.example\r\n250 STARTTLS\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    rig_->send({kBob});
    CPPUNIT_ASSERT_EQUAL(std::string("TLS1.3 TLS_AES_256_GCM_SHA384"),
                         rig_->recipient("M1").last.tls);
    rig_->clock.turn(minutes(1));
    rig_->net.failing_handshakes.insert("192.0.2.1");
    rig_->send({kBob});
    check_state(RecipientState::kDelivered, "M2");
    CPPUNIT_ASSERT_EQUAL(std::string(), rig_->recipient("M2").last.tls);
    CPPUNIT_ASSERT_EQUAL(3, remote().connections);
    rig_->net.failing_handshakes.clear();
    remote().script.answers["STARTTLS"] = "454 4.7.0 no TLS today\r\n";
    rig_->clock.turn(minutes(1));
    rig_->send({kBob});
    check_state(RecipientState::kDelivered, "M3");
    CPPUNIT_ASSERT_EQUAL(4, remote().connections);
    CPPUNIT_ASSERT_EQUAL(3, tls_results());
  }

  void tls_that_is_demanded_never_falls_back() {
    mailauth::TlsPolicy policy;
    policy.level = mailauth::TlsLevel::kVerify;
    rig_->tls.policies["mx1.other.example"] = policy;
    rig_->tls.policies["mx2.other.example"] = policy;
    script_.ehlo = "250-mx.example\r\n250 STARTTLS\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->net.add("192.0.2.2");  // offers none
    rig_->net.failing_handshakes.insert("192.0.2.1");
    rig_->start();
    rig_->send({kBob});
    check_state(RecipientState::kWaiting, "M1");
    CPPUNIT_ASSERT_EQUAL(std::string("4.7.5"), rig_->recipient("M1").last.status);
    for (const char* ip : {"192.0.2.1", "192.0.2.2"}) {
      CPPUNIT_ASSERT_EQUAL(1, remote(ip).connections);
      for (const auto& command : remote(ip).commands) CPPUNIT_ASSERT(!command.starts_with("MAIL"));
    }
  }

  void a_wrong_certificate_leads_to_the_next_host() {
    mailauth::TlsPolicy policy;
    policy.level = mailauth::TlsLevel::kDane;
    rig_->tls.policies["mx1.other.example"] = policy;
    rig_->tls.policies["mx2.other.example"] = policy;
    rig_->tls.bad_certificates.insert("mx1.other.example");
    script_.ehlo = "250-mx.example\r\n250 STARTTLS\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->net.add("192.0.2.2", script_);
    rig_->start();
    rig_->send({kBob});
    check_state(RecipientState::kDelivered, "M1");
    CPPUNIT_ASSERT_EQUAL(std::string("mx2.other.example"), rig_->recipient("M1").last.mx);
    CPPUNIT_ASSERT(rig_->recipient("M1").last.tls.ends_with(" sts"));
    CPPUNIT_ASSERT(rig_->net.handshakes.at(0) == mailauth::TlsLevel::kDane);
    CPPUNIT_ASSERT_EQUAL(std::string("QUIT"), remote().commands.back());
  }

  void a_refused_host_is_passed_over() {
    mailauth::TlsPolicy policy;
    policy.level = mailauth::TlsLevel::kRefuse;
    policy.status = "4.7.5";
    policy.reason = "the domain's policy does not name this host";
    rig_->tls.policies["mx1.other.example"] = policy;
    rig_->tls.policies["mx2.other.example"] = policy;
    rig_->start();
    rig_->send({kBob});
    check_state(RecipientState::kWaiting, "M1");
    CPPUNIT_ASSERT(rig_->net.dialled.empty());
    CPPUNIT_ASSERT(has(rig_->recipient("M1").last.response, "does not name"));
    CPPUNIT_ASSERT_EQUAL(0, tls_results());  // the message asked for it
    policy.trouble = "validation-failure";
    rig_->tls.policies["mx2.other.example"] = policy;
    rig_->clock.turn(hours(1));
    CPPUNIT_ASSERT_EQUAL(1, tls_results());  // RFC 8460 §4.3
    for (const auto& entry : rig_->journal.entries)
      if (entry.event == "tls.result")
        CPPUNIT_ASSERT_EQUAL(policy.trouble, entry.fields.at("result"));
  }

  void requiretls_goes_only_where_it_is_offered() {  // RFC 8689 §4.2.1
    script_.ehlo = "250-mx.example\r\n250 STARTTLS\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->net.add("192.0.2.2", script_);
    rig_->start();
    const auto demands = [](auto& m) { m.require_tls = true; };
    rig_->send({kBob}, demands);
    check_state(RecipientState::kFailed, "M1");
    CPPUNIT_ASSERT_EQUAL(std::string("5.7.30"), rig_->recipient("M1").last.status);
    CPPUNIT_ASSERT(rig_->queue.reports.at(0).notices.at(0).require_tls);
    rig_->clock.turn(minutes(1));
    remote("192.0.2.2").script.ehlo_after_tls = "250-mx.example\r\n250 REQUIRETLS\r\n";
    rig_->send({kBob}, demands);
    check_state(RecipientState::kDelivered, "M3");
    CPPUNIT_ASSERT(remote("192.0.2.2").commands.end()[-3].ends_with(" REQUIRETLS"));
  }

  void a_smarthost_takes_everything() {
    delivery::Smarthost smarthost;
    smarthost.host = "relay.example";
    smarthost.user = "u";
    smarthost.password = "p";
    rig_->options.smarthost = smarthost;
    rig_->addresses["relay.example"] = {"192.0.2.9"};
    script_.ehlo = "250-relay.example\r\n250 STARTTLS\r\n";
    script_.ehlo_after_tls = "250-relay.example\r\n250 AUTH PLAIN\r\n";
    script_.answers["AUTH"] = "535 5.7.8 wrong\r\n";
    rig_->net.add("192.0.2.9", script_);
    rig_->start();
    rig_->send({kBob});
    check_state(RecipientState::kWaiting, "M1");  // a wrong password is no bounce
    remote("192.0.2.9").script.answers["AUTH"] = "235 2.7.0 in\r\n";
    rig_->clock.turn(minutes(2));
    check_state(RecipientState::kDelivered, "M1");
    CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.9:587"), rig_->net.dialled.back());
    CPPUNIT_ASSERT(rig_->tls.questions.empty());
    CPPUNIT_ASSERT_EQUAL(0, tls_results());  // they are none of its domain's
    for (const auto& line : rig_->log.lines()) CPPUNIT_ASSERT(!has(line, "AHUAcA=="));
  }

  void requiretls_goes_to_a_smarthost_that_is_checked() {  // RFC 8689 §4.2.1
    using Tls = delivery::Smarthost::Tls;
    const auto demands = [](auto& m) { m.require_tls = true; };
    for (const Tls tls : {Tls::kNone, Tls::kEncrypted, Tls::kVerified}) {
      setUp();
      delivery::Smarthost smarthost;
      smarthost.host = "relay.example";
      smarthost.tls = tls;
      rig_->options.smarthost = smarthost;
      rig_->addresses["relay.example"] = {"192.0.2.9"};
      script_.ehlo = "250-relay.example\r\n250-STARTTLS\r\n250 REQUIRETLS\r\n";
      script_.ehlo_after_tls = "250-relay.example\r\n250 REQUIRETLS\r\n";
      rig_->net.add("192.0.2.9", script_);
      rig_->start();
      rig_->send({kBob}, demands);
      const bool is_checked = tls == Tls::kVerified;
      check_state(is_checked ? RecipientState::kDelivered : RecipientState::kFailed, "M1");
      if (is_checked) continue;
      CPPUNIT_ASSERT_EQUAL(std::string("5.7.10"), rig_->recipient("M1").last.status);
      CPPUNIT_ASSERT(rig_->net.dialled.empty());
    }
  }

  void a_lost_answer_is_tried_again() {
    script_.end_of_data = "hang up";
    rig_->net.add("192.0.2.1", script_);
    rig_->net.add("192.0.2.2");
    rig_->start();
    rig_->send({kBob});
    check_state(RecipientState::kWaiting, "M1");
    CPPUNIT_ASSERT_EQUAL(0, remote("192.0.2.2").connections);  // it may have been taken
    CPPUNIT_ASSERT_EQUAL(std::string("4.4.2"), rig_->recipient("M1").last.status);
  }

  void a_drop_at_any_octet_loses_and_doubles_nothing() {
    rig_->route("other.example", {{"mx1.other.example", "192.0.2.1"}});
    rig_->net.add("192.0.2.1");
    rig_->start();
    rig_->send({kBob});
    const std::uint64_t all = remote().said;
    for (std::uint64_t at = 0; at < all; at += 3) {
      setUp();
      rig_->route("other.example", {{"mx1.other.example", "192.0.2.1"}});
      script_.says_at_most = at;
      rig_->net.add("192.0.2.1", script_);
      rig_->start();
      rig_->send({kBob});
      const bool taken = !remote().messages.empty();
      if (state("M1") == RecipientState::kDelivered) CPPUNIT_ASSERT(taken);
      CPPUNIT_ASSERT(state("M1") != RecipientState::kFailed);
      remote().script.says_at_most = UINT64_MAX;
      rig_->clock.turn(minutes(10));
      check_state(RecipientState::kDelivered, "M1");
      CPPUNIT_ASSERT(remote().messages.size() <= 2);
    }
  }

  void silence_is_bounded() {
    script_.greeting = "";
    rig_->net.add("192.0.2.1", script_);
    rig_->net.stalling.insert("192.0.2.2");
    rig_->start();
    rig_->send({kBob});
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_->worker().under_way());
    rig_->clock.turn(minutes(5));
    rig_->clock.turn(minutes(1));
    check_state(RecipientState::kWaiting, "M1");
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, rig_->worker().under_way());
  }

  void an_attempt_is_bounded_as_a_whole() {
    rig_->options.attempt_limit = minutes(3);
    script_.ehlo = "250 mx.example\r\n";
    script_.answers["RCPT TO:<EVE@"] = "550 5.1.1 no such user\r\n";
    script_.answers["RCPT TO:<BOB@"] = "";
    rig_->net.add("192.0.2.1", script_);
    rig_->net.add("192.0.2.2");
    rig_->start();
    rig_->send({"eve@other.example", kBob});
    rig_->clock.turn(seconds(179));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_->worker().under_way());
    rig_->clock.turn(seconds(1));
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, rig_->worker().under_way());
    check_state(RecipientState::kFailed, "M1", 0);
    check_state(RecipientState::kWaiting, "M1", 1);
    CPPUNIT_ASSERT_EQUAL(std::string("4.4.2"), rig_->recipient("M1", 1).last.status);
    CPPUNIT_ASSERT_EQUAL(0, remote("192.0.2.2").connections);
  }

  void the_answer_to_a_whole_message_is_waited_for() {
    rig_->options.attempt_limit = minutes(1);
    script_.end_of_data = "";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    rig_->send({kBob});
    for (int i = 0; i < 9; ++i) rig_->clock.turn(minutes(1));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_->worker().under_way());
    rig_->clock.turn(minutes(1));
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, rig_->worker().under_way());
    check_state(RecipientState::kWaiting, "M1");
  }

  void waiting_for_a_free_connection_is_bounded() {
    rig_->options.attempt_limit = minutes(1);
    rig_->options.connections_per_host = 1;
    rig_->route("other.example", {{"mx1.other.example", "192.0.2.1"}});
    script_.end_of_data = "";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    rig_->send({kBob});
    rig_->send({kBob});
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rig_->worker().under_way());
    rig_->clock.turn(minutes(1));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_->worker().under_way());
    CPPUNIT_ASSERT_EQUAL(std::string("4.4.2"), rig_->recipient("M2").last.status);
  }

  void long_messages_are_streamed() {
    script_.ehlo = "250-mx.example\r\n250-PIPELINING\r\n250 CHUNKING\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    std::string body;
    while (body.size() < 3000000) body += "A line of text that is not very long at all.\r\n";
    rig_->send({kBob}, [&](auto& m) { m.content += body; });
    check_state(RecipientState::kDelivered, "M1");
    CPPUNIT_ASSERT(remote().messages.at(0) ==
                   "DKIM-Signature: s=x\r\n" + rig_->queue.content("M1"));
    CPPUNIT_ASSERT(rig_->queue.reads > 10);
  }

  void eight_bit_content_is_seen_whatever_was_declared() {  // RFC 6152 §3
    script_.ehlo = "250-mx.example\r\n250 8BITMIME\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    rig_->send({kBob}, [](auto& m) { m.content += "Gr\xc3\xbc\xc3\x9f\x65\r\n"; });
    check_state(RecipientState::kDelivered, "M1");
    CPPUNIT_ASSERT(remote().commands.at(1).ends_with(" BODY=8BITMIME"));
    rig_->clock.turn(minutes(1));
    remote().script.ehlo = "250 mx.example\r\n";
    rig_->send({kBob}, [](auto& m) { m.content += "Gr\xc3\xbc\xc3\x9f\x65\r\n"; });
    check_state(RecipientState::kWaiting, "M2");  // mx2, which is down, may take it
    CPPUNIT_ASSERT_EQUAL(std::string("4.4.1"), rig_->recipient("M2").last.status);
    rig_->net.add("192.0.2.2", remote().script);
    rig_->clock.turn(minutes(3));
    check_state(RecipientState::kFailed, "M2");
    CPPUNIT_ASSERT_EQUAL(std::string("5.6.3"), rig_->recipient("M2").last.status);
  }

  void a_key_that_fails_does_not_hold_mail_up() {
    rig_->signature = "";
    rig_->net.add("192.0.2.1");
    rig_->start();
    rig_->send({kBob});
    check_state(RecipientState::kDelivered, "M1");
    CPPUNIT_ASSERT(rig_->logged("smtp.delivery.unsigned message=M1"));
  }

  void one_message_is_signed_once_for_all_destinations() {
    rig_->route("third.example", {{"mx.third.example", "192.0.2.3"}});
    script_.end_of_data = "";
    rig_->net.add("192.0.2.1", script_);
    rig_->net.add("192.0.2.3");
    rig_->start();
    rig_->send({kBob, "c@third.example"});
    check_state(RecipientState::kDelivered, "M1", 1);
    CPPUNIT_ASSERT_EQUAL(1, rig_->signings);
  }

  void the_doors_absence_is_waited_out() {
    rig_->net.add("192.0.2.1");
    rig_->queue.trouble = Failure{Fault::kUnavailable, "", "the door is away"};
    rig_->start();
    rig_->clock.turn(minutes(2));
    CPPUNIT_ASSERT(rig_->queue.asked >= 4 && rig_->queue.asked < 20);
    CPPUNIT_ASSERT(rig_->logged("smtp.delivery.queue.away"));
    // Nothing was answered so far: those before it on its machine are dead.
    const model::ClaimQuestion& said = rig_->queue.last_question;
    CPPUNIT_ASSERT(said.begins && said.has_lost);
    rig_->queue.trouble.reset();
    rig_->send({kBob});
    rig_->clock.turn(minutes(1));
    check_state(RecipientState::kDelivered, "M1");
    CPPUNIT_ASSERT(!said.begins && !said.has_lost);
    // One lost answer later it speaks for itself alone.
    rig_->queue.trouble = Failure{Fault::kTimeout, "", "no answer"};
    rig_->clock.turn(minutes(2));
    CPPUNIT_ASSERT(!said.begins && said.has_lost);
  }

  void a_report_waits_for_the_door() {
    script_.end_of_data = "";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    rig_->send({kBob});
    rig_->queue.trouble = Failure{Fault::kUnavailable, "", "the door is away"};
    rig_->clock.turn(minutes(10));  // the end of data is given up, the report is not
    CPPUNIT_ASSERT(rig_->queue.reports.empty());
    rig_->queue.trouble.reset();
    rig_->clock.turn(minutes(1));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_->queue.reports.size());
  }

  // Who is killed before the report was taken delivers twice.
  void a_report_is_repeated_as_soon_as_a_door_is_there_again() {
    rig_->net.add("192.0.2.1");
    rig_->queue.report_trouble = Failure{Fault::kUnavailable, "", "the door is started anew"};
    rig_->start();
    rig_->send({kBob});
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, remote().messages.size());
    CPPUNIT_ASSERT(rig_->queue.reports.empty());
    rig_->queue.report_trouble.reset();
    rig_->clock.turn(std::chrono::milliseconds(100));
    check_state(RecipientState::kDelivered, "M1");
  }

  void what_is_claimed_again_before_its_report_is_not_sent_again() {
    rig_->net.add("192.0.2.1");
    rig_->queue.report_trouble = Failure{Fault::kUnavailable, "", "the door is away"};
    rig_->start();
    rig_->send({kBob});
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, remote().messages.size());
    rig_->queue.trouble = rig_->queue.report_trouble;
    for (int i = 0; i < 30; ++i) rig_->clock.turn(minutes(1));  // six leases
    rig_->queue.trouble.reset();
    for (int i = 0; i < 2; ++i) rig_->clock.turn(seconds(31));  // claimed once more
    CPPUNIT_ASSERT(rig_->recipient("M1").leased_until > unix_milliseconds(rig_->clock.wall()));
    rig_->send({kBob});  // another of the same destination has a claim of its own
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rig_->worker().under_way());
    rig_->queue.report_trouble.reset();
    for (int i = 0; i < 2; ++i) rig_->clock.turn(seconds(31));
    check_state(RecipientState::kDelivered, "M1");
    check_state(RecipientState::kDelivered, "M2");
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, remote().messages.size());
    CPPUNIT_ASSERT_EQUAL(1U, rig_->recipient("M1").attempts);
    CPPUNIT_ASSERT(!rig_->logged("smtp.delivery.unreported"));
  }

  void an_attempt_that_is_claimed_again_goes_on() {
    rig_->route("other.example", {{"mx1.other.example", "192.0.2.1"}});
    script_.end_of_data = "";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    rig_->send({kBob});
    rig_->queue.trouble = Failure{Fault::kUnavailable, "", "the door is away"};
    for (int i = 0; i < 7; ++i) rig_->clock.turn(minutes(1));
    rig_->queue.trouble.reset();
    for (int i = 0; i < 2; ++i) rig_->clock.turn(minutes(1));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_->worker().under_way());
    CPPUNIT_ASSERT_EQUAL(1, remote().connections);
    CPPUNIT_ASSERT(rig_->queue.prolonged.back().first > 1);
    for (int i = 0; i < 2; ++i) rig_->clock.turn(minutes(1));  // no answer to the dot
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_->queue.reports.size());
    check_state(RecipientState::kWaiting, "M1");
  }

  void a_notice_that_cannot_be_queued_undoes_no_report() {
    script_.answers["RCPT TO:<EVE@"] = "550 5.1.1 no such user\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->queue.most_notice = 10000;
    rig_->start();
    const auto whole = [](auto& m) {
      m.returns = model::ReturnContent::kFull;
      m.content += std::string(20000, 'x') + "\r\n";
    };
    rig_->send({kBob, "eve@other.example"}, whole);
    check_state(RecipientState::kDelivered, "M1", 0);
    check_state(RecipientState::kFailed, "M1", 1);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, anna().size());
    CPPUNIT_ASSERT(has(anna()[0], "Subject: hello\r\n") && !has(anna()[0], "xxxx"));
    CPPUNIT_ASSERT(rig_->logged("smtp.delivery.notice.refused message=M1"));
    rig_->queue.most_notice = 0;
    const std::string id = rig_->send({kBob, "eve@other.example"}, whole);
    check_state(RecipientState::kDelivered, id, 0);
    check_state(RecipientState::kFailed, id, 1);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, anna().size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, remote().messages.size());
    CPPUNIT_ASSERT(!rig_->logged("smtp.delivery.unreported"));
  }

  void a_lost_lease_ends_the_attempt() {
    script_.end_of_data = "";
    rig_->net.add("192.0.2.1", script_);
    rig_->queue.loses_leases = true;
    rig_->start();
    rig_->send({kBob});
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_->worker().under_way());
    rig_->clock.turn(minutes(2));
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, rig_->worker().under_way());
    CPPUNIT_ASSERT(rig_->logged("smtp.delivery.lease.lost"));
  }

  void leases_are_prolonged() {
    script_.end_of_data = "";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    rig_->send({kBob});
    for (int i = 0; i < 8; ++i) rig_->clock.turn(minutes(1));
    CPPUNIT_ASSERT(rig_->queue.prolonged.size() >= 2);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_->worker().under_way());
  }

  void a_door_that_is_away_ends_no_attempt() {
    script_.end_of_data = "";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    rig_->send({kBob});
    for (const Fault fault :
         {Fault::kBusy, Fault::kClosed, Fault::kUnavailable, Fault::kTimeout, Fault::kBug}) {
      rig_->queue.trouble = Failure{fault, "", "the door is away"};
      rig_->clock.turn(seconds(101));
      CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_->worker().under_way());
    }
    CPPUNIT_ASSERT(!rig_->logged("smtp.delivery.lease.lost"));
  }

  void a_stop_gives_back_what_it_cannot_finish() {
    script_.end_of_data = "";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    rig_->send({kBob});
    rig_->stop();
    CPPUNIT_ASSERT(!rig_->has_ended());
    rig_->clock.turn(seconds(15));
    rig_->clock.turn(seconds(3));
    CPPUNIT_ASSERT(rig_->has_ended());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                         std::int64_t{rig_->queue.prolonged.back().second.count()});
    CPPUNIT_ASSERT(rig_->queue.reports.empty());
    setUp();
    rig_->net.add("192.0.2.1");
    rig_->start();
    rig_->send({kBob});
    rig_->stop();
    CPPUNIT_ASSERT(rig_->has_ended());
    CPPUNIT_ASSERT_EQUAL(std::string("QUIT"), remote().commands.back());
  }

  void an_operators_end_tries_nothing() {
    rig_->send({kBob});
    rig_->queue.message("M1").is_given_up = true;
    rig_->start();
    check_state(RecipientState::kFailed, "M1");
    CPPUNIT_ASSERT(rig_->net.dialled.empty());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, anna().size());
    CPPUNIT_ASSERT(!rig_->recipient("M1").last.from_remote);
  }

  void failed_attempts_are_posted() {
    script_.answers["RCPT"] = "550 5.1.1 no such user\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->queue.hook = {"https://hook.example/x", "key"};
    rig_->start();
    rig_->send({kBob}, [](auto& m) { m.content = "List-ID: <l.example>\r\n" + m.content; });
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_->posts.size());
    const delivery::HttpPost& post = rig_->posts[0];
    CPPUNIT_ASSERT_EQUAL(std::string("https://hook.example/x"), post.url);
    CPPUNIT_ASSERT(has(post.body, "\"recipient\":\"bob@other.example\""));
    CPPUNIT_ASSERT(has(post.body, "\"response_code\":550"));
    CPPUNIT_ASSERT(has(post.body, "\"category\":\"recipient\""));
    CPPUNIT_ASSERT(has(post.body, "\"list_id\":\"<l.example>\""));
    CPPUNIT_ASSERT_EQUAL(std::string("X-Webhook-Signature"), post.headers.at(1).first);
    CPPUNIT_ASSERT_EQUAL(std::size_t{64}, post.headers.at(1).second.size());
  }

  void a_webhook_that_fails_is_written_down_and_not_asked_again() {
    script_.answers["RCPT"] = "550 5.1.1 no such user\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->queue.hook = {"https://hook.example/?token=s3cret", ""};
    rig_->post_answer = delivery::HttpSaid{500, ""};
    rig_->start();
    rig_->send({kBob});
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_->posts.size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_->posts[0].headers.size());  // no key, no signature
    CPPUNIT_ASSERT(rig_->logged("smtp.delivery.hook.failed message=M1"));
    int told = 0;
    for (const auto& entry : rig_->journal.entries) {
      if (entry.event != "smtp.delivery.hook.failed") continue;
      ++told;
      CPPUNIT_ASSERT_EQUAL(std::string("it answered 500"), entry.fields.at("what"));
    }
    CPPUNIT_ASSERT_EQUAL(1, told);
    rig_->clock.turn(hours(1));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_->posts.size());
    for (const auto& line : rig_->log.lines()) CPPUNIT_ASSERT(!has(line, "s3cret"));
  }

  void every_attempt_is_written_down() {
    script_.answers["RCPT"] = "450 4.2.0 later, \"friend\"\r\n";
    rig_->net.add("192.0.2.1", script_);
    rig_->start();
    rig_->send({kBob});
    CPPUNIT_ASSERT(rig_->logged("smtp.delivery.deferred message=M1 from=anna@example.test"));
    const auto& entry = rig_->journal.entries.back();
    CPPUNIT_ASSERT_EQUAL(std::string("smtp.delivery.deferred"), entry.event);
    CPPUNIT_ASSERT_EQUAL(std::string("450 4.2.0 later, \"friend\""), entry.fields.at("reply"));
    CPPUNIT_ASSERT_EQUAL(std::string("mx1.other.example"), entry.fields.at("mx"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DeliveryTest);

}  // namespace
}  // namespace fwd::test
