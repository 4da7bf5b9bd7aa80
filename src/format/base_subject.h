#ifndef FWD_FORMAT_BASE_SUBJECT_H
#define FWD_FORMAT_BASE_SUBJECT_H

// The subject without what replying and forwarding put around it.

#include <string>
#include <string_view>

namespace fwd::format {

// RFC 5256 §2.1 of a subject in UTF-8, of which at most 2000 octets count.
// Case is kept.
std::string make_base_subject(std::string_view subject);

}  // namespace fwd::format

#endif
