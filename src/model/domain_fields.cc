// The fields of a domain, its members, invites and tokens.
#include <set>

#include "core/text.h"
#include "format/domain_name.h"
#include "model/record_field.h"
#include "model/records.h"

namespace fwd::model {

template <>
const std::vector<Field<Member>>& fields_of<Member>() {
  static const std::vector<Field<Member>> fields = {
      field<&Member::user>("user", needed(matching(is_id, "an id of 24 hex digits"))),
      field<&Member::group>("group", one_of("admin|user")),
  };
  return fields;
}

template <>
const std::vector<Field<Invite>>& fields_of<Invite>() {
  static const std::vector<Field<Invite>> fields = {
      field<&Invite::email>("email", needed(matching(is_email, "an e-mail address", 254))),
      field<&Invite::group>("group", one_of("admin|user")),
      hidden<&Invite::token>("token", text_up_to(100)),
      field<&Invite::expires_at>("expires_at"),
  };
  return fields;
}

template <>
const std::vector<Field<Token>>& fields_of<Token>() {
  static const std::vector<Field<Token>> fields = {
      field<&Token::id>("id", needed(matching(is_id, "24 hex digits"))),
      field<&Token::user>("user", matching(is_id, "an id of 24 hex digits")),
      field<&Token::description>("description", text_up_to(150)),
      hidden<&Token::hash>("hash", needed(text_up_to(4096))),
      hidden<&Token::scram>("scram", text_up_to(4096)),
      field<&Token::created_at>("created_at"),
  };
  return fields;
}

template <>
const std::vector<Field<CustomVerification>>& fields_of<CustomVerification>() {
  static const std::vector<Field<CustomVerification>> fields = {
      field<&CustomVerification::name>("name", matching(is_single_line, "one line", 150)),
      field<&CustomVerification::email>("email", matching(is_email, "an e-mail address", 254)),
      field<&CustomVerification::subject>("subject", matching(is_single_line, "one line", 500)),
      field<&CustomVerification::html>("html", text_up_to(65536)),
      field<&CustomVerification::text>("text", text_up_to(65536)),
      field<&CustomVerification::redirect>("redirect", matching(is_url, "a URL", 2048)),
  };
  return fields;
}

namespace {

std::vector<Field<Domain>> identity_fields() {
  return {
      read_only<&Domain::id>("id", needed(matching(is_id, "24 hex digits"))),
      field<&Domain::locale>("locale", text_up_to(20)),
      read_only<&Domain::created_at>("created_at"),
      read_only<&Domain::updated_at>("updated_at"),
      read_only<&Domain::name>("name", needed(matching(is_mail_domain, "a full domain name", 253))),
      field<&Domain::plan>("plan", one_of("free|enhanced_protection|team")),
      read_only<&Domain::members>("members", entries(1000)),
      read_only<&Domain::invites>("invites", entries(1000)),
      hidden<&Domain::tokens>("tokens", entries(10)),
      read_only<&Domain::verification_record>(
          "verification_record", needed(matching(is_record_code, "10 letters and digits"))),
      read_only<&Domain::has_mx_record>("has_mx_record"),
      read_only<&Domain::has_txt_record>("has_txt_record"),
      read_only<&Domain::has_dkim_record>("has_dkim_record"),
      read_only<&Domain::has_return_path_record>("has_return_path_record"),
      read_only<&Domain::has_dmarc_record>("has_dmarc_record"),
      read_only<&Domain::has_spf_record>("has_spf_record"),
      read_only<&Domain::has_strict_dmarc_record>("has_strict_dmarc_record"),
      read_only<&Domain::has_autoconfig_record>("has_autoconfig_record"),
      read_only<&Domain::has_autodiscover_record>("has_autodiscover_record"),
      read_only<&Domain::ns>("ns", entries(100, 253, is_host, "a name server")),
      read_only<&Domain::last_checked_at>("last_checked_at"),
      read_only<&Domain::alias_count>("alias_count", number(0, INT64_MAX)),
      field<&Domain::is_global>("is_global"),
      read_only<&Domain::is_api>("is_api"),
      field<&Domain::has_newsletter>("has_newsletter"),
  };
}

std::vector<Field<Domain>> outbound_fields() {
  return {
      field<&Domain::dkim_modulus_length>("dkim_modulus_length", {.choices = "1024|2048"}),
      field<&Domain::dkim_key_selector>("dkim_key_selector",
                                        needed(matching(is_dns_label, "a DNS label", 63))),
      hidden<&Domain::dkim_private_key>("dkim_private_key", text_up_to(16384)),
      read_only<&Domain::dkim_public_key>("dkim_public_key", text_up_to(4096)),
      field<&Domain::dkim_ed25519_key_selector>("dkim_ed25519_key_selector",
                                                matching(is_dns_label, "a DNS label", 63)),
      hidden<&Domain::dkim_ed25519_private_key>("dkim_ed25519_private_key", text_up_to(1024)),
      read_only<&Domain::dkim_ed25519_public_key>("dkim_ed25519_public_key", text_up_to(100)),
      field<&Domain::return_path>("return_path", needed(matching(is_dns_label, "a DNS label", 63))),
      field<&Domain::has_smtp>("has_smtp"),
      read_only<&Domain::smtp_verified_at>("smtp_verified_at"),
      read_only<&Domain::smtp_last_checked_at>("smtp_last_checked_at"),
      field<&Domain::is_smtp_suspended>("is_smtp_suspended"),
      read_only<&Domain::smtp_suspended_sent_at>("smtp_suspended_sent_at"),
      field<&Domain::smtp_emails_blocked>("smtp_emails_blocked",
                                          entries(1000, 254, is_email, "an e-mail address")),
      field<&Domain::alias_default_smtp_limit>("alias_default_smtp_limit", number(0, 100'000)),
      field<&Domain::smtp_limit>("smtp_limit", number(0, 1'000'000)),
      field<&Domain::bounce_webhook>("bounce_webhook",
                                     matching(is_public_url, "a public http or https URL", 2048)),
      read_only<&Domain::bounce_webhook_sent_at>("bounce_webhook_sent_at"),
      hidden<&Domain::webhook_key>("webhook_key", text_up_to(1024)),
      field<&Domain::has_custom_s3>("has_custom_s3"),
      field<&Domain::s3_endpoint>("s3_endpoint", matching(is_url, "a URL", 2048)),
      field<&Domain::s3_region>("s3_region", text_up_to(100)),
      field<&Domain::s3_bucket>("s3_bucket", text_up_to(100)),
      hidden<&Domain::s3_access_key_id>("s3_access_key_id", text_up_to(4096)),
      hidden<&Domain::s3_secret_access_key>("s3_secret_access_key", text_up_to(4096)),
  };
}

std::vector<Field<Domain>> inbound_fields() {
  return {
      field<&Domain::smtp_port>("smtp_port", needed(matching(is_port, "a port, 1 to 65535"))),
      field<&Domain::ignore_mx_check>("ignore_mx_check"),
      field<&Domain::retention_days>("retention_days", number(0, 30)),
      field<&Domain::has_recipient_verification>("has_recipient_verification"),
      field<&Domain::has_adult_content_protection>("has_adult_content_protection"),
      field<&Domain::has_phishing_protection>("has_phishing_protection"),
      field<&Domain::has_executable_protection>("has_executable_protection"),
      field<&Domain::has_virus_protection>("has_virus_protection"),
      field<&Domain::has_regex>("has_regex"),
      field<&Domain::has_catchall>("has_catchall"),
      field<&Domain::is_catchall_regex_disabled>("is_catchall_regex_disabled"),
      field<&Domain::allow_subdomain_forwarding>("allow_subdomain_forwarding"),
      field<&Domain::has_delivery_logs>("has_delivery_logs"),
      field<&Domain::require_tls_inbound>("require_tls_inbound"),
      field<&Domain::allowlist>(
          "allowlist", entries(1000, 254, is_list_entry, "an IP, domain, e-mail address or *.tld")),
      field<&Domain::denylist>(
          "denylist", entries(1000, 254, is_list_entry, "an IP, domain, e-mail address or *.tld")),
      field<&Domain::restricted_alias_names>("restricted_alias_names", entries(1000, 64)),
      field<&Domain::postmaster>("postmaster", matching(is_email, "an e-mail address", 254)),
      field<&Domain::uses_dns_aliases>("uses_dns_aliases"),
      field<&Domain::max_recipients_per_alias>("max_recipients_per_alias", number(0, 1000)),
      field<&Domain::max_quota_per_alias>("max_quota_per_alias", number(0, kMostQuota)),
      field<&Domain::has_custom_verification>("has_custom_verification"),
      field<&Domain::custom_verification>("custom_verification"),
  };
}

}  // namespace

template <>
const std::vector<Field<Domain>>& fields_of<Domain>() {
  static const std::vector<Field<Domain>> fields = [] {
    std::vector<Field<Domain>> all = identity_fields();
    for (Field<Domain>& row : outbound_fields()) all.push_back(row);
    for (Field<Domain>& row : inbound_fields()) all.push_back(row);
    return all;
  }();
  return fields;
}

void normalise(Domain& domain) {
  domain.name = to_lower(trim(domain.name));
  if (const auto ascii = format::domain_to_ascii(domain.name); ascii.ok())
    domain.name = format::domain_to_unicode(ascii.value());
  for (auto* list : {&domain.ns, &domain.smtp_emails_blocked, &domain.allowlist, &domain.denylist,
                     &domain.restricted_alias_names})
    tidy_list(*list);
  domain.postmaster = tidy_address(domain.postmaster);
  for (Invite& invite : domain.invites) invite.email = tidy_address(invite.email);
}

namespace {

bool is_of_domain(std::string_view address, std::string_view domain) {
  const auto ascii = format::domain_to_ascii(address.substr(address.rfind('@') + 1));
  const auto own = format::domain_to_ascii(domain);
  return ascii.ok() && own.ok() && ascii.value() == own.value();
}

}  // namespace

Outcome<void> check(const Domain& domain) {
  Outcome<void> fields = check_fields(domain);
  if (!fields.ok()) return fields;
  if (!domain.postmaster.empty() && !is_of_domain(domain.postmaster, domain.name))
    return field_failure("postmaster", "must be an address of this domain");
  std::set<std::string> users;
  bool has_admin = false;
  for (const Member& member : domain.members) {
    if (!users.insert(member.user).second)
      return field_failure("members", "must not name a user twice");
    has_admin = has_admin || member.group == "admin";
  }
  if (!domain.members.empty() && !has_admin) return field_failure("members", "must have an admin");
  if (domain.has_custom_s3 &&
      (domain.s3_endpoint.empty() || domain.s3_bucket.empty() || domain.s3_access_key_id.empty()))
    return field_failure("has_custom_s3", "needs s3_endpoint, s3_bucket and the keys");
  return {};
}

Outcome<void> set_field(Domain& domain, std::string_view name, std::string_view text) {
  return set_by_hand(domain, name, text);
}

}  // namespace fwd::model
