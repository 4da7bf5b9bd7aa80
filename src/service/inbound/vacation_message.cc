// Writes answers.
#include "service/inbound/vacation_message.h"

#include <utility>
#include <vector>

#include "core/text.h"
#include "crypto/random.h"
#include "format/address.h"
#include "format/header_lines.h"
#include "format/plain_message.h"

namespace fwd::service {
namespace {

constexpr std::size_t kMostIds = 20;
constexpr std::size_t kMostId = 250;  // octets; longer ones are left out

// msg-id = [CFWS] "<" id-left "@" id-right ">" [CFWS], what is shown of it.
std::vector<std::string> read_ids(std::string_view value) {
  std::vector<std::string> ids;
  while (true) {
    const std::size_t begin = value.find('<');
    if (begin == std::string_view::npos) return ids;
    const std::size_t end = value.find('>', begin);
    if (end == std::string_view::npos) return ids;
    const std::string_view id = value.substr(begin, end - begin + 1);
    const bool is_fit = id.size() > 2 && id.size() <= kMostId && is_ascii(id) && is_visible(id) &&
                        id.find(' ') == std::string_view::npos;
    if (is_fit) ids.emplace_back(id);
    // The first tells the thread, the last what it hangs on.
    if (ids.size() > kMostIds) ids.erase(ids.begin() + 1);
    value.remove_prefix(end + 1);
  }
}

std::vector<std::string> ids_of(std::string_view header, std::string_view name) {
  return read_ids(format::find_field(header, name).value_or(""));
}

}  // namespace

std::string find_message_id(std::string_view header) {
  const std::vector<std::string> ids = ids_of(header, "Message-ID");
  return ids.empty() ? "" : ids[0];
}

std::string references_for(std::string_view header) {
  std::vector<std::string> ids = ids_of(header, "References");
  if (ids.empty()) {
    ids = ids_of(header, "In-Reply-To");
    if (ids.size() > 1) ids.clear();
  }
  const std::string own = find_message_id(header);
  if (!own.empty()) ids.push_back(own);
  return join(ids, "\r\n ");
}

model::NewOutbound write_vacation(const Answered& answered, const model::Vacation& vacation,
                                  WallTime now) {
  model::NewOutbound out;
  out.id = crypto::log_id();
  out.recipients.push_back({answered.author, model::kNotifyNever, ""});
  out.header_from = vacation.address;
  const std::string domain = vacation.address.substr(vacation.address.rfind('@') + 1);
  out.message_id = "<" + crypto::object_id(now) + ".vacation@" + domain + ">";
  out.date = unix_milliseconds(now);
  // RFC 3834 §3.1.5: in the owner's words, or in one that is known.
  out.subject = vacation.subject.empty() ? "Auto: " + answered.subject
                                         : vacation.subject + " Re: " + answered.subject;
  const auto to = format::parse_mailbox(answered.author, format::AddressCharset::kUtf8);
  const auto from = format::parse_mailbox(vacation.address, format::AddressCharset::kUtf8);
  out.smtp_utf8 = (to.ok() && to.value().needs_utf8()) || (from.ok() && from.value().needs_utf8());
  format::PlainMessage message;
  message.from = vacation.address;
  message.to = answered.author;
  message.subject = out.subject;
  message.message_id = out.message_id;
  message.date = unix_seconds(now);
  message.more = {{"Auto-Submitted", "auto-replied"},  // RFC 3834 §5.1
                  {"Precedence", "bulk"},
                  {"X-Autoreply", "yes"},
                  {"X-Auto-Response-Suppress", "All"}};
  if (!answered.message_id.empty())
    message.more.push_back({"In-Reply-To", answered.message_id});  // RFC 3834 §3.1.6
  if (!answered.references.empty()) message.more.push_back({"References", answered.references});
  message.text = vacation.message;
  out.content = format::write_plain_message(message);
  return out;
}

}  // namespace fwd::service
