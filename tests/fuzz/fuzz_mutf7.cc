// Folder names in their two spellings: each name has one on the wire.
#include "core/text.h"
#include "format/mutf7.h"
#include "fuzz/fuzz.h"

using namespace fwd::format;
using fwd::fuzz::must;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string in(fwd::fuzz::text_of(data, size));
  const auto name = from_mutf7(in);
  if (name) must(fwd::is_utf8(*name) && to_mutf7(*name) == in);
  const auto wire = to_mutf7(in);
  must(wire.has_value() == fwd::is_utf8(in));
  if (wire) must(fwd::is_ascii(*wire));
  const auto composed = compose_name(in);
  if (composed)
    must(compose_name(*composed) == composed && from_mutf7(*to_mutf7(*composed)) == composed);
  return 0;
}
