#ifndef FWD_MAILAUTH_DKIM_CANON_H
#define FWD_MAILAUTH_DKIM_CANON_H

// The "relaxed" forms in which DKIM signs (RFC 6376 §3.4.2, §3.4.4).

#include <string>
#include <string_view>
#include <vector>

namespace fwd::mailauth {

// "subject:folded and spaced", without a line end.  `field`: with its colon
// and folding, without its last CRLF.
std::string relaxed_field(std::string_view field);

// SHA-256 of the relaxed body; `body` has CRLF line ends.
std::string relaxed_body_hash(std::string_view body);

// The names of fields that we sign, ended by null.
extern const char* const kSignedFields[];

// Those of a header that we sign, and From once more than it is there, so that
// no second one can be added (RFC 6376 §8.15).
struct SignedFields {
  std::string list;     // for h=, folded
  std::string relaxed;  // each with its CRLF, in the order of the list
};
SignedFields choose_fields(const std::vector<std::string_view>& fields);

}  // namespace fwd::mailauth

#endif
