// Who looks after an address is told when what it forwards to fails for good.
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>

#include "support/delivery_rig.h"

namespace fwd::test {
namespace {

using std::chrono::hours;

const std::string kBob = "bob@other.example";

model::Destination to(const std::string& address, const std::string& alias = "hello@example.test") {
  model::Destination one;
  one.address = address;
  one.alias_id = alias;
  return one;
}

class IssuesTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(IssuesTest);
  CPPUNIT_TEST(the_mail_says_where_and_why_and_what_to_do);
  CPPUNIT_TEST(owner_admins_and_mailbox_are_told_each_once);
  CPPUNIT_TEST(who_cannot_be_reached_is_passed_over);
  CPPUNIT_TEST(without_an_admin_the_postmaster_is_told);
  CPPUNIT_TEST(once_a_week_for_a_destination);
  CPPUNIT_TEST(so_many_a_day_for_a_domain);
  CPPUNIT_TEST(what_was_not_reported_is_told_again);
  CPPUNIT_TEST(nothing_is_told_of_what_has_no_sender);
  CPPUNIT_TEST(nothing_is_told_while_the_sender_waits);
  CPPUNIT_TEST(what_expires_is_told_too);
  CPPUNIT_TEST(it_never_goes_to_what_failed);
  CPPUNIT_TEST(the_mail_of_an_alias_is_not_told_to_its_other_destinations);
  CPPUNIT_TEST(trouble_holds_no_report_back);
  CPPUNIT_TEST_SUITE_END();

  std::unique_ptr<DeliveryRig> rig_;

  void refuse(const std::string& words = "550 5.1.1 no such user\r\n") {
    RemoteScript script;
    script.answers["RCPT"] = words;
    rig_->route("other.example", {{"mx.other.example", "192.0.2.1"}});
    rig_->net.add("192.0.2.1", std::move(script));
    rig_->start();
  }
  // From somebody who may be forged: no notice to the sender is among the others.
  std::string forward(std::vector<model::Destination> goals = {to(kBob)}, bool in_session = false) {
    return rig_->forward(std::move(goals), in_session, [](model::NewForward& one) {
      one.facts.may_report = false;
      one.alias_id = "hello@example.test";
    });
  }
  std::vector<model::NewOutbound> told() const {
    std::vector<model::NewOutbound> all;
    for (const auto& report : rig_->queue.reports)
      all.insert(all.end(), report.notices.begin(), report.notices.end());
    return all;
  }
  std::vector<std::string> told_to() const {
    std::vector<std::string> all;
    for (const auto& one : told()) all.push_back(one.recipients.at(0).address);
    return all;
  }
  using Names = std::vector<std::string>;

 public:
  void setUp() override {
    rig_ = std::make_unique<DeliveryRig>();
    rig_->deliveries.add("hello@example.test");
    rig_->queue.owners.alias = rig_->queue.owners.mailbox = "hello@example.test";
    rig_->queue.owners.admins = {"hello@example.test"};
  }
  void tearDown() override { rig_.reset(); }

  void the_mail_says_where_and_why_and_what_to_do() {  // RFC 3834 §5.1
    refuse();
    forward();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, told().size());
    const model::NewOutbound mail = told()[0];
    CPPUNIT_ASSERT(mail.envelope_from.empty());
    CPPUNIT_ASSERT_EQUAL(std::string("mailer-daemon@example.test"), mail.header_from);
    CPPUNIT_ASSERT_EQUAL(std::uint8_t{model::kNotifyNever}, mail.recipients.at(0).notify);
    for (const char* part :
         {"To: <hello@example.test>\r\n", "Auto-Submitted: auto-generated\r\n",
          "Subject: Mail for hello@example.test could not be forwarded\r\n",
          "bob@other.example\r\n", "550 5.1.1 no such user\r\n", "Status:   5.1.1\r\n",
          "mx.other.example\r\n", "stranger@far.example\r\n",
          "The alias hello@example.test leads there.", "7 days"})
      CPPUNIT_ASSERT_MESSAGE(part, mail.content.find(part) != std::string::npos);
    CPPUNIT_ASSERT_EQUAL(std::string("d1 hello@example.test"), rig_->queue.owners_asked.at(0));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_->deliveries.messages("hello@example.test").size());
    CPPUNIT_ASSERT(rig_->logged("forward.issue.told"));
    const auto has_told = [](const auto& one) { return one.event == "forward.issue.told"; };
    const auto& entries = rig_->journal.entries;
    CPPUNIT_ASSERT(std::count_if(entries.begin(), entries.end(), has_told) == 1);
  }

  void owner_admins_and_mailbox_are_told_each_once() {
    for (const char* name : {"owner", "admin", "second"})
      rig_->deliveries.add(std::string(name) + "@example.test");
    MemoryDeliveries::Alias also;  // another name of an admin's mailbox
    also.mailboxes = {"admin@example.test"};
    rig_->deliveries.add("root@example.test", also);
    rig_->queue.owners.owner = "owner@example.test";
    rig_->queue.owners.admins = {"admin@example.test", "Owner+x@example.test", "root@example.test",
                                 "away@elsewhere.example"};
    refuse();
    forward();
    CPPUNIT_ASSERT((Names{"owner@example.test", "admin@example.test", "away@elsewhere.example",
                          "hello@example.test"}) == told_to());
    Names places;
    for (const auto& one : told()) places.push_back(one.not_to);
    CPPUNIT_ASSERT((Names{kBob, kBob, kBob, "*"}) == places);
  }

  void who_cannot_be_reached_is_passed_over() {
    MemoryDeliveries::Alias alias;
    alias.kind = model::RecipientKind::kHardDisabled;
    rig_->deliveries.add("gone@example.test", alias);
    alias.kind = model::RecipientKind::kAccepted;
    alias.destinations = {to(kBob)};
    rig_->deliveries.add("lost@example.test", alias);
    rig_->deliveries.add("postmaster@example.test");
    rig_->queue.owners.mailbox.clear();
    rig_->queue.owners.owner = kBob;
    rig_->queue.owners.admins = {"gone@example.test", "lost@example.test", "nobody@example.test",
                                 "Bob+tag@other.example"};
    refuse();
    forward();
    CPPUNIT_ASSERT((Names{"postmaster@example.test"}) == told_to());
  }

  void without_an_admin_the_postmaster_is_told() {
    rig_->queue.owners.admins.clear();
    rig_->deliveries.add("boss@host.example");
    rig_->options.postmaster = "boss@host.example";
    refuse();
    forward();
    CPPUNIT_ASSERT((Names{"hello@example.test", "boss@host.example"}) == told_to());
    rig_->deliveries.add("postmaster@example.test");
    rig_->clock.turn(hours(24 * 7) + std::chrono::seconds(1));
    forward();
    CPPUNIT_ASSERT((Names{"hello@example.test", "boss@host.example", "hello@example.test",
                          "postmaster@example.test"}) == told_to());
  }

  void once_a_week_for_a_destination() {
    refuse();
    forward();
    forward({to("BOB@other.example")});
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, told().size());
    forward({to("rob@other.example")});
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, told().size());
    rig_->clock.turn(hours(24 * 7 - 1));
    forward();
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, told().size());
    rig_->clock.turn(hours(2));
    forward();
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, told().size());
  }

  void so_many_a_day_for_a_domain() {
    rig_->options.issues_per_day = 2;
    refuse();
    const auto goal = [](int number) {
      return std::vector{to("x" + std::to_string(number) + "@other.example")};
    };
    for (int i = 0; i < 5; ++i) forward(goal(i));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, told().size());
    rig_->forward(goal(0), false, [](model::NewForward& one) {
      one.facts.may_report = false;
      one.domain_id = "d2";
    });
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, told().size());
    // What was left out is not taken for told.
    rig_->clock.turn(hours(25));
    forward(goal(4));
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, told().size());
  }

  void what_was_not_reported_is_told_again() {
    rig_->queue.report_trouble = Failure{Fault::kCorrupt, "", "lost"};
    refuse();
    forward();
    CPPUNIT_ASSERT(told().empty());
    rig_->queue.report_trouble.reset();
    rig_->clock.turn(hours(1));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, told().size());
  }

  void nothing_is_told_of_what_has_no_sender() {  // RFC 3834 §2
    refuse();
    rig_->forward({to(kBob)}, false,
                  [](model::NewForward& one) { one.message.envelope_from.clear(); });
    rig_->send({kBob});  // what was sent here has its bounce
    for (const auto& one : told()) CPPUNIT_ASSERT_EQUAL(std::string(), one.not_to);
    CPPUNIT_ASSERT(rig_->queue.owners_asked.empty());
  }

  void nothing_is_told_while_the_sender_waits() {
    refuse();
    const std::string id = forward({to(kBob)}, true);
    CPPUNIT_ASSERT(told().empty());
    rig_->queue.keep(id);
    run_ready();
    CPPUNIT_ASSERT((Names{"hello@example.test"}) == told_to());
  }

  void what_expires_is_told_too() {
    refuse("450 4.2.0 later\r\n");
    forward();
    CPPUNIT_ASSERT(told().empty());
    for (int i = 0; i < 24 * 6; ++i) rig_->clock.turn(hours(1));
    CPPUNIT_ASSERT((Names{"hello@example.test"}) == told_to());
    CPPUNIT_ASSERT(told()[0].content.find("5.4.7") != std::string::npos);
  }

  void it_never_goes_to_what_failed() {
    MemoryDeliveries::Alias alias;
    alias.mailboxes = {"owner@example.test"};
    alias.destinations = {to("Bob+x@other.example"), to("private@third.example")};
    rig_->deliveries.add("owner@example.test", alias);
    rig_->queue.owners.owner = "owner@example.test";
    rig_->queue.owners.admins = {"owner@example.test"};
    rig_->queue.owners.mailbox.clear();
    refuse();
    forward();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_->deliveries.messages("owner@example.test").size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_->forwarding.order.size());
    const model::NewForward& on = rig_->forwarding.kept.at(rig_->forwarding.order[0]).forward;
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, on.destinations.size());
    CPPUNIT_ASSERT_EQUAL(std::string("private@third.example"), on.destinations[0].address);
    CPPUNIT_ASSERT_EQUAL(kBob, on.message.not_to);
  }

  void the_mail_of_an_alias_is_not_told_to_its_other_destinations() {
    MemoryDeliveries::Alias alias;
    alias.mailboxes = {"hello@example.test"};
    alias.destinations = {to(kBob), to("friend@third.example")};
    rig_->deliveries.add("hello@example.test", alias);
    rig_->deliveries.add("admin@example.test");
    rig_->queue.owners.admins = {"admin@example.test"};
    refuse();
    forward();
    CPPUNIT_ASSERT((Names{"admin@example.test", "hello@example.test"}) == told_to());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_->deliveries.messages("hello@example.test").size());
    CPPUNIT_ASSERT(rig_->forwarding.order.empty());
  }

  void trouble_holds_no_report_back() {
    refuse();
    rig_->state.is_away = true;
    const std::string first = forward();
    CPPUNIT_ASSERT(rig_->recipient(first).state == model::RecipientState::kFailed);
    CPPUNIT_ASSERT(rig_->logged("forward.issue.failed"));
    rig_->state.is_away = false;
    rig_->queue.owners_trouble = Failure{Fault::kUnavailable, "", "away"};
    const std::string second = forward();
    CPPUNIT_ASSERT(rig_->recipient(second).state == model::RecipientState::kFailed);
    CPPUNIT_ASSERT(told().empty());
    rig_->queue.owners_trouble.reset();
    forward();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, told().size());
    rig_->queue.most_notice = 10;
    const std::string third = forward({to("rob@other.example")});
    CPPUNIT_ASSERT(rig_->recipient(third).state == model::RecipientState::kFailed);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(IssuesTest);

}  // namespace
}  // namespace fwd::test
