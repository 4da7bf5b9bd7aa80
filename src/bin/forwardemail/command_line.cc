// Reading a command, asking the door, saying what came of it.
#include "bin/forwardemail/command_line.h"

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>

#include "bin/forwardemail/check.h"
#include "bin/forwardemail/terminal.h"
#include "config/options.h"
#include "core/task_group.h"
#include "core/text.h"
#include "format/json.h"
#include "net/loop.h"
#include "net/unbound_resolver.h"
#include "rpc/client.h"
#include "service/daemon/door_connector.h"
#include "service/daemon/resolver_options.h"
#include "service/operator/commands.h"

namespace fwd::command {
namespace {

constexpr int kFailed = 1;
constexpr int kBadUsage = 2;
constexpr int kBadConfiguration = 78;  // EX_CONFIG of sysexits(3)

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

// On standard error: with --json one object, else a line for each sentence.
void complain(bool json, Fault fault, const std::vector<std::string>& sentences) {
  std::string out;
  if (json) {
    format::Json object;
    object.set("error", format::Json(join(sentences, "\n")));
    object.set("fault", format::Json(fault_name(fault)));
    out = service::json_text(object);
  } else {
    for (const std::string& sentence : sentences)
      out += "forwardemail: " + service::printable(sentence) + "\n";
  }
  std::fwrite(out.data(), 1, out.size(), stderr);
}

// What stands before the command: --config FILE, --json, --help, --version.
struct Preface {
  std::string config;
  bool json = false, help = false, version = false;
  std::string fault;
};

Preface take_preface(std::vector<std::string>& words) {
  Preface preface;
  while (!words.empty() && words[0].starts_with("--")) {
    const std::string word = words[0];
    words.erase(words.begin());
    if (word == "--json") {
      preface.json = true;
    } else if (word == "--help") {
      preface.help = true;
    } else if (word == "--version") {
      preface.version = true;
    } else if (word.starts_with("--config=")) {
      preface.config = word.substr(9);
    } else if (word == "--config" && !words.empty()) {
      preface.config = words[0];
      words.erase(words.begin());
    } else {
      preface.fault = word == "--config" ? "--config wants a file" : "there is no option " + word;
      return preface;
    }
  }
  return preface;
}

// What came of asking the door.
struct Asked {
  bool reached = false;  // it greeted us
  Outcome<void> done;
};

// The door's failures in an operator's words: he may see what the log sees.
std::string words_of(const Asked& asked, const std::string& socket) {
  const Failure& failure = asked.done.failure();
  if (!asked.reached)
    return "the door at " + socket + " does not answer" +
           (failure.private_text.empty() ? "" : " (" + failure.private_text + ")") +
           "; is fwd-sqlited running, and may you ask it?";
  std::string text = failure.public_text.empty() ? fault_name(failure.fault) : failure.public_text;
  if (!failure.private_text.empty()) text += " (" + failure.private_text + ")";
  return text;
}

using Result = std::optional<Asked>;
using Work = std::function<Task<Outcome<void>>(service::Desk& desk)>;

Task<void> carry_out(rpc::DoorPool& door, Task<Outcome<void>> work, net::Loop& loop,
                     Result& result) {
  Asked asked;
  asked.done = co_await door.connect();
  asked.reached = asked.done.ok();
  if (asked.reached) asked.done = co_await work;
  result.emplace(std::move(asked));
  loop.stop();
}

// Asks the DNS, by a resolver that is made when it is first wanted.
class TextFinder {
 public:
  TextFinder(net::Loop& loop, const config::Options& options) : loop_(loop), options_(options) {}

  Task<Outcome<std::vector<std::string>>> find(std::string domain) {
    if (!resolver_) {
      auto made = daemon::make_resolver(loop_, options_);
      if (!made.ok()) co_return made.failure();
      resolver_ = std::move(made).value();
    }
    auto asking = resolver_->resolve(std::move(domain), net::DnsType::kTxt);
    const auto answer = co_await asking;
    if (!answer.ok()) co_return answer.failure();
    co_return net::texts(answer.value());
  }

 private:
  net::Loop& loop_;
  const config::Options& options_;
  std::unique_ptr<net::UnboundResolver> resolver_;
};

// Lets `work` ask the door, and waits for it.
Asked at_door(const config::Options& options, const Work& work) {
  net::Loop loop;
  rpc::DoorPool door(daemon::door_connector(loop, options), loop.clock(),
                     daemon::door_options(options));
  TextFinder texts(loop, options);
  service::Desk desk{
      door.directory(),   door.journal(),
      door.queue(),       door.sender_lists(),
      loop.clock(),       daemon::host_name(options),
      read_secret,        print,
      &door.deliveries(), [&texts](std::string domain) { return texts.find(std::move(domain)); },
      read_file};
  Result result;
  std::string bug;
  {
    TaskGroup group([&](const std::string&, const std::string& what) {
      bug = what;
      loop.stop();
    });
    group.spawn("command", carry_out(door, work(desk), loop, result));
    if (!result && bug.empty()) loop.run();
  }
  if (!bug.empty()) return {true, Failure{Fault::kBug, "internal error", bug}};
  return *result;
}

int ask_door(const config::Options& options, const service::Parsed& parsed) {
  const Asked asked =
      at_door(options, [&](service::Desk& desk) { return parsed.command->run(desk, parsed.call); });
  if (asked.done.ok()) return 0;
  complain(parsed.call.json, asked.done.failure().fault,
           {words_of(asked, options.path("door.socket"))});
  return asked.done.failure().fault == Fault::kBadInput ? kBadUsage : kFailed;
}

int check(const config::Options& options, const Preface& preface) {
  net::Loop loop;
  std::vector<std::string> faults = check_files(preface.config, loop.clock().wall());
  const Asked asked =
      at_door(options, [&](service::Desk& desk) { return service::examine_door(desk, faults); });
  if (!asked.done.ok()) faults.push_back(words_of(asked, options.path("door.socket")));
  if (preface.json) {
    format::Json::Array listed;
    for (const std::string& fault : faults) listed.push_back(format::Json(fault));
    format::Json answer;
    answer.set("door", format::Json(asked.reached ? "answers" : "away"));
    answer.set("faults", format::Json(std::move(listed)));
    print(service::json_text(answer));
  } else {
    complain(false, Fault::kBadInput, faults);
    if (faults.empty()) print("no fault found\n");
  }
  return faults.empty() ? 0 : kFailed;
}

}  // namespace

int run(std::vector<std::string> words) {
  Preface preface = take_preface(words);
  preface.json = preface.json || service::wants_json(words);
  if (!preface.fault.empty()) {
    complain(preface.json, Fault::kBadInput, {preface.fault});
    return kBadUsage;
  }
  if (preface.version) {
    print("forwardemail " FWD_VERSION "\n");
    return 0;
  }
  if (preface.help || (words.size() == 1 && words[0] == "help")) {
    print(service::help_text());
    return 0;
  }
  if (words.size() > 1 && words[0] == "help") {
    words.erase(words.begin());
    const std::string about = service::help_about(words);
    if (!about.empty()) {
      print(about);
      return 0;
    }
    complain(preface.json, Fault::kBadInput, {"there is no command '" + join(words, " ") + "'"});
    return kBadUsage;
  }
  const config::Loaded loaded = config::load_options({"forwardemail", preface.config, {}});
  std::vector<std::string> faults;
  for (const config::OptionFault& fault : loaded.faults) faults.push_back(fault.line());
  if (!faults.empty()) complain(preface.json, Fault::kBadInput, faults);
  if (!loaded.options) return kBadConfiguration;
  if (words == std::vector<std::string>{"check", "--json"}) words.pop_back();
  if (words == std::vector<std::string>{"check"}) return check(*loaded.options, preface);
  auto parsed = service::parse_command(words);
  if (!parsed.ok()) {
    complain(preface.json, Fault::kBadInput, {parsed.failure().public_text});
    return kBadUsage;
  }
  parsed.value().call.json = preface.json;
  return ask_door(*loaded.options, parsed.value());
}

}  // namespace fwd::command
