// Words for what became of forwards.
#include "service/inbound/forward_outcome.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/text.h"
#include "format/web_address.h"
#include "protocol/smtp/failure_reply.h"

namespace fwd::service {
namespace {

constexpr std::size_t kMostNamed = 3;

// Codes that mean the same behind our DATA as where they came from; others speak
// of our session with the remote.
std::uint16_t code_for_sender(std::uint16_t code) {
  if (code == 552 || code == 553 || code == 554) return code;
  return code >= 500 && code < 510 ? 554 : 550;
}

// RFC 3463 §3, subjects and details that tell the sender what to do.
std::string_view words_for(std::string_view status) {
  struct Row {
    std::string_view begin, words;
  };
  constexpr std::array<Row, 8> kRows = {{
      {"5.1.", "there is no such address"},
      {"5.2.2", "the mailbox is full"},
      {"5.2.3", "the message is too large"},
      {"5.2.", "the mailbox takes no mail"},
      {"5.3.4", "the message is too large"},
      {"5.4.", "no way leads there"},
      {"5.6.", "the content cannot be taken"},
      {"5.7.", "the message was refused by policy"},
  }};
  const auto* row = std::find_if(kRows.begin(), kRows.end(),
                                 [&](const Row& one) { return status.starts_with(one.begin); });
  return row == kRows.end() ? "the message was refused" : row->words;
}

}  // namespace

// class "." subject "." detail
std::string status_of_class(char status_class, const std::string& status) {
  const auto parts = split(status, '.');
  const bool is_one = parts.size() == 3 && parts[0] == std::string_view(&status_class, 1) &&
                      parse_number(parts[1]) && parse_number(parts[2]) && status.size() <= 9;
  return is_one ? status : status_class + std::string(".0.0");
}

std::optional<smtp::Reply> refusal_of_all(const std::vector<Onward>& forwards) {
  std::optional<smtp::Reply> lowest;
  std::string named, last;
  std::size_t count = 0;
  for (const Onward& one : forwards) {
    for (const model::ForwardedTo& to : one.forwarded.destinations) {
      if (to.state != model::RecipientState::kFailed) return std::nullopt;
      const std::uint16_t code = code_for_sender(to.last.code);
      if (lowest && lowest->code <= code) continue;
      lowest = smtp::Reply{code, status_of_class('5', to.last.status), ""};
    }
    // An address whose mail several domains pass on.
    if (one.goal->recipient == last) continue;
    last = one.goal->recipient;
    if (++count > kMostNamed) continue;
    named += (named.empty() ? "<" : ", <") + one.goal->recipient + ">";
  }
  if (!lowest) return std::nullopt;
  if (count > kMostNamed) named += " and others";
  lowest->text = named + ": mail for it is forwarded, and " +
                 std::string(words_for(lowest->enhanced)) + " where it leads";
  return lowest;
}

bool is_put_off(const std::vector<Onward>& forwards) {
  bool waits = false;
  for (const Onward& one : forwards) {
    for (const model::ForwardedTo& to : one.forwarded.destinations) {
      if (to.state == model::RecipientState::kFailed) continue;
      if (to.state != model::RecipientState::kWaiting) return false;
      // Who is slow would never get it if it came again and again.
      if (to.attempts == 0 && !to.is_repeat) return false;
      waits = true;
    }
  }
  return waits;
}

smtp::Reply reply_to_queue(const Failure& failure) {
  if (failure.fault == Fault::kOverQuota)
    return {452, "4.3.1", "No room for more mail on this system, try again later"};
  // No delivery under it has a bounce left to pass on (NewForward::spends).
  if (failure.fault == Fault::kDenied)
    return {550, "5.7.1", "This return path takes no more notices"};
  return smtp::reply_to(failure);
}

std::string destination_label(const model::Destination& destination) {
  switch (destination.kind) {
    case model::DestinationKind::kWebhook:
      return format::webhook_label(destination.address);
    case model::DestinationKind::kHost:
      return destination.address + " at " + destination.host + ":" +
             std::to_string(destination.port);
    case model::DestinationKind::kAddress:
      break;
  }
  return destination.address;
}

}  // namespace fwd::service
