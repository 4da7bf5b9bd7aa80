#ifndef FWD_MAILAUTH_SPF_SPF_EVALUATOR_H
#define FWD_MAILAUTH_SPF_SPF_EVALUATOR_H

// One check of SPF while it runs: the records it meets, and what they ask of
// the DNS (RFC 7208 §4.4 to §6.2).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "core/task.h"
#include "mailauth/spf/ip_octets.h"
#include "mailauth/spf/spf.h"
#include "mailauth/spf/spf_macro.h"
#include "mailauth/spf/spf_record.h"

namespace fwd::mailauth {

// Must outlive its tasks.
class SpfEvaluator {
 public:
  // `values`: all but domain and validated.
  SpfEvaluator(net::Resolver& resolver, SpfMacroValues values, SpfLimits limits);

  // check_host() for `domain`, a name that can be asked for.
  Task<SpfVerdict> check_host(std::string domain);
  // What the domain that decided has to say about it; "" for nothing.
  Task<std::string> explain();

  std::uint32_t lookups() const { return lookups_; }
  const std::string& problem() const { return problem_; }
  const std::string& mechanism() const { return mechanism_; }

 private:
  // What a term came to: it matches, or not, or ends the check.
  enum class Match : std::uint8_t { kNo, kYes, kTempError, kPermError };

  Task<Outcome<std::optional<std::string>>> find_record(std::string domain);
  Task<SpfVerdict> evaluate(std::string domain, SpfRecord record);
  Task<SpfVerdict> redirect(std::string domain, SpfMacroString target);
  Task<Match> match(std::string domain, const SpfMechanism& mechanism);
  Task<Match> match_include(std::string name);
  Task<Match> match_a(std::string name, const SpfMechanism& mechanism);
  Task<Match> match_mx(std::string name, const SpfMechanism& mechanism);
  Task<Match> match_ptr(std::string name);
  Task<Match> match_exists(std::string name);

  // The name a term leads to; nothing: none that can be asked for.
  Task<std::optional<std::string>> expand(std::string domain, const SpfMacroString& macros);
  Task<void> fill_validated(std::string domain, const SpfMacroString& macros);
  // Fills `validated_names_` (§5.5), once.
  Task<void> find_validated_names();

  bool is_client_in(const std::vector<std::string>& octets, const SpfMechanism& mechanism) const;
  bool uses_non_ascii_local(const SpfMacroString& macros) const;
  bool is_over_lookups();
  Match after_answer(net::DnsAnswer::Kind kind, Match match);
  Match trouble(const Failure& failure, const std::string& name);
  Match permanent(std::string problem);

  net::Resolver& resolver_;
  SpfMacroValues values_;
  const SpfLimits limits_;
  std::uint32_t lookups_ = 0, void_lookups_ = 0;
  int depth_ = 0;          // of includes
  std::string problem_;    // of the innermost that went wrong
  std::string mechanism_;  // of the outermost record
  // Of the record that decided; for explain().
  std::string exp_domain_;
  std::optional<SpfMacroString> exp_;
  // Names of the client that lead back to it; nothing: not looked for yet.
  std::optional<std::vector<std::string>> validated_names_;
  net::DnsAnswer::Kind names_kind_ = net::DnsAnswer::Kind::kFound;  // of the PTR answer
};

}  // namespace fwd::mailauth

#endif
