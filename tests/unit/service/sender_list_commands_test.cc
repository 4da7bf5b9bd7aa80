// forwardemail allow … and deny ….
#include <cppunit/extensions/HelperMacros.h>

#include "core/ready.h"
#include "format/json.h"
#include "service/operator/commands.h"
#include "support/memory_journal.h"
#include "support/memory_sender_lists.h"
#include "unit/rpc/small_sending.h"
#include "unit/rpc/small_stores.h"

namespace fwd::test {
namespace {

struct ListOffice {
  HandClock clock;
  SmallDirectory directory;
  SmallQueue queue;
  MemorySenderLists lists{clock};
  MemoryJournal journal{clock};
  std::string printed;

  // The fault a command ended with, kBug standing for none.
  Fault run(const std::vector<std::string>& words) {
    printed.clear();
    auto parsed = service::parse_command(words);
    if (!parsed.ok()) return parsed.failure().fault;
    service::Desk desk{directory,
                       journal,
                       queue,
                       lists,
                       clock,
                       "mx.host.test",
                       [](const std::string&) { return Outcome<std::string>(std::string()); },
                       [this](std::string_view text) { printed += text; }};
    std::optional<Outcome<void>> result;
    auto work = keep(parsed.value().command->run(desk, std::move(parsed.value().call)), result);
    work.start(std::noop_coroutine());
    run_ready();
    return result->ok() ? Fault::kBug : result->failure().fault;
  }
  bool does(const std::vector<std::string>& words) { return run(words) == Fault::kBug; }
  bool says(const std::string& words) const { return printed.find(words) != std::string::npos; }

 private:
  static Task<void> keep(Task<Outcome<void>> work, std::optional<Outcome<void>>& into) {
    Outcome<void> done = co_await work;
    into.emplace(std::move(done));
  }
};

}  // namespace

class SenderListCommandsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SenderListCommandsTest);
  CPPUNIT_TEST(senders_are_listed_for_a_while_or_for_good);
  CPPUNIT_TEST(the_two_lists_know_nothing_of_each_other);
  CPPUNIT_TEST(bad_words_are_told);
  CPPUNIT_TEST(a_long_list_is_shown_whole);
  CPPUNIT_TEST_SUITE_END();

 public:
  void senders_are_listed_for_a_while_or_for_good() {
    ListOffice office;
    CPPUNIT_ASSERT(
        office.does({"deny", "add", "192.0.2.77/24", "--for", "30d", "--reason", "a flood\x1b"}));
    CPPUNIT_ASSERT_MESSAGE(office.printed,
                           office.says("denied 192.0.2.0/24 until 2026-01-31T00:00:00"));
    CPPUNIT_ASSERT(office.does({"deny", "add", "Bad.Example.test"}));
    CPPUNIT_ASSERT_EQUAL(std::string("denied bad.example.test\n"), office.printed);
    CPPUNIT_ASSERT(office.does({"deny", "list"}));
    CPPUNIT_ASSERT(office.says("192.0.2.0/24") && office.says("operator"));
    CPPUNIT_ASSERT(office.says("2026-01-31") && office.says("a flood?"));
    CPPUNIT_ASSERT(office.does({"deny", "list", "--json"}));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2},
                         format::parse_json(office.printed).value().array()->size());
    office.clock.turn(std::chrono::hours(24 * 31));
    CPPUNIT_ASSERT(office.does({"deny", "list"}) && !office.says("192.0.2.0/24"));
    CPPUNIT_ASSERT(office.does({"deny", "remove", "BAD.example.test."}));
    CPPUNIT_ASSERT(office.says("bad.example.test is no longer"));
  }

  void the_two_lists_know_nothing_of_each_other() {
    ListOffice office;
    CPPUNIT_ASSERT(office.does({"allow", "add", "friend@example.test", "--json"}));
    CPPUNIT_ASSERT(office.says("\"list\"") && office.says("\"allow\""));
    CPPUNIT_ASSERT(office.run({"deny", "remove", "friend@example.test"}) == Fault::kNotFound);
    CPPUNIT_ASSERT(office.does({"deny", "list"}) && !office.says("friend"));
    CPPUNIT_ASSERT(office.does({"allow", "list"}) && office.says("friend@example.test"));
    CPPUNIT_ASSERT(office.does({"allow", "remove", "friend@example.test", "--json"}));
  }

  void bad_words_are_told() {
    ListOffice office;
    CPPUNIT_ASSERT(office.run({"deny", "add", "no name"}) == Fault::kBadInput);
    CPPUNIT_ASSERT(office.run({"deny", "add", "0.0.0.0/0"}) == Fault::kBadInput);
    for (const char* span : {"", "0", "5", "never", "999999d"})
      CPPUNIT_ASSERT_MESSAGE(
          span, office.run({"deny", "add", "192.0.2.1", "--for", span}) == Fault::kBadInput);
    office.lists.most = 0;
    CPPUNIT_ASSERT(office.run({"deny", "add", "192.0.2.1"}) == Fault::kOverLimit);
  }

  void a_long_list_is_shown_whole() {
    ListOffice office;
    for (int i = 0; i < 2345; ++i)
      office.lists.add(model::ListKind::kDeny, "h" + std::to_string(i) + ".example.test");
    CPPUNIT_ASSERT(office.does({"deny", "list", "--json"}));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2345},
                         format::parse_json(office.printed).value().array()->size());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SenderListCommandsTest);

}  // namespace fwd::test
