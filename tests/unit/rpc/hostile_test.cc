// Callers and doors that break the language.
#include <cppunit/extensions/HelperMacros.h>

#include "raw_caller.h"

namespace fwd::test {
namespace {

using rpc::FrameKind;
using rpc::Verb;

constexpr auto kStateGet = static_cast<std::uint16_t>(Verb::kStateGet);
constexpr auto kDeliver = static_cast<std::uint16_t>(Verb::kDeliver);
constexpr auto kFetch = static_cast<std::uint16_t>(Verb::kFetch);

std::string frame(FrameKind kind, std::uint32_t call, const std::string& payload) {
  std::string octets;
  rpc::put_frame(octets, kind, call, {payload});
  return octets;
}

std::string hello() { return frame(FrameKind::kHello, 0, std::string("\x08\x01", 2)); }

std::string request(std::uint32_t call, std::uint16_t verb, std::uint32_t object,
                    std::uint8_t credit, const std::string& parcel = std::string(8, '\0')) {
  rpc::RequestHeader header;
  header.verb = verb;
  header.object = object;
  header.credit = credit;
  return frame(FrameKind::kRequest, call, header.encode() + parcel);
}

// A door the test plays: what it says to a client that is waiting for `ask`.
struct PlayedDoor {
  PlayedDoor() {
    auto [door_end, client_end] = make_memory_pipe();
    door = std::make_unique<RawCaller>(std::move(door_end));
    client = std::make_unique<rpc::DoorClient>(std::move(client_end));
    run_ready();
  }
  std::unique_ptr<RawCaller> door;
  std::unique_ptr<rpc::DoorClient> client;
};

}  // namespace

class HostileTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(HostileTest);
  CPPUNIT_TEST(a_caller_that_breaks_the_language_is_hung_up_on);
  CPPUNIT_TEST(a_caller_of_another_version_is_told_ours);
  CPPUNIT_TEST(what_crosses_an_answer_is_forgiven);
  CPPUNIT_TEST(arguments_that_do_not_parse_are_a_failure_of_that_call);
  CPPUNIT_TEST(too_many_calls_end_the_connection);
  CPPUNIT_TEST(a_role_that_asks_too_much_at_once_is_refused_and_then_hung_up_on);
  CPPUNIT_TEST(frames_that_never_end_are_bounded_for_a_role);
  CPPUNIT_TEST(a_delivery_is_for_so_many_mailboxes_and_no_more);
  CPPUNIT_TEST(too_many_logins_are_refused);
  CPPUNIT_TEST(a_caller_that_does_not_read_stops_being_served);
  CPPUNIT_TEST(a_door_that_breaks_the_language_is_left);
  CPPUNIT_TEST(any_beginning_of_a_conversation_may_be_its_end);
  CPPUNIT_TEST(any_octet_of_a_conversation_may_be_wrong);
  CPPUNIT_TEST_SUITE_END();

  static void check_hung_up(const std::string& octets, const char* what) {
    PairOptions options;
    options.role = rpc::Role::kWebd;
    DoorPair pair(options);
    RawCaller caller(pair.open());
    caller.send(octets);
    run_ready();
    CPPUNIT_ASSERT_MESSAGE(what, caller.ended);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(what, std::size_t{1}, pair.ended.size());
    CPPUNIT_ASSERT_MESSAGE(what, !pair.ended[0].ok());
    CPPUNIT_ASSERT_MESSAGE(what, pair.ended[0].failure().fault == Fault::kBadInput);
    CPPUNIT_ASSERT_MESSAGE(what, pair.bugs.empty());
  }

 public:
  void a_caller_that_breaks_the_language_is_hung_up_on() {
    check_hung_up(request(1, kStateGet, 0, 0), "no greeting");
    check_hung_up(frame(FrameKind::kHello, 1, "\x08\x01"), "a greeting in a call");
    const std::string other = frame(FrameKind::kHello, 0, "\x08\x02");
    check_hung_up(other + request(1, kStateGet, 0, 0), "another version");
    check_hung_up(other + hello(), "another version, then ours");
    check_hung_up(frame(FrameKind::kHello, 0, "\xff"), "a greeting that does not parse");
    check_hung_up(hello() + hello(), "two greetings");
    check_hung_up(hello() + frame(FrameKind::kReply, 1, ""), "a door's frame");
    check_hung_up(hello() + frame(FrameKind::kNotice, 0, "abcd"), "a door's notice");
    check_hung_up(hello() + frame(FrameKind::kRequest, 1, "short"), "a short request");
    check_hung_up(hello() + request(0, kStateGet, 0, 0), "call 0");
    check_hung_up(hello() + request(1, kStateGet, 0, 0, "xx"), "no parcel");
    check_hung_up(hello() + request(1, kStateGet, 0, 1), "credit for no stream");
    check_hung_up(hello() + request(1, kFetch, 1, 0), "a stream without credit");
    check_hung_up(hello() + request(1, kFetch, 1, 9), "too much credit");
    check_hung_up(hello() + frame(FrameKind::kRaw, 1, "x"), "raw octets for no call");
    check_hung_up(hello() + frame(FrameKind::kMore, 1, "x"), "credit of one octet");
    check_hung_up(hello() + frame(FrameKind::kRelease, 0, "x"), "a release of one octet");
    check_hung_up(hello() + frame(FrameKind::kRelease, 1, "abcd"), "a release in a call");
    check_hung_up(hello() + std::string("\377\377\377\377", 4), "a huge frame");
  }

  void a_caller_of_another_version_is_told_ours() {
    DoorPair pair;
    RawCaller caller(pair.open());
    caller.send(FrameKind::kHello, 0, "\x08\x02");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, caller.frames.size());
    CPPUNIT_ASSERT(caller.frames[0].kind == FrameKind::kHello);
    CPPUNIT_ASSERT_EQUAL(std::string("\x08\x01"), caller.frames[0].payload.substr(0, 2));
  }

  void what_crosses_an_answer_is_forgiven() {
    DoorPair pair;
    RawCaller caller(pair.open());
    caller.greet();
    caller.send(FrameKind::kCancel, 5, "");
    caller.send(FrameKind::kMore, 5, std::string("\0\0\0\1", 4));
    caller.send(FrameKind::kRelease, 0, "abcd");
    CPPUNIT_ASSERT(!caller.ended);
  }

  void arguments_that_do_not_parse_are_a_failure_of_that_call() {
    DoorPair pair;
    const auto mailbox = pair.log_in();
    RawCaller caller(pair.open());
    caller.greet();
    rpc::Parcel login;
    login.head = "\x12\x12hello@example.test\x1a\x06secret";
    caller.request(1, static_cast<std::uint16_t>(Verb::kLogIn), 1, 0, login);
    std::uint32_t call = 1;
    for (const rpc::VerbRow& row : rpc::all_verbs()) {
      if (row.needs != rpc::Needs::kMailbox) continue;
      caller.frames.clear();
      rpc::Parcel garbage;
      garbage.head = "\377\377\377";
      caller.request(++call, static_cast<std::uint16_t>(row.verb), 1, row.streams ? 1 : 0, garbage);
      CPPUNIT_ASSERT_EQUAL(std::size_t{1}, caller.frames.size());
      CPPUNIT_ASSERT(caller.frames[0].kind == FrameKind::kFailure);
    }
    // A set out of order, a set with half a range.
    for (const char* set : {"\x12\x06\x0a\x04\x05\x06\x01\x02", "\x12\x03\x0a\x01\x05"}) {
      rpc::Parcel parcel;
      parcel.head = set;
      caller.request(++call, static_cast<std::uint16_t>(Verb::kExpunge), 1, 0, parcel);
      CPPUNIT_ASSERT(caller.frames.back().kind == FrameKind::kFailure);
    }
    // Pieces that nobody announced.
    rpc::Parcel parcel;
    parcel.pieces = {"x"};
    caller.request(++call, static_cast<std::uint16_t>(Verb::kAppend), 1, 0, parcel);
    CPPUNIT_ASSERT(caller.frames.back().kind == FrameKind::kFailure);
    CPPUNIT_ASSERT(!caller.ended);
  }

  void too_many_calls_end_the_connection() {
    PairOptions options;
    options.role = rpc::Role::kMxd;
    options.limits.calls = 10;
    DoorPair pair(options);
    pair.deliveries.gate.clear();
    RawCaller caller(pair.open());
    caller.greet();
    for (std::uint32_t call = 1; call <= 10; ++call) caller.request(call, kDeliver, 0, 0);
    CPPUNIT_ASSERT(!caller.ended);
    caller.request(11, kDeliver, 0, 0);
    CPPUNIT_ASSERT(caller.ended);
    // A number that is in use, likewise.
    RawCaller second(pair.open());
    second.greet();
    second.request(1, kDeliver, 0, 0);
    second.request(1, kDeliver, 0, 0);
    CPPUNIT_ASSERT(second.ended);
  }

  void a_role_that_asks_too_much_at_once_is_refused_and_then_hung_up_on() {
    PairOptions options;
    options.role = rpc::Role::kMxd;
    options.limits.load_octets = 200'000;
    DoorPair pair(options);
    pair.deliveries.gate.clear();
    std::vector<std::unique_ptr<RawCaller>> callers;
    std::uint32_t call = 0;
    const auto ask = [&](RawCaller& caller) {
      caller.request(++call, kDeliver, 0, 0);
      return !caller.frames.empty() && caller.frames.back().kind == FrameKind::kFailure;
    };
    for (int i = 0; i < 5; ++i) {
      callers.push_back(std::make_unique<RawCaller>(pair.open()));
      callers.back()->greet();
    }
    // 200,000 octets hold 48 calls of 4,096.
    for (int i = 0; i < 48; ++i) CPPUNIT_ASSERT(!ask(*callers[i % 4]));
    CPPUNIT_ASSERT(ask(*callers[4]) && !callers[4]->ended);
    // Nobody's own excess: it is as if the door were away.
    CPPUNIT_ASSERT_EQUAL(static_cast<char>(Fault::kUnavailable),
                         callers[4]->frames.back().payload.at(1));
    // What is answered makes room again, also by hanging up.
    callers[0]->hang_up();
    callers[4]->frames.clear();
    CPPUNIT_ASSERT(!ask(*callers[4]));
  }

  void frames_that_never_end_are_bounded_for_a_role() {
    PairOptions options;
    options.role = rpc::Role::kMxd;
    options.limits.load_octets = 2'000'000;
    DoorPair pair(options);
    std::vector<std::unique_ptr<RawCaller>> callers;
    int ended = 0;
    for (int i = 0; i < 6; ++i) {
      callers.push_back(std::make_unique<RawCaller>(pair.open()));
      callers.back()->greet();
      std::string octets;
      rpc::put_u32(octets, 1024 * 1024);
      rpc::put_u32(octets, 1);
      octets += '\2';
      callers.back()->send(octets);
      for (int k = 0; k < 15 && !callers.back()->ended; ++k)
        callers.back()->send(std::string(60'000, 'x'));
      ended += callers.back()->ended ? 1 : 0;
    }
    CPPUNIT_ASSERT_EQUAL(4, ended);
    // Another role is not concerned.
    pair.options.role = rpc::Role::kOperator;
    rpc::DoorClient other(pair.open(), {});
    CPPUNIT_ASSERT(finish(other.directory().get_alias("h")).ok());
  }

  void a_delivery_is_for_so_many_mailboxes_and_no_more() {
    PairOptions options;
    options.role = rpc::Role::kMxd;
    DoorPair pair(options);
    RawCaller caller(pair.open());
    caller.greet();
    rpc::Parcel many;
    for (int i = 0; i < 1001; ++i) many.head += std::string("\x22\x00", 2);
    caller.request(1, kDeliver, 0, 0, many);
    CPPUNIT_ASSERT(caller.frames.back().kind == FrameKind::kFailure);
    CPPUNIT_ASSERT_EQUAL(static_cast<char>(Fault::kOverLimit), caller.frames.back().payload[1]);
    CPPUNIT_ASSERT(!caller.ended && pair.deliveries.delivered.empty());
  }

  void too_many_logins_are_refused() {
    PairOptions options;
    options.limits.objects = 3;
    DoorPair pair(options);
    std::vector<std::shared_ptr<model::Mailbox>> mailboxes;
    for (int i = 0; i < 3; ++i) mailboxes.push_back(pair.log_in());
    CPPUNIT_ASSERT(pair.log_in() == nullptr);
    mailboxes.pop_back();
    CPPUNIT_ASSERT(pair.log_in() != nullptr);
  }

  void a_caller_that_does_not_read_stops_being_served() {
    // It asks for credit of more than the door would ever allow to be open.
    DoorPair pair;
    RawCaller caller(pair.open());
    caller.greet();
    rpc::Parcel login;
    login.head = "\x12\x12hello@example.test\x1a\x06secret";
    caller.request(1, static_cast<std::uint16_t>(Verb::kLogIn), 1, 0, login);
    for (model::Uid uid = 1; uid < 1000; ++uid)
      pair.logins.mailbox->rows.push_back(make_row(uid, std::string(50000, 'c')));
    pair.logins.mailbox->rows_per_batch = 1;
    rpc::Parcel all;
    all.head = std::string("\x12\x08\x0a\x06\x01\xff\xff\xff\xff\x0f", 10);
    caller.request(2, kFetch, 1, 1, all);
    CPPUNIT_ASSERT(pair.logins.mailbox->batches_given <= 3);
    caller.send(FrameKind::kMore, 2, std::string("\0\0\0\11", 4));
    CPPUNIT_ASSERT(caller.ended);
    CPPUNIT_ASSERT_EQUAL(0, pair.logins.mailbox->streams_alive);
  }

  void a_door_that_breaks_the_language_is_left() {
    const std::string parcel(8, '\0');
    const struct {
      const char* what;
      std::string octets;
    } cases[] = {
        {"no greeting", frame(FrameKind::kReply, 1, parcel)},
        {"another version", frame(FrameKind::kHello, 0, "\x08\x02")},
        {"an answer to no question", hello() + frame(FrameKind::kReply, 2, parcel)},
        {"two answers",
         hello() + frame(FrameKind::kReply, 1, parcel) + frame(FrameKind::kReply, 1, parcel)},
        {"an answer without parcel", hello() + frame(FrameKind::kReply, 1, "")},
        {"a batch to a question", hello() + frame(FrameKind::kBatch, 1, parcel)},
        {"an end to a question", hello() + frame(FrameKind::kEnd, 1, "")},
        {"raw octets of nothing", hello() + frame(FrameKind::kRaw, 1, "x")},
        {"leave for no upload", hello() + frame(FrameKind::kMore, 1, "")},
        {"a caller's frame", hello() + frame(FrameKind::kCancel, 1, "")},
        {"a short notice", hello() + frame(FrameKind::kNotice, 0, "x")},
        {"a failure that does not parse", hello() + frame(FrameKind::kFailure, 1, "\377")},
        {"a huge answer",
         hello() + frame(FrameKind::kReply, 1, std::string("\377\377\377\377\0\0\0\0", 8))},
        {"no frame at all", "HTTP/1.1 400 Bad Request\r\n\r\n"},
    };
    for (const auto& one : cases) {
      PlayedDoor played;
      Running<Outcome<std::optional<std::string>>> call(played.client->state().get("k"));
      CPPUNIT_ASSERT_MESSAGE(one.what, !call.done());
      played.door->send(one.octets);
      run_ready();
      CPPUNIT_ASSERT_MESSAGE(one.what, call.done());
      CPPUNIT_ASSERT_MESSAGE(one.what, !played.client->connected());
      CPPUNIT_ASSERT_MESSAGE(one.what, !played.client->why_closed().empty());
      const auto later = finish(played.client->state().get("k"));
      CPPUNIT_ASSERT_MESSAGE(one.what, later.failure().fault == Fault::kUnavailable);
    }
  }

  // A conversation with everything in it, as octets of the caller.
  static std::string conversation() {
    rpc::Parcel login;
    login.head = "\x12\x12hello@example.test\x1a\x06secret";
    std::string octets = hello();
    octets += request(1, static_cast<std::uint16_t>(Verb::kLogIn), 1, 0,
                      login.encode_sizes() + login.head);
    rpc::Parcel all;
    all.head = std::string("\x12\x08\x0a\x06\x01\xff\xff\xff\xff\x0f", 10);
    octets += request(2, kFetch, 1, 2, all.encode_sizes() + all.head);
    octets += frame(FrameKind::kMore, 2, std::string("\0\0\0\1", 4));
    rpc::Parcel message;
    message.head = "\x0a\x05INBOX\x12\x00";
    message.pieces = {std::string(100, 'x')};
    octets += request(3, static_cast<std::uint16_t>(Verb::kAppend), 1, 0,
                      message.encode_sizes() + message.head + message.pieces[0]);
    octets += request(4, static_cast<std::uint16_t>(Verb::kQuota), 1, 0);
    octets += frame(FrameKind::kCancel, 4, "");
    octets += frame(FrameKind::kRelease, 0, std::string("\0\0\0\1", 4));
    return octets;
  }

  static void play(const std::string& octets) {
    DoorPair pair;
    for (model::Uid uid = 1; uid < 5; ++uid)
      pair.logins.mailbox->rows.push_back(make_row(uid, "c"));
    pair.logins.mailbox->rows_per_batch = 1;
    pair.logins.mailbox->gate.clear();
    RawCaller caller(pair.open());
    caller.send(octets);
    caller.hang_up();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, pair.ended.size());
    CPPUNIT_ASSERT(pair.bugs.empty());
    CPPUNIT_ASSERT_EQUAL(1L, pair.logins.mailbox.use_count());
    CPPUNIT_ASSERT_EQUAL(0, pair.logins.mailbox->streams_alive);
    CPPUNIT_ASSERT_EQUAL(0, pair.logins.mailbox->quota_waiting);
  }

  void any_beginning_of_a_conversation_may_be_its_end() {
    const std::string octets = conversation();
    for (std::size_t size = 0; size <= octets.size(); ++size) play(octets.substr(0, size));
  }

  void any_octet_of_a_conversation_may_be_wrong() {
    const std::string octets = conversation();
    for (std::size_t at = 0; at < octets.size(); ++at) {
      for (const int flip : {1, 128, 255}) {
        std::string wrong = octets;
        wrong[at] = static_cast<char>(wrong[at] ^ flip);
        play(wrong);
      }
    }
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(HostileTest);

}  // namespace fwd::test
