#ifndef FWD_SCAN_HEADER_LINES_H
#define FWD_SCAN_HEADER_LINES_H

// What the scanners found, as header fields that explain themselves:
//
//   X-Spam-Status: Yes, score=12.30 required=15.00 action="add header"
//   X-Spam-Score: 12.30
//   X-Spamd-Result: BAYES_SPAM(5.10), URIBL_BLACK(4.00), …
//   X-Virus-Status: Clean

#include <string>
#include <string_view>

#include "scan/verdicts.h"

namespace fwd::scan {

// Each folded (RFC 5322 §2.2.3) and ended by CRLF; "" when nobody was asked.
// X-Spamd-Result has about 900 octets at most: the symbols that weigh most.
std::string header_lines(const ScanResult& result);

// True for a field that only header_lines() may write: one that comes from
// outside is a forgery, and is removed.
bool is_scan_field(std::string_view name);

}  // namespace fwd::scan

#endif
