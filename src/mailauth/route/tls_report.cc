// What TLS reports are made of.
#include "mailauth/route/tls_report.h"

#include <string_view>
#include <utility>

#include "core/text.h"

namespace fwd::mailauth {
namespace {

constexpr std::size_t kLongestReason = 200;
constexpr std::size_t kLongestPolicy = 2000;

// One line, cut between characters.
std::string short_text(std::string text, std::size_t most) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = ' ';
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
  text.resize(most);
  return text;
}

}  // namespace

model::JournalEntry tls_result_entry(const TlsPolicy& policy, const TlsSessionResult& result) {
  model::JournalEntry entry;
  entry.event = "tls.result";
  entry.message_id = result.message_id;
  const auto put = [&entry](const char* name, std::string value) {
    if (!value.empty()) entry.fields[name] = std::move(value);
  };
  const std::string& type = result.result_type.empty() ? policy.trouble : result.result_type;
  put("result", type.empty() ? "success" : type);
  put("policy-type", std::string(policy_source_name(policy.source)));
  put("policy-domain", policy.domain);
  put("policy", short_text(join(policy.policy_strings, "; "), kLongestPolicy));
  put("mx-patterns", short_text(join(policy.policy_mx_hosts, " "), kLongestPolicy));
  put("mx", result.mx);
  put("mx-ip", result.mx_ip);
  put("our-ip", result.our_ip);
  put("reason", short_text(result.reason, kLongestReason));
  return entry;
}

}  // namespace fwd::mailauth
