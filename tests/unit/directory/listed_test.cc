// The sender lists in the directory's file.
#include <cppunit/extensions/HelperMacros.h>

#include "storage/directory/listed_rows.h"
#include "tests/unit/directory/embedded_directory.h"

namespace fwd::testing {
namespace {

using model::ListedSender;
using model::ListKind;

}  // namespace

class ListedTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ListedTest);
  CPPUNIT_TEST(entries_are_found_by_their_values);
  CPPUNIT_TEST(an_entry_of_the_same_value_is_replaced);
  CPPUNIT_TEST(what_has_expired_is_not_there);
  CPPUNIT_TEST(what_was_learned_never_replaces_the_operators_word);
  CPPUNIT_TEST(the_lists_are_bounded_and_what_was_learned_takes_half);
  CPPUNIT_TEST(lists_come_page_by_page);
  CPPUNIT_TEST(a_restart_keeps_them);
  CPPUNIT_TEST_SUITE_END();

  EmbeddedDirectory<1000> keeper_;

  Rig& rig() { return keeper_.rig; }
  directory::DirectoryStore& store() { return keeper_.store(); }
  std::int64_t now() { return unix_milliseconds(rig().clock.wall()); }

  ListedSender put(ListKind kind, const std::string& value, std::int64_t life_ms = 0,
                   bool learned = false) {
    return rig().get(store().put_listed(entry(kind, value, life_ms, learned)));
  }
  ListedSender entry(ListKind kind, const std::string& value, std::int64_t life_ms, bool learned) {
    ListedSender listed;
    listed.kind = kind;
    listed.value = value;
    listed.reason = "because";
    listed.is_learned = learned;
    listed.expires = life_ms == 0 ? 0 : now() + life_ms;
    return listed;
  }
  std::vector<ListedSender> find(const std::vector<std::string>& values) {
    return rig().get(store().find_listed(values));
  }

 public:
  void entries_are_found_by_their_values() {
    CPPUNIT_ASSERT(find({"192.0.2.1"}).empty());
    put(ListKind::kDeny, "192.0.2.1");
    put(ListKind::kAllow, "192.0.2.1");
    put(ListKind::kDeny, "example.test");
    const auto found = find({"example.test", "nobody.test", "192.0.2.1"});
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, found.size());
    CPPUNIT_ASSERT_EQUAL(std::string("example.test"), found[0].value);
    CPPUNIT_ASSERT(found[1].kind == ListKind::kAllow && found[2].kind == ListKind::kDeny);
    CPPUNIT_ASSERT(found[0].reason == "because" && found[0].created == now());
    rig().done(store().remove_listed(ListKind::kDeny, "192.0.2.1"));
    rig().refused(Fault::kNotFound, store().remove_listed(ListKind::kDeny, "192.0.2.1"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, find({"192.0.2.1"}).size());
  }

  void an_entry_of_the_same_value_is_replaced() {
    put(ListKind::kDeny, "example.test");
    rig().clock.turn(std::chrono::seconds(5));
    put(ListKind::kDeny, "example.test", 60'000);
    const auto found = find({"example.test"});
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found.size());
    CPPUNIT_ASSERT(found[0].created == now() && found[0].expires == now() + 60'000);
  }

  void what_has_expired_is_not_there() {
    put(ListKind::kDeny, "example.test", 60'000);
    rig().clock.turn(std::chrono::seconds(59));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, find({"example.test"}).size());
    rig().clock.turn(std::chrono::seconds(1));
    CPPUNIT_ASSERT(find({"example.test"}).empty());
    CPPUNIT_ASSERT(rig().get(store().list_listed(ListKind::kDeny, "")).empty());
    rig().done(store().forget_expired_listed());
    rig().refused(Fault::kNotFound, store().remove_listed(ListKind::kDeny, "example.test"));
  }

  void what_was_learned_never_replaces_the_operators_word() {
    put(ListKind::kDeny, "example.test");
    const ListedSender given = put(ListKind::kDeny, "example.test", 1000, true);
    CPPUNIT_ASSERT(!given.is_learned && given.expires == 0);
    put(ListKind::kDeny, "other.test", 1000);
    rig().clock.turn(std::chrono::seconds(2));
    CPPUNIT_ASSERT(put(ListKind::kDeny, "other.test", 1000, true).is_learned);
    CPPUNIT_ASSERT(!put(ListKind::kDeny, "other.test").is_learned);
  }

  void the_lists_are_bounded_and_what_was_learned_takes_half() {
    auto& database = keeper_.file->database();
    const auto add = [&](const std::string& value, bool learned) {
      return directory::put_listed(database, entry(ListKind::kDeny, value, 60'000, learned), 4,
                                   model::Date{now()});
    };
    sqlcipher::assert_ok(add("a.test", true));
    sqlcipher::assert_ok(add("b.test", true));
    sqlcipher::assert_fault(Fault::kOverLimit, add("c.test", true));
    sqlcipher::assert_ok(add("b.test", true));
    sqlcipher::assert_ok(add("d.test", false));
    sqlcipher::assert_ok(add("e.test", false));
    sqlcipher::assert_fault(Fault::kOverLimit, add("f.test", false));
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, find({"a.test", "b.test", "d.test", "e.test"}).size());
    rig().clock.turn(std::chrono::seconds(61));
    sqlcipher::assert_ok(add("f.test", true));
  }

  void lists_come_page_by_page() {
    sqlcipher::assert_ok(keeper_.file->database().transaction([&]() -> Outcome<void> {
      return keeper_.file->database().execute(
          "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 2200)"
          " INSERT INTO listed SELECT 2, 'h' || i || '.test', '', 0, 1, 0 FROM n");
    }));
    put(ListKind::kAllow, "h1500.test");
    auto page = rig().get(store().list_listed(ListKind::kDeny, ""));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1000}, page.size());
    page = rig().get(store().list_listed(ListKind::kDeny, page.back().value));
    CPPUNIT_ASSERT_EQUAL(std::size_t{201}, page.size());
    CPPUNIT_ASSERT_EQUAL(std::string("h2200.test"), page.back().value);
  }

  void a_restart_keeps_them() {
    put(ListKind::kAllow, "example.test", 60'000);
    keeper_.restart();
    const auto found = find({"example.test"});
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found.size());
    CPPUNIT_ASSERT(found[0].kind == ListKind::kAllow && found[0].expires == now() + 60'000);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ListedTest);

}  // namespace fwd::testing
