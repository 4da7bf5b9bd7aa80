// What programs write behind sendmail's name.
#include "bin/sendmail/arguments.h"

#include <cppunit/extensions/HelperMacros.h>

namespace fwd::sendmail {
namespace {

class ArgumentsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ArgumentsTest);
  CPPUNIT_TEST(what_cron_mail_and_mutt_call);
  CPPUNIT_TEST(values_may_stand_apart);
  CPPUNIT_TEST(notices_are_asked_for_as_rfc_3461_names_them);
  CPPUNIT_TEST(options_of_old_are_passed_over);
  CPPUNIT_TEST(other_names_and_modes);
  CPPUNIT_TEST(unknown_options_are_passed_over_with_a_warning);
  CPPUNIT_TEST(wrong_words_are_refused);
  CPPUNIT_TEST_SUITE_END();

  static Arguments read(std::vector<std::string> words) {
    words.insert(words.begin(), "/usr/sbin/sendmail");
    const auto arguments = read_arguments(words);
    if (!arguments.ok()) CPPUNIT_FAIL(arguments.failure().public_text);
    return arguments.value();
  }
  static bool is_refused(std::vector<std::string> words) {
    words.insert(words.begin(), "sendmail");
    return !read_arguments(words).ok();
  }

 public:
  void what_cron_mail_and_mutt_call() {
    const auto cron = read({"-FCronDaemon", "-i", "-B8BITMIME", "-oem", "root"});
    CPPUNIT_ASSERT_EQUAL(std::string("CronDaemon"), cron.full_name);
    CPPUNIT_ASSERT(cron.dots_are_text && !cron.take_recipients && !cron.from);
    CPPUNIT_ASSERT_EQUAL(std::string("root"), cron.recipients.at(0));
    const auto mutt = read({"-oem", "-oi", "-f", "a@b.test", "--", "-x@b.test", "--"});
    CPPUNIT_ASSERT(mutt.dots_are_text);
    CPPUNIT_ASSERT_EQUAL(std::string("a@b.test"), mutt.from.value());
    CPPUNIT_ASSERT_EQUAL(std::string("-x@b.test"), mutt.recipients.at(0));
    CPPUNIT_ASSERT_EQUAL(std::string("--"), mutt.recipients.at(1));
    const auto php = read({"-t", "-i", "-fwww@b.test"});
    CPPUNIT_ASSERT(php.take_recipients && php.dots_are_text);
    CPPUNIT_ASSERT(read({"-ti"}).take_recipients && read({"-ti"}).dots_are_text);
  }

  void values_may_stand_apart() {
    const auto read_apart = read({"-r", "", "-F", "A B", "-V", "id", "c@d.test"});
    CPPUNIT_ASSERT_EQUAL(std::string(), read_apart.from.value());
    CPPUNIT_ASSERT_EQUAL(std::string("A B"), read_apart.full_name);
    CPPUNIT_ASSERT_EQUAL(std::string("id"), read_apart.envelope_id);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, read_apart.recipients.size());
  }

  // RFC 3461 §4
  void notices_are_asked_for_as_rfc_3461_names_them() {
    CPPUNIT_ASSERT_EQUAL(int(model::kNotifyNever), int(read({"-N", "never"}).notify));
    CPPUNIT_ASSERT_EQUAL(model::kNotifySuccess | model::kNotifyDelay,
                         int(read({"-Nsuccess,DELAY"}).notify));
    CPPUNIT_ASSERT(read({"-R", "hdrs"}).returns == model::ReturnContent::kHeaders);
    CPPUNIT_ASSERT(read({"-Rfull"}).returns == model::ReturnContent::kFull);
  }

  void options_of_old_are_passed_over() {
    const auto old = read({"-O", "DeliveryMode=b", "-odb", "-oeq", "-G", "-U", "-n", "-v", "-h",
                           "3", "-Am", "-Ltag", "-m", "-X", "/dev/null", "a@b.test"});
    CPPUNIT_ASSERT(old.mode == Mode::kSend);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, old.recipients.size());
  }

  void other_names_and_modes() {
    CPPUNIT_ASSERT(read_arguments({"mailq"}).value().mode == Mode::kShowQueue);
    CPPUNIT_ASSERT(read_arguments({"/usr/bin/newaliases"}).value().mode == Mode::kNothing);
    CPPUNIT_ASSERT(read({"-bs"}).mode == Mode::kConversation);
    CPPUNIT_ASSERT(read({"-bp"}).mode == Mode::kShowQueue);
    CPPUNIT_ASSERT(read({"-bm", "a"}).mode == Mode::kSend);
    CPPUNIT_ASSERT(read({"-bi"}).mode == Mode::kNothing);
    CPPUNIT_ASSERT(read({"-q15m"}).mode == Mode::kNothing);
    CPPUNIT_ASSERT(read_arguments({}).value().mode == Mode::kSend);
  }

  void unknown_options_are_passed_over_with_a_warning() {
    // What follows in the word is its value, not -t.
    const auto odd = read({"-M", "-Jt", "-s", "-iZ", "--help", "a@b.test"});
    CPPUNIT_ASSERT(odd.mode == Mode::kSend && odd.dots_are_text && !odd.take_recipients);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, odd.recipients.size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{5}, odd.warnings.size());
    CPPUNIT_ASSERT_EQUAL(std::string("unknown option passed over: -Jt"), odd.warnings.at(1));
    CPPUNIT_ASSERT(read({"-bv", "a@b.test"}).mode == Mode::kVerify);
    CPPUNIT_ASSERT(read({"-i", "a@b.test"}).warnings.empty());
  }

  void wrong_words_are_refused() {
    CPPUNIT_ASSERT(is_refused({"-bd"}));
    CPPUNIT_ASSERT(is_refused({"-f"}));
    CPPUNIT_ASSERT(is_refused({"-N", "always"}));
    CPPUNIT_ASSERT(is_refused({"-N", "never,success"}));
    CPPUNIT_ASSERT(is_refused({"-R", "some"}));
    CPPUNIT_ASSERT(is_refused({"-V", "a\r\nDATA"}));
    CPPUNIT_ASSERT(is_refused({"-V", std::string(101, 'a')}));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ArgumentsTest);

}  // namespace
}  // namespace fwd::sendmail
