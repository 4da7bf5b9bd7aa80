// The verb table and the small checks that several verbs share.
#include "protocol/smtp/verbs.h"

#include <algorithm>
#include <iterator>

#include "core/text.h"
#include "protocol/smtp/conversation.h"

namespace fwd::smtp {
namespace {

constexpr std::uint8_t kGreetedBy = kReady | kMail | kRcpt | kChunks;

// BDAT is let in everywhere because its octets must be read in any case; it
// looks at the stage itself.  AUTH is unknown where no login is offered.
constexpr Verb kVerbs[] = {
    // name       stages   ends_group  needs_login  check          run
    {"EHLO", kAnyStage, true, false, check_helo, run_ehlo},            // RFC 5321 §4.1.1.1
    {"HELO", kAnyStage, true, false, check_helo, run_helo},            // RFC 5321 §4.1.1.1
    {"STARTTLS", kReady, false, false, check_starttls, run_starttls},  // RFC 3207 §4
    {"AUTH", kReady, true, false, check_auth, run_auth},               // RFC 4954 §4
    {"MAIL", kReady, false, true, check_mail, run_mail},               // RFC 5321 §4.1.1.2
    {"RCPT", kMail | kRcpt, false, true, check_rcpt, run_rcpt},        // RFC 5321 §4.1.1.3
    {"DATA", kMail | kRcpt, true, true, check_data, run_data},         // RFC 5321 §4.1.1.4
    {"BDAT", kAnyStage, false, true, check_bdat, run_bdat},            // RFC 3030 §2
    {"RSET", kAnyStage, false, false, check_bare, run_rset},           // RFC 5321 §4.1.1.5
    {"NOOP", kAnyStage, false, false, check_any, run_noop},            // RFC 5321 §4.1.1.9
    {"QUIT", kAnyStage, false, false, check_bare, run_quit},           // RFC 5321 §4.1.1.10
    {"VRFY", kGreetedBy, false, true, check_vrfy, run_vrfy},           // RFC 5321 §4.1.1.6
    {"EXPN", kGreetedBy, false, true, check_any, run_expn},            // RFC 5321 §4.1.1.7
    {"HELP", kAnyStage, false, false, check_any, run_help},            // RFC 5321 §4.1.1.8
};

}  // namespace

const Verb* find_verb(std::string_view name) {
  const auto* hit = std::find_if(std::begin(kVerbs), std::end(kVerbs),
                                 [&](const Verb& v) { return same_word(name, v.name); });
  return hit == std::end(kVerbs) ? nullptr : hit;
}

Refusal check_bare(const Conversation&, std::string_view arguments, Command&) {
  if (arguments.empty()) return std::nullopt;
  return Reply{501, "5.5.4", "Takes no argument"};
}

Refusal check_any(const Conversation&, std::string_view, Command&) { return std::nullopt; }

}  // namespace fwd::smtp
