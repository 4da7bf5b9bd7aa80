// Which domain passes mail on to which destination.
#include "model/forward_share.h"

#include <cppunit/extensions/HelperMacros.h>

namespace fwd::model {
namespace {

Destination to(const std::string& address, const std::string& alias_id,
               const std::string& domain_id) {
  Destination one;
  one.address = address;
  one.alias_id = alias_id;
  one.domain_id = domain_id;
  return one;
}

class ForwardShareTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ForwardShareTest);
  CPPUNIT_TEST(each_domain_has_what_it_names);
  CPPUNIT_TEST(without_a_chain_all_is_the_domains_own);
  CPPUNIT_TEST_SUITE_END();

  Recipient found_;

 public:
  void setUp() override {
    found_.domain_id = "d1";
    found_.domain = "one.test";
    found_.alias_id = "a1";
  }

  void each_domain_has_what_it_names() {
    found_.passed = {{"d2", "two.test", {}}};
    const auto shares = share_out(
        found_, {to("x", "a2", "d2"), to("y", "a9", "d1"), to("z", "a3", "d2"), to("w", "", "d2")});
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, shares.size());
    CPPUNIT_ASSERT(shares[0].domain_id == "d2" && shares[0].domain == "two.test");
    CPPUNIT_ASSERT(shares[0].alias_id == "a2" && shares[0].destinations.size() == 3);
    CPPUNIT_ASSERT_EQUAL(std::string("z"), shares[0].destinations[1].address);
    // In its own domain the alias that was written to answers for all.
    CPPUNIT_ASSERT(shares[1].domain_id == "d1" && shares[1].domain == "one.test");
    CPPUNIT_ASSERT(shares[1].alias_id == "a1" && shares[1].destinations.size() == 1);
  }

  void without_a_chain_all_is_the_domains_own() {
    CPPUNIT_ASSERT(share_out(found_, {}).empty());
    const auto shares = share_out(found_, {to("x", "a1", ""), to("y", "a1", "d1")});
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, shares.size());
    CPPUNIT_ASSERT(shares[0].domain_id == "d1" && shares[0].destinations.size() == 2);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ForwardShareTest);

}  // namespace
}  // namespace fwd::model
