#ifndef FWD_SCAN_RSPAMD_ANSWER_H
#define FWD_SCAN_RSPAMD_ANSWER_H

// Reads rspamd's answers, and makes a stranger's text fit for its questions.

#include <string>
#include <string_view>

#include "core/outcome.h"
#include "scan/verdicts.h"

namespace fwd::scan {

// The answer to /checkv2.  kUnavailable when it is not one: a scanner that
// talks nonsense is as good as away.
Outcome<SpamVerdict> read_spam_verdict(std::string_view json);

// One line that is safe in a header of ours, of HTTP or of SMTP: all but
// visible ASCII and single spaces becomes '?', and it ends after `most` octets.
std::string one_line(std::string_view text, std::size_t most);

}  // namespace fwd::scan

#endif
