// The table of the operator's commands, and reading a command line by it.
#include "service/operator/commands.h"

#include <algorithm>

#include "core/text.h"

namespace fwd::service {
namespace {

constexpr std::size_t kMany = 200;

constexpr CommandOption kContents[] = {
    {"with-contents", "", "Remove the domain's aliases and their mailboxes as well."}};
constexpr CommandOption kAliasAdd[] = {
    {"password", "", "Give it a mailbox and a generated password, which is shown once."}};
constexpr CommandOption kAliasTest[] = {
    {"from", "ADDRESS", "Says what the domain's allowlist and denylist make of this sender."}};
constexpr CommandOption kPassword[] = {
    {"choose", "", "Read the new password from standard input instead of generating one."},
    {"current", "", "Read the current password from standard input: the mailbox is kept."},
    {"description", "TEXT", "What the password is for."},
    {"recovery", "", "Read the recovery code from standard input: the mailbox is kept."},
    {"start-over", "", "Delete the mailbox and begin an empty one."}};
constexpr CommandOption kListAdd[] = {
    {"for", "TIME", "For so long, such as 12h or 30d; else for good."},
    {"reason", "TEXT", "Why, for other operators."}};
constexpr CommandOption kVacation[] = {
    {"from", "DATE",
     "Answer from then on: \"2026-01-31\" or \"2026-01-31T12:00:00Z\"; \"\": at once."},
    {"message-file", "FILE", "What is answered, in UTF-8; \"-\": from standard input."},
    {"off", "", "Answer nobody."},
    {"on", "", "Answer."},
    {"subject", "TEXT", "What stands before the subject that is answered."},
    {"until", "DATE", "Answer until then; \"\": without end."}};
constexpr CommandOption kLog[] = {
    {"address", "ADDRESS", "Only what this address sent or was to get."},
    {"alias", "ADDRESS", "Only this alias."},
    {"domain", "NAME", "Only this domain."},
    {"event", "NAME", "Only this event, or events that begin with it (\"mx\")."},
    {"limit", "NUMBER", "At most so many, the newest (100)."},
    {"since", "DATE", "Nothing older: \"2026-01-31\" or \"2026-01-31T12:00:00Z\"."}};

constexpr CommandOption kDomainPassword[] = {
    {"description", "TEXT", "What the password is for."},
    {"user", "ADDRESS", "Whose mail it counts as, for limits (the domain's first admin)."}};
constexpr CommandOption kWebhook[] = {
    {"new-key", "", "Make another key; the one of before signs nothing any more."}};
constexpr CommandOption kDestination = {"destination", "DOMAIN",
                                        "Only messages to this domain, or to this whole address."};
constexpr CommandOption kDomain = {"domain", "NAME", "Only messages of this domain of ours."};
constexpr CommandOption kSender = {"sender", "ADDRESS", "Only messages with this envelope sender."};
constexpr CommandOption kState = {
    "state", "STATE", "Only messages in these states, by commas: pending, queued, deferred."};
constexpr CommandOption kQueueList[] = {{"all", "", "Those that have ended as well."},
                                        kDestination,
                                        kDomain,
                                        {"limit", "NUMBER", "At most so many, the newest (100)."},
                                        kSender,
                                        kState};
constexpr CommandOption kQueueAct[] = {
    {"all", "", "All messages that wait."}, kDestination, kDomain, kSender, kState};

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
    {"alias test", "ADDRESS",
     "Says where mail to the address goes, and why: every alias on the way, what was dropped, "
     "where it ends, and which domain passes it on there: its rules count, its keys sign, its "
     "journal is told. Asks the DNS for a domain with uses_dns_aliases.",
     1, 1, kAliasTest, alias_test},
    {"alias vacation", "ADDRESS",
     "Shows or changes what people are answered while the alias's owner is away. Each is answered "
     "once in a while (smtp.vacation-repeat), and only people: no lists, no machines, nobody "
     "whose address may be forged.",
     1, 1, kVacation, alias_vacation},
    {"alias verify",
     "ADDRESS [RECIPIENT]",
     "Notes by hand that mail may be forwarded to a recipient, where the alias or its domain has "
     "has_recipient_verification. Each is asked by mail else, and agrees by answering within 30 "
     "days; recipients of the alias's own domain are not asked. Until then they are left out, and "
     "who writes to an alias that has no others is told to come again. Without RECIPIENT it shows "
     "who has agreed, and asks the others again: once a day and five times in 30 days at most.",
     1,
     2,
     {},
     alias_verify},
    {"allow add", "VALUE",
     "Lets mail of a sender in whom checks would keep out or make wait. VALUE is an IP address, a "
     "network (192.0.2.0/24), a host or domain with all names below it, \"*.tld\", or a mail "
     "address; a name counts only when it is proven.",
     1, 1, kListAdd, allow_add},
    {"allow list", "", "Lists whom mail is let in from.", 0, 0, {}, allow_list},
    {"allow remove", "VALUE", "Takes a sender off that list.", 1, 1, {}, allow_remove},
    {"deny add", "VALUE",
     "Refuses mail of a sender; VALUE as for 'allow add'. What is more exact decides, and allow "
     "before deny.",
     1, 1, kListAdd, deny_add},
    {"deny list", "", "Lists whom mail is refused from, and why.", 0, 0, {}, deny_list},
    {"deny remove", "VALUE", "Takes a sender off that list.", 1, 1, {}, deny_remove},
    {"domain add", "NAME [FIELD=VALUE...]", "Makes a domain.", 1, kMany, {}, domain_add},
    {"domain dns",
     "NAME",
     "Prints the records to publish in the DNS, as lines for a zone file: where its mail goes, "
     "who may send it, and the keys that sign it.",
     1,
     1,
     {},
     domain_dns},
    {"domain encrypt-txt",
     "NAME",
     "Reads aliases as they stand in a TXT record (\"hello:friend@example.org,!spam\") from "
     "standard input and prints a record that holds them sealed, for this domain and server only.",
     1,
     1,
     {},
     domain_encrypt_txt},
    {"domain list", "", "Lists the domains.", 0, 0, {}, domain_list},
    {"domain password add", "NAME",
     "Makes a password with which one may send as any address of the domain, under the user name "
     "\"*@NAME\"; it is shown once.",
     1, 1, kDomainPassword, domain_password_add},
    {"domain password list", "NAME", "Lists them.", 1, 1, {}, domain_password_list},
    {"domain password remove", "NAME ID", "Removes one.", 2, 2, {}, domain_password_remove},
    {"domain remove", "NAME", "Removes a domain.", 1, 1, kContents, domain_remove},
    {"domain set", "NAME FIELD=VALUE...", "Changes fields of a domain.", 2, kMany, {}, domain_set},
    {"domain show", "NAME", "Shows all fields of a domain.", 1, 1, {}, domain_show},
    {"domain webhook", "NAME",
     "Shows where the domain hears of failed attempts to deliver its mail, and the key that signs "
     "what it hears and what webhooks of its aliases are told.",
     1, 1, kWebhook, domain_webhook},
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
    {"queue bounce", "[ID...]", "Gives messages up: each sender gets a notice that says so.", 0,
     kMany, kQueueAct, queue_bounce},
    {"queue hold", "[ID...]", "Keeps messages from being tried until they are released.", 0, kMany,
     kQueueAct, queue_hold},
    {"queue list", "", "Lists the messages that wait to be sent, newest first.", 0, 0, kQueueList,
     queue_list},
    {"queue release", "[ID...]", "Lets messages go that are held, or that wait for leave.", 0,
     kMany, kQueueAct, queue_release},
    {"queue remove", "[ID...]", "Ends messages without a word to their senders.", 0, kMany,
     kQueueAct, queue_remove},
    {"queue retry", "[ID...]",
     "Tries messages now, whatever their hour; their destinations are paused no more.", 0, kMany,
     kQueueAct, queue_retry},
    {"queue show",
     "ID",
     "Shows a message with what its recipients' hosts said.",
     1,
     1,
     {},
     queue_show},
    {"queue stat",
     "",
     "Counts the queue by state and by destination, and tells which destinations are paused.",
     0,
     0,
     {},
     queue_stat},
    {"status", "", "Says whether the door answers, and what it keeps.", 0, 0, {}, show_status},
};

const Command* find_command(const std::vector<std::string>& words, std::size_t& used) {
  for (const Command& command : kCommands) {
    const auto name = split(command.name, ' ');
    if (words.size() < name.size() || !std::equal(name.begin(), name.end(), words.begin()))
      continue;
    used = name.size();
    return &command;
  }
  return nullptr;
}

Failure wrong(std::string text) { return {Fault::kBadInput, std::move(text), ""}; }

std::string unknown_command(const std::vector<std::string>& words) {
  // Of "domain password" those, of "domain" all of its.
  std::string family;
  for (std::size_t used = std::min<std::size_t>(words.size(), 2); used > 0; --used) {
    std::string beginning;
    for (std::size_t i = 0; i < used; ++i) beginning += words[i] + ' ';
    for (const Command& command : kCommands)
      if (command.name.starts_with(beginning)) family += "\n  " + usage(command);
    if (!family.empty()) break;
  }
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

namespace {

std::string help_of(const Command& command) {
  std::string out = "  " + usage(command) + "\n      " + std::string(command.help) + '\n';
  for (const CommandOption& option : command.options)
    out += "        --" + std::string(option.name) + ": " + std::string(option.help) + '\n';
  return out;
}

}  // namespace

std::string help_about(const std::vector<std::string>& words) {
  const std::string wanted = join(words, " ");
  std::string out;
  for (const Command& command : kCommands)
    if (command.name == wanted || command.name.starts_with(wanted + ' ')) out += help_of(command);
  return out;
}

std::string help_text() {
  std::string out = "forwardemail [--config FILE] [--json] COMMAND\n\n";
  for (const Command& command : kCommands) out += help_of(command);
  out +=
      "  forwardemail check\n      Examines configuration, keys, certificates and the door.\n"
      "  forwardemail help [COMMAND]\n      Prints this, or what it says of one command or "
      "family.\n\n"
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
