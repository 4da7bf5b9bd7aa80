// Submission and Queue, asked through the door's language, are kept as by their
// keepers.
#include <cppunit/extensions/HelperMacros.h>

#include "door_pair.h"
#include "raw_caller.h"
#include "rpc/limits.h"

namespace fwd::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

PairOptions as(rpc::Role role, std::size_t most_per_read = SIZE_MAX) {
  PairOptions options;
  options.role = role;
  options.most_per_read = most_per_read;
  return options;
}

void check_same(const model::NewOutbound& a, const model::NewOutbound& b) {
  CPPUNIT_ASSERT(a.id == b.id && a.envelope_from == b.envelope_from);
  CPPUNIT_ASSERT_EQUAL(a.recipients.size(), b.recipients.size());
  for (std::size_t i = 0; i < a.recipients.size(); ++i) {
    CPPUNIT_ASSERT_EQUAL(a.recipients[i].address, b.recipients[i].address);
    CPPUNIT_ASSERT(a.recipients[i].notify == b.recipients[i].notify);
    CPPUNIT_ASSERT_EQUAL(a.recipients[i].original, b.recipients[i].original);
  }
  CPPUNIT_ASSERT(a.envelope_id == b.envelope_id && a.returns == b.returns && a.body == b.body);
  CPPUNIT_ASSERT(a.smtp_utf8 == b.smtp_utf8 && a.require_tls == b.require_tls);
  CPPUNIT_ASSERT(a.tls_optional == b.tls_optional && a.not_before == b.not_before);
  CPPUNIT_ASSERT(a.expires == b.expires && a.header_from == b.header_from);
  CPPUNIT_ASSERT(a.message_id == b.message_id && a.date == b.date && a.subject == b.subject);
  CPPUNIT_ASSERT(a.content == b.content && a.not_to == b.not_to);
}

void check_same(const model::AttemptResult& a, const model::AttemptResult& b) {
  CPPUNIT_ASSERT(a.time == b.time && a.code == b.code && a.status == b.status);
  CPPUNIT_ASSERT(a.response == b.response && a.mx == b.mx && a.ip == b.ip && a.tls == b.tls);
  CPPUNIT_ASSERT(a.from_remote == b.from_remote && a.was_relayed == b.was_relayed);
  CPPUNIT_ASSERT_EQUAL(a.duration_ms, b.duration_ms);
}

void check_same(const model::Outbound& a, const model::Outbound& b) {
  CPPUNIT_ASSERT(a.id == b.id && a.state == b.state && a.is_held == b.is_held);
  CPPUNIT_ASSERT(a.is_redacted == b.is_redacted && a.is_given_up == b.is_given_up);
  CPPUNIT_ASSERT(a.domain_id == b.domain_id && a.user_id == b.user_id);
  CPPUNIT_ASSERT(a.alias_id == b.alias_id && a.envelope_from == b.envelope_from);
  CPPUNIT_ASSERT(a.envelope_id == b.envelope_id && a.returns == b.returns && a.body == b.body);
  CPPUNIT_ASSERT(a.smtp_utf8 == b.smtp_utf8 && a.require_tls == b.require_tls);
  CPPUNIT_ASSERT(a.tls_optional == b.tls_optional && a.created == b.created);
  CPPUNIT_ASSERT(a.not_before == b.not_before && a.expires == b.expires && a.ended == b.ended);
  CPPUNIT_ASSERT(a.size == b.size && a.header_from == b.header_from);
  CPPUNIT_ASSERT(a.message_id == b.message_id && a.subject == b.subject && a.date == b.date);
  CPPUNIT_ASSERT_EQUAL(a.not_to, b.not_to);
  CPPUNIT_ASSERT_EQUAL(a.recipients.size(), b.recipients.size());
  for (std::size_t i = 0; i < a.recipients.size(); ++i) {
    const model::OutboundRecipient &x = a.recipients[i], &y = b.recipients[i];
    CPPUNIT_ASSERT(x.number == y.number && x.address == y.address);
    CPPUNIT_ASSERT(x.destination == y.destination && x.notify == y.notify);
    CPPUNIT_ASSERT(x.original == y.original && x.state == y.state && x.attempts == y.attempts);
    CPPUNIT_ASSERT(x.next_attempt == y.next_attempt && x.leased_until == y.leased_until);
    CPPUNIT_ASSERT_EQUAL(x.delay_told, y.delay_told);
    CPPUNIT_ASSERT_EQUAL(x.alias_id, y.alias_id);
    check_same(x.last, y.last);
  }
}

std::shared_ptr<model::SenderSession> log_in(DoorPair& pair) {
  return finish(pair.client->submission().log_in_to_send({"smtp", "192.0.2.1", "s1"},
                                                         "hello@example.test", "secret"))
      .value();
}

}  // namespace

class SendingTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SendingTest);
  CPPUNIT_TEST(a_sender_logs_in_and_submits_whole_messages);
  CPPUNIT_TEST(a_sender_by_scram_has_one_try);
  CPPUNIT_TEST(a_local_program_is_known_by_its_uid);
  CPPUNIT_TEST(refusals_of_a_submission_come_through);
  CPPUNIT_TEST(a_session_let_go_is_released_at_the_door);
  CPPUNIT_TEST(a_session_ends_with_its_connection);
  CPPUNIT_TEST(a_message_larger_than_the_upload_bound_is_refused_here);
  CPPUNIT_TEST(claims_and_reports_come_through);
  CPPUNIT_TEST(a_waiting_claim_holds_up_no_other_call);
  CPPUNIT_TEST(a_waiting_claim_outlives_the_answer_time_and_no_other_call_does);
  CPPUNIT_TEST(bounds_of_a_claim_are_kept);
  CPPUNIT_TEST(content_is_read_in_bounded_slices);
  CPPUNIT_TEST(a_long_list_is_asked_for_in_pages);
  CPPUNIT_TEST(filters_actions_and_figures_come_through);
  CPPUNIT_TEST(words_of_no_meaning_are_bad_input);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_sender_logs_in_and_submits_whole_messages() {
    for (const std::size_t most : {SIZE_MAX, std::size_t{7}}) {
      DoorPair pair(as(rpc::Role::kSmtpd, most));
      const auto session = log_in(pair);
      const model::Sender& sender = session->sender();
      CPPUNIT_ASSERT(sender.alias_id == "a" && sender.domain_id == "d" && sender.user_id == "u");
      CPPUNIT_ASSERT_EQUAL(std::string("hello@example.test"), sender.address);
      CPPUNIT_ASSERT(!sender.is_whole_domain && !sender.is_local_program);
      CPPUNIT_ASSERT_EQUAL(std::string("s1"), pair.submission.last_context.session);
      const std::string small = "Subject: a\r\n\r\n";
      const std::string large(most == SIZE_MAX ? 20 << 20 : 200000, 'x');
      std::size_t count = 0;
      for (const std::string& content : {small, std::string(), large}) {
        const auto done = finish(session->submit(make_new_outbound(content)));
        CPPUNIT_ASSERT_EQUAL(std::string("queued-1"), done.value().id);
        CPPUNIT_ASSERT_EQUAL(++count > 1, done.value().is_repeat);
        check_same(make_new_outbound(content), pair.submission.sending->submitted.back());
      }
      const auto wrong = finish(pair.client->submission().log_in_to_send({}, "hello@x", "secret"));
      CPPUNIT_ASSERT(wrong.failure().fault == Fault::kBadLogin);
      CPPUNIT_ASSERT(pair.denied.empty() && pair.bugs.empty());
    }
  }

  void a_sender_by_scram_has_one_try() {
    DoorPair pair(as(rpc::Role::kSmtpd));
    model::Submission& submission = pair.client->submission();
    auto begun = finish(submission.begin_scram_to_send({"smtp", "", ""}, "n,,n=x", true));
    CPPUNIT_ASSERT_EQUAL(std::string("r=n,,n=x"), begun.value()->server_first());
    const std::string binding("\0\1", 2);
    const auto verdict = finish(begun.value()->finish("right", binding));
    CPPUNIT_ASSERT_EQUAL(std::string("v=proof"), verdict.value().server_final);
    CPPUNIT_ASSERT(finish(verdict.value().session->submit(make_new_outbound("a"))).ok());
    CPPUNIT_ASSERT(finish(begun.value()->finish("right", binding)).failure().fault ==
                   Fault::kWrongState);
    auto other = finish(submission.begin_scram_to_send({"smtp", "", ""}, "n,,n=x", true));
    CPPUNIT_ASSERT(finish(other.value()->finish("wrong", binding)).failure().fault ==
                   Fault::kBadLogin);
    CPPUNIT_ASSERT(finish(other.value()->finish("right", binding)).failure().fault ==
                   Fault::kWrongState);
    CPPUNIT_ASSERT(!finish(submission.begin_scram_to_send({}, "", false)).ok());
  }

  void a_local_program_is_known_by_its_uid() {
    DoorPair pair(as(rpc::Role::kSmtpd));
    model::Submission& submission = pair.client->submission();
    const auto session = finish(submission.let_local_send({"sendmail", "", "s"}, 33, "www-data"));
    CPPUNIT_ASSERT_EQUAL(std::string("www-data@host.test"), session.value()->sender().address);
    CPPUNIT_ASSERT(session.value()->sender().is_local_program);
    CPPUNIT_ASSERT(session.value()->sender().is_whole_domain);
    const auto root = finish(submission.let_local_send({"sendmail", "", "s"}, 0, "root"));
    CPPUNIT_ASSERT(root.failure().fault == Fault::kCannot);
    CPPUNIT_ASSERT_EQUAL(std::string("Set up who gets root's mail first"),
                         root.failure().public_text);
  }

  void refusals_of_a_submission_come_through() {
    DoorPair pair(as(rpc::Role::kSmtpd));
    const auto session = log_in(pair);
    for (const Fault fault : {Fault::kBadLogin, Fault::kCannot, Fault::kDenied, Fault::kBusy,
                              Fault::kOverLimit, Fault::kUnavailable}) {
      pair.submission.sending->refuses = Failure{fault, "public", "private"};
      const auto refused = finish(session->submit(make_new_outbound("a")));
      CPPUNIT_ASSERT(refused.failure().fault == fault);
      CPPUNIT_ASSERT_EQUAL(std::string("public"), refused.failure().public_text);
    }
  }

  void a_session_let_go_is_released_at_the_door() {
    DoorPair pair(as(rpc::Role::kSmtpd));
    auto first = log_in(pair);
    auto second = log_in(pair);
    CPPUNIT_ASSERT_EQUAL(2, pair.submission.sending->sessions_alive);
    first.reset();
    run_ready();
    CPPUNIT_ASSERT_EQUAL(1, pair.submission.sending->sessions_alive);
    CPPUNIT_ASSERT(finish(second->submit(make_new_outbound("a"))).ok());
    pair.client->close();
    run_ready();
    CPPUNIT_ASSERT_EQUAL(0, pair.submission.sending->sessions_alive);
  }

  void a_session_ends_with_its_connection() {
    DoorPair pair(as(rpc::Role::kSmtpd));
    const auto session = log_in(pair);
    pair.submission.sending->gate.clear();
    Running<Outcome<model::Submitted>> slow(session->submit(make_new_outbound("a")));
    CPPUNIT_ASSERT(!slow.done());
    pair.client->close();
    run_ready();
    CPPUNIT_ASSERT(slow.value().failure().fault == Fault::kClosed);
    CPPUNIT_ASSERT(finish(session->submit(make_new_outbound("b"))).failure().fault ==
                   Fault::kClosed);
    CPPUNIT_ASSERT_EQUAL(0, pair.submission.sending->sessions_alive);
  }

  void a_message_larger_than_the_upload_bound_is_refused_here() {
    PairOptions options = as(rpc::Role::kSmtpd);
    options.limits.upload_octets = 1 << 20;
    DoorPair pair(options);
    const auto session = log_in(pair);
    const auto refused = finish(session->submit(make_new_outbound(std::string(1 << 20, 'x'))));
    CPPUNIT_ASSERT(refused.failure().fault == Fault::kOverLimit);
    CPPUNIT_ASSERT(finish(session->submit(make_new_outbound("a"))).ok());
    CPPUNIT_ASSERT(pair.ended.empty());
  }

  void claims_and_reports_come_through() {
    DoorPair pair(as(rpc::Role::kSmtpBree, 100));
    model::Queue& queue = pair.client->queue();
    model::Claim claim;
    claim.lease = 1ULL << 60;
    claim.leased_until = 1LL << 41;
    claim.message = make_outbound("M1");
    claim.destination = "b.test";
    claim.return_path = "SRS0=x@fe-bounces.example.test";
    claim.domain = "example.test";
    claim.destination_failures = 3;
    claim.is_paused = true;
    claim.pause_reason = "it is down";
    pair.queue.claims = {claim, model::Claim{}};
    const auto got = finish(queue.claim({"w1", 20, seconds(60), milliseconds(0), 5}));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, got.value().size());
    const model::Claim& one = got.value()[0];
    CPPUNIT_ASSERT(one.lease == claim.lease && one.leased_until == claim.leased_until);
    CPPUNIT_ASSERT(one.destination == "b.test" && one.return_path == claim.return_path);
    CPPUNIT_ASSERT(one.domain == "example.test" && one.destination_failures == 3);
    CPPUNIT_ASSERT(one.is_paused && one.pause_reason == "it is down");
    check_same(claim.message, one.message);
    check_same(model::Outbound{}, got.value()[1].message);
    const model::ClaimQuestion& asked = pair.queue.questions.at(0);
    CPPUNIT_ASSERT(asked.worker == "w1" && asked.most == 20 && asked.lease == seconds(60));
    CPPUNIT_ASSERT(asked.wait == milliseconds(0) && asked.most_per_destination == 5);

    model::Report report;
    report.lease = claim.lease;
    report.message_id = "M1";
    report.recipients.resize(2);
    report.recipients[1] = {7, model::RecipientState::kFailed, claim.message.recipients[0].last, 9,
                            true};
    report.has_destination = true;
    report.destination_name = "b.test";
    report.destination = {4, 5, "it blocks us"};
    report.notices = {make_new_outbound("first"), make_new_outbound(std::string(100000, 'n'))};
    CPPUNIT_ASSERT(finish(queue.report(report)).ok());
    const model::Report& kept = pair.queue.reports.at(0);
    CPPUNIT_ASSERT(kept.lease == report.lease && kept.message_id == "M1");
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, kept.recipients.size());
    CPPUNIT_ASSERT(kept.recipients[1].number == 7 && kept.recipients[1].next_attempt == 9);
    CPPUNIT_ASSERT(kept.recipients[1].state == model::RecipientState::kFailed);
    CPPUNIT_ASSERT(kept.recipients[1].delay_told && !kept.recipients[0].delay_told);
    check_same(report.recipients[1].result, kept.recipients[1].result);
    CPPUNIT_ASSERT(kept.has_destination && kept.destination_name == "b.test");
    CPPUNIT_ASSERT(kept.destination.failures == 4 && kept.destination.paused_until == 5);
    CPPUNIT_ASSERT_EQUAL(std::string("it blocks us"), kept.destination.reason);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, kept.notices.size());
    for (std::size_t i = 0; i < 2; ++i) check_same(report.notices[i], kept.notices[i]);

    report.has_destination = false;
    report.notices.clear();
    CPPUNIT_ASSERT(finish(queue.report(report)).ok());
    CPPUNIT_ASSERT(!pair.queue.reports.at(1).has_destination);
    CPPUNIT_ASSERT(finish(queue.prolong(5, seconds(90))).ok());
    CPPUNIT_ASSERT_EQUAL(std::string("prolong 5 90"), pair.queue.asked.back());
    CPPUNIT_ASSERT(finish(queue.prolong(0, seconds(90))).failure().fault == Fault::kWrongState);
  }

  void a_waiting_claim_holds_up_no_other_call() {
    DoorPair pair(as(rpc::Role::kSmtpBree));
    model::Queue& queue = pair.client->queue();
    pair.queue.due.clear();
    Running<Outcome<std::vector<model::Claim>>> waiting(
        queue.claim({"w1", 20, seconds(60), seconds(30), 5}));
    Running<Outcome<std::vector<model::Claim>>> given_up(
        queue.claim({"w2", 20, seconds(60), seconds(30), 5}));
    CPPUNIT_ASSERT_EQUAL(2, pair.queue.claims_waiting);
    pair.queue.content = "Subject: a\r\n\r\n";
    CPPUNIT_ASSERT(finish(queue.read_outbound("M1", 0, 100)).value() == pair.queue.content);
    CPPUNIT_ASSERT(finish(queue.prolong(1, seconds(1))).ok());
    given_up.cancel();
    CPPUNIT_ASSERT_EQUAL(1, pair.queue.claims_waiting);
    pair.queue.claims.resize(3);
    pair.queue.due.set();
    run_ready();
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, waiting.value().value().size());
  }

  void a_waiting_claim_outlives_the_answer_time_and_no_other_call_does() {
    DoorPair pair(as(rpc::Role::kSmtpBree));
    rpc::DoorPool::Options options;
    options.answer_timeout = seconds(2);
    rpc::DoorPool pool([&]() { return connect(pair); }, pair.clock, options);
    pair.queue.due.clear();
    Running<Outcome<std::vector<model::Claim>>> waiting(
        pool.queue().claim({"w1", 20, seconds(60), seconds(30), 5}));
    Running<Outcome<std::vector<model::Claim>>> hasty(
        pool.queue().claim({"w2", 20, seconds(60), seconds(0), 5}));
    pair.clock.turn(seconds(3));
    run_ready();
    CPPUNIT_ASSERT(hasty.value().failure().fault == Fault::kUnavailable);
    CPPUNIT_ASSERT(!waiting.done());
    pair.clock.turn(seconds(28));
    run_ready();
    CPPUNIT_ASSERT(!waiting.done());
    pair.clock.turn(seconds(2));
    run_ready();
    CPPUNIT_ASSERT(waiting.value().failure().fault == Fault::kUnavailable);
    CPPUNIT_ASSERT_EQUAL(0, pair.queue.claims_waiting);
  }

  void bounds_of_a_claim_are_kept() {
    DoorPair pair(as(rpc::Role::kSmtpBree));
    CPPUNIT_ASSERT(
        finish(pair.client->queue().claim({"w", UINT32_MAX, std::chrono::seconds::max(),
                                           std::chrono::milliseconds::max(), UINT32_MAX}))
            .ok());
    const model::ClaimQuestion& asked = pair.queue.questions.at(0);
    CPPUNIT_ASSERT(asked.most == rpc::kMostClaims && asked.lease == rpc::kMostLease);
    CPPUNIT_ASSERT(asked.wait == rpc::kMostClaimWait);
    CPPUNIT_ASSERT(finish(pair.client->queue().claim({"w", 1, seconds(-5), seconds(-5), 1})).ok());
    CPPUNIT_ASSERT(pair.queue.questions.at(1).lease == seconds(0));
    CPPUNIT_ASSERT(pair.queue.questions.at(1).wait == seconds(0));
  }

  void content_is_read_in_bounded_slices() {
    DoorPair pair(as(rpc::Role::kSmtpBree));
    model::Queue& queue = pair.client->queue();
    for (std::size_t i = 0; i < (5U << 19) + 3; ++i)
      pair.queue.content += static_cast<char>(i * 31 % 251);
    CPPUNIT_ASSERT(finish(queue.read_outbound("M1", 0, UINT64_MAX)).value() == pair.queue.content);
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, pair.queue.asked.size());
    CPPUNIT_ASSERT(finish(queue.read_outbound("M1", 9, (1 << 20) + 1)).value() ==
                   pair.queue.content.substr(9, (1 << 20) + 1));
    CPPUNIT_ASSERT_EQUAL(std::string("read_outbound M1 1048585 1"), pair.queue.asked.back());
    CPPUNIT_ASSERT(finish(queue.read_outbound("M1", 0, 0)).value().empty());
    CPPUNIT_ASSERT(finish(queue.read_outbound("M1", 1ULL << 40, 9)).value().empty());
    CPPUNIT_ASSERT(finish(queue.read_outbound("gone", 0, 9)).failure().fault == Fault::kNotFound);
    // Whoever asks for more in one question is not given it.
    RawCaller caller(pair.open());
    caller.greet();
    rpc::Parcel request;
    request.head = "\x0a\x02M1\x18\xff\xff\xff\xff\x0f";
    caller.request(1, static_cast<std::uint16_t>(rpc::Verb::kReadOutbound), 0, 0, request);
    CPPUNIT_ASSERT_EQUAL(std::string("read_outbound M1 0 1048576"), pair.queue.asked.back());
  }

  void a_long_list_is_asked_for_in_pages() {
    DoorPair pair(as(rpc::Role::kOperator));
    model::Queue& queue = pair.client->queue();
    for (int i = 0; i < 250; ++i) pair.queue.messages.push_back(make_outbound(std::to_string(i)));
    model::QueueFilter filter;
    filter.limit = 230;
    const auto some = finish(queue.list_outbound(filter));
    CPPUNIT_ASSERT_EQUAL(std::size_t{230}, some.value().size());
    for (std::size_t i = 0; i < 230; ++i)
      CPPUNIT_ASSERT_EQUAL(std::to_string(i), some.value()[i].id);
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, pair.queue.filters.size());
    CPPUNIT_ASSERT_EQUAL(std::string("199"), pair.queue.filters[2].before);
    filter.limit = UINT32_MAX;
    CPPUNIT_ASSERT_EQUAL(std::size_t{250}, finish(queue.list_outbound(filter)).value().size());
    filter.limit = 0;
    CPPUNIT_ASSERT(finish(queue.list_outbound(filter)).value().empty());
    check_same(pair.queue.messages[9], some.value()[9]);
  }

  void filters_actions_and_figures_come_through() {
    DoorPair pair(as(rpc::Role::kOperator));
    model::Queue& queue = pair.client->queue();
    model::QueueFilter filter;
    filter.id = "M1";
    filter.domain_id = "d";
    filter.user_id = "u";
    filter.alias_id = "a";
    filter.destination = "b.test";
    filter.sender = "hello@example.test";
    filter.states = {model::OutboundState::kPending, model::OutboundState::kRejected};
    filter.limit = 9;
    filter.before = "M2";
    const auto count = finish(queue.act_on_outbound(filter, model::QueueAction::kBounce));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1ULL << 33}, count.value());
    const model::QueueFilter& kept = pair.queue.filters.at(0);
    CPPUNIT_ASSERT(kept.id == "M1" && kept.domain_id == "d" && kept.user_id == "u");
    CPPUNIT_ASSERT(kept.alias_id == "a" && kept.destination == "b.test");
    CPPUNIT_ASSERT(kept.sender == filter.sender && kept.states == filter.states);
    CPPUNIT_ASSERT(kept.limit == 9 && kept.before == "M2");
    CPPUNIT_ASSERT(pair.queue.last_action == model::QueueAction::kBounce);
    for (std::size_t i = 0; i < 8; ++i) pair.queue.stat.messages[i] = i << 40;
    pair.queue.stat.octets = 1;
    pair.queue.stat.oldest_waiting = 2;
    pair.queue.stat.with_workers = 3;
    pair.queue.stat.destinations = {{"b.test", 4, 5, 6, "why"}, {}};
    const auto stat = finish(queue.queue_stat());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{7ULL << 40}, stat.value().messages[7]);
    CPPUNIT_ASSERT(stat.value().octets == 1 && stat.value().oldest_waiting == 2);
    CPPUNIT_ASSERT(stat.value().with_workers == 3 && stat.value().destinations.size() == 2);
    const auto& destination = stat.value().destinations[0];
    CPPUNIT_ASSERT(destination.name == "b.test" && destination.waiting == 4);
    CPPUNIT_ASSERT(destination.failures == 5 && destination.paused_until == 6);
    CPPUNIT_ASSERT_EQUAL(std::string("why"), destination.reason);
    DoorPair carrier(as(rpc::Role::kSmtpBree));
    carrier.queue.keys = {{"example.test", "fe-1", "rsa", "PEM", "v=DKIM1; p=x"},
                          {"example.test", "fe-2", "ed25519", std::string("\0\1", 2), "r"}};
    const auto keys = finish(carrier.client->queue().signing_keys("example.test"));
    CPPUNIT_ASSERT_EQUAL(std::string("signing_keys example.test"), carrier.queue.asked.at(0));
    CPPUNIT_ASSERT(keys.value().size() == 2 && keys.value()[0].domain == "example.test");
    CPPUNIT_ASSERT(keys.value()[0].selector == "fe-1" && keys.value()[0].algorithm == "rsa");
    CPPUNIT_ASSERT(keys.value()[0].secret == "PEM" && keys.value()[0].record == "v=DKIM1; p=x");
    CPPUNIT_ASSERT_EQUAL(std::string("\0\1", 2), keys.value()[1].secret);
    carrier.queue.hook = {"https://hook.test/x", "k\xFF"};
    const auto hook = finish(carrier.client->queue().bounce_hook("d1"));
    CPPUNIT_ASSERT_EQUAL(std::string("bounce_hook d1"), carrier.queue.asked.at(1));
    CPPUNIT_ASSERT_EQUAL(std::string("https://hook.test/x"), hook.value().url);
    CPPUNIT_ASSERT_EQUAL(std::string("k\xFF"), hook.value().key);
    carrier.queue.owners = {"b\xFF@x.test", "b@x.test", "o@x.test", {"one@y.test", "two@y.test"}};
    const auto owners = finish(carrier.client->queue().forward_owners("d1", "a1"));
    CPPUNIT_ASSERT_EQUAL(std::string("forward_owners d1 a1"), carrier.queue.asked.at(2));
    CPPUNIT_ASSERT(owners.value().alias == "b\xFF@x.test" && owners.value().owner == "o@x.test");
    CPPUNIT_ASSERT(owners.value().mailbox == "b@x.test" &&
                   owners.value().admins == carrier.queue.owners.admins);
  }

  void words_of_no_meaning_are_bad_input() {
    const std::vector<std::pair<rpc::Verb, std::string>> requests = {
        {rpc::Verb::kListOutbound, "\x3a\x01\x08"},  // a state
        {rpc::Verb::kListOutbound, std::string("\x3a\x01\0", 3)},
        {rpc::Verb::kActOnOutbound, "\x10\x06"},  // an action
        {rpc::Verb::kActOnOutbound, ""},
        {rpc::Verb::kListOutbound, "no protobuf"}};
    DoorPair pair(as(rpc::Role::kOperator));
    RawCaller caller(pair.open());
    caller.greet();
    for (const auto& [verb, head] : requests)
      CPPUNIT_ASSERT(caller.fault_of(verb, head) == Fault::kBadInput);
    CPPUNIT_ASSERT(pair.queue.filters.empty() && !caller.ended);
    // A report without its notice's content, and one with too much.
    DoorPair other(as(rpc::Role::kSmtpBree));
    RawCaller carrier(other.open());
    carrier.greet();
    const std::string report("\x2a\x00", 2);
    CPPUNIT_ASSERT(carrier.fault_of(rpc::Verb::kReport, report) == Fault::kBadInput);
    CPPUNIT_ASSERT(carrier.fault_of(rpc::Verb::kReport, report, {"a", "b"}) == Fault::kBadInput);
    CPPUNIT_ASSERT(other.queue.reports.empty());
  }

 private:
  static Task<Outcome<std::unique_ptr<Stream>>> connect(DoorPair& pair) { co_return pair.open(); }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SendingTest);

}  // namespace fwd::test
