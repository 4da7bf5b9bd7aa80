#ifndef FWD_BIN_FORWARDEMAIL_COMMAND_LINE_H
#define FWD_BIN_FORWARDEMAIL_COMMAND_LINE_H

// The life of one `forwardemail` command.

#include <string>
#include <vector>

namespace fwd::command {

// `words`: the command line without the program's name.  Gives the exit
// status: 0 done, 1 refused or failed, 2 the command line is wrong, 78 the
// configuration is.
int run(std::vector<std::string> words);

}  // namespace fwd::command

#endif
