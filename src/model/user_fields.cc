// The fields of a user, and what is derived from them.
#include "core/text.h"
#include "format/quoted_string.h"
#include "model/record_field.h"
#include "model/records.h"

namespace fwd::model {

template <>
const std::vector<Field<Passkey>>& fields_of<Passkey>() {
  static const std::vector<Field<Passkey>> fields = {
      field<&Passkey::nickname>("nickname", text_up_to(150)),
      field<&Passkey::credential_id>("credentialId", needed(text_up_to(2048))),
      field<&Passkey::public_key>("publicKey", needed(text_up_to(4096))),
      field<&Passkey::sha256>("sha256"),
      field<&Passkey::created_at>("created_at"),
  };
  return fields;
}

namespace {

std::vector<Field<User>> account_fields() {
  return {
      read_only<&User::id>("id", needed(matching(is_id, "24 hex digits"))),
      field<&User::locale>("locale", text_up_to(20)),
      read_only<&User::created_at>("created_at"),
      read_only<&User::updated_at>("updated_at"),
      field<&User::email>("email", needed(matching(is_email, "an e-mail address", 254))),
      field<&User::group>("group", one_of("admin|user")),
      field<&User::plan>("plan", one_of("free|enhanced_protection|team")),
      field<&User::given_name>("given_name", matching(is_single_line, "one line", 150)),
      field<&User::family_name>("family_name", matching(is_single_line, "one line", 150)),
      read_only<&User::display_name>("display_name", text_up_to(310)),
      read_only<&User::full_email>("full_email", text_up_to(600)),
      field<&User::avatar_url>("avatar_url", matching(is_url, "an http or https URL", 2048)),
      field<&User::api_token_disabled>("api_token_disabled"),
      read_only<&User::otp_enabled>("otp_enabled"),
      read_only<&User::pending_recovery>("pending_recovery"),
      read_only<&User::has_set_password>("has_set_password"),
      field<&User::has_verified_email>("has_verified_email"),
      read_only<&User::sessions>("sessions", entries(1000)),
      field<&User::timezone>("timezone", text_up_to(100)),
      field<&User::last_locale>("last_locale", text_up_to(20)),
      field<&User::preferred_locale>("preferred_locale", text_up_to(20)),
      field<&User::default_domain>("default_domain", matching(is_id, "an id of 24 hex digits")),
      field<&User::default_forwarding_address>(
          "default_forwarding_address", matching(is_recipient, "an address, a host or a URL")),
      field<&User::smtp_limit>("smtp_limit", number(0, 100'000)),
      field<&User::max_quota_per_alias>("max_quota_per_alias", number(0, kMostQuota)),
      field<&User::has_newsletter>("has_newsletter"),
      field<&User::opt_out_templates>("opt_out_templates", entries(100, 100)),
      field<&User::is_banned>("is_banned"),
      field<&User::ban_reason>("ban_reason", text_up_to(1000)),
      field<&User::is_removed>("is_removed"),
      field<&User::approved_domains>("approved_domains", entries(1000, 253, is_host, "a domain")),
      field<&User::has_denylist_requests>("has_denylist_requests"),
      field<&User::is_rate_limit_whitelisted>("is_rate_limit_whitelisted"),
      field<&User::receipt_email>("receipt_email", matching(is_email, "an e-mail address", 254)),
      field<&User::company_name>("company_name"),
      field<&User::company_vat>("company_vat"),
      field<&User::address_line1>("address_line1"),
      field<&User::address_line2>("address_line2"),
      field<&User::address_city>("address_city"),
      field<&User::address_state>("address_state"),
      field<&User::address_zip>("address_zip"),
      field<&User::address_country>("address_country"),
      field<&User::address_html>("address_html", text_up_to(5000)),
      field<&User::plan_set_at>("plan_set_at"),
      field<&User::plan_expires_at>("plan_expires_at"),
  };
}

std::vector<Field<User>> secret_fields() {
  return {
      hidden<&User::hash>("hash", text_up_to(4096)),
      hidden<&User::salt>("salt", text_up_to(1024)),
      hidden<&User::attempts>("attempts", number(0, INT32_MAX)),
      hidden<&User::last>("last"),
      hidden<&User::api_token>("api_token", text_up_to(64)),
      hidden<&User::otp_token>("otp_token"),
      hidden<&User::otp_recovery_keys>("otp_recovery_keys", entries(10, 100)),
      hidden<&User::passkeys>("passkeys", entries(30)),
      hidden<&User::verification_pin>("verification_pin", text_up_to(20)),
      hidden<&User::verification_pin_expires_at>("verification_pin_expires_at"),
      hidden<&User::verification_pin_sent_at>("verification_pin_sent_at"),
      hidden<&User::reset_token>("reset_token"),
      hidden<&User::reset_token_expires_at>("reset_token_expires_at"),
      hidden<&User::change_email_token>("change_email_token"),
      hidden<&User::change_email_token_expires_at>("change_email_token_expires_at"),
      hidden<&User::change_email_new_address>("change_email_new_address",
                                              matching(is_email, "an e-mail address", 254)),
  };
}

}  // namespace

template <>
const std::vector<Field<User>>& fields_of<User>() {
  static const std::vector<Field<User>> fields = [] {
    std::vector<Field<User>> all = account_fields();
    for (Field<User>& secret : secret_fields()) all.push_back(secret);
    return all;
  }();
  return fields;
}

void normalise(User& user) {
  user.email = tidy_address(user.email);
  user.receipt_email = tidy_address(user.receipt_email);
  user.given_name = std::string(trim(user.given_name));
  user.family_name = std::string(trim(user.family_name));
  tidy_list(user.approved_domains);
  std::string name = user.given_name;
  if (!user.family_name.empty()) name += (name.empty() ? "" : " ") + user.family_name;
  user.display_name = name.empty() ? user.email : name;
  if (name.empty()) {
    user.full_email = user.email;
    return;
  }
  user.full_email = format::quoted(name) + " <" + user.email + '>';
}

Outcome<void> check(const User& user) { return check_fields(user); }

Outcome<void> set_field(User& user, std::string_view name, std::string_view text) {
  return set_by_hand(user, name, text);
}

}  // namespace fwd::model
