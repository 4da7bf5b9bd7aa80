// Reads Date fields.
#include "format/mail_date.h"

#include <gmime/gmime.h>

#include "format/gmime_once.h"

namespace fwd::format {
namespace {

constexpr std::size_t kMostDate = 200;  // octets

}  // namespace

std::optional<MailDate> read_mail_date(const std::string& text) {
  if (text.empty() || text.size() > kMostDate) return std::nullopt;
  start_gmime();
  GDateTime* date = g_mime_utils_header_decode_date(text.c_str());
  if (date == nullptr) return std::nullopt;
  MailDate read;
  read.seconds = g_date_time_to_unix(date);
  const gint64 zone = g_date_time_get_utc_offset(date) / G_TIME_SPAN_MINUTE;
  if (zone > -24 * 60 && zone < 24 * 60) read.zone = static_cast<int>(zone);
  g_date_time_unref(date);
  return read;
}

}  // namespace fwd::format
