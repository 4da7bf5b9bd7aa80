// The table of the operator's commands, and reading a command line by it.
#include "service/operator/commands.h"

#include <algorithm>
#include <array>

namespace fwd::service {
namespace {

constexpr std::size_t kMany = 200;

constexpr CommandOption kContents[] = {
    {"with-contents", "", "Remove the domain's aliases and their mailboxes as well."}};
constexpr CommandOption kAliasAdd[] = {
    {"password", "", "Give it a mailbox and a generated password, which is shown once."}};
constexpr CommandOption kPassword[] = {
    {"choose", "", "Read the new password from standard input instead of generating one."},
    {"current", "", "Read the current password from standard input: the mailbox is kept."},
    {"description", "TEXT", "What the password is for."},
    {"recovery", "", "Read the recovery code from standard input: the mailbox is kept."},
    {"start-over", "", "Delete the mailbox and begin an empty one."}};
constexpr CommandOption kLog[] = {
    {"address", "ADDRESS", "Only what this address sent or was to get."},
    {"alias", "ADDRESS", "Only this alias."},
    {"domain", "NAME", "Only this domain."},
    {"event", "NAME", "Only this event, or events that begin with it (\"mx\")."},
    {"limit", "NUMBER", "At most so many, the newest (100)."},
    {"since", "DATE", "Nothing older: \"2026-01-31\" or \"2026-01-31T12:00:00Z\"."}};

constexpr Command kCommands[] = {
    {"alias add", "ADDRESS [FIELD=VALUE...]",
     "Makes an alias; fields as in the API, lists by commas.", 1, kMany, kAliasAdd, alias_add},
    {"alias list", "[DOMAIN]", "Lists the aliases of a domain, or all.", 0, 1, {}, alias_list},
    {"alias password", "ADDRESS",
     "Gives the alias another password. The first one makes its mailbox; later ones need the "
     "current "
     "password, the recovery code, or --start-over.",
     1, 1, kPassword, alias_password},
    {"alias remove", "ADDRESS", "Removes an alias and its mailbox.", 1, 1, {}, alias_remove},
    {"alias set", "ADDRESS FIELD=VALUE...", "Changes fields of an alias.", 2, kMany, {}, alias_set},
    {"alias show", "ADDRESS", "Shows all fields of an alias.", 1, 1, {}, alias_show},
    {"domain add", "NAME [FIELD=VALUE...]", "Makes a domain.", 1, kMany, {}, domain_add},
    {"domain list", "", "Lists the domains.", 0, 0, {}, domain_list},
    {"domain remove", "NAME", "Removes a domain.", 1, 1, kContents, domain_remove},
    {"domain set", "NAME FIELD=VALUE...", "Changes fields of a domain.", 2, kMany, {}, domain_set},
    {"domain show", "NAME", "Shows all fields of a domain.", 1, 1, {}, domain_show},
    {"log", "[ID]", "Shows what happened to mail: to one message, or what the options leave.", 0, 1,
     kLog, show_log},
    {"mailbox discard",
     "ID",
     "Deletes the file and the waiting mail that an alias which is no more has left behind; "
     "'forwardemail check' tells its id.",
     1,
     1,
     {},
     mailbox_discard},
    {"mailbox list", "", "Lists the mailboxes with their sizes.", 0, 0, {}, mailbox_list},
    {"mailbox retry",
     "ADDRESS",
     "Lets mail that was set aside be taken in after all: at once when the mailbox is open, else "
     "at its owner's next login. What fails again is set aside again.",
     1,
     1,
     {},
     mailbox_retry},
    {"mailbox stat",
     "ADDRESS",
     "Shows one mailbox: size, quota, waiting mail, last login.",
     1,
     1,
     {},
     mailbox_stat},
    {"mailbox waiting",
     "ADDRESS",
     "Lists the sealed mail that waits for its owner's login, and what could not be taken in at "
     "one and was set aside, with the time and the reason.",
     1,
     1,
     {},
     mailbox_waiting},
    {"status", "", "Says whether the door answers, and what it keeps.", 0, 0, {}, show_status},
};

const Command* find_command(const std::vector<std::string>& words, std::size_t& used) {
  for (const Command& command : kCommands) {
    const bool two = command.name.find(' ') != std::string_view::npos;
    if (words.size() < (two ? 2U : 1U)) continue;
    if (command.name != (two ? words[0] + ' ' + words[1] : words[0])) continue;
    used = two ? 2 : 1;
    return &command;
  }
  return nullptr;
}

Failure wrong(std::string text) { return {Fault::kBadInput, std::move(text), ""}; }

std::string unknown_command(const std::vector<std::string>& words) {
  std::string family;
  for (const Command& command : kCommands)
    if (command.name.starts_with(words[0] + ' ')) family += "\n  " + usage(command);
  if (!family.empty()) return "which of these?" + family;
  return "there is no command '" + words[0] + "'; 'forwardemail help' lists them";
}

// Takes "--name", "--name value" or "--name=value" at words[at].
Outcome<std::size_t> take_option(const Command& command, const std::vector<std::string>& words,
                                 std::size_t at, Call& call) {
  const std::string_view word = std::string_view(words[at]).substr(2);
  const std::size_t equals = word.find('=');
  const std::string_view name = word.substr(0, equals);
  if (name == "json" && equals == std::string_view::npos) {
    call.json = true;
    return at + 1;
  }
  const auto row = std::find_if(command.options.begin(), command.options.end(),
                                [&](const CommandOption& o) { return o.name == name; });
  if (row == command.options.end())
    return wrong("there is no option --" + std::string(name) + " here; write\n  " + usage(command));
  if (row->value.empty()) {
    if (equals != std::string_view::npos)
      return wrong("--" + std::string(name) + " takes no value");
    call.options[std::string(name)];
    return at + 1;
  }
  if (equals != std::string_view::npos) {
    call.options[std::string(name)] = word.substr(equals + 1);
    return at + 1;
  }
  if (at + 1 == words.size())
    return wrong("--" + std::string(name) + " wants " + std::string(row->value));
  call.options[std::string(name)] = words[at + 1];
  return at + 2;
}

}  // namespace

std::span<const Command> all_commands() { return kCommands; }

std::string usage(const Command& command) {
  std::string out = "forwardemail " + std::string(command.name);
  if (!command.words.empty()) out += ' ' + std::string(command.words);
  for (const CommandOption& option : command.options) {
    out += " [--" + std::string(option.name);
    if (!option.value.empty()) out += ' ' + std::string(option.value);
    out += ']';
  }
  return out;
}

std::string help_text() {
  std::string out = "forwardemail [--config FILE] [--json] COMMAND\n\n";
  for (const Command& command : kCommands) {
    out += "  " + usage(command) + "\n      " + std::string(command.help) + '\n';
    for (const CommandOption& option : command.options)
      out += "        --" + std::string(option.name) + ": " + std::string(option.help) + '\n';
  }
  out +=
      "  forwardemail check\n      Examines configuration, keys, certificates and the door.\n"
      "  forwardemail help\n      Prints this.\n\n"
      "Passwords are read from standard input, never from the command line.\n";
  return out;
}

bool wants_json(const std::vector<std::string>& words) {
  const auto end = std::find(words.begin(), words.end(), "--");
  return std::find(words.begin(), end, "--json") != end;
}

Outcome<Parsed> parse_command(const std::vector<std::string>& words) {
  if (words.empty()) return wrong("which command? 'forwardemail help' lists them");
  Parsed parsed;
  std::size_t at = 0;
  parsed.command = find_command(words, at);
  if (parsed.command == nullptr) return wrong(unknown_command(words));
  bool only_words = false;
  while (at < words.size()) {
    if (!only_words && words[at] == "--") {
      only_words = true;
      ++at;
    } else if (!only_words && words[at].starts_with("--")) {
      auto next = take_option(*parsed.command, words, at, parsed.call);
      if (!next.ok()) return next.failure();
      at = next.value();
    } else {
      parsed.call.words.push_back(words[at++]);
    }
  }
  const std::size_t count = parsed.call.words.size();
  if (count < parsed.command->least_words || count > parsed.command->most_words)
    return wrong("write\n  " + usage(*parsed.command));
  return parsed;
}

}  // namespace fwd::service
