#ifndef FWD_CORE_TEXT_H
#define FWD_CORE_TEXT_H

// Small pure functions on octets and ASCII text.  Nothing here knows a locale.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fwd {

bool is_digit(char c);
bool is_alpha(char c);
bool is_alnum(char c);
char to_lower(char c);
char to_upper(char c);
std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);

// ASCII comparison without regard to case.
bool same_word(std::string_view a, std::string_view b);
bool starts_with_word(std::string_view text, std::string_view prefix);

std::string_view trim(std::string_view text);  // spaces and tabs at both ends
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

// The whole of `text` as a decimal number, or nothing (sign, overflow, rest).
std::optional<std::uint64_t> parse_number(std::string_view text);

bool is_ascii(std::string_view text);
// RFC 3629 §4: no over-long forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);
// UTF-8 of which all can be seen, and in its order: no control of ASCII or of
// U+0080 to U+009F, no space but U+0020, nothing without width, nothing that
// turns the direction, no U+FFFD.
bool is_visible(std::string_view text);

// RFC 4648 §4, with padding, without line breaks.  Decoding is strict.
std::string to_base64(std::string_view octets);
std::optional<std::string> from_base64(std::string_view text);
std::string to_hex(std::string_view octets);
std::optional<std::string> from_hex(std::string_view text);

}  // namespace fwd

#endif
