#ifndef FWD_MAILAUTH_RESULTS_AUTHENTICATION_RESULTS_H
#define FWD_MAILAUTH_RESULTS_AUTHENTICATION_RESULTS_H

// Authentication-Results (RFC 8601): written for what we checked, and read.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fwd::mailauth {

// resinfo = method "=" result [reason] *(ptype "." property "=" pvalue)
struct MethodResult {
  std::string method;                                           // "spf", "dkim", …
  std::string word;                                             // "pass", …
  std::string comment;                                          // "p=reject", without its brackets
  std::vector<std::pair<std::string, std::string>> properties;  // {"smtp.mailfrom", "example.com"}
  std::string reason;                                           // for programs; we write none
};

// The whole field, folded, with its last CRLF: "Authentication-Results:
// mx.example.com; none".  Whatever the texts hold, they stay one value of one
// field: line ends and controls are dropped, values and comments quoted and
// bounded, U-labels made A-labels, other letters beyond ASCII "?".  A method, word
// or property that is no keyword is left out.
std::string authentication_results_line(std::string_view authserv_id,
                                        const std::vector<MethodResult>& results);
// The part behind the authserv-id, "; spf=pass smtp.mailfrom=…" or "; none",
// folded, without a last line end: ARC-Authentication-Results has the same
// (RFC 8617 §4.1.1).
std::string resinfo_text(const std::vector<MethodResult>& results);

struct AuthenticationResults {
  std::string authserv_id;  // unquoted, as written
  std::string version;      // "" or digits
  // Methods, words and properties in lower case; empty for "none".
  std::vector<MethodResult> results;

  // The first result of that method, or nullptr.
  const MethodResult* find(std::string_view method) const;
};

// `value`: what stands behind the colon, folds included.  Takes the grammar of
// RFC 8601 §2.2 and what is seen of bent rules: values with letters that want
// quotes, "action=none" without a dot, an empty value, a ";" at the end.
// Nothing for the rest; bounded at 64 KiB, 100 results, 100 properties each.
std::optional<AuthenticationResults> parse_authentication_results(std::string_view value);

}  // namespace fwd::mailauth

#endif
