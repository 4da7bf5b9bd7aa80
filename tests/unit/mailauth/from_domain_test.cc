// The author domain of a message.
#include "mailauth/dmarc/from_domain.h"

#include <cppunit/extensions/HelperMacros.h>

#include "core/text.h"

namespace fwd::mailauth {
namespace {

using Kind = FromDomain::Kind;

class FromDomainTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(FromDomainTest);
  CPPUNIT_TEST(one_address_has_one_domain);
  CPPUNIT_TEST(several_addresses_of_one_domain_have_one);
  CPPUNIT_TEST(bent_fields_are_read_where_they_can_mean_only_one_thing);
  CPPUNIT_TEST(two_domains_are_told_however_they_hide);
  CPPUNIT_TEST(no_field_and_two_fields_are_told);
  CPPUNIT_TEST(what_cannot_be_read_is_told);
  CPPUNIT_TEST_SUITE_END();

  static FromDomain from(const std::string& value) {
    return from_domain("Subject: x\r\nFrom: " + value +
                       "\r\nTo: a@to.example\r\n\r\nFrom: b@c\r\n");
  }
  static void one(const std::string& value, const std::string& domain) {
    const FromDomain found = from(value);
    CPPUNIT_ASSERT_MESSAGE(value, found.kind == Kind::kOne);
    CPPUNIT_ASSERT_EQUAL(domain, join(found.domains, " "));
    CPPUNIT_ASSERT(found.problem().empty());
  }
  static void is(Kind kind, const std::string& value, const std::string& domains = "") {
    const FromDomain found = from(value);
    CPPUNIT_ASSERT_MESSAGE(value, found.kind == kind);
    CPPUNIT_ASSERT_EQUAL(domains, join(found.domains, " "));
    CPPUNIT_ASSERT(!found.problem().empty());
  }

 public:
  // RFC 7489 §6.6.1
  void one_address_has_one_domain() {
    one("test@example.com", "example.com");
    one("Test User <test@Sub2.Example.BIZ>", "sub2.example.biz");
    one("\"Test, User\" <test@example.com>", "example.com");
    one("=?UTF-8?B?QmVkIEJhdGggJiBCZXlvbmQ=?=<BdBth&Byond@example.com>", "example.com");
    one("\"trap@example.net\" <test@example.com>", "example.com");
    one("test@example.com (also trap@example.net)", "example.com");
    one("Folded\r\n\t<\"a@b\"@example.com>", "example.com");
    one("J\xc3\xb6rg <j@b\xc3\xbc"
        "cher.example>",
        "xn--bcher-kva.example");
    one("<a@under_score.example>", "under_score.example");
  }

  void several_addresses_of_one_domain_have_one() {
    one("a@example.com, B <b@EXAMPLE.com>", "example.com");
    one("Team: a@example.com, b@example.com;", "example.com");
  }

  void bent_fields_are_read_where_they_can_mean_only_one_thing() {
    one("Example, Inc. <a@example.com>", "example.com");
    one("a@example.com <a@example.com>", "example.com");
    one("=?utf-8?Q?a@b.example?= c@d <x@d>", "d");
    one("A [Team] <a@example.com>", "example.com");
    one("<a@example.com", "example.com");
    one("<a@example .com>", "example.com");
    one("a@ example . (x) com", "example.com");
    one("a@example.com of Example <b@example.com>", "example.com");
  }

  void two_domains_are_told_however_they_hide() {
    is(Kind::kSeveralDomains, "Bad <spoof@example.org>,Test <test@example.com>",
       "example.org example.com");
    is(Kind::kSeveralDomains, "a@example.com <b@example.net>", "example.com example.net");
    is(Kind::kSeveralDomains, "<a@example.com> <b@example.net>", "example.com example.net");
    is(Kind::kSeveralDomains, "<@relay.example:b@example.net>", "relay.example example.net");
    is(Kind::kSeveralDomains, "a@1.x, a@2.x, a@3.x, a@4.x, a@5.x, a@1.x", "1.x 2.x 3.x 4.x 5.x");
    // None is left out where only some were looked at.
    is(Kind::kUnreadable, "a@1.x, a@2.x, a@3.x, a@4.x, a@5.x, a@6.x");
  }

  void no_field_and_two_fields_are_told() {
    CPPUNIT_ASSERT(from_domain("").kind == Kind::kNoField);
    CPPUNIT_ASSERT(from_domain("X-From: a@b\r\n\r\nFrom: a@b\r\n").kind == Kind::kNoField);
    const FromDomain two = from_domain("From: a@example.com\r\nfrom : b@example.net\r\n");
    CPPUNIT_ASSERT(two.kind == Kind::kSeveralFields);
    CPPUNIT_ASSERT_EQUAL(std::string("example.com example.net"), join(two.domains, " "));
    CPPUNIT_ASSERT(from_domain("From: <a@b.c> (\r\nFrom: a@d.e\r\n").kind == Kind::kUnreadable);
    // The same one twice is still two.
    CPPUNIT_ASSERT(from_domain("From: a@b.c\nFrom: a@b.c\n").kind == Kind::kSeveralFields);
  }

  void what_cannot_be_read_is_told() {
    is(Kind::kNoAddress, "\"Test User\"");
    is(Kind::kNoAddress, "");
    is(Kind::kNoAddress, "Undisclosed: ;");
    is(Kind::kNoAddress, "<>");
    is(Kind::kUnreadable, "a@[192.0.2.1]");
    is(Kind::kUnreadable, "a@");
    is(Kind::kUnreadable, "<a@>");
    is(Kind::kUnreadable, "a@b..c");
    is(Kind::kUnreadable, "<a@example com>");
    is(Kind::kUnreadable, "a@example com");
    is(Kind::kUnreadable, "\"a@example.com\"");
    is(Kind::kUnreadable, "\"a@example.com\" <root>");
    is(Kind::kUnreadable, "\"B\" <a@example.com> (");
    is(Kind::kUnreadable, "<a@example.com>\"");
    is(Kind::kUnreadable, "a@example.com\xff");
    is(Kind::kUnreadable, "\"open <a@example.com>");
    is(Kind::kUnreadable, "(open <a@example.com>");
    is(Kind::kUnreadable, "a@example.com, b@");
    is(Kind::kUnreadable, "<a@\xff.example>");
    is(Kind::kUnreadable, std::string(70000, 'a') + "@example.com");
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FromDomainTest);

}  // namespace
}  // namespace fwd::mailauth
