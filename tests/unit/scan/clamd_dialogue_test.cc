// A scripted clamd in memory: what we say to it, and what we make of its words.
#include "scan/clamd_dialogue.h"

#include <cppunit/extensions/HelperMacros.h>

#include <array>
#include <optional>
#include <string>

#include "core/memory_pipe.h"
#include "core/task_group.h"

namespace fwd::scan {
namespace {

using namespace std::string_literals;

// Reads `most` octets of what is said, then answers and, if told so, hangs up.
struct Script {
  std::string answer;
  std::size_t most = SIZE_MAX;  // answers after so many octets, or at the end of the content
  bool hangs_up = true;
};

bool is_at_end(const std::string& heard) {
  return heard.ends_with("\0\0\0\0"s) || heard == "zPING\0"s;
}

Task<void> play(Stream& stream, Script script, std::string& heard) {
  std::array<char, 1000> chunk;
  while (!is_at_end(heard) && heard.size() < script.most) {
    auto reading = stream.read_some(chunk);
    const auto got = co_await reading;
    if (!got.ok() || got.value() == 0) break;
    heard.append(chunk.data(), got.value());
  }
  auto writing = stream.write(script.answer);
  const auto written = co_await writing;
  if (script.hangs_up || !written.ok()) stream.close();
}

template <typename T>
Task<void> keep(Task<T> work, std::optional<T>& into) {
  into = co_await work;
}

class ClamdDialogueTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ClamdDialogueTest);
  CPPUNIT_TEST(content_goes_in_counted_chunks);
  CPPUNIT_TEST(an_answer_in_the_middle_ends_our_words);
  CPPUNIT_TEST(an_answer_that_comes_in_pieces_is_whole);
  CPPUNIT_TEST(a_peer_that_hangs_up_is_away);
  CPPUNIT_TEST(an_answer_without_an_end_is_given_up);
  CPPUNIT_TEST(ping_wants_pong);
  CPPUNIT_TEST(giving_up_at_any_moment_is_safe);
  CPPUNIT_TEST_SUITE_END();

  // Nothing: it still waits.
  static std::optional<Outcome<VirusVerdict>> scan(const std::string& content, Script script,
                                                   std::string& heard,
                                                   std::size_t per_read = SIZE_MAX) {
    MemoryPipeOptions options;
    options.capacity = 4096;
    options.most_per_read = per_read;
    auto [server, client] = make_memory_pipe(options);
    std::optional<Outcome<VirusVerdict>> verdict;
    std::string bug;
    {
      TaskGroup tasks([&](const std::string&, const std::string& what) { bug = what; });
      tasks.spawn("clamd", play(*server, std::move(script), heard));
      tasks.spawn("scan", keep(scan_stream(*client, content), verdict));
      run_ready();
    }
    CPPUNIT_ASSERT_EQUAL(std::string(), bug);
    return verdict;
  }

 public:
  void content_goes_in_counted_chunks() {
    std::string heard;
    const auto verdict = scan(std::string(70000, 'x'), {"stream: OK\0"s}, heard);
    CPPUNIT_ASSERT(verdict && verdict->ok());
    CPPUNIT_ASSERT(verdict->value().kind == VirusVerdict::Kind::kClean);
    CPPUNIT_ASSERT_EQUAL("zINSTREAM\0"s + "\0\1\0\0"s + std::string(65536, 'x') + "\0\0\x11\x70"s +
                             std::string(4464, 'x') + "\0\0\0\0"s,
                         heard);
    heard.clear();
    CPPUNIT_ASSERT(scan("", {"stream: OK\0"s}, heard)->ok());
    CPPUNIT_ASSERT_EQUAL("zINSTREAM\0\0\0\0\0"s, heard);
  }

  void an_answer_in_the_middle_ends_our_words() {
    std::string heard;
    const auto verdict =
        scan(std::string(1 << 20, 'x'), {"INSTREAM size limit exceeded. ERROR\0"s, 5000}, heard);
    CPPUNIT_ASSERT(verdict && verdict->ok());
    CPPUNIT_ASSERT(verdict->value().kind == VirusVerdict::Kind::kTooLarge);
    CPPUNIT_ASSERT(heard.size() < 10000);
  }

  void an_answer_that_comes_in_pieces_is_whole() {
    std::string heard;
    const auto verdict = scan("x", {"stream: A-Virus FOUND\0"s}, heard, 1);
    CPPUNIT_ASSERT(verdict && verdict->ok());
    CPPUNIT_ASSERT_EQUAL("A-Virus"s, verdict->value().name);
  }

  void a_peer_that_hangs_up_is_away() {
    for (const char* words : {"", "stream: OK"}) {
      for (const std::size_t after : {std::size_t{1}, SIZE_MAX}) {
        std::string heard;
        const auto verdict = scan(std::string(100000, 'x'), {words, after}, heard);
        CPPUNIT_ASSERT(verdict && !verdict->ok());
        CPPUNIT_ASSERT(verdict->failure().fault == Fault::kUnavailable);
      }
    }
  }

  void an_answer_without_an_end_is_given_up() {
    std::string heard;
    const auto verdict = scan("x", {std::string(100000, 'y'), SIZE_MAX, false}, heard);
    CPPUNIT_ASSERT(verdict && !verdict->ok());
    CPPUNIT_ASSERT(verdict->failure().fault == Fault::kUnavailable);
  }

  void ping_wants_pong() {
    for (const bool is_right : {true, false}) {
      auto [server, client] = make_memory_pipe();
      std::optional<Outcome<void>> answered;
      std::string heard;
      TaskGroup tasks([](const std::string&, const std::string& what) { CPPUNIT_FAIL(what); });
      tasks.spawn("clamd", play(*server, {is_right ? "PONG\0"s : "PANG\0"s}, heard));
      tasks.spawn("ping", keep(ping_stream(*client), answered));
      run_ready();
      CPPUNIT_ASSERT(answered && answered->ok() == is_right);
      CPPUNIT_ASSERT_EQUAL("zPING\0"s, heard);
    }
  }

  void giving_up_at_any_moment_is_safe() {
    for (const std::size_t after : {0, 1, 20, 70000}) {
      std::string heard;
      Script script{"", after, false};
      CPPUNIT_ASSERT(!scan(std::string(100000, 'x'), script, heard).has_value());
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClamdDialogueTest);

}  // namespace
}  // namespace fwd::scan
