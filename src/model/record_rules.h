#ifndef FWD_MODEL_RECORD_RULES_H
#define FWD_MODEL_RECORD_RULES_H

// What a value of a record must be like: pure predicates on text, and the Rule
// that a row of a field table carries.  For the record files, and for who must
// know what a recipient of an alias is.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fwd::model {

struct Rule {
  bool required = false;                      // a text that must not be empty
  std::int64_t least = 0;                     // of a number
  std::int64_t most = 500;                    // a number's most, a text's octets, a list's entries
  const char* choices = nullptr;              // "admin|user"; of a text, or of a number
  bool (*valid)(std::string_view) = nullptr;  // of a text, or of each of a list
  const char* words = nullptr;                // what `valid` wants: "an e-mail address"
  std::int64_t most_each = 500;               // octets of one entry of a list
};

constexpr Rule text_up_to(std::int64_t octets) { return {.most = octets}; }
constexpr Rule number(std::int64_t least, std::int64_t most) {
  return {.least = least, .most = most};
}
constexpr Rule one_of(const char* choices) { return {.required = true, .choices = choices}; }
constexpr Rule matching(bool (*valid)(std::string_view), const char* words,
                        std::int64_t octets = 500) {
  return {.most = octets, .valid = valid, .words = words};
}
constexpr Rule needed(Rule rule) {
  rule.required = true;
  return rule;
}
constexpr Rule entries(std::int64_t most, std::int64_t octets_each = 500,
                       bool (*valid)(std::string_view) = nullptr, const char* words = nullptr) {
  return {.most = most, .valid = valid, .words = words, .most_each = octets_each};
}

bool is_id(std::string_view text);  // 24 hex digits, lower case
bool is_email(std::string_view text);
bool is_fqdn(std::string_view text);  // Unicode or ASCII, two labels or more
bool is_ip(std::string_view text);
bool is_url(std::string_view text);  // http or https with a host
// An URL whose host is neither this machine nor a private network by its
// spelling; what the name leads to is looked at again when it is called.
bool is_public_url(std::string_view text);
bool is_host(std::string_view text);         // FQDN or IP
bool is_mail_domain(std::string_view text);  // the same, with an A-label for each label
bool is_recipient(std::string_view text);    // e-mail, FQDN, IP, URL
bool is_list_entry(std::string_view text);   // e-mail, FQDN, IP, "*.tld"
bool is_port(std::string_view text);
bool is_record_code(std::string_view text);  // 10 ASCII letters and digits
bool is_dns_label(std::string_view text);    // one or more labels, ASCII
bool is_single_line(std::string_view text);  // UTF-8 without control characters
bool is_among(std::string_view text, std::string_view choices);

// In place: trimmed, lower case, first of equals kept, empty ones dropped.
void tidy_list(std::vector<std::string>& list);
// One e-mail address in its stored form: trimmed, ASCII letters in lower case.
std::string tidy_address(std::string_view address);

}  // namespace fwd::model

#endif
