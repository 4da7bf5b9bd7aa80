// A process that is killed while messages are taken in, claimed and reported:
// what was answered is there, exactly once, and every count is right.
#include <cppunit/extensions/HelperMacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "tests/unit/queue/queue_scene.h"

namespace fwd::queue {
namespace {

// What the child tells of message `number`, each after its commit.
struct Told {
  int number;
  char what;  // 'a': taken in, 'd': reported delivered, 'f': reported failed
};

// Takes one message in, claims one, ends it, for ever; every third fails and
// leaves a notice.
[[noreturn]] void work_for_ever(const std::string& path, int from, std::int64_t now, int answers) {
  auto opened = QueueFile::open(path, mailbox::key_of('k'), std::string(16, 's'), options());
  if (!opened.ok()) ::_exit(2);
  QueueFile& file = *opened.value();
  const auto tell = [answers](int number, char what) {
    const Told told{number, what};
    if (::write(answers, &told, sizeof told) != sizeof told) ::_exit(4);
  };
  for (int i = from;; ++i, ++now) {
    auto done = file.database().transaction([&]() -> Outcome<void> {
      const auto added = file.add(message_to({"x@a.test"}, "m" + std::to_string(i)), owner(), now);
      if (!added.ok()) return added.failure();
      return {};
    });
    if (!done.ok()) ::_exit(3);
    tell(i, 'a');
    Claims claims;
    done = file.database().transaction([&]() -> Outcome<void> {
      auto claimed = file.claim(question(2), now);
      if (!claimed.ok()) return claimed.failure();
      claims = std::move(claimed.value());
      return {};
    });
    if (!done.ok()) ::_exit(5);
    for (const Claimed& one : claims.claims) {
      const std::string& id = one.claim.message.id;
      const bool is_notice = one.claim.message.envelope_from.empty();
      const int number = std::stoi(id.substr(1));
      const bool fails = !is_notice && number % 3 == 0;
      auto report = QueueScene::report_of(
          one.claim, fails ? RecipientState::kFailed : RecipientState::kDelivered);
      if (fails) {
        auto notice = message_to({"hello@example.test"}, "n" + std::to_string(number));
        notice.envelope_from.clear();
        report.notices.push_back(notice);
      }
      done = file.database().transaction([&] { return file.report(report, now); });
      if (!done.ok()) ::_exit(6);
      if (!is_notice) tell(number, fails ? 'f' : 'd');
    }
  }
}

class QueueCrashTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(QueueCrashTest);
  CPPUNIT_TEST(what_was_answered_survives_a_kill);
  CPPUNIT_TEST_SUITE_END();

  static void check_told(QueueScene& scene, const Told& told) {
    const std::string id = "m" + std::to_string(told.number);
    const std::string state = scene.state(id);
    if (told.what == 'd') CPPUNIT_ASSERT_EQUAL(std::string("sent"), state);
    if (told.what != 'f') return;
    CPPUNIT_ASSERT_EQUAL(std::string("bounced"), state);
    scene.show("n" + std::to_string(told.number));
  }

 public:
  void what_was_answered_survives_a_kill() {
    QueueScene scene;
    scene.file.reset();
    int next = 0;
    for (int round = 0; round < 12; ++round) {
      int answers[2];
      CPPUNIT_ASSERT_EQUAL(0, ::pipe(answers));
      const pid_t child = ::fork();
      if (child == 0) work_for_ever(scene.path(), next, scene.now, answers[1]);
      ::close(answers[1]);
      std::vector<Told> all;
      Told told{};
      for (int i = 0; i < 5 + round * 3; ++i) {
        CPPUNIT_ASSERT_EQUAL(ssize_t{sizeof told}, ::read(answers[0], &told, sizeof told));
        all.push_back(told);
      }
      for (volatile int spin = 0; spin < round * 3000;) spin = spin + 1;
      ::kill(child, SIGKILL);
      int status = 0;
      ::waitpid(child, &status, 0);
      CPPUNIT_ASSERT(WIFSIGNALED(status));
      while (::read(answers[0], &told, sizeof told) == ssize_t{sizeof told}) all.push_back(told);
      ::close(answers[0]);
      scene.reopen();
      scene.check();
      for (const Told& one : all) {
        check_told(scene, one);
        next = std::max(next, one.number + 1);
      }
      // The last one may be there without its answer.
      model::QueueFilter filter;
      filter.id = "m" + std::to_string(next);
      next += static_cast<int>(get(scene.file->list(filter, scene.now)).size());
      scene.now += kHour;  // what was with the dead is given again
      scene.file.reset();
    }
    scene.reopen();
    for (;;) {
      const auto claims = scene.claim();
      if (claims.empty()) break;
      for (const model::Claim& claim : claims) scene.report(claim, RecipientState::kDelivered);
    }
    CPPUNIT_ASSERT(get(scene.file->stat(scene.now)).octets == 0);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(QueueCrashTest);

}  // namespace
}  // namespace fwd::queue
