// Authentication-Results: written, read, and taken away.
#include "mailauth/results/authentication_results.h"

#include <cppunit/extensions/HelperMacros.h>

#include "core/text.h"
#include "format/header_lines.h"
#include "mailauth/results/forged_results.h"

namespace fwd::mailauth {
namespace {

class AuthenticationResultsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(AuthenticationResultsTest);
  CPPUNIT_TEST(the_published_examples_are_read);
  CPPUNIT_TEST(the_example_with_many_comments_is_read);
  CPPUNIT_TEST(the_published_examples_are_written);
  CPPUNIT_TEST(a_field_is_folded);
  CPPUNIT_TEST(nothing_can_be_slipped_in);
  CPPUNIT_TEST(values_are_quoted_where_they_must_be);
  CPPUNIT_TEST(bent_fields_are_read);
  CPPUNIT_TEST(what_is_no_result_is_refused);
  CPPUNIT_TEST(reading_is_bounded);
  CPPUNIT_TEST(results_in_our_name_are_found);
  CPPUNIT_TEST(results_that_hide_our_name_are_found);
  CPPUNIT_TEST(results_of_others_stay);
  CPPUNIT_TEST_SUITE_END();

  static AuthenticationResults read(std::string_view value) {
    auto found = parse_authentication_results(value);
    CPPUNIT_ASSERT_MESSAGE(std::string(value), found);
    return *found;
  }
  // "method=word property=value …; …" in one line.
  static std::string shown(const AuthenticationResults& field) {
    std::string text = field.authserv_id;
    for (const MethodResult& result : field.results) {
      text += "; " + result.method + "=" + result.word;
      if (!result.comment.empty()) text += " (" + result.comment + ")";
      if (!result.reason.empty()) text += " reason=" + result.reason;
      for (const auto& [name, value] : result.properties) text += " " + name + "=" + value;
    }
    return text;
  }
  static std::string line(const std::string& method, const std::string& word,
                          const std::string& comment, const std::string& property,
                          const std::string& value) {
    return authentication_results_line("mx.example",
                                       {{method, word, comment, {{property, value}}, {}}});
  }
  // The header without what is forged, and what stands behind it.
  static std::string kept(const std::string& message) {
    std::string out;
    std::size_t size = 0;
    format::HeaderLines lines(message);
    while (const auto line = lines.next()) {
      size += line->raw.size();
      if (!is_forged_results(*line, {"mx.example.com", "example.com"})) out += line->raw;
    }
    return out + message.substr(size);
  }
  static bool is_forged(const std::string& value, const std::vector<std::string>& names) {
    const std::string field = results(value);
    return is_forged_results(format::HeaderLines(field).next().value(), names);
  }
  static std::string results(const std::string& value) {
    return "Authentication-Results: " + value + "\r\n";
  }

 public:
  // RFC 8601 §B.2 to §B.6
  void the_published_examples_are_read() {
    AuthenticationResults field = read(" example.org 1; none");
    CPPUNIT_ASSERT_EQUAL(std::string("example.org"), field.authserv_id);
    CPPUNIT_ASSERT_EQUAL(std::string("1"), field.version);
    CPPUNIT_ASSERT(field.results.empty());
    CPPUNIT_ASSERT_EQUAL(
        std::string("example.com; spf=pass smtp.mailfrom=example.net"),
        shown(read(" example.com;\r\n          spf=pass smtp.mailfrom=example.net")));
    CPPUNIT_ASSERT_EQUAL(
        std::string("example.com; auth=pass (cram-md5) smtp.auth=sender@example.net; "
                    "spf=pass smtp.mailfrom=example.net"),
        shown(read("example.com; auth=pass (cram-md5) smtp.auth=sender@example.net; "
                   "spf=pass smtp.mailfrom=example.net")));
    CPPUNIT_ASSERT_EQUAL(std::string("example.com; iprev=pass policy.iprev=192.0.2.200"),
                         shown(read("example.com; iprev=pass policy.iprev=192.0.2.200")));
    field = read(
        "example.com; dkim=pass reason=\"good signature\" header.i=@mail-router.example.net; "
        "dkim=fail reason=\"bad signature\" header.i=@newyork.example.com");
    CPPUNIT_ASSERT_EQUAL(std::string("good signature"), field.results[0].reason);
    CPPUNIT_ASSERT_EQUAL(std::string("@newyork.example.com"),
                         field.results[1].properties[0].second);
    CPPUNIT_ASSERT(field.find("dkim") == field.results.data());
    CPPUNIT_ASSERT(field.find("spf") == nullptr);
  }

  // RFC 8601 §B.7
  void the_example_with_many_comments_is_read() {
    const AuthenticationResults field = read(
        " foo.example.net (foobar) 1 (baz);\r\n"
        "    dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n"
        "      policy (A dot can go here) . (like that) expired\r\n"
        "      (this surprised me) = (as I wasn't expecting it) 1362471462");
    CPPUNIT_ASSERT_EQUAL(std::string("foo.example.net; dkim=fail policy.expired=1362471462"),
                         shown(field));
    CPPUNIT_ASSERT_EQUAL(std::string("1"), field.version);
  }

  void the_published_examples_are_written() {
    CPPUNIT_ASSERT_EQUAL(std::string("Authentication-Results: example.org; none\r\n"),
                         authentication_results_line("example.org", {}));
    CPPUNIT_ASSERT_EQUAL(std::string("; none"), resinfo_text({}));
    CPPUNIT_ASSERT_EQUAL(std::string("Authentication-Results: mx.example;\r\n"
                                     "\tspf=pass smtp.mailfrom=example.net\r\n"),
                         line("spf", "pass", "", "smtp.mailfrom", "example.net"));
    const std::string two = resinfo_text(
        {{"dkim", "pass", "", {{"header.i", "@mail-router.example.net"}}, "good signature"},
         {"dkim", "fail", "", {{"header.i", "@newyork.example.com"}}, "bad signature"}});
    CPPUNIT_ASSERT_EQUAL(
        std::string(";\r\n\tdkim=pass reason=\"good signature\" header.i=@mail-router.example.net;"
                    "\r\n\tdkim=fail reason=\"bad signature\" header.i=@newyork.example.com"),
        two);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, read("example.com" + two).results.size());
  }

  void a_field_is_folded() {
    const std::string field = authentication_results_line(
        "mx.example",
        {{"dkim",
          "pass",
          "a comment of a good many words, which goes on and on and needs a second line",
          {{"header.d", std::string(40, 'd') + ".example"}, {"header.s", std::string(40, 's')}},
          {}}});
    for (const std::string_view one : split(field, '\n')) {
      CPPUNIT_ASSERT(one.size() <= 79);
      if (!one.empty()) CPPUNIT_ASSERT(one.ends_with('\r'));
    }
    CPPUNIT_ASSERT_EQUAL(
        std::string("mx.example; dkim=pass (a comment of a good many words, which goes on and on "
                    "and needs a second line) header.d=" +
                    std::string(40, 'd') + ".example header.s=" + std::string(40, 's')),
        [&field] {
          AuthenticationResults again = read(field.substr(field.find(':') + 1));
          for (char& c : again.results[0].comment)
            if (c == '\t') c = ' ';
          return shown(again);
        }());
  }

  void nothing_can_be_slipped_in() {
    const std::string evil = "x\r\nSubject: y\r\n\r\n;spf=pass \"(\\)\x01\x7f";
    for (const std::string& field :
         {line("spf", "fail", evil, "smtp.mailfrom", "a"),
          line("spf", "fail", "", "smtp.helo", evil), authentication_results_line(evil, {})}) {
      std::size_t lines = 0;
      for (std::size_t at = field.find('\n'); at != field.npos; at = field.find('\n', at + 1)) {
        CPPUNIT_ASSERT(field[at - 1] == '\r');
        CPPUNIT_ASSERT(at + 1 == field.size() || field[at + 1] == '\t');
        ++lines;
      }
      CPPUNIT_ASSERT(lines <= 3);
      const AuthenticationResults again = read(field.substr(field.find(':') + 1));
      CPPUNIT_ASSERT(again.results.size() <= 1);
      CPPUNIT_ASSERT(again.results.empty() || again.results[0].word == "fail");
    }
    // Words that are no words are left out.
    CPPUNIT_ASSERT_EQUAL(std::string("; none"), resinfo_text({{"spf", "pass;x", "", {}, {}}}));
    CPPUNIT_ASSERT_EQUAL(std::string("; none"), resinfo_text({{"", "pass", "", {}, {}}}));
    CPPUNIT_ASSERT_EQUAL(
        std::string(";\r\n\tspf=pass"),
        resinfo_text({{"spf", "pass", "", {{"smtp", "x"}, {"a b.c", "x"}, {"a.b.c", "x"}}, {}}}));
  }

  void values_are_quoted_where_they_must_be() {
    const auto written = [](const std::string& value) {
      std::string field = line("x", "pass", "", "a.b", value);
      field = field.substr(field.find("a.b=") + 4);
      return field.substr(0, field.size() - 2);
    };
    for (const char* plain :
         {"example.com", "a@example.com", "@example.com", "a+b=c@example.com", "rsa-sha256", "i"})
      CPPUNIT_ASSERT_EQUAL(std::string(plain), written(plain));
    CPPUNIT_ASSERT_EQUAL(std::string("\"2001:db8::1\""), written("2001:db8::1"));
    CPPUNIT_ASSERT_EQUAL(std::string("\"ab/cd+=\""), written("ab/cd+="));
    CPPUNIT_ASSERT_EQUAL(std::string("\"\""), written(""));
    CPPUNIT_ASSERT_EQUAL(std::string("\"a\\\"b\\\\c\""), written("a\"b\\c"));
    CPPUNIT_ASSERT_EQUAL(std::string("\"\\\"a b\\\"@example.com\""),
                         written("\"a b\"@example.com"));
    CPPUNIT_ASSERT_EQUAL(std::string("j?rg@xn--bcher-kva.example"), written("j\xc3\xb6rg@b\xc3\xbc"
                                                                            "cher.example"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{400}, written(std::string(9999, 'a')).size());
  }

  void bent_fields_are_read() {
    CPPUNIT_ASSERT_EQUAL(
        std::string("mail.example; iprev=pass (mout.example) policy.iprev=2001:748:100:40::2:2"),
        shown(
            read("mail.example; iprev=pass policy.iprev=\"2001:748:100:40::2:2\" (mout.example)")));
    CPPUNIT_ASSERT_EQUAL(std::string("mail.example; iprev=pass policy.iprev=2001:db8::1"),
                         shown(read("mail.example; iprev=pass policy.iprev=2001:db8::1")));
    CPPUNIT_ASSERT_EQUAL(
        std::string("mail.example; dkim=pass (1024-bit key) header.b=Qgi/FoC0; "
                    "dmarc=none (p=none) action=none header.from=example.net"),
        shown(read("mail.example; dkim=pass (1024-bit key) header.b=Qgi/FoC0;dmarc=none (p=none) "
                   "action=none header.from=example.net;")));
    CPPUNIT_ASSERT_EQUAL(std::string("a.example; spf=none smtp.mailfrom="),
                         shown(read("a.example; spf=none smtp.mailfrom=;")));
    CPPUNIT_ASSERT_EQUAL(std::string("a b; spf=pass (x(y)z) smtp.mailfrom=a b@c"),
                         shown(read("\"a b\"; SPF=Pass (x(y)z) smtp.MailFrom=\"a b\"@c")));
    CPPUNIT_ASSERT_EQUAL(std::string("a; x-tls=pass smtp.tlsversion=TLSv1.2"),
                         shown(read("a; x-tls=pass smtp.TLSversion=TLSv1.2")));
    CPPUNIT_ASSERT_EQUAL(std::string("b\xc3\xbc"
                                     "cher.example"),
                         read("b\xc3\xbc"
                              "cher.example; none")
                             .authserv_id);
  }

  void what_is_no_result_is_refused() {
    for (const std::string& bad : {std::string(),
                                   std::string(";"),
                                   std::string("example.com"),
                                   std::string("example.com;"),
                                   std::string("example.com; none; spf=pass"),
                                   std::string("example.com; spf=pass; none"),
                                   std::string("example.com; none x"),
                                   std::string("example.com; spf"),
                                   std::string("example.com; spf="),
                                   std::string("example.com; =pass"),
                                   std::string("example.com other.example; none"),
                                   std::string("example.com; spf=pass x"),
                                   std::string("example.com; spf=pass smtp."),
                                   std::string("example.com; spf=pass smtp.a"),
                                   std::string("example.com; spf=pass (open"),
                                   std::string("\"open; spf=pass"),
                                   std::string("\"\"; spf=pass"),
                                   std::string("example.com; spf/=pass"),
                                   std::string("example.com; spf=pass \x01"),
                                   std::string("spf=none (x) smtp.mailfrom=a"),
                                   std::string("example.com; spf=pass smtp.a=\"open")})
      CPPUNIT_ASSERT_MESSAGE(bad, !parse_authentication_results(bad));
  }

  void reading_is_bounded() {
    const auto many = [](std::string begin, const std::string& one, int count) {
      for (int i = 0; i < count; ++i) begin += one;
      return begin;
    };
    CPPUNIT_ASSERT(parse_authentication_results(many("a", "; b=c", 100)));
    CPPUNIT_ASSERT(!parse_authentication_results(many("a", "; b=c", 101)));
    CPPUNIT_ASSERT(parse_authentication_results(many("a; b=c", " d.e=f", 100)));
    CPPUNIT_ASSERT(!parse_authentication_results(many("a; b=c", " d.e=f", 101)));
    CPPUNIT_ASSERT(parse_authentication_results(many(many("", "(", 20), ")", 20) + "a; none"));
    CPPUNIT_ASSERT(!parse_authentication_results(many(many("", "(", 21), ")", 21) + "a; none"));
    CPPUNIT_ASSERT(!parse_authentication_results("a; none" + std::string(70000, ' ')));
  }

  // RFC 8601 §5
  void results_in_our_name_are_found() {
    const std::string other = "Received: by x\r\n";
    for (const char* ours :
         {"mx.example.com; spf=pass", "MX.Example.Com; none", "example.com; none",
          "deep.below.example.com 1; none", "\"mx.example.com\"; none", "mx.example.com.; none",
          "(x) mx.example.com (y); dkim=pass header.d=a", "\r\n\tmx.example.com;\r\n\tspf=pass"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(ours, other + other, kept(other + results(ours) + other));
    const std::string spelled =
        other + "aUTHENTICATION-rESULTS : mx.example.com; none\n" + results("example.com; none");
    CPPUNIT_ASSERT_EQUAL(other, kept(spelled));
    CPPUNIT_ASSERT(
        is_forged("mx.b\xc3\xbc"
                  "cher.example; none",
                  {"xn--bcher-kva.example"}));
  }

  void results_that_hide_our_name_are_found() {
    for (const char* bent : {"mx.example.com spf=pass", "mx.example.com",
                             "mx.(x)example.com; spf=pass", "mx.exam\r\n ple.com; spf=pass",
                             "\"mx.example.com; spf=pass", "other.example mx.example.com; spf=pass",
                             "mx.exa\"mple\".com; spf=pass", "mx.example.com; spf=pass (open",
                             "; mx.example.com; spf=pass", "mx.example.com/1; spf=pass"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(bent, std::string(), kept(results(bent)));
    CPPUNIT_ASSERT(
        is_forged("mx.b\xc3\xbc"
                  "cher.example spf=pass",
                  {"xn--bcher-kva.example"}));
  }

  void results_of_others_stay() {
    const std::string header = results("mx.example.net; spf=pass smtp.mailfrom=example.com") +
                               results("notexample.com; none") + results("spf=none (bent") +
                               "ARC-Authentication-Results: i=1; mx.example.com; none\r\n"
                               "X-Authentication-Results: mx.example.com; none\r\n"
                               "\r\nAuthentication-Results: mx.example.com; none\r\n";
    CPPUNIT_ASSERT_EQUAL(header, kept(header));
    CPPUNIT_ASSERT(!is_forged("mx.example.com; none", {}));
    CPPUNIT_ASSERT(!is_forged("mx.example.com; none", {""}));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AuthenticationResultsTest);

}  // namespace
}  // namespace fwd::mailauth
