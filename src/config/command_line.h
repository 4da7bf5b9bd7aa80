#ifndef FWD_CONFIG_COMMAND_LINE_H
#define FWD_CONFIG_COMMAND_LINE_H

// Switches and words of a program's command line.

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"

namespace fwd::config {

struct Switch {
  std::string_view name;    // "config"
  std::string_view value;   // what it takes, "FILE"; "" takes nothing
  std::string_view unsaid;  // the value when given without one; "" must have one
  std::string_view help;
};

struct CommandLine {
  std::map<std::string, std::vector<std::string>, std::less<>> given;
  std::vector<std::string> words;  // what is no switch

  bool has(std::string_view name) const { return given.find(name) != given.end(); }
  // The last value given, or "".
  std::string value(std::string_view name) const;
  std::vector<std::string> values(std::string_view name) const;
};

// `arguments`: without the program's name.  Any switch may be repeated.
// kBadInput: an unknown switch, a missing value, a word when `takes_words` is
// false.
Outcome<CommandLine> parse_command_line(std::span<const Switch> switches,
                                        const std::vector<std::string>& arguments,
                                        bool takes_words);

// One switch a line, for --help.
std::string help_text(std::span<const Switch> switches);

}  // namespace fwd::config

#endif
