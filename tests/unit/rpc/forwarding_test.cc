// Forwarding, asked through the door's language, is kept as by its keeper.
#include <cppunit/extensions/HelperMacros.h>

#include "door_pair.h"
#include "raw_caller.h"

namespace fwd::test {
namespace {

using std::chrono::milliseconds;

PairOptions as(rpc::Role role) {
  PairOptions options;
  options.role = role;
  return options;
}

model::Destination destination_of(model::DestinationKind kind, const std::string& address) {
  model::Destination to;
  to.kind = kind;
  to.address = address;
  if (kind == model::DestinationKind::kHost) {
    to.host = "mail.far.example";
    to.port = 2525;
  }
  to.alias_id = "a1";
  return to;
}

model::NewForward make_forward(const std::string& content) {
  model::NewForward forward;
  forward.message = make_new_outbound(content);
  forward.message.recipients.clear();
  forward.domain_id = "d1";
  forward.alias_id = "a1";
  forward.destinations = {
      destination_of(model::DestinationKind::kAddress, "one@far.example"),
      destination_of(model::DestinationKind::kHost, "two@far.example"),
      destination_of(model::DestinationKind::kWebhook, "https://hook.example/x")};
  forward.print = "0123";
  forward.facts = {"hello@example.test", true, "spf=pass", "none", "{\"a\":1}", true, "0a1b", 3};
  return forward;
}

}  // namespace

class ForwardingTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ForwardingTest);
  CPPUNIT_TEST(a_forward_and_its_answer_come_through);
  CPPUNIT_TEST(waiting_for_destinations_ends_with_their_words_or_the_time);
  CPPUNIT_TEST(vacations_and_replies_come_through);
  CPPUNIT_TEST(what_came_back_is_asked_about);
  CPPUNIT_TEST(words_of_no_meaning_are_bad_input);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_forward_and_its_answer_come_through() {
    DoorPair pair(as(rpc::Role::kMxd));
    pair.forwarding.say("one@far.example",
                        MemoryForwarding::Word{model::RecipientState::kFailed, 550, "5.1.1", "no"});
    model::Forwarding& forwarding = pair.client->forwarding();
    const model::NewForward sent = make_forward(std::string(200000, 'x'));
    const auto queued = finish(forwarding.forward(sent));
    CPPUNIT_ASSERT(queued.value().id == sent.message.id && queued.value().destinations.size() == 3);
    const model::NewForward& got = pair.forwarding.kept.at(sent.message.id).forward;
    CPPUNIT_ASSERT(got.message.content == sent.message.content && got.domain_id == "d1");
    CPPUNIT_ASSERT(got.alias_id == "a1" && got.print == "0123" && got.spends.empty());
    CPPUNIT_ASSERT(got.destinations == sent.destinations && got.facts == sent.facts);
    const auto told = finish(forwarding.await_forward(sent.message.id, milliseconds(10)));
    const auto& first = told.value().destinations.at(0);
    CPPUNIT_ASSERT(first.state == model::RecipientState::kFailed && first.attempts == 1);
    CPPUNIT_ASSERT(first.last.code == 550 && first.last.status == "5.1.1" && !first.is_repeat);
    CPPUNIT_ASSERT(told.value().destinations.at(1).destination == sent.destinations[1]);
    CPPUNIT_ASSERT(told.value().destinations.at(1).state == model::RecipientState::kDelivered);
    model::NewForward again = make_forward("x");
    again.message.id = "again";
    again.spends = "path@example.test";
    CPPUNIT_ASSERT(finish(forwarding.forward(again)).failure().fault == Fault::kDenied);
    pair.forwarding.credits["path@example.test"] = 1;
    const auto repeat = finish(forwarding.forward(again));
    CPPUNIT_ASSERT(!repeat.value().destinations.at(0).is_repeat);
    CPPUNIT_ASSERT(repeat.value().destinations.at(1).is_repeat);
    CPPUNIT_ASSERT(finish(forwarding.settle_forward("again", model::SettleForward::kDrop)).ok());
    CPPUNIT_ASSERT(pair.forwarding.kept.at("again").settled == model::SettleForward::kDrop);
    CPPUNIT_ASSERT(
        finish(forwarding.settle_forward("none", model::SettleForward::kKeep)).failure().fault ==
        Fault::kNotFound);
  }

  void waiting_for_destinations_ends_with_their_words_or_the_time() {
    DoorPair pair(as(rpc::Role::kMxd));
    pair.forwarding.say("one@far.example", std::nullopt);
    model::Forwarding& forwarding = pair.client->forwarding();
    const std::string id = finish(forwarding.forward(make_forward("x"))).value().id;
    Running<Outcome<model::Forwarded>> waiting(forwarding.await_forward(id, milliseconds(1000)));
    CPPUNIT_ASSERT(!waiting.done());
    pair.forwarding.say("one@far.example", MemoryForwarding::Word{});
    run_ready();
    CPPUNIT_ASSERT(waiting.done());
    CPPUNIT_ASSERT(waiting.value().value().destinations.at(0).state ==
                   model::RecipientState::kDelivered);
    pair.forwarding.say("three@far.example", std::nullopt);
    model::NewForward late = make_forward("x");
    late.message.id = "late";
    late.print.clear();
    late.destinations = {destination_of(model::DestinationKind::kAddress, "three@far.example")};
    CPPUNIT_ASSERT(finish(forwarding.forward(late)).ok());
    Running<Outcome<model::Forwarded>> longer(
        forwarding.await_forward("late", milliseconds::max()));
    pair.clock.turn(std::chrono::minutes(9));
    run_ready();
    CPPUNIT_ASSERT(!longer.done());
    pair.clock.turn(std::chrono::minutes(1));
    run_ready();
    CPPUNIT_ASSERT(longer.done());
    CPPUNIT_ASSERT(longer.value().value().destinations.at(0).state ==
                   model::RecipientState::kWaiting);
  }

  void vacations_and_replies_come_through() {
    DoorPair pair(as(rpc::Role::kMxd));
    model::Forwarding& forwarding = pair.client->forwarding();
    pair.forwarding.vacations["a1"] = {"hello@example.test", "Away", "Back on Monday"};
    const auto vacation = finish(forwarding.get_vacation("a1"));
    CPPUNIT_ASSERT(vacation.value().address == "hello@example.test");
    CPPUNIT_ASSERT(vacation.value().subject == "Away");
    CPPUNIT_ASSERT(vacation.value().message == "Back on Monday");
    CPPUNIT_ASSERT(finish(forwarding.get_vacation("a2")).failure().fault == Fault::kNotFound);
    model::NewReply reply;
    reply.message = make_new_outbound("Subject: Away\r\n\r\n");
    reply.message.id.clear();
    reply.alias_id = "a1";
    reply.domain_id = "d1";
    CPPUNIT_ASSERT_EQUAL(std::string("reply-1"), finish(forwarding.send_reply(reply)).value());
    const model::NewReply& got = pair.forwarding.replies.at(0);
    CPPUNIT_ASSERT(got.alias_id == "a1" && got.domain_id == "d1");
    CPPUNIT_ASSERT(got.message.content == reply.message.content);
  }

  void what_came_back_is_asked_about() {
    DoorPair pair(as(rpc::Role::kMxd));
    model::Forwarding& forwarding = pair.client->forwarding();
    pair.forwarding.went_on["path@example.test"] = {
        "stranger@far.example",           true, true, "hello@example.test", "<m@x>", 12345,
        {"far@dest.example", "192.0.2.1"}};
    const auto went =
        finish(forwarding.find_forwarded({"path@example.test", {"<m@x>"}, {"far@dest.example"}}));
    CPPUNIT_ASSERT(went.value() == pair.forwarding.went_on.at("path@example.test"));
    const model::CameBack& asked = pair.forwarding.asked.at(0);
    CPPUNIT_ASSERT(asked.ids.at(0) == "<m@x>" && asked.addresses.at(0) == "far@dest.example");
    const auto none = finish(forwarding.find_forwarded({"other@example.test", {}, {}}));
    CPPUNIT_ASSERT(none.value().is_own && !none.value().is_forward);
    const std::vector<std::string> many(101, "x");
    CPPUNIT_ASSERT(finish(forwarding.find_forwarded({"x", many, {}})).failure().fault ==
                   Fault::kBadInput);
  }

  void words_of_no_meaning_are_bad_input() {
    DoorPair pair(as(rpc::Role::kMxd));
    RawCaller caller(pair.open());
    caller.greet();
    const std::vector<std::pair<rpc::Verb, std::string>> requests = {
        {rpc::Verb::kSettleForward, "\x10\x03"},
        {rpc::Verb::kSettleForward, ""},
        {rpc::Verb::kForward, ""},                  // without its content
        {rpc::Verb::kForward, "\x22\x02\x08\x04"},  // and a destination of no kind
        {rpc::Verb::kSendReply, ""}};
    for (const auto& [verb, head] : requests)
      CPPUNIT_ASSERT(caller.fault_of(verb, head) == Fault::kBadInput);
    CPPUNIT_ASSERT(pair.forwarding.order.empty() && !caller.ended);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ForwardingTest);

}  // namespace fwd::test
