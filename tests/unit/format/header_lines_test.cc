// Raw header fields.
#include "format/header_lines.h"

#include <cppunit/extensions/HelperMacros.h>

namespace fwd::format {
namespace {

const std::string kBlock =
    "Received: one\r\nSUBJECT: a\r\n b\r\ngarbage\r\nreceived : two\r\nTo:x\r\n\r\nReceived: "
    "body\r\n";

class HeaderLinesTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(HeaderLinesTest);
  CPPUNIT_TEST(fields_are_cut_without_losing_an_octet);
  CPPUNIT_TEST(fields_are_counted_and_found);
  CPPUNIT_TEST(fields_are_picked_in_order);
  CPPUNIT_TEST(picked_fields_always_end_in_an_empty_line);
  CPPUNIT_TEST_SUITE_END();

 public:
  void fields_are_cut_without_losing_an_octet() {
    HeaderLines lines(kBlock);
    std::string names, raw;
    while (const auto line = lines.next()) {
      names += std::string(line->name) + "|";
      raw += line->raw;
    }
    CPPUNIT_ASSERT_EQUAL(std::string("Received|SUBJECT||received|To|"), names);
    CPPUNIT_ASSERT_EQUAL(header_size(kBlock), raw.size() + 2);
    CPPUNIT_ASSERT_EQUAL(kBlock.substr(0, raw.size()), raw);
    CPPUNIT_ASSERT_EQUAL(std::size_t{5}, header_size("A: b\n"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, header_size("\nA: b\n"));
  }

  // RFC 5321 §6.3 and RFC 5322 §2.2.3.
  void fields_are_counted_and_found() {
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, count_fields(kBlock, "Received"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, count_fields(kBlock, ""));
    CPPUNIT_ASSERT_EQUAL(std::string("a b"), unfold(find_field(kBlock, "subject").value()));
    CPPUNIT_ASSERT(!find_field(kBlock, "cc"));
  }

  // RFC 9051 §6.4.5.1.
  void fields_are_picked_in_order() {
    CPPUNIT_ASSERT_EQUAL(std::string("SUBJECT: a\r\n b\r\nTo:x\r\n\r\n"),
                         pick_fields(kBlock, {"to", "Subject", "none"}, false));
    CPPUNIT_ASSERT_EQUAL(std::string("SUBJECT: a\r\n b\r\ngarbage\r\nTo:x\r\n\r\n"),
                         pick_fields(kBlock, {"RECEIVED"}, true));
  }

  void picked_fields_always_end_in_an_empty_line() {
    CPPUNIT_ASSERT_EQUAL(std::string("\r\n"), pick_fields("", {"a"}, false));
    CPPUNIT_ASSERT_EQUAL(std::string("A: b\r\n\r\n"), pick_fields("A: b", {"a"}, false));
    CPPUNIT_ASSERT_EQUAL(std::string("A: b\n\n"), pick_fields("A: b\nC: d\n\nx", {"a"}, false));
    CPPUNIT_ASSERT_EQUAL(std::string("\r\n"), pick_fields("A: b\r\n\r\n", {"c"}, false));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HeaderLinesTest);

}  // namespace
}  // namespace fwd::format
