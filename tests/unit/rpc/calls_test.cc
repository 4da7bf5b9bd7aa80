// Many calls at once: order, cancelling, notices, streams, bounds.
#include <cppunit/extensions/HelperMacros.h>

#include "door_pair.h"
#include "raw_caller.h"

namespace fwd::test {
namespace {

model::Notice changed(model::FolderId folder) {
  return {model::NoticeKind::kFolderChanged, folder, ""};
}

}  // namespace

class CallsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(CallsTest);
  CPPUNIT_TEST(answers_come_out_of_order);
  CPPUNIT_TEST(calls_begin_in_the_order_they_were_made);
  CPPUNIT_TEST(a_cancelled_call_is_cancelled_at_the_keeper);
  CPPUNIT_TEST(a_call_cancelled_before_it_was_sent_is_never_made);
  CPPUNIT_TEST(calls_beyond_the_limit_wait_their_turn);
  CPPUNIT_TEST(a_bug_in_the_keeper_is_an_answer_and_the_door_lives);
  CPPUNIT_TEST(ten_thousand_rows_to_a_slow_reader_stay_within_bounds);
  CPPUNIT_TEST(a_stream_destroyed_in_the_middle_ends_at_the_keeper);
  CPPUNIT_TEST(large_inline_contents_are_cut_into_bounded_batches);
  CPPUNIT_TEST(other_calls_pass_a_stream_nobody_reads);
  CPPUNIT_TEST(notices_arrive_and_melt);
  CPPUNIT_TEST(a_login_that_ends_ends_its_notices);
  CPPUNIT_TEST(notices_wait_while_nobody_takes_them_and_cancelling_loses_none);
  CPPUNIT_TEST(a_mailbox_let_go_is_released_at_the_door);
  CPPUNIT_TEST(a_login_cancelled_half_way_leaves_nothing_open);
  CPPUNIT_TEST(uploads_wait_for_the_budget_of_their_role);
  CPPUNIT_TEST(an_upload_cancelled_half_way_gives_its_budget_back);
  CPPUNIT_TEST(a_request_too_large_is_refused_before_it_is_sent);
  CPPUNIT_TEST_SUITE_END();

 public:
  void answers_come_out_of_order() {
    DoorPair pair;
    const auto mailbox = pair.log_in();
    pair.logins.mailbox->gate.clear();
    Running<Outcome<model::Quota>> slow(mailbox->quota());
    Running<Outcome<std::vector<model::Folder>>> quick(mailbox->list_folders());
    CPPUNIT_ASSERT(!slow.done() && quick.done());
    pair.logins.mailbox->gate.set();
    run_ready();
    CPPUNIT_ASSERT(slow.value().ok());
  }

  void calls_begin_in_the_order_they_were_made() {
    DoorPair pair;
    const auto mailbox = pair.log_in();
    std::vector<std::unique_ptr<Running<Outcome<model::UidSet>>>> calls;
    std::vector<std::string> expected;
    for (model::Uid uid = 1; uid < 200; ++uid) {
      calls.push_back(std::make_unique<Running<Outcome<model::UidSet>>>(
          mailbox->expunge(1, model::UidSet{{uid, uid}})));
      expected.push_back("expunge 1 " + std::to_string(uid));
    }
    for (const auto& call : calls) CPPUNIT_ASSERT(call->value().ok());
    CPPUNIT_ASSERT(expected == pair.logins.mailbox->asked);
  }

  void a_cancelled_call_is_cancelled_at_the_keeper() {
    DoorPair pair;
    const auto mailbox = pair.log_in();
    pair.logins.mailbox->gate.clear();
    Running<Outcome<model::Quota>> slow(mailbox->quota());
    CPPUNIT_ASSERT_EQUAL(1, pair.logins.mailbox->quota_waiting);
    slow.cancel();
    CPPUNIT_ASSERT_EQUAL(0, pair.logins.mailbox->quota_waiting);
    pair.logins.mailbox->gate.set();
    CPPUNIT_ASSERT(finish(mailbox->quota()).ok());
  }

  void a_call_cancelled_before_it_was_sent_is_never_made() {
    PairOptions options;
    options.limits.calls = 1;
    DoorPair pair(options);
    const auto mailbox = pair.log_in();
    pair.logins.mailbox->gate.clear();
    Running<Outcome<model::Quota>> slow(mailbox->quota());
    Running<Outcome<std::vector<model::Folder>>> queued(mailbox->list_folders());
    queued.cancel();
    pair.logins.mailbox->gate.set();
    run_ready();
    CPPUNIT_ASSERT(slow.value().ok());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, pair.logins.mailbox->asked.size());
  }

  void calls_beyond_the_limit_wait_their_turn() {
    PairOptions options;
    options.limits.calls = 3;
    DoorPair pair(options);
    const auto mailbox = pair.log_in();
    pair.logins.mailbox->gate.clear();
    std::vector<std::unique_ptr<Running<Outcome<model::Quota>>>> calls;
    for (int i = 0; i < 20; ++i)
      calls.push_back(std::make_unique<Running<Outcome<model::Quota>>>(mailbox->quota()));
    CPPUNIT_ASSERT_EQUAL(3, pair.logins.mailbox->quota_waiting);
    pair.logins.mailbox->gate.set();
    run_ready();
    for (const auto& call : calls) CPPUNIT_ASSERT(call->value().ok());
    CPPUNIT_ASSERT(pair.ended.empty());
  }

  void a_bug_in_the_keeper_is_an_answer_and_the_door_lives() {
    DoorPair pair;
    const auto mailbox = pair.log_in();
    pair.logins.mailbox->throws = true;
    CPPUNIT_ASSERT(finish(mailbox->quota()).failure().fault == Fault::kBug);
    CPPUNIT_ASSERT(pair.bugs == std::vector<std::string>{"quota: a bug in the keeper"});
    CPPUNIT_ASSERT(finish(mailbox->list_folders()).ok());
  }

  void ten_thousand_rows_to_a_slow_reader_stay_within_bounds() {
    for (const std::size_t most : {SIZE_MAX, std::size_t{1}}) {
      PairOptions options;
      options.most_per_read = most;
      DoorPair pair(options);
      const auto mailbox = pair.log_in();
      SmallMailbox& kept = *pair.logins.mailbox;
      const model::Uid rows = most == 1 ? 1000 : 10000;
      for (model::Uid uid = 1; uid <= rows; ++uid) {
        kept.rows.emplace_back();
        kept.rows.back().uid = uid;
      }
      kept.rows_per_batch = 10;
      const auto stream = mailbox->fetch(1, model::UidSet::all(), model::kColFlags, 0);
      std::size_t taken = 0;
      std::size_t got = 0;
      for (;;) {
        const auto batch = finish(stream->next());
        if (batch.value().empty()) break;
        got += batch.value().size();
        ++taken;
        // What is asked for ahead, and the one the door holds in its hand.
        CPPUNIT_ASSERT(kept.batches_given <= taken + options.limits.prefetch + 1);
      }
      CPPUNIT_ASSERT_EQUAL(std::size_t{rows}, got);
    }
  }

  void a_stream_destroyed_in_the_middle_ends_at_the_keeper() {
    DoorPair pair;
    const auto mailbox = pair.log_in();
    SmallMailbox& kept = *pair.logins.mailbox;
    for (model::Uid uid = 1; uid <= 1000; ++uid) kept.rows.push_back(make_row(uid, "content"));
    kept.rows_per_batch = 1;
    auto stream = mailbox->fetch(1, model::UidSet::all(), 1, 0);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, finish(stream->next()).value().size());
    CPPUNIT_ASSERT_EQUAL(1, kept.streams_alive);
    stream.reset();
    run_ready();
    CPPUNIT_ASSERT_EQUAL(0, kept.streams_alive);
    // One that was never begun costs nothing.
    stream = mailbox->fetch(1, model::UidSet::all(), 1, 0);
    stream.reset();
    CPPUNIT_ASSERT(finish(mailbox->quota()).ok());
  }

  void large_inline_contents_are_cut_into_bounded_batches() {
    DoorPair pair;
    const auto mailbox = pair.log_in();
    SmallMailbox& kept = *pair.logins.mailbox;
    for (model::Uid uid = 1; uid <= 100; ++uid)
      kept.rows.push_back(make_row(uid, std::string(60000, 'c')));
    const auto stream = mailbox->fetch(1, model::UidSet{{1, 100}}, 1, 0);
    std::size_t got = 0;
    for (;;) {
      const auto batch = finish(stream->next());
      if (batch.value().empty()) break;
      CPPUNIT_ASSERT(batch.value().size() <= 5);
      got += batch.value().size();
    }
    CPPUNIT_ASSERT_EQUAL(std::size_t{100}, got);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, kept.batches_given);
  }

  void other_calls_pass_a_stream_nobody_reads() {
    DoorPair pair;
    const auto mailbox = pair.log_in();
    SmallMailbox& kept = *pair.logins.mailbox;
    kept.content = std::string(50 << 20, 'c');
    const auto stream = mailbox->read_content(1, 1, 0, UINT64_MAX);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, finish(stream->next()).value().size());
    for (int i = 0; i < 100; ++i) CPPUNIT_ASSERT(finish(mailbox->list_folders()).ok());
    CPPUNIT_ASSERT(kept.batches_given < 5);
  }

  void notices_arrive_and_melt() {
    DoorPair pair;
    const auto mailbox = pair.log_in();
    SmallMailbox& kept = *pair.logins.mailbox;
    CPPUNIT_ASSERT(!mailbox->has_notice());
    Running<Outcome<model::Notice>> waiting(mailbox->next_notice());
    kept.notify(changed(7));
    run_ready();
    CPPUNIT_ASSERT_EQUAL(model::FolderId{7}, waiting.value().value().folder);
    for (int i = 0; i < 1000; ++i) kept.notify(changed(7 + i % 2));
    kept.notify({model::NoticeKind::kLoggedOut, 0, "password changed"});
    run_ready();
    CPPUNIT_ASSERT(mailbox->has_notice());
    CPPUNIT_ASSERT_EQUAL(model::FolderId{7}, finish(mailbox->next_notice()).value().folder);
    CPPUNIT_ASSERT_EQUAL(model::FolderId{8}, finish(mailbox->next_notice()).value().folder);
    CPPUNIT_ASSERT_EQUAL(std::string("password changed"),
                         finish(mailbox->next_notice()).value().text);
    CPPUNIT_ASSERT(!mailbox->has_notice());
  }

  void a_login_that_ends_ends_its_notices() {
    DoorPair pair;
    const auto mailbox = pair.log_in();
    Running<Outcome<model::Notice>> waiting(mailbox->next_notice());
    pair.logins.mailbox->end_notices(Failure{Fault::kClosed, "", "logged out"});
    run_ready();
    CPPUNIT_ASSERT(waiting.value().failure().fault == Fault::kClosed);
    CPPUNIT_ASSERT(mailbox->has_notice());
    CPPUNIT_ASSERT(!finish(mailbox->next_notice()).ok());
  }

  void notices_wait_while_nobody_takes_them_and_cancelling_loses_none() {
    DoorPair pair;
    const auto mailbox = pair.log_in();
    Running<Outcome<model::Notice>> waiting(mailbox->next_notice());
    waiting.cancel();
    pair.logins.mailbox->notify(changed(3));
    run_ready();
    CPPUNIT_ASSERT_EQUAL(model::FolderId{3}, finish(mailbox->next_notice()).value().folder);
  }

  void a_mailbox_let_go_is_released_at_the_door() {
    DoorPair pair;
    auto mailbox = pair.log_in();
    CPPUNIT_ASSERT(pair.logins.mailbox.use_count() > 1);
    mailbox.reset();
    run_ready();
    CPPUNIT_ASSERT_EQUAL(1L, pair.logins.mailbox.use_count());
    CPPUNIT_ASSERT(pair.client->connected());
    CPPUNIT_ASSERT(pair.log_in() != nullptr);
  }

  void a_login_cancelled_half_way_leaves_nothing_open() {
    DoorPair pair;
    for (const bool answered_first : {false, true}) {
      pair.logins.gate.clear();
      Running<Outcome<model::LoggedIn>> login(
          pair.client->logins().log_in({}, "hello@example.test", "secret"));
      CPPUNIT_ASSERT(!login.done());
      // The answer and the cancelling cross.
      if (answered_first) pair.logins.gate.set();
      login.cancel();
      pair.logins.gate.set();
      run_ready();
      CPPUNIT_ASSERT_EQUAL(1L, pair.logins.mailbox.use_count());
    }
    CPPUNIT_ASSERT(pair.log_in() != nullptr);
  }

  static model::Delivery large() {
    model::Delivery delivery;
    delivery.targets.resize(1);
    delivery.targets[0].message.chunks = make_chunks(std::string(700000, 'x'));
    return delivery;
  }

  void uploads_wait_for_the_budget_of_their_role() {
    PairOptions options;
    options.role = rpc::Role::kMxd;
    options.limits.upload_octets = 1000000;
    DoorPair pair(options);
    pair.deliveries.gate.clear();
    Running<Outcome<void>> first(pair.client->deliveries().deliver(large()));
    Running<Outcome<void>> second(pair.client->deliveries().deliver(large()));
    Running<Outcome<void>> third(pair.client->deliveries().deliver(large()));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, pair.deliveries.delivered.size());
    // Small questions pass.
    CPPUNIT_ASSERT(finish(pair.client->deliveries().find_recipient("a@b")).ok());
    second.cancel();
    pair.deliveries.gate.set();
    run_ready();
    CPPUNIT_ASSERT(first.value().ok() && third.value().ok());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, pair.deliveries.delivered.size());
  }

  void an_upload_cancelled_half_way_gives_its_budget_back() {
    PairOptions options;
    options.role = rpc::Role::kMxd;
    options.limits.upload_octets = 1000000;
    DoorPair pair(options);
    {
      RawCaller caller(pair.open());
      caller.greet();
      rpc::Parcel parcel;
      parcel.pieces = {std::string(900000, 'x')};
      caller.request(1, static_cast<std::uint16_t>(rpc::Verb::kDeliver), 0, 0, parcel);
      CPPUNIT_ASSERT(caller.frames.back().kind == rpc::FrameKind::kMore);
      caller.send(rpc::FrameKind::kRaw, 1, std::string(1000, 'x'));
      Running<Outcome<void>> waiting(pair.client->deliveries().deliver(large()));
      CPPUNIT_ASSERT(!waiting.done());
      caller.send(rpc::FrameKind::kCancel, 1, "");
      run_ready();
      CPPUNIT_ASSERT(caller.frames.back().kind == rpc::FrameKind::kFailure);
      CPPUNIT_ASSERT(waiting.value().ok());
      caller.request(2, static_cast<std::uint16_t>(rpc::Verb::kDeliver), 0, 0, parcel);
    }
    run_ready();
    CPPUNIT_ASSERT(finish(pair.client->deliveries().deliver(large())).ok());
  }

  void a_request_too_large_is_refused_before_it_is_sent() {
    PairOptions options;
    options.role = rpc::Role::kMxd;
    options.limits.upload_octets = 500000;
    DoorPair pair(options);
    const Outcome<void> done = finish(pair.client->deliveries().deliver(large()));
    CPPUNIT_ASSERT(done.failure().fault == Fault::kOverLimit);
    CPPUNIT_ASSERT(pair.client->connected());
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(CallsTest);

}  // namespace fwd::test
