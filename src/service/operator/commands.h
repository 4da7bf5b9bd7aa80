#ifndef FWD_SERVICE_OPERATOR_COMMANDS_H
#define FWD_SERVICE_OPERATOR_COMMANDS_H

// The operator's commands as one table: parser, help, manual page and bash
// completion all come from it.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "service/operator/desk.h"

namespace fwd::service {

struct CommandOption {
  std::string_view name;   // "limit"
  std::string_view value;  // what it takes, "NUMBER"; empty: nothing
  std::string_view help;
};

struct Command {
  std::string_view name;   // "alias add"; of one to three words
  std::string_view words;  // "ADDRESS [FIELD=VALUE…]"
  std::string_view help;   // one sentence or more
  std::size_t least_words, most_words;
  std::span<const CommandOption> options;
  Task<Outcome<void>> (*run)(Desk& desk, Call call);
};

std::span<const Command> all_commands();

// Splits `words` into a command and its call.  kBadInput says what is wrong
// with it and how it is written.
struct Parsed {
  const Command* command = nullptr;
  Call call;
};
Outcome<Parsed> parse_command(const std::vector<std::string>& words);
// Whether the words ask for JSON, wrong as they may be otherwise.
bool wants_json(const std::vector<std::string>& words);

std::string usage(const Command& command);
// What `forwardemail help` prints.
std::string help_text();
// Of the command these words name, or of all that begin with them; "" for none.
std::string help_about(const std::vector<std::string>& words);

Task<Outcome<void>> allow_add(Desk& desk, Call call);
Task<Outcome<void>> allow_list(Desk& desk, Call call);
Task<Outcome<void>> allow_remove(Desk& desk, Call call);
Task<Outcome<void>> deny_add(Desk& desk, Call call);
Task<Outcome<void>> deny_list(Desk& desk, Call call);
Task<Outcome<void>> deny_remove(Desk& desk, Call call);
Task<Outcome<void>> domain_add(Desk& desk, Call call);
Task<Outcome<void>> domain_list(Desk& desk, Call call);
Task<Outcome<void>> domain_show(Desk& desk, Call call);
Task<Outcome<void>> domain_set(Desk& desk, Call call);
Task<Outcome<void>> domain_remove(Desk& desk, Call call);
Task<Outcome<void>> domain_dns(Desk& desk, Call call);
Task<Outcome<void>> domain_webhook(Desk& desk, Call call);
Task<Outcome<void>> domain_encrypt_txt(Desk& desk, Call call);
Task<Outcome<void>> domain_password_add(Desk& desk, Call call);
Task<Outcome<void>> domain_password_list(Desk& desk, Call call);
Task<Outcome<void>> domain_password_remove(Desk& desk, Call call);
Task<Outcome<void>> alias_add(Desk& desk, Call call);
Task<Outcome<void>> alias_list(Desk& desk, Call call);
Task<Outcome<void>> alias_show(Desk& desk, Call call);
Task<Outcome<void>> alias_set(Desk& desk, Call call);
Task<Outcome<void>> alias_remove(Desk& desk, Call call);
Task<Outcome<void>> alias_test(Desk& desk, Call call);
Task<Outcome<void>> alias_password(Desk& desk, Call call);
Task<Outcome<void>> alias_vacation(Desk& desk, Call call);
Task<Outcome<void>> alias_verify(Desk& desk, Call call);
Task<Outcome<void>> mailbox_discard(Desk& desk, Call call);
Task<Outcome<void>> mailbox_list(Desk& desk, Call call);
Task<Outcome<void>> mailbox_retry(Desk& desk, Call call);
Task<Outcome<void>> mailbox_stat(Desk& desk, Call call);
Task<Outcome<void>> mailbox_waiting(Desk& desk, Call call);
Task<Outcome<void>> queue_list(Desk& desk, Call call);
Task<Outcome<void>> queue_show(Desk& desk, Call call);
Task<Outcome<void>> queue_hold(Desk& desk, Call call);
Task<Outcome<void>> queue_release(Desk& desk, Call call);
Task<Outcome<void>> queue_retry(Desk& desk, Call call);
Task<Outcome<void>> queue_remove(Desk& desk, Call call);
Task<Outcome<void>> queue_bounce(Desk& desk, Call call);
Task<Outcome<void>> queue_stat(Desk& desk, Call call);
Task<Outcome<void>> show_log(Desk& desk, Call call);
Task<Outcome<void>> show_status(Desk& desk, Call call);

// What the door finds amiss with its files: a sentence each, added to `faults`,
// which must outlive the task.
Task<Outcome<void>> examine_door(Desk& desk, std::vector<std::string>& faults);

}  // namespace fwd::service

#endif
