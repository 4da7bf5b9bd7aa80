// Reading a command, asking the door, saying what came of it.
#include "bin/forwardemail/command_line.h"

#include <cstdio>
#include <memory>
#include <optional>

#include "bin/forwardemail/check.h"
#include "bin/forwardemail/terminal.h"
#include "config/options.h"
#include "core/task_group.h"
#include "format/json.h"
#include "net/loop.h"
#include "rpc/client.h"
#include "service/daemon/door_connector.h"
#include "service/operator/commands.h"

namespace fwd::command {
namespace {

constexpr int kFailed = 1;
constexpr int kBadUsage = 2;
constexpr int kBadConfiguration = 78;  // EX_CONFIG of sysexits(3)

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void complain(const std::string& text) { std::fprintf(stderr, "forwardemail: %s\n", text.c_str()); }

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

// The door's failures in an operator's words: he may see what the log sees.
std::string words_of(const Failure& failure, const std::string& socket) {
  if (failure.fault == Fault::kUnavailable)
    return "the door at " + socket + " does not answer" +
           (failure.private_text.empty() ? "" : " (" + failure.private_text + ")") +
           "; is fwd-sqlited running, and may you ask it?";
  std::string text = failure.public_text.empty() ? fault_name(failure.fault) : failure.public_text;
  if (!failure.private_text.empty()) text += " (" + failure.private_text + ")";
  return text;
}

void say_nothing(std::string_view) {}

using Result = std::optional<Outcome<void>>;

Task<void> carry_out(service::Desk& desk, service::Parsed parsed, net::Loop& loop, Result& result) {
  auto work = parsed.command->run(desk, std::move(parsed.call));
  result.emplace(co_await work);
  loop.stop();
}

// Says what went wrong on standard error, or adds it to `faults`.
using Faults = format::Json::Array;

void complain_or_add(const std::string& fault, Faults* faults) {
  if (faults == nullptr) return complain(fault);
  faults->push_back(format::Json(fault));
}

int ask_door(const config::Options& options, service::Parsed parsed, Faults* faults = nullptr) {
  net::Loop loop;
  rpc::DoorPool door(daemon::door_connector(loop, options), loop.clock(),
                     daemon::door_options(options));
  service::Desk desk{door.directory(),
                     door.journal(),
                     door.queue(),
                     loop.clock(),
                     daemon::host_name(options),
                     read_secret,
                     faults == nullptr ? print : say_nothing};
  Result result;
  std::string bug;
  {
    TaskGroup group([&](const std::string&, const std::string& what) {
      bug = what;
      loop.stop();
    });
    group.spawn("command", carry_out(desk, std::move(parsed), loop, result));
    if (!result && bug.empty()) loop.run();
  }
  if (!bug.empty()) {
    complain_or_add("internal error: " + bug, faults);
    return kFailed;
  }
  if (result->ok()) return 0;
  complain_or_add(words_of(result->failure(), options.path("door.socket")), faults);
  return result->failure().fault == Fault::kBadInput ? kBadUsage : kFailed;
}

int check(const config::Options& options, const Preface& preface) {
  net::Loop loop;
  Faults faults;
  Faults* const gathered = preface.json ? &faults : nullptr;
  const std::vector<std::string> of_files = check_files(preface.config, loop.clock().wall());
  for (const std::string& fault : of_files) complain_or_add(fault, gathered);
  auto status = service::parse_command({"status"});
  const int door = ask_door(options, std::move(status.value()), gathered);
  const bool fine = of_files.empty() && door == 0;
  if (preface.json) {
    format::Json answer;
    answer.set("door", format::Json(door == 0 ? "answers" : "away"));
    answer.set("faults", format::Json(std::move(faults)));
    print(format::write_json(answer, true) + "\n");
  } else if (fine) {
    print("no fault found\n");
  }
  return fine ? 0 : kFailed;
}

}  // namespace

int run(std::vector<std::string> words) {
  Preface preface = take_preface(words);
  if (!preface.fault.empty()) {
    complain(preface.fault);
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
  const config::Loaded loaded = config::load_options({"forwardemail", preface.config, {}});
  for (const config::OptionFault& fault : loaded.faults) complain(fault.line());
  if (!loaded.options) return kBadConfiguration;
  if (words == std::vector<std::string>{"check", "--json"}) {
    preface.json = true;
    words.pop_back();
  }
  if (words == std::vector<std::string>{"check"}) return check(*loaded.options, preface);
  auto parsed = service::parse_command(words);
  if (!parsed.ok()) {
    complain(parsed.failure().public_text);
    return kBadUsage;
  }
  parsed.value().call.json = parsed.value().call.json || preface.json;
  return ask_door(*loaded.options, std::move(parsed.value()));
}

}  // namespace fwd::command
