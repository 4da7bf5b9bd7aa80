// The greylist when strangers fill it, over the state as the door keeps it.
#include <cppunit/extensions/HelperMacros.h>

#include <cstdio>

#include "service/inbound/greylist.h"
#include "storage/state/state_memory.h"
#include "support/memory_state.h"
#include "unit/mailauth/finish.h"

namespace fwd::test {
namespace {

using service::GreylistAnswer;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// What the door keeps for one kind of daemon, without its file.
class KeptState final : public model::State {
 public:
  KeptState(Clock& clock, state::StateLimits limits) : memory(clock, limits) {}
  Task<Outcome<model::Count>> add(std::string key, std::int64_t by, seconds window) override {
    co_return memory.add(key, by, window);
  }
  Task<Outcome<std::optional<std::string>>> get(std::string key) override {
    co_return memory.get(key);
  }
  Task<Outcome<void>> set(std::string key, std::string value, seconds life) override {
    co_return memory.set(key, std::move(value), life);
  }
  Task<Outcome<bool>> set_if_absent(std::string key, std::string value, seconds life) override {
    co_return memory.set_if_absent(key, std::move(value), life);
  }
  Task<Outcome<void>> remove(std::string key) override { co_return memory.remove(key); }
  Task<Outcome<bool>> lock(std::string key, std::string owner, seconds life) override {
    co_return memory.lock(key, owner, life);
  }
  Task<Outcome<void>> unlock(std::string key, std::string owner) override {
    co_return memory.unlock(key, owner);
  }
  state::StateMemory memory;
};

class GreylistFloodTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(GreylistFloodTest);
  CPPUNIT_TEST(names_below_many_proven_domains_fill_nothing);
  CPPUNIT_TEST(addresses_of_one_provider_fill_nothing);
  CPPUNIT_TEST(many_networks_push_out_nobody_who_comes_back);
  CPPUNIT_TEST(networks_of_providers_push_out_nobody_who_comes_back);
  CPPUNIT_TEST(a_full_greylist_leaves_other_state_its_room);
  CPPUNIT_TEST(verdicts_of_strangers_take_no_room_of_others);
  CPPUNIT_TEST(who_waits_pushes_out_nobody_who_passed);
  CPPUNIT_TEST(passes_of_a_crowd_hold_for_all_of_it);
  CPPUNIT_TEST_SUITE_END();

  HandClock clock_;
  KeptState state_{clock_, {.counters = 500, .values = 500, .octets = 1 << 20, .room = 1000}};
  service::Greylist greylist_{state_, clock_};
  service::GreylistOptions options_{.new_senders = 100, .entries = 1000};

  GreylistAnswer ask(const std::string& ip, const std::string& sender,
                     const std::string& proven = "") {
    const GreylistAnswer answer = finish(greylist_.ask({ip, sender, proven}, options_));
    CPPUNIT_ASSERT(answer.finding.result != "unavailable");
    return answer;
  }
  // Without digits, which the greylist does not tell apart.
  static std::string word(int number) {
    std::string text;
    for (int i = 0; i < 4; ++i, number /= 26) text += static_cast<char>('a' + number % 26);
    return text;
  }
  static std::string network(int number) {
    return "100." + std::to_string(number / 256) + '.' + std::to_string(number % 256) + ".9";
  }

 public:
  // Each of a domain of its own that costs next to nothing, and proven: "+all".
  void names_below_many_proven_domains_fill_nothing() {
    CPPUNIT_ASSERT(ask("203.0.113.7", "ann@friend.test", "friend.test").must_wait);
    for (int i = 0; i < 5000; ++i) {
      const std::string domain = word(i) + ".test";
      CPPUNIT_ASSERT(ask("198.51.100.7", "a@" + domain, domain).must_wait);
    }
    // Waiting: 100 and the crowd; counted: each domain, in a room that gives way.
    CPPUNIT_ASSERT(state_.memory.size() < 100 + 1000 + 10);
    clock_.turn(minutes(5));
    CPPUNIT_ASSERT(!ask("203.0.113.8", "ann@friend.test", "friend.test").must_wait);
    // Who is a neighbour of the flood's waits no longer than it.
    CPPUNIT_ASSERT(!ask("198.51.100.8", "bob@honest.test", "honest.test").must_wait);
  }

  void addresses_of_one_provider_fill_nothing() {
    CPPUNIT_ASSERT(ask("2001:db8:1::7", "ann@friend.test").must_wait);
    // A /48 has 65,536 networks of a customer's size, and a provider many of these.
    for (int i = 0; i < 3000; ++i) {
      char ip[60];
      std::snprintf(ip, sizeof ip, "2001:db8:%x:%x::7", static_cast<unsigned>(2 + i % 30),
                    static_cast<unsigned>(i));
      CPPUNIT_ASSERT(ask(ip, "x@" + word(i) + ".test").must_wait);
    }
    // Half of the room as each of its own, and the counters.
    CPPUNIT_ASSERT(state_.memory.size() < 500 + 1000 + 50);
    clock_.turn(minutes(5));
    CPPUNIT_ASSERT(!ask("2001:db8:1::8", "ann@friend.test").must_wait);
  }

  // 100 senders of each of 200 networks: 20 times what there is room for.
  void many_networks_push_out_nobody_who_comes_back() {
    CPPUNIT_ASSERT(ask("203.0.113.7", "ann@friend.test").must_wait);
    for (int i = 0; i < 100; ++i)
      for (int j = 0; j < 200; ++j)
        CPPUNIT_ASSERT(ask(network(j), word(i) + "@" + word(j) + ".test").must_wait);
    // A real one who comes first in the middle of it passes at his second try, too.
    CPPUNIT_ASSERT(ask("203.0.114.7", "bob@friend.test").must_wait);
    CPPUNIT_ASSERT(ask("198.51.100.7", "cyd@big.test", "big.test").must_wait);
    for (int i = 100; i < 200; ++i)
      for (int j = 0; j < 200; ++j)
        CPPUNIT_ASSERT(ask(network(j), word(i) + "@" + word(j) + ".test").must_wait);
    clock_.turn(minutes(5));
    CPPUNIT_ASSERT(!ask("203.0.113.7", "ann@friend.test").must_wait);
    CPPUNIT_ASSERT(!ask("203.0.114.7", "bob@friend.test").must_wait);
    CPPUNIT_ASSERT(!ask("198.51.101.7", "cyd@big.test", "big.test").must_wait);
    // An hour later nobody waits as one any more.
    clock_.turn(hours(1));
    CPPUNIT_ASSERT(ask("203.0.115.7", "dan@friend.test").must_wait);
    CPPUNIT_ASSERT(ask("203.0.115.7", "eve@friend.test").must_wait);
    clock_.turn(minutes(5));
    CPPUNIT_ASSERT(!ask("203.0.115.7", "dan@friend.test").must_wait);
    CPPUNIT_ASSERT(ask("203.0.115.7", "fay@friend.test").must_wait);
  }

  // 30 networks of one provider and 20 of others, each with 90 customers: far more than
  // there is room for.
  void networks_of_providers_push_out_nobody_who_comes_back() {
    CPPUNIT_ASSERT(ask("203.0.113.7", "ann@friend.test").must_wait);
    int made = 0;
    for (const bool is_proven : {false, true})
      for (unsigned i = 0; i < 50; ++i)
        for (unsigned j = 0; j < 90; ++j) {
          char ip[60];
          const unsigned provider = i < 30 ? 0 : i;
          std::snprintf(ip, sizeof ip, "2001:%x:%x:%x::7", 0x1000 + provider, i, j);
          const std::string domain = word(made++) + ".test";
          CPPUNIT_ASSERT(ask(ip, "x@" + domain, is_proven ? domain : "").must_wait);
        }
    CPPUNIT_ASSERT(ask("203.0.114.7", "bob@friend.test").must_wait);
    CPPUNIT_ASSERT(ask("198.51.100.7", "cyd@big.test", "big.test").must_wait);
    clock_.turn(minutes(5));
    CPPUNIT_ASSERT(ask("203.0.113.7", "ann@friend.test").finding.why.starts_with("came back"));
    CPPUNIT_ASSERT(ask("203.0.114.7", "bob@friend.test").finding.why.starts_with("came back"));
    CPPUNIT_ASSERT(!ask("198.51.101.7", "cyd@big.test", "big.test").must_wait);
  }

  // More networks than there is room for: the oldest who wait go, and nothing else.
  void a_full_greylist_leaves_other_state_its_room() {
    CPPUNIT_ASSERT(finish(state_.set("vacation:a", "kept", hours(24))).ok());
    CPPUNIT_ASSERT(finish(state_.add("bad:a", 3, hours(24))).ok());
    for (int i = 0; i < 5000; ++i) {
      CPPUNIT_ASSERT(ask(network(i), "a@" + word(i) + ".test").must_wait);
      clock_.turn(seconds(1));
    }
    CPPUNIT_ASSERT(state_.memory.size() <= 3 * 1000 + 3);
    CPPUNIT_ASSERT(ask(network(4999), "a@" + word(4999) + ".test").finding.why.starts_with("came"));
    CPPUNIT_ASSERT(!ask(network(4500), "a@" + word(4500) + ".test").must_wait);
    CPPUNIT_ASSERT(ask(network(2), "a@" + word(2) + ".test").finding.why.starts_with("seen"));
    for (int i = 0; i < 499; ++i) {
      CPPUNIT_ASSERT(finish(state_.set("other:" + std::to_string(i), "x", hours(1))).ok());
      CPPUNIT_ASSERT(finish(state_.add("other:" + std::to_string(i), 1, hours(1))).ok());
    }
    CPPUNIT_ASSERT(finish(state_.get("vacation:a")).value() == "kept");
    CPPUNIT_ASSERT(!finish(state_.set("one more", "x", hours(1))).ok());
  }

  // Whoever fills the counters of verdicts resets no others.
  void verdicts_of_strangers_take_no_room_of_others() {
    CPPUNIT_ASSERT(finish(state_.add("grey.all", 400, hours(1))).ok());
    CPPUNIT_ASSERT(finish(state_.add("vacation-alias:a", 24, hours(24))).ok());
    for (const std::string room : {"named", "good", "host", "seen", "bad", "new"})
      for (int i = 0; i < 3000; ++i) {
        const std::string key = "verdicts." + room + ':' + word(i);
        CPPUNIT_ASSERT(finish(state_.add(key, 1, hours(720))).ok());
      }
    CPPUNIT_ASSERT_EQUAL(std::uint64_t(401),
                         finish(state_.add("grey.all", 1, hours(1))).value().value);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t(25),
                         finish(state_.add("vacation-alias:a", 1, hours(24))).value().value);
  }

  void who_waits_pushes_out_nobody_who_passed() {
    CPPUNIT_ASSERT(ask("203.0.113.7", "ann@friend.test").must_wait);
    clock_.turn(minutes(5));
    CPPUNIT_ASSERT(!ask("203.0.113.7", "ann@friend.test").must_wait);
    for (int i = 0; i < 5000; ++i) {
      ask(network(i), "a@" + word(i) + ".test");
      clock_.turn(seconds(10));
    }
    CPPUNIT_ASSERT(ask("203.0.113.7", "ann@friend.test").is_known);
  }

  void passes_of_a_crowd_hold_for_all_of_it() {
    options_.passes = 0;
    options_.new_senders = 1;
    ask("203.0.113.7", "a@one.test");
    CPPUNIT_ASSERT(ask("203.0.113.7", "b@one.test").must_wait);
    clock_.turn(minutes(5));
    CPPUNIT_ASSERT(!ask("203.0.113.7", "c@one.test").must_wait);
    CPPUNIT_ASSERT(!ask("203.0.113.7", "d@one.test").must_wait);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(GreylistFloodTest);

}  // namespace
}  // namespace fwd::test
