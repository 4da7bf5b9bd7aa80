#ifndef FWD_CONFIG_OPTION_PAGES_H
#define FWD_CONFIG_OPTION_PAGES_H

// Texts for people, made from the option table.

#include <string>

namespace fwd::config {

// forwardemail.conf(5), in mdoc.
std::string manual_page();
// An example file: every option, commented out, at its default.
std::string example_file();

}  // namespace fwd::config

#endif
