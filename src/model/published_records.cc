// The DNS records of a domain, and their lines in a master file.
#include "model/published_records.h"

#include <algorithm>
#include <utility>

#include "format/domain_name.h"

namespace fwd::model {
namespace {

constexpr std::uint16_t kPriority = 10;
constexpr std::size_t kMostString = 255;
// Of an owner's name, without the last dot (RFC 1035 §2.3.4).
constexpr std::size_t kMostName = 253;

PublishedRecord txt(std::string purpose, std::string name, std::string value) {
  return {std::move(name), "TXT", 0, std::move(value), std::move(purpose)};
}

PublishedRecord key_record(const std::string& domain, const std::string& selector,
                           const char* algorithm, const std::string& key) {
  // RFC 6376 §3.6.1, RFC 8463 §4
  return txt("dkim", selector + "._domainkey." + domain,
             std::string("v=DKIM1; k=") + algorithm + "; p=" + key);
}

}  // namespace

Outcome<std::vector<PublishedRecord>> published_records(const Domain& domain,
                                                        std::string_view mail_host) {
  const Outcome<std::string> name = format::domain_to_ascii(domain.name);
  if (!name.ok()) return name.failure();
  const Outcome<std::string> host = format::domain_to_ascii(mail_host);
  if (!host.ok() || host.value().find('.') == std::string::npos)
    return Failure{Fault::kBadInput,
                   "this host's name '" + std::string(mail_host) +
                       "' is not one that others can find: set server.hostname",
                   ""};
  const std::string& at = name.value();
  std::vector<PublishedRecord> records;
  records.push_back({at, "MX", kPriority, host.value(), "mx"});
  records.push_back(txt("spf", at, "v=spf1 mx ~all"));
  if (!domain.dkim_public_key.empty())
    records.push_back(key_record(at, domain.dkim_key_selector, "rsa", domain.dkim_public_key));
  if (!domain.dkim_ed25519_public_key.empty())
    records.push_back(key_record(at, domain.dkim_ed25519_key_selector, "ed25519",
                                 domain.dkim_ed25519_public_key));
  records.push_back({domain.return_path + "." + at, "CNAME", 0, host.value(), "return-path"});
  records.push_back(txt("dmarc", "_dmarc." + at, "v=DMARC1; p=quarantine; rua=mailto:dmarc@" + at));
  // The return path leads there, and so does the question whether the host may
  // send for it; two such records at one name would be none (RFC 7208 §4.5).
  if (host.value() != at) records.push_back(txt("spf", host.value(), "v=spf1 a -all"));
  for (const PublishedRecord& record : records)
    if (record.name.size() > kMostName)
      return Failure{Fault::kBadInput, "the domain's name is too long for its records", ""};
  return records;
}

namespace {

// <character-string>s of RFC 1035 §5.1.
std::string quoted(std::string_view text) {
  std::string out;
  do {
    out += out.empty() ? "\"" : " \"";
    for (const char c : text.substr(0, kMostString)) {
      const auto octet = static_cast<unsigned char>(c);
      if (octet < ' ' || octet > '~') {
        out += '\\';
        out += static_cast<char>('0' + octet / 100);
        out += static_cast<char>('0' + octet / 10 % 10);
        out += static_cast<char>('0' + octet % 10);
        continue;
      }
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
    text.remove_prefix(std::min(text.size(), kMostString));
  } while (!text.empty());
  return out;
}

}  // namespace

std::string zone_line(const PublishedRecord& record) {
  std::string line = record.name + ". " + std::to_string(kPublishedTtl) + " IN " + record.type;
  if (record.type == "MX") line += ' ' + std::to_string(record.priority);
  if (record.type != "TXT") return line + ' ' + record.value + ".\n";
  return line + ' ' + quoted(record.value) + '\n';
}

}  // namespace fwd::model
