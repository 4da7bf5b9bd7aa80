#ifndef FWD_FORMAT_AUTOMATIC_MAIL_H
#define FWD_FORMAT_AUTOMATIC_MAIL_H

// Which mail no machine may answer (RFC 3834 §2), and is no answer of a person.

#include <string>
#include <string_view>

namespace fwd::format {

// The header block of a message, without its content, at most so much of it as
// anybody looks at.
std::string_view looked_at_header(std::string_view message);

// Why the message was not written by a person to people: in words for the
// operator; "" when nothing says so.  `sender` is the envelope's, "" for the
// null path; `header` any octets.
std::string_view why_automatic(std::string_view sender, std::string_view header);

// The one address of From; "" when there is not exactly one.
std::string find_author(std::string_view header);

// Whether To or Cc names an address in `domain` (any spelling): who answers for
// somebody was written to openly (RFC 3834 §2).
bool is_written_to(std::string_view header, std::string_view domain);

}  // namespace fwd::format

#endif
