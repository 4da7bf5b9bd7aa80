#ifndef FWD_FORMAT_HTML_TEXT_H
#define FWD_FORMAT_HTML_TEXT_H

// What a reader sees of an HTML text, roughly: for previews and for searching,
// never for showing.

#include <string>
#include <string_view>

namespace fwd::format {

// UTF-8 in, UTF-8 out: tags, comments, scripts and styles left out, blocks
// begin new lines, the common character references decoded.  Linear time, any
// input.
std::string html_to_text(std::string_view html);

}  // namespace fwd::format

#endif
