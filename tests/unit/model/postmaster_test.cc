// Who gets mail for <Postmaster>.
#include "model/postmaster.h"

#include <cppunit/extensions/HelperMacros.h>

#include <coroutine>
#include <optional>
#include <set>
#include <vector>

#include "core/ready.h"

namespace fwd::model {
namespace {

class Addresses final : public Deliveries {
 public:
  std::set<std::string> domains;
  std::vector<std::string> asked;

  Task<Outcome<Recipient>> resolve_recipient(RecipientQuestion question) override {
    const std::string address = std::move(question.address);
    asked.push_back(address);
    if (address == "postmaster@down.test") co_return Failure{Fault::kUnavailable, "", ""};
    Recipient found;
    found.address = address;
    const auto at = address.find('@');
    found.kind = at != std::string::npos && !domains.contains(address.substr(at + 1))
                     ? RecipientKind::kForeign
                     : RecipientKind::kAccepted;
    co_return found;
  }
  Task<Outcome<void>> deliver(Delivery) override { co_return Outcome<void>{}; }
};

class PostmasterTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(PostmasterTest);
  CPPUNIT_TEST(the_one_that_was_named_is_asked_alone);
  CPPUNIT_TEST(else_the_nearest_domain_of_ours_above_the_host);
  CPPUNIT_TEST(else_that_of_the_first_domain);
  CPPUNIT_TEST(trouble_is_no_reason_to_ask_another);
  CPPUNIT_TEST_SUITE_END();

  Addresses addresses_;

  static Task<void> keep(Task<Outcome<Recipient>> work, std::optional<Outcome<Recipient>>& into) {
    auto found = co_await std::move(work);
    into.emplace(std::move(found));
  }
  Outcome<Recipient> find(const std::string& named, const std::string& host) {
    std::optional<Outcome<Recipient>> found;
    auto work = keep(find_postmaster(addresses_, named, host), found);
    work.start(std::noop_coroutine());
    run_ready();
    return found.value();
  }

 public:
  void the_one_that_was_named_is_asked_alone() {
    CPPUNIT_ASSERT_EQUAL(std::string("x@o.test"),
                         find("x@o.test", "mx.example.test").value().address);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, addresses_.asked.size());
  }

  void else_the_nearest_domain_of_ours_above_the_host() {  // RFC 5321 §4.5.1
    addresses_.domains = {"example.test", "test"};
    CPPUNIT_ASSERT_EQUAL(std::string("postmaster@example.test"),
                         find("", "mx.example.test").value().address);
  }

  void else_that_of_the_first_domain() {
    CPPUNIT_ASSERT_EQUAL(std::string("postmaster"), find("", "mx.example.test").value().address);
    CPPUNIT_ASSERT((addresses_.asked == std::vector<std::string>{"postmaster@mx.example.test",
                                                                 "postmaster@example.test",
                                                                 "postmaster@test", "postmaster"}));
  }

  void trouble_is_no_reason_to_ask_another() {
    addresses_.domains = {"test"};
    CPPUNIT_ASSERT(find("", "down.test").failure().fault == Fault::kUnavailable);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PostmasterTest);

}  // namespace
}  // namespace fwd::model
