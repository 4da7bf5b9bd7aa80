// Decodes header values.
//
// GMime 3.2.13 loses the second of two adjacent base64 words when the first
// ends in padding, which many programs write, so finding the words is ours.
#include "format/encoded_words.h"

#include <algorithm>
#include <optional>

#include "core/text.h"
#include "format/header_lines.h"
#include "format/outline.h"

namespace fwd::format {
namespace {

constexpr std::size_t kMostCharset = 60;

std::string to_readable(std::string_view octets, std::string_view charset) {
  if (auto text = to_utf8(octets, charset)) return *text;
  return is_utf8(octets) ? std::string(octets) : to_utf8(octets, "windows-1252").value_or("");
}

struct EncodedWord {
  std::string charset;
  std::string octets;    // decoded from base64 or "Q"
  std::size_t size = 0;  // of the word in the text
};

// encoded-word = "=?" charset ["*" language] "?" encoding "?" encoded-text "?="
// (RFC 2047 §2, RFC 2231 §5) at the front of `text`.  Spaces in the encoded
// text are wrong and common.
std::optional<EncodedWord> read_word(std::string_view text) {
  const std::size_t charset_end = text.substr(0, kMostCharset).find('?', 2);
  if (charset_end == text.npos || text.size() < charset_end + 3 || text[charset_end + 2] != '?')
    return std::nullopt;
  const char encoding = to_lower(text[charset_end + 1]);
  const std::size_t begin = charset_end + 3;
  const std::size_t end = text.find('?', begin);
  if ((encoding != 'b' && encoding != 'q') || end == text.npos || text.size() < end + 2 ||
      text[end + 1] != '=')
    return std::nullopt;
  EncodedWord word;
  word.charset = text.substr(2, charset_end - 2);
  word.charset = word.charset.substr(0, word.charset.find('*'));
  if (word.charset.empty()) return std::nullopt;
  std::string payload(text.substr(begin, end - begin));
  if (encoding == 'q') std::replace(payload.begin(), payload.end(), '_', ' ');
  word.octets = decode_content(payload, encoding == 'q' ? "quoted-printable" : "base64").value();
  word.size = end + 2;
  return word;
}

class WordDecoder {
 public:
  std::string decode(std::string_view text) {
    while (!text.empty()) {
      const std::size_t at = std::min(text.find("=?"), text.size());
      plain(text.substr(0, at));
      text.remove_prefix(at);
      if (text.empty()) break;
      if (auto word = read_word(text)) {
        encoded(*word);
        text.remove_prefix(word->size);
      } else {
        plain(text.substr(0, 2));
        text.remove_prefix(2);
      }
    }
    flush();
    return std::move(out_);
  }

 private:
  void plain(std::string_view text) {
    if (text.empty()) return;
    between_ += text;
    if (trim(text).empty()) return;
    flush();
  }

  // Spaces between two words are not shown; a character may begin in one word
  // and end in the next.
  void encoded(EncodedWord& word) {
    const bool joins = !charset_.empty() && trim(between_).empty();
    if (joins) between_.clear();
    if (!joins || !same_word(charset_, word.charset)) flush();
    charset_ = std::move(word.charset);
    octets_ += word.octets;
  }

  void flush() {
    if (!charset_.empty()) out_ += to_readable(octets_, charset_);
    out_ += between_;
    charset_.clear();
    octets_.clear();
    between_.clear();
  }

  std::string out_;
  std::string charset_;  // of the words not yet flushed, "" when there are none
  std::string octets_;
  std::string between_;  // plain text after them
};

constexpr std::size_t kWordOctets =
    39;  // a line with "Subject: " before "=?UTF-8?B?…?=" fits in 76
constexpr std::size_t kPlainLine = 60;  // behind the longest field name we write

}  // namespace

std::string decode_header_text(std::string_view value) {
  std::string text = unfold(value);
  if (!is_utf8(text)) text = to_readable(text, "");
  if (text.find("=?") == std::string::npos) return text;
  return unfold(WordDecoder().decode(text));
}

std::string encode_header_text(std::string_view text) {
  std::string clean(is_utf8(text) ? std::string(text) : to_utf8(text, "windows-1252").value_or(""));
  for (char& c : clean)
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = ' ';
  clean = trim(clean);
  if (is_ascii(clean) && clean.size() <= kPlainLine && clean.find("=?") == std::string::npos)
    return clean;
  std::string out;
  for (std::string_view rest = clean; !rest.empty();) {
    std::size_t size = std::min(rest.size(), kWordOctets);
    // RFC 2047 §5: no character is cut in two.
    while (size < rest.size() && size > 0 &&
           (static_cast<unsigned char>(rest[size]) & 0xc0) == 0x80)
      --size;
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + to_base64(rest.substr(0, size)) + "?=";
    rest.remove_prefix(size);
  }
  return out;
}

}  // namespace fwd::format
