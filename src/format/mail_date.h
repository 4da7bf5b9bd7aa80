#ifndef FWD_FORMAT_MAIL_DATE_H
#define FWD_FORMAT_MAIL_DATE_H

// Date fields as people's programs write them (RFC 5322 §3.3, §4.3).

#include <cstdint>
#include <optional>
#include <string>

namespace fwd::format {

struct MailDate {
  std::int64_t seconds = 0;  // since 1970-01-01 UTC
  int zone = 0;              // minutes east of UTC, less than a day
};

// Takes what can be understood; nothing for the rest and for very long texts.
std::optional<MailDate> read_mail_date(const std::string& text);

}  // namespace fwd::format

#endif
