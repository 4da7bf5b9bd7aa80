// Turns text of any charset into UTF-8.
#include <gmime/gmime.h>

#include <cerrno>

#include "core/text.h"
#include "format/gmime_once.h"
#include "format/outline.h"

namespace fwd::format {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// Names as charsets have them, so that nothing odd reaches iconv ("//" would
// begin its options).
bool is_charset_name(std::string_view name) {
  if (name.empty() || name.size() > 40) return false;
  for (const char c : name)
    if (!is_alnum(c) && std::string_view("-_.:+()").find(c) == std::string_view::npos) return false;
  return true;
}

// Octets of the UTF-8 character at the front, 0 when there is none.
std::size_t utf8_length(std::string_view text) {
  for (std::size_t n = 1; n <= 4 && n <= text.size(); ++n)
    if (is_utf8(text.substr(0, n))) return n;
  return 0;
}

std::string mend_utf8(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const std::size_t n = utf8_length(text);
    out += n == 0 ? kReplacement : text.substr(0, n);
    text.remove_prefix(n == 0 ? 1 : n);
  }
  return out;
}

std::string convert(iconv_t conversion, std::string_view text) {
  std::string out;
  std::string in(text);  // iconv's signature wants it writable
  char* from = in.data();
  std::size_t from_left = in.size();
  char buffer[4096];
  while (from_left > 0) {
    char* to = buffer;
    std::size_t to_left = sizeof buffer;
    const std::size_t before = from_left;
    const std::size_t result = g_mime_iconv(conversion, &from, &from_left, &to, &to_left);
    const int error = result == static_cast<std::size_t>(-1) ? errno : 0;
    out.append(buffer, sizeof buffer - to_left);
    if (error == 0 || (error == E2BIG && (from_left < before || to_left < sizeof buffer))) continue;
    out += kReplacement;
    if (error == EINVAL) break;  // ends inside a character
    ++from;
    --from_left;
  }
  char* to = buffer;
  std::size_t to_left = sizeof buffer;
  g_mime_iconv(conversion, nullptr, nullptr, &to, &to_left);
  return out.append(buffer, sizeof buffer - to_left);
}

}  // namespace

std::optional<std::string> to_utf8(std::string_view text, std::string_view charset) {
  const std::string name = to_lower(charset);
  if (name == "utf-8" || name == "utf8" || name == "us-ascii" || name == "ascii")
    return mend_utf8(text);
  if (!is_charset_name(name)) return std::nullopt;
  start_gmime();
  const iconv_t conversion = g_mime_iconv_open("UTF-8", name.c_str());
  if (conversion == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  const std::string out = convert(conversion, text);
  g_mime_iconv_close(conversion);
  // iconv lets some through from UTF-8 by another name: nothing above U+10FFFF.
  return mend_utf8(out);
}

}  // namespace fwd::format
