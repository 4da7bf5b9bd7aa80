// What strangers may read of where an address leads.
#include "model/masked_words.h"

#include <cppunit/extensions/HelperMacros.h>

namespace fwd::test {
namespace {

class MaskedWordsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(MaskedWordsTest);
  CPPUNIT_TEST(the_address_is_replaced);
  CPPUNIT_TEST(words_that_tell_more_become_ours);
  CPPUNIT_TEST(our_own_words_of_the_attempt_are_not_given);
  CPPUNIT_TEST_SUITE_END();

  static model::MaskedWords mask(const std::string& words, bool from_remote = true,
                                 const std::string& status = "5.1.1") {
    model::OutboundRecipient recipient;
    recipient.address = "Secret.Person@inbox.bigmail.example";
    model::AttemptResult result;
    result.response = words;
    result.status = status;
    result.mx = "mx7.carrier.example";
    result.ip = "192.0.2.7";
    result.from_remote = from_remote;
    return model::masked_words(recipient, result, "hello@example.test");
  }

 public:
  void the_address_is_replaced() {
    const auto plain = mask("550 5.1.1 no such user");
    CPPUNIT_ASSERT(plain.from_remote && plain.text == "550 5.1.1 no such user");
    const auto masked = mask(
        "550 5.1.1 <secret.person@INBOX.bigmail.example>: unknown, I said"
        " Secret.Person@inbox.bigmail.example");
    CPPUNIT_ASSERT(masked.from_remote);
    CPPUNIT_ASSERT_EQUAL(std::string("550 5.1.1 <hello@example.test>: unknown, I said"
                                     " hello@example.test"),
                         masked.text);
  }

  void words_that_tell_more_become_ours() {
    for (const char* words :
         {"550 user secret.person unknown", "550 no such user at BigMail",
          "550 refused by mx7.carrier.example", "550 see the Carrier's help page",
          "550 192.0.2.7 does not want you", "550 see https://help.example/5.1.1",
          "550 write to postmaster@other.example", "550 inbox.bigmail.example is full"}) {
      const auto masked = mask(words);
      CPPUNIT_ASSERT_MESSAGE(words, !masked.from_remote);
      CPPUNIT_ASSERT_EQUAL(std::string("The address leads to one that does not exist"),
                           masked.text);
    }
    CPPUNIT_ASSERT_EQUAL(std::string("The mailbox it leads to is full"),
                         mask("552 secret.person", true, "5.2.2").text);
  }

  void our_own_words_of_the_attempt_are_not_given() {
    const auto masked = mask("Tried for 5 days, without success", false, "5.4.7");
    CPPUNIT_ASSERT_EQUAL(std::string("Nobody took the message where the address leads"),
                         masked.text);
    CPPUNIT_ASSERT(!masked.from_remote);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MaskedWordsTest);

}  // namespace
}  // namespace fwd::test
