// Values of the sender lists.
#include "model/sender_lists.h"

#include <cppunit/extensions/HelperMacros.h>

namespace fwd::model {

class SenderListsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SenderListsTest);
  CPPUNIT_TEST(every_value_has_one_spelling);
  CPPUNIT_TEST(what_cannot_be_meant_is_refused);
  CPPUNIT_TEST_SUITE_END();

  static std::string spelled(std::string_view written) {
    const auto value = listed_value(written);
    return value.ok() ? value.value() : "refused";
  }

 public:
  void every_value_has_one_spelling() {
    CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.1"), spelled(" ::ffff:192.0.2.1 "));
    CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.0/24"), spelled("192.0.2.99/24"));
    CPPUNIT_ASSERT_EQUAL(std::string("2001:db8::/32"), spelled("2001:DB8:1::/32"));
    CPPUNIT_ASSERT_EQUAL(std::string("mail.example.test"), spelled("Mail.Example.TEST."));
    CPPUNIT_ASSERT_EQUAL(std::string("xn--bcher-kva.test"), spelled("B\xc3\xbc"
                                                                    "cher.test"));
    CPPUNIT_ASSERT_EQUAL(std::string("*.top"), spelled("*.TOP"));
    CPPUNIT_ASSERT_EQUAL(std::string("spam@example.test"), spelled("Spam@Example.test"));
  }

  void what_cannot_be_meant_is_refused() {
    for (const char* value :
         {"", "  ", "0.0.0.0/0", "10.0.0.0/7", "2000::/3", "192.0.2", "192.0.2.300", "localhost",
          "*.example.test", "*", "*.", "a b.test", "a@", "@example.test", "a@b@c", "192.0.2.1/x"})
      CPPUNIT_ASSERT_MESSAGE(value, spelled(value) == "refused");
    CPPUNIT_ASSERT(spelled(std::string(400, 'a') + ".test") == "refused");
    CPPUNIT_ASSERT(spelled(std::string("a.test\0", 7)) == "refused");
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SenderListsTest);

}  // namespace fwd::model
