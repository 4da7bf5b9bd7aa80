// Scanners over real sockets with scripted peers.
#include "scan/scanners.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

#include "unit/net/net_test.h"
#include "unit/scan/scripted_server.h"

namespace fwd::scan {
namespace {

using namespace std::string_literals;
using test::http_answer;
using test::ScriptedServer;

bool is_whole_stream(const std::string& heard) {
  return heard.ends_with("\0\0\0\0"s) || heard == "zPING\0"s;
}

ScanQuestion question() {
  ScanQuestion asked;
  asked.content = "Subject: x\r\n\r\nhello\r\n";
  asked.ip = "192.0.2.1";
  asked.helo = "peer\r\nPassword: mine";
  asked.sender = "a@b.example";
  asked.recipients = {"c@d.example", "e@f.example"};
  asked.queue_id = "7Q4M";
  return asked;
}

std::string problems(const ScanResult& result) {
  return result.spam_problem + result.virus_problem;
}

class ScannersTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ScannersTest);
  CPPUNIT_TEST(both_are_asked_together);
  CPPUNIT_TEST(rspamd_is_told_how_mail_came);
  CPPUNIT_TEST(who_is_away_is_a_problem_and_no_verdict);
  CPPUNIT_TEST(who_stalls_is_given_up);
  CPPUNIT_TEST(a_large_message_goes_unscanned);
  CPPUNIT_TEST(nobody_is_asked_when_nobody_is_configured);
  CPPUNIT_TEST(wrong_options_are_refused);
  CPPUNIT_TEST(answers_to_learning_are_told_apart);
  CPPUNIT_TEST(the_self_check_names_who_does_not_answer);
  CPPUNIT_TEST(localhost_needs_no_dns);
  CPPUNIT_TEST_SUITE_END();

  net::TemporaryFolder folder_;

  ScannerOptions options() const {
    ScannerOptions options;
    options.rspamd.url = "unix:" + folder_.file("rspamd");
    options.clamd = "unix:" + folder_.file("clamd");
    return options;
  }

  static Task<void> keep(Scanners& scanners, ScanQuestion asked, ScanResult& into) {
    auto running = scanners.run(std::move(asked));
    into = co_await running;
  }
  static ScanResult run(ScannerOptions options, ScanQuestion asked) {
    net::LoopRunner runner;
    auto scanners = Scanners::make(runner.loop(), nullptr, std::move(options));
    CPPUNIT_ASSERT(scanners.ok());
    ScanResult result;
    runner.run(keep(*scanners.value(), std::move(asked), result));
    return result;
  }

  static Task<void> keep_faults(Scanners& scanners, std::vector<std::string>& into) {
    auto checking = scanners.check();
    into = co_await checking;
  }
  static Task<void> keep_lesson(Rspamd& rspamd, std::optional<Outcome<void>>& into) {
    auto learning = rspamd.learn(Lesson::kHam, "Subject: x\r\n\r\n");
    into = co_await learning;
  }
  static Task<void> keep_answer(LocalNames& names, std::string name, net::DnsType type,
                                std::optional<Outcome<net::DnsAnswer>>& into) {
    auto asking = names.resolve(std::move(name), type);
    into = co_await asking;
  }

  Outcome<void> learn(const std::string& answer, std::string* heard = nullptr) {
    const std::string path = folder_.file("controller");
    ::unlink(path.c_str());
    ScriptedServer server(path, ScriptedServer::is_whole_http, answer);
    net::LoopRunner runner;
    LocalNames names;
    net::HttpOptions asking;
    asking.allow_private = true;
    auto http = net::HttpClient::make(runner.loop(), names, asking);
    auto rspamd = Rspamd::make(*http.value(), {"unix:" + path, "word", std::chrono::seconds(20)});
    std::optional<Outcome<void>> learned;
    runner.run(keep_lesson(rspamd.value(), learned));
    if (heard != nullptr) *heard = server.heard().at(0);
    return *learned;
  }

 public:
  void both_are_asked_together() {
    const ScriptedServer rspamd(folder_.file("rspamd"), ScriptedServer::is_whole_http,
                                http_answer("200 OK", R"({"action":"reject","score":20})"));
    const ScriptedServer clamd(folder_.file("clamd"), is_whole_stream, "stream: V FOUND\0"s);
    const ScanResult result = run(options(), question());
    CPPUNIT_ASSERT_EQUAL(""s, problems(result));
    CPPUNIT_ASSERT(result.spam && result.spam->action == SpamAction::kReject);
    CPPUNIT_ASSERT(result.virus && result.virus->kind == VirusVerdict::Kind::kFound);
  }

  void rspamd_is_told_how_mail_came() {
    ScriptedServer rspamd(folder_.file("rspamd"), ScriptedServer::is_whole_http,
                          http_answer("200 OK", R"({"action":"no action"})"));
    ScannerOptions asked = options();
    asked.clamd.clear();
    asked.rspamd.password = "secret";
    CPPUNIT_ASSERT_EQUAL(""s, problems(run(std::move(asked), question())));
    const std::string heard = rspamd.heard().at(0);
    CPPUNIT_ASSERT(heard.starts_with("POST /checkv2 HTTP/1.1\r\n"));
    for (const char* line :
         {"IP: 192.0.2.1", "Helo: peer Password: mine", "From: <a@b.example>",
          "Rcpt: <c@d.example>", "Rcpt: <e@f.example>", "Queue-Id: 7Q4M", "Password: secret"})
      CPPUNIT_ASSERT_MESSAGE(line, heard.find("\r\n" + std::string(line) + "\r\n") != heard.npos);
    CPPUNIT_ASSERT(heard.find("Hostname") == heard.npos);
    CPPUNIT_ASSERT(heard.ends_with("\r\n\r\nSubject: x\r\n\r\nhello\r\n"));
  }

  void who_is_away_is_a_problem_and_no_verdict() {
    const ScanResult nobody = run(options(), question());
    CPPUNIT_ASSERT(!nobody.spam && !nobody.virus);
    CPPUNIT_ASSERT(!nobody.spam_problem.empty() && !nobody.virus_problem.empty());
    const ScriptedServer rspamd(folder_.file("rspamd"), ScriptedServer::is_whole_http,
                                http_answer("403 Forbidden", R"({"error":"wrong\r\npassword"})"));
    const ScriptedServer clamd(folder_.file("clamd"), is_whole_stream, "stream: broken ERROR\0"s);
    const ScanResult refused = run(options(), question());
    CPPUNIT_ASSERT_EQUAL("rspamd: wrong password"s, refused.spam_problem);
    CPPUNIT_ASSERT_EQUAL("clamd: stream: broken ERROR"s, refused.virus_problem);
  }

  void who_stalls_is_given_up() {
    const ScriptedServer rspamd(folder_.file("rspamd"), ScriptedServer::is_whole_http, "");
    const ScriptedServer clamd(folder_.file("clamd"), is_whole_stream, "");
    ScannerOptions hurried = options();
    hurried.rspamd.limit = hurried.clamd_limit = std::chrono::milliseconds(100);
    const ScanResult result = run(std::move(hurried), question());
    CPPUNIT_ASSERT_EQUAL("no answer in time"s, result.spam_problem);
    CPPUNIT_ASSERT_EQUAL("clamd does not answer in time"s, result.virus_problem);
  }

  void a_large_message_goes_unscanned() {
    ScannerOptions small = options();
    small.size_limit = 10;
    const ScanResult result = run(std::move(small), question());
    CPPUNIT_ASSERT(result.is_too_large && problems(result).empty());
  }

  void nobody_is_asked_when_nobody_is_configured() {
    const ScanResult result = run(ScannerOptions(), question());
    CPPUNIT_ASSERT(!result.spam && !result.virus && problems(result).empty());
  }

  void wrong_options_are_refused() {
    net::LoopRunner runner;
    ScannerOptions wrong;
    for (const char* url : {"rspamd", "unix:relative", "ftp://127.0.0.1/"}) {
      wrong.rspamd.url = url;
      CPPUNIT_ASSERT(!Scanners::make(runner.loop(), nullptr, wrong).ok());
    }
    wrong.rspamd.url.clear();
    wrong.clamd = "localhost";
    CPPUNIT_ASSERT(!Scanners::make(runner.loop(), nullptr, wrong).ok());
  }

  void answers_to_learning_are_told_apart() {
    std::string heard;
    CPPUNIT_ASSERT(learn(http_answer("200 OK", R"({"success":true})"), &heard).ok());
    CPPUNIT_ASSERT(heard.starts_with("POST /learnham HTTP/1.1\r\n"));
    CPPUNIT_ASSERT(heard.find("\r\nPassword: word\r\n") != heard.npos);
    CPPUNIT_ASSERT(learn(http_answer("208 Already", R"({"error":"known"})")).ok());
    const std::string known = R"({"error":"<x> has been already learned as ham, ignore it"})";
    CPPUNIT_ASSERT(learn(http_answer("404 Not", known)).ok());
    const auto fault = [this](const std::string& answer) { return learn(answer).failure().fault; };
    CPPUNIT_ASSERT(fault(http_answer("404 Not", R"({"error":"denied"})")) == Fault::kCannot);
    CPPUNIT_ASSERT(fault("HTTP/1.1 204 Too little\r\nConnection: close\r\n\r\n") == Fault::kCannot);
    CPPUNIT_ASSERT(fault(http_answer("401 No", "")) == Fault::kDenied);
    CPPUNIT_ASSERT(fault(http_answer("500 No", "")) == Fault::kUnavailable);
    CPPUNIT_ASSERT(fault("garbage\r\n\r\n") == Fault::kUnavailable);
  }

  void the_self_check_names_who_does_not_answer() {
    const ScriptedServer clamd(folder_.file("clamd"), is_whole_stream, "PONG\0"s);
    net::LoopRunner runner;
    auto scanners = Scanners::make(runner.loop(), nullptr, options());
    std::vector<std::string> faults;
    runner.run(keep_faults(*scanners.value(), faults));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, faults.size());
    CPPUNIT_ASSERT(faults[0].starts_with("rspamd at unix:"));
  }

  // RFC 6761 §6.3
  void localhost_needs_no_dns() {
    net::LoopRunner runner;
    LocalNames names;
    std::optional<Outcome<net::DnsAnswer>> answer;
    runner.run(keep_answer(names, "LocalHost", net::DnsType::kA, answer));
    CPPUNIT_ASSERT_EQUAL("127.0.0.1"s, net::addresses(answer->value()).at(0));
    runner.run(keep_answer(names, "localhost.", net::DnsType::kAaaa, answer));
    CPPUNIT_ASSERT_EQUAL("::1"s, net::addresses(answer->value()).at(0));
    runner.run(keep_answer(names, "rspamd", net::DnsType::kA, answer));
    CPPUNIT_ASSERT(answer->failure().fault == Fault::kNotFound);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ScannersTest);

}  // namespace
}  // namespace fwd::scan
