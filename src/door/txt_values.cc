// Seals and opens values of TXT records.
#include "door/txt_values.h"

#include <utility>

#include "core/text.h"
#include "crypto/seal.h"

namespace fwd::door {
namespace {

constexpr std::size_t kMostValue = 2000;

std::string purpose(std::string_view domain) { return "txt " + std::string(domain); }

}  // namespace

TxtValues::TxtValues(const crypto::SecretKey& server_key, std::string prefix)
    : key_(crypto::subkey(server_key, "txt values")), prefix_(std::move(prefix)) {}

Outcome<std::string> TxtValues::seal(std::string_view domain, std::string_view value) const {
  value = trim(value);
  if (value.empty()) return Failure{Fault::kBadInput, "there is nothing to seal", ""};
  if (value.size() > kMostValue)
    return Failure{Fault::kBadInput, "must not be longer than 2000 octets", ""};
  return prefix_ + '=' + to_base64(crypto::seal(key_, purpose(domain), value));
}

Outcome<std::vector<std::string>> TxtValues::open(std::string_view domain,
                                                  std::vector<std::string> records) const {
  for (std::string& record : records) {
    const std::string_view text = trim(record);
    if (!starts_with_word(text, prefix_) || text.substr(prefix_.size(), 1) != "=") continue;
    const auto sealed = from_base64(trim(text.substr(prefix_.size() + 1)));
    if (!sealed || sealed->size() <= crypto::kSealOverhead) continue;
    auto value = crypto::open_sealed(key_, purpose(domain), *sealed);
    if (!value.ok())
      return Failure{
          Fault::kUnavailable, "",
          "a sealed TXT record of " + std::string(domain) + " was not sealed for it here"};
    record = prefix_ + '=' + value.value();
  }
  return records;
}

}  // namespace fwd::door
