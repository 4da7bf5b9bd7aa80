// Making and opening return paths.
#include "door/return_paths.h"

#include <vector>

#include "core/text.h"
#include "crypto/digest.h"
#include "crypto/seal.h"
#include "format/address.h"

namespace fwd::door {
namespace {

constexpr std::string_view kTag = "SRS0=";
constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t kHashLetters = 6;
constexpr std::int64_t kDays = 1024;  // a day is written in two letters
constexpr std::int64_t kMostAge = 10;
constexpr std::size_t kMostLocal = 64;

std::int64_t day_of(WallTime now) { return unix_seconds(now) / 86400 % kDays; }

std::string day_letters(std::int64_t day) {
  const auto number = static_cast<std::size_t>(day);
  return {kLetters[number / 32], kLetters[number % 32]};
}

}  // namespace

ReturnPaths::ReturnPaths(const crypto::SecretKey& server_key)
    : key_(crypto::subkey(server_key, "return path")) {}

std::string ReturnPaths::hash(std::string_view day, std::string_view domain,
                              std::string_view local) const {
  std::string text = to_lower(day) + '=' + to_lower(domain) + '=' + to_lower(local);
  const std::string digest = crypto::hmac_sha256(key_.view(), text);
  std::string letters;
  for (std::size_t i = 0; i < kHashLetters; ++i)
    letters += kLetters[static_cast<unsigned char>(digest[i]) % kLetters.size()];
  return letters;
}

std::string ReturnPaths::make(const std::string& sender, const std::string& domain,
                              WallTime now) const {
  const auto address = format::parse_mailbox(sender, format::AddressCharset::kUtf8);
  if (!address.ok() || domain.empty()) return sender;
  const std::string& local = address.value().local;
  const std::string& at = address.value().domain;
  if (address.value().text() != local + '@' + at) return sender;  // it needs quotes
  const std::string day = day_letters(day_of(now));
  std::string path = std::string(kTag) + hash(day, at, local) + '=' + day + '=' + at + '=' + local;
  if (path.size() > kMostLocal) return sender;
  path += '@' + domain;
  // What nobody could parse would be no return path at all.
  return format::parse_mailbox(path, format::AddressCharset::kUtf8).ok() ? path : sender;
}

bool ReturnPaths::is_meant(std::string_view local) { return starts_with_word(local, kTag); }

Outcome<std::string> ReturnPaths::open(std::string_view local, WallTime now) const {
  const Failure forged{Fault::kDenied, "this is no return path of ours", ""};
  if (!is_meant(local)) return forged;
  const std::vector<std::string_view> parts = split(local.substr(kTag.size()), '=');
  if (parts.size() < 4 || parts[1].size() != 2) return forged;
  const std::string_view day = parts[1], domain = parts[2];
  // The rest, whatever separators it has itself.
  const std::string_view rest =
      local.substr(static_cast<std::size_t>(parts[3].data() - local.data()));
  if (!crypto::equal(to_upper(parts[0]), hash(day, domain, rest))) return forged;
  const std::size_t high = kLetters.find(to_upper(day[0])), low = kLetters.find(to_upper(day[1]));
  if (high == std::string_view::npos || low == std::string_view::npos) return forged;
  const auto made = static_cast<std::int64_t>(high * 32 + low);
  if ((day_of(now) - made + kDays) % kDays > kMostAge)
    return Failure{Fault::kDenied, "this return path is too old", ""};
  return std::string(rest) + '@' + std::string(domain);
}

}  // namespace fwd::door
