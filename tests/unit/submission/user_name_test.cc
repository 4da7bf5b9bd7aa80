// Who calls is known by a number; what they are called is asked of others.
#include "service/submission/user_name.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cerrno>

namespace fwd::submission {
namespace {

class UserNameTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(UserNameTest);
  CPPUNIT_TEST(the_name_is_the_logins);
  CPPUNIT_TEST(somebody_without_an_entry_has_a_name_that_can_be_an_address);
  CPPUNIT_TEST(large_entries_are_asked_for_again);
  CPPUNIT_TEST(trouble_is_not_the_absence_of_a_user);
  CPPUNIT_TEST_SUITE_END();

  // Gives these errors, one a call, then what comes of the last.
  static FindUser finding(std::vector<int> errors, bool is_there = true) {
    return [errors = std::move(errors), is_there, call = std::size_t{0}](
               uid_t, passwd* entry, char*, std::size_t, passwd** found) mutable {
      static char name[] = "joe";
      const int error = call < errors.size() ? errors[call++] : 0;
      entry->pw_name = name;
      *found = error == 0 && is_there ? entry : nullptr;
      return error;
    };
  }

 public:
  void the_name_is_the_logins() { CPPUNIT_ASSERT_EQUAL(std::string("root"), user_name(0).value()); }

  void somebody_without_an_entry_has_a_name_that_can_be_an_address() {
    CPPUNIT_ASSERT_EQUAL(std::string("uid1234"), user_name(1234, finding({}, false)).value());
    CPPUNIT_ASSERT_EQUAL(std::string("uid1234"), user_name(1234, finding({ENOENT})).value());
  }

  void large_entries_are_asked_for_again() {
    CPPUNIT_ASSERT_EQUAL(std::string("joe"),
                         user_name(1, finding({ERANGE, ERANGE, EINTR})).value());
    CPPUNIT_ASSERT(!user_name(1, finding(std::vector<int>(1000, ERANGE))).ok());
  }

  void trouble_is_not_the_absence_of_a_user() {
    for (const int error : {EIO, EMFILE, ENOMEM, EAGAIN, ECONNREFUSED})
      CPPUNIT_ASSERT(user_name(1, finding({error})).failure().fault == Fault::kUnavailable);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(UserNameTest);

}  // namespace
}  // namespace fwd::submission
