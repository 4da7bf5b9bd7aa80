// Aliases in TXT records: which records, which elements.
#include "format/forward_record.h"

#include <cppunit/extensions/HelperMacros.h>

namespace fwd::format {
namespace {

using Kind = ForwardElement::Kind;
using Refusal = ForwardElement::Refusal;

class ForwardRecordTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ForwardRecordTest);
  CPPUNIT_TEST(only_records_with_the_prefix_count);
  CPPUNIT_TEST(the_order_of_the_dns_does_not_matter);
  CPPUNIT_TEST(records_have_a_bound);
  CPPUNIT_TEST(every_form_of_element_is_read);
  CPPUNIT_TEST(expressions_keep_their_commas);
  CPPUNIT_TEST(refusals_are_counted);
  CPPUNIT_TEST(nonsense_is_told_apart);
  CPPUNIT_TEST(elements_have_a_bound);
  CPPUNIT_TEST_SUITE_END();

  static ForwardElement one(const std::string& text) {
    const auto elements = parse_forward_values({text});
    CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::size_t{1}, elements.size());
    return elements[0];
  }

 public:
  void only_records_with_the_prefix_count() {
    const auto found = read_forward_records(
        {"v=spf1 -all", " Forward-Email= a:b@c.test ", "forward-emails=x", "forward-email",
         "forward-email-port=2525", "forward-email-port=0", "forward-email-port=x",
         "forward-email-port=65536", "FORWARD-EMAIL-SITE-VERIFICATION=m8d7o8K4Il",
         "forward-email-other=x"},
        "forward-email");
    CPPUNIT_ASSERT(found.values == std::vector<std::string>{"a:b@c.test"});
    CPPUNIT_ASSERT(found.verifications == std::vector<std::string>{"m8d7o8K4Il"});
    CPPUNIT_ASSERT(found.port == 2525 && !found.is_too_long);
    CPPUNIT_ASSERT(read_forward_records({"mail=a@b.test"}, "mail").values.size() == 1);
  }

  void the_order_of_the_dns_does_not_matter() {
    std::vector<std::string> texts = {"f=b", "f=a", "f-port=26", "f-port=27"};
    const auto found = read_forward_records(texts, "f");
    std::swap(texts[0], texts[1]);
    std::swap(texts[2], texts[3]);
    CPPUNIT_ASSERT(found.values == read_forward_records(texts, "f").values);
    CPPUNIT_ASSERT(found.port == 26 && read_forward_records(texts, "f").port == 26);
  }

  void records_have_a_bound() {
    CPPUNIT_ASSERT(!read_forward_records(std::vector<std::string>(100, "f=x"), "f").is_too_long);
    CPPUNIT_ASSERT(read_forward_records(std::vector<std::string>(101, "f=x"), "f").is_too_long);
    CPPUNIT_ASSERT(read_forward_records({"f=" + std::string(65536, 'x')}, "f").is_too_long);
    CPPUNIT_ASSERT(!read_forward_records(std::vector<std::string>(500, "g=x"), "f").is_too_long);
  }

  void every_form_of_element_is_read() {
    CPPUNIT_ASSERT((one(" hello : friend@example.org ") ==
                    ForwardElement{Kind::kName, Refusal::kNone, "hello", "friend@example.org"}));
    CPPUNIT_ASSERT((one("hello:https://example.org:8080/x") ==
                    ForwardElement{Kind::kName, {}, "hello", "https://example.org:8080/x"}));
    for (const std::string all : {"friend@example.org", "mx.example.org", "192.0.2.1",
                                  "2001:db8::1", "https://example.org/in"})
      CPPUNIT_ASSERT_MESSAGE(all, (one(all) == ForwardElement{Kind::kAny, {}, "", all}));
    CPPUNIT_ASSERT((one("*:x@y.test") == ForwardElement{Kind::kAny, {}, "", "x@y.test"}));
    CPPUNIT_ASSERT(
        (one("/^a$/gi:$&@y.test") == ForwardElement{Kind::kPattern, {}, "/^a$/gi", "$&@y.test"}));
  }

  void expressions_keep_their_commas() {
    const auto elements = parse_forward_values(
        {"/^a{1,3},\\/b$/:x@y.test,next:z@y.test", "!/^c{2,}$/,last@y.test,,"});
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, elements.size());
    CPPUNIT_ASSERT_EQUAL(std::string("/^a{1,3},\\/b$/"), elements[0].name);
    CPPUNIT_ASSERT_EQUAL(std::string("next"), elements[1].name);
    CPPUNIT_ASSERT_EQUAL(std::string("/^c{2,}$/"), elements[2].name);
    CPPUNIT_ASSERT_EQUAL(std::string("last@y.test"), elements[3].destination);
  }

  void refusals_are_counted() {
    CPPUNIT_ASSERT((one("!spam") == ForwardElement{Kind::kName, Refusal::kIgnored, "spam", ""}));
    CPPUNIT_ASSERT((one("!! later") == ForwardElement{Kind::kName, Refusal::kSoft, "later", ""}));
    CPPUNIT_ASSERT(
        (one("!!!gone:x@y.test") == ForwardElement{Kind::kName, Refusal::kHard, "gone", ""}));
    CPPUNIT_ASSERT((one("!!/^x/i") == ForwardElement{Kind::kPattern, Refusal::kSoft, "/^x/i", ""}));
    CPPUNIT_ASSERT((one("!*") == ForwardElement{Kind::kAny, Refusal::kIgnored, "", ""}));
  }

  void nonsense_is_told_apart() {
    for (const char* bad : {"!", "!!!!x", "!/x", "/x:y@z.test", ":x@y.test", "x:", "/x/"})
      CPPUNIT_ASSERT_MESSAGE(bad, one(bad).kind == Kind::kBad);
    CPPUNIT_ASSERT(parse_forward_values({"", " , ,", ","}).empty());
  }

  void elements_have_a_bound() {
    std::string many;
    for (std::size_t i = 0; i < kMostForwardElements; ++i) many += "a:b@c.test,";
    CPPUNIT_ASSERT_EQUAL(kMostForwardElements, parse_forward_values({many}).size());
    CPPUNIT_ASSERT_EQUAL(kMostForwardElements + 1, parse_forward_values({many, many}).size());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ForwardRecordTest);

}  // namespace
}  // namespace fwd::format
