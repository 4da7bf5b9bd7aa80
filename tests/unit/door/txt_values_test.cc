// Sealed values of TXT records.
#include "door/txt_values.h"

#include <cppunit/extensions/HelperMacros.h>

#include "tests/unit/door/sending_scene.h"

namespace fwd::door {
namespace {

class TxtValuesTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(TxtValuesTest);
  CPPUNIT_TEST(what_was_sealed_is_opened_among_others);
  CPPUNIT_TEST(a_record_of_another_domain_or_server_is_not_taken);
  CPPUNIT_TEST(values_have_a_bound);
  CPPUNIT_TEST(the_door_resolves_by_sealed_records);
  CPPUNIT_TEST_SUITE_END();

  TxtValues txt_{mailbox::key_of('k'), "forward-email"};

 public:
  void what_was_sealed_is_opened_among_others() {
    const std::string record = get(txt_.seal("example.test", " hello:friend@example.org "));
    CPPUNIT_ASSERT(record.starts_with("forward-email=") && record.find('@') == std::string::npos);
    const auto opened =
        get(txt_.open("example.test", {"v=spf1 -all", record, "forward-email=a@b.test"}));
    CPPUNIT_ASSERT(
        (opened == std::vector<std::string>{"v=spf1 -all", "forward-email=hello:friend@example.org",
                                            "forward-email=a@b.test"}));
  }

  void a_record_of_another_domain_or_server_is_not_taken() {
    const std::string record = get(txt_.seal("example.test", "a@b.test"));
    assert_fault(Fault::kUnavailable, txt_.open("other.test", {record}));
    const TxtValues other(mailbox::key_of('l'), "forward-email");
    assert_fault(Fault::kUnavailable, other.open("example.test", {record}));
    // What is too short for a sealed value is left to who reads it.
    CPPUNIT_ASSERT(txt_.open("example.test", {"forward-email=YWJj"}).ok());
  }

  void values_have_a_bound() {
    assert_fault(Fault::kBadInput, txt_.seal("example.test", " "));
    assert_fault(Fault::kBadInput, txt_.seal("example.test", std::string(2001, 'x')));
    CPPUNIT_ASSERT(txt_.seal("example.test", std::string(2000, 'x')).ok());
  }

  void the_door_resolves_by_sealed_records() {
    SendingScene scene;
    auto& directory = scene.door->directory();
    model::Domain domain = get(scene.run(directory.get_domain("example.test")));
    domain.uses_dns_aliases = true;
    domain = get(scene.run(directory.put_domain(domain)));
    const std::string record =
        get(scene.run(directory.seal_txt_value(domain.id, "far:friend@example.org")));
    auto& deliveries = scene.door->deliveries();
    CPPUNIT_ASSERT(get(scene.run(deliveries.find_recipient("far@example.test"))).kind ==
                   model::RecipientKind::kAsksDns);
    model::RecipientQuestion question{"far@example.test"};
    question.records = {record};
    const auto found = get(scene.run(deliveries.resolve_recipient(question)));
    CPPUNIT_ASSERT(found.kind == model::RecipientKind::kAccepted && found.size_limit == 0);
    CPPUNIT_ASSERT_EQUAL(std::string("friend@example.org"), found.destinations.at(0).address);
    // A return path asks by the domain of who sent.
    get(scene.submit(scene.log_in(), scene.message("hello@example.test")));
    question.address = scene.claim().at(0).return_path;
    auto path = get(scene.run(deliveries.resolve_recipient(question)));
    CPPUNIT_ASSERT(path.kind == model::RecipientKind::kAccepted && path.is_return_path);
    question.records.reset();
    path = get(scene.run(deliveries.resolve_recipient(question)));
    CPPUNIT_ASSERT(path.kind == model::RecipientKind::kAsksDns && path.domain == "example.test");
    assert_fault(Fault::kNotFound, scene.run(directory.seal_txt_value("nowhere.test", "x")));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TxtValuesTest);

}  // namespace
}  // namespace fwd::door
