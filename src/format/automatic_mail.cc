// Tells mail of machines, lists and crowds from a person's.
#include "format/automatic_mail.h"

#include <algorithm>
#include <array>

#include "core/text.h"
#include "format/address.h"
#include "format/address_list.h"
#include "format/domain_name.h"
#include "format/header_lines.h"
#include "format/one_mailbox.h"
#include "format/structured_field.h"

namespace fwd::format {
namespace {

constexpr std::size_t kMostHeader = 256 * 1024;
constexpr std::size_t kMostNamed = 1000;  // addresses of To and Cc that are looked at

// RFC 3834 §2, RFC 5230 §4.6: names that are no person's.
constexpr std::array<std::string_view, 20> kNames = {
    "mailer-daemon", "postmaster",    "no-reply",     "noreply",  "no_reply",
    "do-not-reply",  "donotreply",    "do_not_reply", "listserv", "listserver",
    "majordomo",     "mailman",       "bounce",       "bounces",  "autoreply",
    "auto-reply",    "autoresponder", "fbl",          "scomp",    "abuse-report"};
constexpr std::array<std::string_view, 2> kBeginnings = {"owner-", "bounces+"};
constexpr std::array<std::string_view, 7> kEnds = {
    "-request", "-owner", "-bounces", "-noreply", "-no-reply", "-donotreply", "-autoreply"};

// Fields that only automatic mail has, whatever they say.
constexpr std::array<std::string_view, 9> kFields = {
    "X-Autoreply",     "X-Auto-Reply",     "X-Autorespond",
    "X-Autoresponder", "X-Autoreply-From", "X-Mail-Autoreply",
    "X-MDDSN-Message", "Feedback-Type",    "X-Failed-Recipients"};

// A word of a field's value, before its parameters and comments.
std::string_view first_word(std::string_view value) {
  while (!value.empty() &&
         (value[0] == ' ' || value[0] == '\t' || value[0] == '\r' || value[0] == '\n'))
    value.remove_prefix(1);
  return value.substr(0, std::min(value.find_first_of("; \t\r\n("), value.size()));
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(),
                     [word](std::string_view one) { return same_word(word, one); });
}

// Microsoft's word to automatic answers: "OOF, AutoReply", "All".
bool suppresses(std::string_view value) {
  const std::string line = unfold(value);
  const std::vector<std::string_view> words = split(line, ',');
  return std::any_of(words.begin(), words.end(), [](std::string_view word) {
    return is_one_of<3>(trim(word), {"OOF", "AutoReply", "All"});
  });
}

bool is_list_field(std::string_view name) {  // RFC 2369 §3, RFC 2919 §2, RFC 8058 §3.1
  return starts_with_word(name, "List-") || same_word(name, "Mailing-List") ||
         same_word(name, "X-Mailing-List");
}

bool is_report(std::string_view value) {  // RFC 6522 §3
  const std::string word = parse_structured_field(value).word;
  return word == "multipart/report" || word == "message/delivery-status" ||
         word == "message/disposition-notification" || word == "message/feedback-report";
}

std::string_view why_field(const HeaderLine& field) {
  const std::string_view name = field.name;
  if (same_word(name, "Auto-Submitted"))  // RFC 3834 §5
    return same_word(first_word(field.value), "no") ? "" : "Auto-Submitted";
  if (same_word(name, "Precedence") || same_word(name, "X-Precedence"))
    return is_one_of<5>(first_word(field.value),
                        {"bulk", "list", "junk", "auto_reply", "auto-reply"})
               ? "Precedence"
               : "";
  if (same_word(name, "X-Auto-Response-Suppress"))
    return suppresses(field.value) ? "X-Auto-Response-Suppress" : "";
  if (same_word(name, "Content-Type")) return is_report(field.value) ? "a report" : "";
  if (is_list_field(name)) return "a mailing list";
  return is_one_of(name, kFields) ? "written by a machine" : "";
}

bool is_machine(std::string_view address) {
  const std::size_t at = address.rfind('@');
  const std::string_view local = address.substr(0, at);
  const std::string_view domain = at == std::string_view::npos ? "" : address.substr(at + 1);
  const std::string_view name = local.substr(0, local.find('+', 1));
  const auto ends = [local](std::string_view end) {
    return local.size() > end.size() && same_word(local.substr(local.size() - end.size()), end);
  };
  const auto begins = [local](std::string_view start) { return starts_with_word(local, start); };
  return is_one_of(name, kNames) || std::any_of(kEnds.begin(), kEnds.end(), ends) ||
         std::any_of(kBeginnings.begin(), kBeginnings.end(), begins) ||
         // Where feedback loops write from (RFC 5965 §3).
         starts_with_word(domain, "arf.") || starts_with_word(domain, "fbl.") ||
         same_word(address, "staff@hotmail.com");
}

}  // namespace

std::string_view looked_at_header(std::string_view message) {
  message = message.substr(0, kMostHeader);
  return message.substr(0, header_size(message));
}

std::string find_author(std::string_view header) {
  if (count_fields(header, "From") != 1) return "";
  const auto from = read_one_mailbox(*find_field(header, "From"));
  if (!from) return "";
  const auto address = parse_mailbox(from->address, AddressCharset::kUtf8);
  if (!address.ok() || address.value().has_literal_domain()) return "";
  return address.value().text();
}

std::string_view why_automatic(std::string_view sender, std::string_view header) {
  if (sender.empty()) return "no sender";
  const std::string author = find_author(header);
  if (author.empty()) return "no author";
  if (is_machine(sender) || is_machine(author)) return "the name of a machine";
  HeaderLines fields(header);
  while (const auto field = fields.next()) {
    const std::string_view why = why_field(*field);
    if (!why.empty()) return why;
  }
  return "";
}

bool is_written_to(std::string_view header, std::string_view domain) {
  const auto wanted = domain_to_ascii(domain);
  if (!wanted.ok()) return false;
  std::size_t looked_at = 0;
  HeaderLines fields(header);
  while (const auto field = fields.next()) {
    if (!same_word(field->name, "To") && !same_word(field->name, "Cc")) continue;
    for (const auto& one : parse_address_list(field->value, kMostNamed - looked_at)) {
      ++looked_at;
      if (one.kind != ListedAddress::Kind::kMailbox) continue;
      const auto host = domain_to_ascii(one.host);
      if (host.ok() && host.value() == wanted.value()) return true;
    }
    if (looked_at >= kMostNamed) return false;
  }
  return false;
}

}  // namespace fwd::format
