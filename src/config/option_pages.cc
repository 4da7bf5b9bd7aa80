// The manual page and the example file.
#include "config/option_pages.h"

#include "config/option_table.h"
#include "config/roff.h"
#include "core/text.h"

namespace fwd::config {
namespace {

constexpr const char* kManualHead = R"(.Dd November 21, 2026
.Dt FORWARDEMAIL.CONF 5
.Os
.Sh NAME
.Nm forwardemail.conf
.Nd configuration of the Forward Email server
.Sh DESCRIPTION
All daemons read one file, and after it the files
.Pa conf.d/*.conf
beside it in order of name; what comes later wins.
A line is
.Dl name = value
and what follows a
.Ql #
at the beginning of a line or after a space is a comment.
.Pp
A size is a number with
.Cm k , M , G
or
.Cm T
(powers of 1024), a time one with
.Cm ms , s , m , h
or
.Cm d .
A path is absolute, or begins with
.Pa @data/
.Pq the folder Cm data.folder
or
.Pa @credentials/
.Pq what systemd's Cm LoadCredential= No handed over .
.Pp
Every daemon tells what it would run with by
.Fl -show
and what is wrong with the file by
.Fl -check .
On
.Cm reload
a daemon reads the file again; when there is a fault in it, the daemon says so and goes on as before.
)";

constexpr const char* kManualTail = R"(.Sh FILES
.Bl -tag -width Ds
.It Pa )" FWD_CONFDIR R"(/forwardemail.conf
read when neither
.Fl -config
nor
.Ev FORWARDEMAIL_CONF
names another file
.El
.Sh SEE ALSO
.Xr fwd-events 7 ,
.Xr forwardemail 8 ,
.Xr fwd-imapd 8 ,
.Xr fwd-mxd 8 ,
.Xr fwd-sqlited 8
)";

std::string section_of(std::string_view name) {
  return std::string(name.substr(0, name.find('.')));
}

// "fwd-imapd, fwd-mxd"
std::string readers(const Option& option) {
  std::string out;
  for (const std::string_view program : split(option.programs, ' ')) {
    if (!out.empty()) out += ", ";
    out += (program == "forwardemail" ? "" : "fwd-") + std::string(program);
  }
  return out;
}

std::string shown_default(const Option& option) {
  return option.fallback.empty() ? "nothing" : std::string(option.fallback);
}

}  // namespace

std::string manual_page() {
  std::string out = kManualHead;
  out += ".Sh OPTIONS\n";
  std::string section;
  for (const Option& option : all_options()) {
    if (section_of(option.name) != section) {
      if (!section.empty()) out += ".El\n";
      section = section_of(option.name);
      out += ".Ss " + section + "\n.Bl -tag -width Ds\n";
    }
    out += ".It Cm " + roff_word(option.name) + "\n" + roff_sentences(option.help) +
           "\n.br\nIt is " + roff_word(rule_text(*parse_kind(option.kind))) + "; default " +
           roff_word(shown_default(option)) + ".\nRead by " + roff_word(readers(option)) + ".\n";
  }
  return out + ".El\n" + kManualTail;
}

std::string example_file() {
  std::string out =
      "# Configuration of the Forward Email server: forwardemail.conf(5).\n"
      "# Every option is shown at its default; take the # away to change one.\n";
  std::string section;
  for (const Option& option : all_options()) {
    if (section_of(option.name) != section) {
      section = section_of(option.name);
      out += "\n\n# ---- " + section + " ----\n";
    }
    out += "\n# " + std::string(option.help) + "\n# " + rule_text(*parse_kind(option.kind)) +
           "; read by " + readers(option) + "\n#" + std::string(option.name) + " = " +
           std::string(option.fallback) + "\n";
  }
  return out;
}

}  // namespace fwd::config
