#ifndef FWD_SCAN_CLAMD_DIALOGUE_H
#define FWD_SCAN_CLAMD_DIALOGUE_H

// What is said to clamd on one connection (clamd(8), "COMMANDS"): a command
// that ends with a NUL, for INSTREAM the octets in chunks behind their length,
// and one answer that ends with a NUL.  Bounded in size; the caller bounds it
// in time.

#include <string_view>

#include "core/outcome.h"
#include "core/stream.h"
#include "core/task.h"
#include "scan/verdicts.h"

namespace fwd::scan {

// `content` must stay until the end.  kUnavailable: it goes away, fails, or
// talks nonsense.
Task<Outcome<VirusVerdict>> scan_stream(Stream& stream, std::string_view content);
Task<Outcome<void>> ping_stream(Stream& stream);

// The words of an answer: "stream: OK", "stream: NAME FOUND", "… ERROR".
Outcome<VirusVerdict> read_virus_verdict(std::string_view answer);

}  // namespace fwd::scan

#endif
