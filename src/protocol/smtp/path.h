#ifndef FWD_PROTOCOL_SMTP_PATH_H
#define FWD_PROTOCOL_SMTP_PATH_H

// Paths and names as SMTP commands spell them (RFC 5321 §4.1.2, RFC 6531 §3.3).

#include <cstddef>
#include <string>
#include <string_view>

#include "core/outcome.h"

namespace fwd::smtp {

struct Path {
  std::string local;   // as written: a quoted string keeps its quotes
  std::string domain;  // as written: a domain, or a literal with its brackets; "" for <Postmaster>
  bool ascii = true;

  bool empty() const { return local.empty() && domain.empty(); }  // the null path "<>"
  // "local@domain", "local" without a domain, "" for the null path.
  std::string address() const;
};

// Eats one path, "<…>", off the front of `text`.  A source route is
// understood and dropped (RFC 5321 §4.1.1.3).  "<>" and "<Postmaster>" are
// told by their empty parts; whether they are welcome is the verb's to say.
// kBadInput: not a path (its public text says why), and `text` is unchanged.
Outcome<Path> take_path(std::string_view& text);

// The argument of HELO and EHLO: a domain or an address literal.  Underscores
// are let through, as many real hosts have them; nothing that could break a
// trace line is.
bool is_helo_name(std::string_view text);

}  // namespace fwd::smtp

#endif
