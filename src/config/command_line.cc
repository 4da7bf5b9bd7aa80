// Switches and words of a command line, by Boost.Program_options.
#include "config/command_line.h"

#include <boost/program_options.hpp>
#include <sstream>

namespace fwd::config {
namespace {

namespace po = boost::program_options;
using Strings = std::vector<std::string>;

po::options_description describe(std::span<const Switch> switches) {
  po::options_description all("Options");
  for (const Switch& one : switches) {
    const std::string name(one.name);
    const std::string help(one.help);
    if (one.value.empty()) {
      all.add_options()(name.c_str(), help.c_str());
      continue;
    }
    auto* value = po::value<Strings>()->value_name(std::string(one.value))->composing();
    if (!one.unsaid.empty())
      value = value->implicit_value(Strings{std::string(one.unsaid)}, std::string(one.unsaid));
    all.add_options()(name.c_str(), value, help.c_str());
  }
  return all;
}

}  // namespace

std::string CommandLine::value(std::string_view name) const {
  const auto found = given.find(name);
  return found == given.end() || found->second.empty() ? "" : found->second.back();
}

std::vector<std::string> CommandLine::values(std::string_view name) const {
  const auto found = given.find(name);
  return found == given.end() ? Strings{} : found->second;
}

Outcome<CommandLine> parse_command_line(std::span<const Switch> switches,
                                        const std::vector<std::string>& arguments,
                                        bool takes_words) {
  // The words are gathered by a name that no switch can have.
  po::options_description all = describe(switches);
  all.add_options()(" words", po::value<Strings>());
  po::positional_options_description words;
  if (takes_words) words.add(" words", -1);
  CommandLine line;
  try {
    const int style = po::command_line_style::allow_long | po::command_line_style::long_allow_next |
                      po::command_line_style::long_allow_adjacent;
    const auto parsed =
        po::command_line_parser(arguments).options(all).positional(words).style(style).run();
    po::variables_map map;
    po::store(parsed, map);
    for (const auto& [name, value] : map) {
      const auto* texts = boost::any_cast<Strings>(&value.value());
      if (name == " words") {
        line.words = *texts;
      } else {
        line.given[name] = texts != nullptr ? *texts : Strings{};
      }
    }
  } catch (const po::error& wrong) {
    return Failure{Fault::kBadInput, wrong.what(), ""};
  }
  return line;
}

std::string help_text(std::span<const Switch> switches) {
  std::ostringstream out;
  out << describe(switches);
  return out.str();
}

}  // namespace fwd::config
