// What the DNS must say of a domain.
#include "model/published_records.h"

#include <cppunit/extensions/HelperMacros.h>

#include <map>

namespace fwd::test {
namespace {

model::Domain domain(const std::string& name) {
  model::Domain made;
  made.name = name;
  made.dkim_key_selector = "fe-1";
  made.dkim_public_key = std::string(392, 'A');
  made.dkim_ed25519_key_selector = "fe-2";
  made.dkim_ed25519_public_key = std::string(44, 'B');
  return made;
}

std::map<std::string, std::string> by_name(const std::vector<model::PublishedRecord>& records) {
  std::map<std::string, std::string> found;
  for (const model::PublishedRecord& record : records)
    found[record.type + ' ' + record.name] = record.value;
  return found;
}

}  // namespace

class PublishedRecordsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(PublishedRecordsTest);
  CPPUNIT_TEST(a_domain_has_all_that_others_ask_for);
  CPPUNIT_TEST(names_are_written_in_a_labels);
  CPPUNIT_TEST(a_name_has_one_spf_record);
  CPPUNIT_TEST(keys_that_are_not_there_have_no_record);
  CPPUNIT_TEST(a_host_that_nobody_can_find_is_refused);
  CPPUNIT_TEST(lines_are_those_of_a_master_file);
  CPPUNIT_TEST(long_texts_are_cut_into_strings);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_domain_has_all_that_others_ask_for() {
    const auto records = model::published_records(domain("example.test"), "mx.host.test");
    const std::map<std::string, std::string> expected = {
        {"MX example.test", "mx.host.test"},
        {"TXT example.test", "v=spf1 mx ~all"},
        {"TXT fe-1._domainkey.example.test", "v=DKIM1; k=rsa; p=" + std::string(392, 'A')},
        {"TXT fe-2._domainkey.example.test", "v=DKIM1; k=ed25519; p=" + std::string(44, 'B')},
        {"CNAME fe-bounces.example.test", "mx.host.test"},
        {"TXT _dmarc.example.test", "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.test"},
        {"TXT mx.host.test", "v=spf1 a -all"}};
    CPPUNIT_ASSERT(expected == by_name(records.value()));
    CPPUNIT_ASSERT_EQUAL(expected.size(), records.value().size());
  }

  void names_are_written_in_a_labels() {
    const auto records = model::published_records(domain("bücher.test"), "MX.Bücher.test.");
    for (const model::PublishedRecord& record : records.value()) {
      CPPUNIT_ASSERT(record.name.ends_with("xn--bcher-kva.test"));
      CPPUNIT_ASSERT(record.value.find("\xC3") == std::string::npos);
    }
    CPPUNIT_ASSERT_EQUAL(std::string("mx.xn--bcher-kva.test"), records.value()[0].value);
  }

  void a_name_has_one_spf_record() {
    const auto records = model::published_records(domain("host.test"), "host.test");
    int found = 0;
    for (const model::PublishedRecord& record : records.value())
      if (record.purpose == "spf") ++found;
    CPPUNIT_ASSERT_EQUAL(1, found);
  }

  void keys_that_are_not_there_have_no_record() {
    model::Domain bare;
    bare.name = "example.test";
    const auto records = model::published_records(bare, "mx.host.test");
    CPPUNIT_ASSERT_EQUAL(std::size_t{5}, records.value().size());
    for (const model::PublishedRecord& record : records.value())
      CPPUNIT_ASSERT(record.purpose != "dkim");
  }

  void a_host_that_nobody_can_find_is_refused() {
    for (const char* host : {"", "localhost", "two words.test", "a..test"})
      CPPUNIT_ASSERT(model::published_records(domain("example.test"), host).failure().fault ==
                     Fault::kBadInput);
    const std::string label(60, 'a');
    const std::string name = label + "." + label + "." + label + "." + label + ".test";
    CPPUNIT_ASSERT(!model::published_records(domain(name), "mx.host.test").ok());
  }

  void lines_are_those_of_a_master_file() {
    CPPUNIT_ASSERT_EQUAL(std::string("example.test. 3600 IN MX 10 mx.host.test.\n"),
                         model::zone_line({"example.test", "MX", 10, "mx.host.test", "mx"}));
    CPPUNIT_ASSERT_EQUAL(std::string("a.test. 3600 IN CNAME b.test.\n"),
                         model::zone_line({"a.test", "CNAME", 0, "b.test", "return-path"}));
    CPPUNIT_ASSERT_EQUAL(std::string("a.test. 3600 IN TXT \"say \\\"x;y\\\" \\\\ \\195\\188\"\n"),
                         model::zone_line({"a.test", "TXT", 0, "say \"x;y\" \\ ü", ""}));
    CPPUNIT_ASSERT_EQUAL(std::string("a.test. 3600 IN TXT \"\"\n"),
                         model::zone_line({"a.test", "TXT", 0, "", ""}));
  }

  // RFC 1035 §3.3.14, RFC 6376 §3.6.2.2.
  void long_texts_are_cut_into_strings() {
    const std::string text = std::string(255, 'a') + std::string(255, 'b') + "c";
    CPPUNIT_ASSERT_EQUAL("a.test. 3600 IN TXT \"" + std::string(255, 'a') + "\" \"" +
                             std::string(255, 'b') + "\" \"c\"\n",
                         model::zone_line({"a.test", "TXT", 0, text, ""}));
    CPPUNIT_ASSERT_EQUAL("a.test. 3600 IN TXT \"" + std::string(255, 'a') + "\"\n",
                         model::zone_line({"a.test", "TXT", 0, text.substr(0, 255), ""}));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PublishedRecordsTest);

}  // namespace fwd::test
