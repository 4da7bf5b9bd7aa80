// Key records: their grammar, and asking for them.
#include "mailauth/signatures/dkim_key.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "crypto/ed25519.h"
#include "mailauth/signatures/tag_list.h"

namespace fwd::mailauth {
namespace {

constexpr unsigned kLeastBits = 1024, kMostBits = 4096;  // RFC 8301 §3.2
constexpr std::size_t kMostRecords = 8, kLongestRecord = 8192;
constexpr std::size_t kEd25519Size = 32;

DkimKey bad(std::string problem, DkimKey::Trouble trouble = DkimKey::Trouble::kPermanent) {
  DkimKey key;
  key.trouble = trouble;
  key.problem = std::move(problem);
  return key;
}

bool lists(std::string_view list, std::string_view word) {
  const auto parts = colon_parts(list);
  return std::any_of(parts.begin(), parts.end(),
                     [word](std::string_view part) { return same_word(part, word); });
}

// RFC 6376 §3.6.1: what the owner allows the key for; "" when that is this.
std::string why_not(const TagList& tags, SignatureAlgorithm algorithm) {
  const Tag* version = tags.find("v");
  if (version != nullptr && (version != &tags.tags().front() || version->value != "DKIM1"))
    return "the key is of no version we know";
  const std::string_view kind = tags.find("k") != nullptr ? tags.value("k") : "rsa";
  if (!same_word(kind, algorithm == SignatureAlgorithm::kRsaSha256 ? "rsa" : "ed25519"))
    return "the key is for another algorithm";
  if (tags.find("h") != nullptr && !lists(tags.value("h"), "sha256"))
    return "the key is not for SHA-256";
  if (tags.find("s") != nullptr && !lists(tags.value("s"), "email") && !lists(tags.value("s"), "*"))
    return "the key is not for mail";
  if (tags.find("p") == nullptr) return "the key has no p=";
  return tags.value("p").empty() ? "the key has been revoked" : "";
}

// RFC 6376 §3.6.1 for RSA, RFC 8463 §4 for Ed25519.
void read_octets(std::string octets, SignatureAlgorithm algorithm, DkimKey& key) {
  if (algorithm == SignatureAlgorithm::kEd25519Sha256) {
    if (octets.size() != kEd25519Size) {
      key.problem = "the key is no Ed25519 key";
      return;
    }
    key.ed25519 = std::move(octets);
    key.bits = 256;
  } else {
    key.rsa = crypto::RsaPublicKey::read(octets);
    if (!key.rsa) {
      key.problem = "the key is no RSA key";
      return;
    }
    key.bits = key.rsa->bits();
    if (key.bits < kLeastBits || key.bits > kMostBits) {
      key.trouble = DkimKey::Trouble::kPolicy;
      key.problem = "the key has " + std::to_string(key.bits) + " bits";
      return;
    }
  }
  key.trouble = DkimKey::Trouble::kNone;
}

DkimKey choose_key(std::vector<std::string> records, SignatureAlgorithm algorithm) {
  std::sort(records.begin(), records.end());
  if (records.size() > kMostRecords) records.resize(kMostRecords);
  DkimKey chosen = bad("there is no key");
  bool has_one = false;
  for (const std::string& record : records) {
    DkimKey key = read_key(record, algorithm);
    if (key.trouble == DkimKey::Trouble::kNone) return key;
    if (!has_one) chosen = std::move(key);
    has_one = true;
  }
  return chosen;
}

}  // namespace

bool DkimKey::verifies(std::string_view digest, std::string_view signature) const {
  return rsa ? rsa->verifies(digest, signature)
             : crypto::ed25519_verifies(ed25519, digest, signature);
}

DkimKey read_key(std::string_view record, SignatureAlgorithm algorithm) {
  const auto tags = record.size() <= kLongestRecord ? TagList::read(record) : std::nullopt;
  if (!tags) return bad("the key record is broken");
  if (std::string problem = why_not(*tags, algorithm); !problem.empty())
    return bad(std::move(problem));
  auto octets = from_base64_tag(tags->value("p"));
  if (!octets) return bad("the key is no base64");
  DkimKey key;
  key.is_testing = lists(tags->value("t"), "y");
  key.is_exact_only = lists(tags->value("t"), "s");
  read_octets(std::move(*octets), algorithm, key);
  return key;
}

Task<DkimKey> fetch_key(net::Resolver& resolver, std::string domain, std::string selector,
                        SignatureAlgorithm algorithm) {
  auto asking = resolver.resolve(selector + "._domainkey." + domain, net::DnsType::kTxt);
  const Outcome<net::DnsAnswer> answer = co_await asking;
  if (!answer.ok() && answer.failure().fault == Fault::kBadInput)
    co_return bad("d= and s= are no name");
  if (!answer.ok()) co_return bad("the DNS does not answer", DkimKey::Trouble::kTemporary);
  co_return choose_key(net::texts(answer.value()), algorithm);
}

}  // namespace fwd::mailauth
