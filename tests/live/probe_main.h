#ifndef FWD_TESTS_LIVE_PROBE_MAIN_H
#define FWD_TESTS_LIVE_PROBE_MAIN_H

// The frame of programs that ask one thing of the world and print the answer as
// one line of JSON.

#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/task_group.h"
#include "net/loop.h"

namespace fwd::probe {

// Gives `take` each NAME=VALUE that stands in front; what follows is left.
template <typename Take>
std::vector<std::string> take_options(int count, char** arguments, const Take& take) {
  std::vector<std::string> words(arguments + 1, arguments + count);
  while (!words.empty() && words.front().find('=') != std::string::npos) {
    const std::size_t at = words.front().find('=');
    take(words.front().substr(0, at), words.front().substr(at + 1));
    words.erase(words.begin());
  }
  return words;
}

// Runs Probe(loop, wishes).run(question, result), which ends the loop; gives the
// program's exit code.
template <typename Probe, typename Wishes, typename Question>
int run(Wishes wishes, Question question) {
  nlohmann::json result;
  try {
    net::Loop loop;
    Probe probe(loop, std::move(wishes));
    TaskGroup tasks([](const std::string&, const std::string& what) {
      std::cerr << what << '\n';
      std::exit(3);
    });
    tasks.spawn("probe", probe.run(std::move(question), result));
    if (tasks.size() > 0) loop.run();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  std::cout << result.dump() << '\n';
  return 0;
}

}  // namespace fwd::probe

#endif
