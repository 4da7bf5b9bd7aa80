// Prints the manual page or the completion script, for the build.
#include <cstdio>
#include <string_view>

#include "service/operator/command_pages.h"

int main(int argc, char** argv) {
  const std::string_view page = argc == 2 ? argv[1] : "";
  if (page != "manual" && page != "completion") {
    std::fputs("usage: print-pages manual|completion\n", stderr);
    return 2;
  }
  const std::string text =
      page == "manual" ? fwd::service::command_manual() : fwd::service::bash_completion();
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? 0 : 1;
}
