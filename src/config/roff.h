#ifndef FWD_CONFIG_ROFF_H
#define FWD_CONFIG_ROFF_H

// Our words as a manual page needs them.

#include <string>
#include <string_view>

namespace fwd::config {

// Text that roff takes for neither a request nor an escape; with sign of
// section as roff knows it.
std::string roff_word(std::string_view text);

// The same for running text: each sentence begins a line, as mdoc wants it.
std::string roff_sentences(std::string_view text);

}  // namespace fwd::config

#endif
