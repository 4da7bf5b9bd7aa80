#ifndef FWD_FORMAT_REPORT_WORDS_H
#define FWD_FORMAT_REPORT_WORDS_H

// The part of a delivery report that a person reads.

#include <string>
#include <string_view>

#include "format/delivery_report.h"

namespace fwd::format {

// "Your message could not be delivered"
std::string_view report_subject(const DeliveryReport& report);
// UTF-8 with CRLF, lines of about 76 characters.
std::string report_text(const DeliveryReport& report);

// What an enhanced code means to the one who sent the message: "The address
// does not exist.  Please check its spelling."; "" when it says nothing.
std::string_view status_meaning(std::string_view status);

// `text` on one line: controls become spaces, what is not UTF-8 "?", and
// everything beyond ASCII "?" too unless `utf8`; at most `most` octets.
std::string report_line(std::string_view text, bool utf8, std::size_t most);

}  // namespace fwd::format

#endif
