// Aliases in TXT records: each line is a record; what is read of it is asked
// about the last line, and put into its destinations.
#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "core/text.h"
#include "format/alias_pattern.h"
#include "format/forward_record.h"
#include "fuzz/fuzz.h"

using namespace fwd::format;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view in = fwd::fuzz::text_of(data, size);
  std::vector<std::string> texts;
  for (const std::string_view line : fwd::split(in, '\n')) texts.emplace_back(line);
  const std::string local = texts.back();
  const ForwardRecords found = read_forward_records(texts, "forward-email");
  fwd::fuzz::must(found.values.size() <= texts.size());
  std::size_t patterns = 0;
  for (const ForwardElement& element : parse_forward_values(found.values)) {
    fwd::fuzz::must(element.kind == ForwardElement::Kind::kBad ||
                    element.destination.empty() ==
                        (element.refusal != ForwardElement::Refusal::kNone));
    if (element.kind != ForwardElement::Kind::kPattern || ++patterns > 100) continue;
    fwd::fuzz::must(element.name.starts_with('/'));
    const auto pattern = AliasPattern::parse(element.name);
    if (!pattern.ok()) continue;
    const auto url =
        pattern.value().expand(local, "https://h.test/$1?$&", AliasPattern::Into::kUrl);
    fwd::fuzz::must(!url || url->find_first_of(" @#\r\n") == std::string::npos);
    // What was put in is neither "@" nor a URL's "://", and no text without a group changes.
    const auto to = pattern.value().expand(local, element.destination);
    fwd::fuzz::must(!to || pattern.value().matches(local));
    const auto ats = [](std::string_view text) {
      return std::count(text.begin(), text.end(), '@');
    };
    fwd::fuzz::must(!to || ats(*to) == ats(element.destination));
    const auto address = pattern.value().expand(local, "$1@h.test");
    fwd::fuzz::must(!address || address->find_first_of(" \":;<>,()[]\\\r\n") == std::string::npos);
  }
  return 0;
}
