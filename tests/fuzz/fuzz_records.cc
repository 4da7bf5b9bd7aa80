// JSON, and the records of users, domains and aliases made of it: what was
// read, brought into its stored form and written is read as the same again.
#include "fuzz/fuzz.h"
#include "model/records.h"

namespace {

using namespace fwd::model;

template <typename Record>
void try_record(fwd::Outcome<Record> (*decode)(std::string_view), std::string_view in) {
  auto record = decode(in);
  if (!record.ok()) return;
  normalise(record.value());
  check(record.value()).ok();
  const auto again = decode(encode_record(record.value(), true));
  fwd::fuzz::must(again.ok() &&
                  encode_record(again.value(), true) == encode_record(record.value(), true));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view in = fwd::fuzz::text_of(data, size);
  const auto json = fwd::format::parse_json(in);
  if (!json.ok()) return 0;
  const std::string text = fwd::format::write_json(json.value());
  fwd::fuzz::must(fwd::format::write_json(fwd::format::parse_json(text).value()) == text);
  try_record(decode_user, in);
  try_record(decode_domain, in);
  try_record(decode_alias, in);
  return 0;
}
