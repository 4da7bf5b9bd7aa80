// MTA-STS: TXT records and policy files.
#include "core/text.h"
#include "fuzz/fuzz.h"
#include "mailauth/route/mta_sts.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view in = fwd::fuzz::text_of(data, size);
  const auto id = fwd::mailauth::parse_sts_record({std::string(in)});
  fwd::fuzz::must(!id || (!id->empty() && id->size() <= 32));
  const auto policy = fwd::mailauth::parse_sts_policy(in);
  if (!policy.ok()) return 0;
  const std::string text = fwd::join(fwd::mailauth::sts_lines(policy.value()), "\n");
  const auto again = fwd::mailauth::parse_sts_policy(text);
  fwd::fuzz::must(again.ok() && again.value().patterns == policy.value().patterns &&
                  again.value().mode == policy.value().mode &&
                  again.value().max_age == policy.value().max_age);
  fwd::mailauth::sts_matches(policy.value(), in.substr(0, 300));
  return 0;
}
