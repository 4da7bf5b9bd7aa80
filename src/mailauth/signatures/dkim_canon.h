#ifndef FWD_MAILAUTH_SIGNATURES_DKIM_CANON_H
#define FWD_MAILAUTH_SIGNATURES_DKIM_CANON_H

// The canonical forms in which fields and bodies are signed (RFC 6376 §3.4).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailauth/signatures/dkim_signature.h"
#include "mailauth/signatures/message_view.h"

namespace fwd::mailauth {

// "subject:folded and spaced", without a line end.  `field`: with its colon
// and folding, without its last CRLF.
std::string relaxed_field(std::string_view field);

// SHA-256 of the relaxed body; `body` has CRLF line ends.
std::string relaxed_body_hash(std::string_view body);

// SHA-256 of the first `lengths[i]` octets of the canonical body, of all of it
// where there is none; "" where it is shorter than that (RFC 6376 §3.5).  Walks
// over the body once, however many are asked for.
std::vector<std::string> body_hashes(std::string_view body, Canon canon,
                                     const std::vector<std::optional<std::uint64_t>>& lengths);

// SHA-256 of what `signature` signs of the header (RFC 6376 §3.7): the fields
// of h=, those of one name from the bottom up, then its own without b=.
std::string header_hash(const MessageView& message, const Signature& signature);

// The field of `signature` with nothing behind "b=", relaxed, without a line
// end.
std::string relaxed_without_signature(const MessageView& message, const Signature& signature);

// The names of fields that we sign, ended by null.
extern const char* const kSignedFields[];

// Those of a header that we sign, and From once more than it is there, so that
// no second one can be added (RFC 6376 §8.15).
struct SignedFields {
  std::string list;     // for h=, folded
  std::string relaxed;  // each with its CRLF, in the order of the list
};
// `fields`: each as `relaxed_field` takes it.  With `dkim_too` DKIM-Signature
// fields are signed as well, as ARC wants it (RFC 8617 §4.1.2).
SignedFields choose_fields(const std::vector<std::string_view>& fields, bool dkim_too = false);

}  // namespace fwd::mailauth

#endif
