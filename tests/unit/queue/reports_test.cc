// What attempts make of a message: the seven states, notices, redaction.
#include <cppunit/extensions/HelperMacros.h>

#include "tests/unit/queue/queue_scene.h"

namespace fwd::queue {
namespace {

class ReportsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ReportsTest);
  CPPUNIT_TEST(a_message_ends_as_its_recipients_did);
  CPPUNIT_TEST(one_that_is_still_to_be_tried_keeps_it_deferred);
  CPPUNIT_TEST(the_end_of_time_is_a_bounce_though_no_remote_spoke);
  CPPUNIT_TEST(an_end_is_never_changed);
  CPPUNIT_TEST(a_late_report_is_taken_while_nobody_else_has_claimed);
  CPPUNIT_TEST(recipients_may_be_reported_one_by_one);
  CPPUNIT_TEST(the_remotes_words_are_kept_on_one_line);
  CPPUNIT_TEST(a_notice_is_queued_with_the_report_or_not_at_all);
  CPPUNIT_TEST(a_bounce_does_not_bounce);
  CPPUNIT_TEST(content_goes_with_the_end_unless_it_is_to_be_kept);
  CPPUNIT_TEST(ended_messages_are_forgotten_in_time);
  CPPUNIT_TEST(what_comes_back_marks_the_message);
  CPPUNIT_TEST(what_comes_back_may_name_another_address);
  CPPUNIT_TEST(what_was_not_sent_cannot_come_back);
  CPPUNIT_TEST_SUITE_END();

  static std::string end_of(std::vector<std::pair<RecipientState, bool>> results) {
    QueueScene scene;
    std::vector<std::string> recipients;
    for (std::size_t i = 0; i < results.size(); ++i)
      recipients.push_back("x@d" + std::to_string(i) + ".test");
    scene.add(recipients, "m");
    for (const model::Claim& claim : scene.claim()) {
      const auto& [state, from_remote] = results[claim.message.recipients[0].number];
      scene.report(claim, state, scene.now + kMinute, from_remote);
    }
    return scene.state("m");
  }

 public:
  void a_message_ends_as_its_recipients_did() {
    constexpr auto kGood = RecipientState::kDelivered, kBad = RecipientState::kFailed,
                   kWaits = RecipientState::kWaiting;
    const auto end = [](std::vector<std::pair<RecipientState, bool>> results) {
      return end_of(std::move(results));
    };
    CPPUNIT_ASSERT_EQUAL(std::string("sent"), end({{kGood, true}, {kGood, true}}));
    CPPUNIT_ASSERT_EQUAL(std::string("partially_sent"), end({{kGood, true}, {kBad, true}}));
    CPPUNIT_ASSERT_EQUAL(std::string("bounced"), end({{kBad, false}, {kBad, true}}));
    CPPUNIT_ASSERT_EQUAL(std::string("rejected"), end({{kBad, false}, {kBad, false}}));
    CPPUNIT_ASSERT_EQUAL(std::string("deferred"), end({{kGood, true}, {kWaits, true}}));
    CPPUNIT_ASSERT_EQUAL(std::string("deferred"), end({{kBad, true}, {kWaits, false}}));
  }

  void one_that_is_still_to_be_tried_keeps_it_deferred() {
    QueueScene scene;
    scene.add({"x@a.test", "x@b.test"}, "m");
    auto claims = scene.claim();
    scene.report(claims[0], RecipientState::kDelivered);
    CPPUNIT_ASSERT_EQUAL(std::string("queued"), scene.state("m"));  // with a worker
    scene.report(claims[1], RecipientState::kWaiting, scene.now + kMinute);
    CPPUNIT_ASSERT_EQUAL(std::string("deferred"), scene.state("m"));
    scene.now += kMinute;
    claims = scene.claim();
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{1}, claims[0].message.recipients[0].attempts);
    scene.report(claims[0], RecipientState::kDelivered);
    CPPUNIT_ASSERT_EQUAL(std::string("sent"), scene.state("m"));
    CPPUNIT_ASSERT(scene.show("m").ended == scene.now);
  }

  void the_end_of_time_is_a_bounce_though_no_remote_spoke() {
    QueueScene scene;
    scene.add({"x@a.test"}, "m");
    scene.now += 5 * kDay;
    scene.report(scene.claim()[0], RecipientState::kFailed, 0, false);
    CPPUNIT_ASSERT_EQUAL(std::string("bounced"), scene.state("m"));
  }

  static model::Returned returned(const std::string& id, const std::string& address,
                                  const std::string& original = "") {
    return {"",
            "<" + id + "@example.test>",
            {{address, original, "5.2.2", "552 5.2.2 full\r\nup", "mx.far.test"}}};
  }
  static bool mark(QueueScene& scene, const model::Returned& what,
                   const std::string& sender = "Hello@Example.test") {
    return get(scene.commit([&] { return scene.file->mark_returned(sender, what, scene.now); }));
  }

  void what_comes_back_marks_the_message() {
    QueueScene scene;
    scene.add({"x@a.test", "y@a.test"}, "m");
    scene.report(scene.claim().at(0), RecipientState::kDelivered);
    const std::int64_t ended = scene.show("m").ended;
    scene.now += kHour;
    CPPUNIT_ASSERT(mark(scene, returned("m", "Y@A.test")));
    CPPUNIT_ASSERT_EQUAL(std::string("partially_sent"), scene.state("m"));
    const model::Outbound marked = scene.show("m");
    CPPUNIT_ASSERT(marked.ended == ended);
    CPPUNIT_ASSERT(marked.recipients.at(0).state == RecipientState::kDelivered);
    const model::OutboundRecipient& one = marked.recipients.at(1);
    CPPUNIT_ASSERT(one.state == RecipientState::kFailed && one.attempts == 1);
    CPPUNIT_ASSERT(one.last.code == 552 && one.last.status == "5.2.2");
    CPPUNIT_ASSERT(one.last.time == scene.now && one.last.from_remote);
    CPPUNIT_ASSERT_EQUAL(std::string("552 5.2.2 full  up"), one.last.response);
    CPPUNIT_ASSERT_EQUAL(std::string("mx.far.test"), one.last.mx);
    CPPUNIT_ASSERT(mark(scene, returned("m", "z@b.test", "rfc822; x@a.test")));
    CPPUNIT_ASSERT_EQUAL(std::string("bounced"), scene.state("m"));
    CPPUNIT_ASSERT(!mark(scene, returned("m", "x@a.test")));
  }

  void what_comes_back_may_name_another_address() {
    QueueScene scene;
    scene.add({"x@a.test"}, "m");
    scene.report(scene.claim().at(0), RecipientState::kDelivered);
    CPPUNIT_ASSERT(mark(scene, returned("m", "passed-on@b.test")));
    CPPUNIT_ASSERT_EQUAL(std::string("bounced"), scene.state("m"));
  }

  void what_was_not_sent_cannot_come_back() {
    QueueScene scene;
    scene.add({"x@a.test", "y@b.test"}, "m");
    scene.add({"x@c.test"}, "n");
    CPPUNIT_ASSERT(!mark(scene, returned("m", "x@a.test")));
    for (const model::Claim& claim : scene.claim())
      if (claim.destination != "b.test") scene.report(claim, RecipientState::kDelivered);
    CPPUNIT_ASSERT(!mark(scene, returned("m", "y@b.test")));
    CPPUNIT_ASSERT(!mark(scene, returned("m", "other@a.test")));
    CPPUNIT_ASSERT(!mark(scene, returned("o", "x@a.test")));
    CPPUNIT_ASSERT(!mark(scene, returned("n", "x@c.test"), "other@example.test"));
    model::Returned nothing = returned("n", "x@c.test");
    nothing.failed.clear();
    CPPUNIT_ASSERT(!mark(scene, nothing));
    CPPUNIT_ASSERT_EQUAL(std::string("sent"), scene.state("n"));
    // Those that still wait decide about the rest.
    CPPUNIT_ASSERT(mark(scene, returned("m", "x@a.test")));
    CPPUNIT_ASSERT_EQUAL(std::string("queued"), scene.state("m"));
  }

  void an_end_is_never_changed() {
    QueueScene scene;
    scene.add({"x@a.test"}, "m");
    const auto claims = scene.claim();
    scene.report(claims[0], RecipientState::kDelivered);
    assert_fault(Fault::kWrongState,
                 scene.try_report(QueueScene::report_of(claims[0], RecipientState::kFailed)));
    model::QueueFilter filter;
    filter.id = "m";
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, scene.act(filter, QueueAction::kRemove));
    CPPUNIT_ASSERT_EQUAL(std::string("sent"), scene.state("m"));
  }

  void a_late_report_is_taken_while_nobody_else_has_claimed() {
    QueueScene scene;
    scene.add({"x@a.test"}, "m");
    scene.add({"x@b.test"}, "n");
    const auto claims = scene.claim(question(1));
    scene.now += kHour;
    scene.report(claims[0], RecipientState::kDelivered);
    CPPUNIT_ASSERT_EQUAL(std::string("sent"), scene.state(claims[0].message.id));
    model::Report nobody = QueueScene::report_of(claims[0], RecipientState::kDelivered);
    nobody.lease = 0;
    nobody.message_id = "n";
    assert_fault(Fault::kWrongState, scene.try_report(nobody));
    nobody.message_id = "unknown";
    assert_fault(Fault::kNotFound, scene.try_report(nobody));
  }

  void recipients_may_be_reported_one_by_one() {
    QueueScene scene;
    scene.add({"x@a.test", "y@a.test"}, "m");
    const auto claims = scene.claim();
    model::Report report = QueueScene::report_of(claims[0], RecipientState::kDelivered);
    const model::RecipientReport second = report.recipients.back();
    report.recipients.pop_back();
    assert_ok(scene.try_report(report));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, get(scene.file->stat(scene.now)).with_workers);
    report.recipients = {second};
    assert_ok(scene.try_report(report));
    CPPUNIT_ASSERT_EQUAL(std::string("sent"), scene.state("m"));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, get(scene.file->stat(scene.now)).with_workers);
  }

  void the_remotes_words_are_kept_on_one_line() {
    QueueScene scene;
    scene.add({"x@a.test"}, "m");
    model::Report report =
        QueueScene::report_of(scene.claim()[0], RecipientState::kWaiting, scene.now + kMinute);
    report.recipients[0].result.response = "go\r\naway\x1b[2J" + std::string(2000, 'x');
    report.recipients[0].result.tls = "TLS1.3";
    assert_ok(scene.try_report(report));
    const model::AttemptResult last = scene.show("m").recipients[0].last;
    CPPUNIT_ASSERT_EQUAL(std::string("go  away [2J"), last.response.substr(0, 12));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1000}, last.response.size());
    CPPUNIT_ASSERT_EQUAL(std::string("TLS1.3"), last.tls);
    CPPUNIT_ASSERT(last.from_remote && last.code == 451 && last.time == scene.now);
  }

  void a_notice_is_queued_with_the_report_or_not_at_all() {
    QueueScene scene;
    scene.add({"x@a.test"}, "m");
    model::Report report = QueueScene::report_of(scene.claim()[0], RecipientState::kFailed);
    model::NewOutbound notice = message_to({"hello@example.test"}, "n");
    report.notices.push_back(notice);
    assert_fault(Fault::kBadInput, scene.try_report(report));
    CPPUNIT_ASSERT_EQUAL(std::string("queued"), scene.state("m"));
    report.notices[0].envelope_from.clear();
    assert_ok(scene.try_report(report));
    CPPUNIT_ASSERT_EQUAL(std::string("bounced"), scene.state("m"));
    const auto claims = scene.claim();
    CPPUNIT_ASSERT_EQUAL(std::string("n"), claims[0].message.id);
    CPPUNIT_ASSERT_EQUAL(std::string("example.test"), claims[0].domain);
    CPPUNIT_ASSERT_EQUAL(std::string("d1"), claims[0].message.domain_id);
    CPPUNIT_ASSERT(claims[0].message.envelope_from.empty());
  }

  void a_bounce_does_not_bounce() {
    QueueScene scene;
    model::NewOutbound notice = message_to({"x@a.test"}, "n");
    notice.envelope_from.clear();
    get(scene.try_add(notice));
    model::Report report = QueueScene::report_of(scene.claim()[0], RecipientState::kFailed);
    notice.id = "n2";
    report.notices.push_back(notice);
    assert_ok(scene.try_report(report));
    CPPUNIT_ASSERT_EQUAL(std::string("bounced"), scene.state("n"));
    CPPUNIT_ASSERT(scene.claim().empty());
  }

  void content_goes_with_the_end_unless_it_is_to_be_kept() {
    QueueScene scene;
    scene.add({"x@a.test"}, "m1");
    Owner keeping = owner();
    keeping.keep = std::chrono::hours(24);
    get(scene.try_add(message_to({"x@a.test"}, "m2"), keeping));
    for (const model::Claim& claim : scene.claim()) scene.report(claim, RecipientState::kDelivered);
    CPPUNIT_ASSERT(scene.show("m1").is_redacted && !scene.show("m2").is_redacted);
    assert_fault(Fault::kNotFound, scene.file->read("m1", 0, 10));
    CPPUNIT_ASSERT_EQUAL(std::size_t{10}, get(scene.file->read("m2", 0, 10)).size());
    CPPUNIT_ASSERT(get(scene.file->stat(scene.now)).octets > 0);
    const auto redact = [&] {
      return get(scene.commit([&] { return scene.file->redact_some(scene.now, 10); }));
    };
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, redact());
    scene.now += kDay;
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, redact());
    CPPUNIT_ASSERT(scene.show("m2").is_redacted);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, get(scene.file->stat(scene.now)).octets);
  }

  void ended_messages_are_forgotten_in_time() {
    QueueScene scene;
    scene.add({"x@a.test"}, "m1");
    scene.report(scene.claim()[0], RecipientState::kDelivered);
    scene.now += kDay;
    scene.add({"x@a.test"}, "m2");
    const auto forget = [&](std::int64_t before) {
      return get(scene.commit([&] { return scene.file->forget_some(before, 10); }));
    };
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, forget(kStart));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, forget(scene.now + 100 * kDay));
    CPPUNIT_ASSERT_EQUAL(std::string("queued"), scene.state("m2"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ReportsTest);

}  // namespace
}  // namespace fwd::queue
