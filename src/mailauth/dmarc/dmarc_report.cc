// What DMARC aggregate reports are made of.
#include "mailauth/dmarc/dmarc_report.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace fwd::mailauth {
namespace {

constexpr std::size_t kMostSignatures = 50;
constexpr std::size_t kLongestWord = 255;
constexpr std::size_t kLongestText = 200;
constexpr std::size_t kLongestUris = 2000;

// A word of a stranger: without spaces, controls and ";", so that lists of it
// can be taken apart again.
std::string word(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kLongestWord))
    out += static_cast<unsigned char>(c) <= ' ' || c == ';' || c == 0x7f ? '_' : c;
  return out.empty() ? "-" : out;
}

std::string short_text(std::string text, std::size_t most) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = ' ';
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
  text.resize(most);
  return text;
}

std::string signatures(const std::vector<AlignmentFact>& facts) {
  std::string text;
  for (std::size_t i = 0; i < std::min(facts.size(), kMostSignatures); ++i) {
    if (!text.empty()) text += "; ";
    text += word(facts[i].domain) + " " + word(facts[i].selector) + " " + word(facts[i].word);
  }
  return text;
}

// The addresses that fit, whole.
std::string uris(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& uri : all) {
    if (text.size() + uri.size() + 1 > kLongestUris) break;
    if (!text.empty()) text += ',';
    text += uri;
  }
  return text;
}

std::string override_name(DmarcOverride reason) {
  switch (reason) {
    case DmarcOverride::kNone:
      return "";
    case DmarcOverride::kTrustedForwarder:
      return "trusted_forwarder";
    case DmarcOverride::kSampledOut:
      return "sampled_out";
    case DmarcOverride::kPolicyTestMode:
      return "policy_test_mode";
    case DmarcOverride::kLocalPolicy:
      return "local_policy";
  }
  return "";
}

DmarcOverride reason_of(const DmarcResult& result, const DmarcReportFacts& facts) {
  if (facts.reason != DmarcOverride::kNone) return facts.reason;
  if (result.sampled_out) return DmarcOverride::kSampledOut;
  const bool is_milder =
      result.verdict == DmarcVerdict::kFail && result.applied != result.published;
  return is_milder ? DmarcOverride::kPolicyTestMode : DmarcOverride::kNone;
}

void put(model::JournalEntry& entry, const char* name, std::string value) {
  if (!value.empty()) entry.fields[name] = std::move(value);
}

void put_policy(model::JournalEntry& entry, const DmarcResult& result) {
  const DmarcRecord& record = result.record;
  const auto policy = [&entry](const char* name, const std::optional<DmarcPolicy>& value) {
    if (value) entry.fields[name] = dmarc_policy_name(*value);
  };
  put(entry, "policy-domain", result.policy_domain);
  put(entry, "discovery", result.tree_walk ? "treewalk" : "psl");
  policy("p", record.p);
  policy("sp", record.sp);
  policy("np", record.np);
  put(entry, "pct", std::to_string(record.pct));
  put(entry, "adkim", std::string(1, record.adkim));
  put(entry, "aspf", std::string(1, record.aspf));
  put(entry, "fo", record.fo);
  put(entry, "testing", record.testing ? "y" : "n");
  put(entry, "rua", uris(record.rua));
  put(entry, "ruf", uris(record.ruf));
}

}  // namespace

model::JournalEntry dmarc_entry(const DmarcResult& result, const DmarcReportFacts& facts) {
  model::JournalEntry entry;
  entry.event = "mx.dmarc";
  entry.message_id = facts.message_id;
  put(entry, "result", std::string(dmarc_verdict_name(result.verdict)));
  put(entry, "header-from", result.from_domain);
  put(entry, "envelope-from", short_text(facts.envelope_from, kLongestWord));
  put(entry, "envelope-to", short_text(facts.envelope_to, kLongestWord));
  put(entry, "source-ip", facts.source_ip);
  put(entry, "disposition", std::string(dmarc_policy_name(facts.disposition)));
  put(entry, "dkim", result.dkim_aligned ? "pass" : "fail");
  put(entry, "spf", result.spf_aligned ? "pass" : "fail");
  put(entry, "reason", override_name(reason_of(result, facts)));
  put(entry, "comment", short_text(facts.comment, kLongestText));
  put(entry, "auth-dkim", signatures(facts.dkim));
  if (!facts.spf_word.empty())
    put(entry, "auth-spf",
        word(facts.spf_domain) + (facts.spf_is_helo ? " helo " : " mfrom ") + word(facts.spf_word));
  if (!result.policy_domain.empty()) put_policy(entry, result);
  return entry;
}

}  // namespace fwd::mailauth
