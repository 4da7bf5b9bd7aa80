// What a report to a plain address is worth.
#include "service/inbound/backscatter.h"

#include <algorithm>
#include <string>

#include "core/text.h"

namespace fwd::service {
namespace {

// Who writes reports; names of RFC 2142 §5 and those that programs use.
bool is_postmaster_like(std::string_view local) {
  constexpr std::string_view kNames[] = {"mailer-daemon", "mailerdaemon",  "mail-daemon",
                                         "postmaster",    "double-bounce", "bounce"};
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [local](std::string_view name) { return same_word(local, name); });
}

}  // namespace

bool is_delivery_report(std::string_view content_type) {
  const std::string lower = to_lower(trim(content_type));
  return lower.starts_with("multipart/report") &&
         lower.find("delivery-status") != std::string::npos;
}

bool looks_like_report(std::string_view author_local, std::string_view content_type) {
  return is_delivery_report(content_type) || is_postmaster_like(author_local);
}

BackscatterVerdict check_backscatter(const BackscatterFacts& facts) {
  BackscatterVerdict verdict;
  verdict.finding = {"backscatter", "none", "", 0};
  const bool is_from_daemon =
      is_postmaster_like(facts.sender_local) || is_postmaster_like(facts.author_local);
  const bool is_report =
      is_from_daemon || looks_like_report(facts.author_local, facts.content_type);
  // A person may write as postmaster@ and mean it: without a null sender only the
  // form of a report makes one.
  const bool is_bounce =
      facts.sender_is_null ? is_report : is_from_daemon && is_delivery_report(facts.content_type);
  if (!facts.sender_is_null && !is_bounce) return verdict;
  if (facts.is_allowed) {
    verdict.finding.result = "allowed";
    return verdict;
  }
  if (facts.came_to_return_path) {
    verdict.finding.result = "return-path";
    return verdict;
  }
  if (facts.is_block_listed) {
    verdict.finding.result = "listed";
    verdict.finding.why = "its host is listed for sending backscatter";
    verdict.refusal =
        smtp::Reply{554, "5.7.1", "Your host is listed for sending reports about forged mail"};
    return verdict;
  }
  if (!is_bounce) return verdict;
  verdict.finding.result = "unasked";
  verdict.finding.why = "a report about mail that did not leave under a return path of ours";
  verdict.finding.points = facts.points;
  return verdict;
}

}  // namespace fwd::service
