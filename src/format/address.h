#ifndef FWD_FORMAT_ADDRESS_H
#define FWD_FORMAT_ADDRESS_H

// Mail addresses of envelopes and logins (RFC 5321 §4.1.2, RFC 6531 §3.3).

#include <cstdint>
#include <string>
#include <string_view>

#include "core/outcome.h"

namespace fwd::format {

struct Address {
  std::string local;  // unquoted, case kept, ASCII or UTF-8 in NFC; at most 64 octets
  std::string
      domain;  // lower-case A-labels, "[192.0.2.1]", "[IPv6:2001:db8::1]", or "" (see below)

  // The local part without "+tag", and the tag.  A local part that begins with
  // "+" has none.
  std::string_view user() const;
  std::string_view tag() const;
  bool has_literal_domain() const { return domain.starts_with('['); }
  // Needs SMTPUTF8 to be said on the wire.
  bool needs_utf8() const;
  // "user@example.com", the local part quoted when it must be.
  std::string text() const;
  bool operator==(const Address&) const = default;
};

enum class AddressCharset : std::uint8_t { kAscii, kUtf8 };

// Mailbox = Local-part "@" ( Domain / address-literal ), the whole of `text`.
// kBadInput says what is wrong; kOverLimit beyond 64 octets of local part or
// 254 in all (RFC 5321 §4.5.3.1).  With kAscii, octets above 127 are kBadInput.
Outcome<Address> parse_mailbox(std::string_view text, AddressCharset charset);

// Whether two addresses differ in nothing but case and a "+tag".
bool is_same_person(std::string_view one, std::string_view other);

// A path with its angle brackets, at the beginning of `text`.
struct Path {
  bool null = false;     // "<>"
  Address address;       // domain "" only for "<Postmaster>" (RFC 5321 §4.5.1)
  std::size_t size = 0;  // octets of `text` it took
};

// Path = "<" [ A-d-l ":" ] Mailbox ">", "<>", or "<Postmaster>" in any case.
// A source route is read and dropped.  The caller decides whether null and
// postmaster are welcome, and reads on at `size`.
Outcome<Path> parse_path(std::string_view text, AddressCharset charset);

}  // namespace fwd::format

#endif
