// Mail goes to those who were written, or to nobody.
#include "bin/sendmail/recipients.h"

#include <cppunit/extensions/HelperMacros.h>

namespace fwd::sendmail {
namespace {

class RecipientsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(RecipientsTest);
  CPPUNIT_TEST(recipients_are_found_in_the_header);
  CPPUNIT_TEST(resent_fields_stand_for_the_others);
  CPPUNIT_TEST(one_argument_may_name_several);
  CPPUNIT_TEST(groups_may_be_empty);
  CPPUNIT_TEST(nobody_gets_what_was_not_addressed_to_them);
  CPPUNIT_TEST(programs_files_and_lists_are_no_recipients);
  CPPUNIT_TEST(one_wrong_field_is_enough);
  CPPUNIT_TEST(there_are_not_too_many);
  CPPUNIT_TEST(senders_are_one_address_or_none);
  CPPUNIT_TEST_SUITE_END();

  using Words = std::vector<std::string>;

  static Words listed(std::string_view list) {
    Recipients recipients;
    const auto added = recipients.add_list(list);
    CPPUNIT_ASSERT_MESSAGE(std::string(list), added.ok());
    return recipients.all();
  }
  static Words of_header(std::string_view message) {
    Recipients recipients;
    CPPUNIT_ASSERT(recipients.add_header(message).ok());
    return recipients.all();
  }
  static void refuse(std::string_view list) {
    Recipients recipients;
    const auto added = recipients.add_list(list);
    CPPUNIT_ASSERT_MESSAGE(std::string(list), !added.ok());
    CPPUNIT_ASSERT(added.failure().public_text.starts_with("not an address: "));
    CPPUNIT_ASSERT(recipients.all().empty());
  }

 public:
  // RFC 5322 §3.6.3
  void recipients_are_found_in_the_header() {
    CPPUNIT_ASSERT(
        of_header("To: Joe <joe@a.test>,\r\n root\r\nCC: friends: x@a.test, y@a.test;\r\n"
                  "bcc: joe@a.test\r\nSubject: To: nobody@a.test\r\n\r\nTo: text@a.test\r\n") ==
        Words({"joe@a.test", "root", "x@a.test", "y@a.test"}));
    CPPUNIT_ASSERT(of_header("\r\n").empty());
    CPPUNIT_ASSERT(of_header("To:\r\nCc: \r\n \r\n\r\n").empty());
  }

  // RFC 5322 §3.6.6
  void resent_fields_stand_for_the_others() {
    CPPUNIT_ASSERT(of_header("Resent-To: z@a.test\r\nTo: joe@a.test\r\n\r\n") ==
                   Words({"z@a.test"}));
    CPPUNIT_ASSERT(of_header("Resent-To: z@a.test\r\nTo: joe@@a.test\r\n\r\n") ==
                   Words({"z@a.test"}));
    CPPUNIT_ASSERT(of_header("Resent-To:\r\nTo: joe@a.test\r\n\r\n") == Words({"joe@a.test"}));
  }

  void one_argument_may_name_several() {
    CPPUNIT_ASSERT(listed("a@b.test, root,A@B.test,root") ==
                   Words({"a@b.test", "root", "A@b.test"}));
    CPPUNIT_ASSERT(listed("\"A, B; C: D\" <a@b.test> (x, y (z;))") == Words({"a@b.test"}));
    CPPUNIT_ASSERT(listed("\"a b\"@c.test") == Words({"\"a b\"@c.test"}));
    CPPUNIT_ASSERT(listed("a@[IPv6:2001:db8::1]") == Words({"a@[IPv6:2001:db8::1]"}));
    CPPUNIT_ASSERT(listed("Joe <www-data>, a+b, a.b_c") == Words({"www-data", "a+b", "a.b_c"}));
    CPPUNIT_ASSERT(listed("a@b.test,, ,\r\n c@b.test,") == Words({"a@b.test", "c@b.test"}));
    CPPUNIT_ASSERT(listed("").empty());
  }

  void groups_may_be_empty() {
    CPPUNIT_ASSERT(listed("undisclosed-recipients:;").empty());
    CPPUNIT_ASSERT(listed("\"A B\" c: a@b.test; , d@b.test") == Words({"a@b.test", "d@b.test"}));
    refuse("friends: a@b.test");
    refuse("friends: a@b.test; c@b.test");
    refuse("friends: x: a@b.test;;");
    refuse("x@a.test: a@b.test;");
    refuse("a@b.test; c@b.test");
  }

  void nobody_gets_what_was_not_addressed_to_them() {
    for (const std::string_view wrong : {"joe@@e.test",
                                         "bad addr@x y",
                                         "broken <k@e.test, m@e.test",
                                         "k@e.test> m@e.test",
                                         "a@b.test c@d.test",
                                         "Joe Smith",
                                         "a@",
                                         "@b.test",
                                         "a..b@c.test",
                                         "a@b..test",
                                         "a@b.test.",
                                         "<>",
                                         "joe@e.te st",
                                         "\"joe@e.test",
                                         "joe@e.test (",
                                         "a@b.test, joe@@e.test",
                                         "<@a.test:b@c.test>",
                                         "a@b.test\nx.test",
                                         "a@b.test\rx.test",
                                         "\"a\"",
                                         "-x",
                                         "a@-b.test"})
      refuse(wrong);
    refuse(std::string_view("a@b.test\0x", 10));
  }

  void programs_files_and_lists_are_no_recipients() {
    for (const std::string_view wrong :
         {"|prog", "\"|prog -x\"", "/dev/null", ":include:/x", "| prog", "~joe", "$HOME"})
      refuse(wrong);
  }

  void one_wrong_field_is_enough() {
    Recipients recipients;
    const auto added =
        recipients.add_header("To: a@b.test\r\nCc: broken <k@e.test, m@e.test\r\n\r\n");
    CPPUNIT_ASSERT(!added.ok());
    CPPUNIT_ASSERT(added.failure().public_text.starts_with("not an address: broken <k@e.test"));
  }

  void there_are_not_too_many() {
    std::string list;
    for (int i = 0; i < 10001; ++i) list += "u" + std::to_string(i) + "@a.test,";
    Recipients recipients;
    CPPUNIT_ASSERT(recipients.add_list(list).failure().fault == Fault::kOverLimit);
  }

  // RFC 5321 §4.5.5
  void senders_are_one_address_or_none() {
    for (const std::string_view null : {"", "<>", " <> "})
      CPPUNIT_ASSERT_EQUAL(std::string(), read_sender(null).value());
    CPPUNIT_ASSERT_EQUAL(std::string("a@b.test"), read_sender("A <a@B.test>").value());
    CPPUNIT_ASSERT_EQUAL(std::string("www-data"), read_sender("www-data").value());
    CPPUNIT_ASSERT(!read_sender("a@b.test, c@d.test").ok());
    CPPUNIT_ASSERT(!read_sender("a@@b.test").ok());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RecipientsTest);

}  // namespace
}  // namespace fwd::sendmail
