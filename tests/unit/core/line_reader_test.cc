// Lines from a stream, whole and byte by byte.
#include "core/line_reader.h"

#include <cppunit/extensions/HelperMacros.h>

#include "core/memory_pipe.h"
#include "core/task_group.h"

namespace fwd {
namespace {

constexpr std::size_t kLimit = 10;

Task<void> collect(LineReader& reader, std::vector<Line>& lines, Fault& fault) {
  for (;;) {
    auto line = co_await reader.read_line(kLimit);
    if (!line.ok()) {
      fault = line.failure().fault;
      co_return;
    }
    lines.push_back(line.value());
    if (line.value().end == LineEnd::kEndOfInput) co_return;
  }
}

Task<void> say(Stream& stream, std::string text, bool& done) {
  const auto sent = co_await stream.write(text);
  stream.close();
  done = sent.ok();
}

class LineReaderTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(LineReaderTest);
  CPPUNIT_TEST(every_kind_of_line_whole);
  CPPUNIT_TEST(every_kind_of_line_byte_by_byte);
  CPPUNIT_TEST(silence_is_a_timeout);
  CPPUNIT_TEST_SUITE_END();

  HandClock clock_;
  TaskGroup group_{[](const std::string&, const std::string& what) { CPPUNIT_FAIL(what); }};

  void play(std::size_t most_per_read) {
    MemoryPipeOptions options;
    options.most_per_read = most_per_read;
    auto [server, client] = make_memory_pipe(options);
    LineReader reader(*server, clock_, std::chrono::minutes(3));
    std::vector<Line> lines;
    Fault fault{};
    bool done = false;
    group_.spawn("reader", collect(reader, lines, fault));
    group_.spawn("writer",
                 say(*client, "one\r\ntwo\nthr\ree\r\n0123456789\r\n0123456789a\r\nlast", done));
    run_ready();
    CPPUNIT_ASSERT_EQUAL(std::size_t{6}, lines.size());
    CPPUNIT_ASSERT_EQUAL(std::string("one"), lines[0].text);
    CPPUNIT_ASSERT(lines[0].end == LineEnd::kWhole);
    CPPUNIT_ASSERT(lines[1].end == LineEnd::kBareLf);
    CPPUNIT_ASSERT(lines[2].end == LineEnd::kBareLf);
    CPPUNIT_ASSERT_EQUAL(std::string("0123456789"), lines[3].text);
    CPPUNIT_ASSERT(lines[3].end == LineEnd::kWhole);
    CPPUNIT_ASSERT(lines[4].end == LineEnd::kTooLong);
    CPPUNIT_ASSERT(lines[5].end == LineEnd::kEndOfInput);
    CPPUNIT_ASSERT_EQUAL(std::string("last"), lines[5].text);
  }

 public:
  void every_kind_of_line_whole() { play(SIZE_MAX); }
  void every_kind_of_line_byte_by_byte() { play(1); }
  void silence_is_a_timeout() {
    auto [server, client] = make_memory_pipe();
    LineReader reader(*server, clock_, std::chrono::minutes(3));
    std::vector<Line> lines;
    Fault fault{};
    group_.spawn("reader", collect(reader, lines, fault));
    clock_.turn(std::chrono::seconds(179));
    CPPUNIT_ASSERT(fault == Fault{});
    clock_.turn(std::chrono::seconds(1));
    CPPUNIT_ASSERT(fault == Fault::kTimeout);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LineReaderTest);

}  // namespace
}  // namespace fwd
