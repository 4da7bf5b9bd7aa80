// SenderLists, asked through the door's language.
#include <cppunit/extensions/HelperMacros.h>

#include "door_pair.h"

namespace fwd::test {
namespace {

using model::ListedSender;
using model::ListKind;

PairOptions as(rpc::Role role) {
  PairOptions options;
  options.role = role;
  options.most_per_read = 7;
  return options;
}

ListedSender entry(ListKind kind, const std::string& value) {
  ListedSender listed;
  listed.kind = kind;
  listed.value = value;
  listed.reason =
      "r\xc3\xa9"
      "ason";
  return listed;
}

}  // namespace

class RemoteSenderListsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(RemoteSenderListsTest);
  CPPUNIT_TEST(entries_travel_with_every_field);
  CPPUNIT_TEST(mail_exchange_may_only_deny_and_for_a_while);
  CPPUNIT_TEST(mail_exchange_may_list_only_who_is_let_in);
  CPPUNIT_TEST(too_many_values_are_refused_at_the_door);
  CPPUNIT_TEST_SUITE_END();

 public:
  void entries_travel_with_every_field() {
    DoorPair pair(as(rpc::Role::kOperator));
    model::SenderLists& lists = pair.client->sender_lists();
    ListedSender sent = entry(ListKind::kDeny, "192.0.2.0/24");
    sent.is_learned = true;
    sent.expires = unix_milliseconds(pair.clock.wall()) + 5000;
    const auto put = finish(lists.put_listed(sent));
    CPPUNIT_ASSERT(put.ok());
    CPPUNIT_ASSERT(finish(lists.put_listed(entry(ListKind::kAllow, "a@example.test"))).ok());
    const auto found = finish(lists.find_listed({"192.0.2.0/24", "a@example.test", "other.test"}));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, found.value().size());
    const ListedSender& back = found.value()[0];
    CPPUNIT_ASSERT(back.kind == sent.kind && back.value == sent.value && back.is_learned);
    CPPUNIT_ASSERT(back.reason == sent.reason && back.expires == sent.expires);
    CPPUNIT_ASSERT_EQUAL(unix_milliseconds(pair.clock.wall()), back.created);
    CPPUNIT_ASSERT_EQUAL(std::string("a@example.test"),
                         finish(lists.list_listed(ListKind::kAllow, "a")).value().at(0).value);
    CPPUNIT_ASSERT(finish(lists.remove_listed(ListKind::kAllow, "a@example.test")).ok());
    CPPUNIT_ASSERT(
        finish(lists.remove_listed(ListKind::kAllow, "a@example.test")).failure().fault ==
        Fault::kNotFound);
  }

  void mail_exchange_may_only_deny_and_for_a_while() {
    DoorPair pair(as(rpc::Role::kMxd));
    model::SenderLists& lists = pair.client->sender_lists();
    const std::int64_t soon = unix_milliseconds(pair.clock.wall()) + 5000;
    ListedSender learned = entry(ListKind::kDeny, "192.0.2.1");
    learned.is_learned = true;
    learned.expires = soon;
    CPPUNIT_ASSERT(finish(lists.put_listed(learned)).ok());
    ListedSender for_ever = learned, said = learned, allowing = learned;
    for_ever.expires = 0;
    said.is_learned = false;
    allowing.kind = ListKind::kAllow;
    for (const ListedSender& wrong : {for_ever, said, allowing})
      CPPUNIT_ASSERT(finish(lists.put_listed(wrong)).failure().fault == Fault::kDenied);
    CPPUNIT_ASSERT(finish(lists.find_listed({"192.0.2.1"})).value().size() == 1);
  }

  // A host whose name the DNS does not give just now may be one of these.
  void mail_exchange_may_list_only_who_is_let_in() {
    DoorPair pair(as(rpc::Role::kMxd));
    model::SenderLists& lists = pair.client->sender_lists();
    CPPUNIT_ASSERT(finish(lists.list_listed(ListKind::kAllow, "")).ok());
    CPPUNIT_ASSERT(finish(lists.list_listed(ListKind::kDeny, "")).failure().fault ==
                   Fault::kDenied);
  }

  void too_many_values_are_refused_at_the_door() {
    DoorPair pair(as(rpc::Role::kMxd));
    const std::vector<std::string> many(model::kMostListedAsked + 1, "x.test");
    CPPUNIT_ASSERT(finish(pair.client->sender_lists().find_listed(many)).failure().fault ==
                   Fault::kBadInput);
    CPPUNIT_ASSERT(pair.sender_lists.asked.empty());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RemoteSenderListsTest);

}  // namespace fwd::test
