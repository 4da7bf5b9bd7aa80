// Making and opening return paths.
#include "door/return_paths.h"

#include <utility>
#include <vector>

#include "core/text.h"
#include "crypto/digest.h"
#include "crypto/seal.h"
#include "format/address.h"

namespace fwd::door {
namespace {

constexpr std::string_view kTag = "SRS0=";
constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kSecondTag = "SRS1=";
constexpr std::size_t kForeignTag = 4;    // octets of "SRS0"
constexpr std::string_view kNoDay = "-";  // in the hash of an SRS1
constexpr std::string_view kShort = "~";  // no domain: a token follows
constexpr std::size_t kTokenLetters = 16;
constexpr std::size_t kHashLetters = 6;
constexpr std::int64_t kDays = 1024;  // a day is written in two letters
constexpr std::int64_t kMostAge = 10;
constexpr std::size_t kMostLocal = 64;

std::int64_t day_of(WallTime now) { return unix_seconds(now) / 86400 % kDays; }

std::string day_letters(std::int64_t day) {
  const auto number = static_cast<std::size_t>(day);
  return {kLetters[number / 32], kLetters[number % 32]};
}

// Another host's: "SRS0" or "SRS1", and one of three separators.
bool is_foreign_path(std::string_view local) {
  return local.size() > kForeignTag + 1 &&
         (starts_with_word(local, "SRS0") || starts_with_word(local, "SRS1")) &&
         (local[kForeignTag] == '=' || local[kForeignTag] == '+' || local[kForeignTag] == '-');
}

// "" for what nobody could parse, or is too long.
std::string checked(std::string local, const std::string& domain) {
  if (local.size() > kMostLocal) return {};
  local += '@' + domain;
  return format::parse_mailbox(local, format::AddressCharset::kUtf8).ok() ? local : std::string();
}

std::string hash(const crypto::SecretKey& key, std::string_view day, std::string_view domain,
                 std::string_view local) {
  const std::string text = to_lower(day) + '=' + to_lower(domain) + '=' + to_lower(local);
  const std::string digest = crypto::hmac_sha256(key.view(), text);
  std::string letters;
  for (std::size_t i = 0; i < kHashLetters; ++i)
    letters += kLetters[static_cast<unsigned char>(digest[i]) % kLetters.size()];
  return letters;
}

}  // namespace

ReturnPaths::ReturnPaths(const crypto::SecretKey& server_key)
    : key_(crypto::subkey(server_key, "return path")),
      own_key_(crypto::subkey(server_key, "return path of own mail")) {}

std::string ReturnPaths::make_first(const crypto::SecretKey& key, const std::string& sender,
                                    const std::string& domain, WallTime now) const {
  const auto address = format::parse_mailbox(sender, format::AddressCharset::kUtf8);
  if (!address.ok() || domain.empty()) return {};
  const std::string& local = address.value().local;
  const std::string& at = address.value().domain;
  if (address.value().text() != local + '@' + at) return {};  // it needs quotes
  const std::string day = day_letters(day_of(now));
  return checked(std::string(kTag) + hash(key, day, at, local) + '=' + day + '=' + at + '=' + local,
                 domain);
}

std::string ReturnPaths::make(const std::string& sender, const std::string& domain,
                              WallTime now) const {
  std::string path = make_first(own_key_, sender, domain, now);
  return path.empty() ? sender : path;
}

// The hash of a day that is none covers host and rest.
std::string ReturnPaths::make_second(const std::string& sender, const std::string& domain) const {
  const auto address = format::parse_mailbox(sender, format::AddressCharset::kUtf8);
  if (!address.ok() || domain.empty()) return {};
  const std::string& local = address.value().local;
  if (address.value().text() != local + '@' + address.value().domain) return {};
  if (!is_foreign_path(local)) return {};
  std::string host = address.value().domain;
  std::string rest = local.substr(kForeignTag);  // with its separator
  if (local[3] == '1') {
    // Behind the other host's hash: the first host, an empty part, and its rest.
    const std::size_t hash_end = rest.find('=', 1);
    const std::size_t host_end =
        hash_end == std::string::npos ? hash_end : rest.find('=', hash_end + 1);
    if (host_end == std::string::npos || host_end == hash_end + 1) return {};
    host = rest.substr(hash_end + 1, host_end - hash_end - 1);
    rest = rest.substr(host_end + 1);
    if (rest.empty()) return {};
  }
  return checked(std::string(kSecondTag) + hash(key_, kNoDay, host, rest) + '=' + host + '=' + rest,
                 domain);
}

std::string ReturnPaths::token_for(const std::string& sender, const std::string& domain,
                                   WallTime now) const {
  if (sender.empty() || domain.empty()) return {};
  const bool is_second = is_foreign_path(sender);
  if (!(is_second ? make_second(sender, domain) : make_first(key_, sender, domain, now)).empty())
    return {};
  const std::string digest = crypto::hmac_sha256(key_.view(), "token " + sender);
  std::string token;
  for (std::size_t i = 0; i < kTokenLetters; ++i)
    token += kLetters[static_cast<unsigned char>(digest[i]) % kLetters.size()];
  return token;
}

std::string ReturnPaths::make_forward(const std::string& sender, const std::string& domain,
                                      WallTime now) const {
  if (sender.empty() || domain.empty()) return sender;
  const std::string token = token_for(sender, domain, now);
  if (token.empty())
    return is_foreign_path(sender) ? make_second(sender, domain)
                                   : make_first(key_, sender, domain, now);
  const std::string day = day_letters(day_of(now));
  return std::string(kTag) + hash(key_, day, kShort, token) + '=' + day + '=' +
         std::string(kShort) + '=' + token + '@' + domain;
}

bool ReturnPaths::is_meant(std::string_view local) {
  return starts_with_word(local, kTag) || starts_with_word(local, kSecondTag);
}

Outcome<ReturnPaths::Opened> ReturnPaths::open_any(std::string_view local, WallTime now) const {
  if (!starts_with_word(local, kSecondTag)) {
    auto opened = open_first(local, now);
    if (!opened.ok()) return opened;
    std::string& sender = opened.value().sender;
    const std::size_t at = sender.rfind('@');
    if (std::string_view(sender).substr(at + 1) != kShort) return opened;
    opened.value().token = to_upper(sender.substr(0, at));
    sender.clear();
    return opened;
  }
  const Failure forged{Fault::kDenied, "this is no return path of ours", ""};
  const std::vector<std::string_view> parts = split(local.substr(kSecondTag.size()), '=');
  if (parts.size() < 3 || parts[1].empty()) return forged;
  const std::string_view rest =
      local.substr(static_cast<std::size_t>(parts[2].data() - local.data()));
  if (rest.empty() || !crypto::equal(to_upper(parts[0]), hash(key_, kNoDay, parts[1], rest)))
    return forged;
  Opened opened;
  opened.sender = "SRS0" + std::string(rest) + '@' + std::string(parts[1]);
  return opened;
}

Outcome<ReturnPaths::Opened> ReturnPaths::open_first(std::string_view local, WallTime now) const {
  const Failure forged{Fault::kDenied, "this is no return path of ours", ""};
  if (!starts_with_word(local, kTag)) return forged;
  const std::vector<std::string_view> parts = split(local.substr(kTag.size()), '=');
  if (parts.size() < 4 || parts[1].size() != 2) return forged;
  const std::string_view day = parts[1], domain = parts[2];
  // The rest, whatever separators it has itself.
  const std::string_view rest =
      local.substr(static_cast<std::size_t>(parts[3].data() - local.data()));
  const std::string said = to_upper(parts[0]);
  const bool is_other = crypto::equal(said, hash(key_, day, domain, rest));
  if (!is_other && !crypto::equal(said, hash(own_key_, day, domain, rest))) return forged;
  const std::size_t high = kLetters.find(to_upper(day[0])), low = kLetters.find(to_upper(day[1]));
  if (high == std::string_view::npos || low == std::string_view::npos) return forged;
  const auto made = static_cast<std::int64_t>(high * 32 + low);
  if ((day_of(now) - made + kDays) % kDays > kMostAge)
    return Failure{Fault::kDenied, "this return path is too old", ""};
  return Opened{std::string(rest) + '@' + std::string(domain), "", !is_other};
}

Outcome<std::string> ReturnPaths::open(std::string_view local, WallTime now) const {
  auto opened = open_first(local, now);
  if (!opened.ok()) return opened.failure();
  return std::move(opened.value().sender);
}

}  // namespace fwd::door
