// What scanners answer, and what is written of it into a header.
#include "core/text.h"
#include "fuzz/fuzz.h"
#include "scan/clamd_dialogue.h"
#include "scan/header_lines.h"
#include "scan/rspamd_answer.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view in = fwd::fuzz::text_of(data, size);
  fwd::scan::ScanResult result;
  const auto spam = fwd::scan::read_spam_verdict(in);
  if (spam.ok()) {
    result.spam = spam.value();
    fwd::fuzz::must(result.spam->symbols.size() <= fwd::scan::kMostSymbols);
  }
  const auto virus = fwd::scan::read_virus_verdict(in);
  if (virus.ok()) result.virus = virus.value();
  const std::string lines = fwd::scan::header_lines(result);
  fwd::fuzz::must(lines.size() < 2000 && fwd::is_ascii(lines));
  for (const std::string_view line : fwd::split(lines, '\n'))
    fwd::fuzz::must(line.empty() || (line.starts_with("X-") || line.front() == ' '));
  return 0;
}
