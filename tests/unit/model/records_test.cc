// The records' JSON form, their rules, and setting fields by hand.
#include "model/records.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace fwd;
using namespace fwd::model;

namespace {

const std::string kId = "0123456789abcdef01234567";

User good_user() {
  User user;
  user.id = kId;
  user.email = " Ada@Example.TEST ";
  user.given_name = "Ada";
  user.family_name = "Love\"lace";
  normalise(user);
  return user;
}

Domain good_domain() {
  Domain domain;
  domain.id = kId;
  domain.name = "Example.TEST.";
  domain.verification_record = "abcDEF1234";
  domain.dkim_key_selector = "fe-1234567890";
  domain.members = {{kId, "admin"}};
  normalise(domain);
  return domain;
}

Alias good_alias(const std::string& name = "hello") {
  Alias alias;
  alias.id = alias.domain = kId;
  alias.name = name;
  alias.recipients = {"Ada@Example.ORG", "ada@example.org", "https://Hook.test/Path"};
  normalise(alias);
  return alias;
}

std::string why(const Outcome<void>& outcome) {
  return outcome.ok() ? "" : outcome.failure().public_text;
}

}  // namespace

class RecordsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(RecordsTest);
  CPPUNIT_TEST(test_a_record_comes_back_equal_from_its_json);
  CPPUNIT_TEST(test_unknown_fields_are_kept_and_never_shown);
  CPPUNIT_TEST(test_hidden_fields_are_not_shown);
  CPPUNIT_TEST(test_missing_fields_get_their_defaults);
  CPPUNIT_TEST(test_a_wrong_type_is_named);
  CPPUNIT_TEST(test_normalising_makes_the_stored_form);
  CPPUNIT_TEST(test_a_broken_rule_names_field_and_rule);
  CPPUNIT_TEST(test_domain_names_have_a_labels);
  CPPUNIT_TEST(test_alias_names);
  CPPUNIT_TEST(test_an_alias_answers_to_its_domain);
  CPPUNIT_TEST(test_domain_members_need_an_admin);
  CPPUNIT_TEST(test_a_webhook_may_not_lead_inside);
  CPPUNIT_TEST(test_fields_are_set_from_text);
  CPPUNIT_TEST(test_dates_are_iso_8601);
  CPPUNIT_TEST(test_json_is_bounded);
  CPPUNIT_TEST_SUITE_END();

  void test_a_record_comes_back_equal_from_its_json() {
    User user = good_user();
    user.created_at = Date{1767225600123};
    user.api_token = "secret";
    user.passkeys = {{"key", "cred", "pem", "sum", Date{1000}}};
    CPPUNIT_ASSERT(decode_user(encode_record(user, true)).value() == user);
    Domain domain = good_domain();
    domain.invites = {{"bob@example.org", "admin", "tok", Date{5000}}};
    domain.tokens = {{kId, kId, "printer", "hash", "scram", Date{}}};
    domain.custom_verification.subject = "Grüße";
    CPPUNIT_ASSERT(decode_domain(encode_record(domain, true)).value() == domain);
    Alias alias = good_alias();
    alias.settings.set("mail", format::Json(true));
    alias.aps = {{"acc", "dev", "com.apple.mobilemail", {"INBOX"}}};
    alias.vacation_responder.start_date = Date{86400000};
    CPPUNIT_ASSERT(decode_alias(encode_record(alias, true)).value() == alias);
  }

  void test_unknown_fields_are_kept_and_never_shown() {
    const auto user = decode_user(R"({"email":"a@b.test","of_tomorrow":{"x":[1,2]}})");
    const std::string stored = encode_record(user.value(), true);
    CPPUNIT_ASSERT(stored.find(R"("of_tomorrow":{"x":[1,2]})") != std::string::npos);
    CPPUNIT_ASSERT(decode_user(stored).value() == user.value());
    CPPUNIT_ASSERT(encode_record(user.value(), false).find("tomorrow") == std::string::npos);
  }

  void test_hidden_fields_are_not_shown() {
    User user = good_user();
    user.hash = user.salt = user.api_token = user.otp_token = user.reset_token = "s3cret";
    user.otp_recovery_keys = {"s3cret"};
    CPPUNIT_ASSERT(encode_record(user, false).find("s3cret") == std::string::npos);
    CPPUNIT_ASSERT(encode_record(user, true).find("s3cret") != std::string::npos);
    Domain domain = good_domain();
    domain.webhook_key = domain.dkim_private_key = domain.s3_access_key_id = "s3cret";
    domain.tokens = {{kId, kId, "d", "s3cret", "s3cret", Date{}}};
    domain.invites = {{"a@b.test", "user", "s3cret", Date{}}};
    CPPUNIT_ASSERT(encode_record(domain, false).find("s3cret") == std::string::npos);
    CPPUNIT_ASSERT(encode_record(domain, false).find(R"("smtp_port":"25")") != std::string::npos);
    CPPUNIT_ASSERT(encode_record(domain, false).find(R"("object":"domain")") != std::string::npos);
  }

  void test_missing_fields_get_their_defaults() {
    const Domain domain = decode_domain("{}").value();
    CPPUNIT_ASSERT(domain.has_virus_protection);
    CPPUNIT_ASSERT_EQUAL(std::string("fe-bounces"), domain.return_path);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{250}, decode_alias("{}").value().error_code_if_disabled);
    CPPUNIT_ASSERT_EQUAL(std::string("user"), decode_user(R"({"group":null})").value().group);
  }

  void test_a_wrong_type_is_named() {
    CPPUNIT_ASSERT_EQUAL(std::string("smtp_port must be text"),
                         decode_domain(R"({"smtp_port":25})").failure().public_text);
    CPPUNIT_ASSERT_EQUAL(std::string("recipients must be a list of texts"),
                         decode_alias(R"({"recipients":[1]})").failure().public_text);
    CPPUNIT_ASSERT_EQUAL(std::string("created_at must be a date such as 2026-01-31T12:00:00Z"),
                         decode_user(R"({"created_at":"soon"})").failure().public_text);
    CPPUNIT_ASSERT(!decode_user("[1]").ok());
    CPPUNIT_ASSERT(!decode_user("{\"a\":").ok());
  }

  void test_normalising_makes_the_stored_form() {
    const User user = good_user();
    CPPUNIT_ASSERT_EQUAL(std::string("ada@example.test"), user.email);
    CPPUNIT_ASSERT_EQUAL(std::string("Ada Love\"lace"), user.display_name);
    CPPUNIT_ASSERT_EQUAL(std::string("\"Ada Love\\\"lace\" <ada@example.test>"), user.full_email);
    CPPUNIT_ASSERT_EQUAL(std::string("example.test"), good_domain().name);
    const Alias alias = good_alias(" HELLO ");
    CPPUNIT_ASSERT_EQUAL(std::string("hello"), alias.name);
    CPPUNIT_ASSERT((alias.recipients ==
                    std::vector<std::string>{"ada@example.org", "https://Hook.test/Path"}));
    const Alias all = good_alias("***");
    CPPUNIT_ASSERT_EQUAL(std::string("*"), all.name);
    CPPUNIT_ASSERT_EQUAL(std::string("catch-all"), all.labels.at(0));
  }

  void test_a_broken_rule_names_field_and_rule() {
    CPPUNIT_ASSERT_EQUAL(std::string(), why(check(good_user())));
    CPPUNIT_ASSERT_EQUAL(std::string(), why(check(good_domain())));
    CPPUNIT_ASSERT_EQUAL(std::string(), why(check(good_alias())));
    User user = good_user();
    user.email = "nobody";
    CPPUNIT_ASSERT_EQUAL(std::string("email must be an e-mail address"), why(check(user)));
    user = good_user();
    user.group = "root";
    CPPUNIT_ASSERT_EQUAL(std::string("group must be one of admin|user"), why(check(user)));
    Domain domain = good_domain();
    domain.retention_days = 31;
    CPPUNIT_ASSERT_EQUAL(std::string("retention_days must be from 0 to 30"), why(check(domain)));
    domain = good_domain();
    domain.denylist = {"*.uk", "bad host"};
    CPPUNIT_ASSERT(why(check(domain)).starts_with("an entry of denylist must be"));
    Alias alias = good_alias();
    alias.error_code_if_disabled = 451;
    CPPUNIT_ASSERT_EQUAL(std::string("error_code_if_disabled must be one of 250|421|550"),
                         why(check(alias)));
    alias = good_alias();
    alias.recipients.clear();
    CPPUNIT_ASSERT(!check(alias).ok());
    alias.has_imap = true;
    CPPUNIT_ASSERT(check(alias).ok());
    alias.vacation_responder.start_date = alias.vacation_responder.end_date = Date{5};
    CPPUNIT_ASSERT(!check(alias).ok());
  }

  // A domain nobody can ask DNS for gets no mail.
  void test_domain_names_have_a_labels() {
    for (const char* name : {"example.test", "münchen.test", "xn--mnchen-3ya.test", "192.0.2.1"}) {
      Domain domain = good_domain();
      domain.name = name;
      CPPUNIT_ASSERT_EQUAL(std::string(), why(check(domain)));
    }
    for (const char* name :
         {"test", "a_b.test",
          "\xE2\x80\xAE"
          "abc.test",
          "\xEF\xBF\xBD.test", "☃.test", "a\xC2\x85z.test", "-a.test", "a..test"}) {
      Domain domain = good_domain();
      domain.name = name;
      CPPUNIT_ASSERT_EQUAL(std::string("name must be a full domain name"), why(check(domain)));
    }
    Alias alias = good_alias();
    alias.recipients = {
        "a@\xE2\x80\xAE"
        "abc.test"};
    CPPUNIT_ASSERT(!check(alias).ok());
    alias.recipients = {"a\xC2\x9Bz@example.org"};
    CPPUNIT_ASSERT(!check(alias).ok());
  }

  void test_alias_names() {
    for (const char* name : {"hello", "a.b-c_d", "grüße", "o'neil", "*", "/^shop-.*$/i"})
      CPPUNIT_ASSERT_EQUAL(std::string(), why(check(good_alias(name))));
    for (const char* name :
         {"a+b", "!no", "a b", "a@b", "/half", "a\"b", "a*", "\x01", "a\xC2\x85z", "a\xE2\x80\xAEz",
          "a\xE2\x80\x8Bz", "a\xC2\xA0z", "a\xEF\xBF\xBDz", "\xFF"})
      CPPUNIT_ASSERT_MESSAGE(name, why(check(good_alias(name))).starts_with("name "));
    CPPUNIT_ASSERT(!check(good_alias(std::string(65, 'a'))).ok());
    for (const char* name : {"*", "/^x$/"}) {
      Alias alias = good_alias(name);
      alias.has_imap = true;
      CPPUNIT_ASSERT(why(check(alias)).starts_with("has_imap "));
    }
    Alias alias = good_alias("*");
    alias.is_enabled = false;
    CPPUNIT_ASSERT(why(check(alias)).starts_with("is_enabled "));
  }

  void test_an_alias_answers_to_its_domain() {
    Domain domain = good_domain();
    Alias alias = good_alias();
    CPPUNIT_ASSERT(check_in_domain(alias, domain).ok());
    alias.recipients = {"hello@example.test"};
    CPPUNIT_ASSERT(!check_in_domain(alias, domain).ok());
    alias.recipients.clear();
    for (int i = 0; i < 11; ++i) alias.recipients.push_back(std::to_string(i) + "@example.org");
    CPPUNIT_ASSERT_EQUAL(std::string("recipients has more than 10 entries"),
                         why(check_in_domain(alias, domain)));
    domain.max_recipients_per_alias = 11;
    CPPUNIT_ASSERT(check_in_domain(alias, domain).ok());
    domain.has_regex = false;
    CPPUNIT_ASSERT(!check_in_domain(good_alias("/x/"), domain).ok());
    domain.has_catchall = false;
    CPPUNIT_ASSERT(!check_in_domain(good_alias("*"), domain).ok());
  }

  void test_domain_members_need_an_admin() {
    Domain domain = good_domain();
    domain.members = {{kId, "user"}};
    CPPUNIT_ASSERT_EQUAL(std::string("members must have an admin"), why(check(domain)));
    domain.members = {{kId, "admin"}, {kId, "user"}};
    CPPUNIT_ASSERT_EQUAL(std::string("members must not name a user twice"), why(check(domain)));
  }

  void test_a_webhook_may_not_lead_inside() {
    Domain domain = good_domain();
    for (const char* url : {"http://localhost/x", "http://127.0.0.1/", "https://10.1.2.3:99/",
                            "http://[::1]/", "http://[fd00::1]/", "http://192.168.0.9",
                            "https://a@b.test/", "http://[::ffff:10.0.0.1]/", "ftp://x.test/"}) {
      domain.bounce_webhook = url;
      CPPUNIT_ASSERT_MESSAGE(url, !check(domain).ok());
    }
    domain.bounce_webhook = "https://hooks.example.org:8443/a?b";
    CPPUNIT_ASSERT(check(domain).ok());
  }

  void test_fields_are_set_from_text() {
    Domain domain = good_domain();
    CPPUNIT_ASSERT(set_field(domain, "has_smtp", "yes").ok() && domain.has_smtp);
    CPPUNIT_ASSERT(set_field(domain, "max_quota_per_alias", "2 GB").ok());
    CPPUNIT_ASSERT_EQUAL(2 * kGigabyte, domain.max_quota_per_alias);
    CPPUNIT_ASSERT(set_field(domain, "denylist", "a.test, b.test").ok());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, domain.denylist.size());
    for (const char* name : {"id", "members", "webhook_key", "nothing", "created_at"})
      CPPUNIT_ASSERT_MESSAGE(name, !set_field(domain, name, "x").ok());
    CPPUNIT_ASSERT(!set_field(domain, "has_smtp", "perhaps").ok());
    for (const char* size : {"", "x", "1 zb", "-1", "99999999999 tb", "1 kbb"})
      CPPUNIT_ASSERT_MESSAGE(size, !parse_size(size).ok());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{512}, parse_size("512 b").value());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1536}, parse_size(" 1536 ").value());
  }

  void test_dates_are_iso_8601() {
    CPPUNIT_ASSERT_EQUAL(std::string("2026-01-01T00:00:00.007Z"), format_date(Date{1767225600007}));
    for (const char* text : {"2026-01-01T00:00:00.007Z", "2026-01-01T01:30:00.007+01:30",
                             "2026-01-01T00:00:00.0079Z", "2026-01-01 00:00:00.007z"})
      CPPUNIT_ASSERT_MESSAGE(text, parse_date(text) == Date{1767225600007});
    CPPUNIT_ASSERT(parse_date("2026-01-01") == Date{1767225600000});
    for (const char* text : {"", "2026", "2026-02-30", "2026-01-01T25:00:00Z", "2026-01-01T00:00",
                             "2026-01-01T00:00:00", "2026-01-01T00:00:00Zx", "1969-01-01"})
      CPPUNIT_ASSERT_MESSAGE(text, !parse_date(text));
  }

  void test_json_is_bounded() {
    CPPUNIT_ASSERT(!format::parse_json(std::string(40, '[') + std::string(40, ']')).ok());
    CPPUNIT_ASSERT(format::parse_json(std::string(30, '[') + std::string(30, ']')).ok());
    format::JsonLimits limits;
    limits.octets = 3;
    CPPUNIT_ASSERT(!format::parse_json("[1,2]", limits).ok());
    limits = {};
    limits.values = 2;
    CPPUNIT_ASSERT(!format::parse_json("[1,2]", limits).ok());
    CPPUNIT_ASSERT_EQUAL(std::string("{\"a\":2}"),
                         format::write_json(format::parse_json("{\"a\":1,\"a\":2}").value()));
    CPPUNIT_ASSERT_EQUAL(std::string("\"\xef\xbf\xbd\""), format::write_json(format::Json("\xff")));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RecordsTest);
