#ifndef FWD_SCAN_SCANNERS_H
#define FWD_SCAN_SCANNERS_H

// The scanners a daemon has, asked together about one message.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/http_client.h"
#include "net/loop.h"
#include "net/resolver.h"
#include "scan/clamd.h"
#include "scan/local_names.h"
#include "scan/rspamd.h"
#include "scan/verdicts.h"

namespace fwd::scan {

struct ScannerOptions {
  RspamdOptions rspamd;  // url "": none
  std::string clamd;     // as read_endpoint() wants it; "": none
  std::chrono::milliseconds clamd_limit = std::chrono::seconds(30);
  std::uint64_t size_limit = 20ULL << 20;  // octets of a message; a larger one goes unscanned
  std::size_t most_at_once = 50;           // questions to rspamd: one more finds it busy
};

class Scanners {
 public:
  // Keeps references to the loop and to `others`, which knows names beyond
  // localhost (null: nobody does); both must outlive it.  kBadInput: an option
  // is wrong, the private text says which; kUnavailable: libcurl does not start.
  static Outcome<std::unique_ptr<Scanners>> make(net::Loop& loop, net::Resolver* others,
                                                 ScannerOptions options);

  // False: none is configured, and run() would give an empty result.
  bool any() const { return rspamd_.has_value() || clamd_.has_value(); }

  // Asks all at once and waits for the slowest, at most for their limits.
  Task<ScanResult> run(ScanQuestion question);

  // A sentence for each scanner that does not answer, for --check=deep.
  Task<std::vector<std::string>> check();

 private:
  Scanners(net::Loop& loop, net::Resolver* others, ScannerOptions options);
  Task<bool> ask_rspamd(ScanQuestion question, ScanResult& result);
  Task<bool> ask_clamd(std::string_view content, ScanResult& result);

  net::Loop& loop_;
  LocalNames names_;
  ScannerOptions options_;
  std::unique_ptr<net::HttpClient> http_;
  std::optional<Rspamd> rspamd_;
  std::optional<Clamd> clamd_;
};

}  // namespace fwd::scan

#endif
