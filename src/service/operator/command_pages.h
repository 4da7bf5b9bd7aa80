#ifndef FWD_SERVICE_OPERATOR_COMMAND_PAGES_H
#define FWD_SERVICE_OPERATOR_COMMAND_PAGES_H

// Texts for people and shells, made from the table of commands.

#include <string>

namespace fwd::service {

// forwardemail(8), in mdoc.
std::string command_manual();
// A script that tells bash how to complete `forwardemail`.
std::string bash_completion();

}  // namespace fwd::service

#endif
