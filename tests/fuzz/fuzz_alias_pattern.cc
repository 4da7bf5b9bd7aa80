// Alias names that are expressions: the first line is the name, the second a
// local part, the rest a target.
#include "format/alias_pattern.h"
#include "fuzz/fuzz.h"

using fwd::format::AliasPattern;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view in = fwd::fuzz::text_of(data, size);
  const std::size_t first = in.find('\n');
  const std::string_view rest = first == in.npos ? "" : in.substr(first + 1);
  const std::size_t second = rest.find('\n');
  const std::string_view local = rest.substr(0, second);
  const std::string_view target = second == rest.npos ? "$&$1" : rest.substr(second + 1);
  const auto pattern = AliasPattern::parse(in.substr(0, first));
  if (!pattern.ok()) return 0;
  fwd::fuzz::must(AliasPattern::is_pattern(in.substr(0, first)));
  const auto expanded = pattern.value().expand(local, target);
  fwd::fuzz::must(!expanded || pattern.value().matches(local));
  const auto url = pattern.value().expand(local, target, AliasPattern::Into::kUrl);
  fwd::fuzz::must(url.has_value() == pattern.value().matches(local));
  return 0;
}
