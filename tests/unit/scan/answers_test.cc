// What scanners answer, where they listen, and what is written of it.
#include <cppunit/extensions/HelperMacros.h>

#include <string>

#include "core/text.h"
#include "scan/clamd_dialogue.h"
#include "scan/endpoint.h"
#include "scan/header_lines.h"
#include "scan/rspamd_answer.h"

namespace fwd::scan {
namespace {

class AnswersTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(AnswersTest);
  CPPUNIT_TEST(a_whole_answer_of_rspamd_is_read);
  CPPUNIT_TEST(every_action_has_its_meaning);
  CPPUNIT_TEST(nonsense_is_no_verdict);
  CPPUNIT_TEST(what_is_too_much_is_cut);
  CPPUNIT_TEST(words_of_rspamd_cannot_end_a_line);
  CPPUNIT_TEST(answers_of_clamd_are_read);
  CPPUNIT_TEST(endpoints_are_read);
  CPPUNIT_TEST(header_lines_explain_the_verdict);
  CPPUNIT_TEST(header_lines_say_what_was_not_scanned);
  CPPUNIT_TEST(header_lines_are_bounded_and_folded);
  CPPUNIT_TEST(fields_of_ours_are_known_in_any_case);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_whole_answer_of_rspamd_is_read() {
    const auto read = read_spam_verdict(
        R"({"is_skipped":false,"score":7.25,"required_score":15,"action":"add header",)"
        R"("symbols":{"SMALL":{"name":"SMALL","score":-0.5},"LARGE":{"score":5},"NONE":{}},)"
        R"("messages":{"smtp_message":"Not today"},"message-id":"x"})");
    CPPUNIT_ASSERT(read.ok());
    const SpamVerdict& verdict = read.value();
    CPPUNIT_ASSERT(verdict.action == SpamAction::kAddHeader);
    CPPUNIT_ASSERT_EQUAL(7.25, verdict.score);
    CPPUNIT_ASSERT_EQUAL(15.0, verdict.required);
    CPPUNIT_ASSERT_EQUAL(std::string("Not today"), verdict.message);
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, verdict.symbols.size());
    CPPUNIT_ASSERT_EQUAL(std::string("LARGE"), verdict.symbols[0].name);
    CPPUNIT_ASSERT_EQUAL(-0.5, verdict.symbols[1].score);
  }

  void every_action_has_its_meaning() {
    for (const char* name :
         {"no action", "greylist", "add header", "rewrite subject", "soft reject", "reject"}) {
      const auto read = read_spam_verdict(R"({"action":")" + std::string(name) + R"("})");
      CPPUNIT_ASSERT(read.ok());
      CPPUNIT_ASSERT_EQUAL(std::string(name), std::string(spam_action_name(read.value().action)));
    }
    CPPUNIT_ASSERT(read_spam_verdict(R"({"action":"discard"})").value().action ==
                   SpamAction::kReject);
    CPPUNIT_ASSERT(read_spam_verdict(R"({"action":"quarantine"})").value().action ==
                   SpamAction::kAddHeader);
  }

  void nonsense_is_no_verdict() {
    for (const char* text :
         {"", "pong", "[]", "null", "7", "{}", R"({"action":7})", R"({"action":"dance"})",
          R"({"error":"no such thing","action":"reject"})", R"({"action":"reject")"}) {
      const auto read = read_spam_verdict(text);
      CPPUNIT_ASSERT_MESSAGE(text, !read.ok());
      CPPUNIT_ASSERT(read.failure().fault == Fault::kUnavailable);
    }
    CPPUNIT_ASSERT(!read_spam_verdict(std::string(100, '[')).ok());
    // Right in form, wrong in kind: what cannot be read counts nothing.
    const auto odd =
        read_spam_verdict(R"({"action":"reject","score":"much","symbols":[1],"messages":"none"})");
    CPPUNIT_ASSERT(odd.ok());
    CPPUNIT_ASSERT_EQUAL(0.0, odd.value().score);
    CPPUNIT_ASSERT(odd.value().symbols.empty());
  }

  void what_is_too_much_is_cut() {
    std::string symbols;
    for (int i = 0; i < 500; ++i)
      symbols += (i == 0 ? "" : ",") + ("\"S" + std::to_string(i)) +
                 "\":{\"score\":" + std::to_string(i) + "}";
    const auto read =
        read_spam_verdict(R"({"action":"reject","score":1e300,"symbols":{)" + symbols +
                          R"(},"messages":{"smtp_message":")" + std::string(5000, 'm') + R"("}})");
    CPPUNIT_ASSERT(read.ok());
    CPPUNIT_ASSERT_EQUAL(kMostSymbols, read.value().symbols.size());
    CPPUNIT_ASSERT_EQUAL(std::string("S499"), read.value().symbols[0].name);
    CPPUNIT_ASSERT_EQUAL(std::size_t{200}, read.value().message.size());
    CPPUNIT_ASSERT_EQUAL(1e6, read.value().score);
    CPPUNIT_ASSERT(!read_spam_verdict(std::string(2'000'000, ' ')).ok());
  }

  void words_of_rspamd_cannot_end_a_line() {
    const auto read =
        read_spam_verdict(R"({"action":"reject","symbols":{"A\r\nBcc: x(":{"score":1}},)"
                          R"("messages":{"smtp_message":" a\r\n250 ok\u0000\u00e9  b "}})");
    CPPUNIT_ASSERT(read.ok());
    CPPUNIT_ASSERT_EQUAL(std::string("A__Bcc__x_"), read.value().symbols.at(0).name);
    CPPUNIT_ASSERT_EQUAL(std::string("a 250 ok??? b"), read.value().message);
    CPPUNIT_ASSERT_EQUAL(std::string("ab"), one_line("ab cd", 3));
  }

  void answers_of_clamd_are_read() {
    CPPUNIT_ASSERT(read_virus_verdict("stream: OK").value().kind == VirusVerdict::Kind::kClean);
    const auto found = read_virus_verdict("stream: Win.Test-1 (x)\n FOUND");
    CPPUNIT_ASSERT(found.ok() && found.value().kind == VirusVerdict::Kind::kFound);
    CPPUNIT_ASSERT_EQUAL(std::string("Win.Test-1 (x)"), found.value().name);
    CPPUNIT_ASSERT(read_virus_verdict("INSTREAM size limit exceeded. ERROR").value().kind ==
                   VirusVerdict::Kind::kTooLarge);
    for (const char* text : {"", "OK", "stream: ", "stream:  FOUND", "stream: FOUND", "PONG",
                             "UNKNOWN COMMAND", "stream: Can't allocate memory ERROR"}) {
      const auto read = read_virus_verdict(text);
      CPPUNIT_ASSERT_MESSAGE(text, !read.ok());
      CPPUNIT_ASSERT(read.failure().fault == Fault::kUnavailable);
    }
  }

  void endpoints_are_read() {
    const auto path = read_endpoint("unix:/run/clamav/clamd.ctl");
    CPPUNIT_ASSERT_EQUAL(std::string("/run/clamav/clamd.ctl"), path.value().unix_path);
    const auto v6 = read_endpoint("[::1]:3310");
    CPPUNIT_ASSERT_EQUAL(std::string("::1"), v6.value().host);
    CPPUNIT_ASSERT_EQUAL(std::uint16_t{3310}, read_endpoint("clamd.example.net:3310").value().port);
    for (const std::string& text :
         {std::string(""), std::string("unix:"), std::string("unix:run"), std::string("localhost"),
          std::string(":3310"), std::string("a:0"), std::string("a:65536"), std::string("::1:3310"),
          std::string("[]:1"), "unix:/" + std::string(200, 'x')})
      CPPUNIT_ASSERT_MESSAGE(text, !read_endpoint(text).ok());
  }

  void header_lines_explain_the_verdict() {
    ScanResult result;
    CPPUNIT_ASSERT_EQUAL(std::string(), header_lines(result));
    result.spam = SpamVerdict{SpamAction::kAddHeader, 7.1, 15, {{"ONE", 7}, {"TWO", 0.1}}, ""};
    result.virus = VirusVerdict{VirusVerdict::Kind::kFound, "Eicar-Test"};
    CPPUNIT_ASSERT_EQUAL(
        std::string("X-Spam-Status: Yes, score=7.10 required=15.00 action=\"add header\"\r\n"
                    "X-Spam-Score: 7.10\r\n"
                    "X-Spamd-Result: ONE(7.00), TWO(0.10)\r\n"
                    "X-Virus-Status: Infected (Eicar-Test)\r\n"),
        header_lines(result));
    result.spam = SpamVerdict{SpamAction::kGreylist, -0.001, 15, {}, ""};
    result.virus = VirusVerdict{};
    CPPUNIT_ASSERT_EQUAL(
        std::string("X-Spam-Status: No, score=0.00 required=15.00 action=\"greylist\"\r\n"
                    "X-Spam-Score: 0.00\r\nX-Virus-Status: Clean\r\n"),
        header_lines(result));
  }

  void header_lines_say_what_was_not_scanned() {
    ScanResult away;
    away.spam_problem = "Connection refused";
    away.virus_problem = "no answer";
    CPPUNIT_ASSERT_EQUAL(std::string("X-Spam-Status: Unknown, the scanner is away\r\n"
                                     "X-Virus-Status: Unknown, the scanner is away\r\n"),
                         header_lines(away));
    ScanResult large;
    large.is_too_large = true;
    CPPUNIT_ASSERT(header_lines(large).find("X-Virus-Status: Unknown, too large") !=
                   std::string::npos);
  }

  // RFC 5322 §2.1.1, §2.2.3
  void header_lines_are_bounded_and_folded() {
    ScanResult result;
    result.spam = SpamVerdict{SpamAction::kReject, 99, 15, {}, ""};
    for (std::size_t i = 0; i < kMostSymbols; ++i)
      result.spam->symbols.push_back({std::string(80, 'S'), 1});
    const std::string lines = header_lines(result);
    CPPUNIT_ASSERT(lines.size() < 1200);
    CPPUNIT_ASSERT(lines.find(" ...\r\n") != std::string::npos);
    for (const std::string_view line : split(lines, '\n')) CPPUNIT_ASSERT(line.size() < 120);
    std::size_t fields = 0;
    for (const std::string_view line : split(lines, '\n'))
      if (!line.empty() && line.front() != ' ') ++fields;
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, fields);
  }

  void fields_of_ours_are_known_in_any_case() {
    CPPUNIT_ASSERT(is_scan_field("x-spam-STATUS"));
    CPPUNIT_ASSERT(is_scan_field("X-Virus-Status"));
    CPPUNIT_ASSERT(is_scan_field("X-Spam-Flag"));
    CPPUNIT_ASSERT(!is_scan_field("X-Spam-Statuses"));
    CPPUNIT_ASSERT(!is_scan_field("Subject"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AnswersTest);

}  // namespace
}  // namespace fwd::scan
