#ifndef FWD_MODEL_DATE_H
#define FWD_MODEL_DATE_H

// Date: a moment in a record, as JSON spells it: "2026-01-01T00:00:00.000Z".

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fwd::model {

struct Date {
  std::int64_t ms = 0;  // milliseconds since 1970 UTC; 0: none

  bool empty() const { return ms == 0; }
  auto operator<=>(const Date&) const = default;
};

// ISO 8601 in UTC with milliseconds (RFC 3339 §5.6); "" for an empty date.
std::string format_date(Date date);
// The same with or without a fraction, with "Z" or an offset; also a date
// alone ("2026-01-01", midnight UTC).  Years 1970 to 9999.
std::optional<Date> parse_date(std::string_view text);

}  // namespace fwd::model

#endif
