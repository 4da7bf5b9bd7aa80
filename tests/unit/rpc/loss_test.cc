// Losing the door, at every point, and finding it again.
#include <cppunit/extensions/HelperMacros.h>

#include "door_pair.h"

namespace fwd::test {
namespace {

using std::chrono::milliseconds;

// A session's worth of calls; says how far it came and that nothing but the
// right faults was seen.
Task<int> session(rpc::DoorClient& client) {
  int steps = 0;
  auto logging_in = client.logins().log_in({}, "hello@example.test", "secret");
  Outcome<model::LoggedIn> login = co_await logging_in;
  if (!login.ok()) {
    CPPUNIT_ASSERT(login.failure().fault == Fault::kUnavailable);
    co_return steps;
  }
  const std::shared_ptr<model::Mailbox> mailbox = login.value().mailbox;
  ++steps;
  const auto rows = mailbox->fetch(1, model::UidSet::all(), 1, 0);
  for (;;) {
    auto waiting = rows->next();
    const auto batch = co_await waiting;
    if (!batch.ok()) {
      CPPUNIT_ASSERT(batch.failure().fault == Fault::kClosed);
      co_return steps;
    }
    ++steps;
    if (batch.value().empty()) break;
  }
  std::vector<model::NewMessage> messages(1);
  messages[0].message.chunks = make_chunks(std::string(70000, 'x'));
  auto appending = mailbox->append("INBOX", std::move(messages));
  const Outcome<model::CopyResult> appended = co_await appending;
  if (!appended.ok()) {
    CPPUNIT_ASSERT(appended.failure().fault == Fault::kClosed);
    co_return steps;
  }
  ++steps;
  auto asking = mailbox->quota();
  const Outcome<model::Quota> quota = co_await asking;
  if (!quota.ok()) {
    CPPUNIT_ASSERT(quota.failure().fault == Fault::kClosed);
    co_return steps;
  }
  co_return steps + 1;
}

// A door that can be shut: gives connections to `pair`, or refuses.
struct Street {
  explicit Street(DoorPair& served) : pair(served) {}
  DoorPair& pair;
  bool open = true;
  bool stuck = false;  // connecting takes for ever
  int attempts = 0;
  Event never;
  std::vector<Stream*> streams;
};

Task<Outcome<std::unique_ptr<Stream>>> walk(Street& street) {
  ++street.attempts;
  if (street.stuck) co_await street.never.wait();
  if (!street.open) co_return Failure{Fault::kUnavailable, "", "nobody listens"};
  std::unique_ptr<Stream> stream = street.pair.open();
  street.streams.push_back(stream.get());
  co_return stream;
}

rpc::Connector connector(Street& street) {
  return [&street] { return walk(street); };
}

}  // namespace

class LossTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(LossTest);
  CPPUNIT_TEST(a_connection_lost_at_any_octet_ends_every_call);
  CPPUNIT_TEST(waiting_calls_end_when_the_door_goes);
  CPPUNIT_TEST(a_mailbox_outlives_its_client);
  CPPUNIT_TEST(a_server_destroyed_in_the_middle_of_calls_leaves_nothing);
  CPPUNIT_TEST(the_pool_connects_when_needed_and_again_after_a_restart);
  CPPUNIT_TEST(the_pool_backs_off_while_the_door_is_shut);
  CPPUNIT_TEST(the_pool_gives_up_a_connection_that_does_not_come);
  CPPUNIT_TEST(one_attempt_serves_all_who_wait);
  CPPUNIT_TEST(each_login_of_the_pool_has_its_own_connection);
  CPPUNIT_TEST(a_door_that_turns_us_away_is_not_asked_at_once_again);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_connection_lost_at_any_octet_ends_every_call() {
    int farthest = 0;
    for (const bool client_side : {true, false}) {
      for (std::size_t cut = 0; farthest < 7; ++cut) {
        PairOptions options;
        options.most_per_read = 100000;
        (client_side ? options.cut_client_after : options.cut_server_after) = cut;
        DoorPair pair(options);
        for (model::Uid uid = 1; uid <= 3; ++uid)
          pair.logins.mailbox->rows.push_back(make_row(uid, "c"));
        pair.logins.mailbox->rows_per_batch = 1;
        Running<int> running(session(*pair.client));
        CPPUNIT_ASSERT_MESSAGE("cut after " + std::to_string(cut), running.done());
        farthest = std::max(farthest, running.value());
        pair.client.reset();
        run_ready();
        CPPUNIT_ASSERT_EQUAL(1L, pair.logins.mailbox.use_count());
        CPPUNIT_ASSERT_EQUAL(0, pair.logins.mailbox->streams_alive);
        CPPUNIT_ASSERT(pair.bugs.empty());
        // Within the long upload one octet is like the other.
        if (cut > 400 && !client_side) cut += 997;
        if (client_side && cut > 400) cut += 37;
      }
      farthest = 0;
    }
  }

  void waiting_calls_end_when_the_door_goes() {
    DoorPair pair;
    const auto mailbox = pair.log_in();
    pair.logins.mailbox->gate.clear();
    Running<Outcome<model::Quota>> call(mailbox->quota());
    Running<Outcome<model::Notice>> notice(mailbox->next_notice());
    pair.group.cancel_all();
    run_ready();
    CPPUNIT_ASSERT(call.value().failure().fault == Fault::kClosed);
    CPPUNIT_ASSERT(notice.value().failure().fault == Fault::kClosed);
    CPPUNIT_ASSERT(!pair.client->connected());
    CPPUNIT_ASSERT(pair.client->closed().is_set());
    CPPUNIT_ASSERT(finish(mailbox->quota()).failure().fault == Fault::kClosed);
    CPPUNIT_ASSERT(finish(mailbox->fetch(1, model::UidSet::all(), 1, 0)->next()).failure().fault ==
                   Fault::kClosed);
    CPPUNIT_ASSERT(mailbox->has_notice());
    CPPUNIT_ASSERT(pair.log_in() == nullptr);
  }

  void a_mailbox_outlives_its_client() {
    DoorPair pair;
    const auto mailbox = pair.log_in();
    pair.client.reset();
    CPPUNIT_ASSERT(finish(mailbox->quota()).ok());
  }

  void a_server_destroyed_in_the_middle_of_calls_leaves_nothing() {
    DoorPair pair;
    const auto mailbox = pair.log_in();
    pair.logins.mailbox->gate.clear();
    for (model::Uid uid = 1; uid <= 100; ++uid)
      pair.logins.mailbox->rows.push_back(make_row(uid, "c"));
    pair.logins.mailbox->rows_per_batch = 1;
    const auto rows = mailbox->fetch(1, model::UidSet::all(), 1, 0);
    CPPUNIT_ASSERT(finish(rows->next()).ok());
    Running<Outcome<model::Quota>> call(mailbox->quota());
    pair.group.cancel_all();
    CPPUNIT_ASSERT_EQUAL(0, pair.logins.mailbox->streams_alive);
    CPPUNIT_ASSERT_EQUAL(0, pair.logins.mailbox->quota_waiting);
    CPPUNIT_ASSERT_EQUAL(1L, pair.logins.mailbox.use_count());
  }

  void the_pool_connects_when_needed_and_again_after_a_restart() {
    PairOptions options;
    options.role = rpc::Role::kMxd;
    DoorPair pair(options);
    Street street(pair);
    rpc::DoorPool pool(connector(street), pair.clock);
    CPPUNIT_ASSERT_EQUAL(0, street.attempts);
    CPPUNIT_ASSERT(finish(pool.deliveries().find_recipient("a@b")).ok());
    CPPUNIT_ASSERT(finish(pool.state().get("k")).ok());
    CPPUNIT_ASSERT_EQUAL(1, street.attempts);
    pair.deliveries.gate.clear();
    Running<Outcome<void>> call(pool.deliveries().deliver({}));
    pair.group.cancel_all();
    run_ready();
    CPPUNIT_ASSERT(call.value().failure().fault == Fault::kUnavailable);
    CPPUNIT_ASSERT(finish(pool.state().get("k")).ok());
    CPPUNIT_ASSERT_EQUAL(2, street.attempts);
  }

  void the_pool_backs_off_while_the_door_is_shut() {
    PairOptions options;
    options.role = rpc::Role::kMxd;
    DoorPair pair(options);
    Street street(pair);
    street.open = false;
    rpc::DoorPool pool(connector(street), pair.clock);
    int answered = 0;
    for (int i = 0; i < 1000; ++i) {
      CPPUNIT_ASSERT(finish(pool.state().get("k")).failure().fault == Fault::kUnavailable);
      ++answered;
      pair.clock.turn(milliseconds(10));
    }
    // In ten seconds: after 0.1, 0.3, 0.7, 1.5, 3.1, 6.3 and not 11.3.
    CPPUNIT_ASSERT_EQUAL(7, street.attempts);
    street.open = true;
    pair.clock.turn(milliseconds(5000));
    CPPUNIT_ASSERT(finish(pool.connect()).ok());
    CPPUNIT_ASSERT(finish(pool.state().get("k")).ok());
  }

  void the_pool_gives_up_a_connection_that_does_not_come() {
    PairOptions options;
    options.role = rpc::Role::kMxd;
    DoorPair pair(options);
    Street street(pair);
    street.stuck = true;
    rpc::DoorPool pool(connector(street), pair.clock);
    Running<Outcome<void>> connecting(pool.connect());
    CPPUNIT_ASSERT(!connecting.done());
    pair.clock.turn(milliseconds(5000));
    CPPUNIT_ASSERT(connecting.value().failure().fault == Fault::kUnavailable);
  }

  void one_attempt_serves_all_who_wait() {
    PairOptions options;
    options.role = rpc::Role::kMxd;
    DoorPair pair(options);
    Street street(pair);
    street.stuck = true;
    rpc::DoorPool pool(connector(street), pair.clock);
    Running<Outcome<std::optional<std::string>>> first(pool.state().get("k"));
    Running<Outcome<std::optional<std::string>>> second(pool.state().get("k"));
    Running<Outcome<std::optional<std::string>>> third(pool.state().get("k"));
    CPPUNIT_ASSERT_EQUAL(1, street.attempts);
    // When the one who connects is cancelled, another goes on.
    first.cancel();
    CPPUNIT_ASSERT_EQUAL(2, street.attempts);
    street.stuck = false;
    street.never.set();
    run_ready();
    CPPUNIT_ASSERT(second.value().ok() && third.value().ok());
    CPPUNIT_ASSERT_EQUAL(2, street.attempts);
  }

  void each_login_of_the_pool_has_its_own_connection() {
    DoorPair pair;
    Street street(pair);
    rpc::DoorPool pool(connector(street), pair.clock);
    auto one = finish(pool.logins().log_in({}, "hello@example.test", "secret"));
    auto two = finish(pool.logins().log_in({}, "hello@example.test", "secret"));
    CPPUNIT_ASSERT_EQUAL(2, street.attempts);
    street.streams[0]->close();
    run_ready();
    CPPUNIT_ASSERT(finish(one.value().mailbox->quota()).failure().fault == Fault::kClosed);
    CPPUNIT_ASSERT(finish(two.value().mailbox->quota()).ok());
    pair.client.reset();
    run_ready();
    const std::size_t ended = pair.ended.size();
    two.value().mailbox.reset();
    run_ready();
    CPPUNIT_ASSERT_EQUAL(ended + 1, pair.ended.size());
    street.open = false;
    CPPUNIT_ASSERT(finish(pool.logins().log_in({}, "a", "b")).failure().fault ==
                   Fault::kUnavailable);
  }

  void a_door_that_turns_us_away_is_not_asked_at_once_again() {
    PairOptions options;
    options.role = rpc::Role::kMxd;
    DoorPair pair(options);
    Street street(pair);
    pair.options.cut_client_after = 0;  // closed before a word is said
    rpc::DoorPool pool(connector(street), pair.clock);
    for (int i = 0; i < 10; ++i)
      CPPUNIT_ASSERT(finish(pool.state().get("k")).failure().fault == Fault::kUnavailable);
    CPPUNIT_ASSERT_EQUAL(1, street.attempts);
    pair.options.cut_client_after = SIZE_MAX;
    pair.clock.turn(milliseconds(100));
    CPPUNIT_ASSERT(finish(pool.state().get("k")).ok());
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(LossTest);

}  // namespace fwd::test
