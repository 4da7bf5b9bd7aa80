#ifndef FWD_PROTOCOL_IMAP_PARSER_H
#define FWD_PROTOCOL_IMAP_PARSER_H

// Reads the pieces of a command (RFC 9051 §9) out of its text.
//
// The text is the whole command without its last CRLF, literals in place:
// "A1 LOGIN {5}\r\nhello secret".  Every reader either eats its piece and says
// true, or says false; error() then holds the first reason.  Nothing recurses.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/flags.h"
#include "model/uid_set.h"
#include "protocol/imap/limits.h"

namespace fwd::imap {

// A sequence-set as it was written: numbers or UIDs, "*" as 0, in the order
// given; or "$", the saved result (RFC 9051 §6.4.4.1).
struct SequenceSet {
  std::vector<model::UidRange> ranges;
  bool saved = false;
};

class Parser {
 public:
  // `utf8`: quoted strings may hold UTF-8 and names are UTF-8 (RFC 9051 §5.1,
  // RFC 6855 §3).  Keeps references to all.
  Parser(std::string_view text, const Limits& limits, bool utf8)
      : rest_(text), limits_(limits), utf8_(utf8) {}

  const Limits& limits() const { return limits_; }
  bool utf8() const { return utf8_; }
  std::string_view rest() const { return rest_; }
  bool at_end() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  const std::string& error() const { return error_; }
  // Notes why; the first reason stays.
  bool fail(std::string_view why);

  bool end();         // nothing may be left
  bool space();       // exactly one
  bool take(char c);  // eats `c` when it comes next; no reason noted
  bool expect(char c);
  // Eats `word` when it comes next in any case and no atom goes on; no reason noted.
  bool word(std::string_view word);

  // Eats `text` when it comes next in any case, whatever follows.
  bool prefix(std::string_view text);

  bool tag(std::string& out);
  bool atom(std::string& out);
  bool string(std::string& out);  // quoted or literal
  bool astring(std::string& out);
  bool nstring(std::string& out, bool& nil);
  bool mailbox(std::string& path);  // decoded, INBOX in capitals
  bool list_mailbox(std::string& pattern);
  // A literal in place; a view into the text.  `binary`: it was literal8.
  bool literal(std::string_view& out, bool& binary);

  bool number(std::uint32_t& out);    // decimal, 0 allowed
  bool number64(std::uint64_t& out);  // at most 2^63-1 (RFC 9051 §9 number64)
  bool nz_number(std::uint32_t& out);
  bool sequence_set(SequenceSet& out);
  bool uid_set(model::UidSet& out);  // neither "*" nor "$"

  bool flag(model::Flags& out);        // flag; never \Recent
  bool flag_list(model::Flags& out);   // in parentheses
  bool flags_bare(model::Flags& out);  // flag *(SP flag)
  bool date(std::int64_t& days);       // days since 1970
  bool date_time(std::int64_t& seconds);

 private:
  bool quoted(std::string& out);
  bool chars(std::string& out, bool (*allowed)(char), std::string_view what);
  bool decode_name(std::string& name);
  bool range_end(std::uint32_t& out);

  std::string_view rest_;
  const Limits& limits_;
  bool utf8_;
  std::string error_;
};

bool is_atom_char(char c);
bool is_astring_char(char c);

// At the end of a line: "{5}", "{5+}", "~{5}", "~{5+}" (RFC 7888 §6, RFC 3516 §7).
struct LiteralMark {
  std::uint64_t octets = 0;
  bool synchronising = true;
  bool binary = false;
  std::size_t text_size = 0;  // octets of the mark itself
};
bool find_literal_mark(std::string_view line, LiteralMark& out);
// At the end of a line: "{" in no string, with what is no size behind it.
// `synchronising`: whether its sender waits.
bool is_broken_mark(std::string_view line, bool& synchronising);

}  // namespace fwd::imap

#endif
