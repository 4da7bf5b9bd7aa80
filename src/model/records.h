#ifndef FWD_MODEL_RECORDS_H
#define FWD_MODEL_RECORDS_H

// Records: users, domains and aliases with all the fields of the reference's
// models (names, types and bounds as there), their rules, and their JSON form.
// Each record's fields stand in one table (user_fields.cc, domain_fields.cc,
// alias_fields.cc), from which reading, writing and checking are made.
//
// Sizes are octets, dates see date.h, ids are 24 hex digits.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "format/json.h"
#include "model/date.h"

namespace fwd::model {

inline constexpr std::int64_t kGigabyte = 1024 * 1024 * 1024;
inline constexpr std::int64_t kMostQuota = 100 * kGigabyte;
inline constexpr std::int64_t kDefaultQuota = 10 * kGigabyte;
inline constexpr std::int64_t kDefaultMostRecipients = 10;

// A WebAuthn credential of a user.
struct Passkey {
  std::string nickname, credential_id, public_key, sha256;
  Date created_at;
  bool operator==(const Passkey&) const = default;
};

struct User {
  std::string id;
  std::string locale = "en";
  Date created_at, updated_at;  // updated_at is also the version, see directory.h

  std::string email;
  std::string hash, salt;     // hidden: of the web password
  std::int64_t attempts = 0;  // hidden: wrong passwords in a row …
  Date last;                  // … and when the last one was
  std::string group = "user";
  std::string plan = "team";
  std::string given_name, family_name, avatar_url;
  std::string display_name, full_email;  // derived by normalise()
  std::string api_token;                 // hidden
  bool api_token_disabled = false;
  bool otp_enabled = false;
  std::string otp_token;                       // hidden
  std::vector<std::string> otp_recovery_keys;  // hidden
  bool pending_recovery = false;
  std::vector<Passkey> passkeys;  // hidden
  bool has_set_password = false, has_verified_email = false;
  std::string verification_pin;  // hidden, as all up to change_email_new_address
  Date verification_pin_expires_at, verification_pin_sent_at;
  std::string reset_token;
  Date reset_token_expires_at;
  std::string change_email_token;
  Date change_email_token_expires_at;
  std::string change_email_new_address;
  std::vector<std::string> sessions;
  std::string timezone, last_locale = "en", preferred_locale;
  std::string default_domain;  // an id
  std::string default_forwarding_address;
  std::int64_t smtp_limit = 0;  // a day; 0: the configured default
  std::int64_t max_quota_per_alias = kDefaultQuota;
  bool has_newsletter = false;
  std::vector<std::string> opt_out_templates;
  bool is_banned = false, is_removed = false;
  std::string ban_reason;
  std::vector<std::string> approved_domains;
  bool has_denylist_requests = false, is_rate_limit_whitelisted = false;
  std::string receipt_email, company_name, company_vat;
  std::string address_line1, address_line2, address_city, address_state, address_zip;
  std::string address_country, address_html;
  Date plan_set_at, plan_expires_at;

  format::Json extra;  // stored fields this release does not know
  bool operator==(const User&) const = default;
};

struct Member {
  std::string user;  // an id
  std::string group = "user";
  bool operator==(const Member&) const = default;
};

struct Invite {
  std::string email;
  std::string group = "user";
  std::string token;
  Date expires_at;
  bool operator==(const Invite&) const = default;
};

// A password of a whole domain for submission ("catch-all password").
struct Token {
  std::string id;
  std::string user;  // an id: who made it
  std::string description;
  std::string hash;   // as crypto gives it
  std::string scram;  // a verifier, as crypto writes it
  Date created_at;
  bool operator==(const Token&) const = default;
};

struct CustomVerification {
  std::string name, email, subject, html, text, redirect;
  bool operator==(const CustomVerification&) const = default;
};

struct Domain {
  std::string id;
  std::string locale = "en";
  Date created_at, updated_at;

  std::string name;  // lower case, Unicode
  std::string plan = "team";
  std::vector<Member> members;
  std::vector<Invite> invites;
  std::vector<Token> tokens;        // hidden
  std::string verification_record;  // made by the keeper when empty
  bool has_mx_record = false, has_txt_record = false, has_dkim_record = false;
  bool has_return_path_record = false, has_dmarc_record = false, has_spf_record = false;
  bool has_strict_dmarc_record = false, has_autoconfig_record = false;
  bool has_autodiscover_record = false;
  std::vector<std::string> ns;
  std::int64_t dkim_modulus_length = 2048;
  std::string dkim_key_selector;  // made by the keeper when empty: "fe-…"
  std::string dkim_private_key;   // hidden, sealed
  std::string dkim_public_key;    // base64 of the DER form
  // A second key that signs beside it (RFC 8463).
  std::string dkim_ed25519_key_selector;  // made by the keeper when empty
  std::string dkim_ed25519_private_key;   // hidden, sealed
  std::string dkim_ed25519_public_key;    // base64 of its 32 octets
  std::string return_path = "fe-bounces";
  bool has_smtp = true;  // the host's owner decides, and is who makes domains
  Date smtp_verified_at, smtp_last_checked_at, smtp_suspended_sent_at;
  bool is_smtp_suspended = false;
  std::vector<std::string> smtp_emails_blocked;
  std::string smtp_port = "25";
  bool ignore_mx_check = false;
  std::int64_t retention_days = 0;
  bool has_recipient_verification = false;
  bool has_adult_content_protection = true, has_phishing_protection = true;
  bool has_executable_protection = true, has_virus_protection = true;
  bool has_regex = true, has_catchall = true, is_catchall_regex_disabled = false;
  bool allow_subdomain_forwarding = false, has_delivery_logs = false;
  bool require_tls_inbound = false;
  std::vector<std::string> allowlist, denylist, restricted_alias_names;
  // Our own: the address that gets mail for postmaster and abuse where no alias
  // has that name; empty: see routes.h.
  std::string postmaster;
  // Our own: its aliases stand in its TXT records too, see format/forward_record.h.
  bool uses_dns_aliases = false;
  std::int64_t max_recipients_per_alias = 0;  // 0: kDefaultMostRecipients
  std::int64_t max_quota_per_alias = 0;       // 0: the owner's
  std::int64_t alias_default_smtp_limit = 0;
  // Our own: messages a day of the whole domain; 0: the configured default, or the
  // sender's own limit when that is higher.
  std::int64_t smtp_limit = 0;
  std::int64_t alias_count = 0;  // counted by the keeper when it gives the record
  std::string bounce_webhook;
  Date bounce_webhook_sent_at;
  std::string webhook_key;  // hidden, sealed; made by the door
  bool has_custom_s3 = false;
  std::string s3_endpoint, s3_region, s3_bucket;
  std::string s3_access_key_id, s3_secret_access_key;  // hidden, sealed
  bool has_custom_verification = false;
  CustomVerification custom_verification;
  bool is_global = false, is_api = false, has_newsletter = false;
  Date last_checked_at;

  format::Json extra;
  bool operator==(const Domain&) const = default;
};

struct VacationResponder {
  bool is_enabled = false;
  Date start_date, end_date;
  std::string subject, message;
  bool operator==(const VacationResponder&) const = default;
};

// A device that wants Apple push notices.
struct PushDevice {
  std::string account_id, device_token, subtopic = "com.apple.mobilemail";
  std::vector<std::string> mailboxes;
  bool operator==(const PushDevice&) const = default;
};

struct Alias {
  std::string id;
  std::string locale = "en";
  Date created_at, updated_at;

  std::string user, domain;  // ids
  std::string name;          // "hello", "*", "/^shop-.*$/i"; lower case, see check()
  std::string description;
  std::vector<std::string> labels;
  bool is_enabled = true;
  std::int64_t error_code_if_disabled = 250;
  bool has_recipient_verification = false;
  std::vector<std::string> verified_recipients, pending_recipients, recipients;
  bool has_imap = false;
  bool has_pgp = false, has_smime = false, has_wkd_disabled = false;
  std::string public_key, smime_certificate;
  std::int64_t retention = 0;   // days for Trash and Junk; 0: the configured default
  std::int64_t smtp_limit = 0;  // a day; 0: the domain's or user's
  bool is_smtp_suspended = false;
  Date smtp_suspended_sent_at;
  std::string storage_location;
  std::int64_t storage_used = 0;
  std::int64_t max_quota = 0;  // 0: the domain's
  VacationResponder vacation_responder;

  bool is_rekey = false, is_api = false;  // hidden, as all that follow
  std::vector<PushDevice> aps;
  std::string emailed_instructions;
  Date imap_not_enabled_sent_at, imap_backup_at, last_vacuum_at, pgp_error_sent_at;
  format::Json storage_thresholds_sent_at;  // percent → date
  format::Json settings;                    // the webmail's; free in form

  format::Json extra;
  bool operator==(const Alias&) const = default;
};

// The JSON object of a record.  With hidden fields it is the form that is
// stored and that travels between daemons, and holds `extra`; without, it is
// what people may see.
std::string encode_record(const User& user, bool with_hidden);
std::string encode_record(const Domain& domain, bool with_hidden);
std::string encode_record(const Alias& alias, bool with_hidden);
format::Json record_json(const User& user, bool with_hidden);
format::Json record_json(const Domain& domain, bool with_hidden);
format::Json record_json(const Alias& alias, bool with_hidden);

// Missing fields get their defaults.  kBadInput names the field; a record is
// not checked by decoding.
Outcome<User> decode_user(std::string_view json);
Outcome<Domain> decode_domain(std::string_view json);
Outcome<Alias> decode_alias(std::string_view json);

// Brings a record into its stored form: lower case, trimmed, without
// duplicates, derived fields filled in.  Keepers do so before check().
void normalise(User& user);
void normalise(Domain& domain);
void normalise(Alias& alias);

// kBadInput with the field's name and its rule.  Looks at one record alone.
Outcome<void> check(const User& user);
Outcome<void> check(const Domain& domain);
Outcome<void> check(const Alias& alias);
// What an alias owes its domain: number of recipients, not itself, verified
// recipients, catch-all and expressions allowed.
Outcome<void> check_in_domain(const Alias& alias, const Domain& domain);

// Sets one field from a person's text, as in `forwardemail domain set`: lists
// are separated by commas, sizes may be "10 GB", booleans "yes", "true", "1",
// "on" and their opposites; "" clears.  kBadInput: no such field, not one a
// person may set (ids, dates of the keeper, hidden fields, nested ones), or
// not of its type.
Outcome<void> set_field(User& user, std::string_view name, std::string_view text);
Outcome<void> set_field(Domain& domain, std::string_view name, std::string_view text);
Outcome<void> set_field(Alias& alias, std::string_view name, std::string_view text);

// An alias's name of the two forms that match more than one local part.
bool is_catch_all(std::string_view alias_name);
bool is_pattern(std::string_view alias_name);  // "/…/flags"

// "10 GB", "500 mb", "1024": octets; k, m, g, t are powers of 1024.
Outcome<std::int64_t> parse_size(std::string_view text);

}  // namespace fwd::model

#endif
