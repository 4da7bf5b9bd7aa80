#ifndef FWD_MAILAUTH_RESULTS_FIELD_WRITER_H
#define FWD_MAILAUTH_RESULTS_FIELD_WRITER_H

// What the writers of header fields of results share: folding, and words of
// strangers made harmless.

#include <string>
#include <string_view>

namespace fwd::mailauth {

// Puts words one after the other on lines of at most 78 octets where they let
// it (RFC 5322 §2.1.1).  A word has no spaces at which it might be cut.
class FoldedWords {
 public:
  explicit FoldedWords(std::string begin) : text_(std::move(begin)), column_(text_.size()) {}

  void word(std::string_view text);
  // "(text)", cut at its spaces.  Nothing for "".
  void comment(std::string_view text);
  // Right behind the last word.
  void glue(std::string_view text);
  void new_line();
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::size_t column_;
};

// value = token / quoted-string (RFC 2045 §5.1), or an address of which each
// part is an atom: as it is where that will do, else quoted.
std::string written_value(std::string_view value);
// dot-atom or quoted-string (RFC 7208 §9.1).
std::string written_atom(std::string_view value);

// Keyword = *( ALPHA / DIGIT / "-" ) Let-dig
bool is_keyword(std::string_view text);
// token = letters of ASCII without spaces, controls and tspecials (RFC 2045 §5.1)
bool is_token(std::string_view text);

}  // namespace fwd::mailauth

#endif
