// The parser on good and hostile commands.
#include "protocol/imap/parser.h"

#include <cppunit/extensions/HelperMacros.h>

#include "protocol/imap/fetch_program.h"
#include "protocol/imap/list_program.h"
#include "protocol/imap/verbs.h"

namespace fwd::imap {
namespace {

const Limits kLimits;

class ParserTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ParserTest);
  CPPUNIT_TEST(strings_in_every_form);
  CPPUNIT_TEST(quoted_strings_with_faults);
  CPPUNIT_TEST(literals_stay_inside_the_text);
  CPPUNIT_TEST(literal_marks);
  CPPUNIT_TEST(sets);
  CPPUNIT_TEST(sets_with_faults);
  CPPUNIT_TEST(flags);
  CPPUNIT_TEST(dates);
  CPPUNIT_TEST(dates_with_faults);
  CPPUNIT_TEST(huge_sets_are_refused);
  CPPUNIT_TEST(a_megabyte_of_anything_is_survived);
  CPPUNIT_TEST(fetch_items_are_bounded);
  CPPUNIT_TEST(every_verb_is_found_in_any_case);
  CPPUNIT_TEST_SUITE_END();

  static bool astring(std::string_view text, std::string& out, bool utf8 = false) {
    Parser in(text, kLimits, utf8);
    return in.astring(out) && in.end();
  }

  static bool set(std::string_view text) {
    Parser in(text, kLimits, false);
    SequenceSet out;
    return in.sequence_set(out) && in.end();
  }

 public:
  void strings_in_every_form() {
    std::string out;
    CPPUNIT_ASSERT(astring("atom]", out));
    CPPUNIT_ASSERT_EQUAL(std::string("atom]"), out);
    CPPUNIT_ASSERT(astring("\"a \\\"b\\\\\"", out));
    CPPUNIT_ASSERT_EQUAL(std::string("a \"b\\"), out);
    CPPUNIT_ASSERT(astring("{3}\r\n\r\n)", out));
    CPPUNIT_ASSERT_EQUAL(std::string("\r\n)"), out);
    CPPUNIT_ASSERT(astring("{0+}\r\n", out));
    CPPUNIT_ASSERT(out.empty());
    CPPUNIT_ASSERT(astring("\"\"", out));
    CPPUNIT_ASSERT(astring("\"K\xC3\xA4se\"", out, true));
  }

  void quoted_strings_with_faults() {
    std::string out;
    for (const std::string_view bad :
         {"\"open", "\"a\\", "\"a\\n\"", "\"a\r\n\"", "\"K\xC3\xA4se\"", "", "(", "a b", "{3}"})
      CPPUNIT_ASSERT(!astring(bad, out));
    CPPUNIT_ASSERT(!astring(std::string_view("\"a\0b\"", 5), out));
    CPPUNIT_ASSERT(!astring("\"\xC3\x28\"", out, true));
    CPPUNIT_ASSERT(!astring(std::string_view("{3}\r\na\0b", 8), out));
  }

  void literals_stay_inside_the_text() {
    std::string out;
    for (const std::string_view bad :
         {"{4}\r\nabc", "{18446744073709551615}\r\nabc", "{99999999999999999999}\r\nabc",
          "{-1}\r\nabc", "{}\r\nabc", "{+}\r\nabc", "{3}\nabc", "{3}abc", "{3 }\r\nabc"})
      CPPUNIT_ASSERT(!astring(bad, out));
  }

  void literal_marks() {
    LiteralMark mark;
    CPPUNIT_ASSERT(find_literal_mark("a b {12}", mark));
    CPPUNIT_ASSERT(mark.octets == 12 && mark.synchronising && !mark.binary && mark.text_size == 4);
    CPPUNIT_ASSERT(find_literal_mark("a b ~{12+}", mark));
    CPPUNIT_ASSERT(mark.octets == 12 && !mark.synchronising && mark.binary && mark.text_size == 6);
    for (const std::string_view bad : {"{12} ", "12}", "{}", "{+}", "{1-}", "}", ""})
      CPPUNIT_ASSERT(!find_literal_mark(bad, mark));
  }

  void sets() {
    for (const std::string_view good : {"1", "*", "1:*", "*:4", "2,4:7,9,12:*", "$", "4294967295"})
      CPPUNIT_ASSERT(set(good));
  }

  void sets_with_faults() {
    for (const std::string_view bad : {"", "0", "0:1", "1:", ":1", "1,", ",1", "1:2:3", "a", "1 2",
                                       "4294967296", "99999999999999999999999", "$,1", "1,$", "**"})
      CPPUNIT_ASSERT(!set(bad));
  }

  void flags() {
    Parser in("(\\seen \\DELETED $Forwarded junk Junk)", kLimits, false);
    model::Flags out;
    CPPUNIT_ASSERT(in.flag_list(out) && in.end());
    CPPUNIT_ASSERT_EQUAL(int{model::kSeen | model::kDeleted}, int{out.system});
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, out.keywords.size());
    std::string many = "(";
    for (int i = 0; i < 200; ++i) many += (i > 0 ? " k" : "k") + std::to_string(i);
    for (const std::string& bad : {std::string("(\\Recent)"), std::string("(\\Foo)"),
                                   std::string("(a"), std::string("(a  b)"), std::string("(\\)"),
                                   '(' + std::string(101, 'k') + ')', many + ')'}) {
      Parser faulty(bad, kLimits, false);
      model::Flags dropped;
      CPPUNIT_ASSERT(!faulty.flag_list(dropped));
      CPPUNIT_ASSERT(!faulty.error().empty());
    }
  }

  void dates() {
    std::int64_t out = 0;
    Parser day("1-Feb-1970", kLimits, false);
    CPPUNIT_ASSERT(day.date(out));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{31}, out);
    Parser quoted("\"29-feb-2024\"", kLimits, false);
    CPPUNIT_ASSERT(quoted.date(out) && quoted.end());
    Parser moment("\" 1-Jan-2026 01:30:00 +0130\"", kLimits, false);
    CPPUNIT_ASSERT(moment.date_time(out) && moment.end());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1767225600}, out);
    Parser west("\"31-Dec-2025 16:00:00 -0800\"", kLimits, false);
    CPPUNIT_ASSERT(west.date_time(out));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1767225600}, out);
  }

  void dates_with_faults() {
    for (const std::string_view bad : {"30-Feb-2024", "1-Foo-2024", "1-Feb-24", "1-Feb",
                                       "-1-Feb-2024", "\"1-Feb-2024", "001-Feb-2024"}) {
      Parser in(bad, kLimits, false);
      std::int64_t out = 0;
      CPPUNIT_ASSERT(!in.date(out));
    }
    for (const std::string_view bad :
         {"\"01-Jan-2026 24:00:00 +0000\"", "\"01-Jan-2026 00:60:00 +0000\"",
          "\"01-Jan-2026 00:00:00 0000\"", "\"01-Jan-2026 00:00:00 +0060\"",
          "\"01-Jan-2026 00:00:00\"", "\"1-Jan-2026 00:00:00 +0000\"", "01-Jan-2026", "\"\""}) {
      Parser in(bad, kLimits, false);
      std::int64_t out = 0;
      CPPUNIT_ASSERT(!in.date_time(out));
    }
  }

  void huge_sets_are_refused() {
    std::string text = "1";
    for (int i = 0; i < 30000; ++i) text += ",1";
    CPPUNIT_ASSERT(!set(text));
  }

  void a_megabyte_of_anything_is_survived() {
    for (const char c : std::string_view("(){}[]\"\\*%$0aA ~+.,:<>\r\n\x80\xFF\0", 27)) {
      const std::string text(1 << 20, c);
      std::string dropped;
      SequenceSet dropped_set;
      model::Flags dropped_flags;
      std::int64_t when = 0;
      FetchProgram fetch;
      ListProgram list;
      Parser a(text, kLimits, true), b(text, kLimits, true), d(text, kLimits, true),
          e(text, kLimits, true), f(text, kLimits, true), g(text, kLimits, true);
      CPPUNIT_ASSERT(!(a.mailbox(dropped) && a.at_end()));
      CPPUNIT_ASSERT(!b.sequence_set(dropped_set) || !b.at_end());
      CPPUNIT_ASSERT(!d.flag_list(dropped_flags));
      CPPUNIT_ASSERT(!e.date_time(when));
      CPPUNIT_ASSERT(!parse_fetch(f, fetch));
      CPPUNIT_ASSERT(!parse_list(g, list));
    }
  }

  void fetch_items_are_bounded() {
    std::string text = "(BODY[1]";
    for (int i = 0; i < 10000; ++i) text += " BODY[1.2.3]";
    text += ")";
    Parser in(text, kLimits, false);
    FetchProgram out;
    CPPUNIT_ASSERT(!parse_fetch(in, out));
    CPPUNIT_ASSERT(out.items.size() <= kLimits.fetch_items);
    std::string deep = "BODY[1";
    for (int i = 0; i < 10000; ++i) deep += ".1";
    deep += "]";
    Parser deep_in(deep, kLimits, false);
    FetchProgram deep_out;
    CPPUNIT_ASSERT(!parse_fetch(deep_in, deep_out));
  }

  void every_verb_is_found_in_any_case() {
    for (const Verb& verb : all_verbs()) CPPUNIT_ASSERT(find_verb(verb.name) == &verb);
    CPPUNIT_ASSERT(find_verb("uid fetch") != nullptr);
    CPPUNIT_ASSERT(find_verb("UID") == nullptr);
    CPPUNIT_ASSERT(find_verb("") == nullptr);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ParserTest);

}  // namespace
}  // namespace fwd::imap
