// DANE for SMTP: TLSA records, and chains that match them.
#include "mailauth/route/dane.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/text.h"
#include "crypto/digest.h"

namespace fwd::mailauth {
namespace {

using net::ChainVerdict;
using net::DnsAnswer;
using net::DnsType;

constexpr std::uint8_t kTrustAnchor = 2;  // RFC 7218 §2.1
constexpr std::uint8_t kEndEntity = 3;
constexpr std::uint8_t kWhole = 0, kSha256 = 1, kSha512 = 2;  // RFC 7218 §2.3
constexpr std::size_t kMostRecords = 32;
constexpr std::size_t kMostReported = 64;  // octets of data shown in reports

std::optional<TlsaRecord> read_tlsa(const std::string& rdata) {
  if (rdata.size() < 4) return std::nullopt;
  TlsaRecord record;
  record.usage = static_cast<std::uint8_t>(rdata[0]);
  record.selector = static_cast<std::uint8_t>(rdata[1]);
  record.matching = static_cast<std::uint8_t>(rdata[2]);
  record.data = rdata.substr(3);
  return record;
}

// RFC 7672 §3.1: PKIX-TA(0) and PKIX-EE(1) are not for SMTP.
bool is_usable(const TlsaRecord& record) {
  if (record.usage != kTrustAnchor && record.usage != kEndEntity) return false;
  if (record.selector > 1) return false;
  if (record.matching == kWhole) return true;
  if (record.matching == kSha256) return record.data.size() == 32;
  return record.matching == kSha512 && record.data.size() == 64;
}

bool matches(const TlsaRecord& record, const std::string& der) {
  const std::string selected = record.selector == 0 ? der : net::public_key_info(der);
  if (selected.empty()) return false;
  if (record.matching == kSha256) return crypto::sha256(selected) == record.data;
  if (record.matching == kSha512) return crypto::sha512(selected) == record.data;
  return selected == record.data;
}

// RFC 7671 §9: of the digests of one usage and selector only the strongest
// counts.
bool is_outdone(const TlsaRecord& record, const std::vector<TlsaRecord>& records) {
  return record.matching == kSha256 &&
         std::any_of(records.begin(), records.end(), [&record](const TlsaRecord& other) {
           return other.usage == record.usage && other.selector == record.selector &&
                  other.matching == kSha512;
         });
}

ChainVerdict no_match() {
  return ChainVerdict{ChainVerdict::Kind::kUntrusted, "no TLSA record matches the certificate"};
}

// RFC 7672 §3.1.2: the chain must lead to the certificate that is named, and
// be valid and for one of the names.
ChainVerdict match_anchor(const net::CertificateChain& chain, const TlsaRecord& record,
                          const std::vector<std::string>& names) {
  std::vector<std::string> anchors;
  for (const std::string& der : chain)
    if (matches(record, der)) anchors.push_back(der);
  // A whole certificate in the DNS need not be shown (RFC 7671 §5.2.2).
  if (anchors.empty() && record.selector == 0 && record.matching == kWhole)
    anchors.push_back(record.data);
  ChainVerdict verdict = no_match();
  for (const std::string& anchor : anchors) {
    const auto store = net::TrustStore::of_anchor(anchor);
    if (!store.ok()) continue;
    verdict = store.value()->verify(chain, names);
    if (verdict.good()) break;
  }
  return verdict;
}

// Where the records may be (RFC 7672 §2.2.2, §2.2.3): below the name behind all
// CNAMEs, then below the name as it stands in the MX record.
Task<Outcome<std::vector<std::string>>> candidates(net::Resolver& resolver, const MxHost& host) {
  std::vector<std::string> bases;
  if (host.is_secure) {
    if (!host.canonical_name.empty()) bases.push_back(host.canonical_name);
    bases.push_back(host.name);
  } else if (!host.canonical_name.empty()) {
    // The alias leads out of what is signed; but the alias itself may be.
    auto asking = resolver.resolve(host.name, DnsType::kCname);
    const Outcome<DnsAnswer> alias = co_await asking;
    if (!alias.ok()) co_return alias.failure();
    if (alias.value().secure && alias.value().kind == DnsAnswer::Kind::kFound)
      bases.push_back(host.name);
  }
  co_return bases;
}

}  // namespace

std::vector<TlsaRecord> usable_tlsa(const DnsAnswer& answer) {
  std::vector<TlsaRecord> usable;
  for (const std::string& rdata : answer.rdata) {
    auto record = read_tlsa(rdata);
    if (record && is_usable(*record) && usable.size() < kMostRecords)
      usable.push_back(*std::move(record));
  }
  return usable;
}

std::string tlsa_text(const std::string& rdata) {
  const auto record = read_tlsa(rdata);
  if (!record) return "malformed";
  return std::to_string(record->usage) + " " + std::to_string(record->selector) + " " +
         std::to_string(record->matching) + " " + to_hex(record->data.substr(0, kMostReported));
}

Task<Outcome<TlsaAnswer>> find_tlsa(net::Resolver& resolver, const MxRoute& route,
                                    const MxHost& host, std::uint16_t port) {
  TlsaAnswer found;
  found.base = host.name;
  // RFC 7672 §2.2.1: what an unsigned MX record points at may be anybody's.
  if (!route.is_secure_mx || route.is_literal) co_return found;
  auto looking = candidates(resolver, host);
  const Outcome<std::vector<std::string>> bases = co_await looking;
  if (!bases.ok()) co_return bases.failure();
  for (const std::string& base : bases.value()) {
    const std::string name = "_" + std::to_string(port) + "._tcp." + base;
    auto asking = resolver.resolve(name, DnsType::kTlsa);
    const Outcome<DnsAnswer> answer = co_await asking;
    // A name too long to ask for has no records.
    if (!answer.ok() && answer.failure().fault == Fault::kBadInput) continue;
    if (!answer.ok()) co_return answer.failure();
    if (!answer.value().secure || answer.value().kind != DnsAnswer::Kind::kFound) continue;
    found.base = base;
    found.is_found = true;
    found.usable = usable_tlsa(answer.value());
    for (const std::string& rdata : answer.value().rdata)
      if (found.listed.size() < kMostRecords) found.listed.push_back(tlsa_text(rdata));
    break;
  }
  co_return found;
}

ChainVerdict match_tlsa(const net::CertificateChain& chain, const std::vector<TlsaRecord>& records,
                        const std::vector<std::string>& names) {
  if (chain.empty()) return ChainVerdict{ChainVerdict::Kind::kBroken, "no certificate was shown"};
  ChainVerdict best = no_match();
  for (const TlsaRecord& record : records) {
    if (is_outdone(record, records)) continue;
    if (record.usage == kEndEntity) {
      if (matches(record, chain.front())) return ChainVerdict{ChainVerdict::Kind::kGood, ""};
      continue;
    }
    ChainVerdict verdict = match_anchor(chain, record, names);
    if (verdict.good()) return verdict;
    if (verdict.kind != ChainVerdict::Kind::kUntrusted) best = std::move(verdict);
  }
  return best;
}

}  // namespace fwd::mailauth
