// The manual page of forwardemail and its completion in bash.
#include "service/operator/command_pages.h"

#include <map>
#include <vector>

#include "config/roff.h"
#include "core/text.h"
#include "service/operator/commands.h"

namespace fwd::service {
namespace {

using config::roff_sentences;
using config::roff_word;

constexpr const char* kManualHead = R"(.Dd November 21, 2026
.Dt FORWARDEMAIL 8
.Os
.Sh NAME
.Nm forwardemail
.Nd look after a Forward Email server
.Sh SYNOPSIS
.Nm
.Op Fl -config Ar FILE
.Op Fl -json
.Ar command
.Op Ar argument ...
.Nm
.Fl -help | -version
.Sh DESCRIPTION
.Nm
is the operator's command.
It asks
.Xr fwd-sqlited 8 ,
the one door to data, and so needs that daemon to run, and the rights of root.
.Pp
An
.Ar ADDRESS
is an alias with its domain, as
.Ql hello@example.com .
A
.Ar FIELD
is one that
.Ql forwardemail domain show
or
.Ql forwardemail alias show
prints; a list is written with commas.
.Pp
Passwords are read from standard input, never from the command line, and a
generated one is printed once.
.Sh OPTIONS
.Bl -tag -width Ds
.It Fl -config Ar FILE
Read
.Ar FILE
in place of
.Pa /etc/forwardemail/forwardemail.conf .
.It Fl -json
Print the answer as JSON, see
.Sx JSON .
May stand behind the command as well.
.It Fl -help
Print all commands and their options.
.It Fl -version
Print the version.
.El
.Sh COMMANDS
.Bl -tag -width Ds
)";

constexpr const char* kManualTail = R"(.It Cm check
Examines the configuration of all daemons, keys, certificates and the door:
files and waiting mail without a mailbox, mailboxes without a file.
Nothing of these is deleted unasked.
.It Cm help Op Ar command
Prints all commands and their options, or those of one, or of a family like
.Cm queue .
.El
.Sh POSTMASTER
Every domain takes mail for
.Ql postmaster
and
.Ql abuse .
It goes to the alias of that name, if there is one;
else to the address in the domain's field
.Cm postmaster ;
else to whom an expression or the catch-all sends it;
else to the alias with a mailbox that was made first.
An alias that leads to no mailbox is passed over, and one that was disabled
answers as it says.
Only a domain without any mailbox refuses such mail.
.Pp
Mail for
.Ql Postmaster
without a domain goes to
.Cm smtp.postmaster
of
.Xr forwardemail.conf 5 ;
when that is empty, to the postmaster of the nearest domain that
.Cm server.hostname
is in, else of the domain that was made first.
.Sh JSON
With
.Fl -json
every answer is one JSON value on standard output.
What lists is an array of objects, empty when there is nothing:
.Cm alias list ,
.Cm domain list ,
.Cm log
(oldest first),
.Cm mailbox list ,
.Cm mailbox waiting ,
.Cm domain password list
and
.Cm queue list .
All others give one object: the record that was made, changed, removed or shown,
the credentials that are told once, or the figures that were asked for.
.Pp
A command that is refused or fails prints nothing on standard output.
On standard error stands one object with the members
.Ql error ,
a sentence, and
.Ql fault ,
a word like
.Ql not\-found ;
the exit status is the same as without
.Fl -json .
.Cm check
gives its object, with an array
.Ql faults ,
in either case.
.Sh FILES
.Bl -tag -width Ds
.It Pa /etc/forwardemail/forwardemail.conf
The configuration of all daemons.
.It Pa /run/forwardemail/sqlited.sock
Where the door answers.
.El
.Sh EXIT STATUS
0 when it is done, 1 when it was refused or failed, 2 when the command line
was wrong, 78 when the configuration was.
.Sh EXAMPLES
The first domain, and a mailbox in it:
.Bd -literal -offset indent
forwardemail domain add example.com
forwardemail alias add hello@example.com \-\-password
.Ed
.Pp
Who gets what is sent to the domain's postmaster:
.Pp
.Dl forwardemail domain set example.com postmaster=hello@example.com
.Pp
What became of a message:
.Pp
.Dl forwardemail log \-\-address someone@example.org \-\-since 2026\-01\-31
.Pp
Mail to a host that is reachable again:
.Pp
.Dl forwardemail queue retry \-\-destination example.org
.Pp
What to publish in the DNS, so that others take the domain's mail:
.Pp
.Dl forwardemail domain dns example.com
.Pp
A program that hears of every attempt that failed, and the key to check it is us:
.Bd -literal -offset indent
forwardemail domain set example.com bounce_webhook=https://example.com/bounces
forwardemail domain webhook example.com
.Ed
.Sh SEE ALSO
.Xr forwardemail.conf 5 ,
.Xr fwd-events 7 ,
.Xr fwd-imapd 8 ,
.Xr fwd-mxd 8 ,
.Xr fwd-smtp-bree 8 ,
.Xr fwd-smtpd 8 ,
.Xr fwd-sqlited 8
)";

constexpr const char* kCompletionHead =
    R"(# bash completion for forwardemail(8), made from its table of commands.
_forwardemail() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local i command= words=
  COMPREPLY=()
  if [[ $previous = --config ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
    return
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      --config) ((i++)) ;;
      -*) ;;
      *)
        command+=${command:+ }${COMP_WORDS[i]}
        case $command in
)";

std::string manual_of(const Command& command) {
  std::string out = ".It Cm " + roff_word(command.name);
  if (!command.words.empty()) out += " Ar " + roff_word(command.words);
  out += '\n' + roff_sentences(command.help) + '\n';
  if (command.options.empty()) return out;
  out += ".Bl -tag -width Ds\n";
  for (const CommandOption& option : command.options) {
    out += ".It Fl \\-" + roff_word(option.name);
    if (!option.value.empty()) out += " Ar " + roff_word(option.value);
    out += '\n' + roff_sentences(option.help) + '\n';
  }
  return out + ".El\n";
}

std::string options_of(const Command& command) {
  std::string out = "--json";
  for (const CommandOption& option : command.options) {
    out += " --" + std::string(option.name);
    if (!option.value.empty()) out += '=';
  }
  return out;
}

void add_word(std::string& words, const std::string& word) {
  for (const std::string_view known : split(words, ' '))
    if (known == word) return;
  words += (words.empty() ? "" : " ") + word;
}

}  // namespace

std::string command_manual() {
  std::string out = kManualHead;
  for (const Command& command : all_commands()) out += manual_of(command);
  return out + kManualTail;
}

std::string bash_completion() {
  std::map<std::string, std::string> families;  // "alias" → "add list …"
  std::string whole, first = "--config --json --help --version check help";
  for (const Command& command : all_commands()) {
    const std::string name(command.name);
    const std::size_t space = name.find(' ');
    whole += (whole.empty() ? "" : " | ") + ("\"" + name + "\"");
    if (space == std::string::npos) {
      first += ' ' + name;
      continue;
    }
    const auto parts = split(name, ' ');
    std::string family(parts[0]);
    if (!families.contains(family)) first += ' ' + family;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      add_word(families[family], std::string(parts[i]));
      family += ' ' + std::string(parts[i]);
    }
  }
  std::string out = kCompletionHead;
  out += "          " + whole + " | check | help) break ;;\n        esac\n        ;;\n";
  out += "    esac\n  done\n  case $command in\n    \"\") words=\"" + first + "\" ;;\n";
  for (const auto& [family, verbs] : families)
    out += "    \"" + family + "\") words=\"" + verbs + "\" ;;\n";
  for (const Command& command : all_commands())
    out += "    \"" + std::string(command.name) + "\") words=\"" + options_of(command) + "\" ;;\n";
  return out +
         "  esac\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
         "  [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2> /dev/null\n"
         "} && complete -F _forwardemail forwardemail\n";
}

}  // namespace fwd::service
