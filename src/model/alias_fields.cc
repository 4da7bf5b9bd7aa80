// The fields of an alias, and the rules of its name and recipients.
#include <algorithm>

#include "core/text.h"
#include "format/alias_pattern.h"
#include "model/record_field.h"
#include "model/records.h"

namespace fwd::model {

template <>
const std::vector<Field<VacationResponder>>& fields_of<VacationResponder>() {
  static const std::vector<Field<VacationResponder>> fields = {
      field<&VacationResponder::is_enabled>("is_enabled"),
      field<&VacationResponder::start_date>("start_date"),
      field<&VacationResponder::end_date>("end_date"),
      field<&VacationResponder::subject>("subject", matching(is_single_line, "one line", 400)),
      field<&VacationResponder::message>("message", text_up_to(4000)),
  };
  return fields;
}

template <>
const std::vector<Field<PushDevice>>& fields_of<PushDevice>() {
  static const std::vector<Field<PushDevice>> fields = {
      field<&PushDevice::account_id>("account_id", needed(text_up_to(200))),
      field<&PushDevice::device_token>("device_token", needed(text_up_to(500))),
      field<&PushDevice::subtopic>("subtopic", text_up_to(200)),
      field<&PushDevice::mailboxes>("mailboxes", entries(100)),
  };
  return fields;
}

template <>
const std::vector<Field<Alias>>& fields_of<Alias>() {
  static const std::vector<Field<Alias>> fields = {
      read_only<&Alias::id>("id", needed(matching(is_id, "24 hex digits"))),
      field<&Alias::locale>("locale", text_up_to(20)),
      read_only<&Alias::created_at>("created_at"),
      read_only<&Alias::updated_at>("updated_at"),
      read_only<&Alias::user>("user", matching(is_id, "an id of 24 hex digits")),
      read_only<&Alias::domain>("domain", needed(matching(is_id, "an id of 24 hex digits"))),
      field<&Alias::name>("name", needed(text_up_to(500))),
      field<&Alias::description>("description", text_up_to(600)),
      field<&Alias::labels>("labels", entries(100, 150, is_single_line, "one line")),
      field<&Alias::is_enabled>("is_enabled"),
      field<&Alias::error_code_if_disabled>("error_code_if_disabled", {.choices = "250|421|550"}),
      field<&Alias::has_recipient_verification>("has_recipient_verification"),
      read_only<&Alias::verified_recipients>("verified_recipients",
                                             entries(1000, 254, is_email, "an e-mail address")),
      read_only<&Alias::pending_recipients>("pending_recipients",
                                            entries(1000, 254, is_email, "an e-mail address")),
      field<&Alias::recipients>(
          "recipients", entries(1000, 2048, is_recipient, "an e-mail address, a host or a URL")),
      field<&Alias::has_imap>("has_imap"),
      field<&Alias::has_pgp>("has_pgp"),
      field<&Alias::has_smime>("has_smime"),
      field<&Alias::has_wkd_disabled>("has_wkd_disabled"),
      field<&Alias::public_key>("public_key", text_up_to(256 * 1024)),
      field<&Alias::smime_certificate>("smime_certificate", text_up_to(64 * 1024)),
      field<&Alias::retention>("retention", number(0, 365)),
      field<&Alias::smtp_limit>("smtp_limit", number(0, 100'000)),
      field<&Alias::is_smtp_suspended>("is_smtp_suspended"),
      read_only<&Alias::smtp_suspended_sent_at>("smtp_suspended_sent_at"),
      read_only<&Alias::storage_location>("storage_location"),
      read_only<&Alias::storage_used>("storage_used", number(0, INT64_MAX)),
      field<&Alias::max_quota>("max_quota", number(0, kMostQuota)),
      field<&Alias::vacation_responder>("vacation_responder"),
      hidden<&Alias::is_rekey>("is_rekey"),
      hidden<&Alias::is_api>("is_api"),
      hidden<&Alias::aps>("aps", entries(100)),
      hidden<&Alias::emailed_instructions>("emailed_instructions"),
      hidden<&Alias::imap_not_enabled_sent_at>("imap_not_enabled_sent_at"),
      hidden<&Alias::imap_backup_at>("imap_backup_at"),
      hidden<&Alias::last_vacuum_at>("last_vacuum_at"),
      hidden<&Alias::pgp_error_sent_at>("pgp_error_sent_at"),
      hidden<&Alias::storage_thresholds_sent_at>("storage_thresholds_sent_at", text_up_to(4096)),
      hidden<&Alias::settings>("settings", text_up_to(256 * 1024)),
  };
  return fields;
}

bool is_catch_all(std::string_view alias_name) { return alias_name == "*"; }

bool is_pattern(std::string_view alias_name) {
  return format::AliasPattern::is_pattern(alias_name);
}

namespace {

// An e-mail address in lower case; hosts too; a URL's path keeps its case.
std::string tidy_recipient(std::string_view text) {
  text = trim(text);
  return is_url(text) ? std::string(text) : to_lower(text);
}

// A local part as it may stand in a quoted string (RFC 5321 §4.1.2), narrower:
// nothing that would have to be quoted twice.
Outcome<void> check_plain_name(std::string_view name) {
  if (name.size() > 64) return field_failure("name", "must not be longer than 64 octets");
  if (name.front() == '!') return field_failure("name", "must not start with \"!\"");
  if (name.front() == '/') return field_failure("name", "looks like /expression/ but is not one");
  if (name.find('+') != std::string_view::npos)
    return field_failure("name", "must not hold \"+\": what follows it is a tag");
  const bool good = std::all_of(name.begin(), name.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet > 0x20 && octet != 0x7f && c != '"' && c != '\\' && c != '@' && c != '*';
  });
  if (!good || !is_visible(name))
    return field_failure("name", "must be one word of letters, digits and marks");
  return {};
}

Outcome<void> check_expression(std::string_view name) {
  const auto pattern = format::AliasPattern::parse(name);
  if (!pattern.ok())
    return field_failure("name", "is not an expression: " + pattern.failure().public_text);
  return {};
}

Outcome<void> check_name(const Alias& alias) {
  if (is_catch_all(alias.name) || is_pattern(alias.name)) {
    if (alias.has_imap)
      return field_failure("has_imap", "is not possible for a catch-all or an expression");
    if (alias.vacation_responder.is_enabled)
      return field_failure("vacation_responder",
                           "is not possible for a catch-all or an expression");
    if (is_catch_all(alias.name) && !alias.is_enabled)
      return field_failure("is_enabled", "must stay on for a catch-all");
    return is_pattern(alias.name) ? check_expression(alias.name) : Outcome<void>();
  }
  return check_plain_name(alias.name);
}

}  // namespace

void normalise(Alias& alias) {
  alias.name = std::string(trim(alias.name));
  if (!is_pattern(alias.name)) alias.name = to_lower(alias.name);
  if (!alias.name.empty() && alias.name.find_first_not_of('*') == std::string::npos)
    alias.name = "*";
  for (std::string& recipient : alias.recipients) recipient = tidy_recipient(recipient);
  std::vector<std::string> once;
  for (std::string& recipient : alias.recipients)
    if (!recipient.empty() && std::find(once.begin(), once.end(), recipient) == once.end())
      once.push_back(std::move(recipient));
  alias.recipients = std::move(once);
  tidy_list(alias.verified_recipients);
  tidy_list(alias.pending_recipients);
  tidy_list(alias.labels);
  std::erase(alias.labels, "catch-all");
  if (is_catch_all(alias.name)) alias.labels.insert(alias.labels.begin(), "catch-all");
}

Outcome<void> check(const Alias& alias) {
  Outcome<void> fields = check_fields(alias);
  if (!fields.ok()) return fields;
  Outcome<void> name = check_name(alias);
  if (!name.ok()) return name;
  if (alias.recipients.empty() && alias.is_enabled && !alias.has_imap)
    return field_failure("recipients", "must not be empty unless has_imap is on");
  if (alias.has_recipient_verification)
    for (const std::string& recipient : alias.recipients)
      if (!is_email(recipient))
        return field_failure("recipients",
                             "must all be e-mail addresses with has_recipient_verification");
  const VacationResponder& vacation = alias.vacation_responder;
  if (!vacation.start_date.empty() && !vacation.end_date.empty() &&
      vacation.start_date >= vacation.end_date)
    return field_failure("vacation_responder", "must start before it ends");
  return {};
}

Outcome<void> check_in_domain(const Alias& alias, const Domain& domain) {
  const std::int64_t most = domain.max_recipients_per_alias > 0 ? domain.max_recipients_per_alias
                                                                : kDefaultMostRecipients;
  if (static_cast<std::int64_t>(alias.recipients.size()) > most)
    return field_failure("recipients", "has more than " + std::to_string(most) + " entries");
  const std::string own = alias.name + '@' + domain.name;
  if (std::find(alias.recipients.begin(), alias.recipients.end(), own) != alias.recipients.end())
    return field_failure("recipients", "must not hold the alias itself");
  const bool wide = is_catch_all(alias.name) || is_pattern(alias.name);
  if (wide && (domain.is_global || domain.is_catchall_regex_disabled))
    return field_failure("name", "must be an exact name in this domain");
  if (is_catch_all(alias.name) && !domain.has_catchall)
    return field_failure("name", "must not be a catch-all in this domain");
  if (is_pattern(alias.name) && !domain.has_regex)
    return field_failure("name", "must not be an expression in this domain");
  if (alias.max_quota > 0 && domain.max_quota_per_alias > 0 &&
      alias.max_quota > domain.max_quota_per_alias)
    return field_failure("max_quota", "must not be more than the domain's max_quota_per_alias");
  return {};
}

Outcome<void> set_field(Alias& alias, std::string_view name, std::string_view text) {
  return set_by_hand(alias, name, text);
}

}  // namespace fwd::model
