// The DATA reader and the text scanner, at every split; bounds and budget.
#include "protocol/smtp/content.h"

#include <cppunit/extensions/HelperMacros.h>

#include <vector>

namespace fwd::smtp {
namespace {

constexpr std::size_t kLine = 1000;

struct Read {
  std::string content;
  ContentFault fault = ContentFault::kNone;
  bool done = false;
  std::string rest;  // what was not eaten
};

// Feeds `pieces`; the rest of a piece is what the reader left of it, and all
// that follows.
Read read_pieces(const std::vector<std::string_view>& pieces) {
  HandClock clock;
  Budget budget(1 << 20, clock);
  ContentBuffer buffer(budget, 1 << 20, 0);
  DotReader dots(kLine);
  Read read;
  for (const auto piece : pieces) {
    const std::size_t eaten = dots.done() ? 0 : dots.feed(piece, buffer);
    read.rest += piece.substr(eaten);
  }
  read.content = buffer.take();
  read.fault = dots.fault();
  read.done = dots.done();
  return read;
}

struct Case {
  std::string wire;
  std::string content;  // of a message that is fine
  ContentFault fault;
  bool done;
  std::string rest;
};

const std::vector<Case>& cases() {
  using enum ContentFault;
  static const std::vector<Case> all{
      // RFC 5321 §4.5.2: the end, dots, and what follows is left alone.
      {".\r\n", "", kNone, true, ""},
      {"a\r\n.\r\nQUIT\r\n", "a\r\n", kNone, true, "QUIT\r\n"},
      {"..\r\n.\r\n", ".\r\n", kNone, true, ""},
      {"...a\r\n.b\r\n..\r\n.\r\n", "..a\r\nb\r\n.\r\n", kNone, true, ""},
      {"\r\n\r\n.\r\n", "\r\n\r\n", kNone, true, ""},
      {"a.\r\n.\r\n", "a.\r\n", kNone, true, ""},
      {"a\r\n.\r\n.\r\n", "a\r\n", kNone, true, ".\r\n"},
      {"a\r\n. \r\n.\r\n", "a\r\n \r\n", kNone, true, ""},
      {"a\r\n", "a\r\n", kNone, false, ""},
      {"a\r\n.", "a\r\n", kNone, false, ""},
      {"a\r\n.\r", "a\r\n", kNone, false, ""},
      // RFC 5321 §4.1.1.4: nothing else is the end, with or without CR.
      {"a\n.\nx\r\n.\r\nR", "", kBareLf, true, "R"},
      {"a\n.\r\nx\r\n.\r\nR", "", kBareLf, true, "R"},
      {"a\r\n.\nx\r\n.\r\nR", "", kBareLf, true, "R"},
      {"a\r.\rx\r\n.\r\nR", "", kBareCr, true, "R"},
      {"a\r.\r\nx\r\n.\r\nR", "", kBareCr, true, "R"},
      {"a\r\n.\rx\r\n.\r\nR", "", kBareCr, true, "R"},
      {"a\r\n.\r\r\nx\r\n.\r\nR", "", kBareCr, true, "R"},
      {"a\r\n.\r\r\n.\r\nR", "", kBareCr, true, "R"},
      {"a\n\r.\r\nx\r\n.\r\nR", "", kBareLf, true, "R"},
      {"a\r\r\n.\r\nR", "", kBareCr, true, "R"},
      {"a\n\n.\n\n\r\n.\r\nR", "", kBareLf, true, "R"},
      {".\nx\r\n.\r\nR", "", kBareLf, true, "R"},
      {".\rx\r\n.\r\nR", "", kBareCr, true, "R"},
      {"\r\r.\r\r\r\n.\r\nR", "", kBareCr, true, "R"},
      {"a\r\n..\n.\r\nx\r\n.\r\nR", "", kBareLf, true, "R"},
      {std::string("a\0b\r\n.\r\nR", 9), "", kNul, true, "R"},
      {std::string("a\r\n.\r\n\0", 7), "a\r\n", kNone, true, std::string(1, '\0')},
  };
  return all;
}

class ContentTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ContentTest);
  CPPUNIT_TEST(every_case_reads_the_same_at_every_split);
  CPPUNIT_TEST(every_case_reads_the_same_octet_by_octet);
  CPPUNIT_TEST(chunk_text_is_the_same_at_every_split);
  CPPUNIT_TEST(a_line_far_too_long_is_a_fault);
  CPPUNIT_TEST(content_past_the_limit_is_counted_and_not_kept);
  CPPUNIT_TEST(a_declared_size_books_memory_only_as_octets_come);
  CPPUNIT_TEST(the_budget_is_shared_and_given_back);
  CPPUNIT_TEST(who_holds_much_for_long_gives_way);
  CPPUNIT_TEST(nobody_gives_way_for_nothing);
  CPPUNIT_TEST(large_content_comes_through_whole);
  CPPUNIT_TEST_SUITE_END();

  static void check(const Case& wanted, const Read& got, const std::string& where) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(where, wanted.done, got.done);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(where, wanted.rest, got.rest);
    CPPUNIT_ASSERT_MESSAGE(where, wanted.fault == got.fault);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(where, wanted.content, got.content);
  }

 public:
  void every_case_reads_the_same_at_every_split() {
    for (std::size_t n = 0; n < cases().size(); ++n) {
      const std::string_view wire = cases()[n].wire;
      for (std::size_t i = 0; i <= wire.size(); ++i)
        for (std::size_t j = i; j <= wire.size(); ++j)
          check(cases()[n], read_pieces({wire.substr(0, i), wire.substr(i, j - i), wire.substr(j)}),
                "case " + std::to_string(n) + " split at " + std::to_string(i) + ", " +
                    std::to_string(j));
    }
  }

  void every_case_reads_the_same_octet_by_octet() {
    for (std::size_t n = 0; n < cases().size(); ++n) {
      std::vector<std::string_view> octets;
      for (std::size_t i = 0; i < cases()[n].wire.size(); ++i)
        octets.push_back(std::string_view(cases()[n].wire).substr(i, 1));
      check(cases()[n], read_pieces(octets), "case " + std::to_string(n));
    }
  }

  void chunk_text_is_the_same_at_every_split() {  // RFC 3030 §2
    const std::vector<std::pair<std::string, ContentFault>> texts{
        {"a\r\n.\r\nb\r\n", ContentFault::kNone},
        {"no end", ContentFault::kNone},
        {"a\nb\r\n", ContentFault::kBareLf},
        {"a\rb\r\n", ContentFault::kBareCr},
        {"a\r\n\r", ContentFault::kBareCr},
        {"a\r\r\n", ContentFault::kBareCr},
        {"\n", ContentFault::kBareLf},
        {std::string("\0", 1), ContentFault::kNul}};
    for (const auto& [text, fault] : texts)
      for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        TextScanner scanner(kLine);
        for (const auto piece :
             {std::string_view(text).substr(0, cut), std::string_view(text).substr(cut)}) {
          for (std::size_t at = 0; at < piece.size();) at = scanner.scan_line(piece, at);
          scanner.scan_octets(piece);
        }
        scanner.finish();
        CPPUNIT_ASSERT(fault == scanner.fault());
      }
  }

  void a_line_far_too_long_is_a_fault() {  // RFC 5321 §4.5.3.1.6
    const std::string most(kLine - 1, 'x');
    CPPUNIT_ASSERT(read_pieces({most, "\r\n", most, "\r\n.\r\n"}).fault == ContentFault::kNone);
    CPPUNIT_ASSERT(read_pieces({most, "xx\r\n.\r\n"}).fault == ContentFault::kLongLine);
  }

  void content_past_the_limit_is_counted_and_not_kept() {
    HandClock clock;
    Budget budget(1000, clock);
    ContentBuffer buffer(budget, 10, 0);
    buffer.append("0123456789");
    CPPUNIT_ASSERT(!buffer.over_limit());
    buffer.append("x");
    CPPUNIT_ASSERT(buffer.over_limit());
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, budget.used());
    buffer.append("0123456789");
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{21}, buffer.seen());
    CPPUNIT_ASSERT_EQUAL(std::string(), buffer.take());
  }

  void a_declared_size_books_memory_only_as_octets_come() {
    HandClock clock;
    Budget budget(10 << 20, clock);
    ContentBuffer buffer(budget, 10 << 20, 8 << 20);
    buffer.append(std::string(1000, 'x'));
    CPPUNIT_ASSERT(budget.used() <= 16 * 1024);
    buffer.append(std::string(2 << 20, 'x'));
    CPPUNIT_ASSERT_EQUAL(std::size_t{(8 << 20) + 1}, budget.used());
  }

  void the_budget_is_shared_and_given_back() {
    HandClock clock;
    Budget budget(40 * 1024, clock);
    ContentBuffer first(budget, 1 << 20, 0);
    first.append(std::string(20 * 1024, 'x'));
    {
      ContentBuffer second(budget, 1 << 20, 0);
      second.append(std::string(30 * 1024, 'x'));
      CPPUNIT_ASSERT(second.out_of_memory());
      CPPUNIT_ASSERT_EQUAL(std::size_t{20 * 1024}, budget.used());
    }
    const std::string content = first.take();
    CPPUNIT_ASSERT_EQUAL(std::size_t{20 * 1024}, content.size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{20 * 1024}, budget.used());
    first.drop();
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, budget.used());
  }

  void who_holds_much_for_long_gives_way() {
    HandClock clock;
    Budget budget(100 * 1024, clock);
    ContentBuffer small(budget, 1 << 20, 0), large(budget, 1 << 20, 0), whole(budget, 1 << 20, 0);
    whole.append(std::string(30 * 1024, 'x'));
    const std::string content = whole.take();  // on its way into mailboxes
    small.append(std::string(1000, 'x'));
    large.append(std::string(50 * 1024, 'x'));
    ContentBuffer late(budget, 1 << 20, 0);
    clock.turn(std::chrono::seconds(59));
    CPPUNIT_ASSERT(!budget.may_hold(20 * 1024));
    clock.turn(std::chrono::seconds(1));
    CPPUNIT_ASSERT(budget.may_hold(20 * 1024));
    late.append(std::string(20 * 1024, 'x'));
    CPPUNIT_ASSERT(large.out_of_memory());
    CPPUNIT_ASSERT(!small.out_of_memory() && !late.out_of_memory() && !whole.out_of_memory());
    CPPUNIT_ASSERT_EQUAL(std::size_t{(30 + 16 + 20) * 1024}, budget.used());
    // Its session goes on reading, and holds nothing.
    large.append(std::string(50 * 1024, 'x'));
    CPPUNIT_ASSERT_EQUAL(std::size_t{(30 + 16 + 20) * 1024}, budget.used());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{100 * 1024}, large.seen());
  }

  void nobody_gives_way_for_nothing() {
    HandClock clock;
    Budget budget(100 * 1024, clock);
    ContentBuffer first(budget, 1 << 20, 0), second(budget, 1 << 20, 0);
    first.append(std::string(60 * 1024, 'x'));
    second.append(std::string(20 * 1024, 'x'));
    clock.turn(std::chrono::seconds(90));
    // More than there is in all.
    second.append(std::string(90 * 1024, 'x'));
    CPPUNIT_ASSERT(second.out_of_memory() && !first.out_of_memory());
    // The one that holds most does not drive out the others.
    ContentBuffer third(budget, 1 << 20, 0);
    third.append(std::string(30 * 1024, 'x'));
    clock.turn(std::chrono::seconds(90));
    first.append(std::string(20 * 1024, 'x'));
    CPPUNIT_ASSERT(first.out_of_memory() && !third.out_of_memory());
  }

  void large_content_comes_through_whole() {
    std::string wire, content;
    for (int i = 0; i < 5000; ++i) {
      const std::string line(static_cast<std::size_t>(i % 90), '.');
      wire += (line.empty() ? "" : ".") + line + "\r\n";
      content += line + "\r\n";
    }
    wire += ".\r\n";
    std::vector<std::string_view> pieces;
    for (std::size_t at = 0; at < wire.size(); at += 777)
      pieces.push_back(std::string_view(wire).substr(at, 777));
    const Read read = read_pieces(pieces);
    CPPUNIT_ASSERT(read.done);
    CPPUNIT_ASSERT(content == read.content);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ContentTest);

}  // namespace
}  // namespace fwd::smtp
