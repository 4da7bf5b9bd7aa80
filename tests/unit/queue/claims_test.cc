// Taking messages in, and what workers are given.
#include <cppunit/extensions/HelperMacros.h>

#include "storage/queue/message_rows.h"
#include "tests/unit/queue/queue_scene.h"

namespace fwd::queue {
namespace {

class ClaimsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ClaimsTest);
  CPPUNIT_TEST(a_message_is_given_with_its_recipients_by_destination);
  CPPUNIT_TEST(what_was_said_of_it_comes_back);
  CPPUNIT_TEST(the_same_submission_is_taken_once_for_a_day);
  CPPUNIT_TEST(another_text_under_the_same_message_id_is_another_message);
  CPPUNIT_TEST(one_that_reached_some_may_be_sent_again);
  CPPUNIT_TEST(one_that_came_to_nothing_may_be_sent_again);
  CPPUNIT_TEST(who_is_named_twice_gets_it_once);
  CPPUNIT_TEST(what_the_sender_wrote_cannot_break_out_of_its_field);
  CPPUNIT_TEST(large_content_is_read_in_slices);
  CPPUNIT_TEST(a_full_queue_takes_no_more_but_notices);
  CPPUNIT_TEST(the_oldest_due_is_first_and_destinations_take_turns);
  CPPUNIT_TEST(a_claim_looks_at_its_message_alone);
  CPPUNIT_TEST(a_destination_has_its_share_of_claims_and_no_more);
  CPPUNIT_TEST(nothing_is_claimed_before_its_hour);
  CPPUNIT_TEST(a_claim_is_given_again_when_its_lease_is_over);
  CPPUNIT_TEST(a_new_worker_is_given_what_the_dead_of_its_machine_had);
  CPPUNIT_TEST(a_claim_whose_answer_was_lost_is_given_again);
  CPPUNIT_TEST(a_prolonged_lease_lasts);
  CPPUNIT_TEST(a_paused_destination_is_left_alone);
  CPPUNIT_TEST(a_pause_does_not_hold_back_what_has_expired);
  CPPUNIT_TEST(a_hundred_others_do_not_hide_one_that_is_due);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_message_is_given_with_its_recipients_by_destination() {
    QueueScene scene;
    const std::string id = scene.add({"a@one.test", "b@two.test", "c@ONE.test",
                                      "d@b\xc3\xbc"
                                      "cher.test"});
    const auto claims = scene.claim();
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, claims.size());
    std::size_t recipients = 0;
    for (const model::Claim& claim : claims) {
      recipients += claim.message.recipients.size();
      CPPUNIT_ASSERT_EQUAL(id, claim.message.id);
      CPPUNIT_ASSERT_EQUAL(std::string("example.test"), claim.domain);
      CPPUNIT_ASSERT(claim.leased_until == kStart + 10 * kMinute);
      if (claim.destination != "one.test") continue;
      CPPUNIT_ASSERT_EQUAL(std::size_t{2}, claim.message.recipients.size());
      CPPUNIT_ASSERT_EQUAL(std::string("c@ONE.test"), claim.message.recipients[1].address);
      CPPUNIT_ASSERT_EQUAL(std::uint32_t{2}, claim.message.recipients[1].number);
    }
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, recipients);
    CPPUNIT_ASSERT(scene.claim().empty());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{4}, get(scene.file->stat(scene.now)).with_workers);
    CPPUNIT_ASSERT_EQUAL(std::string("xn--bcher-kva.test"),
                         scene.show(id).recipients[3].destination);
  }

  void what_was_said_of_it_comes_back() {
    QueueScene scene;
    model::NewOutbound message = message_to({"a@one.test"}, "m1");
    message.envelope_id = "QQ314159";
    message.returns = model::ReturnContent::kHeaders;
    message.body = model::BodyKind::kBinaryMime;
    message.smtp_utf8 = message.require_tls = true;
    message.date = kStart - 5;
    message.recipients[0].notify = model::kNotifySuccess | model::kNotifyDelay;
    message.recipients[0].original = "rfc822;A@one.test";
    get(scene.try_add(message));
    scene.reopen();
    const auto claims = scene.claim();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, claims.size());
    const model::Outbound& back = claims[0].message;
    CPPUNIT_ASSERT_EQUAL(std::string("m1"), back.id);
    CPPUNIT_ASSERT_EQUAL(message.envelope_id, back.envelope_id);
    CPPUNIT_ASSERT(back.returns == message.returns && back.body == message.body);
    CPPUNIT_ASSERT(back.smtp_utf8 && back.require_tls && !back.tls_optional);
    CPPUNIT_ASSERT(back.date == message.date && back.created == kStart);
    CPPUNIT_ASSERT(back.expires == kStart + 5 * kDay);
    CPPUNIT_ASSERT_EQUAL(message.content.size(), static_cast<std::size_t>(back.size));
    CPPUNIT_ASSERT_EQUAL(message.recipients[0].notify, back.recipients[0].notify);
    CPPUNIT_ASSERT_EQUAL(message.recipients[0].original, back.recipients[0].original);
    CPPUNIT_ASSERT_EQUAL(message.content, get(scene.file->read("m1", 0, UINT64_MAX)));
  }

  void the_same_submission_is_taken_once_for_a_day() {
    QueueScene scene;
    model::NewOutbound message = message_to({"a@one.test", "b@one.test"}, "m1");
    CPPUNIT_ASSERT(!get(scene.try_add(message)).is_repeat);
    message.id = "m2";
    std::swap(message.recipients[0], message.recipients[1]);
    const Accepted again = get(scene.try_add(message));
    CPPUNIT_ASSERT(again.is_repeat);
    CPPUNIT_ASSERT_EQUAL(std::string("m1"), again.id);
    Owner other = owner();
    other.user_id = "u2";
    CPPUNIT_ASSERT(!get(scene.try_add(message, other)).is_repeat);
    // RFC 5321 §2.4: case counts before the "@", and not behind.
    model::NewOutbound shouted = message;
    shouted.recipients[0].address = "b@ONE.test";
    CPPUNIT_ASSERT(get(scene.try_add(shouted)).is_repeat);
    shouted.id = "m2b";
    shouted.recipients[0].address = "B@one.test";
    CPPUNIT_ASSERT(!get(scene.try_add(shouted)).is_repeat);
    message.id = "m3";
    message.recipients.pop_back();
    CPPUNIT_ASSERT(!get(scene.try_add(message)).is_repeat);
    message.id = "m4";
    scene.now += kDay + 1;
    CPPUNIT_ASSERT(!get(scene.try_add(message)).is_repeat);
    message.message_id = "<other@example.test>";
    assert_fault(Fault::kExists, scene.try_add(message));
  }

  void another_text_under_the_same_message_id_is_another_message() {
    QueueScene scene;
    const auto text = [](const std::string& id, const std::string& trace, const std::string& body) {
      model::NewOutbound message = message_to({"a@one.test"}, id);
      message.message_id = "<report@example.test>";
      message.content = "Received: by mx\r\n\tid " + id + "\r\nX-Forward-Email-ID: " + id + "\r\n" +
                        trace + "From: hello@example.test\r\n\r\n" + body;
      return message;
    };
    CPPUNIT_ASSERT(!get(scene.try_add(text("m1", "", "worng"))).is_repeat);
    CPPUNIT_ASSERT(get(scene.try_add(text("m2", "Received: from b\r\n", "worng"))).is_repeat);
    CPPUNIT_ASSERT(!get(scene.try_add(text("m3", "", "wrong"))).is_repeat);
    CPPUNIT_ASSERT(!get(scene.try_add(text("m4", "Subject: s\r\n", "worng"))).is_repeat);
    // Receipts have no sender, and are taken once as all are.
    model::NewOutbound receipt = text("m5", "", "read");
    receipt.envelope_from.clear();
    CPPUNIT_ASSERT(!get(scene.try_add(receipt)).is_repeat);
    CPPUNIT_ASSERT(get(scene.try_add(receipt)).is_repeat);
  }

  void one_that_reached_some_may_be_sent_again() {
    QueueScene scene;
    model::NewOutbound message = message_to({"a@one.test", "b@two.test"}, "m1");
    get(scene.try_add(message));
    const auto claims = scene.claim();
    scene.report(claims.at(0), RecipientState::kDelivered);
    message.id = "m2";
    CPPUNIT_ASSERT(get(scene.try_add(message)).is_repeat);
    scene.report(claims.at(1), RecipientState::kFailed);
    CPPUNIT_ASSERT_EQUAL(std::string("partially_sent"), scene.state("m1"));
    CPPUNIT_ASSERT(!get(scene.try_add(message)).is_repeat);
  }

  void one_that_came_to_nothing_may_be_sent_again() {
    QueueScene scene;
    model::NewOutbound message = message_to({"a@one.test"}, "m1");
    get(scene.try_add(message));
    scene.report(scene.claim()[0], RecipientState::kFailed);
    message.id = "m2";
    CPPUNIT_ASSERT(!get(scene.try_add(message)).is_repeat);
  }

  void who_is_named_twice_gets_it_once() {
    QueueScene scene;
    const std::string id = scene.add({"a@one.test", "a@ONE.test", "A@one.test"});
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, scene.show(id).recipients.size());
  }

  void what_the_sender_wrote_cannot_break_out_of_its_field() {
    QueueScene scene;
    model::NewOutbound message = message_to({"a@one.test"});
    message.envelope_id = "x\r\nRCPT TO:<b@two.test>";
    assert_fault(Fault::kBadInput, scene.try_add(message));
    message.envelope_id = std::string("a\0b", 3);
    assert_fault(Fault::kBadInput, scene.try_add(message));
    message.envelope_id.clear();
    message.recipients[0].original = "rfc822;a\r\nX: y";
    assert_fault(Fault::kBadInput, scene.try_add(message));
    message.recipients[0].original.clear();
    message.recipients[0].address = "a@one.test> NOTIFY=NEVER";
    assert_fault(Fault::kBadInput, scene.try_add(message));
    message.recipients[0].address = "no address";
    assert_fault(Fault::kBadInput, scene.try_add(message));
    message.recipients.clear();
    assert_fault(Fault::kBadInput, scene.try_add(message));
    message = message_to({"a@one.test"});
    message.subject = "one\r\ntwo";
    CPPUNIT_ASSERT_EQUAL(std::string("one  two"),
                         scene.show(get(scene.try_add(message)).id).subject);
    message.recipients.assign(1001, {"a@one.test", 0, ""});
    assert_fault(Fault::kOverLimit, scene.try_add(message));
  }

  void large_content_is_read_in_slices() {
    QueueScene scene;
    model::NewOutbound message = message_to({"a@one.test"}, "m1");
    message.content.clear();
    for (int i = 0; i < 200'000; ++i) message.content += std::to_string(i) + "\r\n";
    get(scene.try_add(message));
    std::string whole;
    for (std::uint64_t at = 0; at < message.content.size(); at += 100'000)
      whole += get(scene.file->read("m1", at, 100'000));
    CPPUNIT_ASSERT(whole == message.content);
    CPPUNIT_ASSERT(get(scene.file->read("m1", 0, UINT64_MAX)) == message.content);
    CPPUNIT_ASSERT(get(scene.file->read("m1", message.content.size(), 10)).empty());
    assert_fault(Fault::kNotFound, scene.file->read("m2", 0, 10));
  }

  void a_full_queue_takes_no_more_but_notices() {
    QueueOptions narrow = options();
    narrow.most_octets = 400;
    narrow.most_messages = 3;
    QueueScene scene(narrow);
    scene.add({"a@one.test"}, "m1");
    scene.add({"a@one.test"}, "m2");
    assert_fault(Fault::kOverQuota, scene.try_add(message_to({"a@one.test"}, "m3", 300)));
    scene.add({"a@one.test"}, "m3");
    assert_fault(Fault::kOverQuota, scene.try_add(message_to({"a@one.test"}, "m4", 1)));
    // The end of one makes room, and its notice is queued all the same.
    const auto claims = scene.claim();
    model::Report report = QueueScene::report_of(claims[0], RecipientState::kFailed);
    model::NewOutbound notice = message_to({"hello@example.test"}, "n1", 1000);
    notice.envelope_from.clear();
    report.notices.push_back(notice);
    assert_ok(scene.try_report(report));
    CPPUNIT_ASSERT_EQUAL(std::string("queued"), scene.state("n1"));
    QueueOptions no_disk = options();
    no_disk.disk_reserve = UINT64_MAX / 4;
    QueueScene full(no_disk);
    assert_fault(Fault::kOverQuota, full.try_add(message_to({"a@one.test"})));
  }

  void the_oldest_due_is_first_and_destinations_take_turns() {
    QueueScene scene;
    for (const char* id : {"a1", "a2", "a3"}) {
      scene.add({"x@a.test"}, id);
      scene.now += 1;
    }
    scene.add({"x@b.test"}, "b1");
    scene.now += 1;
    scene.add({"x@c.test"}, "c1");
    std::vector<std::string> order;
    for (const model::Claim& claim : scene.claim()) order.push_back(claim.message.id);
    const std::vector<std::string> wanted{"a1", "b1", "c1", "a2", "a3"};
    CPPUNIT_ASSERT(order == wanted);
    // Of the fewer there is room for, those who wait longest.
    scene.now += 11 * kMinute;
    const auto two = scene.claim(question(2));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, two.size());
  }

  void a_claim_looks_at_its_message_alone() {
    QueueScene scene;
    for (const char* verb : {"SELECT is_untold FROM recipients", "UPDATE recipients SET due = 1"}) {
      const std::string what = "EXPLAIN QUERY PLAN " + std::string(verb);
      sqlcipher::Statement plan = prepare(scene.file->database(), what + std::string(kDueOfMessage),
                                          {std::int64_t{1}, "far.example", std::int64_t{1}});
      CPPUNIT_ASSERT(get(plan.step()));
      CPPUNIT_ASSERT_MESSAGE(plan.text(3),
                             plan.text(3).find("PRIMARY KEY (message=?)") != std::string::npos);
    }
  }

  void a_destination_has_its_share_of_claims_and_no_more() {
    QueueScene scene;
    for (int i = 0; i < 5; ++i) scene.add({"x@a.test"}, "a" + std::to_string(i));
    scene.add({"x@b.test"}, "b");
    auto claims = scene.claim(question(20, 2));
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, claims.size());
    CPPUNIT_ASSERT(scene.claim(question(20, 2)).empty());
    CPPUNIT_ASSERT(scene.next == kStart + 10 * kMinute);
    scene.report(claims[0], RecipientState::kDelivered);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scene.claim(question(20, 2)).size());
  }

  void nothing_is_claimed_before_its_hour() {
    QueueScene scene;
    model::NewOutbound later = message_to({"x@a.test"}, "m1");
    later.not_before = kStart + kHour;
    get(scene.try_add(later));
    CPPUNIT_ASSERT(scene.claim().empty());
    CPPUNIT_ASSERT(scene.next == kStart + kHour);
    CPPUNIT_ASSERT_EQUAL(std::string("queued"), scene.state("m1"));
    CPPUNIT_ASSERT(scene.show("m1").expires == kStart + kHour + 5 * kDay);
    scene.now = kStart + kHour;
    const auto claims = scene.claim();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, claims.size());
    scene.report(claims[0], RecipientState::kWaiting, scene.now + kMinute);
    CPPUNIT_ASSERT(scene.claim().empty());
    CPPUNIT_ASSERT(scene.next == scene.now + kMinute);
    scene.now += kMinute;
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scene.claim().size());
  }

  void a_claim_is_given_again_when_its_lease_is_over() {
    QueueScene scene;
    scene.add({"x@a.test"}, "m1");
    const auto first = scene.claim();
    scene.now = first[0].leased_until - 1;
    CPPUNIT_ASSERT(scene.claim().empty());
    scene.reopen();
    scene.now = first[0].leased_until;
    const auto second = scene.claim();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, second.size());
    CPPUNIT_ASSERT(second[0].lease != first[0].lease);
    assert_fault(Fault::kWrongState,
                 scene.try_report(QueueScene::report_of(first[0], RecipientState::kDelivered)));
    scene.report(second[0], RecipientState::kDelivered);
    CPPUNIT_ASSERT_EQUAL(std::string("sent"), scene.state("m1"));
  }

  void a_new_worker_is_given_what_the_dead_of_its_machine_had() {
    QueueScene scene;
    model::ClaimQuestion asked = question(1);
    for (const auto& [worker, id] : {std::pair("a.test/1", "m1"), std::pair("b.test/1", "m2"),
                                     std::pair("sub.a.test/1", "m3")}) {
      scene.add({"x@c.test"}, id);
      asked.worker = worker;
      CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scene.claim(asked).size());
    }
    asked = question();
    asked.worker = "a.test/2";
    CPPUNIT_ASSERT(scene.claim(asked).empty());
    asked.begins = true;
    const auto claims = scene.claim(asked);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, claims.size());
    scene.report(claims[0], RecipientState::kDelivered);
    CPPUNIT_ASSERT_EQUAL(std::string("sent"), scene.state("m1"));
    asked.worker = "nowhere";
    CPPUNIT_ASSERT(scene.claim(asked).empty());
  }

  void a_claim_whose_answer_was_lost_is_given_again() {
    QueueScene scene;
    model::ClaimQuestion asked = question(1);
    asked.worker = "a.test/1";
    scene.add({"x@c.test"}, "m1");
    const auto held = scene.claim(asked);
    scene.add({"y@c.test"}, "m2");
    const auto lost = scene.claim(asked);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, lost.size());
    CPPUNIT_ASSERT(scene.claim(asked).empty());
    // Another of a machine of that name is no dead one.
    model::ClaimQuestion other = question(1);
    other.worker = "a.test/10";
    scene.add({"z@c.test"}, "m3");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scene.claim(other).size());
    asked.most = 10;
    asked.has_lost = true;
    asked.holds = {held.at(0).lease};
    const auto again = scene.claim(asked);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, again.size());
    CPPUNIT_ASSERT_EQUAL(std::string("m2"), again[0].message.id);
    scene.report(held[0], RecipientState::kDelivered);
    scene.report(again[0], RecipientState::kDelivered);
    CPPUNIT_ASSERT_EQUAL(std::string("sent"), scene.state("m1"));
    CPPUNIT_ASSERT_EQUAL(std::string("sent"), scene.state("m2"));
    asked.holds.assign(1001, 1);
    assert_fault(Fault::kOverLimit,
                 scene.commit([&] { return scene.file->claim(asked, scene.now); }));
  }

  void a_prolonged_lease_lasts() {
    QueueScene scene;
    scene.add({"x@a.test"}, "m1");
    const auto claims = scene.claim();
    scene.now += 9 * kMinute;
    assert_ok(scene.commit(
        [&] { return scene.file->prolong(claims[0].lease, std::chrono::minutes(10), scene.now); }));
    scene.now += 9 * kMinute;
    CPPUNIT_ASSERT(scene.claim().empty());
    scene.now += kMinute;
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scene.claim().size());
    assert_fault(Fault::kWrongState, scene.commit([&] {
      return scene.file->prolong(claims[0].lease, std::chrono::minutes(10), scene.now);
    }));
  }

  void a_paused_destination_is_left_alone() {
    QueueScene scene;
    scene.add({"x@a.test"}, "m1");
    scene.add({"x@a.test"}, "m2");
    scene.add({"x@b.test"}, "m3");
    const auto claims = scene.claim(question(1));
    model::Report report =
        QueueScene::report_of(claims[0], RecipientState::kWaiting, scene.now + kMinute);
    report.has_destination = true;
    report.destination_name = "A.test";
    report.destination = {3, scene.now + kHour, "blocked us"};
    assert_ok(scene.try_report(report));
    CPPUNIT_ASSERT_EQUAL(std::string("b.test"), scene.claim()[0].destination);
    CPPUNIT_ASSERT(scene.claim().empty());
    const auto stat = get(scene.file->stat(scene.now));
    CPPUNIT_ASSERT_EQUAL(std::string("a.test"), stat.destinations[0].name);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, stat.destinations[0].waiting);
    CPPUNIT_ASSERT_EQUAL(std::string("blocked us"), stat.destinations[0].reason);
    scene.now += kHour;
    const auto again = scene.claim();
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, again.size());
    CPPUNIT_ASSERT_EQUAL(std::string("b.test"), again[0].destination);
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{3}, again[1].destination_failures);
  }

  void a_pause_does_not_hold_back_what_has_expired() {
    QueueScene scene;
    for (int i = 0; i < 30; ++i) scene.add({"x@a.test", "y@a.test"}, "m" + std::to_string(i));
    const auto first = scene.claim(question(1));
    scene.now += kDay;
    scene.add({"x@a.test"}, "young");
    model::Report report =
        QueueScene::report_of(first[0], RecipientState::kWaiting, scene.now + kMinute);
    report.has_destination = true;
    report.destination_name = "a.test";
    report.destination = {3, scene.now + 10 * kDay, "it is down"};
    assert_ok(scene.try_report(report));
    CPPUNIT_ASSERT(scene.claim().empty());
    CPPUNIT_ASSERT_EQUAL(kStart + 5 * kDay, scene.next);
    scene.now = kStart + 5 * kDay;
    for (int i = 0; i < 3; ++i) {
      const auto claims = scene.claim();
      CPPUNIT_ASSERT_EQUAL(std::size_t{10}, claims.size());
      CPPUNIT_ASSERT(scene.claim().empty());
      for (const model::Claim& claim : claims) {
        CPPUNIT_ASSERT(claim.is_paused && claim.message.expires <= scene.now);
        CPPUNIT_ASSERT_EQUAL(std::string("it is down"), claim.pause_reason);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, claim.message.recipients.size());
        scene.report(claim, RecipientState::kFailed);
      }
      scene.check();
    }
    CPPUNIT_ASSERT(scene.claim().empty());
    CPPUNIT_ASSERT_EQUAL(kStart + 6 * kDay, scene.next);
    CPPUNIT_ASSERT_EQUAL(std::string("queued"), scene.state("young"));
    scene.now += 6 * kDay;  // the pause is over
    CPPUNIT_ASSERT(!scene.claim().at(0).is_paused);
  }

  void a_hundred_others_do_not_hide_one_that_is_due() {
    QueueScene scene;
    for (int i = 0; i < 100; ++i) scene.add({"x@busy.test"}, "a" + std::to_string(i));
    CPPUNIT_ASSERT_EQUAL(std::size_t{10}, scene.claim().size());
    scene.now += 1;
    scene.add({"x@quiet.test"}, "b");
    const auto claims = scene.claim(question(1));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, claims.size());
    CPPUNIT_ASSERT_EQUAL(std::string("quiet.test"), claims[0].destination);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClaimsTest);

}  // namespace
}  // namespace fwd::queue
