#ifndef FWD_MAILAUTH_DMARC_ORGANISATIONAL_DOMAIN_H
#define FWD_MAILAUTH_DMARC_ORGANISATIONAL_DOMAIN_H

// Organisational domains by the public suffix list (RFC 7489 §3.2): the part of
// a name that somebody registered.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct psl_ctx_st;

namespace fwd::mailauth {

// A domain as DMARC compares it: lower-case A-labels without the last dot.
// Unlike a mail host's name it may have labels with "_" and at their ends "-".
// Nothing for what cannot be asked for in the DNS.
std::optional<std::string> comparable_domain(std::string_view domain);

// `domain` is `parent`, or below it; both as comparable_domain() gives them.
bool is_within(std::string_view domain, std::string_view parent);

// All of the list is used, its private section too: who hands out names to
// strangers below his own asks for that by being there.  A top-level domain
// that the list does not know is a public suffix.
class SuffixList {
 public:
  // What the library was built with.
  static SuffixList builtin();
  // The newer of that and the system's file (Debian: package publicsuffix).
  static SuffixList newest();

  // "mail.example.co.uk" → "example.co.uk"; a public suffix is its own
  // organisational domain.  `domain` as comparable_domain() gives it.
  std::string organisational_domain(const std::string& domain) const;
  // "mail.example.co.uk" → "co.uk", "co.uk" → "co.uk".
  std::string public_suffix(const std::string& domain) const;

 private:
  struct Free {
    void operator()(psl_ctx_st* list) const;
  };
  explicit SuffixList(psl_ctx_st* list) : list_(list) {}

  std::unique_ptr<psl_ctx_st, Free> list_;
};

}  // namespace fwd::mailauth

#endif
