#ifndef FWD_SCAN_VERDICTS_H
#define FWD_SCAN_VERDICTS_H

// What is asked about a message, and what rspamd and ClamAV say of it.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fwd::scan {

// One message and how it came.  Texts may be a stranger's: what no header of
// HTTP can hold is replaced, and long ones are cut.
struct ScanQuestion {
  // The message as it came, with CRLF; must stay until the answer.
  std::string_view content;
  std::string ip;  // "192.0.2.1"
  std::string helo;
  std::string hostname;                 // that the address was confirmed to have; else ""
  std::string sender;                   // of the envelope; "" for <>
  std::vector<std::string> recipients;  // of the envelope
  std::string deliver_to;               // whose mailbox it is for, when it is for one; else ""
  std::string queue_id;                 // the message's id in our log
};

// In rising order of harm.
enum class SpamAction {
  kNone,            // nothing against it
  kGreylist,        // let it come again later
  kAddHeader,       // likely spam: mark it
  kRewriteSubject,  // the same, said in the subject
  kSoftReject,      // refuse it for now
  kReject,          // refuse it for good
};
// As rspamd spells it: "no action", "add header", …
const char* spam_action_name(SpamAction action);

struct SpamSymbol {
  std::string name;  // letters, digits, '_', '-', '.'
  double score = 0;
};

inline constexpr std::size_t kMostSymbols = 100;

struct SpamVerdict {
  SpamAction action = SpamAction::kNone;
  double score = 0;
  double required = 0;              // the score at which it refuses mail
  std::vector<SpamSymbol> symbols;  // those that weigh most first, at most kMostSymbols
  std::string message;              // its words for the sender, ASCII, at most 200 octets; or ""
};

struct VirusVerdict {
  enum class Kind { kClean, kFound, kTooLarge };
  Kind kind = Kind::kClean;
  std::string name;  // of what was found, visible ASCII, at most 200 octets
};

// What came of one message.  A verdict that is not there was not asked for
// (no such scanner is configured, the message is too large) or its problem
// says why it is missing.
struct ScanResult {
  std::optional<SpamVerdict> spam;
  std::optional<VirusVerdict> virus;
  std::string spam_problem, virus_problem;  // for log and header; "" when there was none
  bool is_too_large = false;                // beyond ScannerOptions::size_limit: nobody was asked
};

}  // namespace fwd::scan

#endif
