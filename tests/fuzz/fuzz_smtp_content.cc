// The content of DATA and of BDAT as it comes in pieces: where it is cut must
// make no difference to where it ends, whether it is good, and what it is.
#include "fuzz/fuzz.h"
#include "protocol/smtp/content.h"

namespace {

using namespace fwd::smtp;

struct Read {
  std::string content;
  bool good = false;
  std::size_t eaten = 0;
  bool operator==(const Read&) const = default;
};

Read read(std::string_view in, std::size_t piece) {
  fwd::HandClock clock;
  Budget budget(1 << 20, clock);
  ContentBuffer out(budget, 1 << 20, 0);
  DotReader reader(1000);
  Read got;
  while (got.eaten < in.size() && !reader.done())
    got.eaten += reader.feed(in.substr(got.eaten, piece), out);
  got.good = reader.fault() == ContentFault::kNone;
  if (got.good) got.content = out.take();
  return got;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view in = fwd::fuzz::text_of(data, size);
  const Read whole = read(in, SIZE_MAX);
  fwd::fuzz::must(whole == read(in, 1) && whole == read(in, 7));
  return 0;
}
