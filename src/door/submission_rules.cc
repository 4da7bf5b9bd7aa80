// What one who sends may send.
#include "door/submission_rules.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "core/text.h"
#include "format/address.h"
#include "format/header_lines.h"
#include "format/one_mailbox.h"
#include "storage/directory/routes.h"

namespace fwd::door {
namespace {

// What fwd-smtpd puts before a message counts as nobody's.
constexpr std::uint64_t kOurLines = 16 * 1024;
constexpr std::size_t kMostHeader = std::size_t{2} << 20;  // octets

Failure denied(std::string why) { return {Fault::kDenied, std::move(why), ""}; }

// Without regard to case and to a +tag.
bool same_address(const std::string& one, const std::string& other) {
  const auto a = directory::address_key(one), b = directory::address_key(other);
  return a && b && a->local == b->local && a->domain == b->domain;
}

bool is_in_domain(const std::string& address, const std::string& domain) {
  const auto key = directory::address_key(address);
  return key && key->domain == directory::domain_key(domain);
}

bool is_blocked(const model::Domain& domain, const std::string& recipient) {
  return std::any_of(domain.smtp_emails_blocked.begin(), domain.smtp_emails_blocked.end(),
                     [&](const std::string& one) { return same_address(one, recipient); });
}

// CRLF ends lines, and nothing else looks as if it did.
bool is_clean(std::string_view raw) {
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '\0') return false;
    if (raw[i] == '\r' && (i + 1 == raw.size() || raw[i + 1] != '\n')) return false;
    if (raw[i] == '\n' && (i == 0 || raw[i - 1] != '\r')) return false;
  }
  return true;
}

std::string normal_address(std::string_view address) {
  auto parsed = format::parse_mailbox(address, format::AddressCharset::kUtf8);
  return parsed.ok() ? parsed.value().text() : std::string();
}

}  // namespace

Outcome<void> check_from(const model::NewOutbound& message) {
  const std::string_view block = std::string_view(message.content).substr(0, kMostHeader);
  std::optional<format::OneMailbox> from;
  std::size_t walked = 0;
  format::HeaderLines lines(block);
  while (const auto line = lines.next()) {
    walked += line->raw.size();
    if (line->name.empty() || !is_clean(line->raw))
      return denied("the header of the message is not as it must be");
    if (!same_word(line->name, "From")) continue;
    if (from) return denied("there is more than one From field");
    from = format::read_one_mailbox(line->value);
    if (!from) return denied("From must name exactly one address");
  }
  if (walked == kMostHeader) return denied("the header of the message is too long");
  const std::string address = from ? normal_address(from->address) : "";
  if (address.empty() || address != normal_address(message.header_from))
    return denied("From of the message is another than was said of it");
  return {};
}

Outcome<void> check_domain(const model::Domain& domain) {
  if (domain.is_smtp_suspended)
    return denied("sending is suspended for " + domain.name + "; ask who runs this server");
  if (!domain.has_smtp)
    return Failure{Fault::kCannot,
                   "sending is not enabled for " + domain.name +
                       "; who runs this server enables it with: forwardemail domain set " +
                       domain.name + " has_smtp=yes",
                   ""};
  return {};
}

Outcome<void> check_alias(const model::Alias& alias, const std::string& address) {
  if (alias.is_smtp_suspended)
    return denied("sending is suspended for " + address + "; ask who runs this server");
  return {};
}

Outcome<void> check_recipients(const model::Domain& domain, const model::NewOutbound& message) {
  for (const model::NewRecipient& one : message.recipients)
    if (is_blocked(domain, one.address))
      return denied("sending to " + one.address + " is blocked for " + domain.name);
  return {};
}

Outcome<void> check_bounds(const model::NewOutbound& message, const SubmissionLimits& limits,
                           std::int64_t now) {
  if (message.recipients.empty()) return Failure{Fault::kBadInput, "there is no recipient", ""};
  if (message.recipients.size() > limits.recipients)
    return Failure{Fault::kOverLimit,
                   "at most " + std::to_string(limits.recipients) + " recipients are allowed", ""};
  if (message.content.size() > limits.octets + kOurLines)
    return Failure{Fault::kOverLimit,
                   "at most " + std::to_string(limits.octets) + " octets are allowed", ""};
  const auto furthest = std::chrono::duration_cast<std::chrono::milliseconds>(limits.furthest);
  if (message.not_before > now + furthest.count())
    return denied("a message may wait for its hour at most " +
                  std::to_string(limits.furthest.count() / 24) + " days");
  return {};
}

Outcome<void> check_senders(const model::Sender& sender, const model::Domain& domain,
                            const model::NewOutbound& message) {
  if (sender.is_whole_domain) {
    if (!is_in_domain(message.header_from, domain.name))
      return denied("From must be an address of " + domain.name);
  } else if (!same_address(message.header_from, sender.address)) {
    return denied("From must be " + sender.address);
  }
  if (!message.envelope_from.empty() && !is_in_domain(message.envelope_from, domain.name))
    return denied("the envelope sender must be an address of " + domain.name);
  return {};
}

Outcome<void> check_local_senders(const model::Sender& sender, const model::NewOutbound& message) {
  if (!same_address(message.header_from, sender.address))
    return denied("From must be " + sender.address);
  if (!message.envelope_from.empty() && !same_address(message.envelope_from, sender.address))
    return denied("the envelope sender must be " + sender.address);
  return {};
}

std::vector<DailyCount> daily_counts(const directory::SenderRecord& sender,
                                     const SubmissionLimits& limits) {
  const std::string prefix = "submission.day:";
  std::vector<DailyCount> counts;
  const auto limit_of = [&](std::int64_t own) {
    return own > 0 ? static_cast<std::uint64_t>(own) : limits.daily;
  };
  if (sender.user && !sender.is_unlimited)
    counts.push_back(
        {prefix + "user:" + sender.user->id, limit_of(sender.user->smtp_limit), "you"});
  if (sender.domain && !sender.is_unlimited) {
    // A user who may send more than usual is not stopped by what is usual for a domain.
    const std::uint64_t usual =
        std::max(limits.daily, sender.user ? limit_of(sender.user->smtp_limit) : 0);
    const auto own = static_cast<std::uint64_t>(sender.domain->smtp_limit);
    counts.push_back(
        {prefix + "domain:" + sender.domain->id, own > 0 ? own : usual, sender.domain->name});
  }
  // One that was set for an alias holds for whomever it is.
  if (!sender.alias || !sender.domain) return counts;
  const std::int64_t own = sender.alias->smtp_limit > 0 ? sender.alias->smtp_limit
                                                        : sender.domain->alias_default_smtp_limit;
  if (own > 0)
    counts.push_back({prefix + "alias:" + sender.alias->id, static_cast<std::uint64_t>(own),
                      sender.alias->name + '@' + sender.domain->name});
  return counts;
}

}  // namespace fwd::door
