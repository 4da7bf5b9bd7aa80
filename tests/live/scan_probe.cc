// Asks scanners about a message, as fwd-mxd would, and prints what came of it
// as one line of JSON.
//
//   scan-probe [OPTION=VALUE…] scan < MESSAGE | spam < MESSAGE | ham < MESSAGE | check
//
// Options: rspamd=URL password=WORD clamd=ENDPOINT limit=MS size=N ip=A helo=H
//          from=A rcpt=A
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/text.h"
#include "live/probe_main.h"
#include "scan/header_lines.h"
#include "scan/scanners.h"

namespace {

using namespace fwd;
using nlohmann::json;

struct Wishes {
  scan::ScannerOptions scanners;
  scan::ScanQuestion question;
};

json result_json(const scan::ScanResult& result) {
  static constexpr const char* kKinds[] = {"clean", "found", "too-large"};
  json made{{"spam_problem", result.spam_problem},
            {"virus_problem", result.virus_problem},
            {"too_large", result.is_too_large},
            {"header", scan::header_lines(result)}};
  if (result.spam) {
    json symbols = json::object();
    for (const scan::SpamSymbol& symbol : result.spam->symbols) symbols[symbol.name] = symbol.score;
    made["spam"] = {{"action", scan::spam_action_name(result.spam->action)},
                    {"score", result.spam->score},
                    {"required", result.spam->required},
                    {"message", result.spam->message},
                    {"symbols", symbols}};
  }
  if (result.virus)
    made["virus"] = {{"kind", kKinds[static_cast<int>(result.virus->kind)]},
                     {"name", result.virus->name}};
  return made;
}

class Probe {
 public:
  Probe(net::Loop& loop, Wishes wishes) : loop_(loop), wishes_(std::move(wishes)) {
    auto scanners = scan::Scanners::make(loop, nullptr, wishes_.scanners);
    if (!scanners.ok()) throw std::runtime_error(scanners.failure().private_text);
    scanners_ = std::move(scanners).value();
    net::HttpOptions asking;
    asking.allow_private = true;
    auto http = net::HttpClient::make(loop, names_, asking);
    if (!http.ok()) throw std::runtime_error(http.failure().private_text);
    http_ = std::move(http).value();
  }

  Task<void> run(std::string word, json& result) {
    if (word == "scan") {
      auto running = scanners_->run(wishes_.question);
      const scan::ScanResult found = co_await running;
      result = result_json(found);
    } else if (word == "check") {
      auto checking = scanners_->check();
      result = co_await checking;
    } else {
      auto rspamd = scan::Rspamd::make(*http_, wishes_.scanners.rspamd);
      if (!rspamd.ok()) throw std::runtime_error(rspamd.failure().private_text);
      auto learning = rspamd.value().learn(
          word == "spam" ? scan::Lesson::kSpam : scan::Lesson::kHam, wishes_.question.content);
      const auto learned = co_await learning;
      result = {{"ok", learned.ok()}};
      if (!learned.ok())
        result.update({{"fault", fault_name(learned.failure().fault)},
                       {"why", learned.failure().private_text}});
    }
    loop_.stop();
  }

 private:
  net::Loop& loop_;
  Wishes wishes_;
  scan::LocalNames names_;
  std::unique_ptr<scan::Scanners> scanners_;
  std::unique_ptr<net::HttpClient> http_;
};

void take_wish(Wishes& wishes, const std::string& name, const std::string& value) {
  if (name == "rspamd") wishes.scanners.rspamd.url = value;
  if (name == "password") wishes.scanners.rspamd.password = value;
  if (name == "clamd") wishes.scanners.clamd = value;
  const auto number = parse_number(value).value_or(0);
  if (name == "limit")
    wishes.scanners.rspamd.limit = wishes.scanners.clamd_limit = std::chrono::milliseconds(number);
  if (name == "size") wishes.scanners.size_limit = number;
  if (name == "ip") wishes.question.ip = value;
  if (name == "helo") wishes.question.helo = value;
  if (name == "from") wishes.question.sender = value;
  if (name == "rcpt") wishes.question.recipients.push_back(value);
}

}  // namespace

int main(int count, char** arguments) {
  Wishes wishes;
  const auto words = probe::take_options(
      count, arguments, [&wishes](const std::string& name, const std::string& value) {
        take_wish(wishes, name, value);
      });
  if (words.size() != 1) return 2;
  std::string content;
  if (words.front() != "check")
    content.assign(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  wishes.question.content = content;
  return probe::run<Probe>(std::move(wishes), words.front());
}
