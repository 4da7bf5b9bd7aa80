// A process that is killed while it writes: what was promised is there, exactly
// once, and every count is right.
#include <cppunit/extensions/HelperMacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "tests/unit/mailbox/scene.h"

namespace fwd::mailbox {
namespace {

// Says which deliveries were answered, one number a line, through a pipe.
[[noreturn]] void deliver_for_ever(const std::string& path, int from, int answers) {
  auto opened = MailboxFile::open(path, key_of('k'), kAlias, 64);
  if (!opened.ok()) ::_exit(2);
  MailboxFile& file = *opened.value();
  for (int i = from;; ++i) {
    const std::string name = "d" + std::to_string(i);
    const auto inbox = file.get_folder("INBOX");
    auto done = file.database().transaction([&]() -> Outcome<void> {
      if (auto stored = file.deliver({incoming(name, 3000)}, 0, kNow); !stored.ok()) return stored;
      if (i % 7 != 0) return {};
      model::Flags flags;
      flags.add_keyword("k" + std::to_string(i % 20));
      auto moved = file.copy(inbox.value().id, model::UidSet{{1, 5}}, "Archive", kNow);
      if (!moved.ok()) return moved.failure();
      auto flagged = file.store_flags(inbox.value().id, model::UidSet::all(),
                                      model::FlagChange::kAdd, flags, UINT64_MAX, kNow);
      if (!flagged.ok()) return flagged.failure();
      return {};
    });
    if (!done.ok()) ::_exit(3);
    if (::write(answers, &i, sizeof i) != sizeof i) ::_exit(4);
  }
}

class CrashTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(CrashTest);
  CPPUNIT_TEST(what_was_answered_survives_a_kill_and_is_there_once);
  CPPUNIT_TEST(a_kill_while_a_mailbox_is_made_leaves_none_or_a_whole_one);
  CPPUNIT_TEST_SUITE_END();

 public:
  void what_was_answered_survives_a_kill_and_is_there_once() {
    FileScene scene;
    scene.file.reset();
    int next = 0;
    model::Uid uid_next = 1;
    for (int round = 0; round < 12; ++round) {
      int answers[2];
      CPPUNIT_ASSERT_EQUAL(0, ::pipe(answers));
      const pid_t child = ::fork();
      if (child == 0) deliver_for_ever(scene.path(), next, answers[1]);
      ::close(answers[1]);
      // Killed after some answers, at whatever it does just then.
      int answered = next - 1;
      for (int i = 0; i < 3 + round * 2; ++i)
        CPPUNIT_ASSERT_EQUAL(ssize_t{sizeof answered},
                             ::read(answers[0], &answered, sizeof answered));
      for (volatile int spin = 0; spin < round * 3000;) spin = spin + 1;
      ::kill(child, SIGKILL);
      int status = 0;
      ::waitpid(child, &status, 0);
      CPPUNIT_ASSERT(WIFSIGNALED(status));
      while (::read(answers[0], &answered, sizeof answered) == ssize_t{sizeof answered}) continue;
      ::close(answers[0]);
      scene.reopen();
      assert_ok(scene.file->check());
      const auto inbox = get(scene.file->get_folder("INBOX"));
      // The last one may be there without its answer; its sender comes again.
      const auto stored = static_cast<int>(inbox.messages);
      CPPUNIT_ASSERT(stored == answered + 1 || stored == answered + 2);
      CPPUNIT_ASSERT(inbox.uid_next > uid_next);
      uid_next = inbox.uid_next;
      assert_ok(scene.commit([&] {
        return scene.file->deliver({incoming("d" + std::to_string(answered + 1), 3000)}, 0, kNow);
      }));
      next = answered + 2;
      CPPUNIT_ASSERT_EQUAL(static_cast<std::uint32_t>(next),
                           get(scene.file->get_folder("INBOX")).messages);
      scene.file.reset();
    }
  }

  void a_kill_while_a_mailbox_is_made_leaves_none_or_a_whole_one() {
    TempFolder folder;
    int whole = 0;
    for (int round = 0; round < 20; ++round) {
      const std::string path = folder / (std::to_string(round) + ".sqlite");
      const pid_t child = ::fork();
      if (child == 0) {
        const auto made = MailboxFile::create(path, key_of('k'), kAlias, kNow);
        ::_exit(made.ok() ? 0 : 2);
      }
      ::usleep(static_cast<useconds_t>(round * 400));
      ::kill(child, SIGKILL);
      ::waitpid(child, nullptr, 0);
      const auto opened = MailboxFile::open(path, key_of('k'), kAlias, 64);
      if (!opened.ok()) {
        assert_fault(Fault::kNotFound, opened);
        assert_ok(MailboxFile::create(path, key_of('k'), kAlias, kNow));
        continue;
      }
      ++whole;
      CPPUNIT_ASSERT_EQUAL(std::size_t{6}, get(opened.value()->list_folders()).size());
    }
    CPPUNIT_ASSERT(whole <= 20);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CrashTest);

}  // namespace
}  // namespace fwd::mailbox
