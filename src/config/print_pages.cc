// Prints the manual page or the example file, for the build.
#include <cstdio>
#include <string_view>

#include "config/option_pages.h"

int main(int argc, char** argv) {
  const std::string_view page = argc == 2 ? argv[1] : "";
  if (page != "manual" && page != "example") {
    std::fputs("usage: print-pages manual|example\n", stderr);
    return 2;
  }
  const std::string text =
      page == "manual" ? fwd::config::manual_page() : fwd::config::example_file();
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? 0 : 1;
}
