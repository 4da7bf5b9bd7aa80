// forwardemail: what an operator does, asked at the door.
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "bin/forwardemail/command_line.h"

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_DFL);  // `forwardemail log | head` ends quietly
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  return fwd::command::run(words);
}
