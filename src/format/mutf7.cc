// Modified UTF-7 both ways, and the composed form of names.
#include "format/mutf7.h"

#include <glib.h>

#include <cstdint>

#include "core/text.h"

namespace fwd::format {
namespace {

constexpr std::size_t kMostName = 4096;
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

bool is_direct(std::uint32_t c) { return c >= 0x20 && c <= 0x7E; }

// Collects UTF-16 units into base64 digits.
class ShiftWriter {
 public:
  explicit ShiftWriter(std::string& out) : out_(out) {}

  void put(std::uint32_t c) {
    if (!open_) out_ += '&';
    open_ = true;
    if (c >= 0x10000) {
      unit(0xD800 + ((c - 0x10000) >> 10));
      unit(0xDC00 + ((c - 0x10000) & 0x3FF));
    } else {
      unit(c);
    }
  }

  void close() {
    if (!open_) return;
    if (count_ > 0) out_ += kAlphabet[bits_ << (6 - count_) & 63];
    out_ += '-';
    bits_ = count_ = 0;
    open_ = false;
  }

 private:
  void unit(std::uint32_t value) {
    bits_ = bits_ << 16 | value;
    count_ += 16;
    while (count_ >= 6) {
      count_ -= 6;
      out_ += kAlphabet[bits_ >> count_ & 63];
    }
    bits_ &= (1U << count_) - 1;
  }

  std::string& out_;
  bool open_ = false;
  std::uint32_t bits_ = 0;
  std::uint32_t count_ = 0;  // bits waiting, under 6
};

// The characters of one base64 run; nothing when it is not the one way to
// write them.
std::optional<std::string> read_shifted(std::string_view digits) {
  std::string out;
  std::uint32_t bits = 0, count = 0, high = 0;
  for (const char digit : digits) {
    const std::size_t value = kAlphabet.find(digit);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 16) continue;
    count -= 16;
    std::uint32_t c = bits >> count & 0xFFFF;
    bits &= (1U << count) - 1;
    const bool is_high = c >= 0xD800 && c <= 0xDBFF, is_low = c >= 0xDC00 && c <= 0xDFFF;
    if (is_low != (high != 0)) return std::nullopt;
    if (is_high) {
      high = c;
      continue;
    }
    if (is_low) c = 0x10000 + ((high - 0xD800) << 10) + (c - 0xDC00);
    high = 0;
    if (is_direct(c) || c < 0x20 || c == 0x7F) return std::nullopt;
    char utf8[6];
    out.append(utf8, static_cast<std::size_t>(g_unichar_to_utf8(c, utf8)));
  }
  if (out.empty() || high != 0 || count >= 6 || bits != 0) return std::nullopt;
  return out;
}

}  // namespace

std::optional<std::string> to_mutf7(std::string_view name) {
  if (!is_utf8(name)) return std::nullopt;
  std::string out;
  ShiftWriter shift(out);
  for (std::size_t at = 0; at < name.size();) {
    const gunichar c = g_utf8_get_char(name.data() + at);
    at += static_cast<std::size_t>(g_unichar_to_utf8(c, nullptr));
    if (!is_direct(c)) {
      shift.put(c);
      continue;
    }
    shift.close();
    out += static_cast<char>(c);
    if (c == '&') out += '-';
  }
  shift.close();
  return out;
}

std::optional<std::string> from_mutf7(std::string_view wire) {
  std::string out;
  bool after_shift = false;
  for (std::size_t at = 0; at < wire.size();) {
    const auto c = static_cast<unsigned char>(wire[at]);
    if (!is_direct(c)) return std::nullopt;
    if (c != '&') {
      out += wire[at++];
      after_shift = false;
      continue;
    }
    const std::size_t end = wire.find('-', at);
    if (end == std::string_view::npos) return std::nullopt;
    if (end == at + 1) {
      out += '&';
      after_shift = false;
    } else {
      const auto text = read_shifted(wire.substr(at + 1, end - at - 1));
      if (!text || after_shift) return std::nullopt;  // two runs in a row should be one
      out += *text;
      after_shift = true;
    }
    at = end + 1;
  }
  return out;
}

std::optional<std::string> compose_name(std::string_view name) {
  if (name.size() > kMostName || !is_utf8(name)) return std::nullopt;
  for (std::size_t at = 0; at < name.size();) {
    const gunichar c = g_utf8_get_char(name.data() + at);
    if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029) return std::nullopt;
    at += static_cast<std::size_t>(g_unichar_to_utf8(c, nullptr));
  }
  if (is_ascii(name)) return std::string(name);
  gchar* composed =
      g_utf8_normalize(name.data(), static_cast<gssize>(name.size()), G_NORMALIZE_DEFAULT_COMPOSE);
  if (composed == nullptr) return std::nullopt;
  std::string out(composed);
  g_free(composed);
  return out;
}

}  // namespace fwd::format
