#ifndef FWD_TESTS_UNIT_SERVICE_OPERATOR_OFFICE_H
#define FWD_TESTS_UNIT_SERVICE_OPERATOR_OFFICE_H

// The operator's commands, run on keepers that say what they were asked.

#include <cppunit/extensions/HelperMacros.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/ready.h"
#include "format/json.h"
#include "service/operator/commands.h"
#include "support/memory_journal.h"
#include "support/memory_sender_lists.h"
#include "unit/rpc/small_sending.h"
#include "unit/rpc/small_stores.h"

namespace fwd::test {

struct Office {
  HandClock clock;
  SmallDirectory directory;
  SmallQueue queue;
  MemorySenderLists lists{clock};
  MemoryJournal journal{clock};
  SmallDeliveries deliveries;
  std::string printed;  // by the last command
  std::string typed;    // what a person answers
  std::string input;    // what "-" holds
  // What the DNS says of any domain, and which was asked about.
  Outcome<std::vector<std::string>> texts = std::vector<std::string>{};
  std::string asked_dns;

  Task<Outcome<std::vector<std::string>>> find_texts(std::string domain) {
    asked_dns = std::move(domain);
    co_return texts;
  }

  Office() {
    directory.domain.id = "d1";
    directory.domain.name = "example.test";
    directory.domain.dkim_key_selector = "fe-1";
    directory.domain.dkim_public_key = std::string(392, 'A');
    directory.domain.dkim_ed25519_key_selector = "fe-2";
    directory.domain.dkim_ed25519_public_key = std::string(44, 'B');
  }

  // What the command came to.
  Outcome<void> run(const std::vector<std::string>& words) {
    printed.clear();
    auto parsed = service::parse_command(words);
    if (!parsed.ok()) return parsed.failure();
    service::Desk desk{directory,
                       journal,
                       queue,
                       lists,
                       clock,
                       "mx.host.test",
                       [this](const std::string&) { return Outcome<std::string>(typed); },
                       [this](std::string_view text) { printed += text; },
                       &deliveries,
                       [this](std::string domain) { return find_texts(std::move(domain)); }};
    desk.read_file = [this](const std::string& name) {
      return name == "-" ? Outcome<std::string>(input)
                         : Outcome<std::string>(Failure{Fault::kNotFound, "no such file", ""});
    };
    std::optional<Outcome<void>> result;
    auto work = keep(parsed.value().command->run(desk, std::move(parsed.value().call)), result);
    work.start(std::noop_coroutine());
    run_ready();
    return result.value();
  }
  Fault fault_of(const std::vector<std::string>& words) {
    const Outcome<void> done = run(words);
    CPPUNIT_ASSERT_MESSAGE(printed, !done.ok());
    return done.failure().fault;
  }
  bool says(const std::string& words) const { return printed.find(words) != std::string::npos; }
  format::Json json() const { return format::parse_json(printed).value(); }

 private:
  static Task<void> keep(Task<Outcome<void>> work, std::optional<Outcome<void>>& into) {
    Outcome<void> done = co_await work;
    into.emplace(std::move(done));
  }
};

}  // namespace fwd::test

#endif
